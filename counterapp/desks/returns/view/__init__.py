"""The screens of the returns desk: the desk itself, and the queue of what waits for a second signature."""

from counterapp.desks.returns.view.desk import ReturnsView
from counterapp.desks.returns.view.queue import ApprovalsView

__all__ = ["ApprovalsView", "ReturnsView"]
