"""What the feed is filtered and searched by besides region, kind and day, and that no filter makes a page dear."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection as PlainConnection

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.db.copies import scrub
from lumbung_server.db.tables import home, record
from lumbung_server.repositories import feed as feeds
from lumbung_server.repositories import feed_counts, texts
from lumbung_server.repositories.feed import Place, Wanted, feed_page
from lumbung_server.services.feed import FeedQuery, count_feed
from lumbung_server.services.site import Site
from lumbung_server.services.wording import places
from lumbung_shared.ids import uuid7
from lumbung_shared.regions import covered, lineage
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from tests.server.cameras import Hand, jpeg, log_photos
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN, SATIMPO, Phone, activity, database, dump, problem, roster
from tests.server.sites import NOW, add_caller, caller, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@pytest.fixture(scope="module")
def coordinator(server: LumbungServer) -> Phone:
    return Phone(server, roster(BONTANG).person.id)


@pytest.fixture(scope="module")
def made(server: LumbungServer, coordinator: Phone) -> dict[str, str]:
    """Activities of two people of one village and one of another: name to record."""
    first, second = Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(GUNTUNG, 1).person.id)
    south = Phone(server, roster(SATIMPO).person.id)
    names = {
        "verified": first.log(activity(GUNTUNG, "Pélatihan Kompos") | {"date": "2026-11-01"}),
        "changed": first.log(activity(GUNTUNG, "Sosialisasi") | {"date": "2026-11-02"}),
        "returned": second.log(activity(GUNTUNG, "Rapat RT 12") | {"date": "2026-11-03"}),
        "photo": log_photos(second, GUNTUNG, jpeg(31)),
        "south": south.log(activity(SATIMPO, "Pelatihan bank sampah") | {"date": "2026-11-04"}),
    }
    coordinator.sync_all()
    for name, verdict in (
        ("verified", Verdict.VERIFIED),
        ("changed", Verdict.VERIFIED),
        ("returned", Verdict.RETURNED),
    ):
        state = coordinator.records[names[name]]
        reason = "Fotonya kurang" if verdict is Verdict.RETURNED else ""
        said = judgement_value(Judgement(verdict, content_digest(state), reason))
        coordinator.log({JUDGEMENT: said}, record=state.record)
    first.sync_all()
    first.log({"title": "Sosialisasi ulang"}, record=names["changed"])
    return names


def names(made: Mapping[str, str], phone: Phone, **query: Any) -> list[str]:
    """Names of the module's activities in the order the feed has them, and that the counts agree."""
    by_record = {one: name for name, one in made.items()}
    found = [by_record[entry.record] for entry in phone.feed(**query).entries]
    counts = phone.counts(**query)
    assert (counts.total, counts.more) == (len(found), False)
    # A village has no regions below it to count.
    assert query.get("region") == SATIMPO or sum(one.activities for one in counts.regions) == len(found)
    return found


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({}, ["photo", "south", "returned", "changed", "verified"]),
        ({"review": "received"}, ["photo", "south"]),
        ({"review": "verified"}, ["verified"]),
        ({"review": "changed"}, ["changed"]),
        ({"review": "returned"}, ["returned"]),
        ({"review": "corrected"}, []),
        ({"lacking": "1"}, ["photo"]),
        ({"lacking": "1", "review": "verified"}, []),
        ({"review": "received", "region": SATIMPO}, ["south"]),
        ({"review": "received", "kind": "other"}, ["south"]),
        ({"text": "pelatihan"}, ["south", "verified"]),
        ({"text": "KOMPOS pelat"}, ["verified"]),
        ({"text": "pelatihan", "region": SATIMPO}, ["south"]),
        ({"text": "rt 12"}, ["returned"]),
        ({"text": "atihan"}, []),
        ({"text": "sosialisasi ulang", "review": "changed"}, ["changed"]),
        ({"text": "sosialisasi", "kind": "compost-training"}, []),
        ({"text": "pelatihan", "until": "2026-11-02"}, ["verified"]),
        ({"text": 'rapat" OR "r'}, []),
        ({"text": "6474"}, []),
    ],
)
def test_review_missing_photos_and_words_narrow_the_feed_and_its_counts(
    made: dict[str, str], coordinator: Phone, query: dict[str, str], seen: list[str]
) -> None:
    assert names(made, coordinator, **query) == seen


