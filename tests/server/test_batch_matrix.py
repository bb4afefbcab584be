"""What a hostile batch may hold, by whose answer it is, for every role and place: a table, and that nothing changed.

Answers of an activity are its author's, those of a register belong to everybody of its region, a *bentrok* may also be
ended by who coordinates there, a review is theirs alone, and what the server says of a record is nobody's to write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest

from lumbung_shared.codec import to_wire
from lumbung_shared.records import RecordState, replaced_by, values
from lumbung_shared.review import JUDGEMENT, talk_path
from lumbung_shared.writes import DELETED, Write
from tests.databases import POSTGRESQL, SQLITE
from tests.server.cameras import answer
from tests.server.phones import GUNTUNG, LOK_TUAN, UTARA, Phone, activity, add_code, add_person, database
from tests.server.test_authority_matrix import CASES, INSIDE, Asking, Post, World, coordinates, shown
from tests.servers import LumbungServer

ENTRY, ENTRY_FORM = "waste-bank", 1
_judges = count(1)
NOTHING: Mapping[str, tuple[tuple[str, int], ...]] = {}
"""What a write replaces whose maker saw nothing of what stands there."""


@pytest.fixture(scope="module", params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.full)])
def kind(request: pytest.FixtureRequest) -> str:
    """The same decisions on either database; on both in `make test-all`."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def world(server: LumbungServer) -> World:
    return World(server)


def home_of(phone: Phone) -> str:
    return phone.admission.grants[0].region


def bentrok(asking: Asking) -> RecordState:
    """The target's record with two values of one answer, neither of which knew the other."""
    owner, record = asking.target.owner, asking.target.record
    other = Phone(owner.server, owner.person)
    for phone, stage in ((owner, "execution"), (other, "accountability")):
        state = owner.records[record]
        names = replaced_by(state, {"stage"}) if phone is owner else NOTHING
        made = phone.write({"stage": stage}, record=record, kind=state.kind, form=state.form, replaces=names)
        outcome = phone.sync(made).outcomes[0]
        assert outcome.result == "accepted", outcome
    owner.cursor = ""
    owner.sync_all()
    return owner.records[record]


def into(asking: Asking, state: RecordState, sets: Mapping[str, Any], paths: set[str] | None = None) -> Write:
    """A write into a record as somebody makes it who has seen all of it."""
    replaced = replaced_by(state, paths or set(sets))
    return asking.phone.write(sets, record=state.record, kind=state.kind, form=state.form, replaces=replaced)


def others(asking: Asking, sets: Mapping[str, Any]) -> Write:
    return into(asking, asking.target.owner.records[asking.target.record], sets)


def half_of(asking: Asking, state: RecordState) -> Write:
    """A write that replaces one of two values that stand beside each other."""
    one = next(head for head in state.heads if "stage" in head.sets)
    names = {"stage": ((one.replica, one.n),)}
    return asking.phone.write(
        {"stage": "planning"}, record=state.record, kind=state.kind, form=state.form, replaces=names
    )


def row_taken_out(asking: Asking) -> Write:
    state = asking.target.owner.records[asking.target.record]
    row = next(path for head in state.heads for path in head.sets if path.startswith("work_photos/"))
    return into(asking, state, {f"{row.rpartition('/')[0]}/{DELETED}": True}, {row})


def entry(phone: Phone, region: str) -> RecordState:
    made = phone.log({"region": region, "name": "Sehati"}, kind=ENTRY, form=ENTRY_FORM)
    return phone.records[made]


def reviewed(asking: Asking) -> RecordState:
    """The target's record with what somebody who coordinates there said of it, as everybody there is told."""
    return said_of(asking, {VERDICT: "returned"})


def said_of(asking: Asking, sets: Mapping[str, Any]) -> RecordState:
    owner = asking.target.owner
    state = owner.records[asking.target.record]
    judge = Phone(owner.server, add_person(owner.server, f"penilai-{next(_judges)}", ("64", "administrator")))
    said = judge.write(sets, record=state.record, kind=state.kind, form=state.form, replaces=NOTHING)
    assert judge.sync(said).outcomes[0].result == "accepted"
    owner.sync_all()
    return owner.records[asking.target.record]


