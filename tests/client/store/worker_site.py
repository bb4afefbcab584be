"""A server on loopback for a page whose worker runs Python: the bundle's Pyodide and packages, and the present code."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import flet_web

ROOT = Path(__file__).resolve().parents[3]
BUNDLE = ROOT / "build" / "app"
# Whole, unlike the bundle's: what is measured with may import what the app does not.
LIBRARY = Path(flet_web.get_package_web_dir()) / "pyodide" / "python_stdlib.zip"
PACKAGES = ("lumbung_client", "lumbung_shared")
KINDS = {".mjs": "text/javascript", ".js": "text/javascript", ".html": "text/html", ".wasm": "application/wasm"}

PAGE = """<!doctype html><meta charset="utf-8"><title>worker</title><script>
const waiting = new Map();
let number = 0;
const worker = new Worker("/worker.js", { type: "module" });
const ready = new Promise((resolve) => waiting.set(0, resolve));
worker.onmessage = ({ data }) => {
  waiting.get(data.id)?.(data);
  waiting.delete(data.id);
};
worker.onerror = (event) => waiting.get(0)?.({ failed: event.message });
function runPython(source, given) {
  const id = ++number;
  worker.postMessage({ id, source, given });
  return new Promise((resolve) => waiting.set(id, resolve));
}
</script>"""

WORKER = """
let python;
// Returns when the other side has it: what was posted stays posted, whatever happens to this process next.
function post(text) {
  const request = new XMLHttpRequest();
  request.open("POST", "/heard", false);
  request.send(text);
}
async function prepare() {
  const formats = { "/python/packages.tar": "tar", "/sources.tar.gz": "gztar" };
  const archive = async (name) => [formats[name], await (await fetch(name)).arrayBuffer()];
  const archives = Promise.all(Object.keys(formats).map(archive));
  const { loadPyodide } = await import("/pyodide/pyodide.mjs");
  python = await loadPyodide({ indexURL: new URL("/pyodide/", self.location.origin).href });
  for (const [format, content] of await archives) python.unpackArchive(content, format, { extractDir: "/code" });
  python.registerJsModule("worker_page", { post });
  await python.runPythonAsync(`
import json, sys, traceback
from pyodide.code import eval_code_async
import worker_page

sys.path.insert(0, "/code")
space = {"post": lambda message: worker_page.post(json.dumps(message))}

async def answer(source, given):
    space["given"] = json.loads(given)
    try:
        return json.dumps({"result": await eval_code_async(source, space)})
    except BaseException:
        return json.dumps({"failed": traceback.format_exc()})
`);
}
const prepared = prepare().then(
  () => self.postMessage({ id: 0 }),
  (error) => self.postMessage({ id: 0, failed: String(error?.stack ?? error) }),
);
self.onmessage = async ({ data }) => {
  await prepared;
  const answer = await python.globals.get("answer")(data.source, data.given);
  self.postMessage({ id: data.id, ...JSON.parse(answer) });
};
"""


class WorkerSite:
    """The running server. `origin`: its address; `modules`: files that the worker can import besides the product.

    `heard`: what workers posted, in the order it came; `changed` is notified of each.
    """

    def __init__(self, modules: tuple[Path, ...] = ()) -> None:
        assert (BUNDLE / "python/packages.tar").exists(), "the app bundle is missing: run `make app` first"
        self._modules = modules
        self.heard: list[Any] = []
        self.changed = threading.Condition()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # connections stay open between messages

            def do_GET(self) -> None:
                site.answer(self)

            def do_POST(self) -> None:
                site.hear(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def hear(self, request: BaseHTTPRequestHandler) -> None:
        """Take one message."""
        text = request.rfile.read(int(request.headers["Content-Length"]))
        with self.changed:
            self.heard.append(json.loads(text))
            self.changed.notify_all()
        request.send_response(204)
        request.end_headers()

    def wait_heard(self, count: int, timeout: float = 60) -> None:
        """Wait until so many messages came in all."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.heard) >= count, timeout)
        assert arrived, f"{len(self.heard)} messages instead of {count} after {timeout:.0f} s"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request; unknown paths with 404."""
        path = request.path.partition("?")[0]
        made = {"/": PAGE.encode(), "/worker.js": WORKER.encode(), "/sources.tar.gz": self._sources}
        content = made.get(path)
        if content is None:
            file = LIBRARY if path.endswith(LIBRARY.name) else (BUNDLE / path.lstrip("/")).resolve()
            inside = file == LIBRARY or file.is_relative_to(BUNDLE)
            content = file.read_bytes() if inside and file.is_file() else None
        request.send_response(200 if content is not None else 404)
        kind = "text/html" if path == "/" else KINDS.get(Path(path).suffix, "application/octet-stream")
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content or b"")))
        # Alone in its process: only then does a browser tell how much memory the page and its worker take.
        request.send_header("Cross-Origin-Opener-Policy", "same-origin")
        request.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        request.end_headers()
        request.wfile.write(content or b"")

    @cached_property
    def _sources(self) -> bytes:
        """The packages as they are imported here, and the modules."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
            for package in PACKAGES:
                spec = find_spec(package)
                assert spec, f"{package} cannot be imported"
                assert spec.origin, f"{package} is no ordinary package"
                archive.add(Path(spec.origin).parent, package, filter=_without_caches)
            for module in self._modules:
                archive.add(module, module.name)
        return packed.getvalue()


def _without_caches(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if Path(entry.name).name == "__pycache__" else entry
