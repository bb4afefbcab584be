"""The words of the screens on which coordinators look after forms."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormTexts:
    """Their texts in one language."""

    title: str
    lead: str
    open: str
    none: str
    activities: str
    registers: str

    # One kind in the list, one version
    version: str
    versions: str
    offered_in: str
    since: str
    withdrawn: str
    withdrawn_help: str
    gone: str
    other_versions: str
    questions: str
    preview: str
    preview_help: str
    preview_photo: str

    # What can be done with one
    export: str
    exported: str
    not_exported: str
    withdraw: str
    withdraw_question: str
    withdraw_help: str
    withdrew: str

    # From Excel
    bring: str
    bring_help: str
    pick: str
    pick_another: str
    reading: str
    faults: str
    faults_help: str
    lacks: str
    added: str
    place_sheet: str
    place_row: str
    place_column: str
    new_kind: str
    next_version: str
    publish_title: str
    region: str
    first_day: str
    at_once: str
    publish: str
    publish_question: str
    publish_help: str
    published: str
    choose_region: str


INDONESIAN = FormTexts(
    title="Formulir",
    lead="Lihat formulir wilayah Anda, dan terbitkan formulir baru dari Excel.",
    open="Buka formulir",
    none="Belum ada formulir di wilayah Anda. Ambil satu dari Excel, atau buka Kirim, lalu ketuk Kirim sekarang supaya ponsel ini menerimanya.",
    activities="Kegiatan",
    registers="Data",
    version="Versi {n}",
    versions="{n} versi",
    offered_in="Berlaku di {place}",
    since="mulai {day}",
    withdrawn="Sudah ditarik",
    withdrawn_help="Versi ini tidak dapat dipakai untuk catatan baru. Catatan yang memakainya tetap terbaca.",
    gone="Formulir ini tidak ada di ponsel ini. Buka Kirim, lalu ketuk Kirim sekarang agar daftar formulir diperbarui.",
    other_versions="Versi lain",
    questions="{n} isian",
    preview="Pratinjau",
    preview_help="Begini formulir terlihat di ponsel kader. Silakan dicoba: tidak ada yang disimpan.",
    preview_photo="Foto tidak disimpan dalam pratinjau.",
    export="Simpan sebagai Excel",
    exported="Formulir disimpan sebagai {name}. Carilah di folder Unduhan (Download).",
    not_exported="Berkas tidak jadi disimpan.",
    withdraw="Tarik versi ini",
    withdraw_question="Tarik versi {n} formulir ini?",
    withdraw_help="Kader tidak dapat lagi memulai catatan baru dengan versi ini. Yang sudah dimulai tetap bisa diselesaikan dan dikirim. Jika versi sebelumnya masih berlaku, versi itu dipakai lagi.",
    withdrew="Versi {n} sudah ditarik.",
    bring="Formulir dari Excel",
    bring_help="Pilih berkas Excel (.xlsx) yang ditulis sebagai XLSForm, seperti untuk ODK atau Kobo. Sebelum diterbitkan, Anda melihat dulu hasilnya.",
    pick="Pilih berkas Excel",
    pick_another="Pilih berkas lain",
    reading="Membaca berkas …",
    faults="Yang perlu diperbaiki: {n}",
    faults_help="Perbaiki di Excel, simpan, lalu pilih berkasnya lagi.",
    lacks="Tidak ikut atau berubah: {n}",
    added="Ditambahkan oleh Lumbung: {n}",
    place_sheet="Lembar {sheet}",
    place_row="baris {row}",
    place_column="kolom {column}",
    new_kind="Formulir baru",
    next_version="Menjadi versi {n} dari formulir yang sudah ada",
    publish_title="Terbitkan",
    region="Wilayah yang memakai",
    first_day="Mulai tanggal",
    at_once="Langsung berlaku",
    publish="Terbitkan formulir",
    publish_question="Terbitkan formulir ini di {place}?",
    publish_help="Semua kader di wilayah itu menerimanya saat ponselnya tersambung. Versi yang sudah terbit tidak dapat diubah, hanya ditarik.",
    published="Formulir terbit sebagai versi {n}.",
    choose_region="Pilih dulu wilayah yang memakai formulir ini.",
)

ENGLISH = FormTexts(
    title="Forms",
    lead="Look at the forms of your region, and publish new ones from Excel.",
    open="Open forms",
    none="There are no forms in your region yet. Bring one from Excel, or sync first so that this phone receives them.",
    activities="Activities",
    registers="Registers",
    version="Version {n}",
    versions="versions: {n}",
    offered_in="In use in {place}",
    since="from {day}",
    withdrawn="Withdrawn",
    withdrawn_help="This version cannot be used for new records. Records made with it can still be read.",
    gone="This form is not on this phone. Sync first to bring the list of forms up to date.",
    other_versions="Other versions",
    questions="Questions: {n}",
    preview="Preview",
    preview_help="This is how the form looks on a cadre's phone. Try it out: nothing is saved.",
    preview_photo="A preview keeps no photos.",
    export="Save as Excel",
    exported="The form was saved as {name}. Look for it in the Downloads folder.",
    not_exported="The file was not saved.",
    withdraw="Withdraw this version",
    withdraw_question="Withdraw version {n} of this form?",
    withdraw_help="Cadres can no longer begin new records with this version. What was begun can still be finished and sent. If an earlier version is still in use, that one is used again.",
    withdrew="Version {n} was withdrawn.",
    bring="Form from Excel",
    bring_help="Choose an Excel file (.xlsx) written as an XLSForm, as for ODK or Kobo. You see the result before it is published.",
    pick="Choose an Excel file",
    pick_another="Choose another file",
    reading="Reading the file …",
    faults="To be corrected: {n}",
    faults_help="Correct it in Excel, save, then choose the file again.",
    lacks="Left out or changed: {n}",
    added="Added by Lumbung: {n}",
    place_sheet="Sheet {sheet}",
    place_row="row {row}",
    place_column="column {column}",
    new_kind="A new form",
    next_version="Becomes version {n} of a form there is",
    publish_title="Publish",
    region="Region that uses it",
    first_day="From",
    at_once="At once",
    publish="Publish the form",
    publish_question="Publish this form in {place}?",
    publish_help="All cadres of that region get it with their next sync. What was published cannot be changed, only withdrawn.",
    published="The form was published as version {n}.",
    choose_region="First choose the region that uses this form.",
)
