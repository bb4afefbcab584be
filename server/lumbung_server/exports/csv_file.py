"""Activities as CSV (RFC 4180, UTF-8): a line for each, of all kinds in one table.

The lines are put together here because the time of an export is spent on them: `csv` looks at every letter by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from lumbung_server.exports.columns import OWN, Slot, cell, rows_cells, table_of
from lumbung_server.exports.moments import Moments
from lumbung_server.exports.raw import Names, RawRecord, stored
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form

MEDIA_TYPE = "text/csv; charset=utf-8"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells a spreadsheet that the file is UTF-8."""
_DAY = len("2026-11-22")
_ACTIVE = frozenset("=+-@\t\r")
"""What a text may begin with that a spreadsheet takes for a formula."""


class CsvFile:
    """A CSV file in the making. `marked`: it begins with the mark that Excel knows UTF-8 by."""

    def __init__(self, forms: Iterable[Form], *, marked: bool = True) -> None:
        self._table = table_of(forms)
        self._marked = marked
        # The record's own columns are one text, put together at once.
        self._blank = [""] * (1 + len(self._table.columns))
        self._moments = Moments()
        # Codes of regions and ids of people never meet: one begins with a digit and holds dots.
        self._called: dict[str, str] = {}

    def begin(self) -> bytes:
        """Return the line of headers."""
        line = ",".join(map(quoted, [*OWN, *self._table.columns]))
        return f"{_MARK if self._marked else ''}{line}\r\n".encode()

    def page(self, records: Iterable[RawRecord], names: Names) -> bytes:
        """Return the lines of records."""
        return "".join([self._line(one, names) for one in records]).encode()

    def end(self) -> bytes:
        """Return what stands behind the last line."""
        return b""

    def _line(self, raw: RawRecord, names: Names) -> str:
        record, kind, form, region, author, date, at, made_at, disputed, review, flags, state = raw
        made, changed = self._moments.text(made_at), self._moments.text(at)
        place = self._called.get(region) or self._call(region, names.regions)
        who = self._called.get(author) or self._call(author, names.people)
        organisation = quoted(names.organisation(author, date or changed[:_DAY]))
        also = quoted(names.also_by(record)) if record in names.others else ""
        row = self._blank.copy()
        row[0] = (
            f"{record},{kind},{form},{date},{place},{who},{organisation},{also},{made},{changed},"
            f"{'true' if disputed else 'false'},{review},{_noticed(flags) if len(flags) > 2 else ''}"
        )
        layout = self._table.layouts.get((kind, form))
        # By a form that nobody had used when this file was begun: it has no columns.
        if layout is not None:
            answers = layout.asker.asked(stored(state, disputed=disputed), at)
            _fill(row, layout.slots, answers)
            if layout.repeats and "/" in state:
                for name, text in rows_cells(answers, marked="$" in state).items():
                    if name in layout.repeats:
                        row[layout.repeats[name]] = quoted(text)
        return ",".join(row) + "\r\n"

    def _call(self, code: str, names: Mapping[str, str]) -> str:
        """Return two cells: a code or an id, and what it is called."""
        self._called[code] = cells = f"{quoted(code)},{quoted(names.get(code, ''))}"
        return cells


def _noticed(flags: str) -> str:
    return quoted(" ".join(json.loads(flags)))


def _fill(row: list[str], slots: Mapping[str, Slot], answers: Mapping[str, Json]) -> None:
    """Put answers into the cells of a row. Most of an export's time is spent here: hence no calls for what is plain."""
    slot_of = slots.get
    for path, value in answers.items():
        slot = slot_of(path)
        if slot is None:
            continue
        if slot.__class__ is int:
            text = value if value.__class__ is str else cell(value)
            # What a formula begins with sorts before all letters.
            if text < "A" or "," in text or '"' in text or "\n" in text or "\r" in text:
                text = quoted(text)
            row[slot] = text
        elif value.__class__ is dict:
            for part, column in slot:
                if part in value:
                    text = value[part]
                    if text.__class__ is not str:
                        text = cell(text)
                    row[column] = text if "/" < text < ":" else quoted(text)
        else:
            # What another version asked otherwise stands there as it is.
            row[slot[0][1]] = quoted(cell(value))


def quoted(text: str) -> str:
    """Return a text as it stands in a line; what a spreadsheet would take for a formula behind an apostrophe."""
    if text[:1] in _ACTIVE and not _is_number(text):
        text = f"'{text}"
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _is_number(text: str) -> bool:
    """Tell whether a text with a sign before it is nothing but a number, like a latitude in the south."""
    whole, _, part = text[1:].partition(".")
    return text[:1] in "+-" and text.isascii() and whole.isdigit() and (not part or part.isdigit())
