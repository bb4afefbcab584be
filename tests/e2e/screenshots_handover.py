"""Pictures of a locked phone that hands over what it had not sent, and of the coordinator who decides about it."""

from __future__ import annotations

from lumbung_shared.forms import built_in_forms
from tests.e2e.driver import Phone
from tests.e2e.studio import Studio

LOST, NAME = "kdr-17", "Hernawati Dg. Kanang"
KIND = "compost-training"


def handing_over(studio: Studio) -> None:
    """A cadre's phone is withdrawn with something unsent on it; the coordinator allows, and accepts, the hand-over."""
    words = studio.words.access
    with studio.phone() as lost, studio.phone() as chief:
        name = _locked(studio, lost, chief)
        lost.scroll_to(words.hand_over)
        studio.both(lost, "69-locked-unsent", words.hand_over)
        chief.scroll_to(words.allow_handover)
        chief.tap(words.allow_handover)
        studio.both(chief, "70-allow-handover", words.allow_handover_question.format(name=name))
        chief.tap(words.allow_handover)
        chief.wait_text(words.handover_allowed.partition("{")[0])
        lost.scroll_to(words.hand_over)
        lost.tap(words.hand_over)
        lost.wait_text(words.handed_waiting.partition(":")[0])
        lost.scroll_to(words.hand_over_again)
        studio.both(lost, "71-handed-over", words.hand_over_again)
        chief.reopen("/umpan/meja/serah-terima")
        studio.both(chief, "72-handovers", words.handovers_lead, words.release)
        chief.tap(words.discard)
        studio.both(chief, "73-reject", words.discard_help)
        chief.tap(studio.words.cancel)
        chief.wait_gone(words.discard_help)
        chief.tap(words.release)
        chief.wait_text(words.release_question.format(n=2, name=name))
        chief.tap(words.release)
        chief.wait_text(words.handovers_none)
        lost.scroll_to(words.hand_over_again)
        lost.tap(words.hand_over_again)
        studio.both(lost, "74-accepted", words.handed_accepted.format(n=2))


def _locked(studio: Studio, lost: Phone, chief: Phone) -> str:
    """Have the phone locked, with two activities on it; return its person's name."""
    words = studio.words.access
    studio.enrol(lost, LOST)
    lost.go_offline()
    for group in ("Dasawisma Melati", "Dasawisma Anggrek"):
        _log(studio, lost, group)
    studio.sign_in(chief)
    studio.open_drawer(chief, words.people_title)
    chief.wait_text(words.people_count.format(n=50))
    chief.type_into(words.people_search, NAME)
    chief.wait_gone("Aco Ruslan")
    chief.tap(NAME)
    chief.wait_text(words.invite_help)
    chief.scroll_to(words.revoke)
    chief.tap(words.revoke)
    chief.wait_text(words.revoke_question.format(name=NAME))
    chief.tap(words.revoke)
    chief.wait_text(words.phone_revoked.partition("{")[0])
    lost.go_online()
    lost.wait_text(words.locked_title)
    return NAME


def _log(studio: Studio, phone: Phone, group: str) -> None:
    words, form = studio.words, built_in_forms()[KIND]
    headline = form.by_name[form.headline].label.within(studio.language) + " *"
    phone.tap(words.tab_record)
    phone.wait_text(words.choose_kind)
    phone.scroll_to(form.title.within(studio.language))
    phone.tap(form.title.within(studio.language))
    phone.wait_text(words.save_draft)
    phone.scroll_to(headline)
    phone.type_into(headline, group)
    phone.tap(words.finish)
    phone.wait_text(words.states.word_waiting)
    phone.wait_gone(words.finished_saved)
