"""No exception ever leaves a dead screen: a sentence, a way on, and the details in a log the person can send.

Flet paints a permanent card over the app when a handler raises, stops updating for good when a render or a patch
raises, and hears nothing any more once a control answers that is gone. All is caught here, once for the whole app.
"""

from __future__ import annotations

import functools
import logging
import sys
import traceback
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft
from flet.messaging.session import Session as FletSession

from lumbung_client.session.ports import StoreClosed, StoreError
from lumbung_client.ui.below import kept_below
from lumbung_client.ui.texts import texts
from lumbung_shared.problems import Code, sentence

LOG = logging.getLogger("lumbung.ui")
KEPT_LINES = 200
OFFER_SECONDS = 10


class ErrorLog:
    """The last errors of this run, as text a person can send."""

    def __init__(self) -> None:
        self._entries: deque[str] = deque(maxlen=KEPT_LINES)
        self.language = "id"

    def add(self, where: str, details: str) -> None:
        """Keep one error."""
        LOG.error("%s: %s", where, details)
        self._entries.append(f"{where}\n{details.strip()}")

    def clear(self) -> None:
        """Forget all errors: another person uses the app now."""
        self._entries.clear()

    def text(self) -> str:
        """Return all kept errors, oldest first; empty when there were none."""
        return "\n\n".join(self._entries)


ERRORS = ErrorLog()
_ON_STORE_FAILURE: list[Callable[[StoreError], None]] = []
_DRAW = ft.Component.update
_TAKE_ANSWER = FletSession.handle_invoke_method_results


def install_error_hook(on_store_failure: Callable[[StoreError], None]) -> None:
    """Answer an exception in any handler or drawing with a sentence, instead of Flet's permanent card or its silence.

    `on_store_failure` opens the store again after a write that failed; until then it would refuse every other.
    """
    _ON_STORE_FAILURE[:] = [on_store_failure]

    def on_handler_error(self: FletSession, message: str) -> None:
        ERRORS.add("handler", message)
        _answer(self.page, sys.exc_info()[1])

    FletSession.error = on_handler_error  # type: ignore[method-assign]
    FletSession.handle_invoke_method_results = _take_answer  # type: ignore[method-assign]
    ft.Component.update = _draw  # type: ignore[method-assign]


def _draw(self: ft.Component) -> None:
    # What is raised here would end the one task that draws.
    try:
        _DRAW(self)  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - see `screen`
        ERRORS.add(self.fn.__name__, traceback.format_exc())
        _answer(ft.context.page, error)


def _take_answer(self: FletSession, control_id: int, call_id: str, result: Any, error: str | None) -> None:
    # Who left a screen while it was scrolling is answered, too. Flet would raise, in the one task that listens.
    gone = control_id not in self.index
    if gone:
        self.index[control_id] = self.page
    try:
        _TAKE_ANSWER(self, control_id, call_id, result, error)
    finally:
        if gone:
            del self.index[control_id]


def say(page: ft.Page, sentence: str) -> None:
    """Show a sentence at the foot of the screen for a few seconds."""
    page.show_dialog(ft.SnackBar(content=ft.Text(sentence), duration=ft.Duration(seconds=4)))


def offer(page: ft.Page, sentence: str, word: str, act: Callable[[], None]) -> None:
    """Show a sentence with a button at the foot of the screen, long enough to read it and to think."""
    action = ft.SnackBarAction(label=word, on_click=act)
    bar = ft.SnackBar(
        content=ft.Text(sentence), action=action, persist=False, duration=ft.Duration(seconds=OFFER_SECONDS)
    )
    page.show_dialog(bar)


def lay_over(page: ft.Page, dialog: ft.DialogControl) -> Callable[[], None]:
    """Open a dialog over the screen. Returns what closes this one, whatever was said above it meanwhile."""
    page.show_dialog(dialog)

    def close() -> None:
        if dialog.open:
            dialog.open = False
            dialog.update()

    return close


def close_dialogs(page: ft.Page) -> None:
    """Close whatever lies over the screen."""
    while page.pop_dialog() is not None:
        pass


def screen(function: Callable[..., ft.View]) -> Callable[..., Any]:
    """Make a component of a function that returns a View; when it raises, show a View that says so and leads on.

    While another screen lies over it, it is not drawn.
    """

    @functools.wraps(function)
    def body(*args: Any, **kwargs: Any) -> ft.View:
        try:
            return kept_below(lambda: function(*args, **kwargs))
        except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, the person must get on
            ERRORS.add(function.__name__, traceback.format_exc())
            return _failed_view()

    return ft.component(body)


def part(function: Callable[..., ft.Control]) -> Callable[..., Any]:
    """Make a component of a function that returns a control; when it raises, only that part says so."""

    @functools.wraps(function)
    def body(*args: Any, **kwargs: Any) -> ft.Control:
        try:
            return function(*args, **kwargs)
        except Exception:  # noqa: BLE001 - see `screen`
            ERRORS.add(function.__name__, traceback.format_exc())
            return ft.Text(texts(ERRORS.language).screen_failed)

    return ft.component(body)


def start(page: ft.Page, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
    """Run a coroutine beside the screen; what it raises is said and kept like a handler's error."""

    async def guarded() -> None:
        try:
            await work(*args)
        except Exception as error:  # noqa: BLE001 - see `screen`
            ERRORS.add(getattr(work, "__qualname__", "task"), traceback.format_exc())
            _answer(page, error)

    page.run_task(guarded)


def store_failed(problem: StoreError) -> None:
    """Have the store opened again after a failed write; not one that was left, for another is open by now."""
    if isinstance(problem, StoreClosed):
        return
    for act in _ON_STORE_FAILURE:
        act(problem)


def _answer(page: ft.Page, error: BaseException | None) -> None:
    """Say what an error means for the person: its own sentence when it carries a stable code.

    An answer that came too late for a store that was left means nothing to whoever is there now.
    """
    if isinstance(error, StoreClosed):
        return
    code = str(getattr(error, "code", ""))
    say(page, sentence(code, ERRORS.language) if code in set(Code) else texts(ERRORS.language).action_failed)
    if isinstance(error, StoreError):
        store_failed(error)


def _failed_view() -> ft.View:
    words = texts(ERRORS.language)
    page = ft.context.page
    return ft.View(
        route="/galat",
        padding=16,
        spacing=16,
        appbar=ft.AppBar(title=ft.Text(words.app_name)),
        controls=[
            ft.Text(words.screen_failed),
            ft.FilledButton(words.to_activities, key="to-activities", on_click=lambda: page.navigate("/")),
        ],
    )
