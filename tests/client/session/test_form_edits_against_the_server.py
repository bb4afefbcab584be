"""Forms changed on a phone, published by the real server, and what drafts and other coordinators see of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.form_edits import Superseded
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_shared import editing
from lumbung_shared.forms import Form
from lumbung_shared.labels import Label
from lumbung_shared.protocol import Offer
from tests.client.fakes import FakeTimer
from tests.client.phones import settled
from tests.servers import LumbungServer

CITY = "64.74"
KIND = "compost-training"
# As a keyboard may send it, the accent apart from its letter.
TITLE = Label("Pelatihan kompos cafe\u0301", "Compost training")


async def opened(server: LumbungServer, folder: Path) -> Session:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    return await Session.open(replace(ports, timer=FakeTimer()))


async def coordinating(server: LumbungServer, folder: Path) -> Session:
    session = await opened(server, folder)
    login = next(account for account in server.demo["logins"] if account["region"] == CITY)
    assert await session.login(login["login"], login["password"]) is None
    await settled(session)
    return session


@pytest.mark.timeout(120)
def test_an_option_is_removed_while_a_draft_has_chosen_it(tmp_path: Path) -> None:
    async def run() -> None:
        with LumbungServer(tmp_path / "server") as server:
            one, other = [await coordinating(server, tmp_path / name) for name in ("one", "other")]
            cadre = await opened(server, tmp_path / "cadre")
            assert await cadre.enrol(server.demo["codes"][0]["code"]) is None
            await settled(cadre)
            newest = one.catalogue.newest(KIND)
            assert newest is not None
            choice = next(item for item in newest.questions if item.type == "choices" and len(item.options) > 2)
            gone = next(
                option.value for option in choice.options if not editing.asking_for(newest, choice.name, option.value)
            )
            drafts = [cadre.start_draft(KIND) for _ in range(2)]
            for draft in drafts:
                for item in newest.questions:
                    if item.required and item.type in ("text", "long_text"):
                        cadre.answer(draft, item.name, "Melati")
                    elif item.required and item.type == "integer":
                        cadre.answer(draft, item.name, 3)
                cadre.answer(draft, choice.name, [gone])
            assert cadre.finish(drafts[0]) == ()
            await cadre.sync_now()

            for session in (one, other):
                assert session.form_edits.begin(KIND, newest.version)
                assert session.form_edits.change(KIND, lambda form: editing.retitled(form, TITLE)) == ()

            def change(form: Form) -> Form:
                return editing.without_option(form, choice.name, gone)

            assert one.form_edits.change(KIND, change) == ()
            offer = await one.form_edits.publish(KIND, CITY, "")
            assert isinstance(offer, Offer)
            assert offer.form.version == newest.version + 1
            assert await other.form_edits.publish(KIND, CITY, "") == Superseded(offer.form.version)
            assert other.form_edits.of(KIND) is not None
            # The same changes, said by whoever did not hear of the answer, are the version there is.
            assert other.form_edits.change(KIND, change) == ()
            assert await other.form_edits.publish(KIND, CITY, "") == offer
            assert other.form_edits.of(KIND) is None

            await cadre.sync_now()
            assert [form.version for form in cadre.offered() if form.kind == KIND] == [offer.form.version]
            cadre.start_edit(drafts[0])
            for draft in drafts:
                view = cadre.draft(draft)
                assert view is not None
                assert (view.form, view.answers[choice.name]) == (newest.version, [gone])
                cadre.answer(draft, "place", "Balai RT 05")
                assert cadre.finish(draft) == ()
            await cadre.sync_now()
            assert cadre.waiting() == []
            assert {row.state for row in cadre.activities()} == {ActivityState.SENT}
            for session in (one, other, cadre):
                await session.close()

    asyncio.run(run())
