"""Turn Excel files into forms to look at, and published forms into Excel files. Stores nothing."""

from __future__ import annotations

import asyncio

from lumbung_server.db.connections import reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories.forms import register_kinds
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_server.xlsform.reading import read_form, too_slow
from lumbung_server.xlsform.writing import written_form
from lumbung_shared.forms import Form
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FormReading

READING_SECONDS = 30.0
"""A reading that takes longer is given up. Its thread goes on until the bounds of a workbook end it."""


async def read_sheets(site: Site, caller: Caller, content: bytes) -> FormReading:
    """Return what became of an Excel file with a form. Raises Refusal: forbidden, server-busy."""
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    async with reading(site.engine) as connection:
        registers = await register_kinds(connection)
    try:
        # One at a time: a file that takes long holds up no more than one thread.
        await asyncio.wait_for(site.sheets.acquire(), READING_SECONDS)
    except TimeoutError:
        raise Refusal(Code.SERVER_BUSY, retry_after=int(READING_SECONDS)) from None
    work = asyncio.ensure_future(asyncio.to_thread(read_form, content, registers))
    work.add_done_callback(lambda _: site.sheets.release())
    done, _ = await asyncio.wait([work], timeout=READING_SECONDS)
    return work.result() if done else too_slow()


async def write_sheets(site: Site, kind: str, version: int) -> bytes:
    """Return a published form as an Excel file. Raises Refusal: form-unknown."""
    return await asyncio.to_thread(written_form, await _published(site, kind, version))


async def _published(site: Site, kind: str, version: int) -> Form:
    async with reading(site.engine) as connection:
        await site.forms.fetch(connection, [(kind, version)])
    found = site.forms.forms.get((kind, version))
    if found is None:
        raise Refusal(Code.FORM_UNKNOWN, "version")
    return found
