"""Wherever an activity or a photo is shown, it says how it stands: in words and by a shape, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft
import pytest

from lumbung_client.session.marks import Mark, marks
from lumbung_client.session.ports import LOW_BYTES
from lumbung_client.session.situation import Fact, Stop
from lumbung_client.session.views import ActivityRow, ActivityState, ActivityView, PhotoState, PhotoWay
from lumbung_client.store.durable import StorageNumbers
from lumbung_client.ui.model import FeedModel, Opened
from lumbung_client.ui.parts.activity_rows import activity_row, entry_badges
from lumbung_client.ui.parts.explaining import legend
from lumbung_client.ui.parts.feed_rows import entry_row
from lumbung_client.ui.parts.photo_way import way_line
from lumbung_client.ui.parts.states import mark_badge, mark_explained, mark_word, review_badge
from lumbung_client.ui.safe import say
from lumbung_client.ui.screens.activity import _standing
from lumbung_client.ui.screens.sending import _waiting_row
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import FeedEntry
from lumbung_shared.review import ReviewState
from tests.client.fakes import problem
from tests.client.session.test_marks import row
from tests.client.ui.flutterless import below
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played

STATE = ActivityState
both_languages = pytest.mark.parametrize("language", ["id", "en"])
EVERY_ROW = [
    row(STATE.DRAFT),
    row(STATE.DRAFT, beneath=STATE.SENT),
    row(STATE.WAITING),
    row(STATE.SENDING),
    row(STATE.SENT),
    row(STATE.SENT, pictures=3, photos=1),
    row(STATE.SENT, pictures=3, photos=1, moving=True),
    row(STATE.SENT, pictures=3, photos=2, photos_refused=1),
    row(STATE.SENT, pictures=3, cancelled=1),
    row(STATE.SENT, pictures=3, lacking=1),
    row(STATE.SENT, pictures=3),
    row(STATE.REFUSED, reason=Code.REGION_NOT_GRANTED),
    row(STATE.REFUSED, reason=Code.UNKNOWN_KIND),
    row(STATE.DISPUTED, disputed=True),
]
"""Rows that bear every mark there is."""


def texts_in(control: ft.Control) -> list[str]:
    return [str(one.value) for one in below(control) if isinstance(one, ft.Text)]


def shapes_in(control: ft.Control) -> set[object]:
    return {one.icon for one in below(control) if isinstance(one, ft.Icon)}


def sheets(stage: Stage) -> list[ft.AlertDialog]:
    return stage.screen.all(ft.AlertDialog, open=True)


def in_list(opened: Opened, shown: ActivityRow) -> ft.Control:
    return activity_row(opened, shown, lambda: None)


def in_sending(opened: Opened, shown: ActivityRow) -> ft.Control:
    return _waiting_row(opened, shown)


def in_opened(opened: Opened, shown: ActivityRow) -> ft.Control:
    return ft.Column(controls=_standing(opened, ActivityView(shown, {}, mine=True)))


def in_feed(opened: Opened, shown: ActivityRow) -> ft.Control:
    return entry_row(opened, told(opened, shown))


def in_pair(opened: Opened, shown: ActivityRow) -> ft.Control:
    """Draw one of those that are the same event, and so of a pair that may be."""
    return entry_badges(opened, told(opened, shown))


def told(opened: Opened, shown: ActivityRow) -> FeedEntry:
    """Return an activity as the feed tells it, of which the phone knows what a row says."""
    opened.session.settling.__dict__["marks"] = lambda *_: marks(shown)
    return FeedEntry(shown.record, shown.kind, shown.form, shown.region, shown.date, "budi", 1)


PLACES: list[Callable[[Opened, ActivityRow], ft.Control]] = [in_list, in_sending, in_opened, in_feed, in_pair]


def test_the_rows_of_these_tests_bear_every_mark() -> None:
    assert {marked.mark for shown in EVERY_ROW for marked in marks(shown)} == set(Mark)


@both_languages
def test_every_mark_has_a_word_and_a_shape_of_its_own(language: str) -> None:
    words = LANGUAGES[language]
    shown = {marked.mark: marked for one in EVERY_ROW for marked in marks(one)}
    assert len({mark_word(marked, words) for marked in shown.values()}) == len(Mark)
    shapes = [shapes_in(mark_badge(marked, words)) for marked in shown.values()]
    assert all(len(one) == 1 for one in shapes)
    assert len(set.union(*shapes)) == len(Mark), "colour-blind eyes tell them apart by their shapes"
    reviews = {state: shapes_in(review_badge(state, words)) for state in ReviewState}
    assert len(set.union(*reviews.values())) == len(ReviewState)


@both_languages
@pytest.mark.parametrize("place", PLACES)
def test_every_state_is_said_wherever_an_activity_is_listed(
    place: Callable[[Opened, ActivityRow], ft.Control], language: str
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            opened = Opened(stage.model, stage.session, FeedModel())
            for shown in EVERY_ROW:
                drawn = place(opened, shown)
                for marked in marks(shown):
                    assert mark_word(marked, opened.words) in texts_in(drawn), (place.__name__, marked)
                    assert shapes_in(mark_badge(marked, opened.words)) <= shapes_in(drawn), (place.__name__, marked)

    played(act())


@both_languages
def test_every_mark_is_explained_with_what_to_do(language: str) -> None:
    words = LANGUAGES[language]
    told = [text for line in legend(words) for text in texts_in(line)]
    assert len(legend(words)) == len(Mark)
    for shown in EVERY_ROW:
        for marked in marks(shown):
            assert getattr(words.states, f"todo_{marked.mark.value.replace('-', '_')}") in mark_explained(marked, words)
    assert words.states.todo_rejected in " ".join(told)


@both_languages
def test_every_photo_has_words_and_a_shape(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            opened = Opened(stage.model, stage.session, FeedModel())
            said = {}
            for state in PhotoState:
                line = way_line(opened, PhotoWay(state, 1, 2, Code.PHOTO_TOO_LARGE))
                (said[state],) = texts_in(line)
                assert said[state].strip()
                assert len(shapes_in(line)) == 1
            assert said[PhotoState.REFUSED] == sentence(Code.PHOTO_TOO_LARGE, language)
            assert len(set(said.values())) == len(PhotoState)

    played(act())


@both_languages
def test_an_empty_phone_does_not_say_that_everything_was_sent(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            assert stage.screen.shows(words.banner_nothing_yet)
            assert not stage.screen.shows(words.banner_all_sent)
            await stage.screen.go("/kirim")
            assert stage.screen.shows(words.nothing_waits_yet)
            assert not stage.screen.shows(words.nothing_waits)
            # Nor does it while all there is has not been finished.
            await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            await stage.screen.press("save-draft")
            await stage.settle()
            assert stage.screen.shows(words.states.banner_drafts.format(n=1))
            assert not stage.screen.shows(words.banner_all_sent)
            await stage.screen.go("/kirim")
            assert stage.screen.shows(words.states.nothing_waits_drafts.format(n=1))
            await finish_training(stage, "Mawar")
            assert stage.screen.shows(words.banner_all_sent)
            assert stage.screen.shows(words.states.banner_drafts.format(n=1))

    played(act())


def test_a_form_says_that_it_is_a_draft_and_a_changed_activity_shows_both_states() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = LANGUAGES["id"].states
            record = await stage.open_kind(KIND)
            assert stage.screen.shows(words.word_draft)
            assert stage.screen.shows(words.in_draft)
            await stage.screen.type("agenda", "Melati")
            await stage.screen.press("finish")
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("edit")
            assert stage.screen.shows(words.word_changing)
            await stage.screen.type("agenda", "Melati Indah")
            await stage.screen.press("save-draft")
            await stage.settle()
            assert stage.screen.shows(words.word_changing)
            assert stage.screen.shows(words.word_sent)

    played(act())


@both_languages
def test_a_tap_on_the_state_of_an_activity_says_what_it_means_and_what_it_waits_for(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            stage.session.network_changed(online=False)
            stage.server.down = True
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(words.states.word_waiting)
            await stage.screen.press("marks")
            assert stage.screen.shows(words.states.legend)
            assert stage.screen.shows(words.states.why_offline)
            await stage.screen.press("marks-sheet-close")
            assert not sheets(stage)

    played(act())


@both_languages
@pytest.mark.parametrize(
    ("code", "mark"), [(Code.REGION_NOT_GRANTED, Mark.CORRECT), (Code.KIND_CHANGED, Mark.REJECTED)]
)
def test_a_refused_activity_gives_the_reason_and_what_to_do_about_it(code: Code, mark: Mark, language: str) -> None:
    words = LANGUAGES[language]
    word = getattr(words.states, f"word_{mark.value}")
    todo = getattr(words.states, f"todo_{mark.value}")

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.settle()
            record = await stage.open_kind(KIND)
            stage.server.refuse[record] = (code, "")
            await stage.screen.type("agenda", "Melati")
            await stage.screen.press("finish")
            await stage.settle()
            counted = words.banner_refused if mark is Mark.CORRECT else words.states.banner_rejected
            assert stage.screen.shows(counted.format(n=1))
            assert stage.screen.shows(word)
            await stage.screen.go("/kirim")
            assert stage.screen.shows(todo)
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(word)
            assert stage.screen.shows(todo)
            await stage.screen.press("marks")
            reason = sentence(code, language, field="")
            assert sum(reason in text for text in stage.screen.texts()) >= 2, "on the screen and in the sheet"

    played(act())


# The banner


async def seen(stage: Stage, language: str) -> Opened:
    stage.session.set_language(language)
    await stage.settle()
    return Opened(stage.model, stage.session, FeedModel())


@both_languages
def test_offline_says_since_when_and_when_the_server_was_reached_last(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            await seen(stage, language)
            await finish_training(stage, "Melati")
            stage.session.network_changed(online=True)
            stage.clock.tick(60_000)
            stage.server.down = True
            stage.session.network_changed(online=False)
            await finish_training(stage, "Mawar")
            assert stage.screen.shows(f"{words.banner_offline} · {words.banner_waiting.format(n=1)}")
            below_it = next(text for text in stage.screen.texts() if words.last_sync.partition("{")[0] in text)
            assert below_it.startswith(words.states.since.partition("{")[0])
            await stage.screen.press("sync-banner")
            assert stage.screen.shows(words.states.sheet_title)
            assert stage.screen.shows(words.states.why_offline)
            for fact in Fact:
                assert stage.screen.shows(getattr(words.states, f"fact_{fact.value}"))
            assert stage.screen.shows(words.states.legend)
            await stage.screen.press("to-send")
            assert stage.screen.page.route == "/kirim"
            assert not sheets(stage)

    played(act())


@both_languages
@pytest.mark.parametrize(
    ("code", "status", "stop"),
    [
        (Code.TOKEN_EXPIRED, 401, Stop.ACCOUNT),
        (Code.FORBIDDEN, 403, Stop.REFUSES),
        (Code.PROTOCOL_UNSUPPORTED, 400, Stop.VERSION),
        (Code.SERVER_BUSY, 503, Stop.TROUBLE),
    ],
)
def test_a_server_that_refuses_is_named_with_its_code_and_what_to_do(
    code: Code, status: int, stop: Stop, language: str
) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            await seen(stage, language)
            stage.server.canned["/api/v1/sync"] = problem(code, status)
            record = await finish_training(stage, "Melati")
            assert stage.screen.shows(getattr(words.states, f"banner_{stop.value}"))
            assert stage.screen.shows(words.banner_waiting.format(n=1))
            await stage.screen.press("sync-banner")
            assert stage.screen.shows(getattr(words.states, f"why_{stop.value}"))
            assert stage.screen.shows(words.states.code.format(code=code))
            await stage.screen.press("sync-sheet-close")
            # What waits says it, too: it does not only want a signal.
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(getattr(words.states, f"why_{stop.value}"))

    played(act())


def test_a_server_that_asks_to_wait_is_named() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.pause = 600
            await finish_training(stage, "Melati")
            await finish_training(stage, "Mawar")
            words = LANGUAGES["id"]
            assert stage.screen.shows(f"{words.banner_waiting.format(n=1)} · {words.states.banner_held}")
            await stage.screen.press("sync-banner")
            assert stage.screen.shows(words.states.why_held)

    played(act())


# Storage


@both_languages
def test_the_list_warns_as_long_as_the_browser_has_not_promised_to_keep_the_data(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            await seen(stage, language)
            assert not stage.screen.shows(words.states.not_kept), "natively nobody has to promise it"
            stage.session.upkeep.storage = StorageNumbers(persisted=False, free=10 * LOW_BYTES)
            stage.model.changed()
            await stage.screen.settle()
            assert stage.screen.shows(words.states.not_kept)
            await stage.screen.press("not-kept")
            assert stage.screen.shows(words.states.not_kept_install)
            assert stage.screen.shows(words.states.not_kept_send)
            say(stage.screen.page, "said meanwhile")
            await stage.screen.press("not-kept-sheet-close")
            assert not sheets(stage)
            stage.session.upkeep.storage = StorageNumbers(persisted=True, free=10 * LOW_BYTES)
            stage.model.changed()
            await stage.screen.settle()
            assert not stage.screen.shows(words.states.not_kept)

    played(act())


def test_another_language_is_everywhere_at_once() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            for language in ("en", "id", "en"):
                words = LANGUAGES[language]
                await stage.screen.go("/pengaturan")
                await stage.screen.change("language", language)
                await stage.screen.until(lambda words=words: stage.screen.shows(words.who))  # type: ignore[misc]
                for address, text in (
                    ("/", words.banner_all_sent),
                    ("/catat", words.choose_kind),
                    ("/kirim", words.nothing_waits),
                    ("/umpan", words.tab_feed),
                    ("/data", words.registers),
                ):
                    await stage.screen.go(address)
                    assert stage.screen.shows(text), (language, address)
                await stage.screen.go("/")
                await stage.screen.press("sync-banner")
                assert stage.screen.shows(words.states.sheet_title)
                await stage.screen.press("sync-sheet-close")

    played(act())
