"""Reviews and comments: what counts, and what a change of the answers makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbung_shared.answers import check_write
from lumbung_shared.canonical import Json
from lumbung_shared.forms import published_forms
from lumbung_shared.owners import TALK, Owner, owner_of
from lumbung_shared.problems import Code
from lumbung_shared.records import (
    Offered,
    RecordState,
    conflicts,
    is_deleted,
    is_disputed,
    replaced_by,
    state_of,
    with_write,
    without,
)
from lumbung_shared.review import (
    JUDGEMENT,
    Comment,
    Judgement,
    ReviewState,
    Verdict,
    comments_of,
    content_digest,
    judgement_value,
    review_of,
    talk_path,
)
from lumbung_shared.shapes import MAX_LONG_TEXT
from lumbung_shared.writes import Write
from tests.shared.histories import RECORD, ROW, write

ACTIVITY = published_forms()["waste-bank-training", 1]
ROW_ID = ROW.partition("/")[2]
VERIFIED, RETURNED = Verdict.VERIFIED, Verdict.RETURNED


def state(*offered: Offered) -> RecordState:
    return state_of(RECORD, "7", "siti", offered)


def wrote(n: int, sets: dict[str, Json], replaces: dict[str, tuple[tuple[str, int], ...]]) -> Write:
    return replace(write(n, sets), replaces=replaces)


def said(n: int, sets: dict[str, Json], replaces: dict[str, tuple[tuple[str, int], ...]] | None = None) -> Offered:
    return Offered("desk", wrote(n, sets, replaces or {}), at=100 + n, by="koordinator")


def judged(before: RecordState, n: int, verdict: Verdict, reason: str = "") -> Offered:
    judgement = Judgement(verdict, content_digest(before), reason)
    return said(n, {JUDGEMENT: judgement_value(judgement)}, dict(replaced_by(before, [JUDGEMENT])))


LOGGED = Offered("phone", write(1, {"title": "Pelatihan", "notes": "dua"}), at=1, by="siti")
EDITED = Offered("phone", wrote(2, {"title": "Latihan"}, {"title": (("phone", 1),)}), at=2, by="siti")
BACK = Offered("phone", wrote(3, {"title": "Pelatihan"}, {"title": (("phone", 2),)}), at=3, by="siti")


def test_what_nobody_judged_is_received() -> None:
    assert review_of(state(LOGGED)).state is ReviewState.RECEIVED


@pytest.mark.parametrize(
    ("verdict", "same", "changed"),
    [
        (VERIFIED, ReviewState.VERIFIED, ReviewState.CHANGED),
        (RETURNED, ReviewState.RETURNED, ReviewState.CORRECTED),
    ],
)
def test_a_judgement_holds_for_the_content_that_it_judged(
    verdict: Verdict, same: ReviewState, changed: ReviewState
) -> None:
    judgement = judged(state(LOGGED), 1, verdict, "Foto belum ada")
    assert review_of(state(LOGGED, judgement)).state is same
    assert review_of(state(LOGGED, EDITED, judgement)).state is changed
    assert review_of(state(LOGGED, EDITED, BACK, judgement)).state is changed, "who judged saw another write"


def test_comments_reviews_and_the_order_of_rows_are_no_content() -> None:
    before = content_digest(state(LOGGED))
    beside = said(1, {talk_path(ROW_ID): "Bagus", f"{ROW}/$place": ROW_ID})
    assert content_digest(state(LOGGED, beside, judged(state(LOGGED), 2, VERIFIED))) == before


def test_a_conflict_and_what_settles_it_are_another_content() -> None:
    judgement = judged(state(LOGGED), 1, VERIFIED)
    # The other value has the earlier time: what is shown stays as it was judged.
    rival = Offered("other", write(1, {"title": "Rapat"}), at=1, by="budi")
    disputed = state(LOGGED, judgement, rival)
    assert review_of(disputed).state is ReviewState.CHANGED
    names = dict(replaced_by(disputed, ["title"]))
    settled = with_write(disputed, Offered("phone", wrote(2, {"title": "Pelatihan"}, names), at=9, by="siti"))
    assert review_of(settled).state is ReviewState.CHANGED
    assert review_of(with_write(settled, judged(settled, 2, VERIFIED))).state is ReviewState.VERIFIED


def test_the_content_tells_nothing_of_the_values() -> None:
    other = Offered("phone", write(1, {"title": "Rahasia", "notes": "lain"}), at=1, by="siti")
    assert content_digest(state(other)) == content_digest(state(LOGGED))


def test_what_was_judged_is_known_by_the_same_digest_on_phone_and_server() -> None:
    whole = state(LOGGED, EDITED, said(1, {talk_path(ROW_ID): "Ya"}))
    assert content_digest(with_write(with_write(state(LOGGED), EDITED), said(2, {JUDGEMENT: None}))) == content_digest(
        whole
    )


def test_of_two_judgements_the_latest_counts_and_the_other_is_told_without_a_bentrok() -> None:
    content = content_digest(state(LOGGED))
    first = said(1, {JUDGEMENT: judgement_value(Judgement(VERIFIED, content))})
    second = Offered("kota", write(1, {JUDGEMENT: judgement_value(Judgement(RETURNED, content, "Salah RT"))}), 500, "b")
    found = review_of(state(LOGGED, first, second))
    assert found.state is ReviewState.RETURNED
    assert [one.by for one in found.rivals] == ["koordinator"]
    assert not conflicts(state(LOGGED, first, second))
    assert not is_disputed(state(LOGGED, first, second))


def test_a_deletion_needs_to_have_seen_neither_reviews_nor_comments() -> None:
    replaces: dict[str, tuple[tuple[str, int], ...]] = {"title": (("phone", 1),), "notes": (("phone", 1),)}
    gone = Offered("phone", wrote(2, {"$deleted": True}, replaces), at=3, by="siti")
    after = state(LOGGED, gone, judged(state(LOGGED), 1, VERIFIED), said(2, {talk_path(ROW_ID): "Mengapa?"}))
    assert is_deleted(after)
    assert not is_disputed(after)


def test_comments_are_told_in_the_order_of_their_times() -> None:
    other = "0" * len(ROW_ID)
    question = said(1, {talk_path(ROW_ID): "Berapa peserta?"})
    answer = Offered("phone", write(2, {talk_path(other): "Dua puluh"}), at=700, by="siti")
    assert comments_of(state(LOGGED, answer, question)) == (
        Comment(ROW_ID, "Berapa peserta?", "koordinator", 101),
        Comment(other, "Dua puluh", "siti", 700),
    )
    taken_back = said(2, {talk_path(ROW_ID): None}, {talk_path(ROW_ID): (("desk", 1),)})
    assert [one.row for one in comments_of(state(LOGGED, answer, question, taken_back))] == [other]


def test_what_the_server_says_of_an_erased_content_holds_until_an_answer_is_touched() -> None:
    judgement = judged(state(LOGGED), 1, VERIFIED)
    judged_content = content_digest(state(LOGGED))
    erased = replace(without(state(LOGGED, judgement), ["notes"]), content=judged_content)
    assert review_of(erased).state is ReviewState.VERIFIED
    assert review_of(with_write(erased, said(2, {talk_path(ROW_ID): "Ya"}))).state is ReviewState.VERIFIED
    assert review_of(with_write(erased, EDITED)).state is ReviewState.CHANGED


DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        (None, True),
        ({"verdict": "verified", "content": DIGEST}, True),
        ({"verdict": "returned", "content": DIGEST, "reason": "Foto", "fields": ["photos"]}, True),
        ({"verdict": "returned", "content": DIGEST}, False),
        ({"verdict": "returned", "content": DIGEST, "reason": "  "}, False),
        ({"verdict": "verified", "content": "AB" * 32}, False),
        ({"verdict": "verified"}, False),
        ({"verdict": "perhaps", "content": DIGEST}, False),
        ({"verdict": "verified", "content": DIGEST, "reason": "x" * (MAX_LONG_TEXT + 1)}, False),
        ({"verdict": "verified", "content": DIGEST, "fields": [""]}, False),
        ({"verdict": "verified", "content": DIGEST, "fields": ["x"] * 101}, False),
        ("verified", False),
        ([], False),
    ],
)
def test_only_a_whole_judgement_stands_at_its_path(value: Json, is_right: bool) -> None:
    found = check_write(ACTIVITY, write(1, {JUDGEMENT: value}))
    assert (found.code if found else None) == (None if is_right else Code.WRONG_TYPE)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (talk_path(ROW_ID), "Foto kurang satu", None),
        (talk_path(ROW_ID), None, None),
        (talk_path(ROW_ID), 1, Code.WRONG_TYPE),
        (talk_path(ROW_ID), "x" * (MAX_LONG_TEXT + 1), Code.WRONG_TYPE),
        (f"{TALK}/{ROW_ID}/other", "x", Code.UNKNOWN_FIELD),
        (f"{TALK}/no row/text", "x", Code.UNKNOWN_FIELD),
        (f"{TALK}/text", "x", Code.UNKNOWN_FIELD),
        (TALK, "x", Code.UNKNOWN_FIELD),
    ],
)
def test_comments_have_a_place_and_a_shape(path: str, value: Json, code: Code | None) -> None:
    found = check_write(ACTIVITY, write(1, {path: value}))
    assert (found.code if found else None) == code
    assert owner_of(ACTIVITY, path) is Owner.TALKERS
