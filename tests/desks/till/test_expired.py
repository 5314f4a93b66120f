"""What has expired and is given by the law is paid or issued anew, with a second signature."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from counterapp.core.database import Database
from counterapp.desks.till.services import form_acceptance
from counterapp.errors import NotAllowed, Refused
from counterapp.return_forms.models import RENEWED, SETTLED, Renewal
from tests.conftest import PlayedClock
from tests.desks.till.till import TODAY, Till


@pytest.fixture
def till(database: Database, clock: PlayedClock) -> Till:
    return Till(database, clock)


@pytest.fixture
def expired(till: Till, clock: PlayedClock) -> str:
    code = till.form(15000, statutory=True)
    clock.forward(days=31)
    return code


def test_an_expired_statutory_form_is_paid_on_a_second_signature(till: Till, expired: str) -> None:
    seen = till.look(expired)
    assert (seen.state, seen.may_be_renewed, seen.payable) == (form_acceptance.EXPIRED, True, True)
    with pytest.raises(Refused):
        till.redeem(expired, till.new_number(), 100)
    for refusal, signer in ((Refused, None), (NotAllowed, till.cashier.person), (NotAllowed, till.clerk.person)):
        with pytest.raises(refusal):
            till.pay(expired, "cash", signer=signer)
    till.pay(expired, "cash", signer=till.supervisor)
    assert till.look(expired).state == SETTLED


def test_an_expired_statutory_form_is_issued_anew_on_a_second_signature(till: Till, expired: str) -> None:
    with pytest.raises(NotAllowed):
        till.renew(expired, till.cashier.person)
    assert till.renew(expired, till.supervisor) == 2
    old, new = till.look(expired), till.look(till.stored(2).code)
    assert (old.state, new.state, new.amount, new.statutory) == (RENEWED, form_acceptance.GOOD, 15000, True)
    assert new.expires_on == TODAY + dt.timedelta(days=61)
    kept = till.database.read(lambda s: s.scalars(select(Renewal)).one())
    assert (kept.next_id, kept.signed_by) == (till.stored(2).id, till.supervisor.person_id)
    with pytest.raises(Refused) as refused:
        till.renew(expired, till.supervisor)
    assert "issued anew" in refused.value.in_language("en")


def test_what_only_the_house_gave_or_is_still_good_is_not_issued_anew(till: Till, clock: PlayedClock) -> None:
    good = till.form(100, statutory=True)
    with pytest.raises(Refused):
        till.renew(good, till.supervisor)
    house = till.form(100)
    clock.forward(days=31)
    for refused in (
        lambda: till.renew(house, till.supervisor),
        lambda: till.pay(house, "cash", signer=till.supervisor),
    ):
        with pytest.raises(Refused):
            refused()
