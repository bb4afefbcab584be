"""What coordinators do about their own account: password, second step, where they are signed in.

All of it needs a session, which the server opens with the password once more. Nothing of it is kept on the phone: it is
gone when the screen is closed.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.sync import verdict
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.account import (
    AccountView,
    EndRequest,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    ResetDone,
    ResetRequest,
    SessionRequest,
    SignOutRequest,
    TotpConfirm,
    TotpSetup,
)
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import Code

PATH = "/api/v1/account"
CSRF_HEADER = "X-Lumbung-CSRF"


class Account:
    """The account as the server told last; `shown` is None as long as no session is open. `changed`: it is new.

    `setup`: a second step that was begun and waits for its first code; `recovery`: the codes it brought, shown once.
    """

    def __init__(self, content: Content, transport: Transport, device: str, changed: Callable[[], None]) -> None:
        self.shown: AccountView | None = None
        self.setup: TotpSetup | None = None
        self.recovery: tuple[str, ...] = ()
        self._content = content
        self._transport = transport
        self._device = device
        self._changed = changed

    async def open(self, login: str, password: str, code: str = "") -> Failure | None:
        """Open a session with the password, and a code where the account has a second step."""
        replica = self._content.replica
        message = SessionRequest(login.strip(), password, code.strip(), replica.id if replica else "", self._device)
        return self._take(await self._ask(AccountView, "/session", message, status=201))

    async def close(self) -> None:
        """End the session, as far as the server hears of it; here it is over in any case."""
        csrf = self.shown.csrf if self.shown else ""
        self._forget()
        if csrf:
            await self._send("/close", None, csrf)

    async def change_password(self, old: str, new: str, *, keep: bool) -> Failure | None:
        """Set another password. Other sessions end; other phones are signed out unless `keep`."""
        return self._take(await self._ask(AccountView, "/password", PasswordChange(old, new, keep)))

    async def begin_totp(self, password: str) -> Failure | None:
        """Have a secret made for a second step."""
        answer = await self._ask(TotpSetup, "/totp", PasswordProof(password))
        if isinstance(answer, Failure):
            return answer
        self.setup = answer
        self._changed()
        return None

    async def confirm_totp(self, code: str) -> Failure | None:
        """Switch the second step on with its first code; its recovery codes are in `recovery` then."""
        answer = await self._ask(RecoveryCodes, "/totp/confirm", TotpConfirm(code.strip()))
        if isinstance(answer, Failure):
            return answer
        self.setup, self.recovery = None, answer.codes
        self._changed()
        return await self.refresh()

    def noted(self) -> None:
        """Forget the recovery codes, for they are written down; or a second step that was only begun."""
        self.setup, self.recovery = None, ()
        self._changed()

    async def end_totp(self, password: str, code: str) -> Failure | None:
        """Switch the second step off. `code`: of the authenticator, or a recovery code."""
        return self._take(await self._ask(AccountView, "/totp/off", PasswordProof(password, code.strip())))

    async def end(self, place: str) -> Failure | None:
        """Sign a phone or a session of one's own out."""
        return self._take(await self._ask(AccountView, "/end", EndRequest(place)))

    async def sign_out_everywhere(self, *, keep: bool) -> Failure | None:
        """End every session and sign every phone out; `keep`: but this one."""
        failure = self._take(await self._ask(AccountView, "/sign-out", SignOutRequest(keep)))
        if failure is None and not keep:
            self.recovery = ()
            self._forget()
        return failure

    async def refresh(self) -> Failure | None:
        """Ask how the account stands now."""
        return self._take(await self._ask(AccountView, "", None, method="GET"))

    async def reset(self, code: str, password: str, *, keep: bool) -> str | Failure:
        """Set the password by the code of a link, and return the login name to sign in with."""
        answer = await self._ask(ResetDone, "/reset", ResetRequest(code, password, keep))
        return answer if isinstance(answer, Failure) else answer.login

    def _take(self, answer: AccountView | Failure) -> Failure | None:
        if isinstance(answer, Failure):
            return answer
        self.shown = answer
        self._changed()
        return None

    def _forget(self) -> None:
        # Not the recovery codes: they are told this once, and whoever is still writing them down finds them again.
        self.shown, self.setup = None, None
        self._changed()

    async def _ask(
        self, cls: type[verdict.T], path: str, message: object, *, method: str = "POST", status: int = 200
    ) -> verdict.T | Failure:
        response = await self._send(path, message, self.shown.csrf if self.shown else "", method)
        if response is None:
            return Failure(Code.SERVER_UNREACHABLE)
        answer = verdict.read(cls, response, status=status)
        if not isinstance(answer, verdict.Rejection):
            return answer
        if answer.code == Code.SESSION_ENDED:
            self._forget()
        return Failure(answer.code, answer.detail)

    async def _send(self, path: str, message: object, csrf: str, method: str = "POST") -> Response | None:
        """Send a request with the session's cookie, which the transport keeps; None when no answer came."""
        sent = {"Accept": "application/json", "Accept-Language": self._content.settings.language}
        body = b""
        if method == "POST":
            sent |= {"Content-Type": "application/json", CSRF_HEADER: csrf}
            body = json.dumps(to_wire(message) if message is not None else {}, ensure_ascii=False).encode()
        try:
            return await self._transport.send(Request(method, PATH + path, sent, body))
        except Unreachable:
            return None
