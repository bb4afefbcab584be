"""What a benchmark says: one figure, judged by its ratio to a baseline measured in the same run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BUDGET = "the budget"


@dataclass(frozen=True)
class Figure:
    """A measured value beside its baseline. Less is better: it is met when `ratio` is at most `target`.

    `value`, `baseline_value`: medians in `unit`; `spread`: the middle half of the values as a share of the median;
    `n`: how often it was measured; `note`: what a reader has to know about how.
    """

    name: str
    unit: str
    value: float
    baseline: str
    baseline_value: float
    ratio: float
    target: float
    met: bool
    spread: float
    n: int
    note: str = ""

    def as_json(self) -> str:
        """Return the figure as it is kept in a file."""
        wire = asdict(self)
        if not self.note:
            del wire["note"]
        return json.dumps(wire, indent=2) + "\n"


def compared(
    name: str,
    unit: str,
    values: Sequence[float],
    baseline: str,
    baseline_values: Sequence[float],
    target: float,
    note: str = "",
) -> Figure:
    """Judge values by their median against that of a baseline."""
    value, beside = statistics.median(values), statistics.median(baseline_values)
    ratio, n = value / beside, len(values)
    return Figure(name, unit, value, baseline, beside, ratio, target, ratio <= target, spread(values), n, note)


def within(name: str, unit: str, values: Sequence[float], budget: float, note: str = "") -> Figure:
    """Judge values by their median against what they may at most be."""
    return compared(name, unit, values, BUDGET, [budget], 1.0, note)


def spread(values: Sequence[float]) -> float:
    """Return the width of the middle half of the values as a share of their median; 0 for a single value."""
    if len(values) < 2:
        return 0.0
    first, middle, third = statistics.quantiles(values, n=4)
    return (third - first) / middle if middle else 0.0


def keep(figure: Figure, folder: Path) -> None:
    """Write a figure to `folder`/NAME.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{figure.name}.json").write_text(figure.as_json(), "utf-8")


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table to read."""
    head = ("figure", "value", "baseline", "", "ratio", "target", "met", "spread", "n")
    rows = [head, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_short(figure.value)} {figure.unit}",
        f"{_short(figure.baseline_value)} {figure.unit}",
        figure.baseline,
        _short(figure.ratio),
        f"<= {_short(figure.target)}",
        "yes" if figure.met else "NO",
        f"{figure.spread:.0%}",
        str(figure.n),
    )


def _short(number: float) -> str:
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"
