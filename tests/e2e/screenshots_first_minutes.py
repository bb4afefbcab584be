"""Pictures of the first minutes: the three pages for whoever is new, the practice form, and the help of a screen."""

from __future__ import annotations

from tests.e2e.studio import Studio

PERSON = "kdr-40"


def first_minutes(studio: Studio) -> None:
    """Somebody new reads the introduction to its end, looks at the practice form, and asks for help."""
    words, guide = studio.words, studio.words.guide
    for width, suffix in studio.widths:
        with studio.phone(width) as phone:
            studio.first_screen(phone)
            phone.type_into(words.enrol_code, studio.server.invite(PERSON))
            phone.tap(words.enrol_button)
            studio.picture(phone, f"91-introduction-works{suffix}", guide.works)
            phone.tap(guide.forward)
            studio.picture(phone, f"92-introduction-arrived{suffix}", guide.arrived)
            phone.tap(guide.forward)
            studio.picture(phone, f"93-introduction-seen{suffix}", guide.seen)
            phone.tap(guide.practise)
            studio.picture(phone, f"94-practice{suffix}", guide.practice_note)
            phone.tap(words.back)
            phone.wait_text(words.tab_activities)
            phone.tap(guide.help)
            studio.picture(phone, f"95-help{suffix}", guide.close)
            phone.tap(guide.close)
