"""Erasures and reviews: what was verified stays verified, and what was said about a record can be erased, too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lumbung_shared.erasure import ERASED_TEXT, blanked
from lumbung_shared.protocol import ERASED_NAME
from lumbung_shared.review import (
    JUDGEMENT,
    REASON,
    Judgement,
    ReviewState,
    Verdict,
    comments_of,
    content_digest,
    judgement_value,
    review_of,
    talk_path,
)
from lumbung_shared.writes import Write
from tests.databases import POSTGRESQL, SQLITE
from tests.server.phones import GUNTUNG, UTARA, Phone, activity, database, roster
from tests.server.test_erasing import LEADER, TOOLS, group, ran, stored
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

TOOLS_PATH = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
ROW, OTHER_ROW = "0000000abc", "0000000abd"


@pytest.fixture
def made(tmp_path: Path, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server of its own for each test: what is erased does not come back."""
    environment = {"LUMBUNG_DATABASE_URL": addressed(tmp_path), "PATH": TOOLS_PATH}
    with LumbungServer(tmp_path / "var", environment=environment) as server:
        yield server


@pytest.fixture
def cadre(made: LumbungServer) -> Phone:
    return Phone(made, roster(GUNTUNG).person.id)


@pytest.fixture
def desk(made: LumbungServer) -> Phone:
    return Phone(made, roster(UTARA).person.id)


def said(phone: Phone, record: str, sets: Mapping[str, Any]) -> Write:
    state = phone.records[record]
    write = phone.write(sets, record=record, kind=state.kind, form=state.form)
    assert phone.sync(write).outcomes[0].result == "accepted"
    return write


def judgement(phone: Phone, record: str, verdict: Verdict, reason: str = "") -> Any:
    return judgement_value(Judgement(verdict, content_digest(phone.records[record]), reason))


def stands(phone: Phone, record: str) -> ReviewState:
    phone.sync_all()
    return review_of(phone.records[record]).state


def test_what_was_verified_stays_verified_when_a_personal_answer_is_erased(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(group(), kind="group")
    desk.sync_all()
    said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.VERIFIED)})
    ran(made, "erase", "record", record)
    for phone in (cadre, desk):
        assert stands(phone, record) is ReviewState.VERIFIED
    assert ran(made, "check")["faults"] == []
    said(cadre, record, {"name": "Kelompok Mawar"})
    assert stands(desk, record) is ReviewState.CHANGED
    said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.VERIFIED)})
    assert stands(cadre, record) is ReviewState.VERIFIED
    ran(made, "erase", "record", record, "--field", "name")
    assert stands(desk, record) is ReviewState.VERIFIED
    assert ran(made, "check")["faults"] == []


def test_a_judgement_made_before_the_phone_heard_of_the_erasure_counts(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(group(), kind="group")
    desk.sync_all()
    late = judgement(desk, record, Verdict.VERIFIED)
    ran(made, "erase", "record", record)
    said(desk, record, {JUDGEMENT: late})
    for phone in (cadre, desk):
        assert stands(phone, record) is ReviewState.VERIFIED


def test_what_was_verified_stays_so_when_an_older_database_is_put_back(
    made: LumbungServer, cadre: Phone, desk: Phone, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    record = cadre.log(group(), kind="group")
    saved = tmp_path / "cadangan"
    ran(made, "backup", saved)
    edited = said(cadre, record, {"name": "Kelompok Mawar"})
    desk.sync_all()
    verified = said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.VERIFIED)})
    ran(made, "erase", "record", record)
    made.stop()
    back = made
    if kind == POSTGRESQL:
        back = made.beside(LUMBUNG_DATABASE_URL=request.getfixturevalue("cluster").fresh(), PATH=TOOLS_PATH)
    ran(back, "restore", saved, *(["--replace"] if kind == SQLITE else []))
    with back:
        for phone, write in ((cadre, edited), (desk, verified)):
            phone.address = back.base_url
            assert phone.sync(write, cursor="").outcomes[0].result == "accepted"
        fresh = Phone(back, roster(UTARA).person.id)
        assert stands(fresh, record) is ReviewState.VERIFIED
        assert "leader" not in fresh.shown(record)
        assert ran(back, "check")["faults"] == []


