"""Versions of a kind side by side: each write stands by the one it names, and a record may hold writes of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung_shared import editing
from lumbung_shared.answers import check_complete, check_write
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, field_at, row_path
from lumbung_shared.ids import row_id
from lumbung_shared.logic import with_calculated
from lumbung_shared.problems import Code
from lumbung_shared.records import Offered, RecordState, is_disputed, replaced_by, state_of, values
from lumbung_shared.writes import PhoneTime, Write
from tests.shared.test_answers import answers_to
from tests.shared.test_editing import FORMS, changes

RECORD = "0192f3c5-0000-7000-8000-000000000001"
TODAY = "2026-11-22"
ROWS = [row_id(1_795_305_600_000 + n, bytes([n]) * 10) for n in range(2)]
series = st.lists(changes(), min_size=1, max_size=8)


def next_version(form: Form, edits: list[Callable[[Form], Form]]) -> Form:
    """Return the form after changes such as coordinators make, as the next version of its kind."""
    after = form
    for change in edits:
        after, _ = editing.attempted(after, change)
    return replace(after, version=form.version + 1)


def said(form: Form, row: str) -> st.SearchStrategy[dict[str, Json]]:
    """Draw answers that somebody may give to a version, one row of each repeat among them."""
    there = {one.name: answers_to(one) for one in form.questions if one.is_answered}
    for one in form.questions:
        there |= {row_path(one.name, row, cell.name): answers_to(cell) for cell in one.cells if cell.is_answered}
    return st.fixed_dictionaries({}, optional={path: st.sampled_from(known) for path, known in there.items()})


def wrote(form: Form, n: int, sets: dict[str, Json], seen: RecordState | None = None) -> Write:
    replaces = replaced_by(seen, sets) if seen else {}
    return Write(n, RECORD, form.kind, form.version, sets, PhoneTime(n), replaces)


def merged(*offered: Offered) -> RecordState:
    return state_of(RECORD, "64.74", "budi", offered)


@settings(deadline=None)
@given(st.data())
def test_writes_by_two_versions_of_a_kind_make_a_record_that_both_understand(data: st.DataObject) -> None:
    """One phone had not heard of the new version yet. Nothing is refused, lost or unreadable for that."""
    old = data.draw(st.sampled_from(FORMS))
    new = next_version(old, data.draw(series))
    begun = Offered("a", wrote(old, 1, data.draw(said(old, ROWS[0]))))
    seen = merged(begun)
    by_old = Offered("a", wrote(old, 2, data.draw(said(old, ROWS[0])), seen))
    by_new = Offered("b", wrote(new, 1, data.draw(said(new, ROWS[1])), seen))
    for form, offered in ((old, begun), (old, by_old), (new, by_new)):
        assert check_write(form, offered.write) is None

    state = merged(begun, by_old, by_new)
    assert state == merged(by_new, by_old, begun)
    assert state.form == new.version
    given = values(state)
    contested = by_old.write.sets.keys() & by_new.write.sets.keys()
    last = {**begun.write.sets, **by_old.write.sets, **by_new.write.sets}
    assert given.keys() == last.keys()
    assert all(given[path] == value for path, value in last.items() if path not in contested)
    assert contested or not is_disputed(state)
    for form in (old, new):
        assert all(field_at(form, path) is not None for path in given)
        # What is read of it is what was said, or was worked out from it.
        read = with_calculated(form, given, TODAY)
        assert all(read[path] == given[path] for path in read.keys() & given.keys())


@settings(deadline=None)
@given(st.data())
def test_of_what_was_said_by_an_older_version_only_an_option_may_be_missing_in_a_newer_one(data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(FORMS))
    new = next_version(old, data.draw(series))
    answers = data.draw(said(old, ROWS[0]))
    before = {(remark.code, remark.path) for remark in check_complete(old, answers, today=TODAY)}
    after = {(remark.code, remark.path) for remark in check_complete(new, answers, today=TODAY)}
    for code, path in after - before:
        item = field_at(new, path) or new.by_name[path]
        assert code == Code.MISSING_REQUIRED or (code in (Code.WRONG_TYPE, Code.NOT_OFFERED) and item.options)
