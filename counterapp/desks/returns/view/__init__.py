"""The screens of the returns desk: the desk itself, and its cases in the queue of approvals."""

from counterapp.desks.returns.view.desk import ReturnsView
from counterapp.desks.returns.view.waiting import WaitingReturns

__all__ = ["ReturnsView", "WaitingReturns"]
