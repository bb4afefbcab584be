"""Decide whether one write may be stored: its own type, shape, region and authority. Pure: reads and stores nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lumbung_server.repositories.forms import FormName
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.callers import covered_then
from lumbung_server.services.compact import quickly_read
from lumbung_server.services.resolutions import only_resolves
from lumbung_shared.answers import check_write
from lumbung_shared.canonical import Json, NotCanonical, as_value, encoded
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.forms import FieldType, Form, Purpose, field_at
from lumbung_shared.ids import is_record_id
from lumbung_shared.joining import JOINING_KIND
from lumbung_shared.owners import is_beside, is_of_review, is_of_talk
from lumbung_shared.problems import Code
from lumbung_shared.records import Offered
from lumbung_shared.regions import is_region_code
from lumbung_shared.writes import Write

REGION = "region"
"""Path of the region, in every form: it says who may see and write the record."""


@dataclass(frozen=True)
class Fault:
    """Why a write is rejected: a code and, where there is one, the path of the answer at fault."""

    code: Code
    path: str = ""


@dataclass(frozen=True)
class Incoming:
    """A write that could be read. `content`: its canonical form; `digest`: of it and its replica, as sent."""

    write: Write
    content: str
    digest: str


@dataclass(frozen=True)
class Unreadable:
    """A write that could not be read. `n` is 0 when not even its number could be."""

    n: int
    fault: Fault


@dataclass(frozen=True)
class Standing:
    """A record before a write: who made it, its kind, its region of now, and all its writes so far."""

    author: str
    kind: str
    region: str
    writes: tuple[Offered, ...]


@dataclass(frozen=True)
class Ground:
    """What the judgement of a batch rests on: who writes, their grants, and which of what it names there is.

    `forms` and `kinds`: those that were published, others than the batch names may be among them.
    """

    person: str
    held: tuple[HeldGrant, ...]
    regions: AbstractSet[str]
    forms: Mapping[FormName, Form]
    kinds: Container[str]


def read_write(raw: Json, replica: str) -> Incoming | Unreadable:
    """Read one write of a batch on its own."""
    n = raw.get("n") if isinstance(raw, Mapping) else None
    number = n if type(n) is int and n > 0 else 0
    try:
        write, content = quickly_read(raw) or _carefully_read(raw)
        _check_names(write)
        return Incoming(write, content.decode(), _digest(replica, content))
    except Malformed as error:
        return Unreadable(number, Fault(Code.WRITE_MALFORMED, error.where))
    except NotCanonical:
        return Unreadable(number, Fault(Code.WRITE_MALFORMED))


def _carefully_read(raw: Json) -> tuple[Write, bytes]:
    # One level below the top, as within the digest.
    value = as_value(raw, depth=1)
    # As sent, not as understood: a newer phone says things that this release does not know.
    return from_wire(Write, value), encoded(value)


def _digest(replica: str, content: bytes) -> str:
    # The canonical form of {"replica": …, "write": …}, put together from what is canonical already.
    return hashlib.sha256(b'{"replica":%b,"write":%b}' % (encoded(replica), content)).hexdigest()


def _check_names(write: Write) -> None:
    if write.n < 1:
        raise Malformed("n", "a number from 1")
    if not is_record_id(write.record):
        raise Malformed("record", "a UUIDv7")


def named_regions(writes: Sequence[Write], forms: Mapping[FormName, Form]) -> set[str]:
    """Return the region codes in the writes' answers to questions for a region."""
    shown = ((forms.get((write.kind, write.form)), write) for write in writes)
    answers = (value for form, write in shown if form for _, value in _region_answers(form, write))
    return {value for value in answers if isinstance(value, str) and is_region_code(value)}


def _region_answers(form: Form, write: Write) -> Iterator[tuple[str, Json]]:
    asked = form.region_names
    for path, value in write.sets.items():
        name = path.rpartition("/")[2] if "/" in path else path
        if name in asked and value is not None:
            item = field_at(form, path)
            if item is not None and item.type == FieldType.REGION:
                yield path, value


