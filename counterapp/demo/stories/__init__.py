"""What the demo store has lived through, and what there is to try: stories told through the services, a desk each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from counterapp.core.actor import Clock
from counterapp.core.database import Database
from counterapp.demo.stories.receipts import STORIES, Story, story_sales
from counterapp.demo.stories.sold import sold_for_stories
from counterapp.demo.stories.teller import Teller, told_until
from counterapp.demo.till import Item, Sale

__all__ = ["STORIES", "Story", "store_sales", "story_sales", "tell_stories"]


def store_sales(database: Database, today: dt.date, items: Mapping[str, Item]) -> list[Sale]:
    """Return the sales that the stories need: those to be tried `today`, and those that cases are still made of."""
    begun, over = database.read(told_until)
    return [*story_sales(today, items), *([] if over else sold_for_stories(begun or today, items))]


def tell_stories(database: Database, today: dt.date, clock: Clock) -> None:
    """Make the cases of yesterday and of this morning, in the order of their times; none of them is after `clock`.

    It is done once for a store. What was broken off is told to its end, as of the day on which it was begun.
    """
    begun, over = database.read(told_until)
    if over:
        return
    # A demo that is opened again needs none of the desks before its window stands.
    from counterapp.demo.stories.bagcheck import bagcheck
    from counterapp.demo.stories.day_close import day_close
    from counterapp.demo.stories.exit_check import exit_check
    from counterapp.demo.stories.returned_goods import returned_goods
    from counterapp.demo.stories.returns import returns
    from counterapp.demo.stories.till import till

    # Where two desks go on at the same moment, the one that stands first does.
    Teller(database, begun or today, clock).tell((returns, till, exit_check, returned_goods, bagcheck, day_close))
