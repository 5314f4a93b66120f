"""The tab of returned goods: notices with their clocks, and the day's floor sheets."""

from counterapp.desks.returned_goods.view.desk import ReturnedGoodsView

__all__ = ["ReturnedGoodsView"]
