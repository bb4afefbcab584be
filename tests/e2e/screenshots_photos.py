"""Pictures of the way of photos: into a form, to the server, and one that is missing there."""

from __future__ import annotations

from lumbung_shared.forms import built_in_forms
from lumbung_shared.problems import Code, sentence
from tests import pictures
from tests.e2e.driver import Phone
from tests.e2e.scenes import snacks
from tests.e2e.steps import take_photos
from tests.e2e.studio import Studio

FORM = built_in_forms()["product-photo-session"]
SHOP = "Amplang Bu Nur"
CAPTIONS = {"id": "Amplang udang, 250 gram", "en": "Prawn crackers, 250 g"}


def photos(studio: Studio) -> None:
    """A cadre takes three photos and sends two of them; the coordinators see that one is missing."""
    with studio.phone() as phone:
        studio.enrol(phone, "kdr-01")
        phone.wait_text("Bank Sampah Pesisir Lestari")
        phone.go_offline()
        _into_the_form(studio, phone)
        _on_their_way(studio, phone)
    with studio.phone() as phone:
        _missing(studio, phone)


def _into_the_form(studio: Studio, phone: Phone) -> None:
    words, language = studio.words, studio.language
    shop = FORM.by_name[FORM.headline].label.within(language) + f" *: {words.not_chosen}"
    caption = FORM.by_name["photos"].cells[1].label.within(language)
    phone.tap(words.tab_record)
    phone.wait_text(words.choose_kind)
    phone.scroll_to(FORM.title.within(language))
    phone.tap(FORM.title.within(language))
    phone.wait_text(words.save_draft)
    phone.scroll_to(shop)
    phone.tap(shop)
    phone.wait_text(words.search_entries)
    phone.tap(SHOP)
    phone.wait_gone(words.search_entries)
    take_photos(phone, {"IMG_1.jpg": snacks(1)}, words.photos.take)
    phone.scroll_to(caption)
    phone.type_into(caption, CAPTIONS[language])
    studio.picture(phone, "34-form-photo", caption)
    more = {"IMG_2.jpg": snacks(2, 1), "IMG_3.heic": pictures.heic(), "IMG_4.jpg": snacks(3, 2)}
    take_photos(phone, more, words.photos.take_another)
    reason = sentence(Code.PHOTO_HEIC, language)
    phone.wait_text(reason)
    phone.scroll_to(reason)
    studio.picture(phone, "35-form-photo-refused", reason)


def _on_their_way(studio: Studio, phone: Phone) -> None:
    words = studio.words
    phone.tap(words.finish)
    phone.wait_text(words.states.word_waiting)
    phone.wait_gone(words.finished_saved)
    phone.tap(SHOP)
    phone.scroll_to(words.photos.pause)
    studio.picture(phone, "36-activity-photos-waiting", words.photos.state_waiting)
    phone.tap(words.photos.pause)
    phone.wait_text(words.photos.state_paused)
    phone.go_online()
    phone.wait_text(words.photos.state_sent, 60)
    phone.scroll_to(words.photos.go_on)
    studio.picture(phone, "37-activity-photo-paused", words.photos.state_paused)
    phone.tap(words.photos.open)
    studio.picture(phone, "38-photo-large", words.photos.close)
    phone.tap(words.photos.close)
    phone.tap(words.back)
    phone.tap(words.tab_send, role="tab")
    studio.picture(phone, "39-send-photos", words.photos.wait.format(n=1))


def _missing(studio: Studio, phone: Phone) -> None:
    words = studio.words
    studio.sign_in(phone)
    phone.tap(words.tab_feed, role="tab")
    count = words.states.word_photos_missing.format(here=2, total=3, n=1)
    phone.wait_text(count, 60)
    studio.both(phone, "40-feed-photo-missing", count)
    phone.tap(count)
    phone.scroll_to(words.photos.ask)
    studio.both(phone, "41-activity-photo-missing", words.photos.missing)
    phone.scroll_to(words.photos.ask)  # it is elsewhere after having been as wide as a desk machine
    phone.tap(words.photos.ask)
    studio.picture(phone, "42-photo-asked", words.photos.asked)
