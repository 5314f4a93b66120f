"""Returned goods: notices and sheets by which the departments take their goods back."""
