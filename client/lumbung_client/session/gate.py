"""Whether the app shows anything before a PIN was entered. Decides that alone: the open store goes on sending."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from lumbung_client.session import pin as pins
from lumbung_client.session.ports import Ports
from lumbung_client.store.content import Content
from lumbung_client.store.entries import PIN, Pin, drop, put
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_shared.writes import PhoneTime

UNUSED_MS = 600_000
"""How long the app may lie unused before it asks again."""


class Tried(StrEnum):
    """What came of a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    WAIT = "wait"  # it was not looked at: see `wait`
    UNFIT = "unfit"  # no PIN can look like that


class Gate:
    """The PIN of one open store. It is shut when the store is opened, if a PIN is set.

    `changed` is called when it shuts or opens, and each second as long as there is a wait. Every call may raise
    StoreError: an attempt that cannot be counted is not looked at.
    """

    def __init__(self, store: LocalStore, content: Content, ports: Ports, changed: Callable[[], None]) -> None:
        self._store = store
        self._content = content
        self._ports = ports
        self._changed = changed
        self._is_open = False
        self._used = self._now()
        self._cancel_timer: Callable[[], None] | None = None
        self._follow()

    @property
    def is_set(self) -> bool:
        """Whether there is a PIN."""
        return self._content.pin is not None

    @property
    def is_shut(self) -> bool:
        """Whether nothing may be shown before the PIN was entered."""
        return self.is_set and not self._is_open

    @property
    def wait(self) -> int:
        """For how long no PIN may be tried, ms."""
        stored = self._content.pin
        return pins.wait(stored, self._now()) if stored else 0

    def enter(self, pin: str) -> Tried:
        """Open the gate, if this is the PIN."""
        result = self._tried(pin)
        if result is Tried.RIGHT:
            self._open()
        return result

    def set(self, pin: str, current: str = "") -> Tried:
        """Ask for this PIN from now on; `current`: the one there was, which has to be right."""
        if not pins.is_pin(pin):
            return Tried.UNFIT
        result = self._tried(current) if self.is_set else Tried.RIGHT
        if result is Tried.RIGHT:
            self._keep(pins.kept(pin, self._ports.chance(pins.SALT_BYTES)))
            self._open()
        return result

    def remove(self, current: str) -> Tried:
        """Ask for no PIN any more; `current`: the one there was."""
        result = self._tried(current)
        if result is Tried.RIGHT:
            self._store.apply([drop(Name.META, PIN)])
            self._open()
        return result

    def forgotten(self) -> list[Change]:
        """Return what is to be stored when the server admits the person: who did not know the PIN needs none."""
        return [drop(Name.META, PIN)] if self.is_shut else []

    def carry_on(self, before: Gate) -> None:
        """Be open if the gate of the same store was, which had to be opened again after a write failed."""
        if before._is_open:
            self._open()

    def used(self) -> None:
        """Note that a person uses the app, or is leaving it just now; who comes too late finds the gate shut."""
        self.look()
        if self._is_open:
            self._used = self._now()

    def look(self) -> None:
        """Shut the gate when nobody used the app for long."""
        if self._is_open and self.is_set and self._unused() >= UNUSED_MS:
            self._is_open = False
            self._follow()
            self._changed()

    def close(self) -> None:
        """Watch no longer."""
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    def _tried(self, pin: str) -> Tried:
        stored, now = self._content.pin, self._now()
        if stored is None or not pins.is_pin(pin):
            return Tried.UNFIT
        if pins.wait(stored, now):
            return Tried.WAIT
        counted = pins.tried(stored, now)
        self._keep(counted)  # before it is looked at: who ends the app now has had this attempt
        if not pins.is_right(counted, pin):
            self._follow()
            return Tried.WRONG
        self._keep(Pin(stored.salt, stored.rounds, stored.digest))
        return Tried.RIGHT

    def _keep(self, pin: Pin) -> None:
        self._store.apply([put(Name.META, PIN, pin)])

    def _open(self) -> None:
        self._is_open = True
        self._used = self._now()
        self._follow()
        self._changed()

    def _follow(self) -> None:
        """Have a look when something may be due next."""
        self.close()
        if self.is_shut and self.wait:
            self._cancel_timer = self._ports.timer(1, self._waited)
        elif self._is_open and self.is_set and self._ports.on_use is not None:
            left = max(1, UNUSED_MS - self._unused())
            self._cancel_timer = self._ports.timer(left / 1000, self._look_again)

    def _waited(self) -> None:
        self._cancel_timer = None
        self._follow()
        self._changed()

    def _look_again(self) -> None:
        self._cancel_timer = None
        self.look()
        if self._is_open:
            self._follow()

    def _unused(self) -> int:
        """Return for how long nobody used the app, ms, by the clock that says more: one may have stood still."""
        now = self._now()
        return max(now.wall - self._used.wall, now.mono - self._used.mono)

    def _now(self) -> PhoneTime:
        return self._ports.clock.now()
