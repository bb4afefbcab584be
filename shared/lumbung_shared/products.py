"""Which products a record shows to everybody, and why it shows none. Pure; the same on phone and server.

`kinds/products.json` says which answers of which kind are meant, under the names that all versions of the kind gave
them. Nothing else of a record is ever public: no other answer, no author, no day, no place but its region.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import rows
from lumbung_shared.ids import base32
from lumbung_shared.photos import is_picture
from lumbung_shared.records import RecordState, is_deleted, is_disputed, values
from lumbung_shared.regions import Level, is_desa, level
from lumbung_shared.review import ReviewState, review_of
from lumbung_shared.shapes import is_blank

_ITEM = re.compile(r"[0-9a-z]{20}", re.ASCII)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Rule:
    """Where the answers stand that are shown. `business`: paths, the first with an answer counts; `product` and `price`
    are cells of the rows `products`; `photos`: the question whose photos were made to be shown."""

    consent: str
    business: tuple[str, ...]
    photos: str
    products: str
    product: str
    price: str


class Standing(StrEnum):
    """Whether a record's products are public, or what keeps them from it. Stable codes."""

    SHOWN = "shown"
    NO_CONSENT = "no-consent"
    NO_PHOTO = "no-photo"
    UNVERIFIED = "unverified"  # not yet, or changed since
    RETURNED = "returned"
    DISPUTED = "disputed"
    NOT_ARRIVED = "not-arrived"  # all is well but the photos


@dataclass(frozen=True)
class Picture:
    """A photo by the name of its bytes, its small copy (empty: it has none that may be shown), and what it shows."""

    sha256: str
    small: str
    caption: str


@dataclass(frozen=True)
class Product:
    """One product as everybody may see it. `row`: of the record's products, empty where it names none.

    `price`: rupiah, None where nobody said one. `name`: empty where only the business is known.
    """

    row: str
    name: str
    price: int | None
    business: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Showcase:
    """What a record shows. `at`: when it was verified, ms; `products`: empty unless it is shown."""

    standing: Standing
    at: int = 0
    products: tuple[Product, ...] = ()


def is_of_products(kind: str) -> bool:
    """Tell whether activities of a kind can show products."""
    return kind in _rules()


def standing_of(state: RecordState) -> Standing | None:
    """Return whether a record may show its products, as far as that is not about bytes; None for one that has none."""
    rule = _rules().get(state.kind)
    if rule is None or is_deleted(state):
        return None
    answers = values(state)
    if answers.get(rule.consent) is not True:
        return Standing.NO_CONSENT
    if not any(True for _ in _photos(rule, answers)):
        return Standing.NO_PHOTO
    if is_disputed(state):
        return Standing.DISPUTED
    match review_of(state).state:
        case ReviewState.VERIFIED:
            return Standing.SHOWN
        case ReviewState.RETURNED:
            return Standing.RETURNED
        case _:
            return Standing.UNVERIFIED


def showcase(state: RecordState, has: Callable[[str], bool]) -> Showcase | None:
    """Return what a record shows to everybody; None for one that has no products. `has`: tells of a picture's name
    whether its bytes arrived."""
    standing = standing_of(state)
    if standing is not Standing.SHOWN:
        return None if standing is None else Showcase(standing)
    products = tuple(_products(_rules()[state.kind], values(state), has))
    said = review_of(state).said
    if not products or said is None:
        return Showcase(Standing.NOT_ARRIVED)
    return Showcase(standing, said.at, products)


def item_id(record: str, row: str) -> str:
    """Return by which name a product is public: it tells nothing of the record, and is the same on every device."""
    return base32(hashlib.sha256(f"{record}/{row}".encode()).digest(), 20)


def is_item_id(text: str) -> bool:
    """Tell whether a text has the form of a public product's name."""
    return _ITEM.fullmatch(text) is not None


def catalogue_path(region: str = "", item: str = "") -> str:
    """Return the path of the public page of a region, or of a product there."""
    return "/".join(("/katalog", *filter(None, (region, item))))


def price_text(price: int) -> str:
    """Return an amount as it is written in Indonesia: `Rp15.000`."""
    return "Rp" + f"{price:,}".replace(",", ".")


