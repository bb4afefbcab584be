"""Store records together with what lists ask of them, what they count as and what they show to everybody: nothing else
stores one that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lumbung_server.db.connections import Connection
from lumbung_server.repositories import tallies
from lumbung_server.repositories.forms import FormName
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services import joining, listing
from lumbung_server.services.counting import Differences, counted
from lumbung_server.services.showing import show_products
from lumbung_shared.forms import Form


async def keep_records(
    connection: Connection,
    homes: Mapping[str, int],
    made: Sequence[StoredRecord],
    before: Mapping[str, StoredRecord],
    forms: Mapping[FormName, Form],
) -> None:
    """Store records as they stand now, and what that changes of the tallies and of the public catalogue.

    Where it changes who stands for whom, others are stored along. `homes`: region to its home; `before`: those of
    the records that were there, as this transaction read them once it had locked the homes of their regions before
    and now; `forms`: theirs. Raises RunAgain as `put_records`.
    """
    differences, kept = Differences(homes), []
    known = await listing.looked_up(connection, made)
    joined = await joining.put_right(connection, known, before)
    for one in joined.after:
        stands = replace(one, counted=counted(one, forms.get((one.kind, one.form))))
        stood = joined.before.get(one.id)
        differences.change(stood.counted if stood else "", stands.counted)
        kept.append(stands)
    await listing.put_listed(connection, kept, {one.id for one in made})
    await tallies.add(connection, differences.changed())
    await show_products(connection, kept)
