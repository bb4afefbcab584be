"""The app's frame: which screen stands at which address, and what is shown before the store is open."""

from __future__ import annotations

from typing import Any

import flet as ft

from lumbung_client.session.door import Door, Standing
from lumbung_client.session.session import Session
from lumbung_client.ui.colours import theme
from lumbung_client.ui.device.connectivity import watch_network
from lumbung_client.ui.device.visibility import watch_visibility, when_back
from lumbung_client.ui.model import AppContext, AppModel, FeedContext, FeedModel
from lumbung_client.ui.safe import ERRORS, close_dialogs
from lumbung_client.ui.screens.account import Account
from lumbung_client.ui.screens.activities import Activities
from lumbung_client.ui.screens.activity import Activity, FeedActivity
from lumbung_client.ui.screens.cascade import Cascade
from lumbung_client.ui.screens.choose_kind import ChooseKind
from lumbung_client.ui.screens.chooser import Chooser
from lumbung_client.ui.screens.desk import Desk
from lumbung_client.ui.screens.doubles import Doubles
from lumbung_client.ui.screens.enrol import Enrol, EnrolAgain, Locked, PinForgotten
from lumbung_client.ui.screens.feed import Feed
from lumbung_client.ui.screens.fill_in import FillIn
from lumbung_client.ui.screens.form_editor import FormEditor, PublishEdit
from lumbung_client.ui.screens.form_from_excel import FormFromExcel
from lumbung_client.ui.screens.forms import Forms, OneForm
from lumbung_client.ui.screens.handovers import Handovers
from lumbung_client.ui.screens.introduction import Introduction, IntroductionAgain
from lumbung_client.ui.screens.opening import NotFound, Opening
from lumbung_client.ui.screens.overview import Overviews
from lumbung_client.ui.screens.own_answer import OwnAnswer
from lumbung_client.ui.screens.password_link import PasswordLink
from lumbung_client.ui.screens.people import OnePerson, People
from lumbung_client.ui.screens.pick_entry import PickEntry
from lumbung_client.ui.screens.pin import AskPin, PinSettings
from lumbung_client.ui.screens.practice import Practice
from lumbung_client.ui.screens.products import ProductCatalogue
from lumbung_client.ui.screens.programmes import Programmes
from lumbung_client.ui.screens.question_editor import QuestionEditor
from lumbung_client.ui.screens.receipt import OneReceipt
from lumbung_client.ui.screens.register_entry import RegisterEntry
from lumbung_client.ui.screens.registers import Registers
from lumbung_client.ui.screens.report import Report
from lumbung_client.ui.screens.sending import Sending
from lumbung_client.ui.screens.settings import Settings
from lumbung_client.ui.screens.silence import Silence
from lumbung_client.ui.screens.target import OneTarget

NOT_ROUTED: tuple[FeedModel | None, object] = (None, None)


def dress(page: ft.Page, language: str = "id") -> None:
    """Set title, colours and the languages of Flutter's own texts."""
    page.title = "Lumbung"
    page.theme, page.dark_theme = theme(dark=False), theme(dark=True)
    page.theme_mode = ft.ThemeMode.SYSTEM
    watch_visibility(page)
    ERRORS.language = language
    set_locale(page, language)


def set_locale(page: ft.Page, language: str) -> None:
    """Choose the language of Flutter's own texts (date picker, back button)."""
    indonesian, english = ft.Locale("id", "ID"), ft.Locale("en", "US")
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[indonesian, english], current_locale=english if language == "en" else indonesian
    )
    page.update()


@ft.component
def App(model: AppModel) -> object:  # noqa: N802 - components are named like classes
    """Draw what the state asks for: whose store, opening, enrolment, a lock, the PIN, the introduction, the screens."""
    session = model.session
    identity = session.identity if session else None
    feed = ft.use_memo(FeedModel, [identity.person.id if identity else ""])  # nobody sees what another had loaded
    routed: Any = ft.use_ref(NOT_ROUTED)
    before = _before_the_screens(model)
    if before is not None:
        routed.current = NOT_ROUTED
        return [before]
    known, screens = routed.current
    if known is not feed:
        screens = AppContext(model, lambda: FeedContext(feed, _router))
        routed.current = (feed, screens)
    # The same one again: each screen follows the model by itself, and would be drawn twice for each change.
    return screens


def _before_the_screens(model: AppModel) -> Any:
    """Return what stands in place of the screens, if something does."""
    session = model.session
    if model.standing is Standing.CHOOSING:
        return Chooser(model)
    if session is None or not model.is_open:
        return Opening(model)
    if model.password_link:
        return PasswordLink(model, session)
    if session.identity is None:
        return Enrol(model, session)
    if (locked := session.locked) is not None:
        return Locked(model, session, locked)
    if session.gate.is_shut:
        return PinForgotten(model, session) if model.pin_forgotten else AskPin(model, session)
    return Introduction(model, session) if session.introduction.is_due else None


