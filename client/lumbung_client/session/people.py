"""What a coordinator does about people: sees who works in the region on which phones, invites, withdraws permission.

Nothing of it is kept on the phone: every answer comes from the server, and is forgotten when the app closes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import quote

from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.store.entries import Owner
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Transport, Unreachable
from lumbung_shared.codec import to_wire
from lumbung_shared.folding import folded
from lumbung_shared.problems import Code
from lumbung_shared.staff import Invitation, InviteRequest, KnownDevice, Member, MemberPage, RevokeRequest

PEOPLE_PATH, REVOKE_PATH, INVITE_PATH = "/api/v1/people", "/api/v1/devices/revoke", "/api/v1/invitations"


class People:
    """The people of the regions that this person coordinates, as the server told last. `changed` is called when
    `busy`, `failure` (why they could not be asked for) or what `all` and `find` return is new.
    """

    def __init__(self, content: Content, transport: Transport, changed: Callable[[], None]) -> None:
        self.busy = False
        self.failure = ""
        self._content = content
        self._transport = transport
        self._changed = changed
        self._told: tuple[Member, ...] = ()
        self._told_to: Owner | None = None
        self._made: dict[str, Invitation] = {}

    @property
    def all(self) -> tuple[Member, ...] | None:
        """Everybody who was told of, by name; None before anything was."""
        return self._told if self._told_to is not None and self._told_to == self._content.owner else None

    def find(self, text: str) -> tuple[Member, ...]:
        """Return those of whom every word of `text` occurs in name, organisation, profession or a place of work."""
        words = folded(text).split()
        return tuple(one for one in self.all or () if all(word in self._words(one) for word in words))

    def member(self, person: str) -> Member | None:
        """Return one of them by id."""
        return next((one for one in self.all or () if one.person.id == person), None)

    def invitation(self, person: str) -> Invitation | None:
        """Return the code that was made for a person and can still be passed on."""
        return self._made.get(person) if self.all is not None else None

    async def load(self) -> None:
        """Ask for all of them, a page after the other; whom no page tells any more goes at the end."""
        if self.busy:
            return
        self.busy, self.failure = True, ""
        self._changed()
        try:
            await self._load()
        finally:
            self.busy = False
            self._changed()

    async def invite(self, person: str) -> Invitation | Failure:
        """Have a code made for a person. The server shows it this once."""
        answer = await self.ask(Invitation, "POST", INVITE_PATH, InviteRequest(person), status=201)
        if isinstance(answer, Invitation):
            self._made[person] = answer
            self._changed()
        return answer

    async def revoke(self, device: str) -> Failure | None:
        """Withdraw the permission of a phone: its next request is refused, and so are unused codes of its person."""
        answer = await self.ask(KnownDevice, "POST", REVOKE_PATH, RevokeRequest(device))
        if isinstance(answer, Failure):
            return answer
        for one in self._told:
            if any(it.id == answer.id for it in one.devices):
                self._made.pop(one.person.id, None)
        self.put_device(answer)
        return None

    def put_device(self, device: KnownDevice) -> None:
        """Show a device as the server told it just now."""
        self._told = tuple(
            replace(one, devices=tuple(device if it.id == device.id else it for it in one.devices))
            for one in self._told
        )
        self._changed()

    async def _load(self) -> None:
        before = {one.person.id: one for one in self.all or ()}
        found: dict[str, Member] = {}
        owner, after = self._content.owner, ""
        while True:
            path = f"{PEOPLE_PATH}?after={quote(after)}" if after else PEOPLE_PATH
            page = await self.ask(MemberPage, "GET", path)
            if isinstance(page, Failure):
                self.failure = page.code
                return
            found |= {one.person.id: one for one in page.members}
            self._told = _by_name((before | found if page.next else found).values())
            if self._told_to != owner:
                self._told_to, self._made = owner, {}
            if not page.next:
                return
            after = page.next
            self._changed()

    def _words(self, one: Member) -> str:
        owner = self._content.owner
        names = owner.regions if owner else {}
        places = (names.get(grant.region, grant.region) for grant in one.grants)
        return folded("\n".join((one.person.name, one.person.organisation, one.person.profession, *places)))

    async def ask(
        self, cls: type[verdict.T], method: str, path: str, message: object = None, *, status: int = 200
    ) -> verdict.T | Failure:
        """Ask the server for something in this person's name."""
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        sent = headers(owner, self._content.settings.language)
        body = b""
        if message is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(to_wire(message), ensure_ascii=False).encode()
        try:
            response = await self._transport.send(Request(method, path, sent, body))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
        answer = verdict.read(cls, response, status=status)
        if self._content.owner != owner:
            return Failure(Code.TOKEN_MISSING)  # somebody else has the phone by now: the answer is not theirs
        return Failure(answer.code, answer.detail) if isinstance(answer, verdict.Rejection) else answer


def _by_name(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda one: (one.person.name.casefold(), one.person.id)))
