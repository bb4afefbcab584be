"""Excel over the API: a coordinator has a file read, publishes what it gives, and gets published forms as files."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import requests

from lumbung_server.refusal import Refusal
from lumbung_server.services import sheets
from lumbung_server.services.sheets import read_sheets
from lumbung_server.xlsform.reading import read_form
from lumbung_server.xlsform.writing import MEDIA_TYPE
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import find_form
from lumbung_shared.protocol import FormReading, Offer, PublishRequest
from tests.databases import SQLITE
from tests.server.phones import BONTANG, LOK_TUAN, Phone, add_person, roster
from tests.server.sites import caller, fresh_site
from tests.server.xlsform.workbooks import ask, xlsx
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def kind() -> str:
    """What is read and written does not depend on the database."""
    return SQLITE


@pytest.fixture(scope="module")
def city(server: LumbungServer) -> Phone:
    return Phone(server, roster(BONTANG).person.id)


@pytest.fixture(scope="module")
def cadre(server: LumbungServer) -> Phone:
    return Phone(server, add_person(server, "excel-cadre", (LOK_TUAN, "cadre")))


def upload(phone: Phone, content: bytes) -> requests.Response:
    headers = {"Authorization": f"Bearer {phone.token}", "Content-Type": MEDIA_TYPE}
    url = f"{phone.server.base_url}/api/v1/forms/xlsx"
    return requests.post(url, data=content, headers=headers, timeout=60)


def reading_of(answer: requests.Response) -> FormReading:
    assert answer.status_code == 200, answer.text
    return from_wire(FormReading, answer.json())


def test_a_file_is_read_published_and_comes_back_as_a_file(city: Phone, cadre: Phone) -> None:
    survey = [ask("text", "stall", required="yes"), ask("integer", "sold", constraint=". > 0")]
    content = xlsx(survey, settings={"form_id": "pasar-malam", "form_title": "Pasar malam"})
    reading = reading_of(upload(city, content))
    assert reading == read_form(content)
    assert reading.form is not None
    published = city.tell("forms", PublishRequest(reading.form, BONTANG))
    offer = from_wire(Offer, published.json())
    answer = cadre.get("forms/pasar-malam/1/xlsx")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, MEDIA_TYPE)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pasar-malam-v1.xlsx"'
    assert read_form(answer.content).form == offer.form


def test_nothing_is_stored_by_having_a_file_read(city: Phone) -> None:
    reading_of(upload(city, xlsx([ask("text", "x")], settings={"form_id": "never-published"})))
    assert city.get("forms/never-published/1/xlsx").status_code == 404


def test_what_is_wrong_is_an_answer_and_no_refusal(city: Phone) -> None:
    reading = reading_of(upload(city, xlsx([ask("colour", "x")])))
    assert [(one.code, one.sheet, one.row) for one in reading.faults] == [("type-unknown", "survey", 2)]
    assert [one.code for one in reading_of(upload(city, b"no workbook")).faults] == ["not-a-workbook"]
    assert [one.code for one in reading_of(upload(city, b"")).faults] == ["not-a-workbook"]


def test_only_coordinators_have_files_read(server: LumbungServer, cadre: Phone) -> None:
    refused = upload(cadre, xlsx([ask("text", "x")]))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    nobody = requests.post(f"{server.base_url}/api/v1/forms/xlsx", data=b"x", timeout=30)
    assert (nobody.status_code, nobody.json()["code"]) == (401, "token-missing")


def test_a_body_beyond_the_limit_is_refused_as_any_other(city: Phone) -> None:
    refused = upload(city, b"PK\x03\x04" + b"\0" * 3_000_000)
    assert (refused.status_code, refused.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("path", ["forms/other/99/xlsx", "forms/No%20kind/1/xlsx", f"forms/other/{2**70}/xlsx"])
def test_a_form_that_is_not_there_has_no_file(city: Phone, path: str) -> None:
    refused = city.get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "form-unknown")


def test_a_built_in_form_has_a_file_like_any_other(city: Phone) -> None:
    made = read_form(city.get("forms/waste-bank-training/1/xlsx").content).form
    assert made == find_form("waste-bank-training", 1)


def test_references_may_name_registers_that_were_published(city: Phone) -> None:
    farm = {"form_id": "farm", "attribute::lumbung_purpose": "register", "attribute::lumbung_icon": "grass"}
    visit = ask("text", "farm", **{"instance::lumbung_type": "reference", "instance::lumbung_register": "farm"})
    before = reading_of(upload(city, xlsx([visit])))
    assert [one.code for one in before.faults] == ["register-unknown"]
    register = reading_of(upload(city, xlsx([ask("text", "name", required="yes")], settings=farm))).form
    assert register is not None
    assert [item.name for item in register.fields] == ["region", "name"]
    assert city.tell("forms", PublishRequest(register, BONTANG)).status_code == 201
    assert reading_of(upload(city, xlsx([visit]))).form is not None


def test_a_file_that_takes_too_long_is_given_up_and_holds_up_only_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = asyncio.Event()

    async def slow() -> None:
        loop = asyncio.get_running_loop()

        def read(*_: object) -> FormReading:
            asyncio.run_coroutine_threadsafe(going.wait(), loop).result()
            return FormReading()

        monkeypatch.setattr(sheets, "read_form", read)
        monkeypatch.setattr(sheets, "READING_SECONDS", 0.05)
        async with fresh_site(tmp_path) as site:
            who = caller("head", [BONTANG], "regency-coordinator")
            given_up = await read_sheets(site, who, b"x")
            assert [one.code for one in given_up.faults] == ["workbook-too-slow"]
            with pytest.raises(Refusal) as busy:
                await read_sheets(site, who, b"x")
            assert busy.value.code == "server-busy"
            going.set()
            await asyncio.sleep(0)
            monkeypatch.setattr(sheets, "READING_SECONDS", 30.0)
            assert await read_sheets(site, who, b"x") == FormReading()

    asyncio.run(slow())
