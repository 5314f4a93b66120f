"""The screen of bag check."""

from counterapp.desks.bagcheck.view.desk import BagCheckView

__all__ = ["BagCheckView"]
