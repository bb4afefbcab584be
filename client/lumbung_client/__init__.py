"""The phone app of Lumbung: what a cadre logs without signal, kept safe here until the server has it."""

__version__ = "0.1.0"