def test_a_person_and_an_organisation_narrow_the_feed(
    server: LumbungServer, made: dict[str, str], coordinator: Phone
) -> None:
    one, other = roster(GUNTUNG).person, roster(GUNTUNG, 1).person
    assert names(made, coordinator, person=one.id) == ["changed", "verified"]
    assert names(made, coordinator, person=other.id, review="returned") == ["returned"]
    assert names(made, coordinator, person=other.id, text="rapat") == ["returned"]
    assert names(made, coordinator, person=other.id, region=SATIMPO) == []
    assert names(made, coordinator, person="tidak-ada") == []
    with database(server) as connection:
        rows = connection.execute("SELECT person, organisation FROM membership").fetchall()
    of = dict(rows)
    same = {name for name, person in _authors(coordinator).items() if of[person] == of[one.id]}
    assert set(names(made, coordinator, organisation=of[one.id])) == {name for name in made if made[name] in same}
    assert names(made, coordinator, organisation=" ".join(one.organisation.upper().split(" "))) == names(
        made, coordinator, organisation=of[one.id]
    )
    assert names(made, coordinator, organisation="org-tidak-ada") == []


def _authors(phone: Phone) -> dict[str, str]:
    return {entry.record: entry.author for entry in phone.feed().entries}


def test_a_photo_that_arrives_is_missing_no_more(server: LumbungServer, coordinator: Phone) -> None:
    phone = Phone(server, roster(LOK_TUAN).person.id)
    record_ = log_photos(phone, LOK_TUAN, jpeg(32), jpeg(33))
    hand = Hand(phone)
    seen = []
    for content in (b"", jpeg(32), jpeg(33)):
        if content:
            hand.upload(content)
        seen.append([entry.record for entry in coordinator.feed(lacking="1", region=LOK_TUAN).entries])
    assert seen == [[record_], [record_], []]
    phone.sync(phone.deletion(record_))


def test_a_deleted_activity_is_found_by_no_word_any_more(server: LumbungServer, coordinator: Phone) -> None:
    phone = Phone(server, roster(LOK_TUAN).person.id)
    gone = phone.log(activity(LOK_TUAN, "Penyulingan nilam"))
    assert [entry.record for entry in coordinator.feed(text="nilam").entries] == [gone]
    phone.sync(phone.deletion(gone))
    assert coordinator.feed(text="nilam").entries == ()


@pytest.mark.parametrize("path", ["feed", "feed/counts"])
@pytest.mark.parametrize(
    "query", [{"review": "bagus"}, {"text": "- ?"}, {"text": "a" * 201}, {"person": "p" * 201}, {"lacking": "mungkin"}]
)
def test_a_filter_that_means_nothing_is_refused(coordinator: Phone, path: str, query: dict[str, str]) -> None:
    answer = coordinator.get(path, **query)
    assert (answer.status_code, problem(answer)["code"]) == (400, "filter-malformed")


VILLAGES = [f"64.74.{district:02}.{village}" for district in (1, 2, 3) for village in (1001, 1002, 1003)]
RARE = {"kind": "compost-training", "organisation": "org-satu", "review": "returned", "person": "sedikit"}


async def fill(site: Site, each: int = 40) -> None:
    """Store as many activities in each village, of which one in a hundred is rare in each way, at one place."""
    for person in ("banyak", "sedikit"):
        await add_caller(site, caller(person, ("64.74",)))

    async def add(connection: Connection) -> None:
        one = int((await connection.execute(home.select().where(home.c.region == "64.74"))).one().id)
        rows = []
        for n, village in enumerate(itertools.chain.from_iterable([VILLAGES] * each)):
            rare = n % 100 == 7
            names = {"id": uuid7(NOW + n, b"lumbung-02"), "state": "{}", "digest": "", "flags": "[]"}
            place = {"home": one, "region": village, "regency": village[:5], "district": village[:8]}
            times = {"at": NOW, "arrival": n + 1, "made_at": NOW + n, "changed_at": NOW, "form": 1}
            marks = {"deleted": False, "listed": True, "disputed": rare, "lacking": rare}
            kind = {"kind": RARE["kind"] if rare else "other", "date": f"2026-{1 + n % 12:02}-05"}
            of = {"author": RARE["person"] if rare else "banyak", "organisation": RARE["organisation"] if rare else ""}
            rows.append(names | place | times | marks | kind | of | {"review": RARE["review"] if rare else "received"})
        await connection.execute(record.insert(), rows)

    await writing(site.engine, add)
    # As in a database that has been running for a while: PostgreSQL's autovacuum comes when it likes.
    async with site.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("PRAGMA optimize" if site.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))


