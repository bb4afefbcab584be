"""The words of the public pages, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """What stands on the pages in one language."""

    catalogue: str
    title: str
    lead: str
    regions: str
    more: str
    first: str
    empty: str
    photo_of: str
    back: str
    whatsapp: str
    consent: str
    other_language: str
    missing_title: str
    missing: str
    crowded_title: str
    crowded: str


WORDS: Final[Mapping[str, Words]] = {
    "id": Words(
        catalogue="Katalog produk",
        title="Produk UMK {place}",
        lead="Produk usaha mikro dan kecil yang difoto para kader pemberdayaan masyarakat.",
        regions="Lihat per wilayah",
        more="Produk lainnya",
        first="Kembali ke awal",
        empty="Belum ada produk yang tampil di wilayah ini.",
        photo_of="Foto {product}",
        back="Semua produk {place}",
        whatsapp="Bagikan lewat WhatsApp",
        consent="Foto tampil atas persetujuan pemilik usaha dan hilang dari sini begitu persetujuannya dicabut.",
        other_language="English",
        missing_title="Halaman tidak ada",
        missing="Halaman ini tidak ada, atau produknya sudah tidak ditampilkan lagi.",
        crowded_title="Sedang ramai",
        crowded="Sedang banyak yang membuka katalog. Coba lagi sebentar lagi.",
    ),
    "en": Words(
        catalogue="Product catalogue",
        title="Products from small businesses in {place}",
        lead="Products of micro and small businesses, photographed by community cadres.",
        regions="By region",
        more="More products",
        first="Back to the start",
        empty="No products are shown in this region yet.",
        photo_of="Photo of {product}",
        back="All products of {place}",
        whatsapp="Share on WhatsApp",
        consent="Photos are shown with the consent of the business owner and leave this page when it is withdrawn.",
        other_language="Bahasa Indonesia",
        missing_title="No such page",
        missing="There is no such page, or the product is not shown any more.",
        crowded_title="Busy",
        crowded="Many people are looking at the catalogue. Please try again in a moment.",
    ),
}
