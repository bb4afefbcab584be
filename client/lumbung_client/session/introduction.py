"""Whether somebody is still to be shown what the app does, and which form one can practise with.

Never says anything itself, and keeps nothing of what is practised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lumbung_client.session.views import Identity
from lumbung_client.store.entries import INTRODUCTION, drop
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_shared.forms import Form

PRACTICE_KIND = "compost-training"
"""A kind that every cadre knows: questions of many types, and none about somebody else."""


class Introduction:
    """Stands from the first admission to a store until the person went through it or skipped it. Calls may raise
    StoreError.

    Coordinators find it in the settings only: they sign in at many a desk, and no browser knows what another showed.
    """

    def __init__(self, store: LocalStore, identity: Callable[[], Identity | None]) -> None:
        self._store = store
        self._identity = identity

    @property
    def is_due(self) -> bool:
        """Whether it comes before everything else."""
        identity = self._identity()
        stands = self._store.get(Name.META, INTRODUCTION) is not None
        return stands and identity is not None and not identity.is_coordinator

    def begin(self) -> None:
        """Note that whoever is admitted next is new here; call it before, for then no other screen comes between."""
        if self._identity() is None:
            self._store.apply([Change(Name.META, INTRODUCTION, {})])

    def end(self) -> None:
        """Note that the person has seen it, or wants to see no more of it."""
        self._store.apply([drop(Name.META, INTRODUCTION)])


def practice_form(offered: Sequence[Form]) -> Form | None:
    """Return the form to practise with among those that one may begin; None when there is none."""
    first = offered[0] if offered else None
    return next((form for form in offered if form.kind == PRACTICE_KIND), first)
