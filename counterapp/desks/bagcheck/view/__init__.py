"""The screens of bag check: the counter's, and the cash office's."""

from counterapp.desks.bagcheck.view.cash_office import PenaltiesView
from counterapp.desks.bagcheck.view.desk import BagCheckView

__all__ = ["BagCheckView", "PenaltiesView"]
