"""Drive whole screens without Flutter: a real Flet session, page and router over a connection that only listens.

Two things that Flutter would do are done here: every message is encoded (components draw themselves while a
patch is being encoded), and a navigation is answered by the event that the client would send back.
"""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

C = TypeVar("C", bound=BaseControl)
PAGE_ID = 1
_HIDDEN = frozenset({"_parent", "_values", "_dirty", "_internals"})


class Listener(Connection):
    """A connection that keeps what the app says and answers method calls with prepared values."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub()
        self.page_url = "http://127.0.0.1/"
        self.answers = answers
        self.calls: list[str] = []
        self.aimed: list[tuple[int, str]] = []
        self.crashes: list[str] = []
        self.session: Session | None = None

    def send_message(self, message: Any) -> None:
        """Take a message of the app."""
        encode(message.action, message.body)
        if message.action is MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)
        if message.action is MessageAction.INVOKE_METHOD:
            self._answer(message.body)

    def _answer(self, call: Any) -> None:
        assert self.session is not None
        session = self.session
        self.calls.append(call.name)
        self.aimed.append((call.control_id, call.name))
        if call.name == "push_route":
            route = call.args["route"]
            session.page.route = route
            event = session.dispatch_event(PAGE_ID, "route_change", {"route": route})
            self.loop.call_soon(lambda: self.loop.create_task(event))
        answer = self.answers.get(call.name)
        self.loop.call_soon(session.handle_invoke_method_results, call.control_id, call.call_id, answer, None)


def encode(*parts: Any) -> bytes:
    """Encode as the wire does; this draws the components."""
    return msgpack.packb(list(parts), default=configure_encode_object_for_msgpack(BaseControl))  # type: ignore[no-any-return]


class Screen:
    """An app as a person without eyes would use it: `async with Screen(main) as screen`."""

    def __init__(
        self,
        main: Callable[[ft.Page], Any],
        route: str = "/",
        width: float = 360,
        answers: dict[str, Any] | None = None,
    ) -> None:
        self._main = main
        self._start = {"route": route, "width": width, "height": 800, "platform": "android", "web": False}
        self._answers = {"get_connectivity": ["wifi"], **(answers or {})}

    async def __aenter__(self) -> Screen:
        self.connection = Listener(self._answers)
        self.session = Session(self.connection)
        self.connection.session = self.session
        self.page = self.session.page
        self.session.apply_page_patch(self._start)
        encode(self.session.get_page_patch())
        self._token = _context_page.set(self.page)
        context.reset_auto_update()
        started = self._main(self.page)
        if inspect.isawaitable(started):
            await started
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def __aexit__(self, *error: object) -> None:
        self.session.close()
        _context_page.reset(self._token)
        if error[0] is None:
            assert self.connection.crashes == []

    async def settle(self) -> None:
        """Let everything that is ready to run do so."""
        for _ in range(60):
            await asyncio.sleep(0)

    def walk(self) -> Iterator[BaseControl]:
        """Yield every visible control of the topmost view and of open dialogs."""
        views = [one for one in _below([self.page.views], set()) if isinstance(one, ft.View)]
        yield from _below([views[-1:], self.page._dialogs], set())

    def all(self, kind: type[C], **wanted: Any) -> list[C]:
        """Return the controls of a class whose attributes have the wanted values."""
        return [
            control
            for control in self.walk()
            if isinstance(control, kind)
            and all(getattr(control, name, None) == value for name, value in wanted.items())
        ]

    def find(self, kind: type[C], **wanted: Any) -> C:
        """Return the first such control; the screen's texts are shown when there is none."""
        found = self.all(kind, **wanted)
        assert found, f"no {kind.__name__} {wanted}; on screen: {self.texts()}"
        return found[0]

    def texts(self) -> list[str]:
        """Return every text on the screen."""
        found: list[str] = []
        for control in self.walk():
            for name in ("value", "content", "label", "error", "error_text"):
                text = getattr(control, name, None)
                if isinstance(text, str) and text:
                    found.append(text)
        return found

    def options(self) -> list[str]:
        """Return the labels of the options of which one can be chosen."""
        rows = [row for row in self.all(ft.MergeSemantics) if any(isinstance(one, ft.Radio) for one in below(row))]
        return [str(one.value) for row in rows for one in below(row) if isinstance(one, ft.Text)]

    def shows(self, text: str) -> bool:
        """Tell whether some text on the screen contains `text`."""
        return any(text in shown for shown in self.texts())

    async def fire(self, control: BaseControl, event: str, data: Any = None) -> None:
        """Send an event as the client would."""
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def press(self, key: str) -> None:
        """Press the control with a key."""
        await self.fire(self.find(BaseControl, key=key), "click")

    async def type(self, key: str, text: str) -> None:
        """Type into the field with a key."""
        await self.change(key, text)

    async def change(self, key: str, value: Any, event: str = "change") -> None:
        """Give the control with a key a value, as the client does: the property first, then the event."""
        control = self.find(BaseControl, key=key)
        self.session.apply_patch(control._i, {"value": value})
        await self.fire(control, event, value)

    async def go(self, route: str) -> None:
        """Open an address of the app."""
        self.page.navigate(route)
        await self.settle()

    async def resize(self, width: float) -> None:
        """Give the page another width, in pixels."""
        self.session.apply_patch(PAGE_ID, {"width": width})
        await self.settle()

    async def until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Wait until something is true on the screen."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, f"did not happen; on screen: {self.texts()}"
            await asyncio.sleep(0.01)


def below(value: Any) -> Iterator[BaseControl]:
    """Yield a control and every visible one in it."""
    yield from _below(value, set())


def _below(value: Any, seen: set[int]) -> Iterator[BaseControl]:
    if isinstance(value, BaseControl):
        if id(value) in seen or getattr(value, "visible", True) is False:
            return
        seen.add(id(value))
        if not isinstance(value, Component):
            yield value
        for field in dataclasses.fields(value):
            if not field.metadata.get("skip") and field.name not in _HIDDEN:
                yield from _below(getattr(value, field.name, None), seen)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _below(item, seen)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _below(item, seen)
