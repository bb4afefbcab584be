"""Loaded into the process from which the servers of tests are forked: what a server loads late, when it starts."""

from __future__ import annotations

import uvicorn
from litestar import Litestar

from lumbung_server.commands import serving

__all__ = ["serving"]

uvicorn.Config(Litestar(), log_config=None).load()  # how it logs is the business of each server
