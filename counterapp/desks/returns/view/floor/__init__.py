"""The floor tab: notices with their clocks, and the day's floor sheets."""

from counterapp.desks.returns.view.floor.desk import FloorView

__all__ = ["FloorView"]
