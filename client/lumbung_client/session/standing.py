"""How syncing stands, in the words of the screens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lumbung_client.session.views import SyncPhase, SyncStatus
from lumbung_client.sync.engine import Engine, Resting, Retrying, Sending, Stopped
from lumbung_client.sync.exchange import Exchange


@dataclass(frozen=True)
class Net:
    """Whether there is a network. `gone_at`: when it went, ms, 0 while there is one; `seen`: the phone saw it go;
    `looked`: the phone has looked at all."""

    online: bool = True
    gone_at: int = 0
    seen: bool = False
    looked: bool = False

    def told(self, online: bool, now: int) -> Net:
        """Return what is known after the platform said whether there is a network."""
        if online:
            return Net(looked=True)
        if not self.online:
            return self
        return Net(online=False, gone_at=now, seen=self.looked, looked=True)


def sync_status(engine: Engine, exchange: Exchange, net: Net, last_success: int, lacks: int) -> SyncStatus:
    """Return what the engine and the run under way amount to. `last_success`, `lacks` (of the phone's clock): ms."""
    base = SyncStatus(
        online=net.online,
        last_success=last_success,
        done=exchange.done,
        total=exchange.total,
        offline_since=net.gone_at,
        offline_seen=net.seen,
        tried=exchange.tried + lacks if exchange.tried else 0,
    )
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
