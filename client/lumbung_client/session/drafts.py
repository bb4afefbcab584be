"""A form being filled in: from the state of a record to a draft, from a draft to what a write says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lumbung_client.store.entries import Draft, drop
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.queue import Intent
from lumbung_shared.answers import Remark, check_complete, check_write, is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, row_path, rows, turn
from lumbung_shared.ids import row_id
from lumbung_shared.logic import asked, beginning
from lumbung_shared.owners import is_beside
from lumbung_shared.protocol import Grant
from lumbung_shared.records import RecordState, is_mark, replaced_by, values
from lumbung_shared.regions import Level, level
from lumbung_shared.times import local_date
from lumbung_shared.writes import DELETED, PLACE, PhoneTime, Write

REGION, DATE, RT = "region", "date", "rt"
UNTOUCHED_KEPT_MS = 86_400_000
LATELY_MS = 43_200_000
_ROWS_AT_ONCE = 60
NOTHING: Mapping[str, Json] = {}


@dataclass(frozen=True)
class Finished:
    """What a draft comes to: remarks that keep it open, or an intent; neither when nothing was changed."""

    remarks: tuple[Remark, ...] = ()
    intent: Intent | None = None


def new_draft(form: Form, record: str, grants: tuple[Grant, ...], now: int) -> Draft:
    """Return a draft of a new activity of today, in the person's village when they work in exactly one.

    What the form begins with goes before that.
    """
    today = local_date(now).isoformat()
    answers: dict[str, Json] = {}
    if DATE in form.by_name:
        answers[DATE] = today
    if REGION in form.by_name and len(grants) == 1 and level(grants[0].region) is Level.VILLAGE:
        answers[REGION] = grants[0].region
    answers |= beginning(form, today)
    return Draft(record, form.kind, form.version, now, now, answers)


def draft_over(state: RecordState, now: int) -> Draft:
    """Return a draft over a record as the person sees it now; it remembers every head it was made from."""
    shown = {path: value for path, value in values(state).items() if not is_beside(path)}
    answers = {path: value for path, value in shown.items() if not is_blank(value)}
    seen = replaced_by(state, shown)
    taken = tuple(sorted(shown.keys() - {path for head in state.heads for path in head.sets}))
    return Draft(state.record, state.kind, state.form, now, now, answers, answers, seen, is_new=False, taken=taken)


def rebased(draft: Draft, state: RecordState, now: int) -> Draft:
    """Return a draft over a record as it stands now, with what the person had changed in an earlier draft over it."""
    fresh = draft_over(state, now)
    changed = {path for path in {*draft.answers, *draft.before} if draft.answers.get(path) != draft.before.get(path)}
    answers = {path: value for path, value in fresh.answers.items() if path not in changed}
    answers |= {path: value for path, value in draft.answers.items() if path in changed}
    return replace(fresh, answers=answers, opened_at=draft.opened_at, touched=draft.touched)


def is_untouched(draft: Draft) -> bool:
    """Tell whether the person has changed nothing in it."""
    return not draft.touched if draft.is_new else draft.answers == draft.before


def left_open(kept: Iterable[Draft], now: int) -> Draft | None:
    """Return the draft in which something was done last, if that is not long ago. `now`: ms."""
    lately = (draft for draft in kept if not is_untouched(draft) and draft.changed_at >= now - LATELY_MS)
    return max(lately, key=lambda draft: draft.changed_at, default=None)


def outlived(kept: Iterable[Draft], now: int) -> Iterator[Change]:
    """Yield the changes that drop drafts in which nothing was done for a day. `now`: ms."""
    for draft in kept:
        if is_untouched(draft) and draft.opened_at < now - UNTOUCHED_KEPT_MS:
            yield drop(Name.DRAFTS, draft.record)


def with_answer(draft: Draft, path: str, value: Json, now: int) -> Draft:
    """Return the draft with one answer given or cleared; the same draft when that changes nothing."""
    answers = dict(draft.answers)
    value = _storable(value)
    if value is None:
        answers.pop(path, None)
    else:
        answers[path] = value
    return draft if answers == draft.answers else replace(draft, answers=answers, changed_at=now, touched=True)


def next_row(draft: Draft, repeat: str, now: int, randomness: bytes) -> str:
    """Return an id for a new row that comes after the rows there are. `now`: ms; two random bytes."""
    there = rows(repeat, draft.answers)
    last = max((max(turn(row, cells.get(PLACE))) for row, cells in there.items()), default="")
    # Ids sort by the second: those made within one are put into the seconds after it.
    later = (row_id(now + 1000 * seconds, randomness) for seconds in range(_ROWS_AT_ONCE))
    return next((row for row in later if row > last), row_id(now, randomness))


def with_row(draft: Draft, repeat: str, row: str, now: int, begins: Mapping[str, Json] = NOTHING) -> Draft:
    """Return the draft with a new row. The mark that it is not deleted keeps its place until it has answers.

    `begins`: what stands in it from the start, by name.
    """
    draft = with_answer(draft, row_path(repeat, row, DELETED), False, now)
    for name, value in begins.items():
        draft = with_answer(draft, row_path(repeat, row, name), value, now)
    return draft


def without_row(draft: Draft, repeat: str, row: str, now: int) -> Draft:
    """Return the draft without a row: a row the record already had is marked deleted, a new one is forgotten."""
    prefix = row_path(repeat, row, "")
    answers = {path: value for path, value in draft.answers.items() if not path.startswith(prefix)}
    if any(path.startswith(prefix) for path in draft.before):
        answers[prefix + DELETED] = True
    return replace(draft, answers=answers, changed_at=now, touched=True)


def with_row_moved(draft: Draft, repeat: str, row: str, by: int, now: int) -> Draft:
    """Return the draft with a row so many places later, or earlier if below 0; the same where there is no such place.

    Each row is given the turn of the row that would stand there had nobody moved any: what nobody moved says nothing,
    and two people who move rows take none from each other.
    """
    order = list(rows(repeat, draft.answers))
    place = order.index(row) + by if row in order else -1
    if not 0 <= place < len(order):
        return draft
    order.remove(row)
    order.insert(place, row)
    for own, one in zip(sorted(order), order, strict=True):
        draft = with_answer(draft, row_path(repeat, one, PLACE), None if own == one else own, now)
    return draft


def finished(draft: Draft, form: Form, today: str, erased: Collection[str] = ()) -> Finished:
    """Return what the draft says: texts trimmed, blank answers and blank rows left out, only what changed.

    What the form does not ask as things stand is not said, and what was said of it before is taken back. `today`: ISO
    day; `erased`: paths whose answers were erased on request, and that nobody is asked for any more.
    """
    answers = _cleaned(draft, form, today)
    remarks = check_complete(form, answers, today=today, erased=erased)
    if remarks:
        return Finished(remarks)
    gone = tuple(_rows_now_deleted(answers, draft.before))
    decided = {prefix + DELETED for prefix in gone}
    sets = {path: value for path, value in answers.items() if value != draft.before.get(path) or path in decided}
    for path in draft.before:
        if path not in answers and not path.startswith(gone):
            sets[path] = None
    for path in draft.taken:
        # What a deletion took away stands there again only when it is said once more.
        if path in answers and not _is_under_a_mark(path, answers):
            sets[path] = answers[path]
    if not sets:
        return Finished()
    replaces = {path: heads for path, heads in draft.seen.items() if path in sets or path.startswith(gone)}
    remark = check_write(form, Write(0, draft.record, draft.kind, draft.form, sets, PhoneTime(0)))
    if remark is not None:
        return Finished((remark,))
    return Finished(intent=Intent(draft.record, draft.kind, draft.form, sets, replaces))


def _cleaned(draft: Draft, form: Form, today: str) -> dict[str, Json]:
    """Return the answers that count: those that were given and are asked, and which rows there are."""
    given = _given(draft, form)
    # Who looks at a form and changes nothing takes nothing back of what it does not ask.
    answers = dict(given) if given == draft.before else asked(form, given, today)
    for prefix in list(_rows(form, answers)):
        if not _cells(prefix, given) and answers.get(prefix + DELETED) is not True:
            # Nothing was answered in the row.
            answers.pop(prefix + DELETED, None)
            answers.pop(prefix + PLACE, None)
    for prefix in _rows(form, draft.before):
        if not _cells(prefix, answers) and answers.get(prefix + DELETED) is not False:
            answers[prefix + DELETED] = True
    if answers.get(DELETED) is True and answers != draft.before:
        answers[DELETED] = False  # deleted elsewhere; who goes on filling it in wants it kept
    return {path: value for path, value in answers.items() if not _is_needless(path, value, answers, draft.before)}


def _given(draft: Draft, form: Form) -> dict[str, Json]:
    """Return what is not blank. An answer that was not touched stays as it is, whoever wrote it how."""
    given: dict[str, Json] = {}
    for path, value in draft.answers.items():
        kept = value if draft.before.get(path) == value else _trimmed(value)
        if not is_blank(kept):
            given[path] = kept
    for prefix in _rows(form, draft.before):
        mark, cells = prefix + DELETED, _cells(prefix, given)
        if cells and given.get(mark) is True and _goes_on(cells, mark, given, draft.before):
            given[mark] = False  # the row was removed; who goes on filling it in wants it kept
    return given


def _is_under_a_mark(path: str, answers: Mapping[str, Json]) -> bool:
    marks = (mark for mark, value in answers.items() if value is True and is_mark(mark))
    return any(path.startswith(mark.removesuffix(DELETED)) and path != mark for mark in marks)


def _goes_on(cells: list[str], mark: str, answers: Mapping[str, Json], before: Mapping[str, Json]) -> bool:
    """Tell whether the person filled in a removed row: removed in this form before, or elsewhere and now changed."""
    return before.get(mark) is not True or any(answers[path] != before.get(path) for path in cells)


def _rows_now_deleted(answers: Mapping[str, Json], before: Mapping[str, Json]) -> Iterator[str]:
    """Yield the beginning of the paths of rows that are removed, and were not, or not wholly, removed before."""
    for mark, value in answers.items():
        prefix = mark.removesuffix(DELETED)
        if prefix.endswith("/") and prefix != mark and value is True:
            left, stood = _cells(prefix, answers), _cells(prefix, before)
            if not left and (stood or before.get(mark) is not True):
                yield prefix


def _cells(prefix: str, answers: Mapping[str, Json]) -> list[str]:
    marks = (prefix + DELETED, prefix + PLACE)
    return [path for path in answers if path.startswith(prefix) and path not in marks]


def _rows(form: Form, answers: Mapping[str, Json]) -> Iterator[str]:
    """Yield the beginning of the paths of each row, `repeat/row/`, once."""
    repeats = {item.name for item in form.questions if item.has_rows}
    split = (path.split("/") for path in answers)
    found = (parts for parts in split if len(parts) == 3 and parts[0] in repeats)
    yield from dict.fromkeys(row_path(parts[0], parts[1], "") for parts in found)


def _is_needless(path: str, value: Json, answers: Mapping[str, Json], before: Mapping[str, Json]) -> bool:
    """Tell whether a path only says that a row is there, of which its answers tell."""
    is_mark_of_row = path.endswith("/" + DELETED) and value is False and path not in before
    return is_mark_of_row and bool(_cells(path.removesuffix(DELETED), answers))


def _trimmed(value: Json) -> Json:
    if isinstance(value, str):
        return value.strip()
    return value


def _storable(value: Json) -> Json:
    """Return the value without what no canonical form has: NUL and halves of surrogate pairs in texts."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(item) for item in value]
    return value
