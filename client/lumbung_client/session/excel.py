"""Files as the server hands them out: for a spreadsheet, a program, or paper."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.store.content import Content
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Offer

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA: Mapping[str, str] = {
    "xlsx": EXCEL,
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "jsonl": "application/x-ndjson",
    "pdf": "application/pdf",
}
"""What a file is said to be, by the end of its name."""


def kept(name: str, answer: Response) -> KeptFile | Failure:
    """Return the file in an answer under a name, or why there is none."""
    said = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status == 200 and said == MEDIA[name.rpartition(".")[2]]:
        return KeptFile(name, answer.body)
    wrong = verdict.read(Offer, answer, status=0)
    return Failure(wrong.code, wrong.detail) if isinstance(wrong, verdict.Rejection) else Failure(Code.NOT_LUMBUNG)


class Downloads:
    """Fetches files in the name of the phone's person."""

    def __init__(self, content: Content, transport: Transport) -> None:
        self._content = content
        self._transport = transport

    async def fetch(self, path: str, query: Mapping[str, str], name: str) -> KeptFile | Failure:
        """Return a file under a name, or why there is none."""
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        common = headers(owner, self._content.settings.language)
        address = f"{path}?{urlencode(query)}" if query else path
        try:
            return kept(name, await self._transport.send(Request("GET", address, common)))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
