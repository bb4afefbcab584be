"""An entry of the coordinators' feed, opened like an activity."""

from __future__ import annotations

from lumbung_client.session.views import ActivityRow, ActivityState, ActivityView
from lumbung_shared.answers import check_complete
from lumbung_shared.forms import find_form
from lumbung_shared.protocol import FeedEntry, Person


def entry_view(entry: FeedEntry, author: Person | None) -> ActivityView:
    """Return the view of an entry that the phone has only from a feed page."""
    row = ActivityRow(
        record=entry.record,
        kind=entry.kind,
        form=entry.form,
        headline=entry.headline,
        region=entry.region,
        date=entry.date,
        state=ActivityState.DISPUTED if entry.disputed else ActivityState.SENT,
        changed_at=entry.at,
        author=entry.author,
    )
    form = find_form(entry.kind, entry.form)
    return ActivityView(
        row=row,
        answers=entry.values,
        mine=False,
        author_name=author.name if author else "",
        remarks=check_complete(form, entry.values) if form else (),
        flags=entry.flags,
        at=entry.at,
        clock=entry.clock,
    )
