"""The public page of a receipt: it confirms what the server gave, to who was shown it, and tells nothing of people."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung_server.services import visiting
from lumbung_server.services.confirming import page_of_receipt
from lumbung_server.services.receipts import base64url, is_sealed, open_signer
from lumbung_server.services.visiting import Crowded
from lumbung_server.storefront.receipts import crowded_receipt_page
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import is_signed, receipt_name, receipt_path, short_digest, unpadded
from lumbung_shared.times import local_datetime
from tests.server.phones import GUNTUNG, Phone, activity, database, dump, roster
from tests.server.sites import fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

MISSING = "Bukti terima tidak ditemukan"


@pytest.fixture(scope="module")
def cadre(server: LumbungServer) -> Phone:
    return Phone(server, roster(GUNTUNG).person.id)


def given_to(phone: Phone, writes: int = 1) -> Receipt:
    """A receipt over some activities."""
    made = [phone.write(activity(GUNTUNG, f"Rapat Bu Suminten {n}", notes="0812-7777-4321")) for n in range(writes)]
    (receipt,) = phone.sync(*made).receipts
    return receipt


def visit(phone: Phone, path: str, method: str = "GET") -> requests.Response:
    """Ask for a page as anybody may."""
    headers = {"Accept-Encoding": "identity"}
    return requests.request(method, phone.address + path, headers=headers, timeout=30, allow_redirects=False)


def test_the_page_confirms_a_receipt_to_anybody_who_has_its_address(cadre: Phone) -> None:
    receipt = given_to(cadre, 3)
    page = visit(cadre, receipt_path(receipt))
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    at = local_datetime(receipt.time)
    for text in (
        f"{receipt.home}-{receipt.number}",
        "Tanda tangan sah",
        f"{at.year} pukul {at.hour:02}.{at.minute:02} WITA",
        "<dd>3</dd>",
        short_digest(receipt.root),
        receipt.root,
        receipt.key,
    ):
        assert text in page.text, text


def test_the_page_tells_nothing_of_people_places_and_contents(cadre: Phone) -> None:
    receipt = given_to(cadre)
    person, record = roster(GUNTUNG).person, cadre.writes[-1].record
    said = [person.id, person.name, cadre.replica, receipt.replica, record, "Suminten", "0812-7777", GUNTUNG, "Guntung"]
    for language in ("", "?lang=en"):
        page = visit(cadre, receipt_path(receipt) + language).text
        assert [one for one in said if one in page] == []


def test_a_replay_gives_the_same_receipt_and_its_page_stays_where_it_is(cadre: Phone) -> None:
    write = cadre.write(activity(GUNTUNG))
    (first,) = cadre.sync(write).receipts
    page = visit(cadre, receipt_path(first)).text
    before = dump(cadre.server)["receipt"]
    for _ in range(3):
        assert cadre.sync(write).receipts == (first,)
    assert dump(cadre.server)["receipt"] == before
    assert visit(cadre, receipt_path(first)).text == page


def test_a_later_merge_does_not_contradict_a_receipt(cadre: Phone) -> None:
    receipt = given_to(cadre)
    page = visit(cadre, receipt_path(receipt)).text
    record = cadre.writes[-1].record
    cadre.sync(cadre.write({"title": "Rapat lain"}, record=record))
    cadre.sync(cadre.deletion(record))
    assert visit(cadre, receipt_path(receipt)).text == page


def test_who_counts_numbers_up_learns_nothing(cadre: Phone) -> None:
    receipt, other = given_to(cadre), given_to(cadre)
    name, last = receipt_name(receipt), receipt_name(other)[-20:]
    guessed = [
        f"{receipt.home}-{receipt.number}",
        f"{receipt.home}-{receipt.number}-",
        f"{receipt.home}-{receipt.number}-{'0' * 20}",
        f"{receipt.home}-{receipt.number}-{last}",
        f"{receipt.home}-{other.number + 1_000}-{last}",
        f"0{name}",
        name[:-1],
        name.upper(),
        f"{name}x",
    ]
    pages = {visit(cadre, f"/bukti/{one}").text for one in guessed}
    assert len(pages) == 1, "one that there is, and one that there is not, are answered alike"
    assert MISSING in pages.pop()


@pytest.mark.parametrize(
    "path",
    ["/bukti", "/bukti/", "/bukti/apa", "/bukti/1-1-a/b", "/bukti/%00", "/bukti/..%2f", f"/bukti/{'9' * 400}"],
)
def test_an_address_without_a_receipt_says_so_in_words(cadre: Phone, path: str) -> None:
    page = visit(cadre, path)
    assert page.status_code == 404
    assert MISSING in page.text
    english = visit(cadre, f"{path}?lang=en")
    assert "Receipt not found" in english.text
    assert '<html lang="en">' in english.text


def test_the_page_is_in_indonesian_unless_english_is_asked_for(cadre: Phone) -> None:
    path = receipt_path(given_to(cadre))
    assert '<html lang="id">' in visit(cadre, path).text
    assert f'href="{path}?lang=en"' in visit(cadre, path).text
    english = visit(cadre, f"{path}?lang=en").text
    assert "The signature is valid" in english
    assert f'href="{path}"' in english
    assert '<html lang="id">' in visit(cadre, f"{path}?lang=xx").text


def test_a_page_is_kept_nowhere_runs_nothing_and_is_found_by_no_crawler(cadre: Phone) -> None:
    for path in (receipt_path(given_to(cadre)), "/bukti/tidak-ada"):
        page = visit(cadre, path)
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in re.findall(r'<meta name="robots" content="([^"]+)">', page.text)[0]
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "<script" not in page.text
        assert " style=" not in page.text
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page.text)[0]
    assert visit(cadre, style).headers["Content-Type"] == "text/css; charset=utf-8"


def test_what_is_asked_without_the_page_itself_is_answered_alike(cadre: Phone) -> None:
    for path in (receipt_path(given_to(cadre)), "/bukti/tidak-ada"):
        page, head = visit(cadre, path), visit(cadre, path, "HEAD")
        assert (head.status_code, head.content) == (page.status_code, b"")
        assert head.headers["Content-Length"] == str(len(page.content))
    for method in ("POST", "PUT", "DELETE"):
        assert visit(cadre, path, method).status_code == 405


def test_a_receipt_that_was_changed_behind_the_servers_back_is_not_confirmed(cadre: Phone) -> None:
    receipt = given_to(cadre)
    with database(cadre.server) as connection:
        changed = "UPDATE receipt SET time = time + 60000 WHERE home = ? AND number = ?"
        connection.execute(changed, (int(receipt.home), receipt.number))
    assert visit(cadre, receipt_path(receipt)).status_code == 404, "it is another one than was given"
    forged = Receipt(**{**vars(receipt), "time": receipt.time + 60_000})
    page = visit(cadre, receipt_path(forged)).text
    assert "Tanda tangan tidak sah" in page
    assert "Tanda tangan sah" not in page
    with database(cadre.server) as connection:
        back = "UPDATE receipt SET time = time - 60000 WHERE home = ? AND number = ?"
        connection.execute(back, (int(receipt.home), receipt.number))


def test_receipts_of_a_key_that_is_used_no_more_are_still_confirmed(own_server: LumbungServer) -> None:
    phone = Phone(own_server.start(), roster(GUNTUNG).person.id)
    receipt = given_to(phone)
    own_server.stop()
    (own_server.var / "receipt-key").unlink()
    own_server.start()
    assert given_to(phone).key != receipt.key
    assert "Tanda tangan sah" in visit(phone, receipt_path(receipt)).text


def test_visitors_who_are_too_many_are_told_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PATIENCE_SECONDS", 0.05)

    async def crowd() -> None:
        async with fresh_site(tmp_path, f"sqlite:///{tmp_path / 'lumbung.sqlite3'}") as site:
            for _ in range(4):
                await site.visitors.acquire()
            with pytest.raises(Crowded):
                await page_of_receipt(site, f"1-1-{'a' * 20}", "id")

    asyncio.run(crowd())
    assert b"Sedang ramai" in crowded_receipt_page("id")
    assert b"Busy" in crowded_receipt_page("en")


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 63), st.integers(1, 255))
def test_the_phone_and_the_server_know_the_same_signatures(
    tmp_path_factory: pytest.TempPathFactory, said: bytes, place: int, change: int
) -> None:
    signer = open_signer(tmp_path_factory.mktemp("kunci") / "receipt-key")
    receipt = signer.sealed(Receipt("1", 1, 1, "0a1b2c3d4e5f6g7h", (1,), said.hex()))
    signature = bytearray(unpadded(receipt.signature))
    signature[place] ^= change
    other = Receipt(**{**vars(receipt), "signature": base64url(bytes(signature))})
    keys = {signer.id: signer.public}
    for one, sound in ((receipt, True), (other, False)):
        assert is_sealed(one, keys) is is_signed(one, keys) is sound
