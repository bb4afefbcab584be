"""End a *bentrok*: on a record that this phone holds, or on one that it knows from a page of the feed alone."""

from __future__ import annotations

from dataclasses import replace

from lumbung_client.session.activities import Activities
from lumbung_client.session.feed import Found, LocalFeed, ServerFeed
from lumbung_client.session.marks import Marked, marks
from lumbung_client.session.opened_entry import entry_row, entry_view
from lumbung_client.session.views import ActivityState, ActivityView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import put_record, put_whole
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync import queue
from lumbung_shared.canonical import Json
from lumbung_shared.protocol import FeedEntry, Role
from lumbung_shared.records import RecordState, is_disputed
from lumbung_shared.writes import PhoneTime


class Settling:
    """What a person sees of a record wherever it comes from, and what their choice changes."""

    def __init__(self, content: Content, activities: Activities, local: LocalFeed, server_feed: ServerFeed) -> None:
        self._content = content
        self._activities = activities
        self._local = local
        self._feed = server_feed

    def count(self) -> int:
        """Return how many activities are a bentrok that this person may end, as far as the phone has looked."""
        grants = self._content.owner.grants if self._content.owner else ()
        if any(grant.role != Role.CADRE for grant in grants):
            return self._local.disputed()
        return self._activities.tally("").get(ActivityState.DISPUTED, 0)

    def view(self, record: str) -> ActivityView | None:
        """Return an activity opened: as this phone holds it, unless an opened page of the feed told something newer."""
        found = self._feed.found(record)
        view = None if found and self._is_newer(found) else self._activities.view(record)
        if view is None or found is None:
            return entry_view(found, self._content) if found else view
        return replace(view, organisation=found.entry.organisation)

    def standing(self, entry: FeedEntry, as_of: int) -> ActivityState:
        """Return how an entry of a page that was asked for at `as_of` (ms) stands by now."""
        content = self._content
        if entry.disputed and content.entries_of(entry.record):
            return ActivityState.WAITING
        state = content.view(entry.record)
        over = state is not None and not is_disputed(state) and content.place.last_success > as_of
        return ActivityState.DISPUTED if entry.disputed and not over else ActivityState.SENT

    def marks(self, entry: FeedEntry, as_of: int) -> tuple[Marked, ...]:
        """Return every state of an entry of a page that was asked for at `as_of` (ms): of this person's own activities
        as this phone knows them.
        """
        owner = self._content.owner
        row = self._activities.row(entry.record) if owner is not None and entry.author == owner.person.id else None
        return marks(row or entry_row(entry, self.standing(entry, as_of)))

    def settled(self, record: str, path: str, value: Json, time: PhoneTime) -> list[Change]:
        """Return the changes that let one value replace all that stand beside each other at a path."""
        state, changes = self.looked_at(record, self._feed.found(record))
        return self._with(changes, queue.settled(self._content, state, path, value, time))

    def decided(self, record: str, mark: str, time: PhoneTime, *, keep: bool) -> list[Change]:
        """Return the changes that take back a deletion that did not see everything, or repeat it."""
        state, changes = self.looked_at(record, self._feed.found(record))
        return self._with(changes, queue.decided(self._content, state, mark, time, keep=keep))

    def _with(self, changes: list[Change], choice: tuple[Change, ...]) -> list[Change]:
        return [*changes, *choice] if choice else []

    def looked_at(self, record: str, found: Found | None) -> tuple[RecordState | None, list[Change]]:
        """Return the state that the person has before them, and the changes that let this phone hold it.

        `found`: what an opened page tells of the record.
        """
        if found is None or found.entry.state is None or not self._is_newer(found):
            return self._content.view(record), []
        known = self._content.confirmed(record)
        state = found.entry.state
        mentioned = (person for person in found.people.values() if self._content.person(person.id) is None)
        changes = [put_record(replace(state, own=known.own if known else 0))]
        return state, [*changes, *(put_whole(Name.PEOPLE, person.id, person) for person in mentioned)]

    def _is_newer(self, found: Found) -> bool:
        """Tell whether a page told of a record after the news were last read, and nothing here stands on it.

        Of the person's own activities this phone knows more, but for a bentrok.
        """
        if found.entry.state is None:
            return False
        content, record, owner = self._content, found.entry.record, self._content.owner
        if owner is not None and found.entry.author == owner.person.id and not found.entry.disputed:
            return content.confirmed(record) is None and not content.entries_of(record)
        if content.confirmed(record) is None:
            return not content.entries_of(record)
        stands = content.entries_of(record) or content.draft(record) is not None
        return not stands and found.as_of > content.place.last_success
