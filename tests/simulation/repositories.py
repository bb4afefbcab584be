"""The server's repositories over the database in memory: the same functions, the same answers, no SQL.

Each class stands for the functions of the module of its name; what they leave out no service of a sync asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from lumbung_server.repositories.access import Device, Noted, Replica
from lumbung_server.repositories.changes import Change, Stretch
from lumbung_server.repositories.forms import FormName, StoredOffer
from lumbung_server.repositories.instance import History
from lumbung_server.repositories.organisations import Membership
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.repositories.records import FeedRow, StoredRecord, StoredWrite
from lumbung_server.repositories.regions import Counter
from lumbung_server.repositories.tallies import Tally
from lumbung_shared.catalogue import overlaps
from lumbung_shared.forms import Form
from lumbung_shared.joining import Joining
from lumbung_shared.protocol import Person, Receipt
from lumbung_shared.regions import covered, home_region, is_within
from tests.simulation.memory import Transaction


class Records:
    """Writes, the records they make, where those appear in feeds, and receipts."""

    @staticmethod
    async def writes_named(at: Transaction, replica: str, numbers: Iterable[int]) -> dict[int, StoredWrite]:
        rows = await at.rows("write")
        return {n: rows[replica, n] for n in sorted(set(numbers)) if (replica, n) in rows}

    @staticmethod
    async def times_until(at: Transaction, replica: str, first: int, last: int) -> dict[int, int]:
        own = {n: row.at for (name, n), row in (await at.rows("write")).items() if name == replica and n <= last}
        since = max((n for n in own if n < first), default=first)
        return {n: moment for n, moment in own.items() if n >= since}

    @staticmethod
    async def records_named(at: Transaction, ids: Iterable[str]) -> dict[str, StoredRecord]:
        rows = await at.rows("record")
        return {one: rows[one] for one in sorted(set(ids)) if one in rows}

    @staticmethod
    async def writes_of(at: Transaction, home: int, records: Iterable[str]) -> dict[str, list[StoredWrite]]:
        wanted = set(records)
        rows = [row for row in (await at.rows("write")).values() if row.record in wanted and row.home == home]
        found: dict[str, list[StoredWrite]] = {}
        for row in sorted(rows, key=lambda row: row.arrival):
            found.setdefault(row.record, []).append(row)
        return found

    @staticmethod
    async def add_writes(at: Transaction, writes: Sequence[StoredWrite]) -> None:
        await at.put("write", {(one.replica, one.n): one for one in writes})

    @staticmethod
    async def put_records(at: Transaction, records: Sequence[StoredRecord]) -> None:
        rows = await at.rows("record")
        kept = [
            replace(one, author=rows[one.id].author, made_at=rows[one.id].made_at) if one.id in rows else one
            for one in records
        ]
        await at.put("record", {one.id: one for one in kept})

    @staticmethod
    async def put_feed(at: Transaction, rows: Sequence[FeedRow]) -> None:
        await at.put("feed", {(one.home, one.region, one.record): one for one in rows})

    @staticmethod
    async def add_receipt(at: Transaction, home: int, made: Receipt) -> None:
        await at.put("receipt", {(home, made.number): made})

    @staticmethod
    async def find_receipt(at: Transaction, home: int, number: int) -> Receipt:
        found: Receipt = (await at.rows("receipt"))[home, number]
        return found

    @staticmethod
    async def own_numbers(at: Transaction, replica: str, records: Iterable[str]) -> dict[str, int]:
        wanted = set(records)
        highest: dict[str, int] = {}
        for (name, n), row in (await at.rows("write")).items():
            if name == replica and row.record in wanted:
                highest[row.record] = max(n, highest.get(row.record, 0))
        return highest


class Regions:
    """The homes, and which regions exist."""

    @staticmethod
    async def homes(at: Transaction) -> dict[str, int]:
        return {row.region: number for number, row in (await at.rows("home")).items()}

    @staticmethod
    async def homes_of(at: Transaction, root: str) -> dict[int, int]:
        home = home_region(root)
        rows = sorted((await at.rows("home")).items())
        return {number: row.n for number, row in rows if is_within(row.region, root) or row.region == home}

    @staticmethod
    async def lock_homes(at: Transaction, ids: Iterable[int]) -> dict[int, Counter]:
        wanted = sorted(set(ids))
        for home in wanted:
            await at.lock(home)
        rows = await at.rows("home")
        return {home: Counter(rows[home].n, rows[home].receipts) for home in wanted}

    @staticmethod
    async def advance_home(at: Transaction, one: int, counter: Counter) -> None:
        rows = await at.rows("home")
        await at.put("home", {one: replace(rows[one], n=counter.n, receipts=counter.receipts)})

    @staticmethod
    async def region_names(at: Transaction, codes: Iterable[str]) -> dict[str, str]:
        rows = await at.rows("region")
        return {code: rows[code].name for code in sorted(set(codes)) if code in rows}


class Changes:
    """What changed in the feed of a region's subtree since a place in it."""

    @staticmethod
    async def changes_in(at: Transaction, region: str, reader: str, stretch: Stretch) -> list[Change]:
        def is_wanted(row: FeedRow, record: StoredRecord) -> bool:
            if not is_within(row.region, region):
                return False
            lately = record.author == reader or record.changed_at >= stretch.since_ms
            if row.present and not record.deleted:
                told = lately or record.date >= stretch.since_day or not record.date
            else:
                told = stretch.again and lately
            return row.n > stretch.fill or told

        records = await at.rows("record")
        rows = (row for row in (await at.rows("feed")).values() if is_wanted(row, records[row.record]))
        return _changes(rows, records, stretch)

    @staticmethod
    async def own_changes(at: Transaction, reader: str, regions: Sequence[str], stretch: Stretch) -> list[Change]:
        def is_wanted(row: FeedRow, record: StoredRecord) -> bool:
            told = row.n > stretch.fill or stretch.again or not record.deleted
            return record.author == reader and row.present and told and not covered(row.region, regions)

        records = await at.rows("record")
        rows = (row for row in (await at.rows("feed")).values() if is_wanted(row, records[row.record]))
        return _changes(rows, records, stretch)

    @staticmethod
    async def homes_with_own(at: Transaction, reader: str, regions: Sequence[str]) -> dict[int, int]:
        records, feed = await at.rows("record"), await at.rows("feed")
        own = {one.id for one in records.values() if one.author == reader and not covered(one.region, regions)}
        appear = {row.home for row in feed.values() if row.record in own}
        rows = await at.rows("home")
        return {home: rows[home].n for home in sorted(appear)}

    @staticmethod
    async def touched_by_others(
        at: Transaction, home_id: int, after: int, replica: str, records: Sequence[str]
    ) -> set[str]:
        return {
            row.record
            for row in (await at.rows("write")).values()
            if row.home == home_id and row.arrival > after and row.replica != replica and row.record in records
        }


