"""The screen of the devices desk."""

from counterapp.desks.devices.view.desk import DevicesView

__all__ = ["DevicesView"]
