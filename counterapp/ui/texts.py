"""Words of days, for every screen."""

from __future__ import annotations

import datetime as dt

from counterapp.words import _, _n


def day_words(day: dt.date, today: dt.date) -> str:
    """Return a day for people: the year only where it is another one."""
    if day.year == today.year:
        return _("{month:02}-{day:02}").format(month=day.month, day=day.day)
    return _("{year}-{month:02}-{day:02}").format(year=day.year, month=day.month, day=day.day)


def ago(days: int) -> str:
    """Return how long ago a day was."""
    return _("today") if days == 0 else _n("{count} day ago", "{count} days ago", days).format(count=days)
