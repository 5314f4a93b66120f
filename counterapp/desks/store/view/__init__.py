"""The screen of the store desk."""

from counterapp.desks.store.view.desk import StoreView

__all__ = ["StoreView"]
