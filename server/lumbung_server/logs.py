"""Set up log lines on standard error: for people by default, JSON on request. Never bodies, tokens or names."""

from __future__ import annotations

import sys

import structlog


def set_up_logs(*, as_json: bool) -> None:
    """Configure structlog for the process."""
    shown = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            shown,
        ],
        # The standard error of the moment: a program that runs the server within itself may change it.
        logger_factory=lambda *_: structlog.PrintLogger(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
