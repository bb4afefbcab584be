"""What can be wrong with a roster, the table of who does what where: a stable code and a sentence for each, in both
languages. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lumbung_shared.labels import Label


class RosterCode(StrEnum):
    """Stable codes. Never renamed, never reused."""

    # The file
    ROSTER_UNREADABLE = "roster-unreadable"
    ROSTER_TOO_LARGE = "roster-too-large"
    ROSTER_EMPTY = "roster-empty"
    COLUMN_MISSING = "column-missing"
    COLUMN_TWICE = "column-twice"
    COLUMN_UNKNOWN = "column-unknown"
    # A cell
    CELL_MISSING = "cell-missing"
    CELL_TOO_LONG = "cell-too-long"
    CELL_WITHOUT_VALUE = "cell-without-value"
    PERSON_ID_MALFORMED = "person-id-malformed"
    PHONE_MALFORMED = "phone-malformed"
    ROLE_UNKNOWN = "role-unknown"
    REGION_MALFORMED = "region-malformed"
    REGION_NOT_THERE = "region-not-there"
    REGION_ENDED = "region-ended"
    DAY_MALFORMED = "day-malformed"
    # What cells say together
    ROLE_NOT_FOR_REGION = "role-not-for-region"
    DAYS_CROSSED = "days-crossed"
    BEGUN_ALREADY = "begun-already"
    ROLE_TWICE = "role-twice"
    PERSON_TOLD_TWICE = "person-told-twice"
    ORGANISATION_AMBIGUOUS = "organisation-ambiguous"
    PERSON_ERASED = "person-erased"


ROSTER_SENTENCES: Mapping[RosterCode, Label] = {
    RosterCode.ROSTER_UNREADABLE: Label(
        "Berkas ini tidak terbaca. Simpan daftarnya sebagai CSV (UTF-8) atau XLSX, lalu coba lagi.",
        "This file cannot be read. Save the list as CSV (UTF-8) or XLSX, then try again.",
    ),
    RosterCode.ROSTER_TOO_LARGE: Label(
        "Berkas ini terlalu besar untuk sebuah daftar: paling banyak {name}.",
        "This file is too large for a roster: at most {name}.",
    ),
    RosterCode.ROSTER_EMPTY: Label(
        "Tidak ada orang di berkas ini. Baris pertama berisi nama kolom, orangnya mulai dari baris kedua.",
        "There is nobody in this file. The first row names the columns, people begin in the second.",
    ),
    RosterCode.COLUMN_MISSING: Label(
        "Kolom “{name}” tidak ada. Tambahkan kolom itu, lalu coba lagi.",
        "The column “{name}” is missing. Add it, then try again.",
    ),
    RosterCode.COLUMN_TWICE: Label(
        "Kolom “{name}” ada dua kali. Hapus salah satunya.",
        "The column “{name}” is there twice. Take one of them out.",
    ),
    RosterCode.COLUMN_UNKNOWN: Label(
        "Kolom “{name}” tidak dikenal. Periksa ejaannya, atau hapus kolom itu.",
        "The column “{name}” is not known. Check its spelling, or take it out.",
    ),
    RosterCode.CELL_MISSING: Label("Sel ini wajib diisi.", "This cell must be filled in."),
    RosterCode.CELL_TOO_LONG: Label("Isi sel ini terlalu panjang.", "This cell holds too much text."),
    RosterCode.CELL_WITHOUT_VALUE: Label(
        "Sel ini berisi rumus tanpa hasil. Tulis nilainya sendiri.",
        "This cell holds a formula without a result. Write the value itself.",
    ),
    RosterCode.PERSON_ID_MALFORMED: Label(
        "Id “{name}” tidak dapat dipakai: huruf, angka, titik, dan tanda hubung saja, paling panjang 40.",
        "The id “{name}” cannot be used: letters, digits, dots and hyphens only, at most 40.",
    ),
    RosterCode.PHONE_MALFORMED: Label(
        "“{name}” bukan nomor telepon. Tulis seperti 0812-3456-7890 atau +62 812-3456-7890.",
        "“{name}” is no phone number. Write it like 0812-3456-7890 or +62 812-3456-7890.",
    ),
    RosterCode.ROLE_UNKNOWN: Label(
        "Peran “{name}” tidak dikenal. Yang ada: kader, koordinator kecamatan, koordinator kabupaten/kota, "
        "koordinator provinsi, administrator.",
        "The role “{name}” is not known. There are: cadre, district-coordinator, regency-coordinator, "
        "province-coordinator, administrator.",
    ),
    RosterCode.REGION_MALFORMED: Label(
        "“{name}” bukan kode wilayah. Tulis kode Kemendagri sebagai teks, misalnya 64.74.01.1004.",
        "“{name}” is no code of a region. Write Kemendagri's code as text, for example 64.74.01.1004.",
    ),
    RosterCode.REGION_NOT_THERE: Label(
        "Wilayah {name} tidak ada. Periksa kodenya.", "There is no region {name}. Check the code."
    ),
    RosterCode.REGION_ENDED: Label(
        "Wilayah {name} sudah tidak ada lagi; penggantinya {other}.",
        "The region {name} is no more; {other} has taken its place.",
    ),
    RosterCode.DAY_MALFORMED: Label(
        "“{name}” bukan tanggal. Tulis seperti 2026-11-22 atau 22/11/2026.",
        "“{name}” is no day. Write it like 2026-11-22 or 22/11/2026, the day first.",
    ),
    RosterCode.ROLE_NOT_FOR_REGION: Label(
        "Peran “{name}” tidak cocok dengan wilayah {other}: kader bertugas di desa atau kelurahan, "
        "koordinator di tingkat yang disebut perannya.",
        "The role “{name}” does not go with the region {other}: a cadre works in a village or ward, "
        "a coordinator on the level that the role names.",
    ),
    RosterCode.DAYS_CROSSED: Label(
        "Hari terakhir {other} lebih awal dari hari pertama {name}.",
        "The last day {other} is before the first day {name}.",
    ),
    RosterCode.BEGUN_ALREADY: Label(
        "Peran ini sudah berjalan, jadi tidak dapat baru dimulai {name}. Kosongkan sel ini.",
        "This role has begun already, so it cannot begin on {name} only. Leave this cell empty.",
    ),
    RosterCode.ROLE_TWICE: Label(
        "Peran ini di wilayah ini sudah ada di baris {name}. Hapus salah satunya.",
        "This role in this region stands in row {name} already. Take one of them out.",
    ),
    RosterCode.PERSON_TOLD_TWICE: Label(
        "Di baris {name} tertulis lain tentang orang yang sama. Samakan isinya, atau kosongkan salah satu.",
        "Row {name} says something else of the same person. Make them alike, or leave one of them empty.",
    ),
    RosterCode.ORGANISATION_AMBIGUOUS: Label(
        "Lebih dari satu organisasi bernama “{name}”. Pakai nama yang berlaku sekarang.",
        "More than one organisation is called “{name}”. Use the name of today.",
    ),
    RosterCode.PERSON_ERASED: Label(
        "Data orang ber-id “{name}” sudah dihapus atas permintaan. Hapus baris ini, atau beri id baru jika ia kembali.",
        "The person with id “{name}” was erased on request. Take this row out, or give a new id if they work again.",
    ),
}


def roster_sentence(code: RosterCode, name: str = "", other: str = "") -> Label:
    """Return the sentence of a code in both languages, its gaps filled."""
    said = ROSTER_SENTENCES[code]
    return Label(said.id.format(name=name, other=other), said.en.format(name=name, other=other))
