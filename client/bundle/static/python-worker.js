/* Runs the app's Python code. Gets ready at once, starts the app when the page connects, then passes messages.
 *
 * Messages to the page: Uint8Array (for Flet's client), {connected}, {ready}, {failed: text}, {language: "id" | "en"},
 * {askToKeep} and {versions: wish} with a port for the answer. Messages from the page: Uint8Array, {leaving}, {used},
 * {photos} with pairs of slip and file, {versions} as the service worker tells them, and the first one. Python reaches the
 * page through the module `flet_js`; `lumbungLanguage`, `lumbungPhotos`, `lumbungLeaving`, `lumbungUsed`,
 * `lumbungVersions` (as JSON) and `lumbungVersionsChanged` are for it and by it.
 */
const HOME = "/lumbung";
// Everything is taken from beside this script, so that it is of the same version.
const BASE = new URL("./", self.location.href);
const ARCHIVES = ["packages", "shared", "store", "session", "texts", "parts", "screens", "app"];
// Flet answers the registration of the client first; what follows paints the app's first screen.
const MESSAGES_BEFORE_SCREEN = 2;

let connect;
const connection = new Promise((resolve) => (connect = resolve));
let sent = 0;
self.lumbungPhotos = new Map();

const bridge = {
  send: null,
  start_connection: null,
  args: null,
  documentUrl: null,
};

function receive(message) {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
  sent += 1;
  if (sent === MESSAGES_BEFORE_SCREEN) self.postMessage({ ready: true });
}

self.onmessage = ({ data }) => {
  if (data instanceof Uint8Array) bridge.send?.(data);
  else if (data.leaving) self.lumbungLeaving?.();
  else if (data.used) self.lumbungUsed?.();
  else if (data.photos) data.photos.forEach(([slip, photo]) => self.lumbungPhotos.set(slip, photo));
  else {
    if ("versions" in data) self.lumbungVersions = JSON.stringify(data.versions);
    if ("documentUrl" in data) connect(data);
    else self.lumbungVersionsChanged?.();
  }
};

async function archive(name) {
  const response = await fetch(new URL(name, BASE));
  if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
  return response.arrayBuffer();
}

const BLOCK = 512;
const ascii = new TextDecoder("latin1");

/* Puts the files of a tar into Python's file system. Python could unpack it as well, half a second later on a phone. */
function unpack(files, archive) {
  const bytes = new Uint8Array(archive);
  const field = (start, length) => ascii.decode(bytes.subarray(start, start + length)).split("\0", 1)[0];
  const folders = new Set();
  let start = 0;
  while (bytes[start]) {
    const path = `${HOME}/${field(start, 100)}`;
    const size = parseInt(field(start + 124, 12), 8);
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) files.mkdirTree(folder);
    folders.add(folder);
    files.writeFile(path, bytes.subarray(start + BLOCK, start + BLOCK + size), { canOwn: true });
    start += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
}

async function prepare() {
  const archives = Promise.all(ARCHIVES.map((name) => archive(`python/${name}.tar`)));
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", BASE).href);
  const python = await loadPyodide({
    indexURL: new URL("pyodide/", BASE).href,
    stdout: (text) => console.log(text),
    stderr: (text) => console.error(text),
  });
  if (python._api) python._api.on_fatal = (error) => self.postMessage({ failed: String(error?.stack ?? error) });
  python.registerJsModule("flet_js", bridge);
  for (const content of await archives) unpack(python.FS, content);
  await python.runPythonAsync(`
import sys
sys.path.insert(0, "${HOME}")
import lumbung_client.main
`);
  return python;
}

async function run() {
  const python = await prepare();
  const { args, documentUrl, language } = await connection;
  self.lumbungLanguage = language;
  Object.assign(bridge, { args, documentUrl });
  await python.runPythonAsync("import runpy; runpy.run_module('main', run_name='__main__')");
  if (typeof bridge.start_connection !== "function") throw new Error("The app ended without opening a screen.");
  await bridge.start_connection(receive);
  self.postMessage({ connected: true });
}

// An error before the page connects must wait for it: nobody listens yet.
run().catch(async (error) => {
  await connection;
  self.postMessage({ failed: String(error?.message ?? error) });
});
