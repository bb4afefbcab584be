"""When to sync: events in, actions out. Never awaits, never touches the store or the network.

Every pair of state and event stands in `MOVES`. Times are ms, `chance` is from [0, 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_WRITES

FIRST_DELAY = 2_000
LONGEST_DELAY = 300_000
LONGEST_REQUESTED_DELAY = 3_600_000
EVERY = 600_000
"""Without any other reason the news are asked for this often."""
LONGEST_PAUSE = 3_600_000
"""No server keeps a phone from syncing by itself for longer than this."""


# States


@dataclass(frozen=True)
class Resting:
    """Nothing to do before `until`. Until `held` nothing goes that nobody asked for: the server wants to be spared."""

    until: int = 0
    held: int = 0


@dataclass(frozen=True)
class Sending:
    """A request is under way. `again`: something happened meanwhile that needs another one."""

    again: bool = False


@dataclass(frozen=True)
class Retrying:
    """The last request failed with `code`; the next one goes at `until`."""

    until: int
    code: str


@dataclass(frozen=True)
class Stopped:
    """The server does not take this phone as it is; only a person can change that."""

    code: str


State: TypeAlias = Resting | Sending | Retrying | Stopped


# Events


@dataclass(frozen=True)
class Started:
    """The app was opened, has just been admitted, or is seen again after a while."""


@dataclass(frozen=True)
class Changed:
    """Something new stands in the outbox."""


@dataclass(frozen=True)
class NetworkBack:
    """The platform says that there is a network again."""


@dataclass(frozen=True)
class Due:
    """The time that was waited for has come."""


@dataclass(frozen=True)
class Asked:
    """The person wants it now."""


@dataclass(frozen=True)
class TakenBack:
    """The person does not want it now any more: what goes by itself goes, nothing else."""


@dataclass(frozen=True)
class Answered:
    """The request was answered and applied. `more`: there is more to send or to fetch; `pause`: for how long, in ms,
    the server asks to be spared what nobody asked for."""

    more: bool = False
    pause: int = 0


@dataclass(frozen=True)
class TooLarge:
    """The server did not take a batch of `size` writes."""

    size: int = MAX_WRITES


@dataclass(frozen=True)
class Failed:
    """The request failed in a way that passes. `not_before`: delay in ms that the server asked for."""

    code: str
    not_before: int = 0


@dataclass(frozen=True)
class Refused:
    """The request failed in a way that does not pass by itself."""

    code: str


Event: TypeAlias = Started | Changed | NetworkBack | Due | Asked | TakenBack | Answered | TooLarge | Failed | Refused


# Actions


@dataclass(frozen=True)
class Send:
    """Make one request with at most `limit` writes."""

    limit: int


@dataclass(frozen=True)
class Wait:
    """Send Due at `until`, unless another event comes first."""

    until: int


@dataclass(frozen=True)
class Stay:
    """Nothing new to do."""


Action: TypeAlias = Send | Wait | Stay


@dataclass(frozen=True)
class Engine:
    """The engine between two events. `failures`: how many in a row; `limit`: how many writes a batch may have.

    `asked`: a person wants it, until it is done or cannot be: then neither the server's wish nor the person's own rule
    for what goes by itself is in the way.
    """

    state: State = Resting()
    failures: int = 0
    limit: int = MAX_WRITES
    asked: bool = False


@dataclass(frozen=True)
class Step:
    """An event that reaches an engine at a time. `free`: what nobody asked for may go now."""

    engine: Engine
    event: Event
    now: int
    chance: float
    free: bool = True


Outcome: TypeAlias = tuple[Engine, Action]
Move: TypeAlias = Callable[[Step], Outcome]


def advance(engine: Engine, event: Event, now: int, chance: float, *, free: bool = True) -> Outcome:
    """Return the engine after an event, and what to do. `free`: what nobody asked for may go now."""
    return MOVES[type(engine.state), type(event)](Step(engine, event, now, chance, free))


def backoff(failures: int, chance: float) -> int:
    """Return the delay in ms after a failure that followed `failures` others.

    It is doubled each time, and lies at random in its upper half so that phones do not come back all at once.
    """
    # The exponent is bounded so that years of failures stay cheap to compute.
    longest = min(LONGEST_DELAY, 2 * FIRST_DELAY * 2 ** min(failures, 20))
    return int(longest * (0.5 + chance / 2))


def _send(step: Step) -> Outcome:
    return replace(step.engine, state=Sending()), Send(step.engine.limit)


def _send_afresh(step: Step) -> Outcome:
    return _send(replace(step, engine=replace(step.engine, failures=0)))


def _ask(step: Step) -> Outcome:
    return _send(replace(step, engine=replace(step.engine, asked=True)))


def _by_itself(step: Step) -> Outcome:
    """Send what nobody asked for; look again later while the server's wish or the person's rule is in the way."""
    engine, now = step.engine, step.now
    held = engine.state.held if isinstance(engine.state, Resting) else 0
    if not now < held <= now + LONGEST_PAUSE:
        held = 0  # over, or the phone's clock was set back meanwhile
    if engine.asked or (step.free and not held):
        return _send(step)
    until = held or now + EVERY
    return replace(engine, state=Resting(until, held)), Wait(until)


def _by_itself_afresh(step: Step) -> Outcome:
    return _by_itself(replace(step, engine=replace(step.engine, failures=0)))


def _stay(step: Step) -> Outcome:
    return step.engine, Stay()


def _take_back(step: Step) -> Outcome:
    return replace(step.engine, asked=False), Stay()


def _remember(step: Step) -> Outcome:
    return replace(step.engine, state=Sending(again=True)), Stay()


def _remember_asked(step: Step) -> Outcome:
    return replace(step.engine, state=Sending(again=True), asked=True), Stay()


def _hope(step: Step) -> Outcome:
    # Should the request under way still fail, for it began without a network, the next one must not wait long.
    return replace(step.engine, failures=0), Stay()


def _answered(step: Step) -> Outcome:
    engine, event, now = step.engine, step.event, step.now
    again = isinstance(engine.state, Sending) and engine.state.again
    more, pause = (event.more, event.pause) if isinstance(event, Answered) else (False, 0)
    if more or (again and engine.asked):
        return _send_afresh(step)
    held = now + min(pause, LONGEST_PAUSE) if pause > 0 else 0
    rested = Engine(Resting(max(held, now + EVERY), held))
    if again:
        return _by_itself(replace(step, engine=replace(rested, limit=engine.limit)))
    return rested, Wait(max(held, now + EVERY))


def _halve(step: Step) -> Outcome:
    engine, size = step.engine, step.event.size if isinstance(step.event, TooLarge) else MAX_WRITES
    return _send(replace(step, engine=replace(engine, limit=max(1, min(engine.limit, size) // 2))))


def _fail(step: Step) -> Outcome:
    engine, event = step.engine, step.event
    code, asked = (event.code, event.not_before) if isinstance(event, Failed) else (Code.SERVER_ERROR, 0)
    until = step.now + max(backoff(engine.failures, step.chance), min(asked, LONGEST_REQUESTED_DELAY))
    return replace(engine, state=Retrying(until, code), failures=engine.failures + 1), Wait(until)


def _stop(step: Step) -> Outcome:
    code = step.event.code if isinstance(step.event, Refused) else Code.SERVER_ERROR
    return replace(step.engine, state=Stopped(code), asked=False), Stay()


MOVES: Mapping[tuple[type[State], type[Event]], Move] = {
    (Resting, Started): _by_itself,
    (Resting, Changed): _by_itself,
    (Resting, NetworkBack): _by_itself,
    (Resting, Due): _by_itself,
    (Resting, Asked): _ask,
    (Resting, TakenBack): _take_back,
    (Sending, Started): _remember,
    (Sending, Changed): _remember,
    (Sending, NetworkBack): _hope,
    (Sending, Due): _stay,
    (Sending, Asked): _remember_asked,
    (Sending, TakenBack): _take_back,
    (Sending, Answered): _answered,
    (Sending, TooLarge): _halve,
    (Sending, Failed): _fail,
    (Sending, Refused): _stop,
    (Retrying, Started): _by_itself,
    (Retrying, Changed): _by_itself,
    (Retrying, NetworkBack): _by_itself_afresh,
    (Retrying, Due): _by_itself,
    (Retrying, Asked): _ask,
    (Retrying, TakenBack): _take_back,
    (Stopped, Started): _send,
    (Stopped, Changed): _stay,
    (Stopped, NetworkBack): _stay,
    (Stopped, Due): _stay,
    (Stopped, Asked): _ask,
    (Stopped, TakenBack): _stay,
    # The answer to a request that nobody waits for any more: it was applied, nothing else follows.
    (Resting, Answered): _stay,
    (Resting, TooLarge): _stay,
    (Resting, Failed): _stay,
    (Resting, Refused): _stay,
    (Retrying, Answered): _stay,
    (Retrying, TooLarge): _stay,
    (Retrying, Failed): _stay,
    (Retrying, Refused): _stay,
    (Stopped, Answered): _stay,
    (Stopped, TooLarge): _stay,
    (Stopped, Failed): _stay,
    (Stopped, Refused): _stay,
}
