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
from tests.simulation.network import Evils, Network
from tests.simulation.phone import Phone, Tables
from tests.simulation.servers import MemoryServer, Server, services, sound_services

LOK_TUAN, GUNTUNG, SAMARINDA = "64.74.01.1003", "64.74.01.1004", "64.72.01.1001"
PEOPLE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "budi": ((LOK_TUAN, "cadre"), (GUNTUNG, "cadre")),
    "siti": (("64.74", "regency-coordinator"),),
    "ani": ((GUNTUNG, "cadre"),),
    "dewi": ((SAMARINDA, "cadre"), (LOK_TUAN, "cadre")),
    "rina": (("64", "province-coordinator"),),
}
PATHS = ("title", "place", "notes")
YEAR = 365 * 86_400_000
HAZARDS = (
    "loses doubles garbles slow power stops clocks copies clones backups revoking grants moves deletions files forms "
    "settling turns late"
).split()


@dataclass
class Copy:
    """A phone's store as it was once."""

    tables: Tables
    seen: dict[str, dict[str, set[Edit]]]


@dataclass(frozen=True)
class Parts:
    """What a world is made of: by default the real code. `server` takes clock, luck for turns, and page size."""

    code: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(exchange=exchange, queue=queue))
    planted: Mapping[str, object] = field(default_factory=dict)
    server: Callable[[Clock, random.Random | None, int], Server] | None = None


