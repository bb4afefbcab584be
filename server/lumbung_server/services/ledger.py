"""Work out what a home's records, feeds and counters become when writes join them. Pure: reads and stores nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lumbung_server.repositories.forms import FormName
from lumbung_server.repositories.records import NO_FLAGS, FeedRow, StoredRecord, StoredWrite
from lumbung_server.repositories.regions import Counter
from lumbung_server.services.compact import compact, compact_digest
from lumbung_server.services.judgement import REGION
from lumbung_server.services.wording import stored_words
from lumbung_shared.answers import check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.erasure import blanked
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.photos import named_in
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Receipt
from lumbung_shared.records import RecordState, compared, is_deleted, is_disputed, state_of, values, without
from lumbung_shared.regions import home_region
from lumbung_shared.review import content_digest, review_of
from lumbung_shared.times import Effective, local_date
from lumbung_shared.writes import batch_root

DATE = "date"
"""Path of the day, in every form of an activity."""
NAMES_A_PICTURE = '"sha256":'
"""What stands in every text that names a picture: those without it are not looked at."""

CLOCK_CODES = (Code.CLOCK_CORRECTED, Code.CLOCK_UNVERIFIED)
_OF_WRITES = (*CLOCK_CODES, Code.GRANT_ENDED)
"""What a record is flagged with as long as one of its writes is."""


@dataclass
class Counters:
    """The locked counters of homes: home to its counter. The one value here that changes."""

    last: dict[int, Counter]
    before: Mapping[int, Counter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = dict(self.last)

    def take(self, home: int) -> int:
        """Take a home's next number."""
        last = self.last[home]
        self.last[home] = Counter(last.n + 1, last.receipts)
        return last.n + 1

    def take_receipt(self, home: int) -> int:
        """Take the number of a home's next receipt."""
        last = self.last[home]
        self.last[home] = Counter(last.n, last.receipts + 1)
        return last.receipts + 1

    def moved(self) -> dict[int, Counter]:
        """Return the counters from which numbers were taken."""
        return {home: counter for home, counter in self.last.items() if counter != self.before[home]}


def record_after(
    writes: Sequence[StoredWrite],
    author: str,
    previous: StoredRecord | None,
    now: int,
    forms: Mapping[FormName, Form],
    erased: Collection[str] = (),
) -> StoredRecord:
    """Return the record that all its writes make. `writes`: in the order they arrived; `now`: ms; `forms`: theirs.

    `erased`: paths whose answers no write brings back.
    """
    newest = writes[-1]
    whole = state_of(newest.record, str(newest.home), author, [one.offered for one in writes])
    state = _judged_by(whole, without(whole, erased)) if erased else whole
    shown = values(state)
    deleted = is_deleted(state)
    form = forms.get((state.kind, state.form))
    flags = () if deleted else _flags(state, shown, writes, form)
    state = replace(state, flags=flags) if flags else state
    region = _text(shown, REGION) or (previous.region if previous else _last_region(writes))
    listed = not deleted and (form is None or form.purpose == Purpose.ACTIVITY)
    # Made of writes in their canonical form: nothing in it needs another look.
    stored = compact(to_wire(state)).decode()
    return StoredRecord(
        home=newest.home,
        id=newest.record,
        kind=state.kind,
        form=state.form,
        # A deleted record stays where it was, so that its end is told there.
        region=region,
        author=author,
        date=_day(form, shown) or (previous.date if previous and deleted else ""),
        state=stored,
        digest=compact_digest(compared(state)),
        deleted=deleted,
        disputed=is_disputed(state),
        flags=json.dumps(flags) if flags else NO_FLAGS,
        at=max(one.at for one in writes),
        arrival=newest.arrival,
        made_at=previous.made_at if previous else now,
        changed_at=now,
        read=state,
        listed=listed,
        review=review_of(state).state.value,
        words=stored_words(shown, form, region) if listed else "",
        pictures=tuple(named_in([shown])) if NAMES_A_PICTURE in stored else (),
        counted_as=previous.counted_as if previous else "",
    )


