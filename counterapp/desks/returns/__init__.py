"""Returns and exchanges 退/换货处."""
