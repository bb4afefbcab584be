"""When the phone syncs: the table is whole, and the waits are bounded."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.sync.engine import (
    EVERY,
    LONGEST_DELAY,
    LONGEST_PAUSE,
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
    TakenBack,
    TooLarge,
    Wait,
    advance,
    backoff,
)
from lumbung_shared.protocol import MAX_WRITES

STATES = [Resting(5), Sending(), Sending(again=True), Retrying(5, "x"), Stopped("token-revoked")]
EVENTS = [Started(), Changed(), NetworkBack(), Due(), Asked(), TakenBack()]
ANSWERS = [Answered(), Answered(more=True), Answered(pause=30_000), Answered(pause=7_200_000), TooLarge(), Failed("x")]
events = st.sampled_from([*EVENTS, *ANSWERS, Refused("token-revoked"), Failed("server-busy", 60_000)])
BY_ITSELF: list[Event] = [Started(), Changed(), NetworkBack(), Due()]


def test_every_state_knows_every_event() -> None:
    assert set(MOVES) == {(state, event) for state in get_args(State) for event in get_args(Event)}


@pytest.mark.parametrize("event", [Started(), Changed(), NetworkBack(), Due(), Asked()])
@pytest.mark.parametrize("state", [Resting(5), Retrying(5, "x")])
def test_whatever_happens_at_rest_starts_a_request(state: State, event: Event) -> None:
    asked = event == Asked()
    assert advance(Engine(state), event, 0, 0.5) == (Engine(Sending(), asked=asked), Send(MAX_WRITES))


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


def test_what_nobody_asked_for_waits_as_long_as_the_server_asks_and_then_goes() -> None:
    engine, action = advance(Engine(Sending()), Answered(pause=60_000), 1_000, 0.5)
    assert (engine, action) == (Engine(Resting(1_000 + EVERY, 61_000)), Wait(1_000 + EVERY))
    for event in BY_ITSELF:
        held, action = advance(engine, event, 30_000, 0.5)
        assert (held, action) == (Engine(Resting(61_000, 61_000)), Wait(61_000))
        assert advance(held, Due(), 61_000, 0.5) == (Engine(Sending()), Send(MAX_WRITES))


def test_a_long_pause_also_puts_off_the_next_look_at_the_news() -> None:
    engine, action = advance(Engine(Sending()), Answered(pause=2 * EVERY), 0, 0.5)
    assert (engine.state, action) == (Resting(2 * EVERY, 2 * EVERY), Wait(2 * EVERY))


@given(pause=st.integers(-(10**15), 10**15), now=st.integers(0, 10**13))
def test_no_server_keeps_a_phone_away_for_more_than_an_hour(pause: int, now: int) -> None:
    engine, action = advance(Engine(Sending()), Answered(pause=pause), now, 0.5)
    assert isinstance(action, Wait)
    assert now + EVERY <= action.until <= now + LONGEST_PAUSE
    assert isinstance(engine.state, Resting)
    assert engine.state.held <= now + LONGEST_PAUSE


@given(pause=st.integers(0, 10**15), later=st.integers(0, LONGEST_PAUSE))
def test_what_a_person_asks_for_never_waits_for_the_server(pause: int, later: int) -> None:
    engine, _ = advance(Engine(Sending()), Answered(pause=pause), 0, 0.5)
    assert advance(engine, Asked(), later, 0.5)[1] == Send(MAX_WRITES)


def test_a_clock_that_was_set_back_makes_no_pause_longer() -> None:
    held = Engine(Resting(10**13, 10**13))
    assert advance(held, Changed(), 0, 0.5)[1] == Send(MAX_WRITES)


def test_a_run_goes_to_its_end_whatever_the_server_asks_meanwhile() -> None:
    assert advance(Engine(Sending()), Answered(more=True, pause=60_000), 0, 0.5) == (
        Engine(Sending()),
        Send(MAX_WRITES),
    )


def test_a_change_during_a_request_waits_for_the_server_unless_a_person_asked_meanwhile() -> None:
    changed, _ = advance(Engine(Sending()), Changed(), 0, 0.5)
    assert advance(changed, Answered(pause=60_000), 0, 0.5) == (Engine(Resting(60_000, 60_000)), Wait(60_000))
    asked, _ = advance(changed, Asked(), 0, 0.5)
    assert advance(asked, Answered(pause=60_000), 0, 0.5)[1] == Send(MAX_WRITES)


@pytest.mark.parametrize("state", [Resting(5), Resting(5, 5), Retrying(5, "x")])
@pytest.mark.parametrize("event", BY_ITSELF)
def test_what_may_not_go_by_itself_is_looked_at_again_later(state: State, event: Event) -> None:
    engine, action = advance(Engine(state), event, 100, 0.5, free=False)
    assert (engine.state, action) == (Resting(100 + EVERY), Wait(100 + EVERY))
    assert advance(engine, Due(), 100 + EVERY, 0.5)[1] == Send(MAX_WRITES)


@given(history=st.lists(events.filter(lambda event: event != Asked()), max_size=30))
def test_as_long_as_nothing_may_go_by_itself_nothing_does(history: list[Event]) -> None:
    engine = Engine()
    for event in history:
        if isinstance(event, (Answered, TooLarge, Failed, Refused)):
            continue  # there was no request
        engine, action = advance(engine, event, 0, 0.5, free=False)
        assert not isinstance(action, Send)


def test_what_a_person_asked_for_is_tried_again_until_it_is_done_or_taken_back() -> None:
    engine, _ = advance(Engine(), Asked(), 0, 0.5, free=False)
    failed, _ = advance(engine, Failed("x"), 0, 0.5, free=False)
    again, action = advance(failed, Due(), 10_000, 0.5, free=False)
    assert action == Send(MAX_WRITES)
    done, _ = advance(again, Answered(), 10_000, 0.5, free=False)
    assert not done.asked
    back, action = advance(failed, TakenBack(), 0, 0.5, free=False)
    assert action == Stay()
    assert advance(back, Due(), 10_000, 0.5, free=False)[1] == Wait(10_000 + EVERY)
