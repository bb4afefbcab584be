"""What sending may cost a person: which of it goes by itself, what waits and how large that is. Sends nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from lumbung_client.session.views import PhotoState, Sends, Waiting
from lumbung_client.store.content import Content
from lumbung_client.store.entries import SETTINGS, Picture, put, sendable
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.store.pictures import Pictures
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.photos import named_in
from lumbung_shared.records import values

SAMPLE = 50
"""So many of the writes that wait are packed to see how large all of them are."""
_COUNTED = frozenset({Name.OUTBOX, Name.BROUGHT, Name.PICTURES, Name.RECORDS})
_FREE = "wifi"


class Budget:
    """The rule of one person for what goes by itself. `network`: which one there is, see `Ports`; `sent`: how many
    bytes of which picture have arrived."""

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        pictures: Pictures,
        network: Callable[[], str],
        sent: Callable[[], Mapping[str, int]],
    ) -> None:
        self._store = store
        self._content = content
        self._pictures = pictures
        self._network = network
        self._sent = sent
        self._text: tuple[int, int] | None = None
        self._photos: tuple[Picture, ...] | None = None
        store.watch(self._follow)

    # The rule

    @property
    def sends(self) -> Sends:
        """What the person wants to go by itself; a choice that only a newer app knows counts as the widest."""
        chosen = self._content.settings.sends
        return Sends(chosen) if chosen in list(Sends) else Sends.ALL

    def choose(self, sends: Sends) -> None:
        """Keep what the person wants to go by itself."""
        self._store.apply([put(Name.META, SETTINGS, replace(self._content.settings, sends=sends.value))])

    @property
    def network(self) -> str:
        """Which network there is: `wifi` costs nothing, `mobile` does; empty when the phone does not say."""
        return self._network()

    def text_goes(self) -> bool:
        """Tell whether records go, and news come, without anybody asking for it."""
        return self.sends is not Sends.LATER or self._network() == _FREE

    def photos_go(self) -> bool:
        """Tell whether photos and their small copies go without anybody asking for it."""
        return self.sends is not Sends.TEXT and self.text_goes()

    def photo_state(self) -> PhotoState:
        """Return how a photo stands that nothing but this rule may hold back."""
        if self.photos_go():
            return PhotoState.WAITING
        return PhotoState.TEXT_ONLY if self.sends is Sends.TEXT else PhotoState.FOR_WIFI

    # What waits

    def waiting(self) -> Waiting:
        """Return what a sync would send now, and about how many bytes that are."""
        if self._text is None:
            self._text = self._measured()
        if self._photos is None:
            self._photos = tuple(self._to_send())
        records, text = self._text
        sent = self._sent()
        left = sum(max(0, one.size - sent.get(one.sha256, 0)) for one in self._photos)
        return Waiting(records, sum(not one.small for one in self._photos), text, left)

    def _measured(self) -> tuple[int, int]:
        """Return how many records have something that can go, and its size as it is sent."""
        entries = sendable(self._content.entries())
        records = {entry.write.record for entry in entries}
        sample: list[Json] = [to_wire(entry.write) for entry in entries[:SAMPLE]]
        if not sample:
            return 0, 0
        packed = len(gzip.compress(json.dumps(sample, ensure_ascii=False, separators=(",", ":")).encode()))
        return len(records), packed * len(entries) // len(sample)

    def _to_send(self) -> list[Picture]:
        """Return the pictures of finished records that nobody holds back, and that the server has not."""
        pictures = [it for it in self._pictures.unconfirmed() if not it.held]
        shown = (self._content.view(record) for record in {it.record for it in pictures})
        named = set(named_in(values(state) for state in shown if state is not None))
        return [it for it in pictures if it.sha256 in named]

    def _follow(self, touched: Collection[Touched]) -> None:
        if any(item.table in _COUNTED for item in touched):
            self._text = self._photos = None
