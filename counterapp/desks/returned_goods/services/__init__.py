"""What is done about goods that came back."""
