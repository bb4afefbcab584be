"""A write: the immutable unit that phones make, the server stores and everybody merges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lumbung_shared.canonical import Json, digest
from lumbung_shared.codec import to_wire

DELETED = "$deleted"
"""Path whose value `true` says that the record (or, below a row, the row) was deleted."""
PLACE = "$place"
"""Name in a row that says where among the rows it stands: the row whose turn it has, itself without such a value."""


class WriteName(NamedTuple):
    """The name of a write: the replica that made it and its running number there, from 1."""

    replica: str
    n: int


@dataclass(frozen=True)
class PhoneTime:
    """What the phone said: wall clock (ms since 1970), monotonic clock (ms), and which boot that one counts from.

    It is part of a write, so that what a newer phone says besides has to survive with it.
    """

    wall: int
    mono: int = 0
    boot: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Write:
    """One write of one replica: which paths it sets, and which heads the person was looking at.

    `n`: its number in the replica; `record`: UUIDv7; `kind` and `form`: the form and its version;
    `sets`: path to value; `replaces`: path to the names of the heads whose values were on the screen
    (a path set without an entry replaces nothing); `grant`: version of the grant the phone held; `salt`: of a write
    that holds personal answers, so that nobody guesses them from its digest; `was`: the digest of what the write said
    before answers of it were erased, `erasure.blanked`, empty for one that is whole.
    """

    n: int
    record: str
    kind: str
    form: int
    sets: Mapping[str, Json]
    time: PhoneTime
    replaces: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    grant: int = 0
    salt: str = ""
    was: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)


def write_digest(replica: str, write: Write) -> str:
    """Return the digest of a write as sent, its replica included; of an erased one as it was. Raises NotCanonical."""
    return write.was or digest({"replica": replica, "write": to_wire(write)})


def batch_root(digests: Sequence[str]) -> str:
    """Return the digest that a receipt signs: over the digests of its writes, in the order of their numbers."""
    return digest(list(digests))


def collapse(replica: str, earlier: Write, later: Write) -> Write:
    """Return one write that does what two writes of one record, not yet offered to the server, did together.

    It keeps the heads that either replaced. A value of the earlier write that the later one replaced
    without setting the path again (a delete) is gone.
    """
    own = (replica, earlier.n)
    undone = {path for path, names in later.replaces.items() if own in names and path not in later.sets}
    replaces: dict[str, tuple[tuple[str, int], ...]] = {}
    for path in (*earlier.replaces, *later.replaces):
        names = {*earlier.replaces.get(path, ()), *later.replaces.get(path, ())} - {own, (replica, later.n)}
        if names:
            replaces[path] = tuple(sorted(names))
    return Write(
        n=earlier.n,
        record=earlier.record,
        kind=later.kind,
        form=later.form,
        sets={path: value for path, value in {**earlier.sets, **later.sets}.items() if path not in undone},
        time=later.time,
        replaces=replaces,
        grant=later.grant,
        salt=later.salt or earlier.salt,
        extra={**earlier.extra, **later.extra},
    )
