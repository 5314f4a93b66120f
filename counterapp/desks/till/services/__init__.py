"""What is done with a form at the till."""
