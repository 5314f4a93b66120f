"""The screen of the returns desk."""

from counterapp.desks.returns.view.desk import ReturnsView

__all__ = ["ReturnsView"]
