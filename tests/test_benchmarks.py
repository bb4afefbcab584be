"""The benchmarks judge by numbers, and measure with data that our own forms accept."""

from __future__ import annotations

import json
import statistics
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import records
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import compared, keep, table, within
from benchmarks.timing import in_turn
from lumbung_shared.answers import check_write
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import find_form
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


def test_an_unknown_name_is_answered_with_the_names_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main({"NAME": "store-sav"}) == 2
    assert "store-save" in capsys.readouterr().err


@pytest.mark.parametrize("name", [name for name in BENCHMARKS if name.startswith(("store-", "wire-"))])
def test_every_native_benchmark_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results")
    monkeypatch.setattr("benchmarks.__main__.DATA", tmp_path / "data")
    assert main({"NAME": name, "QUICK": "1"}) == 0
    assert json.loads((tmp_path / "results" / f"{name}.json").read_text())["n"] > 0


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
