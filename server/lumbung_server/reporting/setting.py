"""Set a report as PDF. What people wrote reaches the template as values of a JSON file, never as markup."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from lumbung_server.reporting.model import MAX_LINES, Part, Report
from lumbung_server.reporting.words import MEASURES, REVIEWS, WASTE, day_text, month_text, number_text, short_day

_LONGEST = 160
"""Characters of a text in the table; a line of it is one activity."""


def pdf(report: Report, folder: Path) -> bytes:
    """Return the report as PDF, set in an empty folder; work for a thread."""
    template = folder / "report.typ"
    template.write_bytes((resources.files("lumbung_server.reporting") / template.name).read_bytes())
    (folder / "report.json").write_text(json.dumps(told(report), ensure_ascii=False), "utf-8")
    for number, one in enumerate(report.pictures):
        (folder / _file_of(number)).write_bytes(one.content)
    # Nothing outside of the folder is read, and only the fonts that travel with the library: the same paper everywhere.
    return typst.compile(template, root=folder, ignore_system_fonts=True)


def _file_of(number: int) -> str:
    return f"picture-{number}.jpg"


def told(report: Report) -> dict[str, Any]:
    """Return what the template reads: words, and numbers as texts beside what bars are drawn by."""
    shown = report.lines[:MAX_LINES]
    return {
        "organisation": report.organisation,
        "region": report.region,
        "above": report.above,
        "month": month_text(report.month),
        "summary": [
            {"name": name, "number": number_text(key, report.numbers[key]), "unit": unit}
            for key, (name, unit) in MEASURES.items()
            if report.numbers.get(key) and key not in WASTE
        ],
        "waste": _bars(report, WASTE),
        "waste_total": number_text(WASTE[0], sum(report.numbers.get(key, 0) for key in WASTE)),
        "open": [f"{report.open[key]} {words}" for key, words in REVIEWS.items() if report.open.get(key)],
        "open_total": sum(report.open.values()),
        "kinds": [_row(part) for part in report.kinds],
        "regions": [_row(part) for part in report.regions],
        "total": _row(Part("Jumlah", report.numbers)),
        "lines": [
            [short_day(one.date), one.kind, cut(one.title), one.region, one.author, one.men, one.women] for one in shown
        ],
        "more": max(0, report.numbers.get("activities", 0) - len(shown)),
        "pictures": [
            {"file": _file_of(number), "caption": cut(one.caption)} for number, one in enumerate(report.pictures)
        ],
        "signer": report.signer.name,
        "office": report.signer.office,
        "place": report.signer.place,
        "day": day_text(report.signer.day),
    }


def _bars(report: Report, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    there = [(key, report.numbers[key]) for key in keys if report.numbers.get(key)]
    return [{"name": MEASURES[key][0], "number": number_text(key, value), "value": value} for key, value in there]


def _row(part: Part) -> dict[str, Any]:
    men, women = part.numbers.get("participants-l", 0), part.numbers.get("participants-p", 0)
    counts = (part.numbers.get("activities", 0), men, women, men + women)
    texts = [number_text("activities", one) for one in counts]
    return {"name": part.name, "value": counts[0], "men": men, "women": women, "cells": texts}


def cut(text: str) -> str:
    """Return a text as one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
