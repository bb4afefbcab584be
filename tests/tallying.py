"""A second reckoning of the overview, by code of its own: from activities as the feed tells of them, in plain JSON.

It knows the built-in kinds by heart and shares nothing with `lumbung_shared.measures` and the server's tallies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

WASTE = ("plastic", "paper", "metal", "glass", "cooking_oil", "other")


def numbers_of(entry: Mapping[str, Any]) -> Counter[str]:
    """Return what one activity of the feed counts as, measure to whole number."""
    answers: Mapping[str, Any] = entry["values"]
    found = Counter({"activities": 1})
    people = answers.get("participants") or {}
    found["participants-l"], found["participants-p"] = people.get("l", 0), people.get("p", 0)
    match entry["kind"]:
        case "waste-bank-training":
            found["households"] = answers.get("households_joined") or 0
            for row in _rows(answers, "weighings"):
                waste = row.get("waste_type", "other")
                name = f"waste-{waste if waste in WASTE else 'other'}".replace("_", "-")
                found[name] += round(Decimal(row.get("weight") or 0) * 1000)
        case "packaging-support" | "product-photo-session":
            found["businesses"] = int(bool(answers.get("business_entry") or answers.get("business")))
        case "photography-training":
            who = [
                row.get("business_entry", {}).get("id") or row.get("business") for row in _rows(answers, "businesses")
            ]
            found["businesses"] = len({one.lower() for one in who if one})
    if entry["kind"] == "product-photo-session":
        found["products"] = len({row["product"].lower() for row in _rows(answers, "products") if row.get("product")})
    return +found


def _rows(answers: Mapping[str, Any], repeat: str) -> Iterator[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, value in answers.items():
        if path.startswith(f"{repeat}/") and value is not None:
            _, row, name = path.split("/")
            found.setdefault(row, {})[name] = value
    yield from (row for row in found.values() if row.keys() - {"$deleted", "$place"})


def counts(entry: Mapping[str, Any]) -> bool:
    """Tell whether an activity counts: one that may be deleted does not, until that is decided."""
    heads = (entry.get("state") or {}).get("heads", ())
    return not any(head["sets"].get("$deleted") is True for head in heads)


def counted(entries: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Return the sums over activities."""
    total: Counter[str] = Counter()
    for entry in entries:
        if counts(entry):
            total += numbers_of(entry)
    return total


def counted_by(entries: Iterable[Mapping[str, Any]], name: str, length: int = 100) -> dict[str, Counter[str]]:
    """Return the sums by the first characters of what activities say: `region`, `kind`, `date`."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry[name][:length], []).append(entry)
    return {key: sums for key, group in sorted(groups.items()) if (sums := counted(group))}
