"""Drafts as pure values: what a form comes to, for any answers."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lumbung_client.session.drafts import (
    draft_over,
    finished,
    is_untouched,
    new_draft,
    with_answer,
    with_row,
    without_row,
)
from lumbung_client.store.entries import Draft
from lumbung_shared.canonical import Json, digest
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import built_in_forms, rows
from lumbung_shared.protocol import Grant
from lumbung_shared.records import Offered, started, values, with_write
from lumbung_shared.writes import PhoneTime, Write
from tests.client.fakes import START, VILLAGE
from tests.client.phones import HEADLINE, KIND

FORM = built_in_forms()[KIND]
TODAY = "2026-11-22"
WHO, PEOPLE = (item.name for item in FORM.by_name["attendees"].fields[:2])
ROWS = ("0000000000", "0000000001")
texts = st.sampled_from(["", "  ", "a", " b ", "\0", "\ud800x", "é", "e\u0301"])
FILLED = (f"attendees/{ROWS[0]}/{PEOPLE}", 1)
actions = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["place", "rt", HEADLINE, "notes"]), texts | st.none()),
        st.tuples(st.sampled_from([f"attendees/{row}/{PEOPLE}" for row in ROWS]), st.sampled_from([1, 25, "", None])),
        st.tuples(st.sampled_from(["+", "-"]), st.sampled_from(ROWS)),
    ),
    max_size=10,
)


def act(draft: Draft, history: list[tuple[str, Json]]) -> Draft:
    for where, what in history:
        match where:
            case "+":
                draft = with_row(draft, "attendees", str(what), 2)
            case "-":
                draft = without_row(draft, "attendees", str(what), 2)
            case _:
                draft = with_answer(draft, where, what, 2)
                if where.startswith("attendees"):
                    draft = with_answer(draft, where.replace(PEOPLE, WHO), "PKK" if what else None, 2)
    return with_answer(draft, HEADLINE, "Melati", 2)


def fresh() -> Draft:
    return new_draft(FORM, "rec", (Grant(VILLAGE, "cadre"),), START)


@given(first=actions, second=actions)
@example(first=[FILLED], second=[("-", ROWS[0]), FILLED])
@example(first=[FILLED], second=[("-", ROWS[0]), (FILLED[0], 25)])
@settings(deadline=None)
def test_what_is_written_and_edited_is_what_is_shown_afterwards(
    first: list[tuple[str, Json]], second: list[tuple[str, Json]]
) -> None:
    draft = act(fresh(), first)
    done = finished(draft, FORM, TODAY)
    assert done.intent is not None
    write = Write(1, "rec", KIND, 1, done.intent.sets, PhoneTime(1))
    assert digest(to_wire(write))  # has a canonical form, whatever was typed
    assert not done.intent.replaces
    state = started(write, "r", "", "budi")

    over = draft_over(state, 3)
    assert is_untouched(over)
    assert finished(over, FORM, TODAY).intent is None
    edit = act(over, second)
    again = finished(edit, FORM, TODAY)
    assert again.remarks == ()
    if again.intent is not None:
        more = Write(2, "rec", KIND, 1, again.intent.sets, PhoneTime(2), again.intent.replaces)
        state = with_write(state, Offered("r", more))
        assert digest(to_wire(more))
    shown = {path: value for path, value in values(state).items() if value is not None and "/" not in path}
    typed = {path: value for path, value in edit.answers.items() if "/" not in path}
    assert shown == {path: value.strip() for path, value in typed.items() if isinstance(value, str) and value.strip()}
    assert rows("attendees", values(state)) == {
        row: cells for row, found in rows("attendees", edit.answers).items() if (cells := _given(found))
    }
    assert len({(head.replica, path) for head in state.heads for path in head.sets}) == sum(
        len(head.sets) for head in state.heads
    )


def _given(cells: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in cells.items() if name != "$deleted" and value}


@given(history=actions)
@settings(deadline=None)
def test_a_draft_survives_the_store(history: list[tuple[str, Json]]) -> None:
    draft = act(fresh(), history)
    assert from_wire(Draft, to_wire(draft)) == draft


def test_a_person_with_several_villages_or_a_whole_city_chooses_the_region() -> None:
    for grants in (
        (Grant("64.74", "regency-coordinator"),),
        (Grant(VILLAGE, "cadre"), Grant("64.74.01.1001", "cadre")),
    ):
        assert "region" not in new_draft(FORM, "rec", grants, START).answers


def test_a_wrong_type_is_a_remark_where_it_stands() -> None:
    draft = with_answer(with_answer(fresh(), HEADLINE, "Melati", 2), "date", "kemarin", 2)
    assert [(it.code, it.path) for it in finished(draft, FORM, TODAY).remarks] == [("wrong-type", "date")]
    unknown = with_answer(with_answer(fresh(), HEADLINE, "Melati", 2), "nonsense", "x", 2)
    assert [(it.code, it.path) for it in finished(unknown, FORM, TODAY).remarks] == [("unknown-field", "nonsense")]
