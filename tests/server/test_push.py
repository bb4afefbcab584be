"""What becomes of writes that phones bring."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lumbung_shared.canonical import canonical_bytes, digest
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import SENTENCES, Code
from lumbung_shared.protocol import Outcome
from lumbung_shared.records import is_deleted, is_disputed, taken_away, values
from lumbung_shared.writes import DELETED, batch_root, write_digest
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    dump,
    now_ms,
    roster,
)
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def kader(server: LumbungServer) -> Phone:
    """A cadre of Guntung."""
    return Phone(server, roster(GUNTUNG).person.id)


def outcomes(phone: Phone, *writes: Any) -> list[Outcome]:
    return list(phone.sync(*writes).outcomes)


def test_an_accepted_write_gets_its_effective_time_and_a_receipt(kader: Phone) -> None:
    before = now_ms()
    write = kader.write(activity(GUNTUNG))
    reply = kader.sync(write)
    (outcome,), (receipt,) = reply.outcomes, reply.receipts
    assert (outcome.n, outcome.result, outcome.flags) == (write.n, "accepted", ())
    assert before - 5 <= outcome.at <= now_ms()
    assert receipt.numbers == (write.n,)
    assert receipt.replica == kader.replica


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown kind": ({"kind": "panen-raya"}, "unknown-kind", ""),
    "unknown form version": ({"form": 99}, "unknown-form-version", ""),
    "unknown field": ({"sets": activity(GUNTUNG, cuaca="cerah")}, "unknown-field", "cuaca"),
    "wrong type": ({"sets": activity(GUNTUNG, date="kemarin")}, "wrong-type", "date"),
    "wrong type of the region": ({"sets": activity("Guntung")}, "wrong-type", "region"),
    "unknown region": ({"sets": activity("64.74.01.9999")}, "unknown-region", "region"),
    "unknown regency": ({"sets": activity("64.99")}, "unknown-region", "region"),
    "no region": ({"sets": {"title": "Rapat"}}, "region-missing", "region"),
    "cleared region": ({"sets": activity(GUNTUNG) | {"region": None}}, "region-missing", "region"),
    "somebody else's region": ({"sets": activity(LOK_TUAN)}, "region-not-granted", "region"),
    "a region above": ({"sets": activity(UTARA)}, "region-not-granted", "region"),
    "a record id that is no UUIDv7": ({"record": "1"}, "write-malformed", "record"),
    "number zero": ({"n": 0}, "write-malformed", "n"),
    "a float": ({"sets": activity(GUNTUNG, rt=1.5)}, "write-malformed", ""),
    "a NUL": ({"sets": activity(GUNTUNG, "a\0b")}, "write-malformed", ""),
    "half a surrogate": ({"sets": activity(GUNTUNG, "\ud800")}, "write-malformed", ""),
    "no time": ({"time": {}}, "write-malformed", "time.wall"),
    "a name that is no name": ({"replaces": {"title": [["x"]]}}, "write-malformed", "replaces.title.0"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_write_is_rejected_with_a_code_and_a_place(kader: Phone, name: str) -> None:
    change, code, path = BAD[name]
    plain = to_wire(kader.write(activity(GUNTUNG))) | change
    kader.sync()  # The clock this phone told last may be a wrong one: only that is noted here.
    before = dump(kader.server)
    (outcome,) = outcomes(kader, plain)
    assert (outcome.result, outcome.code, outcome.path) == ("rejected", code, path)
    assert dump(kader.server) == before, "nothing is half-stored"
    assert SENTENCES[Code(outcome.code)].id != SENTENCES[Code(outcome.code)].en


@pytest.mark.parametrize("change", [{"time": {"wall": 1, "zone": "WITA"}}, {"grant": 0}, {"replaces": {}}])
def test_a_digest_is_of_what_was_sent_not_of_what_was_understood(kader: Phone, change: dict[str, Any]) -> None:
    plain = to_wire(kader.write(activity(GUNTUNG))) | change
    (receipt,) = kader.sync(plain).receipts
    assert receipt.root == batch_root([digest({"replica": kader.replica, "write": plain})])
    with database(kader.server) as connection:
        query = "SELECT content FROM write WHERE replica = ? AND n = ?"
        assert json.loads(connection.execute(query, (kader.replica, plain["n"])).fetchone()[0]) == plain


def test_a_write_with_more_codes_than_there_are_regions_is_judged_like_any_other(kader: Phone) -> None:
    sets = {f"p{n}": f"11.{n // 10_000:02d}.11.{n % 10_000:04d}" for n in range(40_000)}
    assert [one.code for one in outcomes(kader, kader.write(activity(GUNTUNG, **sets)))] == ["unknown-field"]


@pytest.mark.parametrize("raw", [None, 7, "tulisan", [], {}])
def test_what_is_no_write_at_all_is_answered_under_number_zero(kader: Phone, raw: Any) -> None:
    (outcome,) = outcomes(kader, raw)
    assert (outcome.n, outcome.result, outcome.code) == (0, "rejected", "write-malformed")


def test_a_rejected_write_does_not_block_the_others_of_the_batch(kader: Phone) -> None:
    good, bad, last = (kader.write(activity(region)) for region in (GUNTUNG, LOK_TUAN, GUNTUNG))
    found = outcomes(kader, good, bad, "rusak", last)
    assert [one.result for one in found] == ["accepted", "rejected", "rejected", "accepted"]


def test_outcomes_come_in_the_order_sent(kader: Phone) -> None:
    first, second = kader.write(activity(GUNTUNG)), kader.write(activity(GUNTUNG))
    assert [one.n for one in outcomes(kader, second, first)] == [second.n, first.n]


def test_a_rejected_write_holds_back_later_writes_of_its_record_only(kader: Phone) -> None:
    refused = kader.write(activity(GUNTUNG, date="x"))
    later = kader.write({"title": "Rapat RT"}, record=refused.record)
    other = kader.write(activity(GUNTUNG))
    found = outcomes(kader, refused, later, other)
    assert [one.code for one in found] == ["wrong-type", "held-back", ""]


def test_a_write_without_a_region_holds_back_the_one_that_brings_it(kader: Phone) -> None:
    refused = kader.write({"title": "Rapat RT"})
    later = kader.write(activity(GUNTUNG), record=refused.record)
    assert [one.code for one in outcomes(kader, refused, later)] == ["region-missing", "held-back"]


def test_an_unreadable_write_holds_back_later_writes_of_the_record_it_names(kader: Phone) -> None:
    refused = to_wire(kader.write(activity(GUNTUNG))) | {"form": "satu"}
    later = kader.write({"title": "Rapat RT"}, record=refused["record"])
    assert [one.code for one in outcomes(kader, refused, later)] == ["write-malformed", "held-back"]


def test_pushing_the_same_batch_ten_times_changes_nothing(kader: Phone) -> None:
    record = kader.log(activity(GUNTUNG))
    batch = [kader.write({"title": f"Ke-{n}"}, record=record) for n in range(3)]
    batch += [kader.write(activity(GUNTUNG)), kader.write(activity(LOK_TUAN))]
    first = kader.sync(*batch)
    before = dump(kader.server)
    for _ in range(10):
        again = kader.sync(*batch)
        assert [one.result for one in again.outcomes] == ["duplicate"] * 4 + ["rejected"]
        assert [one.at for one in again.outcomes] == [one.at for one in first.outcomes]
        assert again.receipts == first.receipts
    assert dump(kader.server) == before


def test_a_replay_with_news_gets_the_first_receipt_and_a_new_one(kader: Phone) -> None:
    old = kader.write(activity(GUNTUNG))
    (first,) = kader.sync(old).receipts
    new = kader.write(activity(GUNTUNG))
    replies = kader.sync(old, new)
    assert [one.result for one in replies.outcomes] == ["duplicate", "accepted"]
    assert [one.numbers for one in replies.receipts] == [(old.n,), (new.n,)]
    assert replies.receipts[0] == first


def test_the_same_write_twice_in_one_batch_is_stored_once(kader: Phone) -> None:
    write = kader.write(activity(GUNTUNG))
    reply = kader.sync(write, write)
    assert [one.result for one in reply.outcomes] == ["accepted", "duplicate"]
    assert [one.numbers for one in reply.receipts] == [(write.n,)]


def test_another_content_under_a_stored_name_is_a_fork_and_holds_back_its_record(kader: Phone) -> None:
    write = kader.write(activity(GUNTUNG))
    kader.sync(write)
    before = dump(kader.server)
    other = replace(write, sets={**write.sets, "title": "Lain"})
    later = kader.write({"title": "Lagi"}, record=write.record)
    found = outcomes(kader, other, later)
    assert [(one.result, one.code) for one in found] == [("fork", ""), ("rejected", "held-back")]
    assert dump(kader.server) == before


def test_a_fork_holds_back_its_record_in_other_homes_too(server: LumbungServer) -> None:
    far = "64.72.01.1001"
    phone = Phone(server, add_person(server, "kdr-dua-kota", (GUNTUNG, "cadre"), (far, "cadre")))
    stored = phone.write(activity(GUNTUNG))
    phone.sync(stored)
    forked = replace(phone.write(activity(far)), n=stored.n)
    later = phone.write(activity(far, "Rapat"), record=forked.record)
    assert [(one.result, one.code) for one in outcomes(phone, forked, later)] == [
        ("fork", ""),
        ("rejected", "held-back"),
    ]


def test_a_name_taken_in_one_home_is_a_fork_for_a_record_of_another(server: LumbungServer) -> None:
    far = "64.72.01.1001"
    phone = Phone(server, add_person(server, "kdr-nama-ganda", (GUNTUNG, "cadre"), (far, "cadre")))
    here, there = phone.write(activity(GUNTUNG)), phone.write(activity(far))
    phone.sync(here, there)
    copy = replace(phone.write({"title": "Rapat"}, record=there.record), n=here.n)
    assert [(one.result, one.code) for one in outcomes(phone, copy)] == [("fork", "")]


def test_after_a_fork_the_phone_sends_under_a_new_replica_with_the_same_token(kader: Phone) -> None:
    replica = "0" * 15 + "1"
    kader.sync(replica=replica)
    write = replace(kader.write(activity(GUNTUNG)), n=1)
    (outcome,) = outcomes_of(kader.post(write, replica=replica))
    assert outcome["result"] == "accepted"


def outcomes_of(answer: requests.Response) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["outcomes"]
    return found


def test_receipts_are_signed_over_the_digests_as_sent(kader: Phone) -> None:
    writes = [kader.write(activity(GUNTUNG, f"Kegiatan {n}")) for n in range(3)]
    (receipt,) = kader.sync(*writes).receipts
    assert receipt.root == batch_root([write_digest(kader.replica, write) for write in writes])
    keys = requests.get(f"{kader.server.base_url}/api/v1/receipt-keys", timeout=10).json()["keys"]
    signed = canonical_bytes(to_wire(replace(receipt, signature="")))
    Ed25519PublicKey.from_public_bytes(unpadded(keys[receipt.key])).verify(unpadded(receipt.signature), signed)


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_batch_over_two_homes_gets_a_receipt_from_each(server: LumbungServer) -> None:
    wide = Phone(server, add_person(server, "prov-1", ("64", "province-coordinator")))
    here, there = wide.write(activity(GUNTUNG)), wide.write(activity("64.72.01"))
    reply = wide.sync(here, there)
    assert [one.result for one in reply.outcomes] == ["accepted", "accepted"]
    assert len({one.home for one in reply.receipts}) == 2
    assert sorted(one.numbers for one in reply.receipts) == [(here.n,), (there.n,)]


def test_two_phones_of_one_person_make_a_conflict_that_keeps_both_values(server: LumbungServer) -> None:
    person = roster(GUNTUNG, 1).person.id
    first, second = Phone(server, person), Phone(server, person)
    record = first.log(activity(GUNTUNG, "Awal"))
    second.sync_all()
    first.log({"title": "Dari ponsel pertama"}, record=record)
    second.log({"title": "Dari ponsel kedua"}, record=record)
    first.sync_all()
    titles = {head.sets["title"] for head in first.records[record].heads if "title" in head.sets}
    assert titles == {"Dari ponsel pertama", "Dari ponsel kedua"}
    with database(server) as connection:
        assert connection.execute("SELECT disputed FROM record WHERE id = ?", (record,)).fetchone() == (1,)
    first.log({"title": "Disepakati"}, record=record)
    second.sync_all()
    assert second.shown(record)["title"] == "Disepakati"


def disputed_record(server: LumbungServer, person: str) -> tuple[str, Phone]:
    first, second = Phone(server, person), Phone(server, person)
    record = first.log(activity(GUNTUNG, "Awal"))
    second.sync_all()
    first.log({"title": "A"}, record=record)
    second.log({"title": "B"}, record=record)
    return record, first


def test_a_coordinator_may_write_a_resolution_and_nothing_else(server: LumbungServer) -> None:
    record, author = disputed_record(server, roster(GUNTUNG, 2).person.id)
    coordinator = Phone(server, roster(UTARA).person.id)
    coordinator.sync_all()
    edit = coordinator.write({"date": "2026-11-19"}, record=record)
    made_up = (("0" * 16, 1), ("1" * 16, 1))
    forged = coordinator.write({"date": "2026-11-19"}, record=record, replaces={"date": made_up})
    for write in (edit, forged):
        (outcome,) = outcomes(coordinator, write)
        assert outcome.code == "not-the-author"
    coordinator.log({"title": "A dan B"}, record=record)
    author.sync_all()
    assert author.shown(record)["title"] == "A dan B"
    assert len([head for head in author.records[record].heads if "title" in head.sets]) == 1


def test_a_coordinator_of_another_region_may_not_resolve(server: LumbungServer) -> None:
    record, author = disputed_record(server, roster(GUNTUNG).person.id)
    stranger = Phone(server, roster("64.74.02").person.id)
    stranger.records = {record: author.records[record]}
    heads = tuple((head.replica, head.n) for head in author.records[record].heads if "title" in head.sets)
    write = stranger.write({"title": "C"}, record=record, replaces={"title": heads})
    assert [one.code for one in outcomes(stranger, write)] == ["not-the-author"]


def undecided_record(server: LumbungServer, person: str) -> tuple[str, Phone]:
    """A record that one phone of a person deleted and another one edited: its id and the first phone."""
    one, other = Phone(server, person), Phone(server, person)
    record = one.log(activity(GUNTUNG))
    other.sync_all()
    one.sync(one.deletion(record))
    other.log({"title": "Rapat RT"}, record=record)
    one.sync_all()
    return record, one


def test_a_record_deleted_and_edited_is_told_with_what_the_deletion_took_away(server: LumbungServer) -> None:
    record, author = undecided_record(server, roster(GUNTUNG, 2).person.id)
    state = author.records[record]
    assert values(state) == activity(GUNTUNG) | {"title": "Rapat RT", DELETED: True}
    assert {path for one in state.removed for path in one.sets} == set(activity(GUNTUNG)) - {"title"}


@pytest.mark.parametrize("keep", [True, False])
def test_a_coordinator_may_take_a_disputed_deletion_back_or_repeat_it(server: LumbungServer, keep: bool) -> None:
    record, author = undecided_record(server, roster(GUNTUNG, 2).person.id)
    coordinator = Phone(server, roster(UTARA).person.id)
    coordinator.sync_all()
    state = coordinator.records[record]
    again = {path: there[0].sets[path] for path, there in taken_away(state, DELETED).items()}
    if keep:
        names = {path: ((there[0].replica, there[0].n),) for path, there in taken_away(state, DELETED).items()}
        marks = {DELETED: tuple((head.replica, head.n) for head in state.heads if DELETED in head.sets)}
        another = coordinator.write({**again, DELETED: False, "title": "X"}, record=record, replaces={**names, **marks})
        assert [one.code for one in outcomes(coordinator, another)] == ["not-the-author"]
        choice = coordinator.write({**again, DELETED: False}, record=record, replaces={**names, **marks})
    else:
        choice = coordinator.deletion(record)
    assert [one.result for one in outcomes(coordinator, choice)] == ["accepted"]
    author.sync_all()
    told = author.records[record]
    assert is_deleted(told) != keep
    assert not is_disputed(told)
    if keep:
        assert values(told) == activity(GUNTUNG) | {"title": "Rapat RT", DELETED: False}


def test_a_neighbour_may_not_change_somebody_elses_record(server: LumbungServer, kader: Phone) -> None:
    record = kader.log(activity(GUNTUNG))
    neighbour = Phone(server, roster(GUNTUNG, 1).person.id)
    neighbour.sync_all()
    edit = neighbour.write({"title": "Punya saya"}, record=record)
    deletion = neighbour.deletion(record)
    assert [one.code for one in outcomes(neighbour, edit)] == ["not-the-author"]
    assert [one.code for one in outcomes(neighbour, deletion)] == ["not-the-author"]


def test_a_records_kind_cannot_change(kader: Phone) -> None:
    record = kader.log(activity(GUNTUNG))
    write = kader.write({"title": "Kompos"}, record=record, kind="compost-training")
    assert [one.code for one in outcomes(kader, write)] == ["kind-changed"]


def test_a_missing_required_answer_flags_the_record_and_rejects_nothing(kader: Phone) -> None:
    record = kader.log({"region": GUNTUNG})
    with database(kader.server) as connection:
        (flags,) = connection.execute("SELECT flags FROM record WHERE id = ?", (record,)).fetchone()
    assert json.loads(flags) == ["missing-required:date", "missing-required:title"]


def test_a_wrong_clock_is_corrected_and_flagged(kader: Phone) -> None:
    year = 365 * DAY_MS
    write = kader.write(activity(GUNTUNG), wall=now_ms() - year)
    (outcome,) = kader.sync(write, time={"wall": now_ms() - year}).outcomes
    assert outcome.flags == ("clock-corrected",)
    assert abs(outcome.at - now_ms()) < 60_000


def test_no_effective_time_is_after_the_servers_now_or_before_what_it_replaces(kader: Phone) -> None:
    ahead = kader.write(activity(GUNTUNG), wall=now_ms() + DAY_MS)
    (first,) = outcomes(kader, ahead)
    assert first.at <= now_ms()
    behind = kader.write({"title": "Nanti"}, record=ahead.record, wall=now_ms() - DAY_MS)
    (second,) = outcomes(kader, behind)
    assert second.at >= first.at
    assert second.flags == ("clock-corrected",)


def test_what_a_newer_phone_says_is_kept_to_the_byte(kader: Phone) -> None:
    write = kader.write(activity(GUNTUNG), extra={"cuaca": {"b": 1, "a": ["x", None]}})
    kader.sync(write)
    with database(kader.server) as connection:
        name = (kader.replica, write.n)
        (content, digest) = connection.execute(
            "SELECT content, digest FROM write WHERE replica = ? AND n = ?", name
        ).fetchone()
    assert json.loads(content)["cuaca"] == {"b": 1, "a": ["x", None]}
    assert content.encode() == canonical_bytes(to_wire(write))
    assert digest == write_digest(kader.replica, write)


def test_writes_of_a_grant_that_ended_count_up_to_its_end(server: LumbungServer) -> None:
    phone = Phone(server, add_person(server, "pindah-1", (SATIMPO, "cadre")))
    with database(server) as connection:
        ended = (now_ms() - DAY_MS, "pindah-1")
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', ended)
    before = phone.write(activity(SATIMPO), wall=now_ms() - 2 * DAY_MS)
    after = phone.write(activity(SATIMPO))
    assert [one.code for one in outcomes(phone, before, after)] == ["", "region-not-granted"]


def test_a_delete_that_saw_everything_leaves_nothing_and_can_be_undone(kader: Phone) -> None:
    record = kader.log(activity(GUNTUNG))
    coordinator = Phone(kader.server, roster(BONTANG).person.id)
    coordinator.sync_all()
    assert kader.sync(kader.deletion(record)).outcomes[0].result == "accepted"
    coordinator.sync_all()
    assert coordinator.records[record].heads == ()
    kader.log({DELETED: False, **activity(GUNTUNG, "Kembali")}, record=record)
    coordinator.sync_all()
    assert coordinator.shown(record)["title"] == "Kembali"


def test_two_hundred_writes_go_in_one_request_and_one_more_does_not(server: LumbungServer) -> None:
    phone = Phone(server, roster(SATIMPO).person.id)
    writes = [phone.write(activity(SATIMPO, f"Kegiatan {n}")) for n in range(201)]
    refused = phone.post(*writes)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-many-writes")
    reply = phone.sync(*writes[:200])
    assert {one.result for one in reply.outcomes} == {"accepted"}
    assert reply.receipts[0].numbers == tuple(range(1, 201))
