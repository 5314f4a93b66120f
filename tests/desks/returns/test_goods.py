"""What a scanned code means on a receipt: the right line, the right amount, and a question rather than a guess."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from counterapp import words
from counterapp.core.receipts import ReceiptLine
from counterapp.desks.returns.services.goods import Meant, find_goods
from counterapp.errors import NotFound, Refused
from tests.core.test_goods_codes import label

WEIGHT, PRICE, BOTH = "2IIIIIIWWWWWC", "2IIIIIIPPPPPC", "2IIIIIIPPPPPWWWWWC"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    words.use("en")
    yield
    words.use("zh")


def line(
    place: int, quantity: int, paid: int, *, price: int = 11_9800, discount: int = 0, barcode: str = "2110001000003"
) -> ReceiptLine:
    """A line of apples, as the till sold them: thousandths, fen, ten-thousandths of a yuan a kilogram."""
    return ReceiptLine(
        id=place * 10, line_no=place, item_no="10001", barcode=barcode, name="红富士苹果", quantity=quantity,
        sold=quantity, amount=paid, paid=paid, unit_price=price, discount=discount,
    )  # fmt: skip


def apples_of(fen: int = 0, grams: int = 0, patterns: str = WEIGHT) -> str:
    """The label that the scales print on a bag of apples."""
    values = {WEIGHT: f"{grams:05}", PRICE: f"{fen:05}", BOTH: f"{fen:05}{grams:05}"}
    return label(f"2110001{values[patterns]}")


def find(code: str, *lines: ReceiptLine, patterns: str = WEIGHT, taken: int = 0) -> tuple[int, int]:
    """Return line number and thousandths; `taken` came back of the first line already."""
    left = {one.id: one.sold for one in lines}
    left[lines[0].id] -= taken
    meant: Meant = find_goods(lines, left, code, patterns)
    return meant.line.line_no, meant.quantity


class TestPieces:
    def test_a_barcode_is_one_piece(self) -> None:
        assert find("6924781363335", line(1, 3000, 3000, barcode="6924781363335")) == (1, 1000)

    def test_an_item_number_is_one_too(self) -> None:
        assert find("10001", line(1, 3000, 3000, barcode="6924781363335")) == (1, 1000)

    @pytest.mark.parametrize("scanned", ["036000291452", "0036000291452"])
    @pytest.mark.parametrize("sold", ["036000291452", "0036000291452"])
    def test_scanner_and_till_may_differ_in_leading_zeros(self, scanned: str, sold: str) -> None:
        assert find(scanned, line(1, 1000, 1000, barcode=sold)) == (1, 1000)

    def test_a_short_upc_is_found_as_the_till_wrote_it(self) -> None:
        assert find("04252614", line(1, 1000, 1000, barcode="0042100005264")) == (1, 1000)

    def test_the_next_line_of_the_same_goods_takes_over(self) -> None:
        lines = [line(place, 1000, 1000, barcode="6924781363335") for place in (1, 2)]
        assert find("6924781363335", *lines, taken=1000) == (2, 1000)

    def test_a_code_that_was_read_wrong_is_said_to_be(self) -> None:
        with pytest.raises(NotFound, match="read wrong"):
            find("6924781363334", line(1, 1000, 1000))

    def test_a_code_with_a_wrong_check_digit_is_taken_as_the_till_took_it(self) -> None:
        assert find("6924781363334", line(1, 1000, 1000, barcode="6924781363334")) == (1, 1000)

    def test_other_goods_are_not_on_the_receipt(self) -> None:
        with pytest.raises(NotFound, match="not on this receipt"):
            find("4006381333931", line(1, 1000, 1000))
        with pytest.raises(NotFound, match="not on this receipt"):
            find(label("211999900500"), line(1, 1000, 1000))


class TestWeight:
    def test_the_plain_code_is_all_that_is_left(self) -> None:
        assert find("2110001000003", line(1, 1486, 1780), taken=486) == (1, 1000)

    def test_the_label_brings_its_weight(self) -> None:
        assert find(apples_of(grams=500), line(1, 1486, 1780)) == (1, 500)

    def test_of_two_bags_the_one_with_this_weight_is_meant(self) -> None:
        assert find(apples_of(grams=500), line(1, 1486, 1780), line(2, 500, 599)) == (2, 500)

    def test_a_damaged_label_brings_nothing(self) -> None:
        with pytest.raises(NotFound, match="read wrong"):
            find("2110001005007", line(1, 1486, 1780))

    def test_more_than_was_bought_is_refused(self) -> None:
        with pytest.raises(Refused, match="no more"):
            find(apples_of(grams=1487), line(1, 1486, 1780))

    def test_two_bags_at_the_same_price_a_kilogram_are_one_as_good_as_the_other(self) -> None:
        assert find(apples_of(grams=400), line(1, 1000, 1198), line(2, 1000, 1198)) == (1, 400)

    def test_where_one_of_two_bags_was_cheaper_nothing_is_guessed(self) -> None:
        with pytest.raises(Refused, match="1, 2"):
            find(apples_of(grams=400), line(1, 1000, 1198), line(2, 1000, 998))


class TestPrice:
    def test_the_label_means_the_line_of_its_price(self) -> None:
        bags = line(1, 500, 599), line(2, 1486, 1780), line(3, 700, 839)
        assert find(apples_of(1780, patterns=PRICE), *bags, patterns=PRICE) == (2, 1486)

    def test_also_where_the_till_took_something_off(self) -> None:
        assert find(apples_of(1780, patterns=PRICE), line(1, 1486, 1602, discount=178), patterns=PRICE) == (1, 1486)

    def test_bags_that_the_till_put_on_one_line_come_back_by_price_to_the_gram(self) -> None:
        assert find(apples_of(1780, patterns=PRICE), line(1, 2986, 3577), patterns=PRICE) == (1, 1486)

    def test_a_fen_that_was_rounded_does_not_keep_the_rest_from_coming_back(self) -> None:
        """2,555 g at 2.56 yuan are 654 fen, which are 2,555 g again; of 2,554 g left the label would be a gram more."""
        cabbage = line(1, 5108, 1308, price=2_5600)
        assert find(apples_of(654, patterns=PRICE), cabbage, patterns=PRICE, taken=2554) == (1, 2554)

    def test_two_bags_of_one_price_and_one_weight_are_alike(self) -> None:
        bags = line(1, 500, 599), line(2, 500, 599)
        assert find(apples_of(599, patterns=PRICE), *bags, patterns=PRICE) == (1, 500)
        assert find(apples_of(599, patterns=PRICE), *bags, patterns=PRICE, taken=500) == (2, 500)

    def test_one_price_at_two_prices_a_kilogram_is_named_and_not_guessed(self) -> None:
        with pytest.raises(Refused, match="1, 2"):
            find(apples_of(599, patterns=PRICE), line(1, 500, 599), line(2, 600, 599, price=9_9800), patterns=PRICE)

    def test_a_price_that_was_never_paid_is_refused(self) -> None:
        with pytest.raises(Refused, match="no more"):
            find(apples_of(99_999, patterns=PRICE), line(1, 500, 599), patterns=PRICE)

    def test_goods_by_the_piece_come_back_by_whole_pieces_alone(self) -> None:
        bread = line(1, 3000, 3594, barcode="110001")
        assert find(apples_of(2396, patterns=PRICE), bread, patterns=PRICE) == (1, 2000)
        with pytest.raises(Refused):
            find(apples_of(1500, patterns=PRICE), bread, patterns=PRICE)

    def test_a_present_has_no_price_to_go_by(self) -> None:
        with pytest.raises(Refused):
            find(apples_of(599, patterns=PRICE), line(1, 500, 0, price=0), patterns=PRICE)


class TestPriceAndWeight:
    def test_of_two_bags_of_one_weight_the_price_tells(self) -> None:
        code = apples_of(499, 500, BOTH)
        assert find(code, line(1, 500, 599), line(2, 500, 499, price=9_9800), patterns=BOTH) == (2, 500)

    def test_the_weight_counts_where_the_till_took_something_off(self) -> None:
        assert find(apples_of(1780, 1486, BOTH), line(1, 2986, 3000), patterns=BOTH) == (1, 1486)
