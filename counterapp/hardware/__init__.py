"""Scanners and printers, turned into Qt signals."""
