"""The floor tab: notices with their clocks, and the day's floor sheets."""

from counterapp.desks.returned_goods.view.desk import FloorView

__all__ = ["FloorView"]
