"""How many bytes a sync puts on the wire, counted on the socket of a real server: bodies, headers and all."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from benchmarks import records
from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from benchmarks.wire_proxy import CountingProxy
from lumbung_client.store.entries import Entry, Owner
from lumbung_client.sync import plan, verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.plan import Batch
from lumbung_client.sync.transport_native import exchange
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import uuid7
from lumbung_shared.protocol import MAX_WRITES, SyncReply
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime
from tests.server import phones
from tests.servers import LumbungServer

A_RECORD = 200
A_ROW = 48
A_DAY_OUT = 10_000
"""Bytes that sending 20 records and reading 20 of others may cost in all."""
FEW = 20
APP = "0.1.0"
BOOT = "5b0f3a1c9d2e4f60"
HEARD = Heard(
    PhoneTime(records.YEAR_BEGINS - 81_234_567, 81_234_567, "c2d40b7e6f1a9358"), records.YEAR_BEGINS - 81_230_000
)
"""What a phone tells of its last answer: from before all that the records of the benchmarks are of."""
OF_A_BROWSER = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile "
    "Safari/537.36",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Origin": "https://lumbung.example.id",
    "Referer": "https://lumbung.example.id/",
    "Sec-Ch-Ua": '"Chromium";v="137", "Not/A)Brand";v="24"',
    "Sec-Ch-Ua-Mobile": "?1",
    "Sec-Ch-Ua-Platform": '"Android"',
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
}
"""What a browser puts beside the app's own headers: the app runs in one by default."""
MINUTES = 20 * 60_000


def run(effort: Effort) -> Iterator[Figure]:
    """Measure a record's share of a full request, and the whole traffic of a phone that brings 20 and takes 20."""
    with LumbungServer(effort.folder / "server") as server:
        proxy = CountingProxy(server.port)
        try:
            times = effort.times(5, 1)
            yield _full_request(server, proxy, times)
            yield _a_day_out(server, proxy, times)
        finally:
            proxy.close()


class _Phone:
    """A phone of a cadre that sends what the app would send, through the proxy."""

    def __init__(self, server: LumbungServer, proxy: CountingProxy, place: int) -> None:
        self._phone = phones.Phone(server, phones.roster(phones.GUNTUNG, place).person.id)
        self._proxy = proxy
        told = self._phone.admission
        self._owner = Owner(told.token, told.expires, told.person, told.grants, told.regions)
        self._cursor = ""
        self._made = 0

    def entries(self, first: int, count: int) -> list[Entry]:
        """Return made-up activities of this phone's village from number `first` on."""
        return [self._lifelike(number) for number in range(first, first + count)]

    def _lifelike(self, number: int) -> Entry:
        # Nobody saves on the stroke of the minute: moments to the millisecond are part of what has to travel.
        entry, chance = records.entry(number), random.Random(f"moment {number}")
        begun = entry.made_at + chance.randrange(MINUTES)
        saved = begun + chance.randrange(MINUTES)
        self._made += 1
        write = replace(
            entry.write,
            n=self._made,
            record=uuid7(begun, chance.randbytes(10)),
            sets={**entry.write.sets, "region": phones.GUNTUNG},
            time=PhoneTime(saved, saved % 10**8, BOOT),
        )
        return Entry(write, saved)

    def sync(self, entries: Sequence[Entry] = ()) -> SyncReply:
        """Make one request as the app makes it. Raises CannotMeasure when not everything was accepted."""
        batch = Batch(self._phone.replica, tuple(entries), self._cursor)
        now = phones.now_ms()
        common = headers(self._owner, "id").items()
        request = plan.request(batch, PhoneTime(now, now % 10**8, BOOT), APP, common, HEARD if self._cursor else None)
        request = replace(request, headers={**request.headers, **OF_A_BROWSER})
        reply = verdict.read(SyncReply, exchange(self._proxy.address, request, (10, 60)))
        if isinstance(reply, verdict.Rejection):
            raise CannotMeasure(f"the server refused: {reply.code}")
        refused = {outcome.code for outcome in reply.outcomes if outcome.result != "accepted"}
        if refused:
            raise CannotMeasure(f"the server did not accept all activities: {refused}")
        self._cursor = reply.page.cursor
        return reply


def _full_request(server: LumbungServer, proxy: CountingProxy, times: int) -> Figure:
    """200 records in one request: bytes up for each, request line and headers included."""
    phone = _Phone(server, proxy, 0)
    phone.sync()
    proxy.taken()
    ups, allowed, sizes, answers = list[float](), list[float](), list[int](), list[float]()
    for turn in range(times):
        entries = phone.entries(turn * MAX_WRITES, MAX_WRITES)
        phone.sync(entries)
        up, _, trips = proxy.taken()
        if trips != 1:
            raise CannotMeasure(f"one request took {trips} round trips")
        sets = [entry.write.sets for entry in entries]
        rows = sum(len({path.split("/")[1] for path in each if "/" in path}) for each in sets)
        ups.append(up / MAX_WRITES)
        allowed.append(A_RECORD + A_ROW * rows / MAX_WRITES)
        answers.append(len(gzip.compress(json.dumps([dict(each) for each in sets]).encode())) / MAX_WRITES)
        sizes += [records.size(to_wire(entry.write)) for entry in entries]
    note = (
        f"up, for one of {MAX_WRITES} records of {median(sizes):.0f} bytes of JSON, whose answers alone pack to "
        f"{median(answers):.0f}; allowed are {A_RECORD}, and {A_ROW} for a row"
    )
    return within("wire-size", "B", ups, median(allowed), note)


def _a_day_out(server: LumbungServer, proxy: CountingProxy, times: int) -> Figure:
    """A phone that knows its village brings 20 records and takes 20 of two neighbours, in one round trip."""
    phone, neighbours = _Phone(server, proxy, 0), [_Phone(server, proxy, place) for place in (1, 2)]
    while phone.sync().page.more:
        pass
    totals, parts = list[int](), list[tuple[int, int]]()
    for turn in range(times):
        start = 10_000 + turn * 1_000
        for place, neighbour in enumerate(neighbours):
            neighbour.sync(neighbour.entries(start + 100 * (place + 1), FEW // len(neighbours)))
        proxy.taken()
        reply = phone.sync(phone.entries(start, FEW))
        up, down, trips = proxy.taken()
        if trips != 1 or reply.page.more or len(reply.page.records) != FEW:
            raise CannotMeasure(f"{trips} round trips brought {len(reply.page.records)} records")
        totals.append(up + down)
        parts.append((up, down))
    ups, downs = zip(*parts, strict=True)
    note = f"{median(ups):.0f} bytes up and {median(downs):.0f} down, headers included, in one round trip; without TLS"
    return within("wire-size-day", "B", totals, A_DAY_OUT, note)