def review_taken_away(asking: Asking) -> Write:
    state = reviewed(asking)
    names = replaced_by(state, {VERDICT})
    return asking.phone.write({}, record=state.record, kind=state.kind, form=state.form, replaces=names)


def others_entry(asking: Asking, sets: Mapping[str, Any]) -> Write:
    return into(asking, entry(asking.target.owner, asking.target.region), sets)


def entry_deleted(asking: Asking) -> Write:
    state = entry(asking.target.owner, asking.target.region)
    return into(asking, state, {DELETED: True}, {path for head in state.heads for path in head.sets})


def own_entry_moved_there(asking: Asking) -> Write:
    return into(asking, entry(asking.phone, home_of(asking.phone)), {"region": asking.target.region})


def another_kind(asking: Asking) -> Write:
    sets = activity(home_of(asking.phone), "Milik saya")
    return asking.phone.write(sets, record=asking.target.record, kind="other", form=1, replaces=NOTHING)


def own_record(asking: Asking, sets: Mapping[str, Any]) -> Write:
    record = asking.phone.log(activity(home_of(asking.phone)))
    return into(asking, asking.phone.records[record], sets)


def replacing_others(asking: Asking) -> Write:
    """A new record of one's own that says of somebody else's answers that it replaces them."""
    state = asking.target.owner.records[asking.target.record]
    sets = activity(home_of(asking.phone), "Pengganti")
    names = {path: tuple((head.replica, head.n) for head in state.heads) for path in sets}
    return asking.phone.write(sets, replaces=names)


def everybody(code: str) -> Callable[[Post, str], str]:
    return lambda _, __: code


def of_the_region(_: Post, place: str) -> str:
    return "" if place == INSIDE else "not-the-author"


def of_its_coordinators(post: Post, place: str) -> str:
    return "" if place == INSIDE and coordinates(post) else "not-the-author"


def coordinators(beside: str) -> Callable[[Post, str], str]:
    """Who coordinates there may; everybody else may not, and hears that it is not theirs. `beside`: what becomes of it
    at the hands of those who may."""
    return lambda post, place: beside if place == INSIDE and coordinates(post) else "field-reserved"


