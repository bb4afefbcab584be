"""The pages: the products of a region, one product, and that there is nothing to see."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from urllib.parse import quote, urlencode

from lumbung_server.storefront.markup import Markup, Piece, document, tag
from lumbung_server.storefront.words import WORDS, Words
from lumbung_shared.products import Picture, caption_text, catalogue_path, place_text, price_text
from lumbung_shared.regions import lineage

DEFAULT_LANGUAGE = "id"


@dataclass(frozen=True)
class Card:
    """A product as it is shown: its public name, where it is, and what is said and seen of it. `price`: rupiah."""

    item: str
    region: str
    product: str
    price: int | None
    business: str
    pictures: tuple[Picture, ...]

    @property
    def name(self) -> str:
        """What heads it: the product, else whose it is."""
        return self.product or self.business


@dataclass(frozen=True)
class Reader:
    """Who reads: the language, the server's public address, and what regions are called."""

    language: str
    address: str
    names: Mapping[str, str]

    @property
    def words(self) -> Words:
        """The words of the language."""
        return WORDS[self.language]

    def path(self, region: str = "", item: str = "", **query: str) -> str:
        """Return the path of a page in the reader's language."""
        said = {**({"lang": self.language} if self.language != DEFAULT_LANGUAGE else {}), **query}
        return catalogue_path(region, item) + (f"?{urlencode(said)}" if said else "")

    def name(self, region: str) -> str:
        """Return what a region is called."""
        return self.names.get(region, region)


def region_page(
    reader: Reader, region: str, below: Mapping[str, str], cards: Sequence[Card], *, after: str, more: str
) -> bytes:
    """Return the page of a region. `below`: regions in it that have products; `after`: where this page begins, and
    `more`: where the next one does, both empty for nowhere."""
    words = reader.words
    title = words.title.format(place=reader.name(region))
    links = [tag("li", tag("a", name, href=reader.path(code))) for code, name in below.items()]
    ways = [tag("a", words.first, href=reader.path(region))] if after else []
    ways += [tag("a", words.more, href=reader.path(region, after=more), rel="next")] if more else []
    seen = cards[0].pictures[0] if cards else None
    within: list[Piece] = [
        _path(reader, region),
        tag("h1", title),
        tag("p", words.lead, class_="quiet"),
        *([tag("nav", tag("ul", links, class_="regions"), aria_label=words.regions)] if links else []),
        tag("ul", [_card(reader, one) for one in cards], class_="products") if cards else tag("p", words.empty),
        *([tag("p", ways, class_="way")] if ways else []),
    ]
    shared = _Shared(title, words.lead, reader.path(region), seen)
    return _page(reader, shared, within, catalogue_path(region))


def item_page(reader: Reader, card: Card) -> bytes:
    """Return the page of a product."""
    words = reader.words
    place = place_text(card.region, reader.names)
    caption = caption_text(card.product, card.business, card.price, place)
    address = reader.address + reader.path(card.region, card.item)
    within: list[Piece] = [
        _path(reader, card.region),
        tag("h1", card.name),
        *([tag("p", price_text(card.price), class_="price")] if card.price else []),
        *([tag("p", card.business)] if card.product and card.business else []),
        tag("p", place, class_="quiet"),
        tag("div", [_figure(reader, card, one) for one in card.pictures], class_="photos"),
        tag("p", tag("a", words.whatsapp, class_="share", href=_whatsapp(f"{caption}\n{address}"), rel="noopener")),
        tag(
            "p",
            tag("a", words.back.format(place=reader.name(card.region)), href=reader.path(card.region)),
            class_="way",
        ),
    ]
    head = caption_text(card.product, "", card.price, "") if card.product else card.business
    said = ", ".join(filter(None, (card.business if card.product else "", place)))
    shared = _Shared(head, said, reader.path(card.region, card.item), card.pictures[0])
    return _page(reader, shared, within, catalogue_path(card.region, card.item))


def missing_page(language: str) -> bytes:
    """Return the page that stands for one that is not there."""
    words = WORDS[language]
    return _notice(language, words.missing_title, words.missing)


def crowded_page(language: str) -> bytes:
    """Return the page for whoever came when too many did."""
    words = WORDS[language]
    return _notice(language, words.crowded_title, words.crowded)


@functools.cache
def style() -> bytes:
    """Return the style sheet of all pages."""
    return (resources.files("lumbung_server") / "storefront" / "style.css").read_bytes()


