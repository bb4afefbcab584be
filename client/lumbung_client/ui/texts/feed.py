"""The words of the feed's filters, its search, and its news."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FeedTexts:
    """Their texts in one language."""

    person: str
    everybody: str
    organisation: str
    all_organisations: str
    review: str
    all_reviews: str
    only_lacking: str
    search: str
    searched: str
    newest_only: str
    fresh: str


INDONESIAN = FeedTexts(
    person="Kader",
    everybody="Semua kader",
    organisation="Organisasi",
    all_organisations="Semua organisasi",
    review="Pemeriksaan",
    all_reviews="Semua",
    only_lacking="Hanya yang fotonya belum masuk",
    search="Cari kegiatan",
    searched="kata “{text}”",
    newest_only="Pencarian melihat seribu catatan terbaru saja.",
    fresh="{n} kabar baru",
)

ENGLISH = FeedTexts(
    person="Cadre",
    everybody="All cadres",
    organisation="Organisation",
    all_organisations="All organisations",
    review="Review",
    all_reviews="All",
    only_lacking="Only with photos still missing",
    search="Search the feed",
    searched="words “{text}”",
    newest_only="The search looks at the latest thousand records only.",
    fresh="New activities: {n}",
)
