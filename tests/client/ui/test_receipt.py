"""*Bukti terima* on the screen: what it says, in both languages, and what is handed on."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from lumbung_client.session.receipt_book import KEYS_PATH
from lumbung_client.session.views import KeptFile
from lumbung_client.store.entries import put_receipt
from lumbung_client.ui.parts import download
from lumbung_client.ui.parts.receipts import RECEIPTS, receipt_address
from lumbung_client.ui.screens.sending import RECEIPTS_SHOWN
from lumbung_client.ui.texts import LANGUAGES
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import receipt_in, receipt_name, receipt_path, short_digest
from tests.client.fakes import ADDRESS, FakeServer, message, problem
from tests.client.phones import logged
from tests.client.session.test_receipt_book import signing
from tests.client.ui.stage import Stage, on_stage, played

WORDS = LANGUAGES["id"].receipt


async def received(stage: Stage, *names: str) -> Receipt:
    """Log activities that go in one request, and return the receipt over them."""
    stage.server.down = True
    for name in names:
        logged(stage.session, name)
    stage.server.down = False
    await stage.session.sync_now()
    await stage.settle()
    return stage.session.receipts()[0]


def shared(stage: Stage) -> str:
    """What the two buttons hand on: the same to other apps as to the clipboard."""
    share = stage.screen.find(ft.FilledButton, key="share-receipt").action
    copy = stage.screen.find(ft.OutlinedButton, key="copy-receipt").action
    assert isinstance(share, ft.ShareText)
    assert isinstance(copy, ft.CopyToClipboard)
    assert share.text == copy.data
    return share.text


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_receipt_is_opened_from_the_list_and_read_without_a_network(language: str) -> None:
    async def act() -> None:
        words = LANGUAGES[language].receipt
        async with on_stage(server=signing()) as stage:
            screen = stage.screen
            receipt = await received(stage, "Rapat satu", "Rapat dua")
            stage.session.set_language(language)
            stage.server.down = True
            await screen.go("/kirim")
            await screen.press(f"receipt-{receipt.home}-{receipt.number}")
            assert screen.page.route == receipt_address(receipt)
            for text in (
                words.number.format(number=f"{receipt.home}-{receipt.number}"),
                words.received.format(time=full_moment(receipt.time, language)),
                words.by.format(name="Siti"),
                words.count.format(writes=2, records=2),
                words.seal_sound,
                words.match_same,
                words.contents,
                "Rapat satu",
                "Rapat dua",
                short_digest(receipt.root),
                words.check_help,
                f"{ADDRESS}{receipt_path(receipt)}",
                words.share_help,
            ):
                assert screen.shows(text), text
            assert [one.semantics_label for one in screen.all(ft.Image)] == [words.qr]
            await stage.back()
            assert screen.page.route == "/kirim"

    played(act())


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_shared_can_be_read_by_people_and_checked_by_a_program(language: str) -> None:
    async def act() -> None:
        words = LANGUAGES[language].receipt
        async with on_stage(server=signing()) as stage:
            receipt = await received(stage, "Rapat satu", "Rapat dua")
            stage.session.set_language(language)
            await stage.screen.go(receipt_address(receipt))
            text = shared(stage)
            assert receipt_in(text) == receipt
            readable = text.partition("-----")[0]
            for said in (
                words.message_title.format(number=f"{receipt.home}-{receipt.number}"),
                words.message_received.format(time=full_moment(receipt.time, language)),
                words.message_by.format(name="Siti"),
                "- Rapat satu\n- Rapat dua\n",
                words.message_check.format(address=f"{ADDRESS}{receipt_path(receipt)}"),
            ):
                assert said in readable, said

    played(act())


def test_a_receipt_can_be_opened_by_its_address_and_leads_to_what_it_is_for() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            receipt = await received(stage, "Rapat satu")
            (row,) = stage.session.activities()
            await stage.screen.go(receipt_address(receipt))
            await stage.screen.press(f"received-{row.record}")
            assert stage.screen.page.route == f"/kegiatan/{row.record}"
            await stage.screen.press("to-receipt")
            assert stage.screen.page.route == receipt_address(receipt)

    played(act())


def test_a_receipt_that_is_not_here_says_so() -> None:
    async def act() -> None:
        for name in ("apa", f"1-1-{'a' * 20}"):
            async with on_stage(route=f"{RECEIPTS}/{name}") as stage:
                assert stage.screen.shows(WORDS.unknown)

    played(act())


def test_a_signature_is_checked_as_soon_as_the_key_is_there() -> None:
    async def act() -> None:
        server = signing()
        told = server.canned[KEYS_PATH]
        server.canned[KEYS_PATH] = problem("server-busy", 503)
        async with on_stage(server=server) as stage:
            receipt = await received(stage, "Rapat satu")
            await stage.screen.go(receipt_address(receipt))
            assert stage.screen.shows(WORDS.seal_unchecked)
            await stage.screen.go("/kirim")
            server.canned[KEYS_PATH] = told
            await stage.screen.go(receipt_address(receipt))
            await stage.screen.until(lambda: stage.screen.shows(WORDS.seal_sound))
            assert not stage.screen.shows(WORDS.seal_unchecked)

    played(act())


def test_what_is_wrong_with_a_receipt_is_said_plainly() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            screen, receipt = stage.screen, await received(stage, "Rapat satu")
            forged = replace(receipt, root="0" * 64)
            stage.session._store.apply([put_receipt(forged)])
            await screen.go(receipt_address(forged))
            assert screen.shows(WORDS.seal_broken)
            assert screen.shows(WORDS.match_other)
            lacking = replace(receipt, numbers=(*receipt.numbers, 98, 99))
            stage.session._store.apply([put_receipt(lacking)])
            await screen.go(receipt_address(lacking))
            assert screen.shows(WORDS.match_partly.format(n=2))
            assert screen.shows(WORDS.writes.format(writes=3))

    played(act())


def test_a_record_that_was_deleted_since_stays_in_its_receipt_without_a_way_to_it() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            receipt = await received(stage, "Rapat satu")
            (row,) = stage.session.activities()
            stage.session.delete(row.record)
            await stage.settle()
            await stage.screen.go(receipt_address(receipt))
            assert stage.screen.shows(WORDS.gone)
            assert stage.screen.find(ft.ListTile, key=f"received-{row.record}").on_click is None
            assert "Rapat satu" not in shared(stage)

    played(act())


def test_of_many_records_the_first_are_listed_and_the_others_counted() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            receipt = await received(stage, *(f"Rapat {n}" for n in range(52)))
            await stage.screen.go(receipt_address(receipt))
            assert stage.screen.shows(WORDS.more.format(n=2))
            assert len([one for one in stage.screen.all(ft.ListTile) if str(one.key).startswith("received-")]) == 50
            assert "- Rapat 51" in shared(stage)

    played(act())


def test_every_receipt_of_the_list_has_an_address_of_its_own() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            await received(stage, "Rapat satu")
            await received(stage, "Rapat dua")
            names = {receipt_name(receipt) for receipt in stage.session.receipts()}
            assert len(names) == 2
            await stage.screen.go("/kirim")
            assert len(listed(stage)) == 2

    played(act())


def test_keys_of_a_server_that_tells_none_change_nothing() -> None:
    async def act() -> None:
        server: FakeServer = signing()
        server.canned[KEYS_PATH] = message({"keys": {}})
        async with on_stage(server=server) as stage:
            receipt = await received(stage, "Rapat satu")
            await stage.screen.go(receipt_address(receipt))
            assert stage.screen.shows(WORDS.seal_unchecked)

    played(act())


def test_a_picture_of_the_receipt_is_saved_with_what_is_written_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            screen, receipt = stage.screen, await received(stage, *(f"Rapat {n}" for n in range(14)))
            saved: list[KeptFile] = []

            async def keep(_: object, file: KeptFile) -> bool:
                saved.append(file)
                return True

            monkeypatch.setattr(download, "save", keep)
            await screen.go(receipt_address(receipt))
            await screen.press("receipt-picture")
            name = f"bukti-terima-{receipt.home}-{receipt.number}.png"
            await screen.until(lambda: screen.shows(WORDS.picture_made.format(name=name)))
            ((kept,),) = (saved,)
            said = " ".join(kept.content.decode().split())
            for text in ("Dikirim oleh: Siti", "- Rapat 11", WORDS.more.format(n=2), ADDRESS, WORDS.check_help):
                assert text in said, text
            assert "Rapat 12" not in said

    played(act())


def test_older_receipts_are_reached_with_a_tap() -> None:
    async def act() -> None:
        async with on_stage(server=signing()) as stage:
            for n in range(RECEIPTS_SHOWN + 2):
                await received(stage, f"Rapat {n}")
            await stage.screen.go("/kirim")
            assert len(listed(stage)) == RECEIPTS_SHOWN
            await stage.screen.press("more")
            assert len(listed(stage)) == RECEIPTS_SHOWN + 2
            assert not [one for one in stage.screen.walk() if getattr(one, "key", None) == "more"]

    played(act())


def listed(stage: Stage) -> list[ft.ListTile]:
    return [one for one in stage.screen.all(ft.ListTile) if str(one.key).startswith("receipt-")]
