"""What an overview says in numbers: cards, men and women, reviews, kilograms."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.bars import Bar, bars, split_bar
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.texts.formats import number
from lumbung_shared.measures import ACTIVITIES, measures
from lumbung_shared.overview import Overview
from lumbung_shared.review import ReviewState

WASTE = tuple(name for name in measures() if name.startswith("waste-"))


def figures(opened: Opened, overview: Overview) -> ft.Control:
    """Return the numbers that are asked for first, as cards beside each other."""
    words, numbers = opened.words.overview, overview.numbers
    people = sum(numbers.get(name, 0) for name in ("participants-l", "participants-p"))
    waste = sum(numbers.get(name, 0) for name in WASTE)
    verified = words.verified.format(n=counted(opened, overview.verified.get(ACTIVITIES, 0)))
    cards = [
        ("activities", opened.words.tab_activities, counted(opened, numbers[ACTIVITIES]), verified),
        ("participants", words.participants, counted(opened, people), ""),
        ("waste", words.waste, kilograms(opened, waste), ""),
        ("households", words.households, counted(opened, numbers.get("households", 0)), ""),
        ("businesses", words.businesses, counted(opened, numbers.get("businesses", 0)), words.businesses_help),
        ("products", words.products, counted(opened, numbers.get("products", 0)), ""),
    ]
    return ft.ResponsiveRow(spacing=8, run_spacing=8, controls=[_card(*card) for card in cards])


def _card(key: str, label: str, value: str, more: str) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Text(value, size=22, weight=ft.FontWeight.W_600, key=f"number-{key}"),
        ft.Text(label, size=13),
        ft.Text(more, size=12, color=ft.Colors.ON_SURFACE_VARIANT),
    ]
    content = ft.Container(padding=12, content=ft.Column(spacing=2, controls=lines))
    card = ft.Card(margin=0, variant=ft.CardVariant.OUTLINED, content=content)
    label = ", ".join(filter(None, (f"{label}: {value}", more)))
    return ft.Container(col={"xs": 6, "md": 4}, content=ft.Semantics(label=label, content=card))


def charts(opened: Opened, overview: Overview) -> list[ft.Control]:
    """Return who took part, how reviews stand and what was weighed, each with a heading."""
    words = opened.words.overview
    found = [section(words.participants, [_men_and_women(opened, overview)])] if _people(overview) else []
    reviews = [
        Bar(f"review-{state}", getattr(words, f"review_{state}"), count, counted(opened, count))
        for state in ReviewState
        if (count := overview.reviews.get(state, 0))
    ]
    found.append(section(words.reviews_title, bars(reviews)))
    weighed = [
        Bar(name, getattr(words, name.replace("-", "_")), grams, kilograms(opened, grams))
        for name in WASTE
        if (grams := overview.numbers.get(name, 0))
    ]
    if weighed:
        found.append(section(words.waste_title, bars(weighed)))
    return found


def _people(overview: Overview) -> tuple[int, int] | None:
    men, women = (overview.numbers.get(name, 0) for name in ("participants-l", "participants-p"))
    return (men, women) if men + women else None


def _men_and_women(opened: Opened, overview: Overview) -> ft.Control:
    words = opened.words.overview
    men, women = _people(overview) or (0, 0)
    share = round(100 * men / (men + women))
    return split_bar(
        [
            (men, words.men.format(n=counted(opened, men), share=share)),
            (women, words.women.format(n=counted(opened, women), share=100 - share)),
        ]
    )


def counted(opened: Opened, count: int) -> str:
    """Return a whole number as people write it."""
    return number(count, opened.language)


def kilograms(opened: Opened, grams: int) -> str:
    """Return grams as kilograms: `12,5 kg`."""
    whole, rest = divmod(grams, 1_000)
    text = f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"{number(text, opened.language)}\u00a0kg"


def small(text: str) -> ft.Control:
    """Return a remark."""
    return ft.Text(text, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