def judge(write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    """Return the first reason to reject a write, or None.

    `standing`: None for a record's first write; `at`: when the write was made at the latest, ms.
    """
    if write.kind not in ground.kinds:
        return Fault(Code.UNKNOWN_KIND)
    form = ground.forms.get((write.kind, write.form))
    if form is None:
        return Fault(Code.UNKNOWN_FORM_VERSION)
    if standing is not None and standing.kind != write.kind:
        return Fault(Code.KIND_CHANGED)
    remark = check_write(form, write)
    if remark is not None:
        return Fault(remark.code, remark.path)
    return _judge_authority(form, write, standing, ground, at)


def is_after_its_grant(write: Write, standing: Standing | None, ground: Ground) -> bool:
    """Tell whether an accepted write rests on a grant that has ended: by those that have not it would be refused."""
    current = tuple(one for one in ground.held if one.valid_to is None)
    if current == ground.held:
        return False
    form = ground.forms[write.kind, write.form]
    # Of what has not ended no time is asked.
    return _judge_authority(form, write, standing, replace(ground, held=current), 0) is not None


def _judge_authority(form: Form, write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    return (
        _judge_review(write, standing, ground, at)
        or _judge_talk(write, standing, ground, at)
        or _judge_author(form, write, standing, ground, at)
        or _judge_region(form, write, standing, ground, at)
    )


def _works_there(write: Write, standing: Standing, ground: Ground, at: int, *, coordinating: bool = False) -> bool:
    """Tell whether a grant covered the region in which a record lies before a write, as far as its maker could know."""
    return covered_then(ground.held, standing.region, at, write.grant, coordinating=coordinating)


def _judge_review(write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    """Refuse what coordinators alone say of a record to everybody else, also to replace it. A deletion leaves it."""
    set_ = next(filter(is_of_review, (*write.sets, *write.replaces)), None)
    if set_ is None or (standing and _works_there(write, standing, ground, at, coordinating=True)):
        return None
    return Fault(Code.FIELD_RESERVED, set_)


def _judge_talk(write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    """Refuse comments to all but the author and who coordinates there, and to everybody what somebody else said."""
    said = [path for path in dict.fromkeys((*write.sets, *write.replaces)) if is_of_talk(path)]
    if not said or standing is None:
        return None
    if standing.author != ground.person and not _works_there(write, standing, ground, at, coordinating=True):
        return Fault(Code.FIELD_RESERVED, said[0])
    taken = {path for one in standing.writes if one.by != ground.person for path in one.write.sets}
    return next((Fault(Code.FIELD_RESERVED, path) for path in said if path in taken), None)


def _judge_author(form: Form, write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    if standing is not None and form.purpose == Purpose.PROGRAMME:
        # What is wanted of a region is for those to say who coordinate it, whoever said it before.
        mine = _works_there(write, standing, ground, at, coordinating=True)
        return None if mine else Fault(Code.NOT_THE_AUTHOR)
    if form.kind == JOINING_KIND:
        return _judge_joining(write, standing, ground, at)
    if standing is None or standing.author == ground.person:
        return None
    if form.purpose != Purpose.ACTIVITY:
        # Entries of registers, and what joins them, belong to everybody who works in their region.
        return None if _works_there(write, standing, ground, at) else Fault(Code.NOT_THE_AUTHOR)
    if not _works_there(write, standing, ground, at, coordinating=True):
        return Fault(Code.NOT_THE_AUTHOR)
    touched = (*write.sets, *write.replaces)
    if touched and all(map(is_beside, touched)):
        return None
    return None if only_resolves(write, standing.writes) else Fault(Code.NOT_THE_AUTHOR)


def _judge_joining(write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    """Refuse what says that activities are one to all but who coordinates their region, its author included."""
    before = standing.region if standing else None
    named = [region for region in {before, write.sets.get(REGION, before)} if isinstance(region, str)]
    if all(covered_then(ground.held, region, at, write.grant, coordinating=True) for region in named):
        return None
    return Fault(Code.FIELD_RESERVED, REGION)


def _judge_region(form: Form, write: Write, standing: Standing | None, ground: Ground, at: int) -> Fault | None:
    for path, value in _region_answers(form, write):
        if value not in ground.regions:
            return Fault(Code.UNKNOWN_REGION, path)
    region = write.sets.get(REGION, standing.region if standing else None)
    if not isinstance(region, str) or not region:
        return Fault(Code.REGION_MISSING, REGION)
    coordinating = form.purpose == Purpose.PROGRAMME
    if covered_then(ground.held, region, at, write.grant, coordinating=coordinating):
        return None
    return Fault(Code.REGION_NOT_GRANTED, REGION)
