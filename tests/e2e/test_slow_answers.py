"""A server that takes ten seconds to answer keeps nobody waiting: taps are answered and answers saved as ever."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.e2e.driver import Phone
from tests.e2e.pace import ADD, open_form, tap_about, write_about
from tests.holding import HoldingProxy
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REPLY_SECONDS = 10
BUDGET_MS = 100
WORST_MS = 1_000
"""What a single one may take on a machine that does other things, too: a tenth of what a blocked app would."""


def test_while_an_answer_takes_ten_seconds_taps_are_answered_and_what_is_entered_is_saved_at_once(
    server: LumbungServer, playwright: Playwright, tmp_path: Path
) -> None:
    with (
        HoldingProxy(server.port).running() as proxy,
        Phone(playwright, proxy.base_url, tmp_path / "phone") as phone,
    ):
        pace = open_form(phone, server.demo["codes"][0]["code"])
        phone.go_offline()
        proxy.hold(REPLY_SECONDS)
        phone.go_online()
        assert proxy.wait_for_held()
        answers = tap_about(pace, 8)
        written = write_about(phone, pace, 5)
        assert proxy.held, "the server's answer came before all was done"
        phone.scroll_to(ADD)
    for times in ([one.shown for one in answers], [one.saved for one in answers], written):
        assert statistics.median(times) <= BUDGET_MS, times
        assert max(times) <= WORST_MS, times
