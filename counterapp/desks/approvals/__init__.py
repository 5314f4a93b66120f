"""What waits for a second signature, of every desk and station."""
