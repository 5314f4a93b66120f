"""The desks, one package a tab of the window."""
