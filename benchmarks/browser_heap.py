"""How much memory the app takes in a browser's worker, with a full store: the whole app, served and enrolled for real.

What counts: the memory of WebAssembly, in which Python and everything it holds lives and which never shrinks, and the
worker's own JavaScript heap and buffers after a garbage collection. What does not: the page (Flutter), compiled code.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks import records, stores
from benchmarks.figures import Figure, within
from benchmarks.timing import CannotMeasure, Effort
from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.entries import put_record
from lumbung_client.store.frames import Change
from tests.e2e.driver import Phone
from tests.servers import LumbungServer

ON_THE_PHONE = 5_000
BUDGET = 150.0
MB = 1_000_000
BUNDLE = Path(__file__).parent.parent / "build" / "app"
FOLDER = "lumbung"
PLAIN_FILE = "/version.json"
"""A file of the app's origin that is no page of it: the store can be put in place there before the app runs."""
PUT_FILES = """async ([folder, files]) => {
  const root = await navigator.storage.getDirectory();
  const home = await root.getDirectoryHandle(folder, { create: true });
  for (const [name, content] of Object.entries(files)) {
    const writable = await (await home.getFileHandle(name, { create: true })).createWritable();
    await writable.write(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
    await writable.close();
  }
}"""
BRIDGE = "bridge"
"""What the worker's script calls the object through which the page talks to Python."""
PYTHON_MEMORY = """function() {
  const builtins = this.send.__globals__.get("__builtins__");
  return builtins.get("__import__")("pyodide_js")._module.HEAPU8.byteLength;
}"""
STEP = 100
PATIENCE = 100


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the worker with the app open on a store of 5,000 activities, all of them the person's own."""
    count = ON_THE_PHONE
    with full_phone(effort) as phone:
        phone.page.wait_for_timeout(effort.times(20_000, 5_000))
        parts = Worker(phone.page).memory()
    note = ", ".join(f"{name} {size / MB:.1f} MB" for name, size in parts.items())
    yield within(
        "browser-heap", "MB", [sum(parts.values()) / MB], BUDGET, f"the app open on {count} activities: {note}"
    )


@contextmanager
def full_phone(effort: Effort, *more: Change) -> Iterator[Phone]:
    """Give a phone whose app is open on 5,000 activities of the person's own. `more`: what else is to be in its store.

    Raises CannotMeasure without a bundle.
    """
    if not (BUNDLE / "index.html").exists():
        raise CannotMeasure("the app is not built: run `make app`")
    with ExitStack() as opened:
        server = opened.enter_context(LumbungServer(effort.folder / "server", app=BUNDLE))
        files = store_files(server, effort.folder / "store", ON_THE_PHONE, *more)
        playwright = opened.enter_context(sync_playwright())
        phone = opened.enter_context(Phone(playwright, server.base_url, effort.folder / "profile"))
        phone.page.goto(server.base_url + PLAIN_FILE)
        phone.page.evaluate(PUT_FILES, [FOLDER, files])
        phone.open("/", "Terkirim")
        yield phone


def store_files(server: LumbungServer, folder: Path, count: int, *more: Change) -> dict[str, str]:
    """Enrol with a running server, fill the store, and return its files in base 64. `more`: what else is in it."""
    environment = {"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url}
    asyncio.run(_enrolled_and_filled(environment, server.demo["codes"][0]["code"], folder, count, more))
    files = [path for path in folder.iterdir() if path.is_file() and not path.suffix]
    return {path.name: base64.b64encode(path.read_bytes()).decode() for path in files}


async def _enrolled_and_filled(
    environment: Mapping[str, str], code: str, folder: Path, count: int, more: Sequence[Change]
) -> None:
    session = await Session.open(native_ports(environment))
    try:
        failure = await session.enrol(code)
        if failure is not None or session.identity is None:
            raise CannotMeasure(f"the server does not enrol the phone: {failure}")
        person = session.identity.person.id
    finally:
        await session.close()
    own = (put_record(records.state(number, person)) for number in range(count))
    (await stores.fill_files(NativeFiles(folder), (*more, *own))).close()


class Worker:
    """The page's dedicated worker, by the page's debugger."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._answers: dict[int, dict[str, Any]] = {}
        self._attached: list[str] = []
        self._session.on("Target.attachedToTarget", self._attach)
        self._session.on("Target.receivedMessageFromTarget", self._hear)
        every = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False}
        self._session.send("Target.setAutoAttach", every)
        self._wait(lambda: bool(self._attached))

    def memory(self) -> dict[str, float]:
        """Return what it takes, part by part, in bytes."""
        self._call("HeapProfiler.collectGarbage")
        told = self._call("Runtime.getHeapUsage")
        python = {"objectId": self._bridge(), "functionDeclaration": PYTHON_MEMORY, "returnByValue": True}
        return {
            "WebAssembly": self._call("Runtime.callFunctionOn", **python)["result"]["value"],
            "JavaScript": told["usedSize"],
            "buffers": told["backingStorageSize"],
        }

    def _bridge(self) -> str:
        """Return the debugger's name of the bridge, found in the scope of the worker's script."""
        receiver = self._call("Runtime.evaluate", expression="self.onmessage")["result"]["objectId"]
        inside = self._call("Runtime.getProperties", objectId=receiver, ownProperties=True)["internalProperties"]
        scopes = next(item["value"]["objectId"] for item in inside if item["name"] == "[[Scopes]]")
        scope = self._properties(scopes)["0"]
        return self._properties(scope)[BRIDGE]

    def _properties(self, object_id: str) -> dict[str, str]:
        """Return the debugger's names of the objects that are properties of an object."""
        found = self._call("Runtime.getProperties", objectId=object_id, ownProperties=True)["result"]
        return {item["name"]: item["value"]["objectId"] for item in found if "objectId" in item.get("value", {})}

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        number = len(self._answers) + 1
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._session.send("Target.sendMessageToTarget", {"sessionId": self._attached[0], "message": message})
        self._wait(lambda: number in self._answers)
        answer = self._answers[number]
        if "result" not in answer:
            raise CannotMeasure(f"the browser does not answer {method}: {answer}")
        result: dict[str, Any] = answer["result"]
        return result

    def _wait(self, is_there: Any) -> None:
        for _ in range(PATIENCE):
            if is_there():
                return
            self._page.wait_for_timeout(STEP)
        raise CannotMeasure("the browser does not answer about its worker")

    def _attach(self, event: dict[str, Any]) -> None:
        if event["targetInfo"]["type"] == "worker":
            self._attached.append(event["sessionId"])

    def _hear(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message
