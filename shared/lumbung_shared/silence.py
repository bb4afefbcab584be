"""Who of a region has not been heard for how long: the messages, and the link by which one asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lumbung_shared.protocol import Grant, Person, Standing

SILENT_DAYS = 7
"""Who was not heard for so many days is silent: a cadre rides to where there is a signal about once a week."""
RECEIVED_DAYS = 30
"""What the server received of a phone is counted over the changes of so many days."""

_MOBILE = re.compile(r"\+?628\d{7,11}", re.ASCII)
"""Mobile numbers of Indonesia; a landline has no WhatsApp that anybody could rely on."""


@dataclass(frozen=True)
class SilentPhone:
    """A phone or browser of somebody, and what it says. Times in ms since 1970, 0 for never.

    `skew`: what its clock lacks, ms. `standing`: what it said it holds, at the time `said`; `received`: how many
    records it changed in the last 30 days by what the server has of it.
    """

    id: str
    seen: int
    name: str = ""
    app: str = ""
    skew: int = 0
    revoked: int = 0
    standing: Standing | None = None
    said: int = 0
    received: int = 0


@dataclass(frozen=True)
class Silent:
    """A person of the caller's regions. `seen`: when any of their phones was last heard, ms, 0 for never.

    `lacking`: photos that their records name and that have not arrived. `contact`: a link to write to them, empty
    without a number or where it is not the caller's to see.
    """

    person: Person
    seen: int = 0
    grants: tuple[Grant, ...] = ()
    phones: tuple[SilentPhone, ...] = ()
    lacking: int = 0
    contact: str = ""


@dataclass(frozen=True)
class SilencePage:
    """People by how long they were not heard, the longest first. `now`: ms; `next`: opaque, empty at the end.

    Of everybody who is asked for: `total`, how many are `silent` (7 days and more) and how many `never` were heard.
    """

    people: tuple[Silent, ...]
    now: int
    total: int
    silent: int = 0
    never: int = 0
    next: str = ""


def whatsapp_link(number: str) -> str:
    """Return the link that opens a chat with a telephone number (`+62812…`); empty for what is no mobile number."""
    found = _MOBILE.fullmatch(number)
    return f"https://wa.me/{number.removeprefix('+')}" if found else ""