VERDICT = "$review/verdict"
VERIFIED = {"verdict": "verified", "content": "ab" * 32}
COMMENT = talk_path("zzzzzzzzzz")
AUTHORS = everybody("not-the-author")
TABLE: Mapping[str, tuple[Callable[[Asking], Write], Callable[[Post, str], str]]] = {
    # An activity's answers are its author's.
    "an answer over what stands": (lambda it: others(it, {"stage": "execution"}), AUTHORS),
    "an answer beside it, unseen": (
        lambda it: it.phone.write(
            {"stage": "execution"}, record=it.target.record, kind="produta-facilitation", form=2, replaces=NOTHING
        ),
        AUTHORS,
    ),
    "an answer emptied": (lambda it: others(it, {"stage": None}), AUTHORS),
    "its day": (lambda it: others(it, {"date": "2020-01-01"}), AUTHORS),
    "its region, to one's own": (lambda it: others(it, {"region": home_of(it.phone)}), AUTHORS),
    "one more photo in it": (
        lambda it: others(it, {"work_photos/zzzzzzzzzz/photo": answer(it.target.photo)}),
        AUTHORS,
    ),
    "a photo taken out of it": (row_taken_out, AUTHORS),
    "another kind under its name": (another_kind, everybody("kind-changed")),
    # A bentrok in it is ended by who coordinates there, and nothing else along with it.
    "a bentrok ended": (lambda it: into(it, bentrok(it), {"stage": "execution"}), of_its_coordinators),
    "a bentrok ended with a third value": (
        lambda it: into(it, bentrok(it), {"stage": "planning"}),
        of_its_coordinators,
    ),
    "a bentrok ended, and a day changed": (
        lambda it: into(it, bentrok(it), {"stage": "execution", "date": "2020-01-01"}),
        AUTHORS,
    ),
    "one half of a bentrok": (
        lambda it: half_of(it, bentrok(it)),
        AUTHORS,
    ),
    # A register's entries belong to who works there.
    "an entry's name": (lambda it: others_entry(it, {"name": "Sehati Jaya"}), of_the_region),
    "an entry deleted": (entry_deleted, of_the_region),
    "an entry taken home": (lambda it: others_entry(it, {"region": home_of(it.phone)}), of_the_region),
    "an entry of one's own moved there": (
        own_entry_moved_there,
        lambda _, place: "" if place == INSIDE else "region-not-granted",
    ),
    # What no form asks is nobody's, in a record of one's own either.
    "a question of another form": (lambda it: own_record(it, {"review": "approved"}), everybody("unknown-field")),
    "a mark that there is not": (lambda it: own_record(it, {"$lacks": []}), everybody("unknown-field")),
    # A review is written by who coordinates the record's region, whoever made the record.
    "a review": (lambda it: others(it, {VERDICT: "verified"}), coordinators("")),
    "a comment of a review": (lambda it: others(it, {"$review/zzzzzzzzzz/text": "Lengkapi"}), coordinators("")),
    "a review over another's": (lambda it: into(it, reviewed(it), {VERDICT: "verified"}), coordinators("")),
    "a review taken away": (review_taken_away, coordinators("")),
    "a review, and an answer along with it": (
        lambda it: others(it, {VERDICT: "verified", "stage": "execution"}),
        coordinators("not-the-author"),
    ),
    "a review of an entry": (lambda it: others_entry(it, {VERDICT: "verified"}), coordinators("")),
    "a review that is no such thing": (lambda it: others(it, {VERDICT: 5}), everybody("wrong-type")),
    "a review of one's own record": (
        lambda it: own_record(it, {VERDICT: "verified"}),
        lambda post, _: "" if coordinates(post) else "field-reserved",
    ),
    "a record that begins with its review": (
        lambda it: it.phone.write({**activity(home_of(it.phone)), VERDICT: "verified"}),
        everybody("field-reserved"),
    ),
    "a judgement": (lambda it: others(it, {JUDGEMENT: VERIFIED}), coordinators("")),
    "a judgement without its reason": (
        lambda it: others(it, {JUDGEMENT: {**VERIFIED, "verdict": "returned"}}),
        everybody("wrong-type"),
    ),
    # A comment is said by the author or by who coordinates there, and changed by nobody else.
    "a comment": (lambda it: others(it, {COMMENT: "Lengkapi"}), coordinators("")),
    "a comment on one's own record": (lambda it: own_record(it, {COMMENT: "Sudah"}), everybody("")),
    "a record that begins with a comment": (
        lambda it: it.phone.write({**activity(home_of(it.phone)), COMMENT: "Foto menyusul"}),
        everybody(""),
    ),
    "somebody else's comment": (
        lambda it: into(it, said_of(it, {COMMENT: "Lengkapi"}), {COMMENT: "Bagus"}),
        everybody("field-reserved"),
    ),
    "a comment that is no text": (lambda it: others(it, {COMMENT: 5}), everybody("wrong-type")),
    "a word of the server's": (lambda it: own_record(it, {"$server/lacks": []}), everybody("field-reserved")),
    "a word of the server's on others'": (lambda it: others(it, {"$server/seen": 1}), everybody("field-reserved")),
    "an author": (lambda it: own_record(it, {"author": it.target.owner.person}), everybody("unknown-field")),
    # Taken, for it is one's own; what it says about others means nothing.
    "a record that claims to replace others'": (replacing_others, everybody("")),
}


def stands(world: World, record: str) -> list[Any]:
    """Everything that is stored of a record."""
    with database(world.server) as connection:
        rows = connection.execute("SELECT * FROM record WHERE id = ?", (record,)).fetchall()
        return rows + connection.execute("SELECT * FROM write WHERE record = ?", (record,)).fetchall()


@pytest.mark.parametrize("case", [case for case in CASES if case[0].region], ids=shown)
def test_every_answer_is_written_by_whom_the_table_says_and_nobody_else(world: World, case: tuple[Post, str]) -> None:
    post, place = case
    found, expected = {}, {}
    phone, target = world.person((post.region, post.role)), world.target(post.places[place])
    for name, (made, verdict) in TABLE.items():
        asking = Asking(phone, target)
        write = made(asking)
        records = {write.record, asking.target.record}
        before = [stands(world, record) for record in sorted(records)]
        found[name] = asking.phone.sync(write).outcomes[0].code
        expected[name] = verdict(post, place)
        if found[name]:
            assert [stands(world, record) for record in sorted(records)] == before, name
            continue
        if write.record == asking.target.record:
            target = world.target(post.places[place])
        else:
            assert stands(world, asking.target.record) == before[sorted(records).index(asking.target.record)], name
    assert found == expected


