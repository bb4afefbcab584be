"""One scripted world: who there is, what they and the world do, and the calm at the end in which all must agree."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from lumbung_client.store.entries import Owner
from lumbung_client.sync import exchange, queue
from lumbung_client.sync.brought import Load
from lumbung_client.sync.engine import Answered, Event, Started, Stopped
from lumbung_client.sync.transport import Request, Response
from lumbung_server.repositories.people import HeldGrant
from lumbung_shared.protocol import Person
from lumbung_shared.regions import covered
from tests.simulation import checks
from tests.simulation.clockwork import Clock
from tests.simulation.ledger import Edit, Ledger
from tests.simulation.moves import GUNTUNG, HAZARDS, LOK_TUAN, PEOPLE, REVIEWS, SAMARINDA, YEAR, Copy, Moves
from tests.simulation.network import Evils, Network
from tests.simulation.phone import Phone
from tests.simulation.servers import MemoryServer, Server, services, sound_services


@dataclass(frozen=True)
class Parts:
    """What a world is made of: by default the real code. `server` takes clock, luck for turns, and page size."""

    code: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(exchange=exchange, queue=queue))
    planted: Mapping[str, object] = field(default_factory=dict)
    server: Callable[[Clock, random.Random | None, int], Server] | None = None


class World(Moves):
    """Everything in it follows from the seed. `trace`: one line per event, if it is wanted."""

    def __init__(self, seed: int, parts: Parts | None = None, *, trace: bool = False) -> None:
        parts = parts or Parts()
        self.seed = seed
        self.luck = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.lines: list[str] | None = [] if trace else None
        self.clock = Clock()
        self.ledger = Ledger()
        self.parts = parts
        luck = self.luck
        self.hazards = {hazard for hazard in HAZARDS if luck.random() < 0.45}
        if seed % 5 == 4:
            self.hazards.add(REVIEWS)
        page = luck.choice([1, 2, 5, 200, 200])
        turns = random.Random(luck.random()) if "turns" in self.hazards else None  # noqa: S311
        if parts.server is not None:
            self.server: Server = parts.server(self.clock, turns, page)
        else:
            on = services(page, parts.planted) if parts.planted else sound_services(page)
            self.server = MemoryServer(self.clock, on, turns)
        network_luck = random.Random(luck.random())  # noqa: S311
        self.network = Network(self.clock, self.server, network_luck, self.note)
        self.network.evils = Evils(
            0.3 if "loses" in self.hazards else 0.0,
            0.25 if "doubles" in self.hazards else 0.0,
            0.2 if "garbles" in self.hazards else 0.0,
            "slow" in self.hazards,
        )
        self.phones: list[Phone] = []
        self.copies: dict[str, Copy] = {}
        self.files: list[tuple[str, Load]] = []
        self.backups: list[object] = []
        self.shared: dict[str, int] = {}
        self.epochs = 0
        self.words = 0

    def note(self, line: str) -> None:
        """Add a line to the trace."""
        if self.lines is not None:
            self.lines.append(f"{self.clock.now % 10**9:>10} {line}")

    # The script

    def play(self) -> None:
        """Let the world run to its end and judge it. Raises AssertionError."""
        self.note(f"seed {self.seed}: {' '.join(sorted(self.hazards))}")
        luck = self.luck
        names = [luck.choice(["budi", "siti"]), *luck.choices([*PEOPLE], k=luck.choice([1, 1, 2, 2, 3, 4]))]
        if len(names) > 2 and luck.random() < 0.6:
            names[1] = names[0]
        for person in dict.fromkeys(names):
            for region, role in PEOPLE[person]:
                self.server.admit(*_nobody(person))
                self.server.grant(person, HeldGrant(region, role, 1, 0))
        for person in names:
            self.join(person)
        moves = self._moves()
        for _ in range(luck.randrange(15, 41)):
            self.clock.run_until(self.clock.now + luck.choice([10, 300, 3_000, 30_000, 90_000]) + luck.randrange(1_000))
            luck.choice(moves)(luck.choice(self.phones))
        self.calm_down()
        checks.at_the_end(self)

    # Who there is

    def add(self, person: str) -> Phone:
        """Let there be one more phone."""
        luck = random.Random(self.luck.random())  # noqa: S311
        name, who = f"{person}-{len(self.phones)}", Person(person, person)
        phone = Phone(name, who, self.clock, luck, self.parts.code, self.ledger)
        phone.heard, phone.transport = self.heard, self.carry
        self.phones.append(phone)
        return phone

    def join(self, person: str) -> Phone:
        """Let a phone be enrolled."""
        phone = self.add(person)
        if "clocks" in self.hazards:
            phone.skew = self.luck.choice([0, -YEAR * 5, YEAR * 3, 3_600_000])
        self.note(f"{phone.name} is enrolled")
        self.enrol(phone)
        return phone

    def enrol(self, phone: Phone) -> None:
        """Do what enrolment does on both sides."""
        who = phone.person
        grants = self.grants_of(who.id)
        phone.enrol(Owner(phone.token, 0, who, (), {}))
        self.server.admit(who, phone.device, phone.token, phone.replica)
        for held in grants or [HeldGrant(region, role, 1, 0) for region, role in PEOPLE[who.id]]:
            if held.valid_to is None:
                self.server.grant(who.id, held)
        phone.post(Started())

    def grants_of(self, person: str) -> tuple[HeldGrant, ...]:
        """Return the grants a person holds or held."""
        held = self.server.look().grants.get(person, ())
        # Each server tells them in an order of its own.
        return tuple(sorted(held, key=lambda one: (one.region, one.version, one.role)))

    def villages(self, person: str) -> list[str]:
        """Return where a person may record."""
        roots = [held.region for held in self.grants_of(person) if held.valid_to is None]
        return [village for village in (LOK_TUAN, GUNTUNG, SAMARINDA) if covered(village, roots)]

    # Between them

    async def carry(self, phone: Phone, request: Request) -> Response:
        """Carry a phone's request."""
        return await self.network.carry(phone.name, request, online=phone.is_online)

    def heard(self, phone: Phone, event: Event) -> None:
        """Judge a phone that has just taken an answer in, or has not got one."""
        if self.lines is not None:
            self.note(f"{phone.name} heard {event} {_standing(phone)}")
        if isinstance(event, Answered):
            checks.after_an_answer(self, phone, event)

    def alive(self) -> list[Phone]:
        """Return the phones that the server takes."""
        devices = self.server.look().device
        return [phone for phone in self.phones if phone.device not in devices or not devices[phone.device].revoked_at]

    def forgive(self) -> None:
        """After something was destroyed, owe only what is left anywhere."""
        held: set[Edit] = set()
        for stored in self.server.look().write.values():
            held |= checks.edits_of_write(stored.offered.write)
        alive = self.alive()
        for phone in self.phones:
            held |= phone.waiting()
            if phone in alive:
                held |= phone.sent()
        self.ledger.forgive(held)

    # The end

    def calm_down(self) -> None:
        """The network heals, everybody finishes, and syncs until nothing moves."""
        self.note("the network heals")
        self.network.evils = Evils()
        self.clock.run_while(lambda: self.network.under_way > 0 or any(phone.is_sending for phone in self.phones))
        self.network.is_up = True
        for phone in self.phones:
            for draft in phone.content.drafts():
                phone.discard_form(draft.record)
            phone.come_online()
        for phone in self.alive():
            self.log(phone)
        for _ in range(60):
            # A name that two stores use shows when both bring something under one number.
            doubtful = [phone for phone in self.alive() if self.is_shared(phone)]
            for phone in doubtful:
                self.log(phone)
            restless = [phone for phone in self.alive() if not self.is_settled(phone)]
            if not restless:
                return
            for phone in restless:
                self._settle(phone)
        raise AssertionError("the phones and the server never come to rest")

    def is_settled(self, phone: Phone) -> bool:
        """Tell whether a phone has read all there is, and everything it may send is sent."""
        look = self.network.looks.get(phone.name)
        now = self.server.look()
        held = {one.region for one in self.grants_of(phone.person.id) if one.valid_to is None}
        is_told = look is not None and look.write == now.write and look.epoch == now.epoch
        return is_told and phone.regions == held and phone.is_at_rest

    def _settle(self, phone: Phone) -> None:
        phone.ask()
        self.clock.run_while(lambda: phone.is_sending or self.network.under_way > 0)
        if isinstance(phone.engine.state, Stopped):
            assert phone.engine.state.code == "token-unknown", f"{phone.name} stopped: {phone.engine.state.code}"
            self.note(f"{phone.name} is enrolled again")
            self.enrol(phone)


def _nobody(person: str) -> tuple[Person, str, str, str]:
    """Return what admits a person on a device that is never used."""
    return Person(person, person), f"paper-{person}", f"paper-{person}", f"paper{person:0<11}"


def _standing(phone: Phone) -> str:
    waiting = [
        f"{entry.replica[:3]}{entry.write.n}{'!' if entry.is_refused else ''}" for entry in phone.content.entries()
    ]
    replica = phone.content.replica
    return f"{replica.id[:4] if replica else '-'}/{replica.last if replica else 0} waiting {waiting}"
