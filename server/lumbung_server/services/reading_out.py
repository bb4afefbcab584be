"""Read the activities that match from beginning to end, a page at a time, with what names they need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from lumbung_server.db.connections import Connection, reading
from lumbung_server.exports.raw import Names, RawRecord
from lumbung_server.repositories import organisations
from lumbung_server.repositories.exporting import BEHIND_ALL, exported_page, stood_for
from lumbung_server.repositories.feed import Wanted, feed_forms
from lumbung_server.repositories.organisations import Called
from lumbung_server.repositories.people import people
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.organisations import name_on
from lumbung_server.services.site import Site
from lumbung_shared.forms import Form
from lumbung_shared.times import local_date

PAGE = 2_500
"""Records of a page: about 2 MB."""


class Directory:
    """What the codes and ids are called that were met so far. Grows with people and regions, never with records."""

    def __init__(self, site: Site) -> None:
        self._day = local_date(site.now()).isoformat()
        self._regions: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._called: dict[str, Sequence[Called]] = {}
        self._always: dict[str, str] = {}
        self._others: dict[str, Sequence[tuple[str, str]]] = {}
        self.names = Names(self._regions, self._people, self._organisation, self._others)

    async def look_up(self, connection: Connection, page: Sequence[RawRecord]) -> None:
        """Find out what those are called that a page names, and with whose records its own are counted."""
        self._others.clear()
        self._others.update(await stood_for(connection, [one[0] for one in page]))
        regions, authors = {one[3] for one in page}, {one[4] for one in page}
        authors |= {author for others in self._others.values() for _, author in others}
        if new := regions.difference(self._regions):
            self._regions |= dict.fromkeys(new, "") | await region_names(connection, new)
        if unknown := authors.difference(self._people):
            who = await people(connection, unknown, self._day)
            called = await organisations.called(connection, unknown)
            for author in unknown:
                self._people[author] = who[author].name if author in who else ""
                rows = called.get(author, ())
                if not rows:
                    self._always[author] = ""
                elif len(rows) == 1 and not rows[0].since and not rows[0].named:
                    self._always[author] = rows[0].name
                else:
                    self._called[author] = rows

    def _organisation(self, author: str, day: str) -> str:
        # Most people belong to one organisation, that never had another name.
        name = self._always.get(author)
        return name_on(self._called.get(author, ()), day) if name is None else name


async def forms_of(connection: Connection, site: Site, wanted: Wanted) -> list[Form]:
    """Return the forms by which the activities are recorded that match, newest of a kind first."""
    found = set(await feed_forms(connection, wanted))
    await site.forms.fetch(connection, found)
    known = (site.forms.forms[name] for name in found if name in site.forms.forms)
    return sorted(known, key=lambda form: (form.kind, -form.version))


async def pages(
    site: Site, wanted: Wanted, places: Sequence[int], directory: Directory
) -> AsyncIterator[Sequence[RawRecord]]:
    """Yield the activities that some homes hold, home by home; `directory` knows their names then."""
    for place in places:
        before = BEHIND_ALL
        while before:
            async with reading(site.engine, at_length=True) as connection:
                page = await exported_page(connection, wanted, place, before, PAGE)
                await directory.look_up(connection, page)
            if page:
                yield page
            before = page[-1][0] if len(page) == PAGE else ""
