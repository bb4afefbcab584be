"""What the screens observe: the session, a number that grows with each of its changes, and what is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from lumbung_client.session.door import Door, Standing
from lumbung_client.session.ports import StoreError
from lumbung_client.session.session import Session
from lumbung_client.session.updates import Updates
from lumbung_client.session.views import FeedFilter, FeedView
from lumbung_client.ui.parts.unsaved import Typed
from lumbung_client.ui.safe import store_failed
from lumbung_client.ui.texts import Texts, texts

Act = Callable[[], Coroutine[Any, Any, None]]


@ft.observable
@dataclass
class AppModel:
    """State of the running app. Screens read it through `use_model` and are drawn again when it changes.

    `standing`: how this tab stands to the store; `failure`: code of why the store could not be opened, or not opened
    again after a write had failed; `typed`: what was typed and is not saved yet, `unsaved`: code of why saving it
    failed, empty if it did not. `open_again`, `take_over`: what the buttons of the opening screen do (`take_over`
    None: nobody can be asked); `rescue_page`: address of the page that saves the raw files, if there is one.
    `password_link`: the code of a link that sets a password, as long as its screen is shown.
    `folder`: where the store lies that is shown; `typed_elsewhere`: folder to what waits for another store.
    `door`: the way to other people's stores on this phone; `pin_forgotten`: the person said so where it was asked for.
    `updates`: the versions of the app on this phone.
    `revision` grows with every change of the session; `width` of the window in px.
    """

    session: Session | None = None
    standing: Standing = Standing.OPENING
    failure: str = ""
    unsaved: str = ""
    language: str = "id"
    revision: int = 0
    width: float = 0
    rescue_page: str = ""
    password_link: str = ""
    open_again: Act | None = None
    take_over: Act | None = None
    typed: Typed = field(default_factory=Typed)
    folder: str = ""
    typed_elsewhere: dict[str, Typed] = field(default_factory=dict)
    door: Door | None = None
    pin_forgotten: bool = False
    updates: Updates = field(default_factory=Updates)

    @property
    def is_open(self) -> bool:
        """Whether this tab has the store. After it gave way, `session` stays for what is still on the screen."""
        return self.session is not None and self.standing is Standing.OPEN

    def come_to(self, folder: str) -> bool:
        """Note whose store is shown from now on, and tell whether that is another one.

        What was typed for another store, and could not be saved there, waits until that one is open again.
        """
        if folder == self.folder:
            return False
        self.typed_elsewhere[self.folder] = self.typed
        self.typed = self.typed_elsewhere.pop(folder, Typed())
        self.folder, self.unsaved = folder, ""
        return True

    def save_typed(self) -> bool:
        """Save what was typed and is not saved yet; tells whether that worked.

        If it did not, the store is opened again, and `save_once_more` tries for the last time by itself.
        """
        problem = self._write_typed()
        if problem is not None:
            store_failed(problem)
        return problem is None and self.typed.is_empty

    def leave_form(self, record: str) -> None:
        """Save before the form of a record goes from the screen."""
        self.save_typed()
        self.typed.tidy(record)

    def save_once_more(self) -> None:
        """Try again after the store was opened again; when that fails too, the next key or a button tries."""
        self._write_typed()

    def _write_typed(self) -> StoreError | None:
        if self.session is None or not self.is_open:
            return None
        try:
            self.typed.write(self.session)
        except StoreError as problem:
            self.unsaved = problem.code
            self.changed()  # the form asks by what stands on the screen, saved or not
            return problem
        self.unsaved = ""
        return None

    def changed(self) -> None:
        """Note that the session has changed."""
        self.revision += 1

    def resized(self, width: float) -> None:
        """Note the window's new width (px)."""
        self.width = width

    @property
    def words(self) -> Texts:
        """The texts of the language in use."""
        return texts(self.language)


@ft.observable
@dataclass
class FeedModel:
    """The feed as the person left it: filter and loaded pages. `view` None: not loaded yet; `failure`: code.

    `text`: what is typed into the search. `fresh`: how many activities are new on the server and not shown yet.
    """

    chosen: FeedFilter = field(default_factory=FeedFilter)
    text: str = ""
    view: FeedView | None = None
    busy: bool = False
    failure: str = ""
    fresh: int = 0


@dataclass(frozen=True)
class Opened:
    """What every screen gets: the app's state, its open session, and the feed."""

    app: AppModel
    session: Session
    feed: FeedModel

    @property
    def words(self) -> Texts:
        """The texts of the language in use."""
        return self.app.words

    @property
    def language(self) -> str:
        """`id` or `en`."""
        return self.app.language


AppContext: Any = ft.create_context(None)
FeedContext: Any = ft.create_context(None)


def use_model() -> Opened:
    """Return the open app; call it inside a screen only. The screen is drawn again when anything changes."""
    app: AppModel = ft.use_context(AppContext)
    feed: FeedModel = ft.use_context(FeedContext)
    if app.session is None:
        raise RuntimeError("a screen was drawn before the store was open")
    return Opened(app, app.session, feed)
