"""The words of an exported file that are no form's own, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Headers and answers. `parts`: what the columns of one answer are called, by part."""

    record: str
    version: str
    author: str
    organisation: str
    region: str
    region_code: str
    at: str
    disputed: str
    remarks: str
    row: str
    nothing: str
    yes: str
    no: str
    parts: Mapping[str, str]


WORDS: Mapping[str, Words] = {
    "id": Words(
        record="ID catatan",
        version="Versi formulir",
        author="Pencatat",
        organisation="Organisasi",
        region="Wilayah",
        region_code="Kode wilayah",
        at="Terakhir diubah (WITA)",
        disputed="Bentrok",
        remarks="Perlu diperiksa",
        row="Baris",
        nothing="Kegiatan",
        yes="Ya",
        no="Tidak",
        parts={
            "l": "L",
            "p": "P",
            "total": "jumlah",
            "lat": "lintang",
            "lon": "bujur",
            "accuracy": "ketelitian, m",
            "photos": "jumlah foto",
        },
    ),
    "en": Words(
        record="Record ID",
        version="Form version",
        author="Recorded by",
        organisation="Organisation",
        region="Region",
        region_code="Region code",
        at="Last changed (WITA)",
        disputed="Disputed",
        remarks="To be checked",
        row="Row",
        nothing="Activities",
        yes="Yes",
        no="No",
        parts={
            "l": "L",
            "p": "P",
            "total": "total",
            "lat": "latitude",
            "lon": "longitude",
            "accuracy": "accuracy, m",
            "photos": "photos",
        },
    ),
}
