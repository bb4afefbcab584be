"""The shelf answers as a plain list would that is sorted and searched from one end to the other every time."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lumbung_client.store.shelf import Order, Shelf
from lumbung_shared.folding import folded

RECORDS = st.sampled_from("abcdefgh")
LABELS = st.lists(st.sampled_from(["merah", "putih", "biru"]), unique=True).map(tuple)
ORDERS = st.tuples(st.sampled_from(["", "2026-01-01", "2026-01-02"]), st.integers(0, 3))
WORDS = st.sampled_from(["bank", "ban", "melati", "mel", "a", "Kopi", "é"])
TEXTS = st.lists(WORDS, max_size=3).map(" ".join)
BOUNDS = st.none() | ORDERS | ORDERS.map(lambda order: order[:1])


@dataclass(frozen=True)
class Book:
    order: Order
    labels: tuple[str, ...]
    text: str


class AgainstAPlainList(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.books: dict[str, Book] = {}
        self.called: dict[str, str] = {}

    @rule(record=RECORDS, order=ORDERS, labels=LABELS, text=TEXTS)
    def put(self, record: str, order: Order, labels: tuple[str, ...], text: str) -> None:
        self.shelf.put(record, order, labels, folded(text))
        self.books[record] = Book(order, labels, folded(text))

    @rule(record=RECORDS)
    def drop(self, record: str) -> None:
        self.shelf.drop(record)
        self.books.pop(record, None)

    @rule(label=st.sampled_from(["merah", "putih"]), text=TEXTS)
    def call(self, label: str, text: str) -> None:
        self.shelf.call(label, folded(text))
        self.called[label] = folded(text)

    @rule(labels=LABELS, text=TEXTS, limit=st.integers(0, 9), after=BOUNDS, since=BOUNDS)
    def ask(self, labels: tuple[str, ...], text: str, limit: int, after: Order | None, since: Order | None) -> None:
        found = [
            record
            for record in self.matching(labels, text)
            if (after is None or self.books[record].order < after)
            and (since is None or self.books[record].order >= since)
        ]
        assert self.shelf.newest(labels, text, limit, after, since) == found[:limit]
        assert self.shelf.count(labels, text, after, since) == len(found)
        assert self.shelf.first(labels, text, limit) == self.matching(labels, text)[::-1][:limit]

    @rule(labels=LABELS, text=TEXTS)
    def tally(self, labels: tuple[str, ...], text: str) -> None:
        counted: dict[str, int] = {}
        for record in self.matching(labels, text):
            for label in self.books[record].labels:
                counted[label] = counted.get(label, 0) + 1
        assert dict(self.shelf.tally(labels, text)) == counted

    @invariant()
    def as_many(self) -> None:
        assert len(self.shelf) == len(self.books)

    def matching(self, labels: tuple[str, ...], text: str) -> list[str]:
        words = folded(text).split()
        found = [
            (book.order, record)
            for record, book in self.books.items()
            if set(labels) <= set(book.labels) and all(self.contains(book, word) for word in words)
        ]
        return [record for _, record in sorted(found, reverse=True)]

    def contains(self, book: Book, word: str) -> bool:
        return word in book.text or any(word in self.called.get(label, "") for label in book.labels)


TestAgainstAPlainList = AgainstAPlainList.TestCase
TestAgainstAPlainList.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Café Étoile", "cafe etoile"), ("STRASSE", "strasse"), ("MÉLATI", "mélati"), ("ﬁlm", "FILM")],
)
def test_capitals_and_accents_do_not_matter(written: str, typed: str) -> None:
    shelf = Shelf()
    shelf.put("one", (1,), (), folded(written))
    assert shelf.newest(text=typed) == ["one"]


def test_a_text_of_nothing_but_accents_and_spaces_asks_for_nothing() -> None:
    shelf = Shelf()
    shelf.put("one", (1,))
    assert shelf.newest(text=" \u0301 ") == ["one"]
    assert shelf.count(text=" \u0301 ") == 1


def test_a_record_that_changes_between_two_letters_of_a_search_is_found_as_it_is_now() -> None:
    shelf = Shelf()
    shelf.put("one", (1,), (), "bank")
    assert shelf.newest(text="ba") == ["one"]
    shelf.put("one", (1,), (), "kopi")
    shelf.put("two", (2,), (), "bank")
    assert shelf.newest(text="ban") == ["two"]


def test_twenty_thousand_records_are_asked_in_a_fraction_of_a_second() -> None:
    """A bound so wide that only a wrong kind of search breaks it; the numbers are the benchmark's."""
    chance = random.Random(7)  # noqa: S311 - the same every time on purpose
    shelf = Shelf()
    for n in range(20_000):
        labels = (chance.choice(["sent", "waiting"]), chance.choice(["compost", "other"]))
        shelf.put(f"{n:08}", (n,), labels, f"kegiatan nomor {n} " + "warga rt dan kader " * 10)
    began = time.perf_counter()
    assert len(shelf.newest(["waiting", "compost"])) == 50
    assert shelf.newest(text="nomor 19999") == ["00019999"]
    assert sum(shelf.tally(text="warga").values()) == 40_000
    assert time.perf_counter() - began < 1
