"""Pictures of the first minutes: the three pages for whoever is new, the practice form, and the help of a screen."""

from __future__ import annotations

from tests.e2e.studio import Studio

PERSON = "kdr-40"


def first_minutes(studio: Studio) -> None:
    """Somebody new reads the introduction to its end, looks at the practice form, and asks for help."""
    words, guide = studio.words, studio.words.guide
    with studio.phone() as phone:
        studio.first_screen(phone)
        phone.type_into(words.enrol_code, studio.server.invite(PERSON))
        phone.tap(words.enrol_button)
        studio.both(phone, "91-introduction-works", guide.works)
        phone.tap(guide.forward)
        studio.both(phone, "92-introduction-arrived", guide.arrived)
        phone.tap(guide.forward)
        studio.both(phone, "93-introduction-seen", guide.seen)
        phone.tap(guide.practise)
        studio.both(phone, "94-practice", guide.practice_note)
        phone.tap(words.back)
        phone.wait_text(words.tab_activities)
        phone.tap(guide.help)
        studio.both(phone, "95-help", guide.close)
        phone.tap(guide.close)
