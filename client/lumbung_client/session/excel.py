"""Excel files as the server hands them out."""

from __future__ import annotations

from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.sync import verdict
from lumbung_client.sync.transport import Response
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Offer

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kept(name: str, answer: Response) -> KeptFile | Failure:
    """Return the Excel file in an answer under a name, or why there is none."""
    if answer.status == 200 and answer.headers.get("content-type", "").partition(";")[0].strip().lower() == EXCEL:
        return KeptFile(name, answer.body)
    wrong = verdict.read(Offer, answer, status=0)
    return Failure(wrong.code, wrong.detail) if isinstance(wrong, verdict.Rejection) else Failure(Code.NOT_LUMBUNG)
