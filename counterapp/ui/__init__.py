"""The window around the desks."""
