"""Which forms there are and which one may begin with: published forms, several versions of a kind side by side."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lumbung_shared.forms import Form, Purpose, built_in_forms, published_forms
from lumbung_shared.protocol import Offer
from lumbung_shared.regions import is_within

WHOLE = "64"
"""The region of the whole, Kalimantan Timur: the built-in forms are offered there and so everywhere."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Forms by kind and version. `offers`: what one may begin with; what was begun may need others of the `forms`.

    One is equal to itself alone, so that what was worked out from it can be kept by it.
    """

    forms: Mapping[tuple[str, int], Form]
    offers: tuple[Offer, ...] = ()

    @functools.cached_property
    def _newest(self) -> Mapping[str, Form]:
        return {kind: self.forms[kind, version] for kind, version in sorted(self.forms)}

    def form(self, kind: str, version: int) -> Form | None:
        """Return a version of a kind's form, or None when it is not known here."""
        return self.forms.get((kind, version))

    def newest(self, kind: str) -> Form | None:
        """Return the newest form of a kind, for its title and icon; None for an unknown kind."""
        return self._newest.get(kind)

    def kinds(self, purpose: str = Purpose.ACTIVITY) -> tuple[Form, ...]:
        """Return the newest form of each kind, in the order in which kinds are shown."""
        return _in_order(form for form in self._newest.values() if form.purpose == purpose)

    def offered(self, regions: Iterable[str], day: str, purpose: str = Purpose.ACTIVITY) -> tuple[Form, ...]:
        """Return the forms that a person of these regions may begin on a day, in the order in which kinds are shown.

        Of each kind it is the newest version that is offered in one of the regions; where none is, the newest that is
        offered in a part of one of them. What is withdrawn or begins later does not count.
        """
        return _in_order(form for form in self._open(regions, day).values() if form.purpose == purpose)

    def to_begin(self, kind: str, regions: Iterable[str], day: str) -> Form | None:
        """Return the form of a kind that a person of these regions may begin on a day; None when they may not."""
        return self._open(regions, day).get(kind)

    def _open(self, regions: Iterable[str], day: str) -> Mapping[str, Form]:
        places = tuple(regions)
        found: dict[str, tuple[bool, int]] = {}
        for offer in self.offers:
            if not offer.withdrawn and offer.since <= day and overlaps(offer.region, places):
                rank = (any(is_within(place, offer.region) for place in places), offer.form.version)
                found[offer.form.kind] = max(rank, found.get(offer.form.kind, rank))
        return {kind: self.forms[kind, version] for kind, (_, version) in found.items()}


def overlaps(region: str, places: Iterable[str]) -> bool:
    """Tell whether a region is above, at or below one of the places."""
    return any(is_within(place, region) or is_within(region, place) for place in places)


def retyped(earlier: Iterable[Form], later: Form) -> str:
    """Return the first place in a form whose answers are of another type than in an earlier version; empty for none.

    A record's writes may come from several versions of its kind, and what one says has to fit the others. Places:
    `name`, and `repeat/name` for what is asked in rows.
    """
    types: dict[str, str] = {}
    for form in earlier:
        types.update(_types(form))
    return next((place for place, kind in _types(later) if types.get(place, kind) != kind), "")


def _types(form: Form) -> Iterator[tuple[str, str]]:
    for item in form.questions:
        if item.is_answered or item.has_rows:
            yield item.name, item.type
        yield from ((f"{item.name}/{cell.name}", cell.type) for cell in item.cells if cell.is_answered)


def _in_order(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Return forms with the built-in kinds first, in their own order, then the others by title."""
    places = {kind: place for place, kind in enumerate(built_in_forms())}
    last = len(places)
    return tuple(sorted(forms, key=lambda one: (places.get(one.kind, last), one.title.id.casefold(), one.kind)))


def catalogue_of(offers: Iterable[Offer]) -> Catalogue:
    """Return the catalogue of a phone that was told these offers.

    The built-in forms can be read in any case. One may begin with them as long as no server has said what it offers: a
    server refuses what it does not know, and knows what it has withdrawn.
    """
    told = tuple(offers)
    forms = {**published_forms(), **{(one.form.kind, one.form.version): one.form for one in told}}
    return Catalogue(forms, told or tuple(Offer(form, WHOLE) for form in published_forms().values()))


@functools.cache
def built_in_catalogue() -> Catalogue:
    """Return the catalogue of a phone that was told nothing yet."""
    return catalogue_of(())
