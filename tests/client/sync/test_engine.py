"""When the phone syncs: the table is whole, and the waits are bounded."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.sync.engine import (
    EVERY,
    LONGEST_DELAY,
    MOVES,
    Answered,
    Asked,
    Changed,
    Due,
    Engine,
    Event,
    Failed,
    NetworkBack,
    Refused,
    Resting,
    Retrying,
    Send,
    Sending,
    Started,
    State,
    Stay,
    Stopped,
    TooLarge,
    Wait,
    advance,
    backoff,
)
from lumbung_shared.protocol import MAX_WRITES

STATES = [Resting(5), Sending(), Sending(again=True), Retrying(5, "x"), Stopped("token-revoked")]
EVENTS = [Started(), Changed(), NetworkBack(), Due(), Asked(), Answered(), Answered(more=True), TooLarge(), Failed("x")]
events = st.sampled_from([*EVENTS, Refused("token-revoked"), Failed("server-busy", 60_000)])


def test_every_state_knows_every_event() -> None:
    assert set(MOVES) == {(state, event) for state in get_args(State) for event in get_args(Event)}


@pytest.mark.parametrize("event", [Started(), Changed(), NetworkBack(), Due(), Asked()])
@pytest.mark.parametrize("state", [Resting(5), Retrying(5, "x")])
def test_whatever_happens_at_rest_starts_a_request(state: State, event: Event) -> None:
    assert advance(Engine(state), event, 0, 0.5) == (Engine(Sending()), Send(MAX_WRITES))


@given(history=st.lists(events, max_size=30))
def test_there_is_never_more_than_one_request(history: list[Event]) -> None:
    engine, under_way = Engine(), 0
    for event in history:
        if isinstance(event, (Answered, TooLarge, Failed, Refused)):
            if not under_way:
                continue
            under_way = 0
        engine, action = advance(engine, event, 0, 0.5)
        under_way += isinstance(action, Send)
        assert under_way == isinstance(engine.state, Sending)


@given(history=st.lists(events, max_size=30))
def test_the_engine_always_has_a_way_on(history: list[Event]) -> None:
    engine, timer = Engine(), 0
    for event in history:
        engine, action = advance(engine, event, 0, 0.5)
        match action:
            case Wait(until):
                timer = until
            case Send():
                timer = 0
        assert isinstance(engine.state, (Sending, Stopped)) or timer or engine == Engine()


def test_a_change_during_a_request_makes_another_one() -> None:
    engine, action = advance(Engine(Sending()), Changed(), 0, 0.5)
    assert action == Stay()
    assert advance(engine, Answered(), 0, 0.5) == (Engine(Sending()), Send(MAX_WRITES))


def test_after_success_the_news_are_asked_for_again_in_ten_minutes() -> None:
    engine, action = advance(Engine(Sending(), failures=3), Answered(), 1000, 0.5)
    assert (engine, action) == (Engine(Resting(1000 + EVERY)), Wait(1000 + EVERY))


@given(failures=st.integers(0, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_the_delay_grows_from_two_seconds_and_never_passes_five_minutes(failures: int, chance: float) -> None:
    assert 2_000 <= backoff(failures, chance) <= LONGEST_DELAY
    assert backoff(failures, chance) <= backoff(failures + 1, chance)


def test_the_server_may_ask_for_a_longer_delay() -> None:
    engine, action = advance(Engine(Sending()), Failed("server-busy", 60_000), 0, 0.0)
    assert (engine.state, action) == (Retrying(60_000, "server-busy"), Wait(60_000))


def test_the_network_coming_back_forgets_earlier_failures() -> None:
    during, _ = advance(Engine(Sending(), failures=9), NetworkBack(), 0, 0.0)
    assert during.failures == 0
    waiting, action = advance(Engine(Retrying(5, "x"), failures=9), NetworkBack(), 0, 0.0)
    assert (waiting.failures, action) == (0, Send(MAX_WRITES))


def test_a_batch_that_is_too_large_is_halved_down_to_one() -> None:
    engine, limits = Engine(Sending()), []
    for _ in range(10):
        engine, action = advance(engine, TooLarge(), 0, 0.5)
        assert isinstance(action, Send)
        limits.append(action.limit)
    assert limits == [100, 50, 25, 12, 6, 3, 1, 1, 1, 1]
    rested, _ = advance(engine, Answered(), 0, 0.5)
    assert rested.limit == MAX_WRITES


def test_stopped_goes_on_only_when_a_person_acts() -> None:
    stopped = Engine(Stopped("token-revoked"))
    for event in (Changed(), NetworkBack(), Due(), Answered(), Failed("x")):
        assert advance(stopped, event, 0, 0.5) == (stopped, Stay())
    for way_on in (Asked(), Started()):
        assert advance(stopped, way_on, 0, 0.5)[1] == Send(MAX_WRITES)
