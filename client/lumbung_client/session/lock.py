"""Notice that the server took this phone's permission away: decides whether what is on it may be shown.

Nothing is lost by it: what waits, drafts and photos stay as they are until the phone is admitted again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from lumbung_client.session.handing_over import HANDOVER_PATH
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import LOCKED, Locked, put
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Response, Transport
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import Code, Problem

LOG = logging.getLogger("lumbung.lock")
_UNAUTHORISED = 401
_WITHDRAWN = Response(
    _UNAUTHORISED,
    {"content-type": "application/problem+json"},
    json.dumps(to_wire(Problem(Code.TOKEN_REVOKED, _UNAUTHORISED, "locked"))).encode(),
)
"""What every request of a locked phone is answered with, without asking."""


class Lock:
    """The transport of one store, which hears what the server says about its token, whatever was asked with it.

    `now`: ms. `changed` is called when the phone is locked; `unsure` when the server refused the token without saying
    why, for it says so only in the body of an answer, and an answer to HEAD has none.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        transport: Transport,
        now: Callable[[], int],
        changed: Callable[[], None],
        unsure: Callable[[], None],
    ) -> None:
        self._store = store
        self._content = content
        self._transport = transport
        self._now = now
        self._changed = changed
        self._unsure = unsure
        self._unkept = ""

    @property
    def is_locked(self) -> bool:
        """Whether nothing of the person may be shown here."""
        owner = self._content.owner
        return owner is not None and (self._content.locked is not None or self._unkept == owner.token)

    async def send(self, request: Request) -> Response:
        """Send a request, and lock the phone if its token was withdrawn. Raises Unreachable.

        A locked phone asks nothing with that token any more, but to hand over. What asks for admission carries none,
        and passes.
        """
        if not self._is_ours(request) or request.path == HANDOVER_PATH:
            return await self._transport.send(request)
        if self.is_locked:
            return _WITHDRAWN
        response = await self._transport.send(request)
        if response.status == _UNAUTHORISED and self._is_ours(request):
            self._hear(response)
        return response

    def _is_ours(self, request: Request) -> bool:
        """Tell whether a request carries the token that the phone has now: an older one may have been replaced."""
        owner, sent = self._content.owner, request.headers.get("Authorization")
        return owner is not None and sent == headers(owner, "")["Authorization"]

    def _hear(self, response: Response) -> None:
        refusal = verdict.read(Problem, response, status=0)
        code = refusal.code if isinstance(refusal, verdict.Rejection) else ""
        if code == Code.TOKEN_REVOKED:
            self._close()
        elif code not in verdict.TOKEN_CODES:
            self._unsure()

    def _close(self) -> None:
        try:
            self._store.apply([put(Name.META, LOCKED, Locked(self._now()))])
        except StoreError as error:
            # It holds for as long as the app is open; the next start hears it from the server again.
            LOG.warning("lock: %s", error)
            owner = self._content.owner
            self._unkept = owner.token if owner else ""
        self._changed()
