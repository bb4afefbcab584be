"""What was said about a record, in words of people: judgements, comments, the steps of its history. Changes nothing."""

from __future__ import annotations

from lumbung_client.session.disputes import Witness
from lumbung_client.session.review_views import Commented, Judged, ReviewView, StepView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import Owner
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Purpose
from lumbung_shared.history import HistoryStep
from lumbung_shared.owners import is_beside, is_talk_path
from lumbung_shared.protocol import Role
from lumbung_shared.records import RecordState, is_disputed
from lumbung_shared.regions import covered
from lumbung_shared.review import (
    JUDGEMENT,
    Judgement,
    ReviewState,
    Said,
    Verdict,
    comments_of,
    judgement_in,
    review_of,
)


def review_view(content: Content, witness: Witness, state: RecordState | None, region: str) -> ReviewView:
    """Return where a record stands and what was said about it. `region`: where it lies.

    What is said between its author and who coordinates it is not told to others.
    """
    if state is None or content.purpose(state.kind, state.form) != Purpose.ACTIVITY:
        return ReviewView()
    found = review_of(state)
    may_judge = coordinates(content.owner, region)
    may_talk = may_judge or witness.is_me(state.author)
    if not may_talk:
        return ReviewView(found.state)
    return ReviewView(
        state=found.state,
        said=_judged(witness, found.said) if found.said else None,
        rivals=tuple(_judged(witness, one) for one in found.rivals),
        comments=tuple(
            Commented(one.row, one.text, witness.name(one.by), witness.is_me(one.by), one.at)
            for one in comments_of(state)
        ),
        may_judge=may_judge,
        may_verify=may_judge and not is_disputed(state),
        may_talk=True,
    )


def reason_of(state: RecordState) -> tuple[ReviewState, str]:
    """Return where a record stands, and why, where it was returned and not changed since."""
    found = review_of(state)
    returned = found.state is ReviewState.RETURNED and found.said
    return found.state, found.said.judgement.reason if returned and found.said else ""


def last_talker(witness: Witness, state: RecordState) -> str | None:
    """Return the name of who said something about a record last, empty where that is not known.

    None where nobody said anything, or this person has the last word.
    """
    last = next(reversed(comments_of(state)), None)
    return None if last is None or witness.is_me(last.by) else witness.name(last.by)


def step_view(witness: Witness, step: HistoryStep) -> StepView:
    """Return a step of a record's history as people read it. Places of rows are left out."""
    beside = [one for one in step.changes if is_beside(one.path)]
    judgement = next((judgement_in(one.after) for one in beside if one.path == JUDGEMENT), None)
    return StepView(
        number=step.number,
        name=witness.name(step.by),
        mine=witness.is_me(step.by),
        role=step.role,
        at=step.at,
        came=step.came,
        form=step.form,
        changes=tuple(one for one in step.changes if not is_beside(one.path)),
        judged=_judged(witness, Said(judgement, step.by, step.at)) if judgement else None,
        comments=tuple(_text(one.after) for one in beside if is_talk_path(one.path) and not one.erased),
    )


def _judged(witness: Witness, said: Said) -> Judged:
    judgement: Judgement = said.judgement
    name, mine = witness.name(said.by), witness.is_me(said.by)
    return Judged(Verdict(judgement.verdict), name, mine, said.at, judgement.reason, judgement.fields)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def coordinates(owner: Owner | None, region: str) -> bool:
    """Tell whether somebody coordinates a region."""
    grants = owner.grants if owner else ()
    return covered(region, [grant.region for grant in grants if grant.role != Role.CADRE])
