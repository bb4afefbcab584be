"""What time it is as far as a phone can know: what it last heard, and what became of its own clocks since. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import HEARD, put
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_shared.times import SKEW_TOLERANCE_MS, Heard, skew
from lumbung_shared.writes import PhoneTime


@dataclass(frozen=True)
class Reckoned:
    """The time, in ms, and what the phone's wall clock lacks of it: positive when it is slow, 0 when it is right.

    `jumped`: the wall clock was set since the last answer; `at_least`: it may lack more, for the phone may have slept.
    """

    now: int
    lacks: int = 0
    jumped: bool = False
    at_least: bool = False


def reckoned(heard: Heard | None, shown: PhoneTime) -> Reckoned:
    """Return what time it is when the phone's clocks show `shown`. `heard`: its last answer, if it got any."""
    if heard is None:
        return Reckoned(shown.wall)
    expected = shown.wall + skew(heard.time.wall, heard.now)
    same_boot = bool(shown.boot) and shown.boot == heard.time.boot and shown.mono >= heard.time.mono
    # It cannot be earlier: ticks never run too fast. It may be later: they may stand still while the phone sleeps.
    earliest = heard.now + (shown.mono - heard.time.mono if same_boot else 0)
    if same_boot and abs(shown.wall - earliest) <= SKEW_TOLERANCE_MS < abs(expected - earliest):
        return Reckoned(shown.wall, jumped=True)  # it was set right
    if expected >= earliest - SKEW_TOLERANCE_MS:
        return Reckoned(expected, expected - shown.wall)
    if not same_boot and shown.wall >= earliest:
        return Reckoned(shown.wall, jumped=True)
    return Reckoned(earliest, skew(shown.wall, earliest), jumped=True, at_least=True)


def heard_now(content: Content, sent: PhoneTime, last: int, now: int) -> Change:
    """Return the change that keeps what an answer tells of the clocks.

    `sent`: the phone's when it asked, `last`: the highest number given to a write by then, `now`: the server's, ms.
    """
    known = content.heard
    return put(Name.META, HEARD, Heard(sent, now, max(last, known.last if known else 0)))


def numbered_anew(content: Content, last: int) -> Iterator[Change]:
    """Yield the change that follows when older writes get numbers up to `last`: those tell nothing of when."""
    if content.heard is not None:
        yield put(Name.META, HEARD, replace(content.heard, last=last))
