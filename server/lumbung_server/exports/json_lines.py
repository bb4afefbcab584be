"""Records as JSON lines: one record to a line, with its state as it is stored, so that nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from lumbung_server.exports.moments import Moments
from lumbung_server.exports.raw import Names, RawRecord, stored
from lumbung_shared.writes import DELETED

MEDIA_TYPE = "application/x-ndjson"


class JsonLines:
    """A file of JSON lines in the making."""

    def __init__(self) -> None:
        self._moments = Moments()
        self._encode = msgspec.json.Encoder().encode_lines

    def begin(self) -> bytes:
        """Return what stands before the first line."""
        return b""

    def page(self, records: Iterable[RawRecord], names: Names) -> bytes:
        """Return the lines of records."""
        return self._encode([self._told(one, names) for one in records])

    def end(self) -> bytes:
        """Return what stands behind the last line."""
        return b""

    def _told(self, raw: RawRecord, names: Names) -> dict[str, object]:
        record, kind, form, region, author, date, at, made_at, disputed, review, flags, state = raw
        shown = {path: value for path, value in stored(state, disputed=disputed).items() if value is not None}
        return {
            "record": record,
            "kind": kind,
            "form": form,
            "date": date,
            "region": region,
            "region_name": names.regions.get(region, ""),
            "author": author,
            "author_name": names.people.get(author, ""),
            "organisation": names.organisation(author, date or self._moments.day(at)),
            "others": [{"record": other, "author": who} for other, who in names.others.get(record, ())],
            "made_at": self._moments.text(made_at),
            "changed_at": self._moments.text(at),
            "deleted": shown.get(DELETED) is True,
            "disputed": bool(disputed),
            "review": review,
            "flags": msgspec.Raw(flags.encode()),
            "values": shown,
            "state": msgspec.Raw(state.encode()),
        }
