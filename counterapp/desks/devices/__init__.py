"""The devices of this PC, for IT: how each of them is, test papers, calibration, and what a scanner sends."""
