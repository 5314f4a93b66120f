"""What IT does with the devices of a PC: look at them, try them out, and read what a scanner sends."""
