"""Choose several activities of the feed and judge them: by boxes, by a swipe on a phone, by keys on a desktop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import flet as ft

from lumbung_client.session.reviewing import MOST
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.feed_rows import Pick, entry_row
from lumbung_client.ui.parts.judging import Desk
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.safe import start
from lumbung_client.ui.texts import Texts
from lumbung_shared.protocol import FeedEntry
from lumbung_shared.regions import covered

ROW_PX = 96
"""About how high a row is: by so much the list follows the keys."""


@dataclass(frozen=True)
class Picked:
    """What is chosen. `active`: a tap chooses instead of opening; `at`: the record at which the keys stand."""

    active: bool = False
    records: frozenset[str] = frozenset()
    at: str = ""

    def toggled(self, record: str) -> Picked:
        """Return it with a record chosen, or not any more."""
        left = self.records ^ {record}
        return replace(self, active=self.active or bool(left), records=frozenset(sorted(left)[:MOST]))


SetPicked: TypeAlias = Callable[[Callable[[Picked], Picked]], None]
NOTHING = Picked()


@dataclass(frozen=True)
class Picking:
    """The boxes, swipes and keys of one feed. `entries`: those that are shown; `wide`: boxes stand there always."""

    opened: Opened
    desk: Desk
    picked: Picked
    put: SetPicked
    entries: Sequence[FeedEntry]
    wide: bool

    @property
    def judgeable(self) -> list[str]:
        """The records of the entries that this person judges."""
        own = self.opened.session.forms.coordinated()
        return [entry.record for entry in self.entries if covered(entry.region, own)]

    def toggle(self, record: str) -> None:
        """Choose a record, or no longer."""
        self.put(lambda old: old.toggled(record))

    def button(self) -> ft.Control:
        """Return the button that begins choosing, or ends it."""
        words = self.opened.words.review
        if self.picked.active:
            return icon_button(ft.Icons.CLOSE, words.pick_none, "pick-none", self.clear)
        return icon_button(
            ft.Icons.CHECKLIST, words.pick, "pick", lambda: self.put(lambda old: replace(old, active=True))
        )

    def clear(self) -> None:
        """Choose nothing any more."""
        self.put(lambda old: Picked(at=old.at))

    def rows(self) -> list[ft.Control]:
        """Return the rows of the entries."""
        mine = frozenset(self.judgeable)
        return [self._row(entry, judged=entry.record in mine) for entry in self.entries]

    def _row(self, entry: FeedEntry, *, judged: bool) -> ft.Control:
        record, picked = entry.record, self.picked
        if not judged:
            return entry_row(self.opened, entry)
        pick = Pick(
            chosen=record in picked.records,
            boxed=self.wide or picked.active,
            taps=picked.active,
            marked=record == picked.at,
            toggle=lambda: self.toggle(record),
        )
        row = entry_row(self.opened, entry, pick)
        return row if self.wide or picked.active else _swiped(self.opened.words, self.desk, record, row)

    def bar(self) -> ft.Control | None:
        """Return what judges that which is chosen, None while nothing is being chosen."""
        words, number = self.opened.words.review, len(self.picked.records)
        if not self.picked.active:
            return None
        chosen = sorted(self.picked.records)
        everything = frozenset(self.judgeable[:MOST])
        above = ft.Row(
            controls=[
                ft.Text(words.picked.format(n=number), expand=True),
                ft.TextButton(
                    words.pick_all,
                    key="pick-all",
                    on_click=lambda: self.put(lambda old: replace(old, records=everything)),
                ),
            ]
        )
        buttons = ft.Row(
            spacing=12,
            controls=[
                ft.OutlinedButton(
                    words.give_back,
                    key="bulk-return",
                    icon=ft.Icons.UNDO,
                    expand=1,
                    disabled=not number,
                    on_click=lambda: self.desk.give_back(chosen),
                ),
                ft.FilledButton(
                    words.verify,
                    key="bulk-verify",
                    icon=ft.Icons.VERIFIED_OUTLINED,
                    expand=1,
                    disabled=not number,
                    on_click=lambda: self.desk.verify(chosen),
                ),
            ],
        )
        return ft.Column(tight=True, spacing=0, controls=[above, buttons])

    def pressed(self, key: str, rows: ft.Ref[ft.ListView]) -> None:
        """Do what a key stands for: J and K move, X chooses, V verifies, R returns, Enter opens."""
        letter, at = key.upper().removeprefix("KEY "), self.picked.at
        if letter in _STEPS:
            self._move(_STEPS[letter], rows)
        elif letter == "X" and at in self.judgeable:
            self.toggle(at)
        elif letter in ("V", "R"):
            chosen = sorted(self.picked.records) or [one for one in self.judgeable if one == at]
            (self.desk.verify if letter == "V" else self.desk.give_back)(chosen)
        elif letter == "ENTER" and at:
            self.desk.page.navigate(f"/umpan/{at}")

    def _move(self, step: int, rows: ft.Ref[ft.ListView]) -> None:
        records = [entry.record for entry in self.entries]
        if not records:
            return
        before = records.index(self.picked.at) if self.picked.at in records else -1 if step > 0 else len(records)
        place = min(max(before + step, 0), len(records) - 1)
        self.put(lambda old: replace(old, at=records[place]))

        async def follow() -> None:
            if rows.current is not None and place != before:
                await rows.current.scroll_to(delta=step * ROW_PX, duration=100)

        start(self.desk.page, follow)


_STEPS: Mapping[str, int] = {"J": 1, "K": -1, "ARROW DOWN": 1, "ARROW UP": -1}


def _swiped(words: Texts, desk: Desk, record: str, row: ft.Control) -> ft.Control:
    """Return a row that is verified by a swipe to the right and returned by one to the left; it stays where it is."""

    def act(event: ft.DismissibleDismissEvent) -> None:
        async def back() -> None:
            await event.control.confirm_dismiss(False)

        start(desk.page, back)
        (desk.verify if event.direction == ft.DismissDirection.START_TO_END else desk.give_back)([record])

    return ft.Dismissible(
        key=f"swipe-{record}",
        content=row,
        dismiss_direction=ft.DismissDirection.HORIZONTAL,
        dismiss_thresholds={ft.DismissDirection.START_TO_END: 0.35, ft.DismissDirection.END_TO_START: 0.35},
        background=_behind(ft.Icons.VERIFIED_OUTLINED, words.review.verify, ft.MainAxisAlignment.START),
        secondary_background=_behind(ft.Icons.UNDO, words.review.give_back, ft.MainAxisAlignment.END),
        on_confirm_dismiss=act,
    )


def _behind(icon: ft.IconData, word: str, side: ft.MainAxisAlignment) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
        padding=ft.Padding.symmetric(horizontal=24),
        content=ft.Row(alignment=side, controls=[ft.Icon(icon), ft.Text(word, weight=ft.FontWeight.W_500)]),
    )
