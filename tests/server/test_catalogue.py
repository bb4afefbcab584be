"""The public catalogue: what anybody may see of verified products, and that nothing is shown a moment too long."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from lumbung_server.services import products, visiting
from lumbung_server.services.checking import Checked, check
from lumbung_server.services.visiting import Crowded
from lumbung_shared.products import item_id
from lumbung_shared.review import JUDGEMENT, Verdict
from tests.server.cameras import Hand, answer, jpeg, log_photos, name_of
from tests.server.phones import BONTANG, GUNTUNG, LOK_TUAN, SATIMPO, UTARA, Phone, database, new_record, problem, roster
from tests.server.sites import fresh_site
from tests.server.stalls import AUTHOR, FORM, KIND, Stall, session
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

ROW = "0000000000"
HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(2)>'&amp;{{7*7}}"""


@pytest.fixture(scope="module")
def stall(server: LumbungServer) -> Stall:
    return Stall(server)


@pytest.fixture
def photo(request: pytest.FixtureRequest) -> bytes:
    """A picture like no other."""
    return jpeg(hash(request.node.nodeid))


def is_public(stall: Stall, content: bytes) -> bool:
    return stall.visit(f"/katalog/foto/{name_of(content)}").status_code == 200


def assert_gone(stall: Stall, record: str, content: bytes) -> None:
    assert stall.page(record).status_code == 404
    assert not stall.is_listed(record)
    assert not is_public(stall, content)
    assert_sound(stall.server)


def assert_sound(server: LumbungServer) -> None:
    assert {one.finding for one in checked(server).faults} == set()


def checked(server: LumbungServer) -> Checked:
    async def look() -> Checked:
        async with fresh_site(server.var, server.database_url) as site:
            return await check(site, read_photos=False)

    return asyncio.run(look())


def test_a_verified_product_with_consent_is_shown_to_everybody(stall: Stall, photo: bytes) -> None:
    record = stall.log(photo)
    assert_gone(stall, record, photo)
    stall.judge(record)
    for region in (GUNTUNG, UTARA, BONTANG, "64"):
        page = stall.visit(f"/katalog/{region}")
        assert page.status_code == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert item_id(record, ROW) in page.text
    assert not stall.is_listed(record, region=SATIMPO)
    page = stall.page(record)
    assert page.status_code == 200
    for text in ("Keripik Singkong", "UMK Ibu Jaya", "Rp15.000", "Kel. Guntung, Bontang"):
        assert text in page.text
    found = stall.visit(f"/katalog/foto/{name_of(photo)}")
    assert (found.status_code, found.headers["Content-Type"], found.content) == (200, "image/jpeg", photo)
    assert_sound(stall.server)


def test_a_shared_link_tells_the_picture_the_price_and_the_place(stall: Stall, photo: bytes) -> None:
    page = stall.page(stall.shown(photo)).text
    told = dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', page))
    assert told["og:title"] == "Keripik Singkong — Rp15.000"
    assert told["og:description"] == "UMK Ibu Jaya, Kel. Guntung, Bontang"
    assert told["og:image"] == f"{stall.server.base_url}/katalog/foto/{name_of(photo)}"
    assert told["og:url"].startswith(f"{stall.server.base_url}/katalog/{GUNTUNG}/")


@pytest.mark.parametrize("consent", [False, None])
def test_withdrawn_consent_takes_the_product_off_at_once(stall: Stall, photo: bytes, consent: bool | None) -> None:
    record = stall.shown(photo)
    assert is_public(stall, photo)
    stall.change(record, consent=consent)
    assert_gone(stall, record, photo)
    stall.judge(record)
    assert_gone(stall, record, photo)
    stall.change(record, consent=True)
    stall.judge(record)
    assert stall.page(record).status_code == 200, "the same address, when it is given again"


@pytest.mark.parametrize(
    "sets",
    [
        {f"products/{ROW}/price": 20_000},
        {"business_entry": None},
        {f"product_photos/{ROW}/caption": "Rasa pedas"},
        {"notes": "Pemiliknya ramah"},
    ],
)
def test_what_was_changed_after_it_was_verified_is_shown_only_once_it_is_verified_again(
    stall: Stall, photo: bytes, sets: dict[str, Any]
) -> None:
    record = stall.shown(photo)
    stall.change(record, **sets)
    assert_gone(stall, record, photo)
    stall.judge(record)
    assert stall.page(record).status_code == 200