def place_text(code: str, names: Mapping[str, str]) -> str:
    """Return where a region is, as it stands in an address: `Kel. Guntung, Bontang`. `names`: code to name, of it and
    of those above it."""
    regency = ".".join(code.split(".")[: Level.REGENCY])
    town = names.get(regency, "").removeprefix("Kota ").removeprefix("Kabupaten ") or regency
    match level(code):
        case Level.VILLAGE:
            own = f"{'Desa' if is_desa(code) else 'Kel.'} {names.get(code, code)}, {town}"
        case Level.DISTRICT:
            own = f"Kec. {names.get(code, code)}, {town}"
        case _:
            own = names.get(code, code)
    return own


def caption_text(product: str, business: str, price: int | None, place: str) -> str:
    """Return what is said of a product where it is shared: `Amplang — UMK Jaya, Rp15.000, Kel. Guntung, Bontang`."""
    rest = ", ".join(filter(None, (business if product else "", price_text(price) if price else "", place)))
    return " — ".join(filter(None, (product or business, rest)))


def _products(rule: Rule, answers: Mapping[str, Json], has: Callable[[str], bool]) -> Iterator[Product]:
    """Yield the products that have a photo. A photo whose caption names products is of those, any other of all."""
    business = next((said for path in rule.business if (said := _words(answers.get(path)))), "")
    pictures = [_arrived(one, has) for one in _photos(rule, answers) if has(one.sha256)]
    named = [(row, _words(cells.get(rule.product)), cells.get(rule.price)) for row, cells in _rows(rule, answers)]
    named = [one for one in named if one[1]]
    names = [name for _, name, _ in named]
    if not named and pictures:
        yield Product("", "", None, business, tuple(pictures))
    for row, name, price in named:
        own = tuple(one for one in pictures if name in (_named_by(one.caption, names) or names))
        if own:
            yield Product(row, name, _price(price), business, own)


def _rows(rule: Rule, answers: Mapping[str, Json]) -> Sequence[tuple[str, Mapping[str, Json]]]:
    return list(rows(rule.products, answers).items())


def _named_by(caption: str, names: Sequence[str]) -> set[str]:
    """Return which of some products a caption names; one that is part of a longer name that it names, it does not."""
    text = _plain(caption)
    found = sorted(
        {one for one in names if _plain(one).strip() and _plain(one) in text}, key=lambda one: -len(_plain(one))
    )
    kept: list[str] = []
    for one in found:
        if not any(_plain(one) in _plain(longer) for longer in kept):
            kept.append(one)
    return set(kept)


def _plain(text: str) -> str:
    """Return the words of a text alone, each between blanks."""
    return f" {' '.join(_NO_LETTER.sub(' ', text.casefold()).split())} "


def _photos(rule: Rule, answers: Mapping[str, Json]) -> Iterator[Picture]:
    for cells in rows(rule.photos, answers).values():
        photo = cells.get("photo")
        if isinstance(photo, Mapping) and is_picture(photo):
            small = photo.get("thumbnail")
            name = str(small["sha256"]) if isinstance(small, Mapping) and is_picture(small) else ""
            yield Picture(str(photo["sha256"]), name, _words(cells.get("caption")))


def _arrived(one: Picture, has: Callable[[str], bool]) -> Picture:
    return one if one.small and has(one.small) else Picture(one.sha256, "", one.caption)


def _words(value: Json) -> str:
    """Return an answer's words in one line: what a text says, or the name that a reference was given."""
    said = value.get("name") if isinstance(value, Mapping) else value
    return " ".join(said.split()) if isinstance(said, str) and not is_blank(said) else ""


def _price(value: Json) -> int | None:
    return value if type(value) is int and 0 < value <= MAX_INTEGER else None


@functools.cache
def _rules() -> Mapping[str, Rule]:
    text = (resources.files("lumbung_shared") / "kinds" / "products.json").read_text("utf-8")
    return {kind: from_wire(Rule, told) for kind, told in json.loads(text).items()}


@functools.cache
def rules_digest() -> str:
    """Return the digest of the rules and of how they are read: what was shown by others is reckoned again."""
    told = [_READING, {kind: repr(rule) for kind, rule in sorted(_rules().items())}]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


_READING = 1
"""Raised with each change of this module that shows other products, or others of their photos."""
