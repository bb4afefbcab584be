"""What sending hangs on: what waits, what stops it now, and each fact beside it. Pure; the screens have the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumbung_client.session.marks import Mark, refused_mark
from lumbung_client.session.views import ActivityRow, ActivityState, PhotoCount, Sends, SyncPhase, SyncStatus
from lumbung_client.store.durable import StorageNumbers
from lumbung_client.sync.clock import Reckoned
from lumbung_shared.problems import Code

ENROL_AGAIN = frozenset({Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED})
"""Reasons after which only a new code or login helps. After `token-revoked` the phone is locked besides."""
TOO_OLD = frozenset({Code.APP_TOO_OLD, Code.PROTOCOL_UNSUPPORTED})
"""Why the server took nothing, where a newer version of the app helps."""
_STORE = frozenset({Code.STORE_FULL, Code.STORE_FAILED, Code.STORE_IN_USE, Code.STORE_UNREADABLE})


class Stop(StrEnum):
    """What stops sending now."""

    SAVING = "saving"  # nothing can be saved on this phone
    ACCOUNT = "account"  # the permission has ended
    VERSION = "version"  # the server wants a newer app
    REFUSES = "refuses"  # the server does not take this phone's requests
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    TROUBLE = "trouble"  # the server answers, and could not do it now
    HELD = "held"  # the server asked to be spared
    WIFI = "wifi"  # the person wants nothing to go before there is Wi-Fi
    TEXT_ONLY = "text_only"  # photos wait, for the person wants only records to go
    SPARING = "sparing"  # whole photos wait for Wi-Fi


class Fact(StrEnum):
    """Something that sending hangs on."""

    NETWORK = "network"
    ACCOUNT = "account"
    CLOCK = "clock"
    SPACE = "space"
    KEPT = "kept"  # whether the browser promised to keep the data
    BUDGET = "budget"
    PAUSE = "pause"  # whether the server asked to be spared
    TRY = "try"  # the last request


@dataclass(frozen=True)
class Told:
    """How a fact stands. `says`: which sentence; `fine`: nothing about it is in the way; `at`, `amount`: of time, ms,
    or bytes, as the sentence has it; `code`: of what went wrong.
    """

    fact: Fact
    says: str
    fine: bool = True
    at: int = 0
    amount: int = 0
    code: str = ""


@dataclass(frozen=True)
class Signs:
    """What is known. `rows`: what waits or was refused; `counts`: this person's activities by state; `delivered`:
    whether the server ever gave a receipt for something from here; `free`: records go by themselves now; `sparing`:
    whole photos wait for Wi-Fi; `photos_go`: photos go by themselves; `photo_code`: why the last photo did not go;
    `moving`: a photo is on its way; `flaw`: code of why nothing can be saved; `time`: the clocks, reckoned.
    """

    status: SyncStatus
    rows: tuple[ActivityRow, ...]
    counts: Mapping[ActivityState, int]
    photos: PhotoCount
    time: Reckoned
    storage: StorageNumbers
    sends: Sends = Sends.ALL
    delivered: bool = False
    free: bool = True
    photos_go: bool = True
    sparing: bool = False
    moving: bool = False
    photo_code: str = ""
    flaw: str = ""


@dataclass(frozen=True)
class Situation:
    """What a person is told of sending. `waiting`: records, `correct` and `rejected`: those the server refused;
    `nothing_yet`: nothing of this person ever went from here or came back; `code`: of what stops sending.
    """

    status: SyncStatus
    waiting: int
    correct: int
    rejected: int
    drafts: int
    photos: PhotoCount
    moving: bool
    nothing_yet: bool
    stop: Stop | None
    code: str
    facts: tuple[Told, ...]


def situation(signs: Signs) -> Situation:
    """Return what a person is told."""
    refused = [refused_mark(row.reason) for row in signs.rows if row.state is ActivityState.REFUSED]
    waiting, there = len(signs.rows) - len(refused), signs.counts
    stop, code = _stop(signs, waiting)
    sent = there.get(ActivityState.SENT, 0) + there.get(ActivityState.DISPUTED, 0)
    return Situation(
        status=signs.status,
        waiting=waiting,
        correct=refused.count(Mark.CORRECT),
        rejected=refused.count(Mark.REJECTED),
        drafts=there.get(ActivityState.DRAFT, 0),
        photos=signs.photos,
        moving=signs.moving,
        nothing_yet=not (sent or signs.delivered),
        stop=stop,
        code=code,
        facts=(
            _network(signs.status),
            _account(signs.status),
            _clock(signs.time),
            _space(signs),
            _kept(signs.storage),
            _budget(signs),
            _pause(signs),
            _try(signs.status),
        ),
    )


def _stop(signs: Signs, waiting: int) -> tuple[Stop | None, str]:
    """Return what stops sending and its code: what the person or the coordinator has to end comes first."""
    status = signs.status
    if signs.flaw:
        return Stop.SAVING, signs.flaw
    if status.phase is SyncPhase.STOPPED:
        return _stopped(status.reason), status.reason
    if not status.online:
        return Stop.OFFLINE, ""
    if status.phase is SyncPhase.SENDING:
        return None, ""
    if status.phase is SyncPhase.RETRYING:
        lost = status.reason == Code.SERVER_UNREACHABLE
        return Stop.UNREACHABLE if lost else Stop.TROUBLE, status.reason
    if waiting:
        if not signs.free:
            return Stop.WIFI, ""
        return (Stop.HELD, "") if status.held > signs.time.now else (None, "")
    left = signs.photos.waiting - signs.photos.refused
    return _photos_stop(signs) if left and not signs.moving else (None, "")


def _stopped(code: str) -> Stop:
    if code in ENROL_AGAIN:
        return Stop.ACCOUNT
    if code in _STORE:
        return Stop.SAVING
    return Stop.VERSION if code in TOO_OLD else Stop.REFUSES


def _photos_stop(signs: Signs) -> tuple[Stop | None, str]:
    if not signs.photos_go:
        return (Stop.TEXT_ONLY if signs.sends is Sends.TEXT else Stop.WIFI), ""
    if signs.photo_code:
        lost = signs.photo_code == Code.SERVER_UNREACHABLE
        return Stop.UNREACHABLE if lost else Stop.TROUBLE, signs.photo_code
    return (Stop.SPARING, "") if signs.sparing else (None, "")


def _network(status: SyncStatus) -> Told:
    if status.online:
        return Told(Fact.NETWORK, "online")
    says = "offline_since" if status.offline_seen else "offline_at_least"
    return Told(Fact.NETWORK, says, fine=False, at=status.offline_since)


def _account(status: SyncStatus) -> Told:
    if status.phase is not SyncPhase.STOPPED or _stopped(status.reason) in (Stop.SAVING, Stop.VERSION):
        return Told(Fact.ACCOUNT, "account_fine")
    return Told(Fact.ACCOUNT, "account_ended", fine=False, code=status.reason)


def _clock(time: Reckoned) -> Told:
    if not time.lacks:
        return Told(Fact.CLOCK, "clock_fine")
    return Told(Fact.CLOCK, "clock_slow" if time.lacks > 0 else "clock_fast", fine=False, amount=abs(time.lacks))


def _space(signs: Signs) -> Told:
    free = signs.storage.free
    if signs.flaw:
        full = signs.flaw == Code.STORE_FULL
        return Told(Fact.SPACE, "space_full" if full else "space_failed", fine=False, code=signs.flaw)
    if free is None:
        return Told(Fact.SPACE, "space_unknown")
    if signs.storage.is_low:
        return Told(Fact.SPACE, "space_low", fine=False, amount=free)
    return Told(Fact.SPACE, "space_fine")


def _kept(storage: StorageNumbers) -> Told:
    if storage.persisted is None:
        return Told(Fact.KEPT, "kept_native")
    return Told(Fact.KEPT, "kept_promised" if storage.persisted else "kept_not", fine=storage.persisted)


def _budget(signs: Signs) -> Told:
    if signs.sends is Sends.TEXT:
        return Told(Fact.BUDGET, "budget_text", fine=not signs.photos.waiting)
    if signs.sends is Sends.LATER:
        return Told(Fact.BUDGET, "budget_later_now" if signs.free else "budget_later", fine=signs.free)
    return Told(Fact.BUDGET, "budget_sparing" if signs.sparing else "budget_all")


def _pause(signs: Signs) -> Told:
    held = signs.status.held
    return (
        Told(Fact.PAUSE, "pause_held", fine=False, at=held) if held > signs.time.now else Told(Fact.PAUSE, "pause_none")
    )


def _try(status: SyncStatus) -> Told:
    if status.phase is SyncPhase.SENDING:
        return Told(Fact.TRY, "try_now")
    if status.phase in (SyncPhase.RETRYING, SyncPhase.STOPPED):
        return Told(Fact.TRY, "try_failed", fine=False, at=status.tried, code=status.reason)
    at = status.tried or status.last_success
    return Told(Fact.TRY, "try_fine", at=at) if at else Told(Fact.TRY, "try_none")
