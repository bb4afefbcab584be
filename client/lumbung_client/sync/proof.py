"""Hold the server's receipts against the writes themselves, and find what a restored server may have lost. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import CANCELLED, GONE, Picture, Sent, put_picture
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.writes import Write, batch_root, write_digest

REGION = "region"


def contradicted(content: Content, replica: str, receipts: Iterable[Receipt]) -> frozenset[int]:
    """Return the numbers of a replica's writes whose receipt is over something else than this phone offered.

    A receipt that names a write this phone no longer has cannot be held against anything, and is believed.
    """
    wrong: set[int] = set()
    for receipt in receipts:
        writes = [offered(content, replica, n) for n in sorted(receipt.numbers)] if receipt.replica == replica else []
        mine = [write_digest(replica, write) for write in writes if write is not None]
        if mine and len(mine) == len(writes) and batch_root(mine) != receipt.root:
            wrong.update(receipt.numbers)
    return frozenset(wrong)


def begins(write: Write) -> bool:
    """Tell whether a record may begin with a write: it says where, and stands on no other."""
    return REGION in write.sets and not write.replaces


def lost_with_epoch(content: Content) -> Iterator[tuple[str, Sent]]:
    """Yield key and value of what a server may have lost that begins a new epoch, each record's in their order.

    What cannot be offered at once is `owed`: later writes of a record whose beginning is not kept here mean nothing to
    a server that lost it, or would make somebody its author who is not.
    """
    by_record: dict[str, list[tuple[str, Sent]]] = {}
    for key, row in content.rows(Name.SENT):
        sent = from_wire(Sent, row)
        by_record.setdefault(sent.write.record, []).append((key, sent))
    for kept in by_record.values():
        kept.sort(key=lambda item: (item[1].at, item[1].write.n))
        owed = not begins(kept[0][1].write)
        for key, sent in kept:
            yield key, replace(sent, owed=owed)


def offered(content: Content, replica: str, n: int) -> Write | None:
    """Return a write of this phone as it was offered under a name; None when it is no more here."""
    waiting = content.entry(n, replica)
    if waiting is not None:
        return waiting.write
    row = content.get(Name.SENT, f"{replica}:{n}")
    return None if row is None else from_wire(Sent, row).write


def pictures_to_send_again(content: Content, wanted: Container[str], *, all_: bool) -> Iterator[Change]:
    """Offer pictures again that the server lacks: those that it wants, or all of them in a new epoch.

    What is still there need not be sent: the server says so when it is asked. What a person does not want sent stays.
    For what was dropped the server is asked in a new epoch; when it wants that, neither side has it.
    """
    for name, row in content.rows(Name.PICTURES) if all_ or wanted else ():
        if not (all_ or name in wanted):
            continue
        if row.get("dropped"):
            lost = {"held": GONE} if name in wanted else {"known": True}
            yield put_picture(replace(from_wire(Picture, row), **lost))
        elif row.get("confirmed") or row.get("held") not in ("", None, CANCELLED):
            again = replace(from_wire(Picture, row), confirmed=False, upload="", held="", known=True)
            yield put_picture(again)
