"""Which products a record shows: all that must hold for it, which photo is of which product, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.forms import published_forms
from lumbung_shared.products import (
    Standing,
    caption_text,
    catalogue_path,
    is_item_id,
    is_of_products,
    item_id,
    place_text,
    price_text,
    showcase,
)
from lumbung_shared.records import Offered, RecordState, state_of
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from lumbung_shared.writes import DELETED, Write
from tests.shared.histories import RECORD, write

KIND = "product-photo-session"
NAMES = {"64": "Kalimantan Timur", "64.74": "Kota Bontang", "64.74.01": "Bontang Utara", "64.74.01.1004": "Guntung"}


def photo(name: str, small: str = "") -> dict[str, Json]:
    value: dict[str, Json] = {"sha256": name * 64, "bytes": 9, "width": 4, "height": 3}
    return value | ({"thumbnail": {"sha256": small * 64, "bytes": 2}} if small else {})


def answers(*captions: str, products: tuple[str, ...] = ("Keripik",), **more: Any) -> dict[str, Json]:
    sets: dict[str, Json] = {"consent": True, "business_entry": {"id": RECORD, "name": "UMK  Jaya"}}
    for place, name in enumerate(products):
        sets |= {f"products/p{place}/product": name, f"products/p{place}/price": 1_000 * (place + 1)}
    for place, caption in enumerate(captions):
        sets |= {f"product_photos/f{place}/photo": photo("abcdef"[place]), f"product_photos/f{place}/caption": caption}
    return {path: value for path, value in (sets | more).items() if value is not None}


def wrote(n: int, sets: dict[str, Json], **more: Any) -> Write:
    return replace(write(n, sets), kind=KIND, form=2, **more)


def state(sets: dict[str, Json], verdict: Verdict | None = Verdict.VERIFIED, *later: Write) -> RecordState:
    offered = [Offered("ponsel", wrote(1, sets), at=5, by="siti")]
    if verdict is not None:
        judged = Judgement(verdict, content_digest(state_of(RECORD, "7", "siti", offered)), "Kurang jelas")
        offered.append(Offered("meja", wrote(1, {JUDGEMENT: judgement_value(judged)}), at=70, by="rini"))
    offered += [Offered("ponsel", one, at=90 + one.n, by="siti") for one in later]
    return state_of(RECORD, "7", "siti", offered)


def standing(of: RecordState, *lost: str) -> Standing | None:
    found = showcase(of, lambda name: name[0] not in lost)
    return None if found is None else found.standing


def seen(of: RecordState) -> dict[str, str]:
    """Product to the first letters of its pictures."""
    found = showcase(of, lambda _: True)
    assert found is not None
    return {one.name: "".join(it.sha256[0] for it in one.pictures) for one in found.products}


def test_a_verified_record_with_consent_shows_its_products_and_nothing_else() -> None:
    found = showcase(state(answers("", products=("Keripik", "Bolu"), notes="rahasia")), lambda _: True)
    assert found is not None
    assert (found.standing, found.at) == (Standing.SHOWN, 70)
    assert [(one.row, one.name, one.price, one.business) for one in found.products] == [
        ("p0", "Keripik", 1_000, "UMK Jaya"),
        ("p1", "Bolu", 2_000, "UMK Jaya"),
    ]
    assert "rahasia" not in repr(found)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (state(answers(""), None), Standing.UNVERIFIED),
        (state(answers(""), Verdict.RETURNED), Standing.RETURNED),
        (state(answers("", consent=False)), Standing.NO_CONSENT),
        (state(answers("", consent=None)), Standing.NO_CONSENT),
        (state(answers("", consent="yes")), Standing.NO_CONSENT),
        (state(answers()), Standing.NO_PHOTO),
        (state(answers(""), Verdict.VERIFIED, wrote(2, {"notes": "lain"})), Standing.UNVERIFIED),
    ],
)
def test_what_keeps_a_record_from_being_shown_is_told(of: RecordState, expected: Standing) -> None:
    found = showcase(of, lambda _: True)
    assert found is not None
    assert (found.standing, found.products) == (expected, ())


def test_a_disputed_record_is_not_shown_and_a_deleted_one_has_no_products() -> None:
    apart = state(answers(""), Verdict.VERIFIED, wrote(2, {"products/p0/price": 5}))
    assert standing(apart) is Standing.DISPUTED
    sets = answers("")
    whole = dict.fromkeys(sets, (("ponsel", 1),))
    assert standing(state(sets, Verdict.VERIFIED, wrote(2, {DELETED: True}, replaces=whole))) is None


def test_only_photos_that_arrived_are_shown() -> None:
    of = state(answers("", ""))
    assert standing(of, "a", "b") is Standing.NOT_ARRIVED
    found = showcase(of, lambda name: name[0] == "b")
    assert found is not None
    assert [it.sha256[0] for one in found.products for it in one.pictures] == ["b"]


def test_a_small_copy_is_shown_as_long_as_it_has_arrived() -> None:
    of = state(answers("") | {"product_photos/f0/photo": photo("a", "c")})
    for lost, small in (((), "c" * 64), (("c",), "")):
        found = showcase(of, lambda name, lost=lost: name[0] not in lost)  # type: ignore[misc]
        assert found is not None
        assert found.products[0].pictures[0].small == small


@pytest.mark.parametrize(
    ("captions", "products", "expected"),
    [
        (("Keripik pisang", "bolu"), ("Keripik Pisang", "Bolu"), {"Keripik Pisang": "a", "Bolu": "b"}),
        (("", "BOLU, enak"), ("Keripik", "Bolu"), {"Keripik": "a", "Bolu": "ab"}),
        (("keripik pisang",), ("Keripik", "Keripik Pisang"), {"Keripik Pisang": "a"}),
        (("bolu dan keripik",), ("Keripik", "Bolu"), {"Keripik": "a", "Bolu": "a"}),
        (("bolukukus",), ("Bolu", "Keripik"), {"Bolu": "a", "Keripik": "a"}),
        (("bolu",), ("Keripik",), {"Keripik": "a"}),
        (("",), ("!!!", "Bolu"), {"!!!": "a", "Bolu": "a"}),
        (("", ""), (), {"": "ab"}),
    ],
)
def test_a_photo_is_of_the_products_that_its_caption_names_and_else_of_all(
    captions: tuple[str, ...], products: tuple[str, ...], expected: dict[str, str]
) -> None:
    assert seen(state(answers(*captions, products=products))) == expected


def test_every_answer_that_the_rules_name_stands_in_the_newest_form_that_has_photos() -> None:
    form = published_forms()[KIND, 2]
    assert {"consent", "business_entry", "product_photos", "products"} <= set(form.by_name)
    assert {"product", "price"} <= {cell.name for cell in form.by_name["products"].cells}
    assert is_of_products(KIND)
    assert not is_of_products("packaging-support")


@given(st.uuids(), st.text("0123456789abcdefghjkmnpqrstvwxyz", max_size=10))
def test_the_public_name_of_a_product_tells_nothing_of_its_record(record: object, row: str) -> None:
    made = item_id(str(record), row)
    assert is_item_id(made)
    assert made == item_id(str(record), row)
    assert made != item_id(str(record), row + "x")


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("64.74.01.1004", "Kel. Guntung, Bontang"),
        ("64.74.01.2001", "Desa 64.74.01.2001, Bontang"),
        ("64.74.01", "Kec. Bontang Utara, Bontang"),
        ("64.74", "Kota Bontang"),
        ("64", "Kalimantan Timur"),
        ("64.99.01", "Kec. 64.99.01, 64.99"),
    ],
)
def test_a_place_is_written_as_in_an_address(code: str, place: str) -> None:
    assert place_text(code, NAMES) == place


def test_prices_captions_and_paths_are_written_as_people_do() -> None:
    assert [price_text(price) for price in (500, 15_000, 1_250_000)] == ["Rp500", "Rp15.000", "Rp1.250.000"]
    assert caption_text("Amplang", "UMK Jaya", 15_000, "Bontang") == "Amplang — UMK Jaya, Rp15.000, Bontang"
    assert caption_text("", "UMK Jaya", None, "Bontang") == "UMK Jaya — Bontang"
    assert caption_text("Amplang", "", None, "") == "Amplang"
    assert [catalogue_path(), catalogue_path("64"), catalogue_path("64", "x")] == [
        "/katalog",
        "/katalog/64",
        "/katalog/64/x",
    ]
