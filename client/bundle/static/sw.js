/* Answers for the app's files from what is kept on the phone, so that the app starts without a network.
 *
 * The build puts download.js in front of this file and the list of files into BUNDLE. A worker serves every version that
 * is kept, not only its own: each page and each Python worker gets the files of the version that it began with, until it
 * is closed. A new version is fetched beside the one in use and is `ready`; a page has it begin, which makes the one
 * before the `previous` one, to which a person can go back until that is `settled`.
 *
 * Pages and workers of different versions speak with each other: messages and addresses are added to, never changed.
 */
const BUNDLE = __BUNDLE__;
const NEVER_TOUCHED = /^\/(api|schema|katalog|bukti)(\/|$)|^\/(healthz|readyz|sw\.js|bundle\.json)$/;
/* Addresses that say themselves which version they belong to. */
const OF_VERSION = /^\.version\/([0-9a-f]+)\/(.+)$/;
/* In place of a version: the page came from the server, because nothing is kept here, and so does all it asks for. */
const FROM_SERVER = "server";

const lumbungShelf = (() => {
  const STORE = "lumbung-versions";
  const BASE = new URL("/", self.location.href);
  const NOTHING = { current: "", previous: "", ready: "", declined: "" };
  const listings = new Map([[BUNDLE.version, BUNDLE.files]]);
  const pages = new Map();

  const addressOf = (name) => new URL(`/.versions/${name}`, BASE).href;

  async function read(name) {
    const found = await (await caches.open(STORE)).match(addressOf(name));
    return found && found.json();
  }

  async function write(name, value) {
    await (await caches.open(STORE)).put(addressOf(name), new Response(JSON.stringify(value)));
  }

  const standing = async () => ({ ...NOTHING, ...(await read("standing")) });

  /* Changes what stands, one at a time; `act` is told what stands, and returns what is different from now on. */
  function change(act) {
    return navigator.locks.request(STORE, async () => {
      const before = await standing();
      const now = { ...before, ...act(before) };
      if (JSON.stringify(now) !== JSON.stringify(before)) await write("standing", now);
      return now;
    });
  }

  /* The files of a version that is kept; undefined for any other. */
  async function filesOf(version) {
    if (!listings.has(version)) {
      const files = version && (await read(`bundle-${version}`));
      if (!files) return undefined;
      listings.set(version, files);
    }
    return listings.get(version);
  }

  async function isWhole(version) {
    const files = await filesOf(version);
    return files !== undefined && lumbungFiles.has(files);
  }

  /* Keeps this worker's own version, whole: it begins at once where there is none, else it is ready. */
  async function takeIn() {
    const { version, files } = BUNDLE;
    await keep(version, files);
    await change(({ current }) => (current ? { ready: current === version ? "" : version } : { current: version }));
    // Nothing sweeps it away any more; what was swept before anybody knew of it is fetched again.
    await keep(version, files);
  }

  async function keep(version, files) {
    await lumbungFiles.fill(files);
    await write(`bundle-${version}`, files);
  }

  /* Notes which version a page begins with. */
  async function begins(client, version) {
    if (!client) return;
    pages.set(client, version);
    await write(`page-${client}`, version);
  }

  /* The version that a page, or a worker of one, began with; empty when nobody noted it. */
  async function versionOf(client) {
    if (client && !pages.has(client)) pages.set(client, (await read(`page-${client}`)) ?? "");
    return (client && pages.get(client)) || "";
  }

  /* Notes the version of pages that came here before there was a worker: they began with what is served now. */
  async function adopt() {
    const { current } = await standing();
    for (const { id } of await openPages()) if (!(await versionOf(id))) await begins(id, current || BUNDLE.version);
  }

  const openPages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

  /* Has a version begin at the next start of a page; false when it is not here as a whole. */
  async function begin(version) {
    if (!(await isWhole(version))) return false;
    await change(({ current, previous, ready }) => {
      if (version === current) return {};
      // Whoever goes back may go on again, but is not told to.
      if (version === previous) return { current: version, previous: "", ready: current, declined: current };
      return { current: version, previous: current, ready: ready === version ? "" : ready, declined: "" };
    });
    return true;
  }

  /* Has another version begin in place of one that is no longer whole. */
  async function giveUp(broken) {
    const { current, ready } = await standing();
    if (current !== broken || (await isWhole(broken))) return;
    for (const version of [ready, BUNDLE.version]) {
      if (version === broken || !(await isWhole(version))) continue;
      await change(() => ({ current: version, previous: "", ready: "", declined: "" }));
      return;
    }
  }

  /* Forgets what neither stands nor is in use by an open page. Files that are just being fetched stay. */
  async function sweep() {
    const { current, previous, ready } = await standing();
    const open = (await self.clients.matchAll({ type: "all", includeUncontrolled: true })).map(({ id }) => id);
    const used = await Promise.all(open.map(versionOf));
    const versions = new Set([current, previous, ready, BUNDLE.version, ...used]);
    const wanted = new Set([
      addressOf("standing"),
      ...open.map((id) => addressOf(`page-${id}`)),
      ...[...versions].map((version) => addressOf(`bundle-${version}`)),
    ]);
    const store = await caches.open(STORE);
    for (const request of await store.keys()) if (!wanted.has(request.url)) await store.delete(request);
    const kept = (await Promise.all([...versions].map(filesOf))).filter(Boolean);
    const entries = kept.flatMap((files) => Object.values(files));
    await lumbungFiles.sweep(Object.fromEntries(entries.map((entry) => [entry.hash, entry])));
  }

  /* What people are told of a version: number, day, and what is new. Null when it is not kept. */
  async function release(version) {
    const files = await filesOf(version);
    if (!files) return null;
    try {
      const said = await lumbungFiles.take("release.json", files["release.json"]);
      return { ...(await said.json()), version };
    } catch (error) {
      console.warn("lumbung: no word about a version:", String(error));
      return { version };
    }
  }

  return { adopt, begin, begins, change, filesOf, giveUp, openPages, release, standing, sweep, takeIn, versionOf };
})();

