"""What every desk stands on; knows no Qt."""
