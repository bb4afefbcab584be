/* Answers for the app's files from what is kept on the phone, so that the app starts without a network.
 *
 * The build puts download.js in front of this file and the list of files into BUNDLE. This worker serves every version
 * that is kept, not only its own: each page and each Python worker gets the files of the version that it began with,
 * until it is closed. A new version is fetched beside the one in use and is `ready`; a page has it begin, which makes the
 * one before the `previous` one, to which a person can go back until that is `settled`.
 *
 * Pages of other versions speak to this worker, too: messages and addresses are added to, and never changed.
 */
const BUNDLE = __BUNDLE__;
const NEVER_TOUCHED = /^\/(api|schema|katalog|bukti)(\/|$)|^\/(healthz|readyz|sw\.js|bundle\.json)$/;
/* Addresses that say themselves which version they belong to. */
const OF_VERSION = /^\.version\/([0-9a-f]+)\/(.+)$/;

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

  /* Changes what stands, one at a time; `act` is told what stands, and returns what is different now. */
  function change(act) {
    return navigator.locks.request(STORE, async () => {
      const before = await standing();
      const now = { ...before, ...(await act(before)) };
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

  /* Keeps this worker's own version, whole: it begins at once where there is none, else it is ready. */
  async function takeIn() {
    await lumbungFiles.fill(BUNDLE.files);
    await write(`bundle-${BUNDLE.version}`, BUNDLE.files);
    return change(({ current }) =>
      current ? { ready: current === BUNDLE.version ? "" : BUNDLE.version } : { current: BUNDLE.version },
    );
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

  /* Notes the version of pages that came here without this worker: they began with what is served now. */
  async function adopt() {
    const { current } = await standing();
    for (const { id } of await openPages()) if (!(await versionOf(id))) await begins(id, current);
  }

  const openPages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

  /* Has a version begin at the next start of a page; false when it is not here as a whole. */
  async function begin(version) {
    const files = await filesOf(version);
    if (!files || !(await lumbungFiles.has(files))) return false;
    await change(({ current, previous, ready }) => {
      if (version === current) return {};
      const back = version === previous;
      // Whoever goes back may go on again, but is not told to.
      if (back) return { current: version, previous: "", ready: current, declined: current };
      return { current: version, previous: current, ready: ready === version ? "" : ready, declined: "" };
    });
    return true;
  }

  /* Forgets what neither stands nor is in use by an open page. Files that are just being fetched stay. */
  async function sweep() {
    const { current, previous, ready } = await standing();
    const open = new Set((await self.clients.matchAll({ type: "all", includeUncontrolled: true })).map(({ id }) => id));
    const versions = new Set([current, previous, ready, BUNDLE.version].filter(Boolean));
    for (const client of open) versions.add(await versionOf(client));
    const store = await caches.open(STORE);
    for (const request of await store.keys()) {
      const name = request.url.slice(addressOf("").length);
      const [kind, rest] = [name.slice(0, name.indexOf("-")), name.slice(name.indexOf("-") + 1)];
      const gone = (kind === "page" && !open.has(rest)) || (kind === "bundle" && !versions.has(rest));
      if (gone) await store.delete(request);
    }
    const kept = [...(await Promise.all([...versions].map(filesOf)))].filter(Boolean);
    await lumbungFiles.sweep(Object.assign({}, ...kept.map(byHash)));
  }

  const byHash = (files) => Object.fromEntries(Object.values(files).map((entry) => [entry.hash, entry]));

  /* What people are told of a version: number, day, and what is new. */
  async function release(version) {
    const files = version && (await filesOf(version));
    if (!files) return null;
    try {
      const said = await lumbungFiles.take("release.json", files["release.json"]);
      return { version, ...(await said.json()) };
    } catch (error) {
      console.warn("lumbung: no word about a version:", String(error));
      return { version };
    }
  }

  return { adopt, begin, begins, change, filesOf, openPages, release, standing, sweep, takeIn, versionOf };
})();

self.addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  await lumbungShelf.takeIn();
  // Browsers let this worker wait as long as the one before is busy: what there is to tell is told already.
  await tellPages();
  // The worker changes, the version that pages get does not: that is up to the person.
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  const takeOver = async () => {
    await lumbungShelf.adopt();
    await self.clients.claim();
    await lumbungShelf.sweep();
    await tellPages();
  };
  event.waitUntil(takeOver());
});

