"""Bring the database of a command up to date and hold it as long as the command runs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from lumbung_server.db.copies import held, sqlite_file
from lumbung_server.db.migrate import migrate
from lumbung_server.opening import open_site
from lumbung_server.services import recounting, showing
from lumbung_server.services.erasing import replay
from lumbung_server.services.listing import fill_in
from lumbung_server.services.reference import load_reference
from lumbung_server.services.site import Site
from lumbung_server.settings import Settings


def holding(settings: Settings) -> contextlib.AbstractContextManager[None]:
    """Keep everybody from putting another database in place as long as this one is used. Raises Unusable."""
    file = sqlite_file(settings.database_url)
    return held(file) if file is not None else contextlib.nullcontext()


@contextlib.asynccontextmanager
async def prepared(settings: Settings) -> AsyncIterator[Site]:
    """Open a site whose database has all migrations, regions, forms, tallies and catalogue.

    Raises Unusable, Busy, OSError.
    """
    site = open_site(settings)
    try:
        await migrate(site.engine)
        await load_reference(site)
        # Whatever brought the database here: what was erased does not come back with it.
        await replay(site)
        await fill_in(site)
        await recounting.bring_up_to_date(site)
        await showing.bring_up_to_date(site)
        yield site
    finally:
        await site.engine.dispose()
