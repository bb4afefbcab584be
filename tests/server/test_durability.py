"""What survives: kills, restarts, a locked database, many phones at once."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import requests

from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, UTARA, Phone, activity, add_person, database, dump, problem, roster
from tests.servers import LumbungServer


def test_what_was_answered_is_there_after_a_kill(own_server: LumbungServer) -> None:
    own_server.start()
    phone = Phone(own_server, roster(GUNTUNG).person.id)
    writes = [phone.write(activity(GUNTUNG, f"Kegiatan {n}")) for n in range(50)]
    reply = phone.sync(*writes)
    own_server.kill()
    with database(own_server) as connection:
        assert connection.execute("SELECT count(*) FROM write").fetchone() == (50,)
    own_server.start()
    again = phone.sync(*writes)
    assert {one.result for one in again.outcomes} == {"duplicate"}
    assert again.receipts == reply.receipts
    reader = Phone(own_server, roster(UTARA).person.id)
    reader.sync_all()
    assert {write.record for write in writes} <= set(reader.records)


def test_a_kill_in_the_middle_of_many_batches_leaves_whole_batches(own_server: LumbungServer) -> None:
    own_server.start()
    phone = Phone(own_server, roster(GUNTUNG).person.id)
    batches = [[phone.write(activity(GUNTUNG)) for _ in range(20)] for _ in range(12)]
    done: list[int] = []
    answered = Semaphore(0)

    def send() -> None:
        for batch in batches:
            try:
                done.append(phone.post(*batch).status_code)
            except requests.RequestException:
                return
            answered.release()

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send)
        for _ in range(3):
            assert answered.acquire(timeout=60)
        own_server.kill()
        sending.result()
    own_server.start()
    with database(own_server) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM write").fetchone()
        if own_server.database_url.startswith(SQLITE):
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stored % 20 == 0
    assert stored >= 20 * done.count(200)
    for batch in batches:
        phone.sync(*batch)
    with database(own_server) as connection:
        for table in ("write", "record", "feed"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (240,)  # noqa: S608


def test_a_second_start_keeps_data_and_logins_and_makes_new_codes(own_server: LumbungServer) -> None:
    own_server.start()
    phone = Phone(own_server, roster(GUNTUNG).person.id)
    record = phone.log(activity(GUNTUNG))
    demo, tables = own_server.demo, dump(own_server)
    assert own_server.stop() == 0
    own_server.start()
    again, kept = own_server.demo, dump(own_server)
    assert again["logins"] == demo["logins"]
    assert not {one["code"] for one in again["codes"]} & {one["code"] for one in demo["codes"]}
    changed = {name for name in tables if tables[name] != kept[name]}
    assert changed == {"audit", "enrolment_code", "run"}, "loading regions, roster and keys again changes nothing"
    assert phone.sync().epoch
    assert record in {entry.record for entry in phone.feed().entries}


def test_a_grant_that_changed_is_not_given_back_by_a_restart(own_server: LumbungServer) -> None:
    own_server.start()
    person = roster(GUNTUNG).person.id
    with database(own_server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = 1 WHERE person = ?', (person,))
    own_server.stop()
    own_server.start()
    assert Phone(own_server, person).admission.grants == ()


def test_secrets_on_disk_are_for_the_owner_alone(server: LumbungServer) -> None:
    made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in server.var.iterdir() if path.is_file()}
    assert {"demo-logins.txt", "demo.json", "receipt-key", "account-key"} <= set(made)
    assert ("lumbung.sqlite3" in made) == server.database_url.startswith(SQLITE)
    # The log is the tests' own file.
    assert {name: mode for name, mode in made.items() if mode != 0o600 and not name.endswith(".log")} == {}
    folders = {path.name: stat.S_IMODE(path.stat().st_mode) for path in server.var.iterdir() if path.is_dir()}
    assert set(folders.values()) == {0o700}, folders


def test_the_start_prints_address_codes_and_logins(server: LumbungServer) -> None:
    printed = server.output
    assert f"Lumbung berjalan di {server.base_url}" in printed
    for one in server.demo["codes"]:
        assert one["code"] in printed
    for one in server.demo["logins"]:
        assert one["login"] in printed
        assert one["password"] in printed


def test_a_lost_password_file_gets_new_passwords(own_server: LumbungServer) -> None:
    own_server.start()
    first = own_server.demo["logins"]
    own_server.stop()
    (own_server.var / "demo-logins.txt").unlink()
    own_server.start()
    account = own_server.demo["logins"][0]
    assert account != first[0]
    body = {"login": account["login"], "password": account["password"], "replica": "0" * 16}
    assert requests.post(f"{own_server.base_url}/api/v1/login", json=body, timeout=30).status_code == 201


def test_a_locked_database_is_said_to_be_busy_and_nothing_is_half_stored(own_server: LumbungServer) -> None:
    own_server.start()
    phone = Phone(own_server, roster(GUNTUNG).person.id)
    phone.sync()
    writes = [phone.write(activity(GUNTUNG)) for _ in range(3)]
    before = dump(own_server)
    with database(own_server) as blocker:
        blocker.execute("UPDATE home SET n = n")
        blocker.execute("UPDATE attempt SET n = n")
        answer = phone.post(*writes)
        reading = phone.post()
        body = {"code": own_server.demo["codes"][0]["code"], "replica": "0" * 16}
        enrolling = requests.post(f"{own_server.base_url}/api/v1/enrol", json=body, timeout=30)
    assert (answer.status_code, problem(answer)["code"]) == (503, "server-busy")
    assert answer.headers["Retry-After"]
    assert problem(enrolling)["code"] == "server-busy"
    assert reading.status_code == 200, "who only reads does not wait for a lock"
    assert dump(own_server) == before
    assert {one.result for one in phone.sync(*writes).outcomes} == {"accepted"}


def test_many_phones_at_once_lose_nothing_and_number_without_gaps(own_server: LumbungServer) -> None:
    own_server = own_server.beside()
    with own_server:
        phones = [Phone(own_server, add_person(own_server, f"kdr-{n}x", (GUNTUNG, "cadre"))) for n in range(6)]

        def work(phone: Phone) -> list[str]:
            results = []
            for _ in range(5):
                reply = phone.sync(*[phone.write(activity(GUNTUNG)) for _ in range(4)])
                results += [one.result for one in reply.outcomes]
            return results

        with ThreadPoolExecutor(len(phones)) as pool:
            results = [result for found in pool.map(work, phones) for result in found]
        assert results == ["accepted"] * 120
        with database(own_server) as connection:
            arrivals = [n for (n,) in connection.execute("SELECT arrival FROM write ORDER BY arrival")]
            numbers = [n for (n,) in connection.execute("SELECT number FROM receipt ORDER BY number")]
        assert arrivals == list(range(1, 121))
        assert numbers == list(range(1, 31))
        for phone in phones:
            phone.sync_all()
            assert len(phone.records) == 120


def test_two_processes_on_one_database_lose_nothing_and_number_without_gaps(own_server: LumbungServer) -> None:
    first, second = own_server.beside(), own_server.beside()
    with first, second:
        phones = [Phone((first, second)[n % 2], add_person(first, f"kdr-{n}y", (GUNTUNG, "cadre"))) for n in range(8)]

        def work(phone: Phone) -> list[str]:
            batches = [[phone.write(activity(GUNTUNG)) for _ in range(3)] for _ in range(4)]
            return [one.result for batch in batches for one in phone.sync(*batch).outcomes]

        with ThreadPoolExecutor(len(phones)) as pool:
            assert [result for found in pool.map(work, phones) for result in found] == ["accepted"] * 96
        with database(first) as connection:
            arrivals = [n for (n,) in connection.execute("SELECT arrival FROM write ORDER BY arrival")]
            numbers = [n for (n,) in connection.execute("SELECT number FROM receipt ORDER BY number")]
        assert arrivals == list(range(1, 97))
        assert numbers == list(range(1, 33))
        for phone in phones:
            phone.sync_all()
            assert len(phone.records) == 96


def test_a_bug_is_answered_with_a_sentence_and_logged_without_what_people_wrote(own_server: LumbungServer) -> None:
    own_server.start()
    phone = Phone(own_server, roster(GUNTUNG).person.id)
    phone.sync()
    with database(own_server) as connection:
        connection.execute("ALTER TABLE feed RENAME TO umpan")
    answer = phone.post(phone.write(activity(GUNTUNG, "Rahasia keluarga")))
    assert (answer.status_code, problem(answer)["code"]) == (500, "server-error")
    assert "unhandled error" in own_server.output
    cause = "OperationalError" if own_server.database_url.startswith(SQLITE) else "ProgrammingError"
    for useful in (f"cause={cause}", "push.py:", "records.py:", "route=sync"):
        assert useful in own_server.output
    for private in ("Rahasia keluarga", phone.token, phone.replica, GUNTUNG):
        assert private not in own_server.output.split("Ctrl+C")[-1]
    with database(own_server) as connection:
        assert connection.execute("SELECT count(*) FROM write").fetchone() == (0,)


def test_a_database_behind_its_migrations_is_not_ready(own_server: LumbungServer) -> None:
    own_server.start()
    with database(own_server) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'lama'")
    answer = requests.get(f"{own_server.base_url}/readyz", timeout=10)
    assert (answer.status_code, problem(answer)["code"]) == (503, "not-ready")
    assert requests.get(f"{own_server.base_url}/healthz", timeout=10).status_code == 200


def test_the_summary_for_programs_says_what_was_printed(server: LumbungServer) -> None:
    summary = json.loads((server.var / "demo.json").read_text("utf-8"))
    assert set(summary) == {"address", "codes", "logins"}
    assert len(summary["codes"]) == 3
    assert {one["region"] for one in summary["logins"]} == {"64.74", "64.74.01", "64.74.02", "64.74.03"}
