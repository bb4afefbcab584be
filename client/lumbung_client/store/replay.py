"""Frames applied to tables, in the order they were written. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lumbung_client.store.frames import changes_in
from lumbung_client.store.slots import Tables


def replay(tables: Tables, payloads: Iterable[bytes]) -> None:
    """Apply the changes of all frames. Raises StoreUnreadable when a sound frame holds none."""
    for payload in payloads:
        for table, key, value in changes_in(payload):
            rows = tables.setdefault(table, {})
            if value is None:
                rows.pop(key, None)
            else:
                rows[key] = value