@functools.cache
def style_name() -> str:
    """Return the name of the style sheet: another content has another name."""
    return f"{hashlib.sha256(style()).hexdigest()[:16]}.css"


@dataclass(frozen=True)
class _Shared:
    """What a link to a page shows where it is shared."""

    title: str
    description: str
    path: str
    picture: Picture | None


def _page(reader: Reader, shared: _Shared, within: Iterable[Piece], path: str) -> bytes:
    words, other = reader.words, next(one for one in WORDS if one != reader.language)
    there = path + (f"?lang={other}" if other != DEFAULT_LANGUAGE else "")
    switch = tag("a", words.other_language, href=there, hreflang=other, lang=other)
    head = [*_told(reader, shared), tag("link", rel="alternate", hreflang=other, href=reader.address + there)]
    body = [
        tag("header", tag("strong", words.catalogue), switch),
        tag("main", within),
        tag("footer", tag("p", words.consent)),
    ]
    return whole_page(reader.language, shared.title, head, body)


def _told(reader: Reader, shared: _Shared) -> list[Markup]:
    """Return what crawlers read: the words and the picture of a shared link, and that they are to keep no copy."""
    graph = {
        "og:type": "website",
        "og:site_name": reader.words.catalogue,
        "og:title": shared.title,
        "og:description": shared.description,
        "og:url": reader.address + shared.path,
        "og:locale": "id_ID" if reader.language == "id" else "en_GB",
    }
    if shared.picture is not None:
        graph["og:image"] = reader.address + picture_path(shared.picture.sha256)
        graph["og:image:type"] = "image/jpeg"
        graph["og:image:alt"] = shared.picture.caption or shared.title
    found = [tag("meta", property=name, content=value) for name, value in graph.items()]
    return [*found, tag("meta", name_="description", content=shared.description)]


def picture_path(sha256: str) -> str:
    """Return the path of a public picture."""
    return f"/katalog/foto/{sha256}"


def _notice(language: str, title: str, said: str) -> bytes:
    words = WORDS[language]
    query = "" if language == DEFAULT_LANGUAGE else f"?lang={language}"
    body = [
        tag("header", tag("strong", words.catalogue)),
        tag(
            "main",
            tag("h1", title),
            tag("p", said),
            tag("p", tag("a", words.catalogue, href="/katalog" + query), class_="way"),
        ),
    ]
    return whole_page(language, title, [], body)


def whole_page(
    language: str,
    title: str,
    head: Iterable[Piece],
    body: Iterable[Piece],
    robots: str = "noarchive, noimageindex",
) -> bytes:
    """Return a public page. `head` and `body`: what it has beside what all have; `robots`: what crawlers may do."""
    meta = [
        tag("meta", charset="utf-8"),
        tag("title", title),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="robots", content=robots),
        tag("link", rel="icon", type="image/png", href="/icons/favicon.png"),
        tag("link", rel="stylesheet", href=f"/katalog/gaya/{style_name()}"),
    ]
    return document(tag("html", tag("head", meta, head), tag("body", body), lang=language))


def _path(reader: Reader, region: str) -> Markup:
    links = [tag("a", reader.name(code), href=reader.path(code)) for code in lineage(region)]
    return tag("nav", links, class_="path", aria_label=reader.words.regions)


def _card(reader: Reader, card: Card) -> Markup:
    first = card.pictures[0]
    lines = [
        tag("b", card.name),
        *([tag("span", price_text(card.price), class_="price")] if card.price else []),
        *([tag("span", card.business)] if card.product and card.business else []),
        tag("span", place_text(card.region, reader.names), class_="quiet"),
    ]
    image = tag("img", src=picture_path(first.small or first.sha256), alt=_seen(reader, card, first), loading="lazy")
    return tag("li", tag("a", image, tag("div", lines), href=reader.path(card.region, card.item)))


def _figure(reader: Reader, card: Card, one: Picture) -> Markup:
    image = tag("img", src=picture_path(one.sha256), alt=_seen(reader, card, one))
    return tag("figure", image, *([tag("figcaption", one.caption)] if one.caption else []))


def _seen(reader: Reader, card: Card, one: Picture) -> str:
    return one.caption or reader.words.photo_of.format(product=card.name)


def _whatsapp(text: str) -> str:
    return f"https://wa.me/?text={quote(text, safe='')}"
