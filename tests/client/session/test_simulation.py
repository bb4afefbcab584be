"""Several phones, one server and all that goes wrong between them: nothing is lost, and at the end everybody agrees."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought, RescueFile
from lumbung_client.store.content import Content
from lumbung_client.store.durable_memory import Content as Bytes
from lumbung_client.store.local_store import Name
from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.forms import row_path, rows
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.records import RecordState, is_deleted, state_digest, values
from lumbung_shared.regions import covered
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone, problem
from tests.client.phones import HEADLINE, KIND, settled

PEOPLE = {
    "budi": (Grant(VILLAGE, "cadre"),),
    "siti": (Grant("64.74", "regency-coordinator"), Grant(VILLAGE, "cadre")),
    "ani": (Grant(OTHER_VILLAGE, "cadre"),),
}
STEPS = 120
RECORDS = 3
"""So many of their own people have at a time: where few are, all work on the same."""
TEXTS = (HEADLINE, "place", "notes")
CELL = "organisation"


@dataclass
class Copy:
    """What a phone's files, its name and its person's finished answers were at some moment."""

    replica: str
    files: dict[str, Bytes]
    said: dict[tuple[str, str], str]


@dataclass
class Player:
    """A person with a phone. `said`: record and path to the last answer finished on this phone and not deleted here."""

    person: str
    phone: Phone
    session: Session
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    copy: Copy | None = None

    @property
    def content(self) -> Content:
        return self.session._content

    @property
    def replica(self) -> str:
        """The name of the store."""
        assert self.session.identity is not None
        return self.session.identity.replica

    def mine(self) -> list[str]:
        """Records this person may edit, as the phone shows them."""
        return sorted(row.record for row in self.session.activities() if row.author == self.person)


class World:
    """The players and the server between them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        self.server = FakeServer(page_size=self.chance.choice([2, 5, 200]))
        self.players: list[Player] = []
        self.files: list[tuple[str, bytes]] = []
        self.words = (f"kata {number}" for number in range(1_000_000))
        # Record, path and word to the word that stood on the screen when it was said; what was said more than once.
        self.saw: dict[tuple[str, str, str], object] = {}
        self.repeated: set[tuple[str, str, str]] = set()
        self.finished: set[tuple[str, str, str]] = set()

    async def start(self) -> None:
        for number, person in enumerate(["budi", "budi", "siti", "siti", "ani"]):
            phone = Phone(self.server, seed=number + 1000)
            phone.clock.tick(self.chance.choice([0, -3_600_000, 400 * 86_400_000]))
            session = await Session.open(phone.ports())
            assert await session.enrol(self.server.add(person, *PEOPLE[person])) is None
            await settled(session)
            self.players.append(Player(person, phone, session))

    async def step(self) -> None:
        player = self.chance.choice(self.players)
        player.phone.clock.tick(self.chance.randrange(60_000))
        moves = [self.log, self.edit, self.edit, self.edit, self.open_form, self.finish_form, self.delete]
        moves += [self.rows, self.sync, self.sync, self.sync, self.kill, self.keep_copy, self.go_back]
        moves += [self.give_file, self.take_file]
        await self.chance.choice(moves)(player)
        self.check_honesty(player)

    # What people do

    async def log(self, player: Player, *, always: bool = False) -> None:
        if len(player.mine()) >= RECORDS and not always:
            return
        session = player.session
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, next(self.words))
        region = OTHER_VILLAGE if player.person == "ani" else VILLAGE
        session.answer(record, "region", region)
        await self.finish(player, record)

    async def edit(self, player: Player) -> None:
        if mine := player.mine():
            record = player.session.start_edit(self.chance.choice(mine))
            self.answer(player, record)
            if self.chance.random() < 0.8:
                await self.finish(player, record)

    async def open_form(self, player: Player) -> None:
        if mine := player.mine():
            self.answer(player, player.session.start_edit(self.chance.choice(mine)))

    async def finish_form(self, player: Player) -> None:
        drafts = sorted(draft.record for draft in player.content.drafts())
        if drafts:
            record = self.chance.choice(drafts)
            if self.chance.random() < 0.3:
                player.session.discard_draft(record)
                return
            self.answer(player, record)
            await self.finish(player, record)

    async def rows(self, player: Player) -> None:
        if not (mine := player.mine()):
            return
        session = player.session
        record = session.start_edit(self.chance.choice(mine))
        draft = session.draft(record)
        assert draft is not None
        there = list(rows("attendees", draft.answers))
        if there and self.chance.random() < 0.4:
            session.remove_row(record, "attendees", there[0])
        else:
            row = there[0] if there and self.chance.random() < 0.6 else session.add_row(record, "attendees")
            session.answer(record, row_path("attendees", row, "people"), 12)
            session.answer(record, row_path("attendees", row, CELL), str(self.chance.randrange(1, 10**5)))
        await self.finish(player, record)

    async def delete(self, player: Player) -> None:
        if (mine := player.mine()) and self.chance.random() < 0.5:
            record = self.chance.choice(mine)
            player.session.delete(record)
            player.said = {key: word for key, word in player.said.items() if key[0] != record}
            await self.turn()

    def answer(self, player: Player, record: str) -> None:
        for path in self.chance.sample(TEXTS, self.chance.randrange(1, 3)):
            self.say(player, record, path, next(self.words))

    def say(self, player: Player, record: str, path: str, word: str) -> None:
        draft = player.content.draft(record)
        if draft is None:
            return  # deleted meanwhile
        self.saw[record, path, word] = draft.before.get(path)
        player.session.answer(record, path, word)

    async def finish(self, player: Player, record: str) -> None:
        """Finish a form, completing what it asks for, and remember what was said in it."""
        draft = player.content.draft(record)
        for remark in player.session.finish(record):
            assert remark.code == "missing-required", remark
            player.session.answer(record, remark.path, self.missing(player, remark.path))
        before = player.session.draft(record)
        if before is not None:
            assert player.session.finish(record) == ()
        for entry in player.content.entries_of(record)[-1:]:
            for path, value in entry.write.sets.items():
                if isinstance(value, str) and path in TEXTS:
                    player.said[record, path] = value
                    word = (record, path, value)
                    if word in self.finished or (draft is not None and path in draft.taken):
                        self.repeated.add(word)
                    self.finished.add(word)
        await self.turn()

    def missing(self, player: Player, path: str) -> str:
        region = OTHER_VILLAGE if player.person == "ani" else VILLAGE
        known = {"date": "2026-11-20", "region": region, "organisation": "PKK"}
        return known.get(path.rpartition("/")[2]) or next(self.words)

    # What the world does

    async def sync(self, player: Player) -> None:
        fate = self.chance.random()
        if fate < 0.2:
            self.server.down = True
        elif fate < 0.4:
            self.server.lose_replies = 1
        elif fate < 0.5:
            self.server.answers.append(_half)
        elif fate < 0.6:
            self.server.answers.append(self._too_many)
        self.meddle(player)
        await player.session.sync_now()
        self.server.down, self.server.lose_replies, self.server.before_reply = False, 0, None
        self.server.answers.clear()

    def _too_many(self, request: Request) -> Response | None:
        writes = json.loads(gzip.decompress(request.body)).get("writes", ())
        return problem(Code.BODY_TOO_LARGE, 413) if len(writes) > 1 else None

    def meddle(self, player: Player) -> None:
        """Sometimes the person goes on working while a request is under way."""
        if self.chance.random() < 0.5 or not (mine := player.mine()):
            return
        record, word = self.chance.choice(mine), next(self.words)

        def work() -> None:
            self.server.before_reply = None
            session = player.session
            if player.content.view(record) is None or player.content.draft(record) is not None:
                return
            session.start_edit(record)
            self.say(player, record, "place", word)
            draft = player.content.draft(record)
            if draft is not None:
                self.repeated |= {(record, path, str(draft.before.get(path))) for path in draft.taken}
            if session.finish(record) == ():
                player.said[record, "place"] = word

        self.server.before_reply = work

    async def turn(self) -> None:
        """Let the sync that a change starts run, with or without a network."""
        self.server.down = self.chance.random() < 0.7
        if self.chance.random() < 0.2:
            self.server.lose_replies = 1
        for player in self.players:
            await settled(player.session)
        self.server.down, self.server.lose_replies = False, 0

    async def kill(self, player: Player) -> None:
        """The phone goes dark, in the middle of a request as likely as not."""
        if self.chance.random() < 0.5:
            started = asyncio.ensure_future(player.session.sync_now())
            for _ in range(self.chance.randrange(4)):
                await asyncio.sleep(0)
            await player.session._runner.close()
            await started
        await self.reopen(player)

    async def reopen(self, player: Player) -> None:
        await player.session._runner.close()
        player.phone.files.crash()
        self.server.down = True
        player.session = await Session.open(player.phone.ports())
        await settled(player.session)
        self.server.down = False

    async def keep_copy(self, player: Player) -> None:
        player.copy = Copy(player.replica, deepcopy(player.phone.files.files), dict(player.said))

    async def go_back(self, player: Player) -> None:
        """The store is put back from an old copy: what was not sent by then is gone with it, and nothing else."""
        if player.copy is None or self.chance.random() < 0.6:
            return
        await player.session._runner.close()
        if player.copy.replica != player.replica:
            # It went on under another name since: what waits in the copy gets a third one, and may be there twice.
            self.repeated |= {(*key, word) for key, word in player.copy.said.items()}
            self.repeated |= {(*key, word) for key, word in player.said.items()}
        player.phone.files.files = deepcopy(player.copy.files)
        player.said = dict(player.copy.said)
        await self.reopen(player)
        # That it is an old copy shows as soon as it brings something under a number that was used before.
        self.server.down = True
        await self.log(player, always=True)
        self.server.down = False

    async def give_file(self, player: Player) -> None:
        """What waits leaves the phone as a file, which is kept for any time later."""
        file = await player.session.rescue.file()
        assert isinstance(file, RescueFile)
        self.files.append((player.person, file.content))

    async def take_file(self, player: Player) -> None:
        """A file of this person, new or old, of this phone or another, is brought to this phone."""
        files = [content for person, content in self.files if person == player.person]
        if not files:
            return
        file = self.chance.choice(files[-3:])
        assert isinstance(await player.session.rescue.take_in(file), Brought)
        waiting = player.session.waiting()
        again = await player.session.rescue.take_in(file)
        assert isinstance(again, Brought)
        assert (again.activities, again.drafts) == (0, 0)
        assert player.session.waiting() == waiting
        await self.turn()

    # What must hold

    def check_honesty(self, player: Player) -> None:
        """Nothing is called sent that the server does not hold; a stored state holds no more than the server does."""
        for row in player.session.activities():
            if row.state in (ActivityState.SENT, ActivityState.DISPUTED):
                assert row.record in self.server.states()
                assert not player.content.entries_of(row.record)
        for key, _ in player.content.rows(Name.SENT):
            replica, _, n = key.partition(":")
            assert (replica, int(n)) in self.server.stored

    async def calm_down(self) -> None:
        """Everybody finishes and syncs until nothing moves."""
        for player in self.players:
            for draft in player.content.drafts():
                player.session.discard_draft(draft.record)
            await self.log(player, always=True)
        for _ in range(3):
            for player in self.players:
                await player.session.sync_now()
                assert player.session.status.reason == ""

    def renamed_twice(self, key: tuple[str, str, str]) -> bool:
        """Tell whether two phones each gave a name of their own to one write of a lost store, from one rescue file."""
        record, path, word = key
        rows = (row for player in self.players for _, row in player.content.rows(Name.TAKEN) if row.get("moved"))
        moved = {(row["replica"], row["n"]) for row in rows}
        said = [name for name, (_, it) in self.server.stored.items() if it.write.record == record]
        return sum(name in moved and self.server.stored[name][1].write.sets.get(path) == word for name in said) > 1

    def check_end(self) -> None:
        stored = self.server.states()
        words = {
            (offered.write.record, path, str(value))
            for _, offered in self.server.stored.values()
            for path, value in offered.write.sets.items()
        }
        standing = {
            (record, path, value)
            for record, state in stored.items()
            for head in state.heads
            for path, value in head.sets.items()
            if isinstance(value, str)
        }
        for record, path, word in words:
            # Who changed a word that was on the screen replaced it: it stands beside the new one for nobody.
            before = self.saw.get((record, path, word))
            key = (record, path, str(before))
            assert key not in standing or key in self.repeated or self.renamed_twice(key), (record, path, before, word)
        for player in self.players:
            assert player.session.waiting() == []
            assert {(*key, word) for key, word in player.said.items()} <= words
            due = {record: state for record, state in stored.items() if _due(state, player.person)}
            held = dict(_held(player.content))
            assert {record: dict(values(state)) for record, state in held.items()} == {
                record: dict(values(state)) for record, state in due.items()
            }
            assert {record: state_digest(state) for record, state in held.items()} == {
                record: state_digest(state) for record, state in due.items()
            }


def _half(request: Request) -> Response:
    raise Unreachable(f"{request.path} broke off")


def _due(state: RecordState, person: str) -> bool:
    sees = covered(str(values(state).get("region", "")), [grant.region for grant in PEOPLE[person]])
    return not is_deleted(state) and (sees or state.author == person)


def _held(content: Content) -> Iterator[tuple[str, RecordState]]:
    for record, _ in content.rows(Name.RECORDS):
        state = content.confirmed(record)
        if state is not None and not is_deleted(state):
            yield record, state


@pytest.mark.parametrize("seed", [*range(30), *(pytest.param(seed, marks=pytest.mark.full) for seed in range(30, 300))])
def test_phones_that_lose_replies_power_and_time_lose_nothing_and_agree_at_the_end(seed: int) -> None:
    async def run() -> None:
        bugs: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: bugs.append(context))
        world = World(seed)
        await world.start()
        for _ in range(STEPS):
            await world.step()
        await world.calm_down()
        world.check_end()
        for player in world.players:
            with suppress(Exception):
                await player.session.close()
        assert bugs == []

    asyncio.run(run())
