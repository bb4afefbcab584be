"""An entry found as one types: every letter is a search of its own, as on the screen, over a phone full of entries."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from benchmarks import questions, records, stores
from lumbung_client.session.session import Session
from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.entries import OWNER, REPLICA, Owner, Replica, put, put_record
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_shared.ids import uuid7
from lumbung_shared.protocol import Grant, Person
from lumbung_shared.records import Head, RecordState

REGISTER = "business"
ENTRIES, ACTIVITIES = 5_000, 2_000
SHOWN = 51
"""Rows that a screen asks for: what it shows, and one to know whether there are more."""
TYPED = ("keripik melati", "siti aminah", "umk berkah 12", "guntung", "zzz")
_GOODS = "Keripik Amplang Abon Sambal Kue Roti Batik Kopi Madu Sirup Tempe Tahu Bakso Rengginang Dodol Peyek".split()
_NAMES = "Melati Mawar Anggrek Kenanga Sari Berkah Jaya Makmur Sejahtera Lestari Mandiri Barokah Ratna Mekar".split()
_PEOPLE = "Siti Nur Aisyah Dewi Rina Ratna Aminah Fatimah Hasanah Wati Sri Yuni Lina Nia Marlina".split()
_VILLAGES = {"64.74.01.1003": "Lok Tuan", "64.74.01.1004": "Guntung", "64.74.02.1001": "Tanjung Laut"}


def entry(number: int) -> RecordState:
    """Return entry `number` as the server confirmed it."""
    chance = random.Random(f"{records.SEED} entry {number}")
    sets = {
        "name": f"{chance.choice(_GOODS)} {chance.choice(_NAMES)} {number}",
        "owner": f"Ibu {chance.choice(_PEOPLE)} {chance.choice(_PEOPLE)}",
        "region": chance.choice(sorted(_VILLAGES)),
        "rt": f"{chance.randrange(1, 40):02}",
        "contact": f"0812{chance.randrange(10**7, 10**8)}",
    }
    made_at = records.YEAR_BEGINS + number * records.MINUTE
    head = Head(records.REPLICA, number + 1, sets, made_at, records.OWNER)
    record = uuid7(made_at, chance.randbytes(10))
    return RecordState(record, REGISTER, 1, "1", records.OWNER, (head,))


async def filled(files: DurableFiles, entries: int) -> None:
    """Fill a store with entries, and activities beside them."""

    def changes() -> Iterator[Change]:
        yield from (put_record(entry(number)) for number in range(entries))
        yield from (stores.put(number) for number in range(entries * ACTIVITIES // ENTRIES))

    owner = Owner("token", questions.FAR, Person(records.OWNER, "Ibu Kader"), (Grant("64.74", "cadre"),), _VILLAGES)
    store = await stores.fill_files(files, changes())
    store.apply([put(Name.META, OWNER, owner), put(Name.META, REPLICA, Replica(records.REPLICA, entries))])
    store.close()


async def typed(files: DurableFiles, turns: int) -> list[float]:
    """Type words letter by letter, so many times; return the slowest letter of each word, in ms.

    Before each word an entry was saved, so that nothing is remembered from the search before.
    """
    session = await questions.opened(files)
    try:
        session.registers.find(REGISTER, limit=SHOWN)
        times = []
        for turn in range(turns):
            for word in TYPED:
                _save(session, f"{word} {turn}")
                times.append(max(_letter(session, word[:end]) for end in range(1, len(word) + 1)))
        return times
    finally:
        await session.close()


def _letter(session: Session, text: str) -> float:
    begun = time.perf_counter()
    session.registers.find(REGISTER, text, SHOWN)
    session.registers.counts(text)
    return (time.perf_counter() - begun) * 1000


def _save(session: Session, name: str) -> None:
    record = session.start_draft(REGISTER, {"name": name, "region": min(_VILLAGES)})
    assert session.finish(record) == ()  # noqa: S101  # or there is nothing to measure