def test_a_comment_is_erased_by_its_path_and_all_of_them_at_once(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(activity(GUNTUNG))
    desk.sync_all()
    said(desk, record, {talk_path(ROW): f"Tanyakan {LEADER}"})
    first = said(desk, record, {talk_path(OTHER_ROW): "Foto kurang satu"})
    told = ran(made, "erase", "record", record, "--field", talk_path(ROW))
    assert (told["paths"], told["values"]) == ([talk_path(ROW)], 1)
    assert LEADER not in stored(made)
    cadre.sync_all()
    assert [one.text for one in comments_of(cadre.records[record])] == ["Foto kurang satu"]
    assert ran(made, "erase", "record", record, "--field", "$talk")["values"] == 1
    assert "Foto kurang satu" not in stored(made)
    assert desk.sync(first).outcomes[0].result == "duplicate"
    cadre.sync_all()
    assert comments_of(cadre.records[record]) == ()
    said(cadre, record, {talk_path("0000000abe"): "Sudah dilengkapi"})
    desk.sync_all()
    assert [one.text for one in comments_of(desk.records[record])] == ["Sudah dilengkapi"]
    assert ran(made, "check")["faults"] == []


def test_the_reason_of_a_judgement_is_erased_and_the_verdict_stays(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(activity(GUNTUNG))
    desk.sync_all()
    returned = said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.RETURNED, f"Nomor {LEADER} salah")})
    told = ran(made, "erase", "record", record, "--field", REASON)
    assert (told["paths"], told["values"]) == ([REASON], 1)
    assert LEADER not in stored(made)
    for phone in (cadre, desk):
        assert stands(phone, record) is ReviewState.RETURNED
        review = review_of(phone.records[record])
        assert review.said is not None
        assert review.said.judgement.reason == ERASED_TEXT
    known = (returned, blanked(desk.replica, returned, [REASON]))
    assert [one.result for one in desk.sync(*known).outcomes] == ["duplicate", "duplicate"]
    assert LEADER not in cadre.get(f"records/{record}/history").text
    assert ran(made, "check")["faults"] == []
    assert ran(made, "erase", "record", record, "--field", REASON)["again"]


def test_a_reason_that_comes_after_its_erasure_is_taken_without_it(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(activity(GUNTUNG))
    desk.sync_all()
    said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.RETURNED, "Salah")})
    late = judgement(desk, record, Verdict.RETURNED, f"Masih {LEADER}")
    ran(made, "erase", "record", record, "--field", REASON)
    state = desk.records[record]
    write = desk.write({JUDGEMENT: late}, record=record, kind=state.kind, form=state.form)
    # The phone heard of the erasure before it could send.
    assert desk.sync(blanked(desk.replica, write, [REASON])).outcomes[0].result == "accepted"
    assert stands(cadre, record) is ReviewState.RETURNED
    assert LEADER not in stored(made)


@pytest.mark.parametrize("path", ["$talk", talk_path(ROW), REASON, "$review", JUDGEMENT, "$talk/text"])
def test_what_nobody_said_cannot_be_erased(made: LumbungServer, cadre: Phone, path: str) -> None:
    record = cadre.log(activity(GUNTUNG))
    assert "tidak ada pada catatan ini" in ran(made, "erase", "record", record, "--field", path, code=1)["message"]


def test_a_record_of_which_something_was_erased_before_contents_were_told_is_judged_by_what_is_left(
    made: LumbungServer, cadre: Phone, desk: Phone
) -> None:
    record = cadre.log(group(), kind="group")
    ran(made, "erase", "record", record)
    with database(made) as connection:
        (state,) = connection.execute("SELECT state FROM record WHERE id = ?", (record,)).fetchone()
        before, _, rest = state.partition('"content":"')
        old = before + rest.partition('",')[2]
        connection.execute("UPDATE record SET state = ? WHERE id = ?", (old, record))
    assert ran(made, "check")["faults"] == []
    desk.sync_all()
    assert desk.records[record].content == ""
    said(desk, record, {JUDGEMENT: judgement(desk, record, Verdict.VERIFIED)})
    assert stands(cadre, record) is ReviewState.VERIFIED
    assert ERASED_NAME == ERASED_TEXT
