"""How syncing stands, in the words of the screens."""

from __future__ import annotations

from dataclasses import replace

from lumbung_client.session.views import SyncPhase, SyncStatus
from lumbung_client.sync.engine import Engine, Resting, Retrying, Sending, Stopped
from lumbung_client.sync.exchange import Exchange


def sync_status(engine: Engine, exchange: Exchange, online: bool, last_success: int, lacks: int) -> SyncStatus:
    """Return what the engine and the run under way amount to. `last_success`, `lacks` (of the phone's clock): ms."""
    base = SyncStatus(online=online, last_success=last_success, done=exchange.done, total=exchange.total)
    match engine.state:
        case Sending():
            return replace(base, phase=SyncPhase.SENDING)
        case Retrying(until, code):
            return replace(base, phase=SyncPhase.RETRYING, reason=code, retry_at=until + lacks)
        case Stopped(code):
            return replace(base, phase=SyncPhase.STOPPED, reason=code)
        case Resting(held=held) if held:
            return replace(base, held=held + lacks)
        case _:
            return base
