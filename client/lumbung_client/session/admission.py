"""How a phone is admitted: by an enrolment code or by login, and what the store keeps of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from lumbung_client.session.views import Failure
from lumbung_client.store.checkpoints import TABLE as CHECKPOINTS
from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    FORGETTING,
    HANDED,
    INTRODUCTION,
    LOCKED,
    OWNER,
    PLACE,
    RUNNING,
    SETTINGS,
    Owner,
    Place,
    Replica,
    Settings,
    drop,
    put,
    put_replica,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import verdict
from lumbung_client.sync.clock import heard_now
from lumbung_client.sync.naming import another_name, last_number
from lumbung_client.sync.transport import Request, Transport, Unreachable
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Admission, EnrolRequest, LoginRequest
from lumbung_shared.writes import PhoneTime

ENROL_PATH, LOGIN_PATH = "/api/v1/enrol", "/api/v1/login"
_UNLOCKING = (drop(Name.META, LOCKED), drop(Name.META, HANDED))
_READ_AS = str.maketrans({"o": "0", "i": "1", "l": "1"})


def normal_code(text: str) -> str:
    """Return an enrolment code as the server compares it, however it was typed; a scanned link yields its code."""
    linked = parse_qs(urlsplit(text.strip()).query).get("kode")
    plain = "".join(letter for letter in (linked[0] if linked else text) if letter.isalnum())
    return plain.lower().translate(_READ_AS).upper()


class Desk:
    """Asks the server to admit this phone. `fresh_replica` makes a name for the store; `time`: the phone's clocks.

    `also`: what else is stored when somebody is admitted; `for_one`: others have stores of their own on this phone, so
    that this one stays its person's also when nothing unsent is in it. `person`: id of whose it was when it was last
    open, empty when that is not known; only they are admitted when damage took the owner and left something of theirs.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        transport: Transport,
        device: str,
        fresh_replica: Callable[[], str],
        time: Callable[[], PhoneTime],
        also: Callable[[], list[Change]],
        *,
        for_one: bool = False,
        person: str = "",
    ) -> None:
        self._store = store
        self._content = content
        self._transport = transport
        self._device = device
        self._fresh_replica = fresh_replica
        self._time = time
        self._also = also
        self._for_one = for_one
        self._person = person

    async def enrol(self, code: str) -> Failure | None:
        """Enrol with a code; None when admitted. Nothing on the phone is lost whatever the answer is."""
        plain = normal_code(code)
        return await self._ask(ENROL_PATH, lambda replica: EnrolRequest(plain, replica, self._device))

    async def login(self, login: str, password: str, code: str = "") -> Failure | None:
        """Sign in with name and password, and a code where the account has a second step; None when admitted."""
        name, second = login.strip(), code.strip()
        return await self._ask(LOGIN_PATH, lambda replica: LoginRequest(name, password, replica, self._device, second))

    def sign_out(self) -> Failure | None:
        """Forget the person and what they had here; refused while anything has not been sent."""
        if (left := self._left()) is not None:
            return left
        self._store.apply(self._forgetting())
        return None

    async def _ask(self, path: str, message: Callable[[str], object]) -> Failure | None:
        shown = self._time()
        answer = await self._send(path, message(self._replica()))
        if isinstance(answer, Failure) and answer.code == Code.REPLICA_TAKEN:
            if self._left() is not None or (self._for_one and not self._is_nobodys()):
                return Failure(Code.STORE_OF_ANOTHER)
            # Somebody else used this phone before, and left nothing behind: it becomes a store of its own.
            self._store.apply([*self._forgetting(), put_replica(Replica(self._fresh_replica()))])
            answer = await self._send(path, message(self._replica()))
        if isinstance(answer, Failure):
            return answer
        return self._admit(answer, shown)

    def _admit(self, answer: Admission, shown: PhoneTime) -> Failure | None:
        changes: list[Change] = []
        before, replica = self._content.owner, self._content.replica
        is_another = before is not None and before.person.id != answer.person.id
        is_lost = self._for_one and before is None and not self._store.is_empty and answer.person.id != self._person
        if is_another or is_lost:
            # The server did not know this store's name yet, so that it took it for the new person's.
            if self._for_one or self._left() is not None:
                # It holds it as the new person's now: this store goes on under a name that nobody has.
                self._store.apply(another_name(self._content, self._fresh_replica(), is_taken=True))
                return Failure(Code.STORE_OF_ANOTHER)
            changes = [*self._forgetting(), *([put_replica(replica)] if replica else [])]
        owner = Owner(answer.token, answer.expires, answer.person, answer.grants, answer.regions, answer.login)
        heard = heard_now(self._content, shown, replica.last if replica else 0, answer.now)
        self._store.apply([*changes, put(Name.META, OWNER, owner), *_UNLOCKING, heard, *self._also()])
        return None

    async def _send(self, path: str, message: object) -> Admission | Failure:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Language": self._content.settings.language,
        }
        body = json.dumps(to_wire(message), ensure_ascii=False).encode()
        try:
            response = await self._transport.send(Request("POST", path, headers, body))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
        answer = verdict.read(Admission, response, status=201)
        return Failure(answer.code, answer.detail) if isinstance(answer, verdict.Rejection) else answer

    def _replica(self) -> str:
        # Kept before it is used: when the answer is lost, the same code works again for the same replica.
        known = self._content.replica
        if known is None:
            # What waits, if damage took the name it had, keeps its numbers: no write to come may have one of them.
            waiting = (entry.write.n for entry in self._content.own_entries())
            known = Replica(self._fresh_replica(), max([last_number(self._content), *waiting]))
            self._store.apply([put_replica(known)])
        return known.id

    def _is_nobodys(self) -> bool:
        return self._content.owner is None and self._store.is_empty

    def _left(self) -> Failure | None:
        """Return what stands against forgetting the person: something of theirs is nowhere else."""
        pictures = (row for _, row in self._content.rows(Name.PICTURES) if not row.get("confirmed"))
        if self._content.entries() or self._content.drafts() or any(pictures):
            return Failure(Code.UNSENT_LEFT)
        return Failure(Code.FORM_EDIT_LEFT) if any(self._content.rows(Name.FORM_EDITS)) else None

    def _forgetting(self) -> list[Change]:
        kept = {(Name.META, SETTINGS), (Name.META, INTRODUCTION), (Name.META, RUNNING)}  # not about the person
        tables = [table for table in self._store.names() if table != CHECKPOINTS]  # also those of a newer release
        keys = [(table, key) for table in tables for key, _ in self._content.rows(table)]
        changes = [drop(table, key) for table, key in keys if (table, key) not in kept]
        changes += [put(Name.META, PLACE, Place()), Change(Name.META, FORGETTING, {})]
        settings = self._content.settings
        if settings.sends != Settings().sends:
            # Whoever comes next chose nothing yet, and would wait for their news.
            changes.append(put(Name.META, SETTINGS, replace(settings, sends=Settings().sends)))
        return changes