def _changes(rows: Iterable[FeedRow], records: Mapping[str, StoredRecord], stretch: Stretch) -> list[Change]:
    here = [row for row in rows if row.home == stretch.home and row.n > stretch.after]
    here.sort(key=lambda row: row.n)
    return [Change(row.n, row.present, records[row.record]) for row in here[: stretch.limit]]


class Tallies:
    """Numbers of activities."""

    @staticmethod
    async def add(at: Transaction, changes: Sequence[Tally]) -> None:
        rows = await at.rows("tally")
        keys = {(it.home, it.region, it.kind, it.measure, it.month, it.review): it for it in changes}
        assert len(keys) == len(changes), "PostgreSQL changes no row twice in one statement"
        added = {
            key: replace(it, number=rows[key].number + it.number if key in rows else it.number)
            for key, it in keys.items()
        }
        await at.put("tally", added)


class Erasures:
    """What was erased: nothing is, in these worlds."""

    @staticmethod
    async def paths_of(_: Transaction, __: Iterable[str]) -> Mapping[str, frozenset[str]]:
        return {}


class Joinings:
    """What was said of which two activities: nothing is, in these worlds."""

    @staticmethod
    async def naming(_: Transaction, __: Iterable[str]) -> list[Joining]:
        return []


class Photos:
    """Which records name which pictures: none does in these worlds."""

    @staticmethod
    async def wanted_of(_: Transaction, __: str) -> tuple[str, ...]:
        return ()


