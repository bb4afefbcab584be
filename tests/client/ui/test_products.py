"""*Katalog produk* on the desk, and the way from a photo session to what may be shared of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flet as ft

from lumbung_client.session.products import CATALOGUE_PATH
from lumbung_client.ui.screens.products import CATALOGUE
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.products import Standing
from lumbung_shared.protocol import CatalogueCounts, CatalogueLink, CatalogueLinks, Grant
from lumbung_shared.records import Offered, state_of
from lumbung_shared.review import JUDGEMENT, Judgement, Verdict, content_digest, judgement_value
from lumbung_shared.writes import PhoneTime, Write, write_digest
from tests.client.fakes import START, VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import Stage, on_stage, played
from tests.server.cameras import answer
from tests.server.stalls import FORM, KIND, session

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].products
RECORD = "0190b000-0000-7000-8000-00000000c0de"
ADDRESS = "https://lumbung.example/katalog/64.74"
COUNTS = CatalogueCounts("64.74", ADDRESS, 31, {Standing.SHOWN: 12, Standing.UNVERIFIED: 1_001, Standing.NO_CONSENT: 3})
LINK = CatalogueLink(f"{ADDRESS}/hgtz83q7n80f6hnmg4r2", "Keripik — UMK Ibu Jaya, Rp15.000, Kel. Lok Tuan, Bontang")


def telling(counts: CatalogueCounts = COUNTS) -> FakeServer:
    server = FakeServer()
    server.canned[CATALOGUE_PATH] = message(counts)
    return server


def stored(server: FakeServer, **more: Any) -> None:
    """Have a verified photo session of another cadre stand on the server."""
    sets = session(answer(b"foto"), region=VILLAGE) | more
    first = Write(1, RECORD, KIND, FORM, sets, PhoneTime(START))
    judged = Judgement(Verdict.VERIFIED, content_digest(state_of(RECORD, "1", "budi", [Offered("meja", first)])))
    second = replace(first, n=2, sets={JUDGEMENT: judgement_value(judged)})
    for write in (first, second):
        server.stored["meja", write.n] = (write_digest("meja", write), Offered("meja", write, START, "budi"))
        server.order.append(("meja", write.n))


async def look_at(stage: Stage, **more: Any) -> None:
    stored(stage.server, **more)
    await stage.session.sync_now()
    await stage.settle()
    await stage.screen.go(f"/umpan/{RECORD}")


def passed_on(stage: Stage, key: str) -> tuple[str, str]:
    """What the two buttons hand to other apps, and to the clipboard."""
    share = stage.screen.find(ft.FilledButton, key=f"share-{key}").action
    copy = stage.screen.find(ft.OutlinedButton, key=f"copy-{key}").action
    assert isinstance(share, ft.ShareText)
    assert isinstance(copy, ft.CopyToClipboard)
    return share.text, copy.data


def test_the_desk_leads_to_the_public_page_and_tells_what_is_not_shown() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja")
            await screen.press("catalogue")
            assert screen.page.route == CATALOGUE
            await screen.until(lambda: screen.shows(ADDRESS))
            for text in (
                "31 produk tampil di katalog",
                "1.000+ sesi foto belum diverifikasi",
                "3 sesi foto tanpa persetujuan pemilik",
                WORDS.withdraw_help,
            ):
                assert screen.shows(text), text
            assert not screen.shows(WORDS.off)
            assert passed_on(stage, "page") == (ADDRESS, ADDRESS)
            assert [one.semantics_label for one in screen.all(ft.Image)] == [WORDS.address_qr]

    played(act())


def test_a_catalogue_that_is_switched_off_or_empty_says_so() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling(CatalogueCounts("64.74", "", 0, {}))) as stage:
            screen = stage.screen
            await screen.go(CATALOGUE)
            await screen.until(lambda: screen.shows(WORDS.off))
            assert screen.shows(WORDS.shown_none)
            assert not screen.shows(WORDS.left_title)
            assert not screen.all(ft.Image)

    played(act())


def test_without_a_network_the_last_numbers_stay_with_their_time_and_a_refusal_is_said() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(CATALOGUE)
            await screen.until(lambda: screen.shows(ADDRESS))
            server.down = True
            await screen.press("refresh-catalogue")
            await screen.until(lambda: screen.shows("Server tidak dapat dihubungi. Yang tampil data per"))
            assert screen.shows("31 produk tampil di katalog")
            server.down = False
            server.canned[CATALOGUE_PATH] = problem(Code.FORBIDDEN, 403)
            await screen.press("refresh-catalogue")
            await screen.until(lambda: screen.shows(sentence(Code.FORBIDDEN, "id")))

    played(act())


def test_a_verified_product_is_shared_with_its_caption_and_its_page() -> None:
    async def act() -> None:
        async with on_stage(CITY) as stage:
            screen, server = stage.screen, stage.server
            await look_at(stage)
            assert screen.shows(WORDS.public)
            server.canned[f"{CATALOGUE_PATH}/{RECORD}"] = message(CatalogueLinks((LINK,)))
            await screen.press("share-products")
            await screen.until(lambda: screen.shows(LINK.caption))
            said = f"{LINK.caption}\n{LINK.address}"
            assert passed_on(stage, "product-0") == (said, said)

    played(act())


def test_what_cannot_be_shared_now_says_why() -> None:
    async def act() -> None:
        async with on_stage(CITY) as stage:
            screen, server = stage.screen, stage.server
            await look_at(stage)
            server.canned[f"{CATALOGUE_PATH}/{RECORD}"] = message(CatalogueLinks())
            await screen.press("share-products")
            await screen.until(lambda: screen.shows(WORDS.none_shown))
            server.down = True
            await screen.press("share-products")
            await screen.until(lambda: screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))

    played(act())


def test_a_session_that_is_not_public_has_no_share_button_and_tells_the_reason() -> None:
    async def act() -> None:
        async with on_stage(CITY) as stage:
            screen = stage.screen
            await look_at(stage, consent=False)
            assert screen.shows(WORDS.why_no_consent)
            assert not [one for one in screen.walk() if getattr(one, "key", None) == "share-products"]

    played(act())


def test_every_standing_has_its_words_in_both_languages() -> None:
    for texts in LANGUAGES.values():
        for one in Standing:
            name = one.value.replace("-", "_")
            if one is not Standing.SHOWN:
                assert "{n}" in getattr(texts.products, f"stands_{name}")
            if one not in (Standing.SHOWN, Standing.NOT_ARRIVED):
                assert getattr(texts.products, f"why_{name}")
