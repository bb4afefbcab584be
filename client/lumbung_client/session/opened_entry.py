"""An entry of the coordinators' feed, opened like an activity."""

from __future__ import annotations

from dataclasses import replace

from lumbung_client.session.disputes import Witness
from lumbung_client.session.feed import Found
from lumbung_client.session.gallery import photos_of
from lumbung_client.session.reviews_told import coordinates, reason_of, review_view
from lumbung_client.session.views import ActivityRow, ActivityState, ActivityView
from lumbung_client.store.content import Content
from lumbung_shared.answers import check_complete
from lumbung_shared.protocol import FeedEntry
from lumbung_shared.review import ReviewState
from lumbung_shared.times import local_date


def entry_view(found: Found, content: Content) -> ActivityView:
    """Return the view of an entry that the phone has only from a feed page."""
    entry, people = found.entry, found.people
    author = people.get(entry.author)
    review, returned = reason_of(entry.state) if entry.state else (ReviewState.RECEIVED, "")
    row = replace(
        entry_row(entry, ActivityState.DISPUTED if entry.disputed else ActivityState.SENT),
        review=review,
        returned=returned,
    )
    day = local_date(entry.at).isoformat()
    form = content.catalogue.form(entry.kind, entry.form)
    witness = Witness(content, people)
    erased = entry.state.erased if entry.state else ()
    return ActivityView(
        row=row,
        answers={path: value for path, value in entry.values.items() if value is not None},
        mine=False,
        may_settle=form is not None and coordinates(content.owner, entry.region),
        author_name=author.name if author else "",
        organisation=entry.organisation,
        rivals=witness.rivals(entry.state) if entry.state else {},
        deletions=witness.deletions(entry.state) if entry.state else (),
        remarks=check_complete(form, entry.values, today=day, erased=erased) if form else (),
        flags=entry.flags,
        at=entry.at,
        clock=entry.clock,
        day=day,
        lacks=entry.lacks,
        erased=erased,
        review=review_view(content, witness, entry.state, entry.region),
    )


def entry_row(entry: FeedEntry, state: ActivityState) -> ActivityRow:
    """Return the row of an entry of the feed that stands in a state."""
    named = {photo.sha256 for photo in photos_of(entry.values)}
    return ActivityRow(
        record=entry.record,
        kind=entry.kind,
        form=entry.form,
        headline=entry.headline,
        region=entry.region,
        date=entry.date,
        state=state,
        changed_at=entry.at,
        author=entry.author,
        pictures=len(named),
        lacking=len(named.intersection(entry.lacks)),
        disputed=state is ActivityState.DISPUTED,
    )
