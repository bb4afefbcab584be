"""Where Flet would stop drawing, or listening, for good, the app says that something went wrong and goes on."""

from __future__ import annotations

from typing import Any

import flet as ft
import pytest

from lumbung_client.ui.safe import ERRORS
from lumbung_shared.problems import Code, sentence
from tests.client.ui.flutterless import Listener
from tests.client.ui.stage import KIND, on_stage, played


def test_what_cannot_be_sent_to_the_screen_does_not_stop_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:

            def refuses(_: ft.NavigationBar) -> None:
                raise ValueError("bilah rusak")

            with monkeypatch.context() as patch:
                patch.setattr(ft.NavigationBar, "before_update", refuses)
                await stage.screen.go("/kirim")
            assert "bilah rusak" in ERRORS.text()
            assert stage.screen.shows("langkah tadi tidak berhasil")
            await stage.open_kind(KIND)
            assert stage.screen.shows("Simpan draf")

    played(act())


def test_who_leaves_a_form_while_it_scrolls_to_a_question_can_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            late: list[Any] = []
            answer = Listener._answer

            def answer_late(self: Listener, call: Any) -> None:
                if call.name == "scroll_to":
                    late.append(call)
                else:
                    answer(self, call)

            monkeypatch.setattr(Listener, "_answer", answer_late)
            await stage.open_kind(KIND)
            await stage.screen.press("finish")
            assert stage.screen.shows(sentence(Code.MISSING_REQUIRED, "id"))
            (scrolling,) = late
            await stage.back()
            session = stage.screen.session
            assert scrolling.control_id not in session.index
            session.handle_invoke_method_results(scrolling.control_id, scrolling.call_id, None, None)
            await stage.screen.settle()
            assert scrolling.control_id not in session.index
            await stage.open_kind(KIND)
            assert stage.screen.shows("Simpan draf")

    played(act())
