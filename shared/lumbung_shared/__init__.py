"""Domain, forms, merge and protocol of Lumbung. Pure: no I/O, no clock, no randomness."""

__version__ = "0.1.0"
