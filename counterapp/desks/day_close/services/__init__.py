"""How a day is closed."""
