"""Pictures of the screens on which coordinators look after forms."""

from __future__ import annotations

from playwright.sync_api import FilePayload

from lumbung_shared.forms import built_in_forms
from tests.e2e.driver import Phone
from tests.e2e.studio import Studio
from tests.server.xlsform.workbooks import ask, xlsx

KIND = "compost-training"
QUESTION = "method"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULTY = xlsx(
    [ask("text", "place", label="Nama tempat", required="yes"), ask("text", "late", relevant="${nobody} = 1")],
    (),
    {"form_title": "Survei bank sampah", "form_id": "bank-survey"},
)


def forms(studio: Studio) -> None:
    """A coordinator opens the forms, changes one, and brings one from Excel that has a fault."""
    with studio.phone() as phone:
        studio.sign_in(phone)
        phone.go("/pengaturan", studio.words.settings)
        phone.scroll_to(studio.words.forms.open)
        phone.tap(studio.words.forms.open)
        studio.both(phone, "43-forms", studio.words.forms.bring)
        _begin_to_change(studio, phone)
        _change(studio, phone)
        _from_excel(studio, phone)


def _begin_to_change(studio: Studio, phone: Phone) -> None:
    words, title = studio.words, built_in_forms()[KIND].title.within(studio.language)
    phone.scroll_to(title)
    phone.tap(title)
    studio.picture(phone, "44-form-published", words.editing.open)
    phone.tap(words.editing.open)
    studio.both(phone, "45-form-editor", words.editing.form_title)


def _change(studio: Studio, phone: Phone) -> None:
    words = studio.words
    question = built_in_forms()[KIND].by_name[QUESTION].label.within(studio.language)
    phone.scroll_to(question)
    phone.tap(question)
    studio.picture(phone, "46-question-editor", words.editing.label)
    phone.tap(words.back)
    phone.wait_text(words.editing.preview)
    phone.tap(words.editing.preview)
    studio.picture(phone, "47-form-preview", words.editing.unchanged)


def _from_excel(studio: Studio, phone: Phone) -> None:
    words = studio.words.forms
    phone.go("/umpan/meja/formulir", words.bring)
    phone.tap(words.bring)
    phone.wait_text(words.pick)
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(words.pick)
    chooser.value.set_files(FilePayload(name="survei.xlsx", mimeType=EXCEL, buffer=FAULTY))
    studio.picture(phone, "48-form-from-excel", words.faults.format(n=1))
