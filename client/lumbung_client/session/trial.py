"""A form that is tried out: as a phone would show it, and what is answered goes nowhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lumbung_client.session import drafts
from lumbung_client.store.entries import Draft
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form
from lumbung_shared.logic import row_beginning
from lumbung_shared.protocol import Grant
from lumbung_shared.times import local_date


@dataclass(frozen=True)
class Trial:
    """The form and what stands in it."""

    form: Form
    _draft: Draft

    @property
    def name(self) -> str:
        """What tells it from other open forms."""
        return self._draft.record

    @property
    def answers(self) -> Mapping[str, Json]:
        """Path to answer."""
        return self._draft.answers

    def lacking(self, today: str) -> tuple[Remark, ...]:
        """Return what would have to be corrected before it could be finished. `today`: ISO day."""
        return drafts.finished(self._draft, self.form, today).remarks

    def with_answer(self, path: str, value: Json) -> Trial:
        """Return the trial with one answer given or cleared."""
        return replace(self, _draft=drafts.with_answer(self._draft, path, value, self._draft.opened_at))

    def with_row(self, repeat: str) -> Trial:
        """Return the trial with another row."""
        draft, now = self._draft, self._draft.opened_at
        row = drafts.next_row(draft, repeat, now, b"\0\0")
        begins = row_beginning(self.form, repeat, draft.answers, local_date(now).isoformat())
        return replace(self, _draft=drafts.with_row(draft, repeat, row, now, begins))

    def with_row_moved(self, repeat: str, row: str, by: int) -> Trial:
        """Return the trial with a row so many places later, or earlier if below 0."""
        return replace(self, _draft=drafts.with_row_moved(self._draft, repeat, row, by, self._draft.opened_at))

    def without_row(self, repeat: str, row: str) -> Trial:
        """Return the trial with one row less."""
        return replace(self, _draft=drafts.without_row(self._draft, repeat, row, self._draft.opened_at))


def tried(form: Form, grants: tuple[Grant, ...], now: int) -> Trial:
    """Return a form as it begins for a person with these grants. `now`: ms."""
    return Trial(form, drafts.new_draft(form, f"try:{form.kind}@{form.version}", grants, now))
