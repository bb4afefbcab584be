"""The session: everything a person can ask of the app, on top of one open store. Screens know nothing below it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from lumbung_client.session import drafts
from lumbung_client.session.account import Account
from lumbung_client.session.activities import Activities
from lumbung_client.session.admission import Desk
from lumbung_client.session.again import Again
from lumbung_client.session.budget import Budget
from lumbung_client.session.carrier import Carrier
from lumbung_client.session.cascade import Cascade
from lumbung_client.session.changeover import Changeover
from lumbung_client.session.desk_pages import DeskPages
from lumbung_client.session.doubles import Doubles
from lumbung_client.session.excel import Downloads
from lumbung_client.session.feed import LocalFeed, ServerFeed, is_offline
from lumbung_client.session.feed_watch import FeedWatch
from lumbung_client.session.filling import Filling
from lumbung_client.session.form_edits import FormEdits
from lumbung_client.session.forms import Forms
from lumbung_client.session.gallery import Gallery
from lumbung_client.session.gate import Gate
from lumbung_client.session.handing_over import HandingOver
from lumbung_client.session.handovers import Handovers
from lumbung_client.session.introduction import Introduction
from lumbung_client.session.joined import JoinedActivities
from lumbung_client.session.listeners import Listeners
from lumbung_client.session.lock import Lock
from lumbung_client.session.meter import Meter
from lumbung_client.session.overview import Overviews
from lumbung_client.session.people import People
from lumbung_client.session.photos import Photos
from lumbung_client.session.ports import Ports
from lumbung_client.session.products import Products
from lumbung_client.session.programmes import Programmes, Writing
from lumbung_client.session.receipt_book import ReceiptBook
from lumbung_client.session.recent import Recent
from lumbung_client.session.registers import Registers
from lumbung_client.session.report import Reports
from lumbung_client.session.rescue import Rescue
from lumbung_client.session.reviewing import Reviewing
from lumbung_client.session.room import Room
from lumbung_client.session.settling import Settling
from lumbung_client.session.silence import Silence
from lumbung_client.session.situation import Signs, Situation, situation
from lumbung_client.session.standing import Net, sync_status
from lumbung_client.session.timekeeping import Timekeeping
from lumbung_client.session.undoing import Undoing
from lumbung_client.session.upkeep import Upkeep
from lumbung_client.session.views import (
    ActivityRow,
    ActivityState,
    ActivityView,
    DraftView,
    Failure,
    FeedFilter,
    FeedView,
    Identity,
    KeptFile,
    LockedView,
    PhotoState,
    Sends,
    SyncStatus,
)
from lumbung_client.store.aside import Damage
from lumbung_client.store.content import Content
from lumbung_client.store.copies import Copies
from lumbung_client.store.durable import StorageNumbers, StoreError
from lumbung_client.store.entries import SETTINGS, put, sendable
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.pictures import Pictures
from lumbung_client.sync import queue
from lumbung_client.sync.engine import Asked, Changed, Due, NetworkBack, Resting, Started, TakenBack
from lumbung_client.sync.exchange import Exchange, Surroundings
from lumbung_client.sync.runner import Runner
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.catalogue import Catalogue
from lumbung_shared.forms import Form
from lumbung_shared.protocol import Person, Receipt
from lumbung_shared.records import RecordState

A_MOMENT = 60_000
"""A person who was away for less than this, in ms, has not missed much."""


class Session:
    """One person's use of one store. Open it with `open`; all calls belong on the event loop.

    A call that changes something is durable when it returns. Every one of them may raise StoreError, and then
    changed nothing.
    """

    def __init__(self, ports: Ports, store: LocalStore, person: str = "") -> None:
        self._store = store
        self._content = Content(store)
        self._listeners = Listeners()
        self._tell = self._listeners.tell
        self._net = Net()
        self.meter = Meter(store, self._content, ports.transport, self.now)
        self._lock = Lock(store, self._content, self.meter, self.now, self._tell, lambda: self._runner.post(Changed()))
        self._ports = ports = replace(ports, transport=self._lock)
        self.pictures = Pictures(store, ports.files)
        self.budget = Budget(store, self._content, self.pictures, ports.network, lambda: self.carrier.sent)
        around = Surroundings(
            ports.transport,
            ports.clock.now,
            ports.fresh_replica,
            ports.app,
            self._tell,
            lambda: self.storage.free,
            self.meter.changes,
        )
        self._exchange = Exchange(store, self._content, around)
        self._runner = Runner(
            self._exchange,
            lambda: ports.clock.now().wall,
            ports.luck,
            ports.timer,
            self._stepped,
            self.budget.text_goes,
        )
        self.carrier = Carrier(self._content, self.pictures, ports, self.budget, self._text_is_sent, self._tell)
        self.room = Room(store, self._content, self.pictures, Copies(store, ports.files))
        self.photos = Photos(store, self._content, self.pictures, self.room, ports, self.now)
        self.gallery = Gallery(self._content, self.pictures, self.room.copies, ports, self.now)
        self.filling = Filling(store, self._content, self.photos, ports, self.now, lambda: self._runner.post(Changed()))
        self._activities = Activities(
            store, self._content, lambda: self._exchange.under_way, self.photos.unsent_in, self.carrier.moves
        )
        self.receipt_book = ReceiptBook(store, self._content, ports, self._activities.row)
        self.again = Again(self._content, self.filling)
        self.recent = Recent(self._content, self._activities.newest)
        self.undoing = Undoing(self._content, self.filling, self.photos, ports, self.now)
        self.joined = JoinedActivities(store, self._content)
        self._local_feed = LocalFeed(store, self._content, self.joined)
        self._server_feed = ServerFeed(store, self._content, ports.transport)
        self.feed_watch = FeedWatch(self._content, ports.streams, ports.luck)
        self.registers = Registers(store, self._content, self._activities, ports, self.filling.close)
        self.forms = Forms(store, self._content, ports.transport, self.now)
        self.account = Account(self._content, ports.transport, ports.device, self._tell)
        self.people = People(self._content, ports.transport, self._tell)
        pages = DeskPages(store, self._content, self.people.ask)
        self.silence = Silence(pages, self.now, ports.app, self._tell)
        self.cascade = Cascade(pages, self.now, self._tell)
        self.products = Products(pages, self._before_them, self.now, self._tell)
        self.doubles = Doubles(self._content, self.joined, pages, ports, self.filling.close, self._tell)
        self.overview = Overviews(pages, self.now, self._tell)
        writing = Writing(ports.clock.now, ports.chance, self.filling.close)
        self.programmes = Programmes(self._content, pages, writing, self.today, self.now, self._tell)
        self.reports = Reports(self._content, Downloads(self._content, ports.transport), self.today)
        self.handovers = Handovers(self._content, self.people, self._tell)
        self.handing_over = HandingOver(store, self._content, ports.transport, ports.clock.now, self._tell)
        self.form_edits = FormEdits(store, self._content, self.forms, self.now, self._hear_news)
        self.settling = Settling(self._content, self._activities, self._local_feed, self._server_feed)
        self.reviewing = Reviewing(
            self._content,
            self.settling,
            self._server_feed,
            self.people,
            ports.clock.now,
            self.now,
            ports.chance,
            self.filling.enqueue,
        )
        self.gate = Gate(store, self._content, ports, self._tell)
        self.introduction = Introduction(store, lambda: self.identity)
        self._desk = Desk(
            store,
            self._content,
            ports.transport,
            ports.device,
            ports.fresh_replica,
            ports.clock.now,
            self.gate.forgotten,
            for_one=ports.others is not None,
            person=person,
        )
        self.clock = Timekeeping(ports.clock, self._content, lambda: self._runner.post(Due()))
        self.lost_pictures = 0
        self.rescue = Rescue(store, self._content, self.pictures, ports, lambda: self._runner.post(Changed()))
        self.upkeep = Upkeep(store, ports, self._tell, self.room.make)
        self._changeover = Changeover(store, self._content, ports.app, ports.versions)
        self._warming: asyncio.Task[None] | None = None
        store.watch(lambda _: self._tell())

    @classmethod
    async def open(cls, ports: Ports, person: str = "") -> Session:
        """Open the store and start syncing. Raises StoreInUse, StoreUnreadable, StoreFull or StoreFailed.

        `person`: id of whose store it was when it was last open, empty when that is not known.
        """
        gc.unfreeze()  # what an earlier store held may go
        store = await LocalStore.open(ports.files)
        gc.freeze()  # what was read stays: looking through it again and again would stop the screen
        try:
            session = cls(ports, store, person)
            with suppress(StoreError):  # a store that can be read and not written is opened too
                session._changeover.begin()
                store.apply(drafts.outlived(session._content.drafts(), session.now()))
                session.lost_pictures = await session.photos.tidy()
        except BaseException:
            store.close()
            raise
        session.filling.look_back()
        if session.identity is not None:
            session._runner.post(Started())
        session.upkeep.look()
        session._warming = asyncio.create_task(session._warm())
        return session

    async def rest(self) -> None:
        """Stop syncing and tidying up. A request under way is abandoned; what it sent stays in the outbox."""
        if self._warming is not None and not self._warming.done():
            self._warming.cancel()
            await asyncio.wait([self._warming])
        self.undoing.close()
        self.gate.close()
        await self.upkeep.close()
        await self.photos.close()
        await self.carrier.close()
        await self._runner.close()
        await self.receipt_book.close()

    def let_go(self) -> None:
        """Let go of the store, at once; call it after `rest`. What it held can still be read here."""
        self._listeners.clear()
        self._store.close()

    async def close(self) -> None:
        """Rest, and let go of the store."""
        await self.rest()
        self.let_go()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called on the loop after changes; several in a row may come as one. Returns the way out."""
        return self._listeners.add(listener)

    def now(self) -> int:
        """Return the time as far as this phone can know, ms since 1970: what its clock shows, corrected."""
        return self.clock.reckoned.now

    def today(self) -> str:
        """Return the local day of `now`, in ISO form."""
        return self.filling.today()

    # Who

    @property
    def identity(self) -> Identity | None:
        """Who uses this phone; None before enrolment."""
        owner, replica = self._content.owner, self._content.replica
        if owner is None or replica is None:
            return None
        return Identity(owner.person, replica.id, owner.grants, owner.regions, owner.expires, owner.login)

    @property
    def is_empty(self) -> bool:
        """Whether nothing of anybody is in the store."""
        return self._store.is_empty

    @property
    def locked(self) -> LockedView | None:
        """What a phone tells whose permission was taken away; None while it is not locked."""
        if not self._lock.is_locked:
            return None
        records = self.rescue.count() - self.handing_over.stored
        return LockedView(records, sum(not it.small for it in self.pictures.unconfirmed()))

    async def enrol(self, code: str) -> Failure | None:
        """Enrol this phone with a code, typed in any way; also when an earlier permission has ended."""
        return await self._admitted(await self._desk.enrol(code))

    async def login(self, login: str, password: str, code: str = "") -> Failure | None:
        """Sign in with a coordinator's name and password, and a code where the account has a second step."""
        return await self._admitted(await self._desk.login(login, password, code))

    async def sign_out(self) -> Failure | None:
        """Forget the person and all they have on this phone; refused while anything has not been sent."""
        self.undoing.forget()
        pictures = [sha256 for sha256, _ in self._store.rows(Name.PICTURES)]
        failure = self._desk.sign_out()
        if failure is None:
            with suppress(StoreError):  # what stays is removed at the next opening
                await self.pictures.forget(pictures)
                await self.pictures.tidy()
            await self.gallery.forget()
            await self.upkeep.forget()
        return failure

    @property
    def catalogue(self) -> Catalogue:
        """The forms that this phone knows, and which of them are offered."""
        return self._content.catalogue

    def offered(self) -> tuple[Form, ...]:
        """Return the forms of activities that this person may begin today."""
        owner = self._content.owner
        regions = [grant.region for grant in owner.grants] if owner else []
        return self.catalogue.offered(regions, self.today())

    def region_name(self, code: str) -> str:
        """Return a region's name, or its code when the phone does not know it."""
        owner = self._content.owner
        return owner.regions.get(code, code) if owner else code

    # My activities

    def activities(
        self, state: ActivityState | None = None, kind: str = "", text: str = "", limit: int = 50
    ) -> list[ActivityRow]:
        """Return this person's newest activities, newest first; deleted ones and untouched new drafts are left out.

        `text`: only those in which every word of it occurs, as a part of a word, too; capitals and accents do not
        matter. What is being sent is among those that wait (WAITING), and alone in SENDING.
        """
        return self._activities.mine(state, kind, text, limit)

    def activity_counts(self, text: str = "", month: str = "") -> Mapping[ActivityState, int]:
        """Return how many of this person's activities stand in each state; what is being sent counts as waiting.

        `month`: only of those that happened in it (`2026-11`).
        """
        return self._activities.tally(text, month)

    def _before_them(self, record: str) -> RecordState | None:
        return self.settling.looked_at(record, self._server_feed.found(record))[0]

    def activity(self, record: str) -> ActivityView | None:
        """Return an activity opened: this person's, one of the phone's region, or one of an opened feed page."""
        return self.settling.view(record)

    def start_draft(self, kind: str, answers: Mapping[str, Json] | None = None) -> str:
        """Open a form for a new activity or entry and return its record id. `answers`: what already stands in it."""
        return self.filling.begin(kind, answers or {})

    def start_edit(self, record: str) -> str:
        """Open a form over a record as it is shown now, or go on with the draft there is. Returns `record`."""
        self.filling.edit(record)
        return record

    def draft(self, record: str) -> DraftView | None:
        """Return the open form of a record."""
        return self.filling.view(record)

    def answer(self, record: str, path: str, value: Json) -> None:
        """Keep one answer; None or a blank text clears it. Without an open form it does nothing."""
        self.filling.change(record, lambda draft, now: drafts.with_answer(draft, path, value, now))

    def add_row(self, record: str, repeat: str) -> str:
        """Add a row to a repeat and return its id; empty without an open form."""
        return self.filling.add_row(record, repeat)

    def remove_row(self, record: str, repeat: str, row: str) -> None:
        """Take a row out of a repeat."""
        self.filling.change(record, lambda draft, now: drafts.without_row(draft, repeat, row, now))

    def move_row(self, record: str, repeat: str, row: str, by: int) -> None:
        """Put a row so many places later among its rows, or earlier if below 0."""
        self.filling.change(record, lambda draft, now: drafts.with_row_moved(draft, repeat, row, by, now))

    def finish(self, record: str) -> tuple[Remark, ...]:
        """Close the form and queue what changed. Returns what has to be corrected first; then nothing changed."""
        return self.filling.finish(record)

    def discard_draft(self, record: str) -> None:
        """Throw the open form away; the record stays as it was. `undoing` brings it back."""
        self.undoing.discard(record)

    def delete(self, record: str) -> None:
        """Delete an activity: at once when it never left this phone, else by a write. `undoing` brings it back."""
        self.undoing.delete(record)

    def settle(self, record: str, path: str, value: Json) -> None:
        """End a bentrok: `value`, one of those that stand there or another, replaces all of them."""
        self.filling.close(record, self.settling.settled(record, path, value, self._ports.clock.now()))

    def decide(self, record: str, mark: str, *, keep: bool) -> None:
        """End a bentrok about a deletion, of the record or of a row: take it back, or delete what it did not see."""
        self.filling.close(record, self.settling.decided(record, mark, self._ports.clock.now(), keep=keep))

    # Sending

    @property
    def status(self) -> SyncStatus:
        """How syncing stands."""
        last, lacks = self._content.place.last_success, self.clock.reckoned.lacks
        return sync_status(self._runner.engine, self._exchange, self._net, last, lacks)

    @property
    def situation(self) -> Situation:
        """What waits, what stops it now, and every fact that sending hangs on."""
        there = self.activity_counts()
        # Receipts are read through only where nothing else shows that something arrived.
        arrived = any(there.get(state) for state in (ActivityState.SENT, ActivityState.DISPUTED))
        signs = Signs(
            status=self.status,
            rows=tuple(self.waiting()),
            counts=there,
            photos=self.photos.unsent(),
            time=self.clock.reckoned,
            storage=self.storage,
            sends=self.budget.sends,
            delivered=arrived or bool(self.receipts(1)),
            free=self.budget.text_goes(),
            photos_go=self.carrier.waits_as is PhotoState.WAITING,
            sparing=self.carrier.is_saving_data,
            moving=self.carrier.is_moving,
            photo_code=self.carrier.reason,
            flaw=self.flaw,
        )
        return situation(signs)

    def waiting(self) -> list[ActivityRow]:
        """Return what waits for the server or was refused by it, oldest first."""
        return self._activities.waiting()

    def receipts(self, limit: int = 20) -> list[Receipt]:
        """Return the newest receipts, newest first."""
        return self._activities.receipts(limit)

    async def sync_now(self) -> None:
        """Sync because the person asks: refused writes are offered once more, and photos go whatever the network is.

        Who wants only records sent has photos left where they are. Returns when the run has ended.
        """
        if self.identity is None:
            return
        self._store.apply(queue.asked_again(self._content))
        await self._runner.run_now()
        if self.budget.sends is not Sends.TEXT:
            await self.carrier.send_now()

    def choose_sending(self, sends: Sends) -> None:
        """Choose what goes by itself from now on. What may go by that choice goes at once."""
        self.budget.choose(sends)
        self.carrier.take_back()
        if self.identity is None:
            return
        if sends is Sends.LATER:
            self._runner.post(TakenBack())
        self._runner.post(Changed() if sends is Sends.LATER else Asked())
        self.carrier.wake()

    async def _hear_news(self) -> str:
        await self._runner.run_now()
        return self.status.reason

    def network_changed(self, online: bool) -> None:
        """Note that the platform's network came or went; its return starts a sync."""
        came_back = online and not self._net.online
        self._net = self._net.told(online, self.now())
        if came_back and self.identity is not None:
            self._runner.post(NetworkBack())
            self.carrier.network_back()
        self._tell()

    def seen_again(self) -> None:
        """Note that the person came back to the app: the news are asked for, unless that was done a moment ago."""
        since = self.now() - self._content.place.last_success
        at_rest = isinstance(self._runner.engine.state, Resting)  # what failed waits for its turn
        if self.identity is not None and at_rest and not 0 <= since < A_MOMENT:
            self._runner.post(Started())

    # Feed

    def local_feed(self, chosen: FeedFilter, text: str = "", limit: int = 50) -> FeedView:
        """Return the region's feed as this phone holds it, searched as `activities` is.

        `next` not empty: ask with a larger limit for more.
        """
        return self._local_feed.view(chosen, text, limit)

    def local_feed_count(self) -> int:
        """Return how many activities of the region this phone holds, whatever is chosen or searched."""
        return self._local_feed.count()

    async def feed(self, chosen: FeedFilter, after: str = "") -> FeedView | Failure:
        """Return the feed from the server; when it cannot be asked, the page as last opened, or the phone's own."""
        answer = await self._server_feed.view(chosen, after, self.now())
        if isinstance(answer, Failure) and is_offline(answer):
            opened = self._server_feed.opened(chosen, after)
            if opened is not None:
                return opened
            return answer if after else self.local_feed(chosen)
        return answer

    def feed_people(self) -> tuple[Person, ...]:
        """Return who recorded what this phone holds of the region, by name."""
        return self._local_feed.people()

    async def feed_news(self, shown: FeedView, chosen: FeedFilter) -> int:
        """Return how many activities the first page has that a view of the feed does not show; 0 if it cannot be asked.

        An activity that changed since counts, too.
        """
        page = await self._server_feed.newest(chosen)
        known = {(entry.record, entry.at, entry.disputed, entry.lacks) for entry in shown.entries}
        entries = () if isinstance(page, Failure) else page.entries
        return sum((one.record, one.at, one.disputed, one.lacks) not in known for one in entries)

    async def exported_feed(self, chosen: FeedFilter, end: str = "xlsx") -> KeptFile | Failure:
        """Return everything that is chosen of the coordinator's feed as a file from the server. `end`: of its name."""
        return await self._server_feed.exported(chosen, self.now(), end)

    # Settings

    @property
    def language(self) -> str:
        """`id` or `en`."""
        return self._content.settings.language

    def set_language(self, language: str) -> None:
        """Choose the language of the interface."""
        self._store.apply([put(Name.META, SETTINGS, replace(self._content.settings, language=language))])
        self._ports.language_chosen(language)

    @property
    def is_sparing(self) -> bool:
        """Whether only small copies of photos are sent on mobile data."""
        return self._content.settings.sparing

    def set_sparing(self, *, sparing: bool) -> None:
        """Choose whether only small copies of photos are sent on mobile data."""
        self._store.apply([put(Name.META, SETTINGS, replace(self._content.settings, sparing=sparing))])
        self.carrier.wake()

    @property
    def storage(self) -> StorageNumbers:
        """What the platform said about its storage when it was last asked."""
        return self.upkeep.storage

    @property
    def flaw(self) -> str:
        """Code of why nothing can be saved now, empty if it can. Opening the store again may mend it."""
        return str(self._store.flaw.code) if self._store.flaw else ""

    @property
    def damage(self) -> Damage | None:
        """What of the store could not be read when it was opened; it was set aside, not thrown away."""
        return self._store.damage

    # Inside

    async def _admitted(self, failure: Failure | None) -> Failure | None:
        if failure is None:
            self._runner.post(Asked())
            self.carrier.begin()
            await self.gallery.forget()  # another person may have been here before
        return failure

    def _stepped(self) -> None:
        self._tell()
        self.carrier.wake()
        if isinstance(self._runner.engine.state, Resting):
            self.receipt_book.wake()
            self._changeover.look(all_sent=self._exchange.was_answered and self._text_is_sent())

    def _text_is_sent(self) -> bool:
        # Records first: a photo may take minutes.
        return isinstance(self._runner.engine.state, Resting) and not any(sendable(self._content.entries()))

    async def _warm(self) -> None:
        # Whoever asks before this has come to its end does the rest of it.
        await self._activities.warm(self._ports.pause)
        await self.joined.warm(self._ports.pause)
        await self._local_feed.warm(self._ports.pause)
        await self.registers.warm()
