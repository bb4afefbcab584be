"""Judge and talk about activities: on records that this phone holds, or knows from a page of the feed alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import quote

from lumbung_client.session.disputes import Witness
from lumbung_client.session.feed import ServerFeed
from lumbung_client.session.people import People
from lumbung_client.session.review_views import StepView
from lumbung_client.session.reviews_told import coordinates, last_talker, step_view
from lumbung_client.session.settling import Settling
from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.store.frames import Change
from lumbung_client.sync import queue
from lumbung_client.sync.queue import Intent
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Purpose
from lumbung_shared.history import HistoryPage
from lumbung_shared.ids import row_id
from lumbung_shared.protocol import FeedEntry, Person
from lumbung_shared.records import RecordState, is_deleted, is_disputed, replaced_by, values
from lumbung_shared.review import (
    JUDGEMENT,
    Judgement,
    ReviewState,
    Verdict,
    comments_of,
    content_digest,
    judgement_value,
    review_of,
    talk_path,
)
from lumbung_shared.writes import PhoneTime

HISTORY_PATH = "/api/v1/records"
MOST = 200
"""Activities that are judged at once: as many as one request takes."""
_REGION = "region"


class Reviewing:
    """What a person says about activities. `clock`: the phone's; `now`: ms, as far as the phone knows it; `chance`: so
    many random bytes; `enqueue` applies changes, and lets syncing know.
    """

    def __init__(
        self,
        content: Content,
        settling: Settling,
        feed: ServerFeed,
        people: People,
        clock: Callable[[], PhoneTime],
        now: Callable[[], int],
        chance: Callable[[int], bytes],
        enqueue: Callable[[Sequence[Change]], None],
    ) -> None:
        self._content = content
        self._settling = settling
        self._feed = feed
        self._people = people
        self._clock = clock
        self._now = now
        self._chance = chance
        self._enqueue = enqueue

    def judge(self, records: Collection[str], verdict: Verdict, reason: str = "", fields: Sequence[str] = ()) -> int:
        """Verify activities or return them, as this person has them before their eyes; returns how many that were.

        Left out is what this person may not judge, what stands so already, and of what is to be verified every bentrok.
        `fields`: paths concerned. Raises StoreError, and then changed nothing.
        """
        if verdict == Verdict.RETURNED and not reason.strip():
            return 0
        said = Judgement(verdict, "", reason.strip(), tuple(fields)[:100])
        return self._say(records, lambda state: self._judgement(state, said))

    def comment(self, record: str, text: str) -> bool:
        """Say something about an activity; tells whether this person may. Raises StoreError."""
        row = row_id(self._now(), self._chance(2))
        said: dict[str, Json] = {talk_path(row): text.strip()}
        return bool(text.strip()) and self._say([record], lambda state: said if self._may_talk(state) else {}) == 1

    def take_back(self, record: str, row: str) -> None:
        """Take back a comment of one's own. Raises StoreError."""
        self._say([record], lambda state: {talk_path(row): None} if self._is_own(state, row) else {})

    def stands(self, entry: FeedEntry, as_of: int) -> ReviewState:
        """Return where an entry of a page that was asked for at `as_of` (ms) stands with its coordinators by now."""
        state = self._by_now(entry, as_of)
        return review_of(state).state if state else ReviewState.RECEIVED

    def talker(self, entry: FeedEntry, as_of: int, people: Mapping[str, Person]) -> str | None:
        """Return the name of who has the last word about an entry of a page, where that is somebody else.

        Empty where it is not known, None where nobody said anything or it is not told to this person. `people`: those
        the page names.
        """
        state = self._by_now(entry, as_of)
        if state is None or not self._may_talk(state):
            return None
        return last_talker(Witness(self._content, people), state)

    def _by_now(self, entry: FeedEntry, as_of: int) -> RecordState | None:
        content, record = self._content, entry.record
        newer = content.entries_of(record) or content.place.last_success > as_of or entry.state is None
        return (content.view(record) if newer else None) or entry.state

    async def history(self, record: str) -> tuple[StepView, ...] | Failure:
        """Ask the server what was done to an activity, oldest first."""
        steps: list[StepView] = []
        after = 0
        while True:
            path = f"{HISTORY_PATH}/{quote(record)}/history" + (f"?after={after}" if after else "")
            page = await self._people.ask(HistoryPage, "GET", path)
            if isinstance(page, Failure):
                return page
            witness = Witness(self._content, page.people)
            steps += (step_view(witness, step) for step in page.steps)
            if not page.next or page.next <= after:
                return tuple(steps)
            after = page.next

    def _judgement(self, state: RecordState, said: Judgement) -> dict[str, Json]:
        shown = review_of(state)
        verifies = said.verdict == Verdict.VERIFIED
        if not self._may_judge(state) or (verifies and (is_disputed(state) or shown.state is ReviewState.VERIFIED)):
            return {}
        judged = Judgement(said.verdict, content_digest(state), said.reason, said.fields)
        return {JUDGEMENT: judgement_value(judged)}

    def _may_judge(self, state: RecordState) -> bool:
        is_activity = self._content.purpose(state.kind, state.form) == Purpose.ACTIVITY
        return is_activity and coordinates(self._content.owner, _region(state))

    def _may_talk(self, state: RecordState) -> bool:
        return self._me() == state.author or self._may_judge(state)

    def _is_own(self, state: RecordState, row: str) -> bool:
        return any(one.row == row and one.by == self._me() for one in comments_of(state))

    def _me(self) -> str:
        owner = self._content.owner
        return owner.person.id if owner else ""

    def _say(self, records: Collection[str], words: Callable[[RecordState], dict[str, Json]]) -> int:
        """Say about each record what `words` returns for its state, in one frame; nothing where that is empty."""
        found = self._feed.found_among(records)
        changes: list[Change] = []
        intents: list[Intent] = []
        for record in dict.fromkeys(records):
            state, held = self._settling.looked_at(record, found.get(record))
            sets = words(state) if state is not None and not is_deleted(state) else {}
            if state is not None and sets:
                changes += held
                intents.append(Intent(record, state.kind, state.form, sets, replaced_by(state, sets)))
        if intents:
            self._enqueue([*changes, *queue.all_queued(self._content, intents, self._clock())])
        return len(intents)


def _region(state: RecordState) -> str:
    region = values(state).get(_REGION)
    return region if isinstance(region, str) else ""