def test_a_returned_product_is_not_shown(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    stall.judge(record, Verdict.RETURNED, "Fotonya buram")
    assert_gone(stall, record, photo)


def test_a_product_whose_review_was_taken_back_is_not_shown(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    stall.chief.sync_all()
    stall.say(stall.chief, record, {JUDGEMENT: None})
    assert_gone(stall, record, photo)


def test_a_deleted_product_is_not_shown(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    stall.delete(record)
    assert_gone(stall, record, photo)


def test_a_disputed_product_is_not_shown(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    other = Phone(stall.server, AUTHOR)
    other.sync_all()
    price = f"products/{ROW}/price"
    stall.change(record, **{price: 17_000})
    stall.say(other, record, {price: 18_000})
    stall.judge(record)
    assert_gone(stall, record, photo)


def test_a_product_is_shown_once_its_photo_has_come(stall: Stall, photo: bytes) -> None:
    record = stall.cadre.log(session(answer(photo)), kind=KIND, form=FORM)
    stall.judge(record)
    assert_gone(stall, record, photo)
    stall.upload(photo)
    assert stall.page(record).status_code == 200
    assert is_public(stall, photo)
    assert_sound(stall.server)


def test_of_several_photos_those_are_shown_that_came(stall: Stall, photo: bytes) -> None:
    other = jpeg(4711)
    record = stall.cadre.log(session(answer(photo), answer(other)), kind=KIND, form=FORM)
    stall.upload(photo)
    stall.judge(record)
    assert name_of(other) not in stall.page(record).text
    assert not is_public(stall, other)
    stall.upload(other)
    assert name_of(other) in stall.page(record).text
    assert is_public(stall, other)


def test_lists_show_the_small_copy_and_pages_the_photo(stall: Stall, photo: bytes) -> None:
    small = jpeg(hash(photo), 320, 240)
    record = stall.cadre.log(session(answer(photo, small)), kind=KIND, form=FORM)
    stall.upload(photo)
    stall.judge(record)
    assert name_of(photo) in stall.visit(f"/katalog/{GUNTUNG}").text, "as long as there is no small one"
    stall.upload(small)
    listed = stall.visit(f"/katalog/{GUNTUNG}").text
    assert f'<img src="/katalog/foto/{name_of(small)}"' in listed
    assert f'<img src="/katalog/foto/{name_of(photo)}"' not in listed
    assert f'<img src="/katalog/foto/{name_of(photo)}"' in stall.page(record).text
    assert is_public(stall, small)
    assert is_public(stall, photo)


def test_a_product_that_moved_is_found_where_it_is(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    stall.change(record, region=LOK_TUAN)
    stall.judge(record)
    assert stall.is_listed(record, region=LOK_TUAN)
    assert not stall.is_listed(record, region=GUNTUNG)
    old = stall.page(record)
    assert (old.status_code, old.headers["Location"]) == (302, f"/katalog/{LOK_TUAN}/{item_id(record, ROW)}")
    assert "Kel. Lok Tuan, Bontang" in stall.page(record, region=LOK_TUAN).text
    assert_sound(stall.server)


def test_a_photo_whose_caption_names_a_product_is_shown_with_that_one_only(stall: Stall, photo: bytes) -> None:
    second, both = jpeg(1), jpeg(2)
    sets = session(
        (answer(photo), "Keripik singkong, pedas"),
        (answer(second), "AMPLANG ikan"),
        (answer(both), "Semua"),
        products=(("Keripik Singkong", 15_000), ("Amplang", None), ("Bolu", 9_000)),
    )
    record = stall.cadre.log(sets, kind=KIND, form=FORM)
    for content in (photo, second, both):
        stall.upload(content)
    stall.judge(record)
    shown = {row: stall.page(record, f"{row:010}").text for row in range(3)}
    seen = {row: [name_of(one) in page for one in (photo, second, both)] for row, page in shown.items()}
    assert seen == {0: [True, False, True], 1: [False, True, True], 2: [False, False, True]}
    assert "Rp" not in re.sub(r"<head>.*</head>", "", shown[1], flags=re.DOTALL)


def test_a_session_without_products_shows_the_business(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo, products=())
    page = stall.page(record, "").text
    assert "<h1>UMK Ibu Jaya</h1>" in page
    assert "Rp" not in page


def test_nothing_of_people_and_nothing_else_of_the_record_is_public(stall: Stall, photo: bytes) -> None:
    private = jpeg(99)
    record = stall.shown(
        photo,
        **{
            "rt": "RT-077",
            "place": "Rumah Bu Suminten",
            "partners_other": "PKK Bu Suminten",
            "group_entry": {"id": new_record(), "name": "Kelompok Suminten"},
            "location": {"lat": "0.133400", "lon": "117.500000", "accuracy": "12"},
            "notes": "Pemilik Bu Suminten, 0812-7777-4321",
            "posted_link": "instagram.com/suminten",
            "photos/0000000000/photo": answer(private),
            "photos/0000000000/caption": "Bu Suminten",
        },
    )
    stall.upload(private)
    said = [
        f"Orang {AUTHOR}",
        AUTHOR,
        "koor-toko",
        record,
        "2026-11-20",
        "uminten",
        "RT-077",
        "117.5",
        "0812-7777-4321",
    ]
    pages = [stall.visit(f"/katalog/{one}").text for one in (GUNTUNG, UTARA, BONTANG, "64")]
    for page in [*pages, stall.page(record).text]:
        assert not [one for one in [*said, name_of(private)] if one in page]
    assert not is_public(stall, private), "a photo of the day, which may show people"


def test_what_people_write_stays_text(stall: Stall, photo: bytes) -> None:
    sets = session(
        (answer(photo), HOSTILE),
        products=((HOSTILE, 15_000),),
        business_entry={"id": "0190b000-0000-7000-8000-000000000000", "name": HOSTILE},
    )
    record = stall.cadre.log(sets, kind=KIND, form=FORM)
    stall.upload(photo)
    stall.judge(record)
    for page in (stall.page(record), stall.visit(f"/katalog/{GUNTUNG}")):
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img" in page.text
        assert re.search(r'\son\w+\s*=\s*["\w]', re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", page.text))) is None
    stall.judge(record, Verdict.RETURNED, "Isi dengan benar")


def test_pages_have_no_script_and_a_policy_that_lets_none_run(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    paths = (f"/katalog/{GUNTUNG}", f"/katalog/{GUNTUNG}/{item_id(record, ROW)}", "/katalog/bukan-wilayah")
    for path in paths:
        answered = stall.visit(path)
        policy = answered.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "<script" not in answered.text
        assert " style=" not in answered.text
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)">', stall.visit(paths[0]).text)[0]
    assert stall.visit(style).headers["Content-Type"] == "text/css; charset=utf-8"


def test_pages_are_in_indonesian_unless_english_is_asked_for(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    assert '<html lang="id">' in stall.page(record).text
    english = stall.visit(f"/katalog/{GUNTUNG}?lang=en").text
    assert '<html lang="en">' in english
    assert f'href="/katalog/{GUNTUNG}/{item_id(record, ROW)}?lang=en"' in english
    assert '<html lang="id">' in stall.visit(f"/katalog/{GUNTUNG}?lang=xx").text


@pytest.mark.parametrize(
    "path",
    [
        "/katalog/99",
        "/katalog/64.74.01.9999",
        "/katalog/..%2f",
        "/katalog/%00",
        f"/katalog/{GUNTUNG}/tidak-ada",
        f"/katalog/{GUNTUNG}/{'0' * 20}",
        f"/katalog/{GUNTUNG}?after=1-2-3",
        f"/katalog/foto/{'0' * 64}",
        "/katalog/foto/x",
        "/katalog/gaya/lain.css",
        f"/katalog/{GUNTUNG}/a/b",
    ],
)
def test_what_is_not_there_is_answered_in_indonesian(stall: Stall, path: str) -> None:
    answered = stall.visit(path)
    assert answered.status_code == 404
    assert "tidak ada" in answered.text
    assert answered.headers.get("Cache-Control", "no-store") == "no-store"


def test_the_catalogue_begins_with_the_province(stall: Stall) -> None:
    begun = stall.visit("/katalog")
    assert (begun.status_code, begun.headers["Location"]) == (302, "/katalog/64")
    assert stall.visit("/katalog?lang=en").headers["Location"] == "/katalog/64?lang=en"


def test_regions_with_products_are_linked_and_others_are_not(stall: Stall, photo: bytes) -> None:
    stall.shown(photo)
    for region, below in (("64", BONTANG), (BONTANG, UTARA), (UTARA, GUNTUNG)):
        links = set(re.findall(r'<li><a href="/katalog/([\d.]+)">', stall.visit(f"/katalog/{region}").text))
        assert below in links
        assert not links & {"64.72", "64.74.03", "64.74.01.1005"}


def test_pages_and_pictures_say_how_long_they_hold_and_cost_nothing_twice(stall: Stall, photo: bytes) -> None:
    record = stall.shown(photo)
    paths = {f"/katalog/{GUNTUNG}/{item_id(record, ROW)}": 60, f"/katalog/foto/{name_of(photo)}": 300}
    for path, seconds in paths.items():
        first = stall.visit(path)
        assert first.headers["Cache-Control"] == f"public, max-age={seconds}"
        again = stall.visit(path, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = requests.head(stall.server.base_url + path, headers={"Accept-Encoding": "identity"}, timeout=30)
        assert (head.status_code, head.headers["ETag"]) == (200, first.headers["ETag"])
    stall.change(record, consent=False)
    for path in paths:
        assert stall.visit(path, **{"If-None-Match": "*"}).status_code == 404, "a copy that is asked for again is not"


def test_a_picture_that_another_product_shows_stays_public_for_that_one(stall: Stall, photo: bytes) -> None:
    first, second = stall.shown(photo), stall.shown(photo)
    stall.change(first, consent=False)
    assert is_public(stall, photo)
    stall.change(second, consent=False)
    assert not is_public(stall, photo)


def test_who_names_a_picture_without_having_it_does_not_make_it_public(stall: Stall, photo: bytes) -> None:
    owner = Phone(stall.server, roster(SATIMPO).person.id)
    log_photos(owner, SATIMPO, photo)
    Hand(owner).upload(photo)
    record = stall.cadre.log(session(answer(photo)), kind=KIND, form=FORM)
    stall.judge(record)
    assert_gone(stall, record, photo)


def test_a_coordinator_is_told_what_is_shown_and_what_is_missing(own_server: LumbungServer, photo: bytes) -> None:
    stall = Stall(own_server.start())
    stall.shown(photo, products=(("Keripik", 15_000), ("Amplang", 20_000)))
    stall.log(jpeg(1))
    stall.log(jpeg(2), consent=False)
    told = stall.chief.get("catalogue").json()
    assert told == {
        "region": UTARA,
        "address": f"{own_server.base_url}/katalog/{UTARA}",
        "products": 2,
        "records": {"shown": 1, "unverified": 1, "no-consent": 1},
    }
    assert stall.chief.get("catalogue", region=LOK_TUAN).json()["products"] == 0
    assert problem(stall.chief.get("catalogue", region=SATIMPO))["code"] == "forbidden"
    assert problem(stall.chief.get("catalogue", region="x"))["code"] == "filter-malformed"
    assert problem(stall.cadre.get("catalogue"))["code"] == "forbidden"


def test_who_may_see_a_record_is_told_what_to_share_of_it(stall: Stall, photo: bytes) -> None:
    record = stall.log(photo)
    assert stall.cadre.get(f"catalogue/{record}").json() == {}
    stall.judge(record)
    caption = "Keripik Singkong — UMK Ibu Jaya, Rp15.000, Kel. Guntung, Bontang"
    address = f"{stall.server.base_url}/katalog/{GUNTUNG}/{item_id(record, ROW)}"
    for phone in (stall.cadre, stall.chief):
        assert phone.get(f"catalogue/{record}").json() == {"links": [{"address": address, "caption": caption}]}
    stranger = Phone(stall.server, roster(SATIMPO).person.id)
    assert problem(stranger.get(f"catalogue/{record}"))["code"] == "forbidden"
    assert problem(stall.chief.get("catalogue/tidak-ada"))["code"] == "forbidden"


def test_pages_follow_each_other_without_a_gap_and_without_one_twice(own_server: LumbungServer, photo: bytes) -> None:
    stall = Stall(own_server.start())
    records = [stall.shown(photo, products=tuple((f"P{row}", 1_000 + row) for row in range(7))) for _ in range(8)]
    should = [item_id(record, f"{row:010}") for record in records for row in range(7)]
    path, seen = f"/katalog/{BONTANG}", []
    for _ in range(3):
        page = stall.visit(path).text
        seen.append(re.findall(rf'<li><a href="/katalog/{GUNTUNG}/([0-9a-z]+)">', page))
        path = next(iter(re.findall(r'href="([^"]+)" rel="next"', page)), "").replace("&amp;", "&")
    assert path == ""
    assert [len(one) for one in seen] == [24, 24, 8]
    assert sorted(one for page in seen for one in page) == sorted(should)
    assert {one[:20] for one in seen[0]} >= {item_id(records[-1], f"{row:010}") for row in range(7)}, "newest first"


def test_visitors_who_are_too_many_are_told_to_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PATIENCE_SECONDS", 0.05)

    async def crowd() -> tuple[int, int]:
        async with fresh_site(tmp_path, f"sqlite:///{tmp_path / 'lumbung.sqlite3'}") as site:
            for _ in range(4):
                await site.visitors.acquire()
            with pytest.raises(Crowded):
                await products.first_page(site)
            site.visitors.release()
            return len(await products.first_page(site)), site.visitors._value

    assert asyncio.run(crowd()) == (len("/katalog/64"), 1), "and whoever was answered makes room"


def test_an_operator_can_switch_the_catalogue_off(own_server: LumbungServer, photo: bytes) -> None:
    stall = Stall(own_server.start())
    record = stall.shown(photo)
    own_server.stop()
    own_server._environment["LUMBUNG_CATALOGUE"] = "off"
    own_server.start()
    for path in ("/katalog", f"/katalog/{GUNTUNG}", f"/katalog/foto/{name_of(photo)}"):
        assert stall.visit(path).status_code == 404
    assert stall.page(record).status_code == 404
    assert stall.chief.get("catalogue").json()["address"] == ""
    own_server.stop()
    own_server._environment["LUMBUNG_CATALOGUE"] = "on"
    own_server.start()
    assert stall.page(record).status_code == 200


@pytest.fixture
def made(tmp_path: Path, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path / "var", environment={"LUMBUNG_DATABASE_URL": addressed(tmp_path)}) as server:
        yield server


@pytest.mark.parametrize("field", ["consent", "product_photos/photo"])
def test_what_was_erased_on_request_is_not_shown(made: LumbungServer, photo: bytes, field: str) -> None:
    stall = Stall(made)
    record = stall.shown(photo)
    reason = ("--reason", "consent-withdrawn")
    assert made.command("erase", "record", record, "--field", field, *reason, "--json")[0] == 0
    assert_gone(stall, record, photo)


@pytest.mark.parametrize(
    "planted",
    [
        "DELETE FROM catalogue_picture",
        "UPDATE catalogue SET price = 1",
        "UPDATE catalogue SET region = '64.74.01.1003'",
        "UPDATE catalogue_session SET standing = 'unverified'",
        "DELETE FROM catalogue_session",
        "UPDATE photo SET arrived = 0",
    ],
)
def test_a_check_notices_a_catalogue_that_is_not_what_records_show(
    made: LumbungServer, photo: bytes, planted: str
) -> None:
    stall = Stall(made)
    stall.shown(photo)
    with database(made) as connection:
        connection.execute(planted)
    assert "catalogue-wrong" in {one.finding for one in checked(made).faults}


def test_a_catalogue_made_by_other_rules_is_made_anew_at_the_start(made: LumbungServer, photo: bytes) -> None:
    stall = Stall(made)
    record = stall.shown(photo)
    made.stop()
    with database(made) as connection:
        for table in ("catalogue_picture", "catalogue", "catalogue_session"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.execute("UPDATE instance SET value = 'x' WHERE name = 'catalogue'")
    made.start()
    assert stall.page(record).status_code == 200
    assert_sound(made)


def test_a_picture_that_is_lost_is_shown_nowhere_until_it_is_sent_again(made: LumbungServer, photo: bytes) -> None:
    stall = Stall(made)
    record = stall.shown(photo)
    for file in (made.var / "blobs").rglob(f"*{name_of(photo)[4:]}*"):
        file.unlink()
    body = {"record": record, "sha256": name_of(photo)}
    headers = {"Authorization": f"Bearer {stall.chief.token}"}
    asked = requests.post(f"{made.base_url}/api/v1/photos/wanted", json=body, headers=headers, timeout=30)
    assert asked.status_code == 204
    assert_gone(stall, record, photo)
    stall.upload(photo)
    assert is_public(stall, photo)
