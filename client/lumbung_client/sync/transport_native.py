"""HTTP by `requests` in a thread, so that the loop goes on meanwhile. Cookies live as long as the app."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress

from lumbung_client.sync.transport import (
    CONNECT_SECONDS,
    EVENTS,
    QUIET_SECONDS,
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


class NativeStreams:
    """Opens streams of `server`, each in a thread of its own."""

    def __init__(self, server: str, connect: float = CONNECT_SECONDS, quiet: float = QUIET_SECONDS) -> None:
        self._server = server
        self._times = (connect, quiet)

    async def lines(self, request: Request) -> AsyncGenerator[str, None]:
        """Yield the lines of a stream. Raises Unreachable."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str | Unreachable | None] = asyncio.Queue()
        over = threading.Event()

        def say(told: str | Unreachable | None) -> None:
            # The loop may be closed by now: then nobody listens.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, told)

        given = (self._server + request.path, request.headers, self._times, over, say)
        threading.Thread(target=_read_lines, args=given, daemon=True).start()
        try:
            while (told := await queue.get()) is not None:
                if isinstance(told, Unreachable):
                    raise told
                yield told
        finally:
            over.set()


def _read_lines(
    address: str,
    headers: Mapping[str, str],
    times: tuple[float, float],
    over: threading.Event,
    say: Callable[[str | Unreachable | None], None],
) -> None:
    """Read a stream in a thread until it ends or nobody listens: the server says something time and again."""
    import requests  # as in `exchange`

    try:
        with requests.get(address, headers=dict(headers), timeout=times, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith(EVENTS):
                say(Unreachable(f"no stream: {answer.status_code}"))
                return
            for line in answer.iter_lines(chunk_size=1):
                if over.is_set():
                    return
                say(line.decode("utf-8", "replace"))
        say(None)
    except (requests.RequestException, OSError) as error:
        say(Unreachable(str(error)))