def _judged_by(whole: RecordState, left: RecordState) -> RecordState:
    """Return what an erasure left of a state with the digest by which its content was and is judged."""
    content = content_digest(whole)
    return left if content == content_digest(left) else replace(left, content=content)


def _text(shown: Mapping[str, Json], path: str) -> str:
    value = shown.get(path)
    return value if isinstance(value, str) else ""


def _day(form: Form | None, shown: Mapping[str, Json]) -> str:
    """Return the day of an activity. What is none has no day, so that it never lies beyond a phone's window."""
    return "" if form is not None and form.purpose != Purpose.ACTIVITY else _text(shown, DATE)


def _last_region(writes: Sequence[StoredWrite]) -> str:
    """Return the region that was set last, for a record that was made and deleted in one batch."""
    named = [_text(one.offered.write.sets, REGION) for one in writes]
    return next((region for region in reversed(named) if region), "")


def _flags(
    state: RecordState, shown: Mapping[str, Json], writes: Sequence[StoredWrite], form: Form | None
) -> tuple[str, ...]:
    # Every write was checked against its own form when it came.
    fitting = all(one.offered.write.form == state.form for one in writes)
    today = local_date(max(one.at for one in writes)).isoformat()
    remarks = check_complete(form, shown, today=today, fitting=fitting, erased=state.erased) if form else ()
    flags = [f"{remark.code}:{remark.path}" for remark in remarks]
    said = {flag for one in writes if one.flags != NO_FLAGS for flag in json.loads(one.flags)}
    return (*flags, *(code.value for code in _OF_WRITES if code in said))


def clock_flags(effective: Effective) -> tuple[str, ...]:
    """Return what a write is flagged with for its time."""
    faults = (effective.corrected, not effective.verified)
    return tuple(code.value for code, is_so in zip(CLOCK_CODES, faults, strict=True) if is_so)


def without_erased(stored: StoredWrite, erased: Collection[str]) -> StoredWrite:
    """Return a stored write without its erased values; one that has none stays as it is. Its digest stays."""
    write = stored.offered.write
    left = blanked(stored.replica, write, erased)
    if left is write:
        return stored
    # What it was when it came: its digest is of what the phone said word for word.
    left = replace(left, was=stored.digest)
    return replace(stored, content=compact(to_wire(left)).decode(), read=left)


def feed_rows(
    after: StoredRecord, previous: StoredRecord | None, homes: Mapping[str, int], counters: Counters
) -> list[FeedRow]:
    """Return where a record appears after a change; where it did and no longer does, too."""
    there = homes[home_region(after.region)]
    # In its own home a record appears under the number of its last write, so that one number tells both.
    n = after.arrival if there == after.home else counters.take(there)
    found = [FeedRow(there, after.region, after.id, after.home, n, present=True)]
    if previous is not None and previous.region != after.region:
        left = homes[home_region(previous.region)]
        found.append(FeedRow(left, previous.region, after.id, after.home, counters.take(left), present=False))
    return found


def regions_of(stored: StoredRecord) -> set[str]:
    """Return every region a record may appear in once heads of it are replaced."""
    named = {head.sets.get(REGION) for head in stored_state(stored).heads}
    return {stored.region} | {code for code in named if isinstance(code, str)}


def homes_of(homes: Mapping[str, int], codes: Iterable[str]) -> set[int]:
    """Return the homes in whose feeds the regions are, unknown codes left out."""
    return {homes[home_region(code)] for code in codes if home_region(code) in homes}


def receipt_for(writes: Sequence[StoredWrite], number: int, now: int) -> Receipt:
    """Return the receipt, not yet sealed, for writes that one home accepted in one transaction."""
    ordered = sorted(writes, key=lambda one: one.n)
    return Receipt(
        home=str(ordered[0].home),
        number=number,
        time=now,
        replica=ordered[0].replica,
        numbers=tuple(one.n for one in ordered),
        root=batch_root([one.digest for one in ordered]),
    )


def stored_state(stored: StoredRecord) -> RecordState:
    """Return the state of a stored record."""
    return from_wire(RecordState, json.loads(stored.state))
