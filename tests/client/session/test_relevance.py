"""What a form does not ask now: nothing typed is lost while that changes, nothing of it is said, what was said goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung_client.session.drafts import draft_over, finished, new_draft, with_answer, with_row, without_row
from lumbung_client.session.findings import FORMS_HELD, Findings
from lumbung_client.store.entries import Draft
from lumbung_shared.canonical import Json
from lumbung_shared.forms import row_path
from lumbung_shared.logic import consequences
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.records import Offered, RecordState, started, values, with_write
from lumbung_shared.writes import DELETED, PhoneTime, Write
from tests.client.every_type import KIND, offered, ruled
from tests.client.fakes import START, VILLAGE
from tests.client.phones import enrolled, settled

FORM = ruled()
TODAY = "2026-11-22"
ROWS = ("0000000000", "0000000001")
WHAT, KILOS, PRICE, PROOF = (
    [row_path("sales", row, name) for row in ROWS] for name in ("what", "kilos", "price", "proof")
)
PHOTO: Json = {"sha256": "a" * 64, "bytes": 1, "width": 1, "height": 1}
actions = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.sampled_from([True, False, None])),
        st.tuples(st.sampled_from(["why_closed", *WHAT]), st.sampled_from(["", " ", "Sakit", " Beras "])),
        st.tuples(st.sampled_from(KILOS), st.sampled_from(["1", "2.5", None])),
        st.tuples(st.sampled_from(PRICE), st.sampled_from([1000, 200_000, None])),
        st.tuples(st.sampled_from(PROOF), st.sampled_from([PHOTO, None])),
        st.tuples(st.sampled_from(["+", "-"]), st.sampled_from(ROWS)),
    ),
    max_size=12,
)


def fresh() -> Draft:
    return with_answer(new_draft(FORM, "rec", (Grant(VILLAGE, "cadre"),), START), "name", "Bu Nur", 2)


def act(draft: Draft, history: Iterable[tuple[str, Json]]) -> Draft:
    """Do what the person does; then give what is required, so that the form can be finished."""
    for where, what in history:
        if where == "+":
            draft = with_row(draft, "sales", str(what), 2)
        elif where == "-":
            draft = without_row(draft, "sales", str(what), 2)
        else:
            draft = with_answer(draft, where, what, 2)
    for remark in finished(draft, FORM, TODAY).remarks:
        assert remark.code == Code.MISSING_REQUIRED
        draft = with_answer(draft, remark.path, "Ada", 2)
    return draft


def said(draft: Draft) -> dict[str, Json]:
    done = finished(draft, FORM, TODAY)
    assert done.remarks == ()
    return dict(done.intent.sets) if done.intent else {}


def sent(draft: Draft) -> RecordState:
    return started(Write(1, "rec", KIND, 1, said(draft), PhoneTime(1)), "r", "", "budi")


def hidden_in(answers: dict[str, Json]) -> set[str]:
    """Return the given answers that the form does not ask."""
    given = {path: value for path, value in answers.items() if value is not None and not path.endswith(DELETED)}
    found = consequences(FORM, answers, TODAY).hidden
    return {path for path in given if path in found or path.partition("/")[0] in found}


@given(history=actions, toggles=st.lists(st.sampled_from([True, False, None]), max_size=5))
@settings(deadline=None)
def test_toggling_what_is_asked_loses_nothing_that_was_typed(
    history: list[tuple[str, Json]], toggles: list[Json]
) -> None:
    draft = act(fresh(), history)
    after = draft
    for value in (*toggles, draft.answers.get("open")):
        after = with_answer(after, "open", value, 3)
    assert after.answers == draft.answers


@given(first=actions, second=actions)
@settings(deadline=None)
def test_a_hidden_answer_is_never_said_and_one_that_was_sent_is_taken_back(
    first: list[tuple[str, Json]], second: list[tuple[str, Json]]
) -> None:
    draft = act(fresh(), first)
    assert hidden_in(said(draft)) == set()
    state = sent(draft)
    over = draft_over(state, 3)
    assert said(over) == {}, "who changes nothing says nothing"
    again = finished(act(over, second), FORM, TODAY)
    assert again.remarks == ()
    if again.intent is not None:
        write = Write(2, "rec", KIND, 1, again.intent.sets, PhoneTime(2), again.intent.replaces)
        state = with_write(state, Offered("r", write))
    assert hidden_in(values(state)) == set()
    assert not [path for path in values(state) if path.rpartition("/")[2] in ("worth", "total")]


@given(history=actions)
@settings(deadline=None)
def test_what_is_found_step_by_step_is_what_is_found_at_once(history: list[tuple[str, Json]]) -> None:
    findings, draft = Findings(lambda: TODAY), fresh()
    for step in history:
        draft = act(draft, [step])
        found, wanted = findings.of("rec", FORM, draft.answers), consequences(FORM, draft.answers, TODAY)
        assert (found.hidden, found.required) == (wanted.hidden, wanted.required)
        assert dict(found.calculated) == dict(wanted.calculated)


def test_an_answer_that_somebody_else_hid_stays_until_the_form_is_changed() -> None:
    state = sent(act(fresh(), [("open", False), ("why_closed", "Sakit")]))
    other = Write(1, "rec", KIND, 1, {"open": True}, PhoneTime(2), {"open": (("r", 1),)})
    state = with_write(state, Offered("s", other))
    over = draft_over(state, 3)
    assert said(over) == {}
    assert said(with_answer(over, "buyers", 12, 3)) == {"buyers": 12, "why_closed": None}


def test_rows_of_a_repeat_that_is_no_longer_asked_are_deleted_and_come_back_with_it() -> None:
    state = sent(act(fresh(), [("open", True), (WHAT[0], "Beras"), (KILOS[0], "2")]))
    over = draft_over(state, 3)
    closed = act(over, [("open", False)])
    assert said(closed) == {"open": False, "why_closed": "Ada", row_path("sales", ROWS[0], DELETED): True}
    assert said(act(closed, [("open", True)])) == {}, "the form still holds the rows"


def test_a_row_of_which_everything_is_hidden_is_still_a_row() -> None:
    draft = act(fresh(), [("open", True), (WHAT[0], "Beras"), (PRICE[0], 200_000), (PROOF[0], PHOTO)])
    state = sent(draft)
    edit = draft_over(state, 3)
    for path in (WHAT[0], PRICE[0]):
        edit = with_answer(edit, path, None, 3)
    row = row_path("sales", ROWS[0], "")
    done = finished(edit, FORM, TODAY)
    assert [remark.path for remark in done.remarks] == [WHAT[0]], "a row is there, and has to say what was sold"
    assert not [path for path in said(act(edit, [])) if path == row + DELETED]


def test_answers_break_the_forms_rules_in_its_own_words_and_what_is_not_offered_is_kept() -> None:
    draft = act(fresh(), [("district", "utara"), ("market", "citra"), ("buyers", 12)])
    assert said(draft)["market"] == "citra"
    moved = with_answer(with_answer(draft, "district", "selatan", 3), "buyers", 501, 3)
    remarks = {remark.path: remark for remark in finished(moved, FORM, TODAY).remarks}
    assert moved.answers["market"] == "citra"
    assert remarks["market"].code == Code.NOT_OFFERED
    assert remarks["buyers"].message == FORM.by_name["buyers"].constraint_message
    assert [option.value for option in consequences(FORM, moved.answers, TODAY).options("market")] == ["rawa"]


def test_a_new_form_and_a_new_row_begin_with_their_defaults() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = session.start_draft(KIND)
            assert session.activities() == [], "nobody has done anything in it"
            row = session.add_row(record, "sales")
            draft = session.draft(record)
            assert draft is not None
            assert draft.answers["code"] == "KP-01"
            assert draft.answers["region"] == VILLAGE
            assert draft.answers[row_path("sales", row, "price")] == 5000
            assert session.add_row("nobody", "sales") == ""

    with offered(FORM):
        asyncio.run(run())


def test_a_sent_activity_is_read_by_the_day_it_was_recorded() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = session.start_draft(KIND)
            session.answer(record, "name", "Bu Nur")
            assert session.finish(record) == ()
            await settled(session)
            phone.clock.tick(40 * 86_400_000)
            view = session.activity(record)
            assert view is not None
            assert view.day == TODAY
            assert view.remarks == ()
            assert session.today() == "2027-01-01"

    with offered(FORM):
        asyncio.run(run())


def test_no_more_forms_are_remembered_than_are_open() -> None:
    findings, draft = Findings(lambda: TODAY), fresh()
    found = findings.of("first", FORM, draft.answers)
    assert findings.of("first", FORM, draft.answers) is found
    for record in range(FORMS_HELD):
        findings.of(str(record), FORM, draft.answers)
    assert findings.of("first", FORM, draft.answers) is not found