async function tellPages() {
  for (const page of await lumbungShelf.openPages()) page.postMessage({ versions: "changed" });
}

/* What a page asks: `claim`, or an object that says what in `ask`; the answer goes to the port that came with it. */
self.addEventListener("message", (event) => {
  const { data, ports, source } = event;
  if (data === "claim") event.waitUntil(lumbungShelf.adopt().then(() => self.clients.claim()));
  const act = ANSWERS[data?.ask];
  if (act) event.waitUntil(act(source?.id, data).then((answer) => ports[0]?.postMessage(answer)));
});

const ANSWERS = { kept, begin, renew, settled };

/* What is kept here, as the page that asks is to see it. */
async function kept(client) {
  const { current, previous, ready, declined } = await lumbungShelf.standing();
  const running = (await lumbungShelf.versionOf(client)) || current || BUNDLE.version;
  // To a page that is older than what begins next, that is the new version.
  const next = running === current ? ready : current;
  const [began, waits, before] = await Promise.all(
    [running, next, running === current ? previous : ""].map(lumbungShelf.release),
  );
  const unwanted = Boolean(declined) && (next === declined || running === declined);
  return { running: began ?? { version: running }, ready: waits, previous: before, declined: unwanted };
}

async function begin(client, { version }) {
  const done = await lumbungShelf.begin(version);
  await tellPages();
  return done;
}

/* At a start: whether the page has to be loaded again because a version that was ready begins now. It does when no
 * other page is open, and the person did not go back from it. */
async function renew() {
  const { ready, declined } = await lumbungShelf.standing();
  if (!ready || ready === declined || (await lumbungShelf.openPages()).length > 1) return false;
  return lumbungShelf.begin(ready);
}

/* Everything was sent by the version that is in use: the one before need not be kept any more. */
async function settled(client) {
  const running = await lumbungShelf.versionOf(client);
  const before = (await lumbungShelf.standing()).previous;
  if (!before) return false;
  const { previous } = await lumbungShelf.change(({ current }) => (running === current ? { previous: "" } : {}));
  if (previous) return false;
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

/* The page at an address, of the version that begins now. */
async function page(event, name) {
  const { current } = await lumbungShelf.standing();
  const version = current || BUNDLE.version;
  const files = await lumbungShelf.filesOf(version);
  event.waitUntil(lumbungShelf.begins(event.resultingClientId, version));
  return answer(files && name in files ? name : "index.html", version, event.request);
}

/* A file that a page or a worker asks for: of the version in its address, else of the one that it began with. */
async function part(event, name) {
  const [, told, rest] = OF_VERSION.exec(name) ?? [];
  const began = told ?? (await lumbungShelf.versionOf(event.clientId));
  const version = began || (await lumbungShelf.standing()).current || BUNDLE.version;
  const files = await lumbungShelf.filesOf(version);
  if (!files || !((rest ?? name) in files)) return fetch(event.request);
  return answer(rest ?? name, version, event.request);
}

async function answer(name, version, request) {
  const files = (await lumbungShelf.filesOf(version)) ?? {};
  try {
    return await lumbungFiles.take(name, files[name]);
  } catch (error) {
    console.warn("lumbung:", String(error));
    if (version === BUNDLE.version) return fetch(request);
    // The server has other files under these names: this version cannot be mended, so that its own begins next.
    await lumbungShelf.begin(BUNDLE.version);
    return Response.error();
  }
}
