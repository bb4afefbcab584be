"""Decide which tab has the phone, and whose store is open: open it, wait for it, ask for it, give it away, change it.

Never decides what is in a store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from enum import StrEnum
from typing import Any

from lumbung_client.session.phone import FIRST, OnPhone, Phone
from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure, SyncPhase
from lumbung_client.store.durable import StoreError, StoreFailed, StoreInUse, StoreUnreadable
from lumbung_shared.problems import Code

WAITING_SECONDS = 1.0
ASKING_SECONDS = 0.25
ASKING_TRIES = 12
MENDING_SECONDS = 60.0
"""A store that fails in the background is opened again once in so many seconds at most."""
OTHERS_TURN_SECONDS = 4.0
"""How long a waiting tab leaves the store to another that the person has just chosen."""


def as_here(act: Callable[[], object]) -> Callable[[], None]:
    """Return `act` as it would run here: what the platform calls by itself knows nothing of the page it belongs to."""
    context = copy_context()

    def run() -> None:
        context.copy().run(act)

    return run


class Standing(StrEnum):
    """How this tab stands to the store."""

    OPENING = "opening"
    OPEN = "open"
    CHOOSING = "choosing"  # several people use this phone: whose store to open is asked
    ELSEWHERE = "elsewhere"  # another holds it; tried again by itself
    ASKED = "asked"  # the holder was asked to let go
    SILENT = "silent"  # it did not answer; tried again by itself
    GAVE_WAY = "gave-way"  # another tab has it because the person wanted that; only a tap comes back
    FAILED = "failed"  # see `failure`


_STORE_CODES = {Code.STORE_IN_USE, Code.STORE_FULL, Code.STORE_FAILED, Code.STORE_UNREADABLE}
_TRYING = {Standing.ELSEWHERE: WAITING_SECONDS, Standing.SILENT: WAITING_SECONDS, Standing.ASKED: ASKING_SECONDS}


class Door:
    """The way to one session. `changed` is called when `session`, `standing` or `failure` (a code) is new.

    `save` makes durable what was typed and is not saved yet, and tells whether all of it is. While a store that
    failed is being opened again its old session stays: what it holds can still be read.
    """

    def __init__(self, ports: Ports, changed: Callable[[], None], save: Callable[[], bool]) -> None:
        self.session: Session | None = None
        self.standing = Standing.OPENING
        self.failure = ""
        self._ports = ports
        self._changed = changed
        self._save = save
        self._one_at_a_time = asyncio.Lock()
        self._cancel_timer: Callable[[], None] | None = None
        self._tries_left = 0
        self._reopening = False
        self._closed = False
        self._mend_after = 0.0
        self._cancel_mending: Callable[[], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._phone = Phone(ports)
        self._folder = ""
        self._unreadable: set[str] = set()
        ports.handover.listen(as_here(self._on_asked), as_here(self._on_released))

    @property
    def can_ask(self) -> bool:
        """Whether the tab that has the store can be asked for it."""
        return self._ports.handover.possible

    async def open(self) -> None:
        """Open the store, or open it again when nothing can be saved; go on trying while another has it."""
        if self.session is not None:
            await self.reopen(StoreFailed("opened again"))
            return
        self._stand(Standing.OPENING)
        await self._try()

    async def take_over(self) -> None:
        """Open the store here, because the person says so: whoever has it is asked to let go."""
        if self.session is not None:
            return
        self._tries_left = ASKING_TRIES
        self._stand(Standing.ASKED)
        self._ports.handover.ask()
        await self._try()

    async def reopen(self, problem: StoreError) -> None:
        """Open the store again after `problem`, a failed write. When that does not work, the next call tries again."""
        if self._reopening:
            return
        self._reopening = True
        try:
            async with self._one_at_a_time:
                await self._reopen(problem)
        finally:
            self._reopening = False

    async def give_way(self) -> None:
        """Let another tab have the store; stays when something that was typed cannot be saved."""
        async with self._one_at_a_time:
            if self.session is None and self.standing is not Standing.CHOOSING:
                return
            if not await self._let_go():
                return
            self._leave_phone()
            self._stand(Standing.GAVE_WAY)
            self._ports.handover.tell_released()

    async def close(self) -> None:
        """Stop trying and close the session, also one that is being opened just now."""
        if self._closed:
            return
        self._closed = True
        for task in tuple(self._tasks):
            task.cancel()
        async with self._one_at_a_time:
            self._stop_timer()
            self._stop_mending()
            if self.session is not None:
                await self.session.close()
            self._leave_phone()

    # Several people

    @property
    def can_be_shared(self) -> bool:
        """Whether several people can have stores of their own on this phone."""
        return self._phone.can_be_shared

    @property
    def folder(self) -> str:
        """The folder of the store that is open or wanted; empty when that is not clear yet."""
        return self._folder

    @property
    def people(self) -> tuple[OnPhone, ...]:
        """Who has a store on this phone; a store that cannot be read belongs to somebody without a name."""
        return self._phone.people

    @property
    def others(self) -> tuple[OnPhone, ...]:
        """Who has a store on this phone besides the one that is open."""
        return tuple(one for one in self.people if one.folder != self._folder)

    async def switch(self, folder: str = "") -> bool:
        """Close the store that is open, wholly, and open this one; none named: ask whose, if there are several.

        Returns False, and stays, when something that was typed cannot be saved.
        """
        async with self._one_at_a_time:
            if self._closed or not await self._let_go():
                return False
            self._folder = folder
            self._stand(Standing.OPENING)
        await self._try()
        return True

    async def add(self) -> bool:
        """Open a store in which somebody new can be admitted. Raises StoreError; returns False as `switch` does."""
        language = self.session.language if self.session else self._ports.language
        folder = self._phone.free()
        self._phone.begin(folder)
        if not await self.switch(folder):
            return False
        if self.session is not None and self.session.language != language:
            self.session.set_language(language)  # whoever comes reads on as the phone spoke until now
        return True

    async def admitted(self, again: Callable[[Session], Awaitable[Failure | None]]) -> None:
        """Look whether whoever was just admitted has a store on this phone already; then `again` admits them there.

        The server admits twice by one code, so that an app which was just installed may have a storage of its own.
        """
        session = self.session
        if session is None or session.identity is None:
            return
        twin = self._phone.twin(self._folder, session.identity.person.id)
        if twin is None or await session.sign_out() is not None:
            return
        if await self.switch(twin.folder) and self.session is not None:
            await again(self.session)

    def used(self) -> None:
        """Note that a person uses the app, or is leaving it just now."""
        if self.session is not None:
            self.session.gate.used()

    async def _let_go(self) -> bool:
        """Let go of the store, if one is open; False when something that was typed cannot be saved."""
        session = self.session
        if session is None:
            return True
        if not self._save():
            return False
        await session.rest()
        if not self._save():
            return False  # the store failed just now, and is about to be opened again
        session.let_go()
        self.session = None
        self._stop_mending()
        return True

    def _leave_phone(self) -> None:
        self._folder = ""
        self._phone.close()

    async def _reopen(self, problem: StoreError) -> None:
        session = self.session
        if session is None or self._closed:
            return
        with suppress(StoreError):
            await session.close()
        if isinstance(problem, StoreInUse):
            self._lose(problem)
            return
        try:
            gate = session.gate
            await self._phone.open()
            session = await self._opened()
            session.gate.carry_on(gate)
        except StoreInUse as taken:
            self._lose(taken)
        except StoreError as error:
            self._stand(Standing.OPEN, error.code)
        else:
            self._stand(Standing.OPEN, session.flaw)

    async def _try(self) -> None:
        async with self._one_at_a_time:
            self._stop_timer()
            if self.session is not None or self._closed:
                return
            try:
                await self._phone.open()
                if not self._chosen():
                    self._stand(Standing.CHOOSING)
                    return
                session = await self._opened()
            except StoreInUse:
                self._phone.close()
                self._wait_for_it()
            except StoreError as problem:
                if isinstance(problem, StoreUnreadable) and self.can_be_shared:
                    self._unreadable.add(self._folder)
                self._leave_phone()  # the next try asks again whose store to open
                self._stand(Standing.FAILED, problem.code)
            except BaseException:
                self._phone.close()
                raise
            else:
                self._stand(Standing.OPEN, session.flaw)

    def _chosen(self) -> bool:
        """Tell whether it is clear whose store to open: one was chosen, or there is no choice.

        A store that could not be read is not opened unasked again: there may be no other, but somebody can be added.
        """
        for folder in self._unreadable:
            self._phone.hold(folder)
        if not self._folder and len(self.people) < 2:
            only = self.people[0].folder if self.people else FIRST
            self._folder = "" if only in self._unreadable else only
        return bool(self._folder)

    async def _opened(self) -> Session:
        ports = replace(self._ports, files=self._phone.files(self._folder))
        session = self.session = await Session.open(ports, self._phone.owner(self._folder))
        self._unreadable.discard(self._folder)
        self._note(session)
        session.subscribe(lambda: self._look_after(session))
        return session

    def _note(self, session: Session) -> None:
        self._phone.note(self._folder, session.identity, is_empty=session.is_empty)

    def _look_after(self, session: Session) -> None:
        """Note who uses the store. Open it again when syncing could not write: no person is there to save once more."""
        if session is self.session:
            self._note(session)
        status = session.status
        stopped = status.phase is SyncPhase.STOPPED and status.reason in _STORE_CODES
        if not stopped or session is not self.session or self._reopening or self.failure or self._cancel_mending:
            return
        taken = status.reason == Code.STORE_IN_USE
        problem = StoreInUse("syncing") if taken else StoreFailed("syncing")
        seconds = max(0.0, self._mend_after - asyncio.get_running_loop().time())
        self._cancel_mending = self._ports.timer(seconds, lambda: self._mend(session, problem))

    def _mend(self, session: Session, problem: StoreError) -> None:
        self._cancel_mending = None
        if session is self.session and not self._closed:
            self._mend_after = asyncio.get_running_loop().time() + MENDING_SECONDS
            self._run(self.reopen(problem))

    def _stop_mending(self) -> None:
        if self._cancel_mending is not None:
            self._cancel_mending()
            self._cancel_mending = None

    def _wait_for_it(self) -> None:
        standing = self.standing
        if standing is Standing.ASKED:
            self._tries_left -= 1
            if self._tries_left <= 0:
                standing = Standing.SILENT
        elif standing is not Standing.SILENT:
            standing = Standing.ELSEWHERE
        if standing is not self.standing:
            self._stand(standing)
        self._try_in(_TRYING[standing])

    def _lose(self, problem: StoreError) -> None:
        self.session = None
        self._leave_phone()
        self._stand(Standing.GAVE_WAY, problem.code)

    def _stand(self, standing: Standing, failure: str = "") -> None:
        self.standing, self.failure = standing, failure
        self._changed()

    def _try_in(self, seconds: float) -> None:
        self._stop_timer()
        self._cancel_timer = self._ports.timer(seconds, lambda: self._run(self._try()))

    def _stop_timer(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None

    def _on_asked(self) -> None:
        if self._closed:
            return
        if self.session is not None or self.standing in (Standing.OPENING, Standing.CHOOSING):
            self._run(self.give_way())  # one that is being opened is given away as soon as it is open
        elif self.standing in _TRYING:
            # The person chose yet another tab: a waiting one must not be quicker.
            self._stand(Standing.ELSEWHERE)
            self._try_in(OTHERS_TURN_SECONDS)

    def _on_released(self) -> None:
        if self.standing is Standing.ASKED and not self._closed:
            self._run(self._try())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
