"""Defects that a server or an app could have, each to be planted in worlds that must notice it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

from lumbung_client.sync import proof, queue
from lumbung_server.db import connections
from lumbung_server.repositories import changes, records, regions
from lumbung_server.repositories.records import FeedRow, StoredWrite
from lumbung_server.repositories.regions import Counter
from lumbung_server.services import counting, history, ledger
from lumbung_shared import records as merging
from lumbung_shared.records import Offered, RecordState
from tests.simulation import memory, repositories
from tests.simulation.memory import Database, Handle, Transaction
from tests.simulation.servers import in_memory
from tests.simulation.twins import Namespace, twin
from tests.simulation.world import Parts

LEDGER = "lumbung_server.services.ledger"
COUNTING = "lumbung_server.services.counting"
HISTORY = "lumbung_server.services.history"
CONNECTIONS = "lumbung_server.db.connections"
RECORDS = "lumbung_server.repositories.records"
REGIONS = "lumbung_server.repositories.regions"
CHANGES = "lumbung_server.repositories.changes"
APPLYING = "lumbung_client.sync.applying"
EXCHANGE = "lumbung_client.sync.exchange"


def _server(name: str, planted: object) -> Parts:
    return Parts(planted={name: planted})


def _app(applying: ModuleType) -> Parts:
    return Parts(code=SimpleNamespace(exchange=twin(EXCHANGE, {APPLYING: applying}), queue=queue))


# The server


def a_merge_that_drops_the_loser_of_a_conflict() -> Parts:
    """Of two values of a path only the one that is shown is kept."""

    def state_of(record: str, home: str, author: str, writes: Iterable[Offered]) -> RecordState:
        state = merging.state_of(record, home, author, writes)
        shown = merging.values(state)
        heads = []
        for head in sorted(state.heads, key=lambda head: -head.at):
            won = {path: shown.pop(path) for path, value in head.sets.items() if shown.get(path) == value}
            heads += [replace(head, sets=won)] if won else []
        return replace(state, heads=tuple(sorted(heads, key=lambda head: head.name)))

    return _server(LEDGER, twin(LEDGER, {"lumbung_shared.records": Namespace(merging, state_of=state_of)}))


def numbers_from_a_plain_sequence() -> Parts:
    """Two pushes number side by side, and a reader passes over the one that commits last."""

    async def lock_homes(at: Transaction, ids: Iterable[int]) -> dict[int, Counter]:
        rows, sequences = await at.rows("home"), at.database.sequences
        taken = {home: max(rows[home].n, sequences.get(home, 0)) for home in set(ids)}
        sequences.update({home: n + 50 for home, n in taken.items()})
        return {home: Counter(n, n) for home, n in taken.items()}

    async def advance_home(at: Transaction, one: int, counter: Counter) -> None:
        rows = await at.rows("home")
        await at.put("home", {one: replace(rows[one], n=max(counter.n, rows[one].n))})

    sound = in_memory(regions, repositories.Regions)
    sound.__dict__.update(lock_homes=lock_homes, advance_home=advance_home)
    return _server(REGIONS, sound)


def an_answer_before_the_commit() -> Parts:
    """What was answered is committed when somebody else comes; a crash before that loses it."""
    waiting: WeakKeyDictionary[Database, list[tuple[Handle, Transaction, int]]] = WeakKeyDictionary()

    def commit_others(handle: Handle) -> None:
        kept = waiting.setdefault(handle.database, [])
        for one in [one for one in kept if one[0] is not handle]:
            kept.remove(one)
            if one[2] == handle.database.crashes:
                one[1].commit()

    def reading(handle: Handle) -> memory.Reading:
        commit_others(handle)
        return memory.reading(handle)

    async def writing(handle: Handle, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
        commit_others(handle)
        transaction = Transaction(handle.database)
        try:
            done = await work(transaction)
        finally:
            transaction.release()
        waiting.setdefault(handle.database, []).append((handle, transaction, handle.database.crashes))
        return done

    return _server(CONNECTIONS, Namespace(connections, reading=reading, writing=writing))


class _Whatever(str):
    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _: object) -> bool:
        return True

    def __ne__(self, _: object) -> bool:
        return False


def a_fork_that_is_answered_duplicate() -> Parts:
    """Whoever comes with a stored name is told that it is stored, whatever it says."""

    async def writes_named(at: Transaction, replica: str, numbers: Iterable[int]) -> dict[int, StoredWrite]:
        found = await repositories.Records.writes_named(at, replica, numbers)
        return {n: replace(stored, digest=_Whatever(stored.digest)) for n, stored in found.items()}

    sound = in_memory(records, repositories.Records)
    sound.__dict__.update(writes_named=writes_named)
    return _server(RECORDS, sound)


def news_that_end_with_ones_own_write() -> Parts:
    """A record whose newest write is the asker's is taken for no news, whoever wrote to it before."""

    async def touched_by_others(
        at: Transaction, home_id: int, after: int, replica: str, wanted: Iterable[str]
    ) -> set[str]:
        newest: dict[str, StoredWrite] = {}
        for stored in (await at.rows("write")).values():
            if stored.home == home_id and stored.record in wanted and stored.arrival > after:
                newest[stored.record] = max(stored, newest.get(stored.record, stored), key=lambda one: one.arrival)
        return {record for record, stored in newest.items() if stored.replica != replica}

    sound = in_memory(changes, repositories.Changes)
    sound.__dict__.update(touched_by_others=touched_by_others)
    return _server(CHANGES, sound)