class World:
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

    def _moves(self) -> list[Callable[[Phone], object]]:
        moves: list[Callable[[Phone], object]] = [
            self.log,
            self.edit,
            self.edit,
            self.edit,
            self.ask,
            self.ask,
            self.ask,
            self.go_offline,
        ]
        by_hazard: dict[str, list[Callable[[Phone], object]]] = {
            "power": [self.lose_power],
            "stops": [self.stop_server],
            "clocks": [self.turn_clock],
            "copies": [self.keep_copy, self.go_back],
            "clones": [self.clone],
            "backups": [self.back_up, self.restore],
            "revoking": [self.revoke],
            "grants": [self.change_grant, self.change_grant],
            "moves": [self.move, self.move],
            "deletions": [self.delete],
            "files": [self.give_file, self.take_file, self.take_file],
            "forms": [self.open_form, self.finish_form, self.finish_form],
            "settling": [self.settle, self.settle],
            "late": [self.come_late],
        }
        for hazard, some in by_hazard.items():
            if hazard in self.hazards:
                moves += some
        return moves

    # What people do

    def word(self) -> str:
        """Return a text that nobody said before."""
        self.words += 1
        return f"kata {self.words}"

    def join(self, person: str) -> Phone:
        """Let a phone be enrolled."""
        number = len(self.phones)
        luck = random.Random(self.luck.random())  # noqa: S311
        who = Person(person, person)
        phone = Phone(f"{person}-{number}", who, self.clock, luck, self.parts.code, self.ledger)
        phone.heard, phone.transport = self.heard, self.carry
        if "clocks" in self.hazards:
            phone.skew = self.luck.choice([0, -YEAR * 5, YEAR * 3, 3_600_000])
        self.phones.append(phone)
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
        return self.server.look().grants.get(person, ())

    def villages(self, person: str) -> list[str]:
        """Return where a person may record."""
        roots = [held.region for held in self.grants_of(person) if held.valid_to is None]
        return [village for village in (LOK_TUAN, GUNTUNG, SAMARINDA) if covered(village, roots)]

    def log(self, phone: Phone) -> None:
        """Record a new activity."""
        if villages := self.villages(phone.person.id):
            sets = {"region": self.luck.choice(villages), "date": "2026-11-10", "title": self.word()}
            record = phone.log(dict(sets))
            self.note(f"{phone.name} logs {_short(record)} {sets['title']} in {sets['region']}")

    def edit(self, phone: Phone) -> None:
        """Change one or two answers of an own activity."""
        if mine := [state for state in phone.mine() if phone.content.draft(state.record) is None]:
            state = self.luck.choice(mine)
            sets = {path: self.word() for path in self.luck.sample(PATHS, self.luck.randrange(1, 3))}
            self.note(f"{phone.name} edits {_short(state.record)} {sets}")
            phone.edit(state, dict(sets))

    def move(self, phone: Phone) -> None:
        """Say that an own activity was elsewhere."""
        villages = self.villages(phone.person.id)
        mine = [state for state in phone.mine() if phone.content.draft(state.record) is None]
        if mine and villages:
            state, village = self.luck.choice(mine), self.luck.choice([*villages, SAMARINDA])
            self.note(f"{phone.name} moves {_short(state.record)} to {village}")
            phone.edit(state, {"region": village})

    def delete(self, phone: Phone) -> None:
        """Delete an own activity."""
        if mine := phone.mine():
            state = self.luck.choice(mine)
            self.note(f"{phone.name} deletes {_short(state.record)}")
            phone.delete(state)

    def settle(self, phone: Phone) -> None:
        """End a bentrok by one of its values, or by a third."""
        if found := [it for it in phone.disputed() if phone.content.draft(it[0].record) is None]:
            state, path = self.luck.choice(found)
            values = [head.sets[path] for head in state.heads if path in head.sets]
            value = self.luck.choice([*values, self.word()] if path in PATHS else values)
            self.note(f"{phone.name} settles {_short(state.record)} {path}: {value}")
            phone.settle(state, path, value)

    def open_form(self, phone: Phone) -> None:
        """Open a form over an own activity."""
        if mine := phone.mine():
            state = self.luck.choice(mine)
            self.note(f"{phone.name} opens a form over {_short(state.record)}")
            phone.open_form(state)

    def finish_form(self, phone: Phone) -> None:
        """Finish an open form, however old what it shows is."""
        if open_forms := sorted(draft.record for draft in phone.content.drafts()):
            record, word = self.luck.choice(open_forms), self.word()
            self.note(f"{phone.name} finishes the form over {_short(record)} {word}")
            phone.close_form(record, self.luck.choice(PATHS), word)

    def ask(self, phone: Phone) -> None:
        """Ask for a sync."""
        self.note(f"{phone.name} asks")
        phone.come_online()
        phone.ask()

    def give_file(self, phone: Phone) -> None:
        """Put what waits into a rescue file."""
        self.note(f"{phone.name} makes a file")
        self.files.append((phone.person.id, phone.file()))

    def take_file(self, phone: Phone) -> None:
        """Take in a rescue file of this person, of whichever phone."""
        if files := [load for person, load in self.files if person == phone.person.id]:
            self.note(f"{phone.name} takes a file in")
            load = self.luck.choice(files)
            phone.take_in(load)
            before = phone.waiting()
            phone.take_in(load)
            assert phone.waiting() == before, f"{phone.name}: a file taken in again changed something"

    # What the world does

    def go_offline(self, phone: Phone) -> None:
        """Lose the network, or find it again."""
        self.note(f"{phone.name} goes {'offline' if phone.is_online else 'online'}")
        if phone.is_online:
            phone.is_online = False
        else:
            phone.come_online()

    def lose_power(self, phone: Phone) -> None:
        """The phone goes dark, whatever it was doing."""
        self.note(f"{phone.name} loses power")
        phone.crash()

    def turn_clock(self, phone: Phone) -> None:
        """Somebody sets the phone's clock."""
        phone.skew = self.luck.choice([0, -YEAR * 5, YEAR * 3, 86_400_000, -7_200_000])
        self.note(f"{phone.name}'s clock is {phone.skew} ms ahead")

    def keep_copy(self, phone: Phone) -> None:
        """The phone's system backs the store up."""
        self.note(f"{phone.name} is copied")
        self.copies[phone.name] = Copy(phone.copied(), dict(phone.seen))

    def go_back(self, phone: Phone) -> None:
        """The store is put back from its copy."""
        if (copy := self.copies.get(phone.name)) is None:
            return
        self.note(f"{phone.name} is put back from its copy")
        self._share(phone)
        phone.seen = dict(copy.seen)
        phone.crash({name: dict(rows) for name, rows in copy.tables.items()})
        self._share(phone)
        self.forgive()

    def _share(self, phone: Phone) -> None:
        """Note that what a store calls itself is not its alone, and up to which number that can show."""
        known = phone.content.replica
        if known is not None:
            self.shared[known.id] = max(known.last, self.shared.get(known.id, 0))

    def is_shared(self, phone: Phone) -> bool:
        """Tell whether a store goes by a name that others use or used, and it has not had to show yet."""
        known = phone.content.replica
        others = [other for other in self.alive() if other is not phone and other.replica == phone.replica]
        if known is None:
            return False
        used = max((n for replica, n in self.server.look().write if replica == known.id), default=0)
        return bool(others) or known.last < used or known.last <= self.shared.get(known.id, -1)

    def clone(self, phone: Phone) -> None:
        """The store is copied to another phone, and both go on."""
        if len(self.phones) >= 5:
            return
        number = len(self.phones)
        luck = random.Random(self.luck.random())  # noqa: S311
        other = Phone(f"{phone.person.id}-{number}", phone.person, self.clock, luck, self.parts.code, self.ledger)
        other.heard, other.transport = self.heard, self.carry
        other.device, other.token, other.skew = phone.device, phone.token, phone.skew
        other.seen = dict(phone.seen)
        self._share(phone)
        self.phones.append(other)
        self.note(f"{phone.name} is cloned as {other.name}")
        other.crash(phone.copied())

    def stop_server(self, _: Phone) -> None:
        """The server dies in the middle of everything, and comes back after a while."""
        self.note("the server dies")
        self.network.crash()

        def come_back() -> None:
            self.note("the server is back")
            self.network.is_up = True

        self.clock.after(self.luck.choice([10, 5_000, 60_000]), come_back)

    def back_up(self, _: Phone) -> None:
        """The operator makes a backup."""
        self.note("the server is backed up")
        self.backups.append(self.server.backup())

    def restore(self, _: Phone) -> None:
        """The operator puts a backup back."""
        if not self.backups:
            return
        self.epochs += 1
        self.note(f"the server is restored as epoch-{self.epochs}")
        self.network.crash()
        self.server.restore(self.luck.choice(self.backups), f"epoch-{self.epochs}")
        self.network.is_up = True
        self.forgive()

    def revoke(self, phone: Phone) -> None:
        """A phone is lost and its device revoked. One phone stays."""
        if self.luck.random() < 0.5 and len(self.alive()) > 1 and phone.device in self.server.look().device:
            self.note(f"{phone.name} is revoked")
            self.server.revoke(phone.device, self.clock.now)
            self.forgive()

    def change_grant(self, phone: Phone) -> None:
        """A person gains a region, or loses one."""
        person = phone.person.id
        held = [one for one in self.grants_of(person) if one.valid_to is None]
        version = max((one.version for one in self.grants_of(person)), default=0) + 1
        if len(held) > 1 and self.luck.random() < 0.5:
            lost = self.luck.choice(held)
            self.note(f"{person} loses {lost.region}")
            self.server.end_grant(person, lost, self.clock.now)
        else:
            region = self.luck.choice([LOK_TUAN, GUNTUNG, SAMARINDA, "64.74.01"])
            if all(one.region != region for one in held):
                self.note(f"{person} gains {region}")
                self.server.grant(person, HeldGrant(region, "cadre", version, self.clock.now))

    def come_late(self, phone: Phone) -> None:
        """A person takes another phone beside the one they have."""
        if len(self.phones) < 5:
            self.join(phone.person.id)

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


def _short(record: str) -> str:
    return record[9:13] + record[-4:]


def _standing(phone: Phone) -> str:
    waiting = [
        f"{entry.replica[:3]}{entry.write.n}{'!' if entry.is_refused else ''}" for entry in phone.content.entries()
    ]
    replica = phone.content.replica
    return f"{replica.id[:4] if replica else '-'}/{replica.last if replica else 0} waiting {waiting}"
