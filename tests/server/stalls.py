"""Products for tests: a cadre who photographs them, a coordinator who verifies, and a visitor who is nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests

from lumbung_shared.products import item_id
from lumbung_shared.records import is_answer, replaced_by
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from lumbung_shared.writes import DELETED, Write
from tests.server.cameras import Hand, answer
from tests.server.phones import GUNTUNG, LOK_TUAN, UTARA, Phone, add_person, database, new_record
from tests.servers import LumbungServer

KIND, FORM = "product-photo-session", 2
AUTHOR, CHIEF = "kdr-toko", "koor-toko"
_GRANTS = {AUTHOR: ((GUNTUNG, "cadre"), (LOK_TUAN, "cadre")), CHIEF: ((UTARA, "district-coordinator"),)}


def session(
    *photos: Any, products: tuple[tuple[str, int | None], ...] = (("Keripik Singkong", 15_000),), **more: Any
) -> dict[str, Any]:
    """Return the answers of a photo session. `photos`: answers of photos, or those with a caption each."""
    sets: dict[str, Any] = {
        "region": GUNTUNG,
        "date": "2026-11-20",
        "business_entry": {"id": new_record(), "name": "UMK Ibu Jaya"},
        "consent": True,
    }
    for place, (name, price) in enumerate(products):
        row = f"{place:010}"
        sets[f"products/{row}/product"] = name
        if price is not None:
            sets[f"products/{row}/price"] = price
    for place, one in enumerate(photos):
        photo, caption = one if isinstance(one, tuple) else (one, "")
        row = f"{place:010}"
        sets[f"product_photos/{row}/photo"] = photo
        if caption:
            sets[f"product_photos/{row}/caption"] = caption
    return sets | more


@dataclass
class Stall:
    """Whoever brings a product to everybody, on one server."""

    server: LumbungServer
    cadre: Phone = field(init=False)
    chief: Phone = field(init=False)
    hand: Hand = field(init=False)

    def __post_init__(self) -> None:
        # One of each on a server, on as many phones as there are tests.
        known = _people(self.server)
        for person, grants in _GRANTS.items():
            if person not in known:
                add_person(self.server, person, *grants)
        self.cadre, self.chief = Phone(self.server, AUTHOR), Phone(self.server, CHIEF)
        self.hand = Hand(self.cadre)

    def log(self, *contents: bytes, **more: Any) -> str:
        """Log a session with these pictures, uploaded, and return its record."""
        record = self.cadre.log(session(*map(answer, contents), **more), kind=KIND, form=FORM)
        for content in contents:
            self.upload(content)
        return record

    def upload(self, content: bytes) -> None:
        """Upload a picture in one request; one that is there already is told so."""
        begun = self.hand.begin(content, content)
        assert begun.status_code == 201, begun.text

    def judge(self, record: str, verdict: Verdict = Verdict.VERIFIED, reason: str = "") -> None:
        """Have the coordinator judge what stands there now."""
        self.chief.sync_all()
        judgement = Judgement(verdict, content_digest(self.chief.records[record]), reason)
        self.say(self.chief, record, {JUDGEMENT: judgement_value(judgement)})

    def shown(self, *contents: bytes, **more: Any) -> str:
        """Log a session and have it verified."""
        record = self.log(*contents, **more)
        self.judge(record)
        return record

    def change(self, record: str, **sets: Any) -> None:
        """Have the author change answers."""
        self.cadre.sync_all()
        self.say(self.cadre, record, sets)

    def delete(self, record: str) -> None:
        """Have the author delete a record, which leaves alone what the coordinator said of it."""
        self.cadre.sync_all()
        state = self.cadre.records[record]
        paths = {path for head in state.heads for path in head.sets if is_answer(path)}
        made = self.cadre.write(
            {DELETED: True}, record=record, kind=KIND, form=FORM, replaces=replaced_by(state, paths)
        )
        assert self.cadre.sync(made).outcomes[0].result == "accepted"

    def say(self, phone: Phone, record: str, sets: dict[str, Any]) -> None:
        """Send a write on top of what a phone knows."""
        state = phone.records[record]
        made: Write = phone.write(sets, record=record, kind=KIND, form=FORM, replaces=replaced_by(state, sets))
        outcome = phone.sync(made).outcomes[0]
        assert outcome.result == "accepted", outcome

    def visit(self, path: str, **headers: str) -> requests.Response:
        """Ask for a page as anybody may."""
        address = self.server.base_url + path
        return requests.get(address, headers=headers, timeout=30, allow_redirects=False)

    def page(self, record: str, row: str = "0000000000", region: str = GUNTUNG) -> requests.Response:
        """Ask for the page of a product."""
        return self.visit(f"/katalog/{region}/{item_id(record, row)}")

    def is_listed(self, record: str, row: str = "0000000000", region: str = GUNTUNG) -> bool:
        """Tell whether a region's page shows a product."""
        return item_id(record, row) in self.visit(f"/katalog/{region}").text


def _people(server: LumbungServer) -> set[str]:
    with database(server) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM person")}
