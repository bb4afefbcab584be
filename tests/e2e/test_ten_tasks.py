"""The ten tasks of `docs/usability.md` on the real app: a cadre, a head of the kelurahan and a coordinator, one after
the other. Each ends with what the person has to see; pictures of the ends lie in `build/e2e`.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from lumbung_client.ui.texts import LANGUAGES, Texts
from lumbung_shared.times import local_date
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.scenes import snacks
from tests.e2e.screen import PICTURES
from tests.e2e.screenshots_large import TWICE
from tests.e2e.steps import add_entry, begin, fill, finish, sign_in, take_photos
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

ID, EN = LANGUAGES["id"], LANGUAGES["en"]
BANK, KIND = "Bank Sampah Melati", "Pelatihan bank sampah"
PEOPLE = "Jumlah peserta (L/P)"
REASON = "Di daftar hadir ada 15 orang, bukan 12."
QUESTION, ANSWER = "Apakah anak-anak ikut dihitung?", "Ya, semua yang hadir dihitung."
ARRIVAL = 60


def test_ten_tasks_of_people_who_are_new_here(server: LumbungServer, make_phone: MakePhone) -> None:
    cadre, chief = make_phone(), make_phone()
    begin_with_a_code(cadre, server)
    log_yesterdays_training_without_a_signal(cadre)
    find_out_why_it_is_not_sent(cadre)
    add_a_photo_and_see_that_it_arrived(cadre)
    prove_it_to_the_head_of_the_kelurahan(cadre)
    correct_what_was_returned(cadre, chief, server)
    do_it_again_for_another_rt_in_large_letters(cadre)
    take_a_deletion_back_in_english(cadre)
    answer_a_question_in_english(cadre, chief)
    make_the_monthly_report(chief)
    for phone in (cadre, chief):
        assert phone.record.page_errors == []
        assert phone.record.violations() == []


def begin_with_a_code(phone: Phone, server: LumbungServer) -> None:
    """Task 1: a slip of paper with a code, and nothing else."""
    code = server.demo["codes"][0]
    phone.open("/", ID.enrol_title)
    phone.type_into(ID.enrol_code, code["code"])
    phone.tap(ID.enrol_button)
    phone.wait_text(ID.guide.registered.format(name=code["name"], region=code["region_name"]))
    phone.tap(ID.guide.forward)
    phone.wait_text(ID.guide.arrived_title)
    phone.tap(ID.guide.forward)
    phone.tap(ID.guide.begin)
    phone.wait_text(ID.no_activities_help)
    done(phone, 1)


def log_yesterdays_training_without_a_signal(phone: Phone) -> None:
    """Task 2: twelve people in RT 05, yesterday; it is kept, and not called sent."""
    phone.go_offline()
    begin(phone, KIND)
    choose_day(phone, local_date(time.time_ns() // 1_000_000) - timedelta(days=1))
    fill(phone, "RT", "05")
    add_entry(phone, "Bank sampah *", BANK)
    phone.scroll_to("Tambah hasil penimbangan")
    phone.tap("Tambah hasil penimbangan")
    phone.scroll_to("Jenis sampah *")
    phone.choose("Jenis sampah *", "Plastik")
    fill(phone, "Berat (kg) *", "8,5")
    count(phone, men="3", women="9")
    finish(phone, BANK)
    phone.wait_text(ID.finished_saved)
    phone.wait_text(ID.states.word_waiting)
    assert phone.shows("Bontang Kuala, RT 05")
    assert not phone.shows(ID.states.word_sent)
    done(phone, 2)


def find_out_why_it_is_not_sent(phone: Phone) -> None:
    """Task 3: the line above the list says what is in the way, and the button to send answers as well."""
    phone.tap(ID.banner_offline)
    phone.wait_text(ID.states.sheet_title)
    assert phone.shows(ID.states.why_offline)
    done(phone, 3)
    phone.tap(ID.states.to_send)
    phone.wait_text(ID.send_now)
    before = phone.texts().count(ID.states.why_offline)
    phone.tap(ID.send_now)
    phone.wait_until(
        lambda: phone.texts().count(ID.states.why_offline) > before, "a tap without a signal is not answered", ARRIVAL
    )


def add_a_photo_and_see_that_it_arrived(phone: Phone) -> None:
    """Task 4: back in range, one more photo; the row says that text and photo are there."""
    phone.go_online()
    phone.wait_text(ID.nothing_waits, ARRIVAL)
    open_own(phone)
    phone.tap(ID.edit)
    phone.wait_text(ID.save_draft)
    take_photos(phone, {"IMG_0001.jpg": snacks(2)})
    phone.wait_text("Foto 1")
    finish(phone, BANK)
    phone.wait_text("Foto 1/1 lengkap", ARRIVAL)
    phone.wait_text("Semua sudah terkirim", ARRIVAL)
    done(phone, 4)


def prove_it_to_the_head_of_the_kelurahan(phone: Phone) -> None:
    """Task 5: the receipt on the screen, and what its QR code leads to on another phone."""
    open_own(phone)
    phone.scroll_to(ID.receipt.open)
    phone.tap(ID.receipt.open)
    phone.wait_text(ID.receipt.seal_sound, ARRIVAL)
    assert phone.shows(BANK)
    address = next(text for text in phone.texts() if text.startswith("http") and "/bukti/" in text)
    done(phone, 5)
    own = phone.new_tab()
    phone.page.goto(address)
    assert "Tanda tangan sah" in phone.page.inner_text("body")
    phone.page.close()
    phone.show(own)


def correct_what_was_returned(phone: Phone, chief: Phone, server: LumbungServer) -> None:
    """Task 6: the coordinator returns it with a reason, the cadre finds the answer that is meant and corrects it."""
    login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
    sign_in(chief, login["login"], login["password"])
    chief.wait_text(ID.no_activities_coordinator)
    chief.tap(ID.open_feed)
    chief.wait_text(BANK, ARRIVAL)
    chief.tap(BANK)
    chief.tap(ID.review.give_back, role="button")
    chief.wait_text(ID.review.return_question)
    assert chief.shows("Tempat"), "what is missing can be named, too"
    chief.type_into(ID.review.return_reason, REASON)
    chief.scroll_to(PEOPLE)
    chief.tap(PEOPLE, role="checkbox")
    chief.tap(ID.review.give_back, role="button")
    chief.wait_text(ID.review.returned)
    chief.wait_gone("belum terkirim", ARRIVAL)

    phone.open("/", REASON)
    phone.tap(BANK)
    phone.wait_text(ID.review.reason.format(reason=REASON))
    assert not phone.shows(ID.states.todo_sent)
    phone.tap(ID.correct)
    phone.tap(ID.review.go_to.format(field=PEOPLE))
    phone.tap(ID.women)
    phone.type_into(ID.women, "12")
    finish(phone, BANK)
    phone.wait_text(ID.review.corrected)
    phone.wait_text(ID.states.word_sent, ARRIVAL)
    done(phone, 6)


def do_it_again_for_another_rt_in_large_letters(phone: Phone) -> None:
    """Task 7: with letters at 200 % the same training, in RT 07."""
    phone.page.add_init_script(TWICE)
    phone.open("/", BANK)
    phone.tap(BANK)
    phone.scroll_to(ID.entering.again)
    phone.tap(ID.entering.again)
    phone.wait_text(ID.entering.again_begun)
    fill(phone, "RT", "07")
    count(phone, men="4", women="8")
    done(phone, 7)
    finish(phone, BANK)
    phone.wait_text("Bontang Kuala, RT 07")
    assert phone.shows("Bontang Kuala, RT 05"), "the other one stays as it was"


def take_a_deletion_back_in_english(phone: Phone) -> None:
    """Task 8: another language, the wrong activity deleted, and back again."""
    phone.reopen("/", BANK)
    change_language(phone, "English", ID, EN)
    phone.tap("Bontang Kuala, RT 07")
    phone.tap(EN.delete)
    phone.wait_text(EN.delete_question)
    assert phone.shows(EN.delete_undo)
    phone.tap(EN.delete)
    phone.wait_text(EN.deleted)
    phone.wait_gone("Bontang Kuala, RT 07")
    phone.tap(EN.entering.undo)
    phone.wait_text("Bontang Kuala, RT 07")
    done(phone, 8)


def answer_a_question_in_english(phone: Phone, chief: Phone) -> None:
    """Task 9: a cadre asks something about one activity; the coordinator opens it, reads and answers."""
    phone.tap("Bontang Kuala, RT 07")
    comment(phone, QUESTION)
    phone.wait_gone(EN.not_sent_yet, ARRIVAL)
    phone.tap(EN.back)
    chief.tap(ID.back)
    change_language(chief, "English", ID, EN)
    chief.tap(EN.tab_feed, role="tab")
    chief.tap(EN.refresh)
    chief.wait_text(EN.review.talked.partition("{")[0], ARRIVAL)
    newest = next(node for node in chief.nodes() if node.takes_taps and node.name.startswith(BANK))
    chief.tap(newest.name)
    chief.scroll_to(QUESTION)
    comment(chief, ANSWER)
    chief.wait_gone(EN.not_sent_yet, ARRIVAL)
    phone.tap(EN.tab_send, role="tab")
    phone.tap(EN.send_now)
    phone.tap(EN.tab_activities, role="tab")
    phone.wait_text(EN.review.talked.partition("{")[0], ARRIVAL)
    phone.tap("Bontang Kuala, RT 07")
    phone.wait_text(ANSWER, ARRIVAL)
    phone.scroll_to(ANSWER)
    done(phone, 9)


def make_the_monthly_report(chief: Phone) -> None:
    """Task 10: verify what was corrected, then the report of the month as a file."""
    chief.tap(EN.back)
    change_language(chief, "Bahasa Indonesia", EN, ID)
    chief.tap(ID.tab_feed, role="tab")
    chief.tap(ID.review.corrected)
    chief.tap(ID.review.verify, role="button")
    chief.wait_text(ID.review.verified)
    chief.wait_gone(ID.not_sent_yet, ARRIVAL)
    chief.tap(ID.back)
    chief.tap(ID.tab_activities, role="tab")
    chief.tap(ID.open_desk)
    chief.scroll_to(ID.report.lead)
    chief.tap(ID.report.lead)
    chief.wait_text("Unduh PDF")
    with chief.page.expect_download() as waiting:
        chief.tap("Unduh PDF")
    name = waiting.value.suggested_filename
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")
    chief.wait_text(name)
    done(chief, 10)


def change_language(phone: Phone, language: str, old: Texts, new: Texts) -> None:
    """Choose another language in the settings, and come back to the activities."""
    phone.tap(old.settings)
    phone.scroll_to(language)
    phone.tap(language)
    phone.wait_text(new.letters_help)
    phone.tap(new.back)
    phone.wait_gone(new.letters_help)


def open_own(phone: Phone) -> None:
    """Open the training from the list."""
    phone.tap(ID.tab_activities, role="tab")
    phone.wait_text(BANK)
    phone.tap(BANK)
    phone.wait_text(ID.edit)


def choose_day(phone: Phone, day: date) -> None:
    """Say in the calendar on which day of this month or the last it was."""
    phone.tap("Tanggal kegiatan")
    phone.wait_text("Pilih tanggal")
    if day.month != local_date(time.time_ns() // 1_000_000).month:
        phone.tap("Bulan sebelumnya")
    phone.tap(f"{day.day}, ")
    phone.tap("OKE")
    phone.wait_gone("Pilih tanggal")


def count(phone: Phone, men: str, women: str) -> None:
    """Say how many came."""
    fill(phone, ID.men, men)
    fill(phone, ID.women, women)


def comment(phone: Phone, text: str) -> None:
    """Write a comment below an opened activity."""
    phone.scroll_to(EN.review.comment)
    phone.type_into(EN.review.comment, text)
    phone.scroll_to(EN.review.comment_send)
    phone.tap(EN.review.comment_send)
    phone.wait_until(lambda: text in phone.texts() or None, "the comment is not there", ARRIVAL)


def done(phone: Phone, task: int) -> None:
    """Keep a picture of how a task ended."""
    phone.screenshot(PICTURES / f"task-{task:02}.png")
