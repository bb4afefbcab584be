"""A bentrok on the screen: all values stand there, and a tap says which one holds."""

from __future__ import annotations

import flet as ft

from tests.client.fakes import Phone
from tests.client.phones import edited, opened, settled
from tests.client.ui.stage import Stage, finish_training, on_stage, played


async def bentrok(stage: Stage) -> str:
    """Log an activity, and edit its place here and on a second phone of the same person at once."""
    record = await finish_training(stage, "Melati")
    async with opened(Phone(stage.server, seed=2)) as other:
        assert await other.enrol(stage.server.add("siti")) is None
        await settled(other)
        edited(other, record, place="Rumah Budi")
        stage.server.down = True
        edited(stage.session, record, place="Rumah Ani")
        stage.server.down = False
        await other.sync_now()
    await stage.session.sync_now()
    await stage.settle()
    return record


def test_the_author_sees_both_values_and_chooses_one_with_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await bentrok(stage)
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Bentrok")
            assert stage.screen.shows("Isian ini berbeda-beda. Mana yang benar?")
            assert stage.screen.shows("Rumah Ani")
            assert stage.screen.shows("Rumah Budi")
            buttons = [it for it in stage.screen.all(ft.OutlinedButton) if str(it.key).startswith("use-place-")]
            assert [button.content for button in buttons] == ["Pakai yang ini"] * 2
            await stage.screen.press("use-place-1")
            await stage.settle()
            assert not stage.screen.shows("Mana yang benar?")
            view = stage.session.activity(record)
            assert view is not None
            assert view.conflicts == {}

    played(act())


def test_an_answer_that_was_cleared_stands_beside_one_that_was_given() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            edited(stage.session, record, place="Balai")
            await stage.settle()
            async with opened(Phone(stage.server, seed=2)) as other:
                assert await other.enrol(stage.server.add("siti")) is None
                await settled(other)
                stage.server.down = True
                edited(stage.session, record, place=None)
                stage.server.down = False
                edited(other, record, place="Rumah Budi")
                await other.sync_now()
            await stage.session.sync_now()
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("(dikosongkan)")
            assert stage.screen.shows("Rumah Budi")

    played(act())
