"""What open forms ask, hide, require and offer: after an answer only what depends on it is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form
from lumbung_shared.logic import Consequences, consequences

FORMS_HELD = 4


@dataclass(frozen=True)
class _Known:
    form: Form
    today: str
    answers: Mapping[str, Json]
    found: Consequences


class Findings:
    """Remembers what was found of the forms looked at last. `today`: the local day, ISO."""

    def __init__(self, today: Callable[[], str]) -> None:
        self._today = today
        self._known: dict[str, _Known] = {}

    def of(self, record: str, form: Form, answers: Mapping[str, Json]) -> Consequences:
        """Return what follows from the answers to a record's form."""
        known, today = self._known.pop(record, None), self._today()
        if known is None or known.form is not form or known.today != today:
            found = consequences(form, answers, today)
        else:
            changed = frozenset(_changed(known.answers, answers))
            found = known.found.after(changed, answers) if changed else known.found
        while len(self._known) >= FORMS_HELD:
            del self._known[next(iter(self._known))]
        self._known[record] = _Known(form, today, dict(answers), found)
        return found


def _changed(before: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[str]:
    yield from (path for path, value in now.items() if path not in before or before[path] != value)
    yield from (path for path in before if path not in now)
