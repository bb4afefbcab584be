"""A form with rules on the screen: questions come and go with the answers, and nothing typed goes with them."""

from __future__ import annotations

from collections.abc import Iterator

import flet as ft
import pytest

from lumbung_client.store.durable import StoreFull
from lumbung_shared.canonical import Json
from lumbung_shared.forms import rows
from tests.client.every_type import KIND, offered, ruled
from tests.client.ui.stage import Stage, on_stage, played


@pytest.fixture(autouse=True)
def form() -> Iterator[None]:
    with offered(ruled()):
        yield


def saved(stage: Stage, record: str) -> dict[str, Json]:
    draft = stage.session.draft(record)
    assert draft is not None
    return dict(draft.answers)


def asks(stage: Stage, key: str) -> bool:
    return any(str(getattr(control, "key", "")) == key for control in stage.screen.walk())


def test_a_question_comes_and_goes_with_the_answer_before_it_and_keeps_what_was_typed() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            assert not asks(stage, "why_closed")
            await stage.screen.change("open", "no")
            assert stage.screen.find(ft.TextField, key="why_closed").label == "Mengapa tutup? *"
            await stage.screen.type("why_closed", "Sak")
            await stage.screen.change("open", "yes")
            assert not asks(stage, "why_closed")
            assert asks(stage, "add-sales")
            await stage.screen.change("open", "no")
            assert stage.screen.find(ft.TextField, key="why_closed").value == "Sak"
            assert saved(stage, record)["why_closed"] == "Sak"

    played(act())


def test_a_row_asks_and_works_out_by_its_own_answers_at_every_pause() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.change("open", "yes")
            await stage.screen.press("add-sales")
            await stage.screen.press("add-sales")
            first, second = rows("sales", saved(stage, record))
            assert stage.screen.find(ft.TextField, key=f"sales/{first}/price").value == "5.000"
            await stage.screen.type(f"sales/{first}/kilos", "12,5")
            await stage.screen.until(lambda: stage.screen.find(ft.Text, key=f"sales/{first}/worth").value != "-")
            assert stage.screen.find(ft.Text, key=f"sales/{first}/worth").value == "62.500 rupiah"
            assert stage.screen.find(ft.Text, key=f"sales/{second}/worth").value == "-"
            assert stage.screen.find(ft.Text, key="total").value == "-", "nobody can add what is not known"
            await stage.screen.type(f"sales/{second}/kilos", "0,5")
            await stage.screen.until(lambda: stage.screen.find(ft.Text, key="total").value == "65.000 rupiah")
            assert not asks(stage, f"sales/{first}/proof")
            await stage.screen.type(f"sales/{first}/price", "200000")
            await stage.screen.until(lambda: asks(stage, f"sales/{first}/proof"))
            assert not asks(stage, f"sales/{second}/proof")

    played(act())


def test_what_is_offered_follows_another_answer_and_a_choice_that_no_longer_fits_is_marked() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("name", "Bu Nur")
            assert stage.screen.shows("Belum ada pilihan yang sesuai dengan isian lain.")
            await stage.screen.change("district", "utara")
            assert not stage.screen.shows("Belum ada pilihan yang sesuai")
            await stage.screen.change("market", "citra")
            await stage.screen.change("district", "selatan")
            labels = stage.screen.options()
            assert "Pasar Rawa Indah" in labels
            assert "Pasar Citra Mas (tidak lagi tersedia)" in labels
            assert "Pasar Lok Tuan" not in labels
            await stage.screen.type("buyers", "501")
            await stage.screen.press("finish")
            assert stage.screen.shows("Pilihan ini tidak cocok lagi dengan jawaban lain.")
            assert stage.screen.find(ft.TextField, key="buyers").error == "Tidak mungkin lebih dari 500 pembeli."
            assert saved(stage, record)["market"] == "citra"
            await stage.screen.change("market", "rawa")
            await stage.screen.type("buyers", "500")
            await stage.screen.press("finish")
            assert stage.session.draft(record) is None

    played(act())


def test_a_form_that_cannot_be_saved_still_asks_by_what_stands_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)

            def full(*_: object) -> None:
                raise StoreFull("no space")

            with monkeypatch.context() as patch:
                patch.setattr(stage.session, "answer", full)
                await stage.screen.change("open", "no")
                assert asks(stage, "why_closed")
                await stage.screen.type("why_closed", "Sakit")
                await stage.screen.change("open", "yes")
                assert not asks(stage, "why_closed")
                await stage.screen.change("open", "no")
                assert stage.screen.find(ft.TextField, key="why_closed").value == "Sakit"
                assert "open" not in saved(stage, record)
            await stage.back()
            assert saved(stage, record)["why_closed"] == "Sakit"

    played(act())


def test_what_can_only_be_read_has_no_field() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            assert stage.screen.find(ft.Text, key="code").value == "KP-01"
            assert not stage.screen.all(ft.TextField, key="code")

    played(act())
