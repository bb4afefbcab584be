"""What the screens observe: the session, a number that grows with each of its changes, and what is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import FeedFilter, FeedView
from lumbung_client.ui.texts import Texts, texts


@ft.observable
@dataclass
class AppModel:
    """State of the running app. Screens read it through `use_model` and are drawn again when it changes.

    `failure`: code of why the store could not be opened, `open_again` tries once more; `revision` grows with
    every change of the session; `width` of the window in px.
    """

    session: Session | None = None
    failure: str = ""
    language: str = "id"
    revision: int = 0
    width: float = 0
    open_again: Callable[[], Coroutine[Any, Any, None]] | None = None

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
    """The feed as the person left it: filter and loaded pages. `view` None: not loaded yet; `failure`: code."""

    chosen: FeedFilter = field(default_factory=FeedFilter)
    view: FeedView | None = None
    busy: bool = False
    failure: str = ""


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
