"""A form with a question of every type, as a coordinator might write it, and a way to have it offered in a test."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import cast

from lumbung_shared.canonical import Json
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, FieldType, Form, Option, built_in_forms, published_forms
from lumbung_shared.labels import Label

KIND = "market-visit"
GOODS = "Beras Jagung Ubi Pisang Kelapa Cabai Tomat Bayam Ikan Udang Madu Kopi Gula".split()
STALLS, PAYING = (("kios", "Kios"), ("meja", "Meja")), (("cash", "Tunai"), ("qris", "QRIS"))
DISTRICTS = (("utara", "Bontang Utara"), ("selatan", "Bontang Selatan"))
MARKETS = (
    ("rawa", "Pasar Rawa Indah", "selatan"),
    ("citra", "Pasar Citra Mas", "utara"),
    ("lok", "Pasar Lok Tuan", "utara"),
)


RULES = {
    "closed": "${open} = 'no'",
    "buyers_constraint": ". <= 500",
    "sales_relevant": "${open} = 'yes'",
    "proof_relevant": "${price} > 100000",
    "worth": "${kilos} * ${price}",
    "total": "sum(${worth})",
    "market_filter": "district = ${district}",
    "code": "'KP-01'",
    "price": "5000",
}
"""What the form asks and works out, as a coordinator writes it."""


def item(name: str, kind: str, label: str, english: str, **more: object) -> Field:
    """A field with its label in both languages."""
    return Field(name, kind, Label(label, english), **more)  # type: ignore[arg-type]


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    """Options that are called the same in both languages."""
    return tuple(Option(value, Label(label, label)) for value, label in pairs)


def goods() -> tuple[Option, ...]:
    """More options than a menu holds."""
    return options(*((name.lower(), name) for name in GOODS))


def ruled(version: int = 1) -> Form:
    """The form with all its rules."""
    return every_type(version, **{name: read(text, of_options=name == "market_filter") for name, text in RULES.items()})


def every_type(version: int = 1, **expressions: Json) -> Form:
    """The form. `expressions`: trees by what they are for; those left out are none."""
    said = expressions.get
    about = item(
        "about",
        FieldType.GROUP,
        "Tentang kunjungan",
        "About the visit",
        hint=Label("Diisi di pasar.", "To be filled in at the market."),
        fields=(
            item("name", FieldType.TEXT, "Nama pedagang", "Name of the trader", required=True),
            item("hour", FieldType.TIME, "Jam kunjungan", "Hour of the visit"),
            item(
                "kind",
                FieldType.CHOICE,
                "Jenis lapak",
                "Kind of stall",
                options=options(*STALLS),
            ),
            item("district", FieldType.CHOICE, "Kecamatan", "District", options=options(*DISTRICTS)),
            item(
                "market",
                FieldType.CHOICE,
                "Pasar",
                "Market",
                options=tuple(Option(v, Label(name, name), {"district": d}) for v, name, d in MARKETS),
                filter=said("market_filter"),
            ),
            item("main", FieldType.CHOICE, "Barang utama", "Main goods", options=goods()),
            item("goods", FieldType.CHOICES, "Barang lain", "Other goods", options=goods()),
            item(
                "paying",
                FieldType.CHOICES,
                "Cara bayar",
                "Ways to pay",
                options=options(*PAYING),
            ),
        ),
    )
    sales = item(
        "sales",
        FieldType.REPEAT,
        "Penjualan",
        "Sales",
        at_most=2,
        relevant=said("sales_relevant"),
        fields=(
            item("what", FieldType.TEXT, "Barang", "Goods", required=True),
            item(
                "amounts",
                FieldType.GROUP,
                "Jumlah",
                "Amounts",
                fields=(
                    item("kilos", FieldType.DECIMAL, "Berat", "Weight", unit="kg", min="0"),
                    item("price", FieldType.RUPIAH, "Harga per kg", "Price per kg", default=said("price")),
                ),
            ),
            item("worth", FieldType.CALCULATED, "Nilai", "Worth", unit="rupiah", calculation=said("worth")),
            item("proof", FieldType.PHOTO, "Foto nota", "Photo of the receipt", relevant=said("proof_relevant")),
        ),
    )
    return Form(
        kind=KIND,
        version=version,
        title=Label("Kunjungan pasar", "Market visit"),
        icon="storefront",
        headline="name",
        fields=(
            item("date", FieldType.DATE, "Tanggal", "Date", required=True),
            item("region", FieldType.REGION, "Kelurahan/desa", "Ward or village", required=True),
            item(
                "rules",
                FieldType.NOTE,
                "Mintalah izin dulu.\nJangan memotret wajah.",
                "Ask first.\nTake no faces.",
            ),
            about,
            item("open", FieldType.YES_NO, "Lapak buka?", "Is the stall open?"),
            item(
                "why_closed",
                FieldType.LONG_TEXT,
                "Mengapa tutup?",
                "Why is it closed?",
                relevant=said("closed"),
                required_if=said("closed"),
            ),
            item(
                "buyers",
                FieldType.INTEGER,
                "Pembeli per hari",
                "Buyers per day",
                constraint=said("buyers_constraint"),
                constraint_message=Label("Tidak mungkin lebih dari 500 pembeli.", "There cannot be over 500."),
            ),
            sales,
            item(
                "total",
                FieldType.CALCULATED,
                "Nilai seluruhnya",
                "Worth in all",
                unit="rupiah",
                calculation=said("total"),
            ),
            item("helpers", FieldType.PARTICIPANTS, "Pembantu (L/P)", "Helpers (male/female)"),
            item("place", FieldType.LOCATION, "Titik lokasi", "Location"),
            item("code", FieldType.TEXT, "Kode survei", "Survey code", read_only=True, default=said("code")),
            item("stall", FieldType.PHOTOS, "Foto lapak", "Photos of the stall", at_most=3),
            item("sign", FieldType.PHOTO, "Foto papan nama", "Photo of the sign"),
        ),
    )


@contextmanager
def offered(*forms: Form) -> Iterator[None]:
    """Have forms among the published ones; the last version of a kind is the one that is offered."""
    newest = cast("MutableMapping[str, Form]", built_in_forms())
    published = cast("MutableMapping[tuple[str, int], Form]", published_forms())
    try:
        for form in forms:
            newest[form.kind] = published[form.kind, form.version] = form
        yield
    finally:
        for form in forms:
            newest.pop(form.kind, None)
            published.pop((form.kind, form.version), None)