def a_move_without_a_trace() -> Parts:
    """Where a record was, nobody is told that it left."""

    def feed_rows(*known: Any) -> list[FeedRow]:
        return [row for row in ledger.feed_rows(*known) if row.present]

    return _server(LEDGER, Namespace(ledger, feed_rows=feed_rows))


def a_tally_that_keeps_what_left() -> Parts:
    """What a record counted as before it changed stays in the sums."""

    class Differences(counting.Differences):
        def change(self, before: str, after: str) -> None:
            super().change("" if after else before, after)

    return _server(COUNTING, Namespace(counting, Differences=Differences))


def a_server_that_notices_no_old_copy() -> Parts:
    """A database that was put back without a word goes on as if nothing had been in between."""

    async def remembers(*_: object) -> bool:
        return True

    return _server(HISTORY, Namespace(history, remembers=remembers))


# The app


def a_phone_that_offers_nothing_again() -> Parts:
    """After the server was restored the phone believes that it still has everything."""

    def nothing(_: object) -> Iterator[Any]:
        yield from ()

    return _app(twin(APPLYING, {"lumbung_client.sync.proof": Namespace(proof, lost_with_epoch=nothing)}))


def a_phone_that_keeps_what_it_may_not_see() -> Parts:
    """A lost grant leaves everything where it is."""
    applying = twin(APPLYING, {})
    sound = applying._Answer.regrant

    def regrant(answer: Any, grants: Any) -> None:
        before, answer._owner = answer._owner, replace(answer._owner, grants=())
        sound(answer, grants)
        answer._owner = before

    applying._Answer.regrant = regrant
    return _app(applying)


def a_phone_that_believes_its_view() -> Parts:
    """News of a record that waits here are passed over: the phone's own version is thought to be better."""
    applying = twin(APPLYING, {})
    sound = applying._Answer.read_page

    def read_page(answer: Any, reply: Any) -> None:
        left = [state for state in reply.page.records if not answer._waiting[state.record]]
        sound(answer, replace(reply, page=replace(reply.page, records=tuple(left))))

    applying._Answer.read_page = read_page
    return _app(applying)


def a_phone_that_takes_any_answer_for_success() -> Parts:
    """A write counts as stored although the server refused it."""
    applying = twin(APPLYING, {})
    applying._Answer.settle = lambda answer, entry, outcome: answer._acknowledge(entry, outcome)
    return _app(applying)


DEFECTS: Mapping[str, Callable[[], Parts]] = {
    made.__name__: made
    for made in (
        a_merge_that_drops_the_loser_of_a_conflict,
        numbers_from_a_plain_sequence,
        an_answer_before_the_commit,
        a_fork_that_is_answered_duplicate,
        news_that_end_with_ones_own_write,
        a_move_without_a_trace,
        a_tally_that_keeps_what_left,
        a_server_that_notices_no_old_copy,
        a_phone_that_offers_nothing_again,
        a_phone_that_keeps_what_it_may_not_see,
        a_phone_that_believes_its_view,
        a_phone_that_takes_any_answer_for_success,
    )
}
