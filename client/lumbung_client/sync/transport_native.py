"""HTTP by `requests` in a thread, so that the loop goes on meanwhile. Cookies live as long as the app."""

from __future__ import annotations

import asyncio

from lumbung_client.sync.transport import (
    CONNECT_SECONDS,
    READ_SECONDS,
    WHOLE_SECONDS,
    Request,
    Response,
    Unreachable,
)


class NativeTransport:
    """Sends to `server`, an address without a slash at its end. Times in seconds, arguments for tests."""

    def __init__(
        self,
        server: str,
        connect: float = CONNECT_SECONDS,
        read: float = READ_SECONDS,
        whole: float = WHOLE_SECONDS,
    ) -> None:
        self._server = server
        self._times = (connect, read)
        self._whole = whole
        self._cookies: dict[str, str] = {}

    async def send(self, request: Request) -> Response:
        """Send it in a thread. Raises Unreachable."""
        try:
            asked = asyncio.to_thread(exchange, self._server, request, self._times, self._cookies)
            return await asyncio.wait_for(asked, self._whole)
        except TimeoutError as error:
            raise Unreachable("the answer took too long") from error


def exchange(
    server: str, request: Request, times: tuple[float, float], cookies: dict[str, str] | None = None
) -> Response:
    """Send one request and wait for the whole answer. `cookies`: those of the one server, sent and brought up to date;
    None where a browser sees to them. Raises Unreachable."""
    import requests  # costs half a second to import on a phone, and a start without a network needs none of it

    try:
        answer = requests.request(
            request.method,
            server + request.path,
            data=request.body or None,
            headers=dict(request.headers),
            cookies=dict(cookies or {}),
            timeout=times,
            allow_redirects=False,
        )
        if cookies is not None:
            cookies.update(answer.cookies.get_dict())
        return Response(
            answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content
        )
    except (requests.RequestException, OSError) as error:
        raise Unreachable(str(error)) from error
