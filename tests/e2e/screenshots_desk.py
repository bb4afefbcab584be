"""Pictures of the coordinator's desk and its drawers, on a phone and on a desktop, by day and by night."""

from __future__ import annotations

from lumbung_shared.products import catalogue_path
from tests.e2e.desk_harvest import PRODUCT, REASON, RETURNED, TWICE, bring_in_for_the_desk
from tests.e2e.driver import Phone
from tests.e2e.steps import skip_introduction
from tests.e2e.studio import Studio
from tests.server.phones import BONTANG, GUNTUNG, roster


def desk(studio: Studio) -> None:
    """A coordinator reviews what came, opens one drawer after the other; a cadre finds what was returned."""
    product = bring_in_for_the_desk(studio.server)
    with studio.phone() as chief:
        studio.sign_in(chief)
        _feed(studio, chief)
        _drawers(studio, chief)
        _catalogue(studio, chief, product)
    with studio.phone() as cadre:
        _returned(studio, cadre)


def _feed(studio: Studio, chief: Phone) -> None:
    """Choose several at once, open one, return it."""
    words = studio.words
    chief.go("/umpan", TWICE[0])
    chief.tap(words.review.pick)
    chief.wait_text(words.review.picked.format(n=0))
    for number, title in enumerate(TWICE, start=1):
        chief.tap(title)
        chief.wait_text(words.review.picked.format(n=number))  # the bar that comes then moves the list
    studio.by_day_and_night(chief, "75-picking", words.review.picked.format(n=2))
    chief.tap(words.review.pick_none)
    chief.wait_text(words.review.pick)
    chief.tap(TWICE[0])
    studio.by_day_and_night(chief, "76-review", words.review.judge_received)
    chief.tap(words.review.give_back, role="button")
    studio.by_day_and_night(chief, "77-return", words.review.return_question)
    chief.tap(words.cancel)
    chief.wait_gone(words.review.return_question)
    chief.scroll_to(words.review.comment_send)
    chief.scroll_to(words.review.history_show)
    chief.tap(words.review.history_show)
    chief.wait_text(words.review.step_recorded)
    chief.scroll_to(words.review.history_hide)
    studio.by_day_and_night(chief, "78-history", words.review.step_recorded)


def _drawers(studio: Studio, chief: Phone) -> None:
    words = studio.words
    chief.go("/umpan/meja", words.desk.look_after)
    studio.by_day_and_night(chief, "79-desk")
    for number, (path, shown, further) in enumerate(
        (
            ("ikhtisar", words.overview.reviews_title, words.overview.map_title),
            ("program", "Bontang bebas sampah", ""),
            ("ganda", TWICE[0], ""),
            ("sunyi", words.silence.summary.rpartition("}")[2], ""),
            ("berjenjang", words.cascade.steps_title, "Jumiati"),
            ("laporan", words.report.pdf, ""),
        ),
        80,
    ):
        chief.go(f"/umpan/meja/{path}", shown)
        studio.by_day_and_night(chief, f"{number}-{path}")
        if further:
            chief.scroll_to(further)
            studio.by_day_and_night(chief, f"{number}-{path}-below")
    chief.go("/umpan/meja/program/baru", words.programmes.save)
    studio.by_day_and_night(chief, "86-target")


def _catalogue(studio: Studio, chief: Phone, product: str) -> None:
    """The drawer, and what everybody sees, who needs no app for it and reads Indonesian."""
    words = studio.words
    chief.go("/umpan/meja/katalog", words.products.share_page)
    studio.by_day_and_night(chief, "87-catalogue")
    if studio.language != "id":
        return
    for name, path in (("region", catalogue_path(BONTANG)), ("product", catalogue_path(GUNTUNG, product))):
        for scheme, ending in (("light", ""), ("dark", "-dark")):
            chief.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
            chief.page.goto(chief.origin + path)
            chief.page.get_by_text(PRODUCT).first.wait_for()
            for suffix in studio.widths(chief):
                studio.shoot(chief, f"88-catalogue-{name}{ending}{suffix}")
    chief.page.emulate_media(color_scheme="light")


def _returned(studio: Studio, cadre: Phone) -> None:
    """What was returned is on top of the list, and says why."""
    words = studio.words
    studio.first_screen(cadre)
    cadre.type_into(words.enrol_code, studio.server.invite(roster(GUNTUNG, 1).person.id))
    cadre.tap(words.enrol_button)
    skip_introduction(cadre, studio.language)
    cadre.wait_text(RETURNED, 60)
    studio.by_day_and_night(cadre, "89-returned", REASON)
    cadre.tap(RETURNED)
    studio.by_day_and_night(cadre, "90-returned-opened", words.review.explain_returned)
