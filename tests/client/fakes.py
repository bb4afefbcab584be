"""A phone and a server in memory: injected clocks, chance and network, for tests of store, sync and session."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.session.poster import Poster
from lumbung_client.session.releases import Kept, Release
from lumbung_client.store.durable_memory import MemoryFiles, MemoryFolders
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.answers import check_write
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import find_form
from lumbung_shared.handover import (
    Handed,
    HandedWrite,
    HandOver,
    HandOverPage,
    HandOverReply,
    HandOverRequest,
)
from lumbung_shared.problems import Code, Problem
from lumbung_shared.protocol import (
    Admission,
    DoublesPage,
    EnrolRequest,
    FeedCounts,
    FeedPage,
    Grant,
    LoginRequest,
    Offer,
    Outcome,
    Page,
    Person,
    Receipt,
    Result,
    SyncReply,
    SyncRequest,
)
from lumbung_shared.records import Offered, RecordState, is_deleted, state_of, values
from lumbung_shared.regions import covered
from lumbung_shared.times import Clocks, Heard, effective_time
from lumbung_shared.writes import PhoneTime, Write, batch_root, write_digest

VILLAGE = "64.74.01.1003"
OTHER_VILLAGE = "64.74.02.1001"
NAMES = {"64.74": "Kota Bontang", "64.74.01": "Bontang Utara", VILLAGE: "Lok Tuan", OTHER_VILLAGE: "Tanjung Laut"}
GRANTS = (Grant(VILLAGE, "cadre"),)
PICTURE = b"picture"
START = 1_795_300_000_000  # 22 November 2026, 06:26 WITA
ADDRESS = "https://lumbung.example"
"""Where people open the server."""


@dataclass
class FakeClock:
    """Time that stands still unless a test moves it. `was_set`: by how much somebody set the wall clock, ms."""

    wall: int = START
    was_set: int = 0
    boot: str = "boot"

    def now(self) -> PhoneTime:
        return PhoneTime(self.wall, self.wall - START - self.was_set, self.boot)

    def tick(self, ms: int = 1000) -> None:
        self.wall += ms

    def set(self, ms: int) -> None:
        """Set the wall clock forward, or back if below 0; no time passes."""
        self.wall += ms
        self.was_set += ms


@dataclass
class FakeTimer:
    """Timers that fire when a test says so."""

    set: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __call__(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        item = (seconds, callback)
        self.set.append(item)
        return lambda: self.set.remove(item) if item in self.set else None

    def fire(self) -> None:
        """Let every timer that is set now go off."""
        due, self.set[:] = list(self.set), []
        for _, callback in due:
            callback()


def problem(code: str, status: int, **more: Any) -> Response:
    """An answer of the server that says what is wrong."""
    body = json.dumps(to_wire(Problem(code, status, "title", "detail", **more))).encode()
    return Response(status, {"content-type": "application/problem+json"}, body)


def message(value: object, status: int = 200) -> Response:
    """An answer of the server that carries a message."""
    return Response(status, {"content-type": "application/json"}, json.dumps(to_wire(value)).encode())


@dataclass
class FakeServer:
    """Merges writes by the rules of `shared`, with no more than the phone's tests need.

    `down`: nothing is reachable. `answers`: responses or functions that are used up before the real work is done.
    `lose_replies`: how many of the next sync replies get lost after their work was done. `tells_time`: whether it
    corrects what a phone's clock said, else it takes it. `offers`: of forms, in the order of their changes; without any
    the phone goes by the built-in ones. `waiting`: what a coordinator is told was handed over; `handed`: what became of
    each write that was, by store and number: one that is not there waits from now on. `canned`: what is answered at an
    address, used again and again. `pause`: seconds that it asks phones to stay away; `photos`: answers what concerns
    photos; it takes none unless a test says otherwise. `seal`: signs receipts; unless a test says otherwise they are
    not signed.
    """

    persons: dict[str, tuple[Person, tuple[Grant, ...]]] = field(default_factory=dict)
    down: bool = False
    lose_replies: int = 0
    answers: list[Response | Callable[[Request], Response | None] | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    stored: dict[tuple[str, int], tuple[str, Offered]] = field(default_factory=dict)
    order: list[tuple[str, int]] = field(default_factory=list)
    refuse: dict[str, tuple[str, str]] = field(default_factory=dict)
    epoch: str = "e1"
    page_size: int = 200
    left: list[str] = field(default_factory=list)
    feed: FeedPage = field(default_factory=lambda: FeedPage((), {}))
    counts: FeedCounts = field(default_factory=lambda: FeedCounts(0, ()))
    doubles: DoublesPage = field(default_factory=lambda: DoublesPage((), {}, "", ""))
    before_reply: Callable[[], None] | None = None
    now: int = START
    tells_time: bool = False
    offers: list[Offer] = field(default_factory=list)
    canned: dict[str, Response] = field(default_factory=dict)
    waiting: tuple[HandOver, ...] = ()
    handed: dict[tuple[str, int], HandedWrite] = field(default_factory=dict)
    pause: int = 0
    photos: Callable[[Request], Response] = lambda _: problem(Code.PHOTO_NOT_NAMED, 404)
    seal: Callable[[Receipt], Receipt] = lambda receipt: receipt

    async def send(self, request: Request) -> Response:
        if self.down:
            raise Unreachable("down")
        self.requests.append(request)
        if self.answers and (answer := self.answers.pop(0)) is not None:
            said = answer(request) if callable(answer) else answer
            if said is not None:
                return said
        path = request.path.partition("?")[0]
        if path in self.canned:
            return self.canned[path]
        if path.startswith("/api/v1/photos"):
            return self.photos(request)
        response = {
            "/api/v1/enrol": self._enrol,
            "/api/v1/login": self._login,
            "/api/v1/sync": self._sync,
            "/api/v1/handover": self._hand_over,
            "/api/v1/handovers": lambda _: message(HandOverPage(self.waiting)),
            "/api/v1/feed": lambda _: message(self.feed),
            "/api/v1/feed/counts": lambda _: message(self.counts),
            "/api/v1/doubles": lambda _: message(self.doubles),
        }[path](request)
        if path == "/api/v1/sync" and self.lose_replies:
            self.lose_replies -= 1
            raise Unreachable("lost")
        if self.before_reply is not None:
            self.before_reply()
        return response

    def add(self, person: str, *grants: Grant) -> str:
        """Make a person and return an enrolment code of theirs."""
        self.persons[person] = (Person(person, person.title()), grants or GRANTS)
        code = f"ABCD-{len(self.codes):04}"
        self.codes[code.replace("-", "")] = person
        return code

    def batches(self) -> list[SyncRequest]:
        """The sync requests so far."""
        sent = [request for request in self.requests if request.path == "/api/v1/sync"]
        return [from_wire(SyncRequest, json.loads(gzip.decompress(request.body))) for request in sent]

    def states(self) -> dict[str, RecordState]:
        """Every record as the server has it."""
        records: dict[str, list[Offered]] = {}
        for _, offered in self.stored.values():
            records.setdefault(offered.write.record, []).append(offered)
        return {record: state_of(record, "1", offers[0].by, offers) for record, offers in records.items()}

    def _enrol(self, request: Request) -> Response:
        asked = from_wire(EnrolRequest, json.loads(request.body))
        return self._admit(self.codes.get(asked.code, ""), asked.replica)

    def _login(self, request: Request) -> Response:
        asked = from_wire(LoginRequest, json.loads(request.body))
        return self._admit(asked.login if asked.password == "benar" else "", asked.replica)

    def _admit(self, person: str, replica: str) -> Response:
        if person not in self.persons:
            return problem(Code.ENROLMENT_CODE_UNKNOWN, 404)
        if self.owners.setdefault(replica, person) != person:
            return problem(Code.REPLICA_TAKEN, 409)
        who, grants = self.persons[person]
        return message(Admission(f"token-{person}", 0, replica, who, grants, NAMES, self.epoch, self.now), 201)

    def _hand_over(self, request: Request) -> Response:
        asked = from_wire(HandOverRequest, json.loads(gzip.decompress(request.body)))
        writes = [from_wire(Write, wire) for wire in asked.writes]
        for one in writes:
            self.handed.setdefault((asked.replica, one.n), HandedWrite(one.n, Handed.WAITING))
        told = tuple(self.handed[asked.replica, one.n] for one in writes)
        return message(HandOverReply(12, self.now, told))

    def _sync(self, request: Request) -> Response:
        person = request.headers["Authorization"].removeprefix("Bearer token-")
        if person not in self.persons:
            return problem(Code.TOKEN_REVOKED, 401)
        asked = from_wire(SyncRequest, json.loads(gzip.decompress(request.body)))
        if self.owners.setdefault(asked.replica, person) != person:
            return problem(Code.REPLICA_TAKEN, 409)
        outcomes, held = [], set[str]()
        for wire in asked.writes:
            write = from_wire(Write, wire)
            outcomes.append(self._take(asked, person, write, held))
        good = tuple(it.n for it in outcomes if it.result in (Result.ACCEPTED, Result.DUPLICATE))
        receipts = (self._receipt(asked.replica, good),) if good else ()
        page = self._page(asked, person)
        grants = self.persons[person][1]
        return message(SyncReply(1, self.epoch, self.now, page, tuple(outcomes), receipts, grants, pause=self.pause))

    def _receipt(self, replica: str, good: tuple[int, ...]) -> Receipt:
        root = batch_root([self.stored[replica, n][0] for n in sorted(good)])
        return self.seal(Receipt("1", len(self.order), self.now, replica, tuple(sorted(good)), root))

    def _take(self, asked: SyncRequest, person: str, write: Write, held: set[str]) -> Outcome:
        replica = asked.replica
        name, print_ = (replica, write.n), write_digest(replica, write)
        if name in self.stored:
            known, offered = self.stored[name]
            if known != print_:
                held.add(write.record)
                return Outcome(write.n, Result.FORK)
            gone = is_deleted(self.states()[offered.write.record])
            return Outcome(write.n, Result.DUPLICATE, at=offered.at, gone=gone)
        form = find_form(write.kind, write.form)
        code, path = self.refuse.get(write.record, ("", ""))
        if write.record in held:
            return Outcome(write.n, Result.REJECTED, code=Code.HELD_BACK)
        if form is not None and (remark := check_write(form, write)):
            code, path = remark.code, remark.path
        if code:
            held.add(write.record)
            return Outcome(write.n, Result.REJECTED, code=code, path=path)
        at = min(write.time.wall, self.now)
        flags: tuple[str, ...] = ()
        if self.tells_time:
            found = effective_time(write, Clocks(Heard(asked.time, self.now), asked.heard))
            at, flags = found.at, (Code.CLOCK_CORRECTED,) if found.corrected else ()
        self.stored[name] = (print_, Offered(replica, write, at, person, write.time.wall if flags else 0))
        self.order.append(name)
        return Outcome(write.n, Result.ACCEPTED, at=at, flags=flags)

    def _page(self, asked: SyncRequest, person: str) -> Page:
        epoch, place_text, fill_text, told_text = [*asked.cursor.split(":"), "", "", ""][:4]
        place = int(place_text) if epoch == self.epoch and place_text else 0
        news = self.order[place : place + self.page_size]
        changed = {
            self.stored[name][1].write.record: at for at, name in enumerate(news, place + 1) if name[0] != asked.replica
        }
        states = {record: _deleted(state) for record, state in self.states().items()}
        fill = int(fill_text) if epoch == self.epoch and fill_text else len(self.order)
        told = [states[record] for record, at in changed.items() if states[record].heads or at > fill]
        seen = [state for state in told if self._sees(person, state)]
        records = tuple(replace(state, own=self._own(state.record, asked.replica)) for state in seen)
        end = place + len(news)
        left, self.left = (*self.left, *(state.record for state in told if state not in seen)), []
        people = {who.id: who for who, _ in self.persons.values() if who.id != person}
        known = int(told_text) if epoch == self.epoch and told_text else 0
        offers = tuple(replace(offer, number=n) for n, offer in enumerate(self.offers, 1) if n > known)
        cursor = f"{self.epoch}:{end}:{fill}" + (f":{len(self.offers)}" if self.offers else "")
        return Page(cursor, records, left, people, more=end < len(self.order), forms=offers)

    def _sees(self, person: str, state: RecordState) -> bool:
        if state.author == person or not state.heads:
            return True
        return covered(str(values(state).get("region", "")), [grant.region for grant in self.persons[person][1]])

    def _own(self, record: str, replica: str) -> int:
        names = [name for name, (_, offered) in self.stored.items() if offered.write.record == record]
        return max((n for other, n in names if other == replica), default=0)


def _deleted(state: RecordState) -> RecordState:
    return replace(state, heads=(), removed=()) if is_deleted(state) else state


@dataclass
class FakeVersions:
    """The versions of the app on a phone. `whole`: whether what is begun is there as a whole."""

    kept: Kept = field(default_factory=lambda: Kept(Release("a", "0.1.0", "2026-11-01")))
    whole: bool = True
    told: list[str] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def listen(self, changed: Callable[[], None]) -> None:
        self.changed = changed

    def have(self, **kept: Any) -> None:
        """Something else is kept from now on."""
        self.kept = replace(self.kept, **kept)
        self.changed()

    def look(self) -> None:
        self.told.append("look")

    async def begin(self, version: str) -> bool:
        self.told.append(f"begin {version}")
        return self.whole

    def reload(self) -> None:
        self.told.append("reload")

    def settled(self) -> None:
        self.told.append("settled")


@dataclass
class Phone:
    """What one phone is made of; it survives the sessions on it. `others`: room for further people; `versions`: of the
    app, where they are kept there.
    """

    server: FakeServer
    files: MemoryFiles = field(default_factory=MemoryFiles)
    clock: FakeClock = field(default_factory=FakeClock)
    timer: FakeTimer = field(default_factory=FakeTimer)
    seed: int = 1
    others: MemoryFolders | None = None
    versions: FakeVersions | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - the same every time on purpose

    def ports(self) -> Ports:
        """What a session on this phone is given."""
        return Ports(
            self.files,
            self.server,
            self.clock,
            self.random.randbytes,
            "test",
            "phone",
            self.timer,
            shrink=shrunk,
            others=self.others,
            server=ADDRESS,
            draw=drawn,
            versions=self.versions,
        )


async def drawn(poster: Poster) -> bytes:
    """Draw a picture that says what stands in it."""
    return "\n".join(line.text for line in poster.lines).encode()


async def shrunk(content: bytes, edge: int) -> Shrunk | Code:
    """Make a picture small without looking at it; only what says PICTURE is one."""
    return Shrunk(b"%d " % edge + content, edge, edge // 2) if PICTURE in content else Code.PHOTO_UNREADABLE


def paths(state: RecordState) -> dict[str, object]:
    """Path to value of a state without conflicts."""
    found: dict[str, object] = {}
    for head in state.heads:
        assert not set(found) & set(head.sets)
        found.update(head.sets)
    return found


def numbers(writes: Iterable[Any]) -> list[int]:
    """The numbers of plain writes."""
    return [write["n"] for write in writes]
