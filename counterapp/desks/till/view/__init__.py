"""The till's screen: a form is taken, and its part 2 comes back."""

from counterapp.desks.till.view.desk import TillView

__all__ = ["TillView"]
