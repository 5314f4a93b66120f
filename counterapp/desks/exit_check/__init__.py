"""The exit check: a form is held against the goods that leave."""
