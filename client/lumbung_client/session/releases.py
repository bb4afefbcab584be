"""The versions of the app that are on a phone, and what the platform can do about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Release:
    """One version of the app. `version`: of its files, to tell it by; `number` and `date` (ISO) are for people, and so
    is `news`: language to a sentence about what is new.
    """

    version: str
    number: str = ""
    date: str = ""
    news: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """What is on the phone. `running`: what this page began with; `ready`: another version, whole, that can be begun;
    `previous`: the one before, as long as one can go back. `declined`: the person went back from the one that is ready.
    """

    running: Release
    ready: Release | None = None
    previous: Release | None = None
    declined: bool = False


class Versions(Protocol):
    """What the platform can do about versions of the app. `kept`: as far as is known now."""

    @property
    def kept(self) -> Kept:
        """What is on the phone."""

    def listen(self, changed: Callable[[], None]) -> None:
        """Have `changed` called when something else is kept."""

    def look(self) -> None:
        """Look for a newer version soon, and fetch it beside this one."""

    async def begin(self, version: str) -> bool:
        """Have a version begin at the next start of the app; False when it is not here as a whole."""

    def reload(self) -> None:
        """Start the app anew."""

    def settled(self) -> None:
        """Say that everything was sent with the running version: the one before need not be kept any more."""
