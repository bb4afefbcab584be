"""The words of the pages that confirm a receipt, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class ReceiptWords:
    """What stands on the pages in one language. `clock`: stands between hours and minutes."""

    product: str
    title: str
    sound: str
    sound_help: str
    broken: str
    broken_help: str
    number: str
    received: str
    moment: str
    months: tuple[str, ...]
    clock: str
    writes: str
    digest: str
    whole_digest: str
    key: str
    compare: str
    private: str
    other_language: str
    missing_title: str
    missing: str
    missing_why: str
    crowded_title: str
    crowded: str


RECEIPT_WORDS: Final[Mapping[str, ReceiptWords]] = {
    "id": ReceiptWords(
        product="Lumbung: bukti terima",
        title="Bukti terima No. {number}",
        sound="Tanda tangan sah",
        sound_help="Server ini memang menerima kiriman tersebut dan menandatangani buktinya.",
        broken="Tanda tangan tidak sah",
        broken_help="Bukti ini tercatat, tetapi tanda tangannya tidak cocok. Jangan dipakai sebagai bukti; "
        "hubungi pengelola server.",
        number="Nomor",
        received="Diterima",
        moment="{day} {month} {year} pukul {clock} WITA",
        months=tuple("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()),
        clock=".",
        writes="Jumlah perubahan yang diterima",
        digest="Sidik",
        whole_digest="Sidik lengkap",
        key="Kunci penanda tangan",
        compare="Cocokkan nomor, waktu, dan sidik di atas dengan yang ada di ponsel atau di teks yang Anda terima.",
        private="Halaman ini tidak menampilkan siapa pengirimnya dan apa isi catatannya.",
        other_language="English",
        missing_title="Bukti terima tidak ditemukan",
        missing="Server ini tidak punya bukti terima dengan alamat tersebut, jadi tidak dapat membenarkannya.",
        missing_why="Mungkin alamatnya terpotong atau salah ketik, atau bukti itu dari server lain. Pindai lagi "
        "kodenya dari ponsel pemiliknya.",
        crowded_title="Sedang ramai",
        crowded="Sedang banyak yang membuka halaman ini. Coba lagi sebentar lagi.",
    ),
    "en": ReceiptWords(
        product="Lumbung: receipt",
        title="Receipt no. {number}",
        sound="The signature is valid",
        sound_help="This server did receive what was sent, and signed the receipt.",
        broken="The signature is not valid",
        broken_help="This receipt is on record, but its signature does not fit. Do not take it for proof; "
        "tell whoever runs the server.",
        number="Number",
        received="Received",
        moment="{day} {month} {year} at {clock} WITA",
        months=tuple("January February March April May June July August September October November December".split()),
        clock=":",
        writes="Changes received",
        digest="Fingerprint",
        whole_digest="Whole fingerprint",
        key="Signing key",
        compare="Compare number, time and fingerprint with those on the phone, or in the text that you were given.",
        private="This page does not show who sent it, nor what the records say.",
        other_language="Bahasa Indonesia",
        missing_title="Receipt not found",
        missing="This server has no receipt at that address, so it cannot confirm it.",
        missing_why="The address may be cut off or mistyped, or the receipt is from another server. Scan the code "
        "again from its owner's phone.",
        crowded_title="Busy",
        crowded="Many people are looking at this page. Please try again in a moment.",
    ),
}