/* The worker that is in office serves the new version, too: this one waits until a page of its own has nothing loaded
 * yet, or all pages are closed. */
self.addEventListener("install", (event) => event.waitUntil(lumbungShelf.takeIn().then(tellPages)));

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    await lumbungShelf.adopt();
    await self.clients.claim();
    await lumbungShelf.sweep();
  };
  event.waitUntil(takeOver());
});

/* Pages ask themselves what changed for them. */
async function tellPages() {
  for (const page of await lumbungShelf.openPages()) page.postMessage({ versions: "changed" });
}

/* What a page asks: a word, or an object with the word in `ask`. The answer goes to the port that came with it. */
self.addEventListener("message", (event) => {
  const { data, ports, source } = event;
  const act = QUESTIONS.get(data?.ask ?? data);
  if (act) event.waitUntil(act(source?.id, data).then((answer) => ports[0]?.postMessage(answer)));
});

const QUESTIONS = new Map(
  Object.entries({ claim, "activate-if-alone": activateIfAlone, kept, begin, renew, settled }),
);

/* Answers for the page although it came here without this worker. */
async function claim() {
  await lumbungShelf.adopt();
  await self.clients.claim();
}

/* What is kept here, as the page that asks is to see it; null when it is of no version that is kept. */
async function kept(client) {
  const { current, previous, ready, declined } = await lumbungShelf.standing();
  const version = (await lumbungShelf.versionOf(client)) || current || BUNDLE.version;
  const running = await lumbungShelf.release(version);
  if (!running) return null;
  // To a page of another version than the one that begins next, that is the new one.
  const next = version === current ? ready : current;
  return {
    running,
    ready: await lumbungShelf.release(next),
    previous: version === current ? await lumbungShelf.release(previous) : null,
    declined: declined !== "" && [next, version].includes(declined),
  };
}

/* Has a version begin with the next page. */
async function begin(client, { version }) {
  const done = await lumbungShelf.begin(version);
  await tellPages();
  return done;
}

const isAlone = async () => (await lumbungShelf.openPages()).length <= 1;

/* At a start: whether the page has to be loaded again because a version that was ready begins now. It does when no
 * other page is open, and the person did not go back from it. */
async function renew() {
  const { ready, declined } = await lumbungShelf.standing();
  if (!ready || ready === declined || !(await isAlone())) return false;
  return lumbungShelf.begin(ready);
}

/* At a start, asked of the worker that waits: whether it comes into office now. */
async function activateIfAlone() {
  const alone = await isAlone();
  if (alone) self.skipWaiting();
  return alone;
}

/* Everything was sent by the version that is in use: the one before need not be kept any more. */
async function settled(client) {
  const running = await lumbungShelf.versionOf(client);
  const { current, previous } = await lumbungShelf.standing();
  if (running !== current || !previous) return false;
  await lumbungShelf.change((now) => (now.current === running ? { previous: "" } : {}));
  await lumbungShelf.sweep();
  await tellPages();
  return true;
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin || NEVER_TOUCHED.test(pathname)) return;
  const name = decodeURIComponent(pathname.slice(1));
  if (mode === "navigate") {
    event.respondWith(page(event, name));
  } else if (name.startsWith("assets/fonts/noto")) {
    // Flutter asks without end for the font of a missing letter until somebody answers.
    event.respondWith(new Response(null, { status: 204 }));
  } else {
    event.respondWith(part(event, name));
  }
});

/* The page at an address: of the version that begins now, or of another that is here, or else from the server. */
async function page(event, name) {
  const { current, ready } = await lumbungShelf.standing();
  for (const version of new Set([current, ready, BUNDLE.version])) {
    const files = await lumbungShelf.filesOf(version);
    const given = files && (await answer(name in files ? name : "index.html", version));
    if (!given || given.type === "error") continue;
    event.waitUntil(lumbungShelf.begins(event.resultingClientId, version));
    return given;
  }
  event.waitUntil(lumbungShelf.begins(event.resultingClientId, FROM_SERVER));
  return fetch(event.request);
}

/* A file that a page or a worker asks for: of the version in its address, else of the one that it began with. */
async function part(event, name) {
  const [, told, rest] = OF_VERSION.exec(name) ?? [];
  const began = told ?? (await lumbungShelf.versionOf(event.clientId));
  const version = began || (await lumbungShelf.standing()).current || BUNDLE.version;
  const files = await lumbungShelf.filesOf(version);
  const wanted = rest ?? name;
  return files && wanted in files ? answer(wanted, version) : fetch(event.request);
}

/* A file of a version, never one of another under the same name: what cannot be mended makes way for another version. */
async function answer(name, version) {
  try {
    return await lumbungFiles.take(name, (await lumbungShelf.filesOf(version))[name]);
  } catch (error) {
    console.warn("lumbung:", String(error));
    await lumbungShelf.giveUp(version);
    return Response.error();
  }
}
