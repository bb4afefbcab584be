"""A shelf: record ids in an order, with labels and a text on each. Decides where things stand; never reads a store."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from lumbung_shared.folding import folded

Order = tuple[int | str, ...]
"""What sorts the records of one shelf: always the same number of parts of the same types. A bound may leave off the
last ones: it then stands before everything that begins like it."""


class _Entry(NamedTuple):
    # In the order in which entries are compared; two never agree in both of the first.
    order: Order
    record: str
    text: str
    labels: tuple[str, ...]


class Shelf:
    """Records by rising order, of equal ones by their ids. All but `first` is answered from the highest down."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._all: list[_Entry] = []
        self._by_label: dict[str, list[_Entry]] = {}
        self._label_sets: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._words_of: dict[str, str] = {}
        self._found: tuple[tuple[str, ...], list[_Entry]] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, record: str, order: Order, labels: tuple[str, ...] = (), text: str = "") -> None:
        """Place a record, or place it anew. `labels`: each once; `text`: as `folded` returns it."""
        # Thousands of records share a handful of label sets.
        entry = _Entry(order, record, text, self._label_sets.setdefault(labels, labels))
        if self._entries.get(record) == entry:
            return
        self.drop(record)
        self._found = None
        self._entries[record] = entry
        insort(self._all, entry)
        for label in labels:
            insort(self._by_label.setdefault(label, []), entry)

    def drop(self, record: str) -> None:
        """Take a record away; nothing happens when it is not there."""
        entry = self._entries.pop(record, None)
        if entry is None:
            return
        self._found = None
        del self._all[bisect_left(self._all, entry)]
        for label in entry.labels:
            entries = self._by_label[label]
            del entries[bisect_left(entries, entry)]
            if not entries:
                del self._by_label[label]

    def call(self, label: str, text: str) -> None:
        """Let every record that carries a label be found by these words, too. `text`: as `folded` returns it."""
        if self._words_of.get(label, "") != text:
            self._words_of[label] = text
            self._found = None

    def newest(
        self,
        labels: Collection[str] = (),
        text: str = "",
        limit: int = 50,
        after: Order | None = None,
        since: Order | None = None,
    ) -> list[str]:
        """Return the newest records that carry every label and contain every word of `text`, in any order.

        A word is contained in a record's own text or in what one of its labels is called.
        `after`: only what stands before this order; `since`: only what does not stand before this one.
        """
        return [entry.record for entry in islice(self._matching(labels, text, after, since), limit)]

    def first(self, labels: Collection[str] = (), text: str = "", limit: int = 50) -> list[str]:
        """Return the records that `newest` would return last, in rising order."""
        return [entry.record for entry in islice(self._matching(labels, text, rising=True), limit)]

    def count(
        self, labels: Collection[str] = (), text: str = "", after: Order | None = None, since: Order | None = None
    ) -> int:
        """Return how many records `newest` would return without a limit."""
        if len(labels) <= 1 and not text:
            return len(_stretch(self._shortest(labels), after, since))
        return sum(1 for _ in self._matching(labels, text, after, since))

    def tally(self, labels: Collection[str] = (), text: str = "") -> Counter[str]:
        """Return, of the records that match, how many carry each label. A label that none carries is left out."""
        if not labels and not text:
            return Counter({label: len(entries) for label, entries in self._by_label.items()})
        counted: Counter[str] = Counter()
        for carried, number in Counter(entry.labels for entry in self._matching(labels, text)).items():
            for label in carried:
                counted[label] += number
        return counted

    def _shortest(self, labels: Collection[str]) -> Sequence[_Entry]:
        return min((self._by_label.get(label, []) for label in labels), key=len, default=self._all)

    def _matching(
        self,
        labels: Collection[str],
        text: str,
        after: Order | None = None,
        since: Order | None = None,
        *,
        rising: bool = False,
    ) -> Iterator[_Entry]:
        words = tuple(dict.fromkeys(folded(text).split()))
        entries = self._with_words(words) if words else self._shortest(labels)
        places = _stretch(entries, after, since)
        in_order = (entries[place] for place in (places if rising else reversed(places)))
        wanted = frozenset(labels)
        if not wanted or (len(wanted) == 1 and not words):
            return in_order
        return (entry for entry in in_order if wanted.issubset(entry.labels))

    def _with_words(self, words: tuple[str, ...]) -> Sequence[_Entry]:
        """Return the entries that contain all words, by rising order; remembered until something changes.

        Who types on only narrows: when each of the words before is a part of one that stands there now.
        """
        entries = self._all
        if self._found is not None:
            before, found = self._found
            if before == words:
                return found
            if all(any(old in new for new in words) for old in before):
                entries = found
        for word in sorted(words, key=len, reverse=True):
            labels = frozenset(label for label, text in self._words_of.items() if word in text)
            if labels:
                entries = [it for it in entries if word in it.text or not labels.isdisjoint(it.labels)]
            else:
                entries = [it for it in entries if word in it.text]
        self._found = (words, entries)
        return entries


def _stretch(entries: Sequence[_Entry], after: Order | None, since: Order | None) -> range:
    """Return the places of the entries that lie between the bounds."""
    order = attrgetter("order")
    high = len(entries) if after is None else bisect_left(entries, after, key=order)
    low = 0 if since is None else bisect_left(entries, since, key=order)
    return range(low, max(low, high))