def test_the_author_of_a_reviewed_record_edits_and_deletes_it_and_leaves_the_review_alone(world: World) -> None:
    """No write of theirs takes the review away, a deletion neither; and it stands there again once that is undone."""
    target = world.target(GUNTUNG)
    asking = Asking(target.owner, target)
    state = reviewed(asking)
    edit = into(asking, state, {"stage": "execution"})
    assert target.owner.sync(edit).outcomes[0].code == ""
    target.owner.sync_all()
    assert target.owner.shown(target.record)[VERDICT] == "returned"
    gone = target.owner.sync(review_taken_away(Asking(target.owner, world.target(GUNTUNG)))).outcomes[0]
    assert (gone.code, gone.path) == ("field-reserved", VERDICT)
    state = target.owner.records[target.record]
    everything = {path for head in state.heads for path in head.sets}
    gone = target.owner.sync(into(asking, state, {DELETED: True}, everything)).outcomes[0]
    assert (gone.code, gone.path) == ("field-reserved", VERDICT)
    answers = everything - {VERDICT}
    deletion = into(asking, state, {DELETED: True}, answers)
    assert target.owner.sync(deletion).outcomes[0].code == ""
    world.chief.sync_all()
    assert target.record not in world.chief.records or world.chief.records[target.record].heads == ()
    shown_ = values(state)
    mark = {DELETED: ((target.owner.replica, deletion.n),)}
    back = {DELETED: False, **{path: shown_[path] for path in answers}}
    again = target.owner.write(back, record=state.record, kind=state.kind, form=state.form, replaces=mark)
    assert target.owner.sync(again).outcomes[0].code == ""
    world.chief.cursor = ""
    world.chief.sync_all()
    assert world.chief.shown(target.record)[VERDICT] == "returned"


def test_what_a_batch_says_about_its_author_time_and_place_is_not_believed(world: World) -> None:
    """A newer phone's keys are kept to the byte, and so are these; nobody reads them."""
    phone, chief = world.person((GUNTUNG, "cadre")), world.person((UTARA, "district-coordinator"))
    made = phone.write(activity(GUNTUNG, "Atas nama sendiri"))
    lies = {
        "person": chief.person,
        "by": chief.person,
        "author": chief.person,
        "at": 1,
        "home": "64.72",
        "flags": ["x"],
    }
    outcome = phone.sync({**to_wire(made), **lies}, person=chief.person).outcomes[0]
    assert (outcome.result, outcome.flags) == ("accepted", ())
    chief.sync_all()
    state = chief.records[made.record]
    assert (state.author, state.heads[0].by, state.flags) == (phone.person, phone.person, ())
    assert abs(state.heads[0].at - outcome.at) == 0
    assert outcome.at > 1


def test_a_record_cannot_be_carried_over_a_border_that_only_one_side_of_is_granted(world: World) -> None:
    """A region change needs both sides: out of what one may write, into what one may write."""
    phone = world.person((GUNTUNG, "cadre"))
    record = phone.log(activity(GUNTUNG))
    outcome = phone.sync(phone.write({"region": LOK_TUAN}, record=record)).outcomes[0]
    assert (outcome.code, outcome.path) == ("region-not-granted", "region")
    both = world.person((GUNTUNG, "cadre"), (LOK_TUAN, "cadre"))
    record = both.log(activity(GUNTUNG))
    moved = both.write({"region": LOK_TUAN}, record=record)
    assert both.sync(moved).outcomes[0].code == ""
    neighbour = world.person((LOK_TUAN, "cadre"))
    neighbour.sync_all()
    assert neighbour.records[record].author == both.person


def test_a_code_cannot_be_redeemed_in_somebody_elses_store(world: World) -> None:
    """The name of a store says who writes: nobody takes it over, not even with a good code of their own."""
    mine, theirs = world.person((GUNTUNG, "cadre")), world.person((GUNTUNG, "cadre"))
    code = add_code(world.server, mine.person)
    answered = mine.tell("enrol", {"code": code, "replica": theirs.replica, "device": ""})
    assert (answered.status_code, answered.json()["code"]) == (409, "replica-taken")
