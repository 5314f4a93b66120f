"""The closing tab: what is left of the day, its register and files, and the two signatures under it."""

from counterapp.desks.day_close.view.desk import DayCloseView

__all__ = ["DayCloseView"]
