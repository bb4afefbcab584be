"""Judgements and comments on the real server: many in one request, each on its own, and told to everybody there."""

from __future__ import annotations

from typing import Any

from lumbung_shared.review import (
    JUDGEMENT,
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
from tests.server.phones import GUNTUNG, SATIMPO, UTARA, Phone, activity, now_ms, roster
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


def judging(phone: Phone, record: str, verdict: Verdict, reason: str = "", wall: int | None = None) -> Write:
    state = phone.records[record]
    value: Any = judgement_value(Judgement(verdict, content_digest(state), reason))
    return phone.write({JUDGEMENT: value}, record=record, kind=state.kind, form=state.form, wall=wall)


def test_two_hundred_are_verified_in_one_request_and_one_that_may_not_be_is_refused_alone(
    server: LumbungServer,
) -> None:
    cadre, stranger = Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(SATIMPO).person.id)
    desk = Phone(server, roster(UTARA).person.id)
    writes = [cadre.write(activity(GUNTUNG, f"Kegiatan {place}")) for place in range(199)]
    cadre.sync(*writes)
    elsewhere = stranger.log(activity(SATIMPO))
    desk.sync_all()
    desk.records[elsewhere] = stranger.records[elsewhere]
    records = [*(one.record for one in writes[:100]), elsewhere, *(one.record for one in writes[100:])]
    reply = desk.sync(*(judging(desk, record, Verdict.VERIFIED) for record in records))
    results = [(one.result, one.code) for one in reply.outcomes]
    assert results[100] == ("rejected", "field-reserved")
    assert results[:100] + results[101:] == [("accepted", "")] * 199
    cadre.sync_all()
    assert {review_of(cadre.records[one.record]).state for one in writes} == {ReviewState.VERIFIED}
    stranger.sync_all()
    assert review_of(stranger.records[elsewhere]).state is ReviewState.RECEIVED


def test_what_was_edited_before_a_judgement_came_shows_as_changed_to_everybody(server: LumbungServer) -> None:
    cadre, desk = Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(UTARA).person.id)
    record = cadre.log(activity(GUNTUNG))
    desk.sync_all()
    late = judging(desk, record, Verdict.RETURNED, "Judulnya kurang jelas")
    cadre.log({"title": "Kerja bakti RT 04"}, record=record)
    desk.sync(late)
    for phone in (cadre, desk, Phone(server, roster(GUNTUNG, 1).person.id)):
        phone.sync_all()
        assert review_of(phone.records[record]).state is ReviewState.CORRECTED
    (entry,) = [one for one in desk.feed().entries if one.record == record]
    assert entry.state is not None
    assert review_of(entry.state) == review_of(desk.records[record])


def test_two_coordinators_who_judge_at_once_make_no_bentrok(server: LumbungServer) -> None:
    cadre = Phone(server, roster(GUNTUNG).person.id)
    one, two = (Phone(server, roster(UTARA).person.id) for _ in range(2))
    record = cadre.log(activity(GUNTUNG))
    for phone in (one, two):
        phone.sync_all()
    # Clocks are set right to within what a request takes on its way, so "the later one" is a minute later here.
    first = judging(one, record, Verdict.VERIFIED, wall=now_ms() - 60_000)
    second = judging(two, record, Verdict.RETURNED, "Salah RT")
    one.sync(first)
    two.sync(second)
    cadre.sync_all()
    found = review_of(cadre.records[record])
    assert (found.state, len(found.rivals)) == (ReviewState.RETURNED, 1)
    (entry,) = [it for it in one.feed().entries if it.record == record]
    assert not entry.disputed


def test_a_comment_in_the_same_batch_as_a_resolution_leaves_both_standing(server: LumbungServer) -> None:
    one, two = (Phone(server, roster(GUNTUNG, 2).person.id) for _ in range(2))
    desk = Phone(server, roster(UTARA).person.id)
    record = one.log(activity(GUNTUNG))
    two.sync_all()
    for phone, title in ((one, "A"), (two, "B")):
        phone.log({"title": title}, record=record)
    desk.sync_all()
    said = [
        desk.write({talk_path("0000000abc"): "Saya pilihkan"}, record=record),
        desk.write({"title": "A"}, record=record),
    ]
    assert [it.result for it in desk.sync(*said).outcomes] == ["accepted", "accepted"]
    mixed = desk.write({talk_path("0000000abd"): "Ya", "title": "C"}, record=record)
    assert desk.sync(mixed).outcomes[0].code == "not-the-author"
    one.sync_all()
    assert [it.text for it in comments_of(one.records[record])] == ["Saya pilihkan"]
    assert one.shown(record)["title"] == "A"