class Organisations:
    """Who belongs where: nobody does in these worlds."""

    @staticmethod
    async def memberships(_: Transaction, __: Iterable[str]) -> dict[str, tuple[Membership, ...]]:
        return {}


class Texts:
    """The words by which records are found: nobody searches in these worlds."""

    @staticmethod
    async def put_words(_: Transaction, __: Mapping[str, str]) -> None:
        return None

    @staticmethod
    async def drop_words(_: Transaction, __: Collection[str]) -> None:
        return None


class Forms:
    """Published forms and their offers."""

    @staticmethod
    async def forms_named(at: Transaction, names: Iterable[FormName]) -> dict[FormName, Form]:
        rows = await at.rows("form_offer")
        return {name: rows[name].form for name in sorted(set(names)) if name in rows}

    @staticmethod
    async def purposes(at: Transaction, kinds: Iterable[str]) -> dict[str, str]:
        wanted, rows = set(kinds), await at.rows("form_offer")
        return {kind: row.offer.purpose for (kind, _), row in rows.items() if kind in wanted}

    @staticmethod
    async def offers_after(at: Transaction, regions: Iterable[str], number: int, limit: int) -> tuple[StoredOffer, ...]:
        places = tuple(regions)
        offers = (row.offer for row in (await at.rows("form_offer")).values())
        found = (one for one in offers if one.number > number and overlaps(one.region, places))
        return tuple(sorted(found, key=lambda one: one.number)[:limit])

    @staticmethod
    async def last_number(at: Transaction) -> int:
        return max((row.offer.number for row in (await at.rows("form_offer")).values()), default=0)


class People:
    """People and what they may do where."""

    @staticmethod
    async def people(at: Transaction, ids: Iterable[str], _day: str) -> dict[str, Person]:
        rows = await at.rows("person")
        return {one: rows[one] for one in sorted(set(ids)) if one in rows}

    @staticmethod
    async def held_grants(at: Transaction, who: str) -> tuple[HeldGrant, ...]:
        rows = (row for (person, *_), row in (await at.rows("grant")).items() if person == who)
        return tuple(sorted(rows, key=lambda row: (row.region, row.version, row.role)))


class Access:
    """Devices with their tokens, and replicas."""

    @staticmethod
    async def holder_of(at: Transaction, digest: str) -> tuple[Device, tuple[HeldGrant, ...]] | None:
        rows = (await at.rows("device")).values()
        found: Device | None = next((row for row in rows if row.token_digest == digest), None)
        if found is None:
            return None
        if (noted := (await at.rows("heard")).get(found.id)) is not None:
            found = replace(found, **vars(noted))
        return found, await People.held_grants(at, found.person)

    @staticmethod
    async def find_replica(at: Transaction, one: str) -> Replica | None:
        return (await at.rows("replica")).get(one)

    @staticmethod
    async def claim_replica(at: Transaction, made: Replica) -> Replica:
        rows = await at.rows("replica")
        if made.id not in rows:
            await at.put("replica", {made.id: made})
            return made
        found: Replica = rows[made.id]
        return found

    @staticmethod
    async def note_device(at: Transaction, one: str, noted: Noted) -> None:
        await at.put("heard", {one: noted})


class Instance:
    """What the database says about itself."""

    @staticmethod
    async def epoch(at: Transaction) -> str:
        rows = await at.rows("instance")
        return str(rows["epoch"])

    @staticmethod
    async def history(at: Transaction) -> History:
        named, runs, homes = await at.rows("instance"), await at.rows("run"), await at.rows("home")
        run, _ = runs.get(len(runs), ("", 0))
        offers = await Forms.last_number(at)
        return History(named["epoch"], named["cursor-key"], run, sum(row.n for row in homes.values()) + offers, offers)

    @staticmethod
    async def replace_epoch(at: Transaction, before: str, after: str) -> bool:
        if (await at.rows("instance"))["epoch"] != before:
            return False
        await at.put("instance", {"epoch": after})
        return True

    @staticmethod
    async def total_after(at: Transaction, name: str) -> int | None:
        runs = await at.rows("run")
        followed = (runs.get(number + 1) for number, (known, _) in runs.items() if known == name)
        return next((total for _, total in filter(None, followed)), None)
