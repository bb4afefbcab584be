"""What a phone tells its coordinators of itself with every sync: how much waits here, and how much room is left. Pure.

Numbers only: nothing of what is written in a record, and nothing that the server decides by.
"""

from __future__ import annotations

from lumbung_client.store.content import Content
from lumbung_client.store.entries import CANCELLED
from lumbung_client.store.local_store import Name
from lumbung_client.sync.plan import Batch
from lumbung_shared.protocol import Standing


def standing_beside(content: Content, batch: Batch, free: int | None) -> Standing:
    """Return what the store holds unsent beside a batch that is about to go. `free`: bytes left, None if unknown."""
    going = {entry.name for entry in batch.entries}
    waiting = [entry for entry in content.entries() if entry.name not in going]
    pictures = (row for _, row in content.rows(Name.PICTURES) if not row.get("confirmed") and not row.get("small"))
    return Standing(
        records=len({entry.write.record for entry in waiting}),
        refused=len({entry.write.record for entry in waiting if entry.is_refused}),
        drafts=sum(bool(row.get("touched")) for _, row in content.rows(Name.DRAFTS)),
        photos=sum(row.get("held") != CANCELLED for row in pictures),
        oldest=max(min((entry.made_at for entry in waiting), default=0), 0),
        free=-1 if free is None else free,
    )
