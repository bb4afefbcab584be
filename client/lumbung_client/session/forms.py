"""What a coordinator does with published forms: looks at them, brings one from Excel, publishes, withdraws.

What is offered the phone knows by itself; everything that changes it is asked of the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lumbung_client.session.excel import EXCEL, kept
from lumbung_client.session.trial import Trial, tried
from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.store.content import Content
from lumbung_client.store.entries import put_offer
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.catalogue import overlaps
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FormReading, Offer, PublishRequest, Role, WithdrawRequest
from lumbung_shared.regions import covered

FORMS_PATH = "/api/v1/forms"
_SHOWN = (Purpose.ACTIVITY, Purpose.REGISTER)


@dataclass(frozen=True)
class OfferedKind:
    """A kind with its newest form, and the offers of all its versions that the phone knows, newest first."""

    form: Form
    offers: tuple[Offer, ...]


def _nothing_else(_: Offer) -> Iterable[Change]:
    return ()


class Forms:
    """The forms of this person's regions. `now`: ms."""

    def __init__(self, store: LocalStore, content: Content, transport: Transport, now: Callable[[], int]) -> None:
        self._store = store
        self._content = content
        self._transport = transport
        self._now = now

    # Looking

    def kinds(self) -> tuple[OfferedKind, ...]:
        """Return the kinds that are or were offered in this person's regions, in the order in which kinds are shown."""
        catalogue, regions = self._content.catalogue, self._regions()
        by_kind: dict[str, list[Offer]] = {}
        for offer in catalogue.offers:
            if overlaps(offer.region, regions):
                by_kind.setdefault(offer.form.kind, []).append(offer)
        shown = (form for purpose in _SHOWN for form in catalogue.kinds(purpose) if form.kind in by_kind)
        return tuple(OfferedKind(form, _newest_first(by_kind[form.kind])) for form in shown)

    def offers(self, kind: str) -> tuple[Offer, ...]:
        """Return the offers of a kind in this person's regions, newest version first."""
        return next((found.offers for found in self.kinds() if found.form.kind == kind), ())

    def coordinated(self) -> tuple[str, ...]:
        """Return the regions in which this person may publish and withdraw forms, theirs and all below, by code."""
        owner = self._content.owner
        if owner is None:
            return ()
        own = [grant.region for grant in owner.grants if grant.role != Role.CADRE]
        return tuple(sorted({*own, *(code for code in owner.regions if covered(code, own))}))

    def may_withdraw(self, offer: Offer) -> bool:
        """Tell whether this person may withdraw a version of a form, and it is not withdrawn yet."""
        return not offer.withdrawn and covered(offer.region, self.coordinated())

    def tried(self, form: Form) -> Trial:
        """Return a form to be tried out: nothing of it is kept."""
        owner = self._content.owner
        return tried(form, owner.grants if owner else (), self._now())

    # Asking the server

    async def read(self, content: bytes) -> FormReading | Failure:
        """Have an Excel file read: the form in it, or what is wrong with it and where. Nothing is published."""
        answer = await self._send("POST", f"{FORMS_PATH}/xlsx", content, EXCEL)
        return answer if isinstance(answer, Failure) else _understood(FormReading, answer, 200)

    async def publish(
        self, form: Form, region: str, since: str, also: Callable[[Offer], Iterable[Change]] = _nothing_else
    ) -> Offer | Failure:
        """Publish a form for a region, from a day on; empty for at once. Its version is the kind's next.

        `also`: what else of the store changes once it is published.
        """
        request = PublishRequest(form, region, since)
        return await self._change(FORMS_PATH, request, 201, also)

    async def withdraw(self, kind: str, version: int) -> Offer | Failure:
        """Withdraw a version of a form: nobody begins with it any more."""
        return await self._change(f"{FORMS_PATH}/withdraw", WithdrawRequest(kind, version), 200)

    async def exported(self, kind: str, version: int) -> KeptFile | Failure:
        """Return a published form as an Excel file that can be changed and brought back."""
        answer = await self._send("GET", f"{FORMS_PATH}/{kind}/{version}/xlsx")
        return answer if isinstance(answer, Failure) else kept(f"{kind}-v{version}.xlsx", answer)

    # Inside

    def _regions(self) -> list[str]:
        owner = self._content.owner
        return [grant.region for grant in owner.grants] if owner else []

    async def _change(
        self, path: str, request: object, status: int, also: Callable[[Offer], Iterable[Change]] = _nothing_else
    ) -> Offer | Failure:
        owner = self._content.owner
        body = json.dumps(to_wire(request), ensure_ascii=False).encode()
        answer = await self._send("POST", path, body, "application/json")
        if isinstance(answer, Failure):
            return answer
        offer = _understood(Offer, answer, status)
        if isinstance(offer, Offer) and self._content.owner == owner:
            # The next sync would bring it, too: who published it sees it at once.
            self._store.apply([put_offer(offer), *also(offer)])
        return offer

    async def _send(self, method: str, path: str, body: bytes = b"", media_type: str = "") -> Response | Failure:
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        sent = headers(owner, self._content.settings.language)
        if media_type:
            sent["Content-Type"] = media_type
        try:
            return await self._transport.send(Request(method, path, sent, body))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)


def _understood(cls: type[verdict.T], response: Response, status: int) -> verdict.T | Failure:
    answer = verdict.read(cls, response, status=status)
    return Failure(answer.code, answer.detail) if isinstance(answer, verdict.Rejection) else answer


def _newest_first(offers: list[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda offer: -offer.form.version))
