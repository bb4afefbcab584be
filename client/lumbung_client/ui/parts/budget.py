"""What a sync would take of a data plan, what goes by itself, and what this month has taken."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Sends, Waiting
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.parts.option_rows import radio_rows
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import at_moment, data_size


def amount(waiting: Waiting, words: Texts, language: str) -> str:
    """Return what waits in one line: `8 catatan, 12 foto, 2,1 MB`; empty when nothing does."""
    counted = ((words.budget.records, waiting.records), (words.budget.photos, waiting.photos))
    parts = [text.format(n=n) for text, n in counted if n]
    if not parts:
        return ""
    text = ", ".join([*parts, data_size(waiting.size, language)])
    return text[:1].upper() + text[1:]


def waiting_amount(opened: Opened) -> list[ft.Control]:
    """Return what waits and may go, and how much of it are photos; nothing when nothing waits."""
    words, language, waiting = opened.words, opened.language, opened.session.budget.waiting()
    line = amount(waiting, words, language)
    if not line:
        return []
    parts: list[ft.Control] = [ft.Text(line, key="waiting-amount", size=18, weight=ft.FontWeight.W_600)]
    if waiting.text_size and waiting.photo_size:
        sizes = {"text": data_size(waiting.text_size, language), "photos": data_size(waiting.photo_size, language)}
        parts.append(ft.Text(words.budget.apart.format(**sizes), size=13))
    return [ft.Column(spacing=0, controls=parts)]


def sending_choice(opened: Opened) -> ft.Control:
    """Return the choice of what goes by itself, and what the present one means here and now."""
    words, session = opened.words.budget, opened.session
    labels = {Sends.ALL: words.all, Sends.TEXT: words.text, Sends.LATER: words.later}
    group = radio_rows(
        "sends",
        [(sends.value, label) for sends, label in labels.items()],
        session.budget.sends.value,
        lambda value: session.choose_sending(Sends(value)),
    )
    return section(words.choice, [group, ft.Text(_meaning(opened), key="sends-meaning", size=13)])


def _meaning(opened: Opened) -> str:
    words, budget = opened.words.budget, opened.session.budget
    if budget.sends is Sends.LATER:
        return {"wifi": words.later_wifi, "mobile": words.later_mobile}.get(budget.network, words.later_unknown)
    if budget.sends is Sends.TEXT:
        return words.text_help
    return words.all_sparing if opened.session.carrier.is_saving_data else words.all_help


def held_sentence(opened: Opened) -> str:
    """Return until when the server asked this phone to wait, while something waits for that; empty if nothing does."""
    session, held = opened.session, opened.session.status.held
    if held <= session.now() or not session.budget.text_goes() or not session.budget.waiting().records:
        return ""
    return opened.words.budget.held.format(time=at_moment(held, opened.language, session.now()))


def offline_sentence(opened: Opened) -> str:
    """Return what happens when there is a signal again, by what the person chose."""
    words = opened.words
    return words.budget.offline_later if opened.session.budget.sends is Sends.LATER else words.offline_help


def month_use(opened: Opened) -> ft.Control:
    """Return what the app's requests took of a data plan this month, and what of that nobody can know."""
    words, used = opened.words.budget, opened.session.meter.this_month()
    line = words.month_used.format(up=data_size(used.up, opened.language), down=data_size(used.down, opened.language))
    return section(words.month, [ft.Text(line, key="month-use"), ft.Text(words.month_help, size=13)])