def _router() -> object:
    own_answer = ft.Route(
        path="isian/:path", component=OwnAnswer, children=[ft.Route(path="pilih", component=PickEntry)]
    )
    filling = [
        ft.Route(path="pilih/:path", component=PickEntry),
        ft.Route(path="baru/:path/:entry", component=FillIn),
    ]
    return ft.Router(
        [
            ft.Route(path="masuk", component=EnrolAgain),
            ft.Route(path="catat", component=ChooseKind),
            ft.Route(path="kirim", component=Sending, children=[ft.Route(path="bukti/:receipt", component=OneReceipt)]),
            ft.Route(
                path="umpan",
                component=Feed,
                # The first that fits: the desk is no record.
                children=[_desk(), ft.Route(path=":record", component=FeedActivity, children=[own_answer])],
            ),
            ft.Route(
                component=Activities,
                children=[
                    ft.Route(path="isi/:record", component=FillIn, children=filling),
                    ft.Route(path="kegiatan/:record", component=Activity, children=[own_answer]),
                    ft.Route(
                        path="data",
                        component=Registers,
                        children=[ft.Route(path=":record", component=RegisterEntry, children=[own_answer])],
                    ),
                    ft.Route(path="latihan", component=Practice),
                    ft.Route(path="akun", component=Account),
                    ft.Route(
                        path="pengaturan",
                        component=Settings,
                        children=[
                            ft.Route(path="pin", component=PinSettings),
                            ft.Route(path="pengenalan", component=IntroductionAgain),
                        ],
                    ),
                ],
            ),
            # The router's own `not_found` would put a view into a view, and Flutter paints that grey.
            ft.Route(path=":address*", component=NotFound),
        ],
        manage_views=True,
    )


def _desk() -> ft.Route:
    """Return the coordinator's desk with its drawers."""
    editing = ft.Route(
        path="ubah",
        component=FormEditor,
        children=[
            ft.Route(path="isian/:path", component=QuestionEditor),
            ft.Route(path="terbit", component=PublishEdit),
        ],
    )
    forms = [
        ft.Route(path="excel", component=FormFromExcel),
        ft.Route(path=":kind/:version", component=OneForm, children=[editing]),
    ]
    return ft.Route(
        path="meja",
        component=Desk,
        children=[
            ft.Route(path="ikhtisar", component=Overviews),
            ft.Route(path="sunyi", component=Silence),
            ft.Route(path="laporan", component=Report),
            ft.Route(path="berjenjang", component=Cascade),
            ft.Route(path="katalog", component=ProductCatalogue),
            ft.Route(
                path="program",
                component=Programmes,
                children=[ft.Route(path="baru", component=OneTarget), ft.Route(path=":target", component=OneTarget)],
            ),
            ft.Route(path="ganda", component=Doubles),
            ft.Route(path="orang", component=People, children=[ft.Route(path=":person", component=OnePerson)]),
            ft.Route(path="serah-terima", component=Handovers),
            ft.Route(path="formulir", component=Forms, children=forms),
        ],
    )


def _is_hidden(session: Session) -> bool:
    """Tell whether nothing of the person may be shown."""
    return session.locked is not None or session.gate.is_shut


def attach(page: ft.Page, model: AppModel, session: Session) -> None:
    """Show an opened session: follow its changes, its language and the network."""
    was_hidden = _is_hidden(session)

    def on_change() -> None:
        nonlocal was_hidden
        hidden = _is_hidden(session)
        if hidden and not was_hidden:
            model.save_typed()
            close_dialogs(page)
        if was_hidden and not hidden:
            model.pin_forgotten = False
        was_hidden = hidden
        if model.language != session.language:
            model.language = session.language
            ERRORS.language = session.language
            set_locale(page, session.language)
        model.changed()

    def look() -> None:
        session.gate.look()
        session.upkeep.look()
        session.clock.look()
        session.seen_again()

    model.language = session.language
    ERRORS.language = session.language
    set_locale(page, session.language)
    session.subscribe(on_change)
    watch_network(page, session)
    when_back(look)
    model.pin_forgotten = False
    model.session = session
    model.standing = Standing.OPEN


def follow(page: ft.Page, model: AppModel, door: Door) -> None:
    """Show how this tab stands to the store now."""
    was_open = model.is_open
    if door.session is not None and door.session is not model.session:
        if model.come_to(door.folder):
            ERRORS.clear()
        attach(page, model, door.session)
        if not was_open:
            model.save_typed()
        elif not model.typed.is_empty:
            model.save_once_more()  # what a key tried to save while the store was being opened again
    model.standing, model.failure = door.standing, door.failure
