"""The service counter of a store, on one screen."""

__version__ = "0.1.0"
