"""The screens of the returns desk: the desk itself, and the queue of what waits for a second signature."""

from counterapp.desks.approvals.view import ApprovalsView
from counterapp.desks.returns.view.desk import ReturnsView

__all__ = ["ApprovalsView", "ReturnsView"]
