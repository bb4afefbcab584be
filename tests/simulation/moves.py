"""What people, machines and operators do in a world: each a move on one phone, noted in the trace."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lumbung_client.sync.brought import Load
from lumbung_server.repositories.people import HeldGrant
from lumbung_shared.ids import row_id
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value, talk_path
from tests.simulation.clockwork import Clock
from tests.simulation.ledger import Edit
from tests.simulation.network import Network
from tests.simulation.phone import Phone, Tables
from tests.simulation.servers import Server

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

REVIEWS = "reviews"
"""People judge and comment, too: in every fifth world, so that the others stay the worlds they were."""


@dataclass
class Copy:
    """A phone's store as it was once."""

    tables: Tables
    seen: dict[str, dict[str, set[Edit]]]


class Moves:
    """The moves of a world, which has what they work on. `shared`: names of stores that others use too, and up to which
    number that can show.
    """

    luck: random.Random
    clock: Clock
    server: Server
    network: Network
    hazards: set[str]
    phones: list[Phone]
    copies: dict[str, Copy]
    files: list[tuple[str, Load]]
    backups: list[object]
    shared: dict[str, int]
    epochs: int
    words: int

    def note(self, line: str) -> None:
        """Add a line to the trace."""
        raise NotImplementedError

    def join(self, person: str) -> Phone:
        """Let a phone be enrolled."""
        raise NotImplementedError

    def add(self, person: str) -> Phone:
        """Let there be one more phone."""
        raise NotImplementedError

    def grants_of(self, person: str) -> tuple[HeldGrant, ...]:
        """Return the grants a person holds or held."""
        raise NotImplementedError

    def villages(self, person: str) -> list[str]:
        """Return where a person may record."""
        raise NotImplementedError

    def alive(self) -> list[Phone]:
        """Return the phones that the server takes."""
        raise NotImplementedError

    def forgive(self) -> None:
        """After something was destroyed, owe only what is left anywhere."""
        raise NotImplementedError

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
            REVIEWS: [self.judge, self.judge, self.comment],
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

    def judge(self, phone: Phone) -> None:
        """A coordinator verifies an activity as it is shown, or returns it."""
        if coordinates(phone.person.id) and (shown := list(phone.shown())):
            state, word = self.luck.choice(shown), self.word()
            verdict = self.luck.choice([Verdict.VERIFIED, Verdict.RETURNED])
            self.note(f"{phone.name} judges {_short(state.record)} {verdict} {word}")
            judgement = Judgement(verdict, content_digest(state), word)
            phone.edit(state, {JUDGEMENT: judgement_value(judgement)})

    def comment(self, phone: Phone) -> None:
        """A coordinator says something about an activity, or its author does."""
        if shown := list(phone.shown()) if coordinates(phone.person.id) else phone.mine():
            state, word = self.luck.choice(shown), self.word()
            self.note(f"{phone.name} says of {_short(state.record)} {word}")
            phone.edit(state, {talk_path(row_id(self.clock.now, self.luck.randbytes(2))): word})

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
        other = self.add(phone.person.id)
        other.device, other.token, other.skew = phone.device, phone.token, phone.skew
        other.seen = dict(phone.seen)
        self._share(phone)
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
        # Now and then somebody copies an old file into place and says nothing: the server has to notice by itself.
        name = f"epoch-{self.epochs}" if self.luck.random() < 0.7 else ""
        self.note(f"the server is restored as {name or 'it was, without a word'}")
        self.network.crash()
        self.server.restore(self.luck.choice(self.backups), name)
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


def coordinates(person: str) -> bool:
    """Tell whether somebody is a coordinator somewhere."""
    return any(role != "cadre" for _, role in PEOPLE[person])


def _short(record: str) -> str:
    return record[9:13] + record[-4:]
