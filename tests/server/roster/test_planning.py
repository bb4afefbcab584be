"""What a roster changes: moves, ends, returns; and that a second import changes nothing, whatever the roster."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_server.roster.planning import Act, Change, Held, Known, Plan, Standing, plan_import
from lumbung_server.roster.rows import Row, Rows
from lumbung_shared.protocol import Role
from lumbung_shared.regions import Region
from lumbung_shared.roster_problems import RosterCode
from lumbung_shared.times import local_date, midnight

NOW = 1_795_000_000_000
TODAY = local_date(NOW)
GUNTUNG, LOK_TUAN, OLD = "64.74.01.1004", "64.74.01.1003", "64.74.01.1009"
REGIONS = {
    **{code: Region(code, code) for code in ("64", "64.74", "64.74.01", GUNTUNG, LOK_TUAN)},
    OLD: Region(OLD, "Lama", "2000-01-01", "2025-04-25", GUNTUNG),
}


def row(number: int = 2, region: str = GUNTUNG, **more: object) -> Row:
    return replace(Row(number, "nur", "Nur", Role.CADRE, region), **more)  # type: ignore[arg-type]


def standing(*roles: Held, now: int = NOW, **known: str) -> Standing:
    people = {"nur": Known("Nur", roles=roles, **known)}
    return Standing(people, REGIONS, {}, now, local_date(now))


def plan(there: Standing, *rows: Row) -> Plan:
    return plan_import(Rows(rows, frozenset(), ()), there)


def day(away: int) -> date:
    return TODAY + timedelta(days=away)


def held(region: str = GUNTUNG, begins: int = 1, ends: int | None = None, version: int = 1) -> Held:
    return Held("cadre", region, version, begins, ends)


def acts(found: Plan) -> list[tuple[Act, Held | None]]:
    assert found.problems == ()
    return [(change.act, change.role) for change in found.changes]


def codes(found: Plan) -> list[tuple[str, int]]:
    return [(one.code, one.row) for one in found.problems]


def test_somebody_new_is_added_with_all_that_is_said() -> None:
    there = Standing({}, REGIONS, {"kpm": {"KPM"}}, NOW, TODAY)
    found = plan(there, row(profession="petani", organisation="kpm", phone="+628111111111"))
    assert found.changes == (
        Change(Act.ADD_PERSON, "nur", 2, after="Nur"),
        Change(Act.CHANGE_PROFESSION, "nur", 2, "", "petani"),
        Change(Act.CHANGE_ORGANISATION, "nur", 2, "", "KPM"),
        Change(Act.CHANGE_PHONE, "nur", 2, "", "+628111111111"),
        Change(Act.ADD_ROLE, "nur", 2, role=held(begins=NOW)),
    )


def test_who_moves_leaves_the_old_region_when_the_new_role_begins() -> None:
    at_once = plan(standing(held()), row(region=LOK_TUAN))
    assert acts(at_once) == [
        (Act.ADD_ROLE, held(LOK_TUAN, NOW, version=2)),
        (Act.END_ROLE, held(ends=NOW)),
    ]
    begins = midnight(day(10))
    later = plan(standing(held()), row(region=LOK_TUAN, since=day(10)))
    assert acts(later) == [
        (Act.ADD_ROLE, held(LOK_TUAN, begins, version=2)),
        (Act.END_ROLE, held(ends=begins)),
    ]


def test_a_role_never_ends_before_the_import() -> None:
    found = plan(standing(held()), row(until=day(-30)))
    assert acts(found) == [(Act.END_ROLE, held(ends=NOW))]
    moved = plan(standing(held()), row(region=LOK_TUAN, since=day(-30)))
    assert acts(moved)[1] == (Act.END_ROLE, held(ends=NOW))


def test_who_leaves_has_a_last_day() -> None:
    found = plan(standing(held()), row(until=day(3)))
    assert acts(found) == [(Act.END_ROLE, held(ends=midnight(day(4))))]


def test_somebody_may_hold_two_roles() -> None:
    both = (row(), row(3, "64.74.01", role=Role.DISTRICT_COORDINATOR))
    found = plan(standing(held()), *both)
    assert acts(found) == [(Act.ADD_ROLE, Held("district-coordinator", "64.74.01", 2, NOW))]


def test_who_returns_holds_the_role_anew() -> None:
    found = plan(standing(held(ends=NOW - 1)), row())
    assert acts(found) == [(Act.ADD_ROLE, held(begins=NOW, version=2))]


def test_an_end_that_is_taken_back_is_no_end() -> None:
    assert acts(plan(standing(held(ends=NOW + 5)), row())) == [(Act.MOVE_ROLE, held())]


def test_what_had_not_begun_is_dropped_when_the_roster_does_not_name_it() -> None:
    to_come = held(LOK_TUAN, NOW + 5)
    assert acts(plan(standing(held(), to_come), row())) == [(Act.DROP_ROLE, to_come)]


def test_a_role_to_come_cannot_end_before_it_begins() -> None:
    to_come = held(LOK_TUAN, midnight(day(5)))
    for until in (-1, 0, 4):
        assert codes(plan(standing(to_come), row(region=LOK_TUAN, until=day(until)))) == [(RosterCode.DAYS_CROSSED, 2)]
    found = plan(standing(to_come), row(region=LOK_TUAN, until=day(5)))
    assert acts(found) == [(Act.END_ROLE, held(LOK_TUAN, midnight(day(5)), midnight(day(6))))]


def test_a_role_to_come_can_begin_on_another_day() -> None:
    to_come = held(begins=midnight(day(10)))
    found = plan(standing(to_come), row(since=day(20)))
    assert acts(found) == [(Act.MOVE_ROLE, held(begins=midnight(day(20))))]


def test_what_is_past_is_taken_down_once() -> None:
    first = plan(standing(), row(since=day(-20), until=day(-10)))
    past = held(begins=midnight(day(-20)), ends=midnight(day(-9)))
    assert acts(first) == [(Act.ADD_ROLE, past)]
    assert acts(plan(standing(past), row(since=day(-20), until=day(-10)))) == []


def test_an_organisation_is_meant_by_its_older_name_too() -> None:
    there = standing(held(), organisation="KPM Bontang")
    there = replace(there, organisations={"produta": {"KPM Bontang"}, "kpm bontang": {"KPM Bontang"}})
    assert acts(plan(there, row(organisation="Produta"))) == []
    assert codes(plan(replace(there, organisations={"lpm": {"LPM A", "LPM B"}}), row(organisation="LPM"))) == [
        (RosterCode.ORGANISATION_AMBIGUOUS, 2)
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((row(region="64.99"),), RosterCode.REGION_NOT_THERE),
        ((row(region=OLD),), RosterCode.REGION_ENDED),
        ((row(region="64.74.01"),), RosterCode.ROLE_NOT_FOR_REGION),
        ((row(role=Role.ADMINISTRATOR),), RosterCode.ROLE_NOT_FOR_REGION),
        ((row(since=TODAY + timedelta(days=1)),), RosterCode.BEGUN_ALREADY),
        ((row(1), row(2)), RosterCode.ROLE_TWICE),
        ((row(1), row(2, LOK_TUAN, name="Nur A.")), RosterCode.PERSON_TOLD_TWICE),
        ((row(1, phone="1"), row(2, LOK_TUAN, phone="")), RosterCode.PERSON_TOLD_TWICE),
    ],
)
def test_what_does_not_go_together_is_a_problem_and_changes_nothing(rows: tuple[Row, ...], code: RosterCode) -> None:
    found = plan(standing(held()), *rows)
    assert codes(found) == [(code, rows[-1].number)]
    assert found.changes == ()


def test_of_whom_a_row_could_not_be_read_nothing_is_said_to_change() -> None:
    found = plan_import(Rows((row(region=LOK_TUAN),), frozenset({"nur"}), ()), standing(held()))
    assert found.changes == ()


def after(there: Standing, found: Plan) -> Standing:
    """What is stored when a plan was carried out."""
    people = dict(there.people)
    for change in found.changes:
        known = people.get(change.person, Known(change.after))
        match change.act:
            case Act.CHANGE_NAME:
                known = replace(known, name=change.after)
            case Act.CHANGE_PROFESSION:
                known = replace(known, profession=change.after)
            case Act.CHANGE_PHONE:
                known = replace(known, phone=change.after)
            case Act.CHANGE_ORGANISATION:
                known = replace(known, organisation=change.after)
        if change.role is not None:
            named = (change.role.role, change.role.region, change.role.version)
            others = [one for one in known.roles if (one.role, one.region, one.version) != named]
            kept = [] if change.act is Act.DROP_ROLE else [change.role]
            known = replace(known, roles=(*others, *kept))
        people[change.person] = known
    return replace(there, people=people)


DAY = 86_400_000
days = st.integers(-40, 40)
regions = st.sampled_from([GUNTUNG, LOK_TUAN])
texts = st.sampled_from([None, "", "petani", "guru"])


@st.composite
def stored_roles(draw: st.DrawFn) -> tuple[Held, ...]:
    """What imports can have left: in each region roles one after the other, all but the last over."""
    found: list[Held] = []
    for region in (GUNTUNG, LOK_TUAN):
        turns = sorted(draw(st.lists(st.integers(-60, -1), max_size=4, unique=True)))
        for first, last in zip(turns[::2], turns[1::2], strict=False):
            found.append(held(region, NOW + first * DAY, NOW + last * DAY, len(found) + 1))
        if draw(st.booleans()):
            begins = draw(st.integers(max([-60, *turns]), 40))
            ends = draw(st.none() | st.integers(begins + 1, begins + 60))
            until = None if ends is None else NOW + ends * DAY
            found.append(held(region, NOW + begins * DAY, until, len(found) + 1))
    return tuple(found)


@st.composite
def rosters(draw: st.DrawFn) -> tuple[Row, ...]:
    found = []
    profession, organisation, phone = draw(texts), draw(texts), draw(texts)
    for number, region in enumerate(draw(st.lists(regions, min_size=1, max_size=2, unique=True)), start=2):
        since = draw(st.none() | days.map(day))
        length = draw(st.none() | st.integers(0, 60))
        until = None if length is None else (since or day(-20)) + timedelta(days=length)
        told = row(number, region, since=since, until=until)
        found.append(replace(told, profession=profession, organisation=organisation, phone=phone))
    return tuple(found)


@given(stored_roles(), rosters(), st.integers(0, 5))
def test_a_second_import_changes_nothing(roles: tuple[Held, ...], rows: tuple[Row, ...], later: int) -> None:
    there = standing(*roles)
    first = plan(there, *rows)
    if first.problems:
        assert first.changes == ()
        return
    then = after(there, first)
    assert plan(then, *rows).changes == ()
    # Nor does it minutes later, when nothing of it has begun or ended meanwhile.
    soon = NOW + later * 60_000
    assert plan(replace(then, now=soon), *rows).changes == ()


@given(stored_roles(), rosters())
def test_what_was_held_until_now_is_never_taken_back(roles: tuple[Held, ...], rows: tuple[Row, ...]) -> None:
    there = standing(*roles)
    then = after(there, plan(there, *rows)).people["nur"].roles
    for one in roles:
        if one.begins <= NOW and (one.ends is None or one.ends >= NOW):
            kept = [found for found in then if (found.region, found.version) == (one.region, one.version)]
            assert [found for found in kept if found.ends is None or found.ends >= NOW], one


@given(stored_roles(), rosters())
def test_whoever_is_in_the_roster_holds_in_the_end_what_it_says_and_nothing_else(
    roles: tuple[Held, ...], rows: tuple[Row, ...]
) -> None:
    there = standing(*roles)
    found = plan(there, *rows)
    if found.problems:
        return
    then = after(there, found).people["nur"].roles
    at = midnight(day(200))
    holds = [one.region for one in then if one.begins <= at and (one.ends is None or one.ends > at)]
    assert sorted(holds) == sorted(one.region for one in rows if one.until is None)
