"""The words of the screens on which coordinators change a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EditTexts:
    """Their texts in one language. `type_*`: what a question of each type asks for."""

    title: str
    open: str
    go_on: str
    unpublished: str
    begun_with: str
    help: str
    rules: str
    none: str
    unchanged: str
    newer: str
    newer_help: str
    publish_anyway: str
    preview: str
    discard: str
    discard_question: str
    discard_help: str
    discarded: str

    # Words
    form_title: str
    english: str
    english_help: str
    text_missing: str

    # The questions
    questions: str
    untitled: str
    required: str
    required_at_times: str
    options_n: str
    up: str
    down: str

    # One question
    question: str
    label: str
    hint: str
    must: str
    must_always: str
    options: str
    option: str
    option_help: str
    add_option: str
    save_option: str
    remove_option: str
    remove_question: str
    remove_help: str
    option_in_rule: str
    filtered: str

    # Types
    type_text: str
    type_long_text: str
    type_integer: str
    type_decimal: str
    type_rupiah: str
    type_date: str
    type_time: str
    type_choice: str
    type_choices: str
    type_yes_no: str
    type_participants: str
    type_location: str
    type_region: str
    type_reference: str
    type_photos: str
    type_photo: str
    type_calculated: str
    type_note: str
    type_group: str
    type_repeat: str


INDONESIAN = EditTexts(
    title="Ubah formulir",
    open="Ubah formulir",
    go_on="Lanjutkan perubahan",
    unpublished="Ada perubahan yang belum diterbitkan",
    begun_with="Berdasarkan versi {n}.",
    help="Perubahan tersimpan di ponsel ini, juga tanpa internet. Kader baru melihatnya setelah Anda menerbitkannya sebagai versi baru.",
    rules="Jenis isian, aturan, dan isian baru diubah lewat Excel.",
    none="Tidak ada perubahan formulir ini di ponsel ini.",
    unchanged="Belum ada yang diubah.",
    newer="Versi {n} sudah terbit sejak Anda mulai mengubah.",
    newer_help="Isi versi {n} tidak termasuk dalam perubahan Anda. Jika Anda tetap menerbitkan, versi Anda dipakai menggantikannya. Jika batal, perubahan Anda tetap tersimpan.",
    publish_anyway="Tetap terbitkan",
    preview="Pratinjau dan terbitkan",
    discard="Buang perubahan",
    discard_question="Buang semua perubahan?",
    discard_help="Perubahan yang belum diterbitkan akan hilang. Versi yang sudah terbit tetap berlaku.",
    discarded="Perubahan dibuang.",
    form_title="Judul formulir",
    english="{label} dalam bahasa Inggris",
    english_help="Kosongkan jika sama dengan bahasa Indonesia.",
    text_missing="Teks ini perlu diisi. Selama kosong, teks lama tetap dipakai.",
    questions="Isian",
    untitled="Bagian tanpa judul",
    required="wajib diisi",
    required_at_times="kadang wajib diisi",
    options_n="{n} pilihan",
    up="Naikkan: {label}",
    down="Turunkan: {label}",
    question="Ubah isian",
    label="Teks pertanyaan",
    hint="Petunjuk",
    must="Wajib diisi",
    must_always="Isian ini harus tetap wajib.",
    options="Pilihan jawaban",
    option="Teks pilihan",
    option_help="Ubah teks hanya agar lebih jelas, bukan agar artinya lain: jawaban lama tetap dihitung sebagai pilihan ini.",
    add_option="Tambah pilihan",
    save_option="Simpan pilihan",
    remove_option="Hapus pilihan: {label}",
    remove_question="Hapus pilihan “{label}”?",
    remove_help="Pilihan ini tidak ada lagi di versi baru. Catatan yang sudah memakainya tidak berubah.",
    option_in_rule="Pilihan “{label}” dipakai dalam aturan isian “{where}”, jadi tidak dapat dihapus di sini. Ubah dulu aturannya di Excel.",
    filtered="Pilihan ini disaring menurut isian lain. Pilihan baru ditambahkan lewat Excel.",
    type_text="Teks pendek",
    type_long_text="Teks panjang",
    type_integer="Bilangan bulat",
    type_decimal="Angka desimal",
    type_rupiah="Jumlah rupiah",
    type_date="Tanggal",
    type_time="Jam",
    type_choice="Pilih satu",
    type_choices="Boleh pilih beberapa",
    type_yes_no="Ya atau tidak",
    type_participants="Jumlah peserta (L dan P)",
    type_location="Titik lokasi",
    type_region="Wilayah",
    type_reference="Diambil dari data",
    type_photos="Foto",
    type_photo="Satu foto",
    type_calculated="Dihitung otomatis",
    type_note="Keterangan",
    type_group="Bagian formulir",
    type_repeat="Daftar berulang",
)

ENGLISH = EditTexts(
    title="Change the form",
    open="Change this form",
    go_on="Go on changing",
    unpublished="Some changes are not published",
    begun_with="Based on version {n}.",
    help="Changes are kept on this phone, offline too. Cadres see them once you publish them as a new version.",
    rules="Types, rules and new questions are changed in Excel.",
    none="This phone holds no changes to this form.",
    unchanged="Nothing has been changed yet.",
    newer="Version {n} was published since you began your changes.",
    newer_help="What version {n} changed is not in your version. If you publish all the same, yours is used in its place. If you cancel, your changes are kept.",
    publish_anyway="Publish all the same",
    preview="Preview and publish",
    discard="Discard changes",
    discard_question="Discard all changes?",
    discard_help="Changes that were not published get lost. What was published stays in use.",
    discarded="The changes were discarded.",
    form_title="Title of the form",
    english="{label} in English",
    english_help="Leave blank if it is the same as in Indonesian.",
    text_missing="This text is needed. As long as it is blank the old one is kept.",
    questions="Questions",
    untitled="Part without a title",
    required="required",
    required_at_times="required at times",
    options_n="options: {n}",
    up="Move up: {label}",
    down="Move down: {label}",
    question="Change a question",
    label="Question",
    hint="Hint",
    must="Required",
    must_always="This one has to stay required.",
    options="Options",
    option="Option",
    option_help="Reword it to be clearer, not to mean something else: old answers go on counting as this option.",
    add_option="Add an option",
    save_option="Save the option",
    remove_option="Remove the option: {label}",
    remove_question="Remove the option “{label}”?",
    remove_help="The new version does not have it any more. Records that use it stay as they are.",
    option_in_rule="A rule of “{where}” uses the option “{label}”, so it cannot be removed here. Change the rule in Excel first.",
    filtered="These options depend on another question. New ones are added in Excel.",
    type_text="Short text",
    type_long_text="Long text",
    type_integer="Whole number",
    type_decimal="Decimal number",
    type_rupiah="Amount in rupiah",
    type_date="Date",
    type_time="Time of day",
    type_choice="Choose one",
    type_choices="Choose several",
    type_yes_no="Yes or no",
    type_participants="Number of participants (M and F)",
    type_location="Location",
    type_region="Region",
    type_reference="From a register",
    type_photos="Photos",
    type_photo="One photo",
    type_calculated="Calculated",
    type_note="Note",
    type_group="Part of the form",
    type_repeat="Repeated rows",
)
