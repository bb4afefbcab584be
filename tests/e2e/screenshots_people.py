"""Pictures of a locked phone, and of the screens on which coordinators look after people and their phones."""

from __future__ import annotations

from tests.e2e.driver import Phone
from tests.e2e.studio import Studio

LOST, NAME = "kdr-16", "Ahmad Fauzan Rifani"


def people(studio: Studio) -> None:
    """A coordinator invites somebody and withdraws the permission of that person's phone, which is locked then."""
    words = studio.words.access
    with studio.phone() as lost, studio.phone() as chief:
        studio.enrol(lost, LOST)
        studio.sign_in(chief)
        studio.open_drawer(chief, words.people_title)
        studio.both(chief, "49-people", words.people_count.format(n=50))
        chief.type_into(words.people_search, NAME)
        chief.wait_gone("Aco Ruslan")
        chief.tap(NAME)
        studio.both(chief, "50-person", words.invite_help)
        chief.tap(words.invite)
        studio.both(chief, "51-invitation", words.invite_once)
        chief.scroll_to(words.revoke)
        chief.tap(words.revoke)
        studio.both(chief, "52-revoke", words.revoke_question.format(name=NAME))
        chief.tap(words.revoke)
        chief.wait_text(words.phone_revoked.partition("{")[0])
        _locked(studio, lost)


def _locked(studio: Studio, lost: Phone) -> None:
    """The lost phone hears of it when it next asks."""
    lost.tap(studio.words.tab_send, role="tab")
    lost.tap(studio.words.send_now)
    studio.both(lost, "53-locked", studio.words.access.locked_title)
