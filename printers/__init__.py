"""Paper: a document (`Slip` or `Pages`) → a protocol's bytes → a transport. Knows nothing of the counter.

Lengths are millimetres from the paper's top left corner, type sizes points, resolutions dots an inch.
"""
