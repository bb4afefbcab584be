"""What can be wrong with a form's definition, and what an Excel file says that a form here cannot: a stable code and a
sentence for each, in both languages. Judges nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lumbung_shared.labels import Label


class FormCode(StrEnum):
    """Stable codes. Never renamed, never reused."""

    # The definition, wherever it comes from
    KIND_NOT_ALLOWED = "kind-not-allowed"
    PURPOSE_UNKNOWN = "purpose-unknown"
    DATE_QUESTION_MISSING = "date-question-missing"
    REGION_QUESTION_MISSING = "region-question-missing"
    HEADLINE_UNKNOWN = "headline-unknown"
    TOO_MANY_FIELDS = "too-many-fields"
    TOO_MANY_OPTIONS = "too-many-options"
    FORM_TOO_HEAVY = "form-too-heavy"
    NAME_NOT_ALLOWED = "name-not-allowed"
    NAME_TAKEN = "name-taken"
    TYPE_UNKNOWN = "type-unknown"
    NOT_FOR_THIS_TYPE = "not-for-this-type"
    LABEL_MISSING = "label-missing"
    TEXT_TOO_LONG = "text-too-long"
    TEXT_NOT_ALLOWED = "text-not-allowed"
    FIELDS_MISSING = "fields-missing"
    ROWS_IN_ROWS = "rows-in-rows"
    AT_MOST_NOT_ALLOWED = "at-most-not-allowed"
    BOUND_NOT_A_NUMBER = "bound-not-a-number"
    BOUNDS_CROSSED = "bounds-crossed"
    OPTIONS_MISSING = "options-missing"
    OPTION_NOT_ALLOWED = "option-not-allowed"
    OPTION_TAKEN = "option-taken"
    DEFAULT_NOT_AN_ANSWER = "default-not-an-answer"
    REGISTER_UNKNOWN = "register-unknown"
    EXPRESSION_MALFORMED = "expression-malformed"
    EXPRESSION_ASKS_UNKNOWN = "expression-asks-unknown"
    EXPRESSION_ASKS_WORDS = "expression-asks-words"
    EXPRESSION_ASKS_ITSELF = "expression-asks-itself"
    FILTER_ASKS_UNKNOWN = "filter-asks-unknown"
    # The Excel file
    NOT_A_WORKBOOK = "not-a-workbook"
    WORKBOOK_TOO_LARGE = "workbook-too-large"
    WORKBOOK_TOO_SLOW = "workbook-too-slow"
    SURVEY_SHEET_MISSING = "survey-sheet-missing"
    HEADER_MISSING = "header-missing"
    HEADER_TWICE = "header-twice"
    TYPE_MISSING = "type-missing"
    NAME_MISSING = "name-missing"
    END_WITHOUT_BEGIN = "end-without-begin"
    BEGIN_WITHOUT_END = "begin-without-end"
    LIST_UNKNOWN = "list-unknown"
    CALCULATION_MISSING = "calculation-missing"
    CHOICE_NAME_MISSING = "choice-name-missing"
    REFERENCE_MALFORMED = "reference-malformed"
    REFERENCE_UNKNOWN = "reference-unknown"
    REFERENCE_AMBIGUOUS = "reference-ambiguous"
    OWN_COLUMN_MALFORMED = "own-column-malformed"
    PARAMETERS_MALFORMED = "parameters-malformed"
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    SHEET_REJECTED = "sheet-rejected"
    # What the file says and a form here cannot
    LACKS_TYPE = "lacks-type"
    LACKS_ROWS_IN_ROWS = "lacks-rows-in-rows"
    LACKS_METADATA = "lacks-metadata"
    LACKS_IN_EXPRESSION = "lacks-in-expression"
    LACKS_ASKED = "lacks-asked"
    LACKS_FILTER_COLUMN = "lacks-filter-column"
    LACKS_LABEL_REFERENCE = "lacks-label-reference"
    LACKS_COLUMN = "lacks-column"
    LACKS_IN_ROW = "lacks-in-row"
    LACKS_APPEARANCE = "lacks-appearance"
    LACKS_PARAMETER = "lacks-parameter"
    LACKS_LANGUAGE = "lacks-language"
    LACKS_ROW = "lacks-row"
    LACKS_SHEET = "lacks-sheet"
    LACKS_SETTING = "lacks-setting"
    # What the import added or changed
    ADDED_QUESTION = "added-question"
    ADDED_OTHER = "added-other"
    ADDED_LABEL = "added-label"
    RENAMED = "renamed"
    MADE_REQUIRED = "made-required"
    ASKED_AS = "asked-as"


FORM_SENTENCES: Mapping[FormCode, Label] = {
    FormCode.KIND_NOT_ALLOWED: Label(
        "Nama jenis “{name}” tidak dapat dipakai: huruf kecil, angka, dan tanda hubung saja, diawali huruf.",
        "The kind's name “{name}” cannot be used: only small letters, digits and hyphens, a letter first.",
    ),
    FormCode.PURPOSE_UNKNOWN: Label(
        "Kegunaan formulir “{name}” tidak dikenal.", "The purpose “{name}” of this form is not known."
    ),
    FormCode.DATE_QUESTION_MISSING: Label(
        "Formulir kegiatan memerlukan isian wajib bernama “date” berjenis tanggal.",
        "The form of an activity needs a required question named “date” of type date.",
    ),
    FormCode.REGION_QUESTION_MISSING: Label(
        "Formulir memerlukan isian wajib bernama “region” berjenis wilayah.",
        "The form needs a required question named “region” of type region.",
    ),
    FormCode.HEADLINE_UNKNOWN: Label(
        "Isian “{name}” yang menjadi judul dalam daftar tidak ada di formulir ini.",
        "The question “{name}” that is to head the record in lists is not in this form.",
    ),
    FormCode.TOO_MANY_FIELDS: Label(
        "Isian terlalu banyak: paling banyak {name} dalam satu formulir.",
        "There are too many questions: at most {name} in one form.",
    ),
    FormCode.TOO_MANY_OPTIONS: Label(
        "Pilihan terlalu banyak: paling banyak {name} untuk satu isian.",
        "There are too many choices: at most {name} for one question.",
    ),
    FormCode.FORM_TOO_HEAVY: Label(
        "Formulir ini terlalu besar untuk ponsel. Kurangi pilihan atau isiannya.",
        "This form is too large for a phone. Use fewer choices or questions.",
    ),
    FormCode.NAME_NOT_ALLOWED: Label(
        "Nama isian “{name}” tidak dapat dipakai: huruf kecil, angka, dan garis bawah saja, diawali huruf.",
        "The name “{name}” cannot be used for a question: only small letters, digits and underscores, a letter first.",
    ),
    FormCode.NAME_TAKEN: Label(
        "Nama “{name}” sudah dipakai isian lain. Beri nama yang berbeda.",
        "The name “{name}” is another question's already. Choose a different one.",
    ),
    FormCode.TYPE_UNKNOWN: Label(
        "Jenis isian “{name}” tidak dikenal. Periksa ejaannya.",
        "The type “{name}” is not known. Check its spelling.",
    ),
    FormCode.NOT_FOR_THIS_TYPE: Label(
        "“{name}” tidak berlaku untuk isian berjenis “{other}”. Kosongkan.",
        "“{name}” means nothing for a question of type “{other}”. Leave it empty.",
    ),
    FormCode.LABEL_MISSING: Label(
        "Teks untuk “{name}” belum lengkap: tulis dalam kedua bahasa.",
        "The words of “{name}” are incomplete: write them in both languages.",
    ),
    FormCode.TEXT_TOO_LONG: Label(
        "Teks ini terlalu panjang: paling banyak {name} huruf.", "This text is too long: at most {name} characters."
    ),
    FormCode.TEXT_NOT_ALLOWED: Label(
        "Teks ini memuat sesuatu yang tidak dapat ditampilkan: “{name}”.",
        "This text holds something that cannot be shown: “{name}”.",
    ),
    FormCode.FIELDS_MISSING: Label(
        "Bagian “{name}” belum berisi satu isian pun.", "The part “{name}” holds no question yet."
    ),
    FormCode.ROWS_IN_ROWS: Label(
        "“{name}” berada di dalam isian berulang lain; isian berulang dan foto tidak dapat bersarang.",
        "“{name}” stands within another repeat; repeats and photos cannot be nested.",
    ),
    FormCode.AT_MOST_NOT_ALLOWED: Label(
        "Jumlah terbanyak harus antara 0 dan {name}.", "The largest number has to be between 0 and {name}."
    ),
    FormCode.BOUND_NOT_A_NUMBER: Label(
        "Batas “{name}” bukan angka yang dapat dipakai.", "The bound “{name}” is not a number that can be used."
    ),
    FormCode.BOUNDS_CROSSED: Label(
        "Batas terkecil {name} melebihi batas terbesar {other}.",
        "The lower bound {name} is above the upper bound {other}.",
    ),
    FormCode.OPTIONS_MISSING: Label(
        "Isian pilihan “{name}” belum punya pilihan.", "The choice question “{name}” has no choices yet."
    ),
    FormCode.OPTION_NOT_ALLOWED: Label(
        "Nama pilihan “{name}” tidak dapat dipakai: tidak boleh kosong, berspasi, atau terlalu panjang.",
        "The choice's name “{name}” cannot be used: it must not be empty, hold spaces or be too long.",
    ),
    FormCode.OPTION_TAKEN: Label(
        "Nama pilihan “{name}” ada dua kali dalam daftar yang sama.",
        "The choice's name “{name}” stands twice in the same list.",
    ),
    FormCode.DEFAULT_NOT_AN_ANSWER: Label(
        "Jawaban awal “{name}” tidak cocok dengan jenis isian ini.",
        "The default “{name}” is no answer to a question of this type.",
    ),
    FormCode.REGISTER_UNKNOWN: Label("Daftar induk “{name}” tidak dikenal.", "There is no register named “{name}”."),
    FormCode.EXPRESSION_MALFORMED: Label(
        "Rumus ini tidak terbaca di dekat “{name}”.", "This expression cannot be read near “{name}”."
    ),
    FormCode.EXPRESSION_ASKS_UNKNOWN: Label(
        "Rumus ini menanyakan “{name}”, padahal isian itu tidak ada di formulir ini.",
        "This expression asks for “{name}”, but the form has no such question.",
    ),
    FormCode.EXPRESSION_ASKS_WORDS: Label(
        "Rumus ini menanyakan “{name}”, padahal bagian itu tidak menyimpan jawaban.",
        "This expression asks for “{name}”, but that part holds no answer.",
    ),
    FormCode.EXPRESSION_ASKS_ITSELF: Label(
        "Rumus ini berputar: “{name}” bergantung pada dirinya sendiri.",
        "This expression goes in a circle: “{name}” depends on itself.",
    ),
    FormCode.FILTER_ASKS_UNKNOWN: Label(
        "Saringan pilihan ini memakai kolom “{name}”, padahal pilihannya tidak memilikinya.",
        "This filter of choices uses the column “{name}”, but the choices have none.",
    ),
    FormCode.NOT_A_WORKBOOK: Label(
        "Berkas ini bukan berkas Excel yang dapat dibaca. Simpan sebagai .xlsx tanpa kata sandi, lalu unggah lagi.",
        "This is not an Excel file that can be read. Save it as .xlsx without a password, then upload it again.",
    ),
    FormCode.WORKBOOK_TOO_LARGE: Label(
        "Berkas ini terlalu besar: paling banyak {name}.", "This file is too large: at most {name}."
    ),
    FormCode.WORKBOOK_TOO_SLOW: Label(
        "Berkas ini terlalu rumit untuk dibaca. Hapus lembar dan baris yang tidak dipakai, lalu unggah lagi.",
        "This file takes too long to read. Delete sheets and rows that are not used, then upload it again.",
    ),
    FormCode.SURVEY_SHEET_MISSING: Label(
        "Lembar bernama “survey” yang berisi pertanyaan tidak ada.",
        "There is no sheet named “survey” that holds the questions.",
    ),
    FormCode.HEADER_MISSING: Label(
        "Judul kolom “{name}” tidak ada di baris pertama.", "The column “{name}” is missing in the first row."
    ),
    FormCode.HEADER_TWICE: Label(
        "Kolom “{name}” ada dua kali. Hapus atau ganti nama salah satunya.",
        "The column “{name}” is there twice. Remove or rename one of them.",
    ),
    FormCode.TYPE_MISSING: Label(
        "Baris ini belum punya jenis pertanyaan (kolom “type”).", "This row has no type of question (column “type”)."
    ),
    FormCode.NAME_MISSING: Label("Baris ini belum punya nama (kolom “name”).", "This row has no name (column “name”)."),
    FormCode.END_WITHOUT_BEGIN: Label(
        "Bagian ini ditutup (end), padahal tidak ada yang dibuka (begin).",
        "Something ends here (end) that was not begun (begin).",
    ),
    FormCode.BEGIN_WITHOUT_END: Label(
        "Bagian “{name}” dibuka (begin), tetapi tidak ditutup (end).",
        "The part “{name}” begins here (begin) but never ends (end).",
    ),
    FormCode.LIST_UNKNOWN: Label(
        "Daftar pilihan “{name}” tidak ada di lembar “choices”.",
        "The list of choices “{name}” is not on the sheet “choices”.",
    ),
    FormCode.CALCULATION_MISSING: Label(
        "Pertanyaan berjenis “calculate” memerlukan rumus di kolom “calculation”.",
        "A question of type “calculate” needs an expression in the column “calculation”.",
    ),
    FormCode.CHOICE_NAME_MISSING: Label(
        "Pilihan ini belum punya nama (kolom “name”) atau nama daftar (kolom “list_name”).",
        "This choice has no name (column “name”) or no list (column “list_name”).",
    ),
    FormCode.REFERENCE_MALFORMED: Label(
        "Acuan ke pertanyaan lain harus ditulis ${{nama}}.", "Another question has to be written as ${{name}}."
    ),
    FormCode.REFERENCE_UNKNOWN: Label(
        "${{{name}}} tidak ada di lembar “survey”. Periksa ejaannya.",
        "There is no ${{{name}}} on the sheet “survey”. Check its spelling.",
    ),
    FormCode.REFERENCE_AMBIGUOUS: Label(
        "${{{name}}} tidak jelas: ada beberapa pertanyaan dengan nama itu.",
        "${{{name}}} is not clear: several questions have that name.",
    ),
    FormCode.OWN_COLUMN_MALFORMED: Label(
        "Isi kolom ini tidak dapat dipakai: “{name}”.", "What this column holds cannot be used: “{name}”."
    ),
    FormCode.PARAMETERS_MALFORMED: Label(
        "Isi kolom “parameters” tidak terbaca. Tulis seperti: start=0 end=10 step=1.",
        "The column “parameters” cannot be read. Write it like: start=0 end=10 step=1.",
    ),
    FormCode.FORMULA_WITHOUT_VALUE: Label(
        "Sel ini berisi rumus Excel yang belum dihitung. Buka berkasnya di Excel, simpan, lalu unggah lagi.",
        "This cell holds an Excel formula that was never worked out. Open the file in Excel, save it, upload again.",
    ),
    FormCode.SHEET_REJECTED: Label(
        "Pemeriksa XLSForm menolak berkas ini: {name}.", "The XLSForm checker refuses this file: {name}."
    ),
    FormCode.LACKS_TYPE: Label(
        "Lumbung belum mengenal pertanyaan berjenis “{name}”, jadi “{other}” ditinggalkan.",
        "Lumbung has no questions of type “{name}” yet, so “{other}” is left out.",
    ),
    FormCode.LACKS_ROWS_IN_ROWS: Label(
        "“{name}” berada di dalam isian berulang lain; itu belum didukung, jadi ditinggalkan.",
        "“{name}” stands within another repeat, which is not supported yet, so it is left out.",
    ),
    FormCode.LACKS_METADATA: Label(
        "“{name}” tidak diperlukan: Lumbung sendiri mencatat waktu, ponsel, dan orangnya.",
        "“{name}” is not needed: Lumbung itself keeps time, phone and person.",
    ),
    FormCode.LACKS_IN_EXPRESSION: Label(
        "Rumus di kolom ini memakai “{name}” yang belum didukung, jadi rumusnya ditinggalkan.",
        "The expression in this column uses “{name}”, which is not supported yet, so it is left out.",
    ),
    FormCode.LACKS_ASKED: Label(
        "Rumus di kolom ini menanyakan “{name}” yang ditinggalkan, jadi rumusnya ikut ditinggalkan.",
        "The expression in this column asks for “{name}”, which is left out, and so it is left out as well.",
    ),
    FormCode.LACKS_FILTER_COLUMN: Label(
        "Saringan pilihan ini memakai kolom “{name}” yang tidak ada, jadi saringannya ditinggalkan.",
        "This filter of choices uses a column “{name}” that is not there, so the filter is left out.",
    ),
    FormCode.LACKS_LABEL_REFERENCE: Label(
        "Teks ini menyisipkan jawaban “{name}”; itu belum didukung, jadi teks pertanyaannya yang ditulis di sana.",
        "This text inserts the answer to “{name}”, which is not supported yet: its question stands there instead.",
    ),
    FormCode.LACKS_COLUMN: Label(
        "Kolom “{name}” tidak dipakai, jadi isinya ditinggalkan.",
        "The column “{name}” is not used, so what it holds is left out.",
    ),
    FormCode.LACKS_IN_ROW: Label(
        "Kolom “{name}” tidak berlaku untuk jenis baris ini, jadi isinya ditinggalkan.",
        "The column “{name}” means nothing for this type of row, so what it holds is left out.",
    ),
    FormCode.LACKS_APPEARANCE: Label(
        "Tampilan “{name}” belum didukung; pertanyaannya tetap ada dalam tampilan biasa.",
        "The appearance “{name}” is not supported yet; the question is there in its usual look.",
    ),
    FormCode.LACKS_PARAMETER: Label(
        "Parameter “{name}” belum didukung, jadi ditinggalkan.",
        "The parameter “{name}” is not supported yet, so it is left out.",
    ),
    FormCode.LACKS_LANGUAGE: Label(
        "Bahasa “{name}” ditinggalkan: formulir memuat bahasa Indonesia dan Inggris saja.",
        "The language “{name}” is left out: a form holds Indonesian and English only.",
    ),
    FormCode.LACKS_ROW: Label(
        "Baris ini tidak dipakai, jadi isinya ditinggalkan.", "This row is not used, so what it holds is left out."
    ),
    FormCode.LACKS_SHEET: Label(
        "Lembar “{name}” tidak dipakai, jadi isinya ditinggalkan.",
        "The sheet “{name}” is not used, so what it holds is left out.",
    ),
    FormCode.LACKS_SETTING: Label(
        "Setelan “{name}” tidak dipakai, jadi ditinggalkan.", "The setting “{name}” is not used, so it is left out."
    ),
    FormCode.ADDED_QUESTION: Label(
        "Isian “{name}” ditambahkan, sebab setiap kegiatan memerlukannya.",
        "The question “{name}” was added, because every activity needs it.",
    ),
    FormCode.ADDED_OTHER: Label(
        "Pilihan “lainnya” dan isian “{name}” ditambahkan, sesuai or_other.",
        "The choice “other” and the question “{name}” were added, as or_other says.",
    ),
    FormCode.ADDED_LABEL: Label(
        "“{name}” tidak punya teks pertanyaan, jadi namanya yang ditampilkan.",
        "“{name}” has no words of its own, so its name is shown.",
    ),
    FormCode.RENAMED: Label("“{name}” di sini bernama “{other}”.", "“{name}” is named “{other}” here."),
    FormCode.MADE_REQUIRED: Label(
        "Isian “{name}” dijadikan wajib, sebab setiap kegiatan memerlukannya.",
        "The question “{name}” was made required, because every activity needs it.",
    ),
    FormCode.ASKED_AS: Label(
        "Pertanyaan berjenis “{name}” ditanyakan sebagai “{other}”.",
        "A question of type “{name}” is asked as “{other}”.",
    ),
}


def form_sentence(code: FormCode, name: str = "", other: str = "") -> Label:
    """Return the sentence of a code in both languages, its gaps filled."""
    said = FORM_SENTENCES[code]
    return Label(said.id.format(name=name, other=other), said.en.format(name=name, other=other))
