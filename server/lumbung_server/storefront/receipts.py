"""The page that confirms a receipt to whoever was shown it, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lumbung_server.storefront.markup import Markup, Piece, tag
from lumbung_server.storefront.pages import DEFAULT_LANGUAGE, whole_page
from lumbung_server.storefront.receipt_words import RECEIPT_WORDS, ReceiptWords
from lumbung_shared.receipts import short_digest
from lumbung_shared.times import local_datetime

_ROBOTS = "noindex, nofollow, noarchive"
"""Only who was given the address is to come here."""


@dataclass(frozen=True)
class Confirmed:
    """All that is public of a receipt. `number`: as people say it; `at`: ms; `writes`: how many it is over."""

    path: str
    number: str
    at: int
    writes: int
    root: str
    key: str
    is_sealed: bool


def receipt_page(language: str, shown: Confirmed) -> bytes:
    """Return the page of a receipt."""
    words = RECEIPT_WORDS[language]
    stands, why = (words.sound, words.sound_help) if shown.is_sealed else (words.broken, words.broken_help)
    facts = [
        (words.number, shown.number),
        (words.received, _moment(words, shown.at)),
        (words.writes, str(shown.writes)),
        (words.digest, short_digest(shown.root)),
        (words.whole_digest, shown.root),
        (words.key, shown.key),
    ]
    other = next(one for one in RECEIPT_WORDS if one != language)
    there = shown.path + _query(other)
    within: list[Piece] = [
        tag("h1", words.title.format(number=shown.number)),
        tag(
            "p",
            tag("b", f"{'✓' if shown.is_sealed else '✗'} {stands}"),
            tag("span", why),
            class_="sound" if shown.is_sealed else "broken",
            role="status",
        ),
        tag("dl", [tag("div", tag("dt", name), tag("dd", said)) for name, said in facts], class_="facts"),
        tag("p", words.compare),
        tag("p", words.private, class_="quiet"),
    ]
    switch = tag("a", words.other_language, href=there, hreflang=other, lang=other)
    return _page(language, words.title.format(number=shown.number), [switch], within)


def missing_receipt_page(language: str) -> bytes:
    """Return the page that stands where there is no receipt."""
    words = RECEIPT_WORDS[language]
    return _page(language, words.missing_title, [], _said(words.missing_title, words.missing, words.missing_why))


def crowded_receipt_page(language: str) -> bytes:
    """Return the page for whoever came when too many did."""
    words = RECEIPT_WORDS[language]
    return _page(language, words.crowded_title, [], _said(words.crowded_title, words.crowded))


def _said(title: str, *sentences: str) -> list[Markup]:
    return [tag("h1", title), *(tag("p", one) for one in sentences)]


def _page(language: str, title: str, beside: Iterable[Markup], within: Iterable[Piece]) -> bytes:
    words = RECEIPT_WORDS[language]
    body = [tag("header", tag("strong", words.product), beside), tag("main", within)]
    return whole_page(language, title, [], body, _ROBOTS)


def _query(language: str) -> str:
    return "" if language == DEFAULT_LANGUAGE else f"?lang={language}"


def _moment(words: ReceiptWords, ms: int) -> str:
    at = local_datetime(ms)
    clock = f"{at.hour:02}{words.clock}{at.minute:02}"
    return words.moment.format(day=at.day, month=words.months[at.month - 1], year=at.year, clock=clock)
