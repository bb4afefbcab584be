"""What a person is told of sending: one thing that stops it, the gravest, and every fact for itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbung_client.session.situation import Fact, Signs, Stop, situation
from lumbung_client.session.standing import Net
from lumbung_client.session.views import ActivityState, PhotoCount, Sends, SyncPhase, SyncStatus
from lumbung_client.store.durable import StorageNumbers
from lumbung_client.sync.clock import Reckoned
from lumbung_shared.problems import Code
from tests.client.session.test_marks import row

NOW = 1_000_000
FINE = Signs(SyncStatus(last_success=900_000), (), {}, PhotoCount(), Reckoned(NOW), StorageNumbers())
ONE = (row(ActivityState.WAITING),)
PHASE = SyncPhase


def signs(status: SyncStatus | None = None, **more: object) -> Signs:
    return replace(FINE, **({"status": status} if status else {}), **more)  # type: ignore[arg-type]


def in_phase(phase: SyncPhase, reason: str = "", **more: object) -> SyncStatus:
    return SyncStatus(phase=phase, reason=reason, last_success=900_000, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "stop", "code"),
    [
        (signs(rows=ONE), None, ""),
        (signs(in_phase(PHASE.SENDING), rows=ONE), None, ""),
        (signs(flaw=Code.STORE_FULL, rows=ONE), Stop.SAVING, Code.STORE_FULL),
        (signs(in_phase(PHASE.STOPPED, Code.STORE_FAILED), rows=ONE), Stop.SAVING, Code.STORE_FAILED),
        (signs(in_phase(PHASE.STOPPED, Code.TOKEN_EXPIRED), rows=ONE), Stop.ACCOUNT, Code.TOKEN_EXPIRED),
        (signs(in_phase(PHASE.STOPPED, Code.TOKEN_UNKNOWN, online=False)), Stop.ACCOUNT, Code.TOKEN_UNKNOWN),
        (signs(in_phase(PHASE.STOPPED, Code.PROTOCOL_UNSUPPORTED)), Stop.VERSION, Code.PROTOCOL_UNSUPPORTED),
        (signs(in_phase(PHASE.STOPPED, Code.FORBIDDEN)), Stop.REFUSES, Code.FORBIDDEN),
        (signs(SyncStatus(online=False)), Stop.OFFLINE, ""),
        (signs(in_phase(PHASE.RETRYING, Code.SERVER_UNREACHABLE, online=False)), Stop.OFFLINE, ""),
        (signs(in_phase(PHASE.RETRYING, Code.SERVER_UNREACHABLE)), Stop.UNREACHABLE, Code.SERVER_UNREACHABLE),
        (signs(in_phase(PHASE.RETRYING, Code.SERVER_BUSY)), Stop.TROUBLE, Code.SERVER_BUSY),
        (signs(SyncStatus(held=NOW + 1), rows=ONE), Stop.HELD, ""),
        (signs(SyncStatus(held=NOW), rows=ONE), None, ""),
        (signs(SyncStatus(held=NOW + 1)), None, ""),  # nothing waits for it
        (signs(rows=ONE, sends=Sends.LATER, free=False), Stop.WIFI, ""),
        (signs(rows=ONE, sends=Sends.LATER, free=True), None, ""),
        (signs(photos=PhotoCount(1), sends=Sends.TEXT, photos_go=False), Stop.TEXT_ONLY, ""),
        (signs(photos=PhotoCount(1), sends=Sends.LATER, photos_go=False), Stop.WIFI, ""),
        (signs(photos=PhotoCount(1), photo_code=Code.SERVER_UNREACHABLE), Stop.UNREACHABLE, Code.SERVER_UNREACHABLE),
        (signs(photos=PhotoCount(1), photo_code=Code.SERVER_ERROR), Stop.TROUBLE, Code.SERVER_ERROR),
        (signs(photos=PhotoCount(1), sparing=True), Stop.SPARING, ""),
        (signs(photos=PhotoCount(1), sparing=True, moving=True), None, ""),
        (signs(photos=PhotoCount(0, 2), sparing=True), None, ""),  # nobody wants those sent
        (signs(photos=PhotoCount(1, refused=1), sparing=True), None, ""),  # nor do those go that were refused
    ],
)
def test_what_stops_sending_is_the_one_thing_that_has_to_end_first(seen: Signs, stop: Stop | None, code: str) -> None:
    found = situation(seen)
    assert (found.stop, found.code) == (stop, code)


@pytest.mark.parametrize(
    ("seen", "fact", "says", "fine"),
    [
        (FINE, Fact.NETWORK, "online", True),
        (signs(SyncStatus(online=False, offline_since=5, offline_seen=True)), Fact.NETWORK, "offline_since", False),
        (signs(SyncStatus(online=False, offline_since=5)), Fact.NETWORK, "offline_at_least", False),
        (FINE, Fact.ACCOUNT, "account_fine", True),
        (signs(in_phase(PHASE.STOPPED, Code.TOKEN_EXPIRED)), Fact.ACCOUNT, "account_ended", False),
        (signs(in_phase(PHASE.STOPPED, Code.PROTOCOL_UNSUPPORTED)), Fact.ACCOUNT, "account_fine", True),
        (FINE, Fact.CLOCK, "clock_fine", True),
        (signs(time=Reckoned(NOW, 3_600_000)), Fact.CLOCK, "clock_slow", False),
        (signs(time=Reckoned(NOW, -3_600_000)), Fact.CLOCK, "clock_fast", False),
        (FINE, Fact.SPACE, "space_unknown", True),
        (signs(storage=StorageNumbers(True, 10**9)), Fact.SPACE, "space_fine", True),
        (signs(storage=StorageNumbers(True, 10**6)), Fact.SPACE, "space_low", False),
        (signs(flaw=Code.STORE_FULL), Fact.SPACE, "space_full", False),
        (signs(flaw=Code.STORE_FAILED), Fact.SPACE, "space_failed", False),
        (FINE, Fact.KEPT, "kept_native", True),
        (signs(storage=StorageNumbers(True)), Fact.KEPT, "kept_promised", True),
        (signs(storage=StorageNumbers(False)), Fact.KEPT, "kept_not", False),
        (FINE, Fact.BUDGET, "budget_all", True),
        (signs(sparing=True), Fact.BUDGET, "budget_sparing", True),
        (signs(sends=Sends.TEXT), Fact.BUDGET, "budget_text", True),
        (signs(sends=Sends.TEXT, photos=PhotoCount(1)), Fact.BUDGET, "budget_text", False),
        (signs(sends=Sends.LATER, free=False), Fact.BUDGET, "budget_later", False),
        (signs(sends=Sends.LATER), Fact.BUDGET, "budget_later_now", True),
        (FINE, Fact.PAUSE, "pause_none", True),
        (signs(SyncStatus(held=NOW + 1)), Fact.PAUSE, "pause_held", False),
        (signs(SyncStatus()), Fact.TRY, "try_none", True),
        (FINE, Fact.TRY, "try_fine", True),
        (signs(in_phase(PHASE.SENDING)), Fact.TRY, "try_now", True),
        (signs(in_phase(PHASE.RETRYING, Code.SERVER_BUSY, tried=7)), Fact.TRY, "try_failed", False),
    ],
)
def test_every_fact_says_how_it_stands(seen: Signs, fact: Fact, says: str, fine: bool) -> None:
    told = {one.fact: one for one in situation(seen).facts}
    assert set(told) == set(Fact)
    assert (told[fact].says, told[fact].fine) == (says, fine)


def test_what_was_refused_counts_apart_from_what_waits() -> None:
    rows = (
        *ONE,
        row(ActivityState.REFUSED, reason=Code.WRONG_TYPE),
        row(ActivityState.REFUSED, reason=Code.UNKNOWN_KIND),
    )
    found = situation(signs(rows=rows))
    assert (found.waiting, found.correct, found.rejected) == (1, 1, 1)


@pytest.mark.parametrize(
    ("counts", "delivered", "nothing_yet"),
    [
        ({}, False, True),
        ({ActivityState.DRAFT: 2}, False, True),
        ({ActivityState.SENT: 1}, False, False),
        ({ActivityState.DISPUTED: 1}, False, False),
        ({}, True, False),
    ],
)
def test_of_nothing_it_is_never_said_that_all_of_it_was_sent(
    counts: dict[ActivityState, int],
    delivered: bool,
    nothing_yet: bool,
) -> None:
    found = situation(signs(counts=counts, delivered=delivered))
    assert found.nothing_yet is nothing_yet
    assert found.drafts == counts.get(ActivityState.DRAFT, 0)


def test_since_when_there_is_no_network_is_known_only_to_who_saw_it_go() -> None:
    first_look = Net().told(online=False, now=10)
    assert (first_look.online, first_look.gone_at, first_look.seen) == (False, 10, False)
    assert first_look.told(online=False, now=20) == first_look, "it went once"
    seen = Net().told(online=True, now=10).told(online=False, now=20)
    assert (seen.gone_at, seen.seen) == (20, True)
    assert seen.told(online=True, now=30) == Net(looked=True)
    again = first_look.told(online=True, now=30).told(online=False, now=40)
    assert (again.gone_at, again.seen) == (40, True)