async def plan_of(site: Site, wanted: Wanted) -> str:
    """Return how the database goes about a first page."""
    asked: list[tuple[str, Any]] = []

    def note(_: PlainConnection, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        asked.append((statement, parameters))

    async with reading(site.engine) as connection:
        event.listen(site.engine.sync_engine, "before_cursor_execute", note)
        await feed_page(connection, wanted, None, 11)
        event.remove(site.engine.sync_engine, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        how = "EXPLAIN QUERY PLAN " if site.engine.dialect.name == "sqlite" else "EXPLAIN "
        if site.engine.dialect.name == "postgresql":
            # A thousand rows are read faster than any index: what counts is which one is there for the order.
            await connection.execute(text("SET LOCAL enable_seqscan TO off"))
            await connection.execute(text("SET LOCAL enable_bitmapscan TO off"))
        return "\n".join(str(row[-1]) for row in await connection.exec_driver_sql(how + statement, parameters))


def test_a_page_with_any_single_filter_is_read_from_an_index_that_has_its_order(
    tmp_path: Path, addressed: Callable[[Path], str]
) -> None:
    async def run() -> dict[tuple[str, str], str]:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            await fill(site)
            return {
                (region, name): await plan_of(site, _wanted(region, name))
                for region in ("64", "64.74", "64.74.02", "64.74.02.1003")
                for name in ("", "kind", "organisation", "review", "person", "disputed", "lacking", "until")
            }

    for (region, name), plan in asyncio.run(run()).items():
        level = "regency" if region in ("64", "64.74") else "region"
        column = "" if name in ("", "until") else f"_{name}"
        expected = "feed_author" if name == "person" else f"feed_{level}{column}"
        assert f"{expected} " in plan.replace("\n", " "), (region, name, plan)
        if region in ("64.74", "64.74.02.1003"):
            assert "TEMP B-TREE" not in plan, (region, name, plan)
            assert "Sort" not in plan, (region, name, plan)


def _wanted(region: str, name: str) -> Wanted:
    chosen: dict[str, Any] = {name: _value(name)} if name else {}
    return Wanted((region,), **chosen)


def _value(name: str) -> Any:
    return RARE.get(name, "2026-06-01" if name in ("since", "until") else True)


def test_pages_of_every_filter_and_place_hold_the_same_as_a_look_through_everything(
    tmp_path: Path, addressed: Callable[[Path], str]
) -> None:
    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            await fill(site)
            async with reading(site.engine) as connection:
                rows = (await connection.execute(record.select())).all()
                for roots in (("64",), ("64.74",), ("64.74.02",), ("64.74.02.1003",), ("64.74.01", "64.74.03.1001")):
                    for name in ("", "kind", "organisation", "review", "person", "disputed", "lacking", "since"):
                        filters: dict[str, Any] = {name: _value(name)} if name else {}
                        seen = await _all_pages(connection, Wanted(roots, **filters))
                        assert seen == [row.id for row in _matching(rows, roots, filters)], (roots, name)

    asyncio.run(run())


async def _all_pages(connection: Connection, wanted: Wanted) -> list[str]:
    seen: list[str] = []
    after = None
    while page := await feed_page(connection, wanted, after, 50):
        seen += [one.id for one in page]
        after = Place(page[-1].date, page[-1].made_at, page[-1].id)
    return seen


def _matching(rows: Sequence[Any], roots: Sequence[str], filters: Mapping[str, Any]) -> list[Any]:
    def fits(row: Any) -> bool:
        named = {"person": row.author, "since": row.date}
        return covered(row.region, roots) and all(
            row.date >= value if name == "since" else named.get(name, getattr(row, name, None)) == value
            for name, value in filters.items()
        )

    return sorted(filter(fits, rows), key=lambda row: (row.date, row.made_at, row.id), reverse=True)


def test_what_there_is_much_of_is_counted_so_far_and_no_further(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_counts, "MOST", 30)
    monkeypatch.setattr(feed_counts, "LOOKED_AT", 100)
    feed_counts._counting.cache_clear()

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            await fill(site)
            who = caller("k", ("64.74",), "regency-coordinator")
            whole = await count_feed(site, who, FeedQuery())
            assert [(one.activities, one.more) for one in whole.regions] == [(30, True)] * 3
            assert (whole.total, whole.more) == (90, True)
            rare = await count_feed(site, who, FeedQuery(review="returned"))
            assert (rare.total, rare.more) == (4, False)
            # What one filter finds is held against the other only so far: there may be more.
            both = await count_feed(site, who, FeedQuery(review="received", kind="compost-training"))
            assert (both.total, both.more) == (0, True)
            village = await count_feed(site, who, FeedQuery(region="64.74.02.1003"))
            assert (village.total, village.more) == (30, True)

    try:
        asyncio.run(run())
    finally:
        feed_counts._counting.cache_clear()


def test_a_search_looks_at_the_newest_texts_and_says_that_there_are_more(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (feeds, feed_counts):
        monkeypatch.setattr(module, "MAX_HITS", 5)

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            await fill(site, 2)

            async def add(connection: Connection) -> None:
                rows = (await connection.execute(record.select().order_by(record.c.made_at))).all()
                words = {row.id: " ".join(["rapat", *places(lineage(row.region))]) for row in rows}
                await texts.put_words(connection, words)

            await writing(site.engine, add)
            who = caller("k", ("64.74",), "regency-coordinator")
            async with reading(site.engine) as connection:
                asked = Wanted(("64.74",), words=("rap",), places=tuple(places(("64.74",))))
                page = await feed_page(connection, asked, None, 50)
            counts = await count_feed(site, who, FeedQuery(text="rap"))
            assert (len(page), counts.total, counts.more) == (5, 5, True)
            counts = await count_feed(site, who, FeedQuery(text="rap", region="64.74.02.1001"))
            assert (counts.total, counts.more) == (2, False)

    asyncio.run(run())


def test_no_word_that_was_taken_away_is_left_in_the_file_of_a_database(tmp_path: Path) -> None:
    file = tmp_path / "lumbung.sqlite3"

    async def run() -> None:
        async with fresh_site(tmp_path, f"sqlite:///{file}") as site:
            await writing(site.engine, lambda it: texts.put_words(it, {"a": "nilam ·64", "b": "rapat ·64"}))
            await writing(site.engine, lambda it: texts.put_words(it, {"a": "kompos ·64"}))

    asyncio.run(run())
    assert b"nilam" in file.read_bytes()
    assert scrub(file)
    left = file.read_bytes()
    assert b"nilam" not in left
    assert b"kompos" in left


def test_what_a_migration_could_not_fill_is_filled_by_the_next_start(
    own_server: LumbungServer,
) -> None:
    with own_server:
        phone = Phone(own_server, roster(GUNTUNG).person.id)
        log_photos(phone, GUNTUNG, jpeg(41))
        phone.log(activity(GUNTUNG, "Rapat warga"))
        before = dump(own_server)
    with database(own_server) as connection:
        connection.execute("UPDATE record SET lacking = NOT lacking, review = 'changed', organisation = ''")
        connection.execute("DELETE FROM record_text")
        connection.execute("INSERT INTO instance VALUES ('unlisted', '')")
    own_server.command("check")
    after = dump(own_server)
    assert after["record"] == before["record"]
    assert after["instance"] == before["instance"]
    assert [row[1:] for row in after["record_text"]] == [row[1:] for row in before["record_text"]]
