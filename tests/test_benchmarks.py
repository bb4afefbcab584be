"""The benchmarks judge by numbers, and measure with data that our own forms accept."""

from __future__ import annotations

import asyncio
import gzip
import json
import statistics
from functools import partial
from itertools import islice, pairwise
from pathlib import Path

import pytest

from benchmarks import crowd, form_open, list_scroll, quarter, records
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.arrivals import arrivals, fitting, percentile
from benchmarks.asking import by_turns, on_time
from benchmarks.figures import compared, keep, table, within
from benchmarks.timing import in_turn
from lumbung_server.routes.bodies import Unpacker
from lumbung_shared.answers import check_write
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import find_form
from lumbung_shared.writes import Write
from tools import mutants

FIELDS = ["name", "unit", "value", "baseline", "baseline_value", "ratio", "target", "met", "spread", "n"]


def test_a_figure_is_met_when_the_ratio_of_the_medians_is_at_most_the_target() -> None:
    assert compared("a", "ms", [1, 6, 900], "other", [2, 2, 2], 3).met
    assert not compared("a", "ms", [1, 6.1, 900], "other", [2, 2, 2], 3).met
    assert within("a", "ms", [20], 20).met
    assert not within("a", "ms", [20.1], 20).met


def test_a_figure_is_kept_with_exactly_the_fields_that_are_promised(tmp_path: Path) -> None:
    keep(compared("store-x", "ms", [1, 2, 3], "other", [4], 3), tmp_path / "new")
    wire = json.loads((tmp_path / "new" / "store-x.json").read_text())
    assert list(wire) == FIELDS
    assert (wire["value"], wire["baseline_value"], wire["ratio"], wire["met"], wire["n"]) == (2, 4, 0.5, True, 3)


def test_the_table_says_which_figure_is_not_met() -> None:
    lines = table([within("good", "ms", [1], 2), within("bad", "ms", [3], 2)]).splitlines()
    assert [" NO " in line for line in lines] == [False, False, True]


def test_the_sides_are_called_in_turn_and_the_warm_up_does_not_count() -> None:
    called = list[str]()
    times = in_turn({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, 3, warm_up=1)
    assert {name: len(taken) for name, taken in times.items()} == {"a": 3, "b": 3}
    assert sorted(called[:2]) == sorted(called[2:4]) == ["a", "b"]
    assert called[0] != called[2]


def test_the_made_up_activities_are_about_730_bytes_and_our_forms_accept_them() -> None:
    entries = [records.entry(number) for number in range(300)]
    assert 700 < statistics.median(records.size(to_wire(entry)) for entry in entries) < 760
    for entry in entries:
        form = find_form(entry.write.kind, entry.write.form)
        assert form
        assert check_write(form, entry.write) is None
    assert [records.entry(number) for number in range(300)] == entries


def test_phones_arrive_at_their_own_moments_within_the_time_that_their_rate_gives() -> None:
    at = arrivals(1000, 50, "badai")
    assert at == sorted(at) == arrivals(1000, 50, "badai") != arrivals(1000, 50, "lain")
    assert at[0] >= 0
    assert 19 < at[-1] <= 20
    gaps = [later - earlier for earlier, later in pairwise(at)]
    # A sign of independence: gaps vary as much as they are long.
    assert statistics.pstdev(gaps) == pytest.approx(statistics.mean(gaps), rel=0.15)


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (90, 9), (95, 10), (100, 10), (1, 1)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == value
    assert percentile([7], percent) == 7


def test_as_many_phones_take_part_as_can_arrive_in_the_time_there_is() -> None:
    assert fitting(5190, 20, 480, 5) == 5190
    assert fitting(5190, 3.03, 480, 5) == 1450
    assert fitting(5190, 0.001, 480, 5) == 5


def test_a_request_that_is_completed_as_it_is_sent_is_one_gzip_member() -> None:
    member = crowd.Member("uji", 1, "64.74.01.1004")
    writes = crowd.activities(member, 1, 60)
    whole = crowd.sync_body(member, writes).with_last({"cursor": "abc", "time": {"wall": 1}})
    expected = {"protocol": 1, "replica": member.replica, "writes": writes, "cursor": "abc", "time": {"wall": 1}}
    unpacker = Unpacker(2_000_000)
    assert json.loads(unpacker.unpack(whole)) == expected
    unpacker.finish()
    assert gzip.decompress(whole)


def test_a_crowd_is_made_of_different_people_whose_activities_our_forms_accept() -> None:
    villages = crowd.villages()
    assert len(villages) == 1038
    members = crowd.crowd("uji", villages, 5)
    for distinct in ("person", "token", "replica"):
        assert len({getattr(one, distinct) for one in members}) == 5190
    writes = [from_wire(Write, plain) for one in members[:3] for plain in crowd.activities(one, 1, 60)]
    assert len({write.record for write in writes}) == 180
    assert [write.n for write in writes[:60]] == [*range(1, 61)]
    for write in writes:
        form = find_form(write.kind, write.form)
        assert form
        assert check_write(form, write) is None


def test_senders_take_the_next_job_as_soon_as_they_are_done_and_results_keep_the_order() -> None:
    under_way = list[int]()
    most = list[int]()

    async def job(number: int) -> int:
        under_way.append(number)
        most.append(len(under_way))
        await asyncio.sleep(0)
        under_way.remove(number)
        return number * 10

    jobs = [partial(job, number) for number in range(9)]
    assert asyncio.run(by_turns(jobs, 3)) == [number * 10 for number in range(9)]
    assert max(most) == 3


def test_who_comes_on_time_and_is_served_late_waited_from_the_scheduled_moment() -> None:
    served = asyncio.Event()

    async def first() -> str:
        await served.wait()
        return "first"

    async def second() -> str:
        served.set()
        return "second"

    (waited, one), (_, other) = asyncio.run(on_time([first, second], [0, 0.05]))
    assert (one, other) == ("first", "second")
    assert waited >= 0.05


def test_an_unknown_name_is_answered_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], {"NAME": "store-sav"}) == 2
    assert "store-save" in capsys.readouterr().err


