"""By which labels the phone's own feed is filtered: those of an activity, and those that a filter asks for."""

from __future__ import annotations

from collections.abc import Iterator

from lumbung_client.session.activities import missing
from lumbung_client.session.searching import (
    kind_label,
    organisation_label,
    person_label,
    region_label,
    review_label,
)
from lumbung_client.session.views import FeedFilter
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.local_store import Name, Row
from lumbung_shared.records import is_disputed
from lumbung_shared.review import JUDGEMENT, ReviewState, review_of

DISPUTED = "disputed"
"""Label of what is a bentrok."""
LACKING = "lacking"
"""Label of what a photo is missing of, as the server told last."""


def chosen_labels(chosen: FeedFilter) -> tuple[str, ...]:
    """Return the labels that everything carries that is chosen."""
    labels = (
        region_label(chosen.region) if chosen.region else "",
        kind_label(chosen.kind) if chosen.kind else "",
        person_label(chosen.person) if chosen.person else "",
        organisation_label(chosen.organisation) if chosen.organisation else "",
        review_label(chosen.review) if chosen.review else "",
        DISPUTED if chosen.disputed else "",
        LACKING if chosen.lacking else "",
    )
    return tuple(filter(None, labels))


def standing_labels(content: Content, record: str, row: Row, seen: plain.Glance) -> Iterator[str]:
    """Yield the labels of an activity's organisation and of how it stands; few have to be decoded for that."""
    yield organisation_label(_organisation(content, plain.text(row.get("author"))))
    judged, lacks = JUDGEMENT in seen.answers, bool(row.get("lacks"))
    state = None if seen.is_clear and not judged and not lacks else content.confirmed(record)
    if state is not None and not seen.is_clear and is_disputed(state):
        yield DISPUTED
    if state is not None and lacks and missing(content, state):
        yield LACKING
    yield review_label(review_of(state).state if state is not None else ReviewState.RECEIVED)


def _organisation(content: Content, author: str) -> str:
    row = content.get(Name.PEOPLE, author)
    if row is not None:
        return plain.text(row.get("organisation"))
    owner = content.owner
    return owner.person.organisation if owner is not None and owner.person.id == author else ""