def test_an_argument_measures_nothing_and_is_answered_with_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], {}) == 2
    assert "NAME=store-save" in capsys.readouterr().err


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name.startswith(("store-", "wire-"))])
def test_every_native_benchmark_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results")
    monkeypatch.setattr("benchmarks.__main__.DATA", tmp_path / "data")
    assert main([], {"NAME": name, "QUICK": "1"}) == 0
    assert json.loads((tmp_path / "results" / f"{name}.json").read_text())["n"] > 0


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["save-tap", "form-open", "list-scroll"])
def test_every_benchmark_of_the_hands_on_the_app_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results")
    monkeypatch.setattr("benchmarks.__main__.DATA", tmp_path / "data")
    assert main([], {"NAME": name, "QUICK": "1"}) == 0
    assert all(json.loads(kept.read_text())["n"] > 0 for kept in (tmp_path / "results").iterdir())


def test_the_form_that_is_opened_has_thirty_questions_with_names_of_their_own() -> None:
    form = form_open.large_form()
    assert len(form.questions) == len({item.name for item in form.questions}) == 30
    assert len({item.label.within("id") for item in form.questions}) == 30
    assert len({item.type for item in form.questions}) == 10


def test_a_frame_longer_than_fifty_ms_is_one_that_is_seen() -> None:
    ride = list_scroll.Ride(gaps=[16, 17, 50, 51])
    assert ride.share() == 25
    assert ride.told() == "1 of 4 frames longer than 50 ms, the longest 51"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "no CPU quota"),
        ({"cpu.max": "max 100000"}, "no CPU quota"),
        ({"cpu.max": "150000 100000"}, "held to 1.5 of them by a CPU quota"),
        ({"cpu.cfs_quota_us": "-1", "cpu.cfs_period_us": "100000"}, "no CPU quota"),
        ({"cpu.cfs_quota_us": "50000", "cpu.cfs_period_us": "100000"}, "held to 0.5 of them by a CPU quota"),
    ],
)
def test_the_cpu_quota_is_said_whichever_control_groups_there_are(
    files: dict[str, str], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(quarter, "CPU_MAX", tmp_path / "cpu.max")
    monkeypatch.setattr(quarter, "CFS_QUOTA", tmp_path / "cpu.cfs_quota_us")
    assert quarter.quota().endswith(f"processors, {expected}")


SOURCE = '''
def written(file, size):
    """Say so."""
    file.truncate(size)
    file.write_at(0, b"x")
    if size:
        file.flush()
    return size
'''


def test_mutants_leave_out_flushes_and_swap_truncates_with_what_stands_beside_them() -> None:
    found = {mutant.change: mutant.source for mutant in mutants.mutants_of("any", SOURCE)}
    assert set(found) == {"without file.flush", "without file.truncate", "later file.truncate"}
    assert "flush" not in found["without file.flush"]
    later = found["later file.truncate"]
    assert later.index("write_at") < later.index("truncate")


def test_a_statement_alone_in_its_block_changes_places_with_the_whole_block() -> None:
    source = "def cut(file):\n    if file.size():\n        file.truncate(0)\n    file.flush()\n"
    later = {mutant.change: mutant.source for mutant in mutants.mutants_of("any", source)}["later file.truncate"]
    assert later.index("flush") < later.index("if file.size()")


def test_the_store_has_safeguards_to_take_out() -> None:
    changes = [mutant.change for mutant in islice(mutants.mutants(), 200)]
    assert sum("flush" in change for change in changes) >= 8
    assert any("truncate" in change for change in changes)


@pytest.mark.full
@pytest.mark.timeout(1500)
def test_the_tests_of_the_store_notice_every_safeguard_that_is_missing() -> None:
    assert mutants.main([]) == 0
