// node service_workers.mjs STATIC_FOLDER SCENE OFFICE
// Plays a scene with the app's own service worker in a small stand-in for a browser; an assertion that fails ends it.
// OFFICE: whether the "older" worker stays when a new one is there, or the "newer" one follows at once.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [, , folder, scene, office] = process.argv;
const [DOWNLOAD, WORKER] = ["download.js", "sw.js"].map((name) => readFileSync(`${folder}/${name}`, "utf8"));
const ORIGIN = "https://lumbung.example";

/* The bundle of a version: one file that never changes, one that does, and what is said of it. */
function bundleOf(version) {
  const texts = {
    "index.html": `page ${version}`,
    "app.tar.gz": `app ${version}`,
    "stays.js": "the same in all versions",
    "release.json": JSON.stringify({ number: `0.${version}`, date: "2026-11-23", news: { id: "Baru", en: "New" } }),
  };
  const files = {};
  for (const [name, text] of Object.entries(texts)) {
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
    files[name] = { hash, size: text.length, transfer: text.length };
  }
  return { version, texts, files };
}

class FakeStore {
  #entries = new Map();
  async match(address) {
    const kept = this.#entries.get(address.url ?? address);
    return kept && new Response(kept);
  }
  async put(address, response) {
    this.#entries.set(address.url ?? address, await response.arrayBuffer());
  }
  async delete(address) {
    return this.#entries.delete(address.url ?? address);
  }
  async keys() {
    return [...this.#entries.keys()].map((url) => ({ url }));
  }
}

class Browser {
  stores = new Map();
  pages = new Map();
  requests = [];
  cut = "";
  down = false;
  #queues = new Map();
  #numbers = 0;

  caches = {
    open: async (name) => {
      if (!this.stores.has(name)) this.stores.set(name, new FakeStore());
      return this.stores.get(name);
    },
  };

  locks = {
    request: (name, ...rest) => {
      const act = rest.pop();
      const result = (this.#queues.get(name) ?? Promise.resolve()).then(() => act({ name }));
      this.#queues.set(name, result.catch(() => {}));
      return result;
    },
  };

  serve(bundle) {
    this.served = bundle;
  }

  fetch = async (request) => {
    const name = new URL(request.url ?? request).pathname.slice(1) || "index.html";
    this.requests.push(name);
    if (this.down || name === this.cut) throw new TypeError("network");
    const text = this.served.texts[name];
    return new Response(text ?? "none", { status: text === undefined ? 404 : 200 });
  };

  /* The browser finds the worker of what is served. It comes into office at once where none is, else as the scene wants. */
  async update() {
    const worker = new Worker(this, this.served);
    await worker.send("install");
    this.waiting = worker;
    if (!this.worker || office === "newer") await this.relieve();
  }

  /* The worker that waits, if one does, comes into office; the one in office tidies up in any case. */
  async relieve() {
    this.worker = this.waiting ?? this.worker;
    this.waiting = undefined;
    await this.worker.send("activate");
  }

  /* The browser ends the worker while nothing is asked of it, and starts it again later. */
  restart() {
    this.worker = new Worker(this, this.worker.bundle);
  }

  /* Opens a page and returns it with what stands in it. */
  async open() {
    const id = `page-${++this.#numbers}`;
    const text = await this.ask("/", { resultingClientId: id, mode: "navigate" });
    const page = { id, told: [], text, postMessage: (message) => page.told.push(message) };
    this.pages.set(id, page);
    return page;
  }

  async ask(path, { clientId = "", resultingClientId = "", mode = "cors" } = {}) {
    const request = { url: ORIGIN + path, method: "GET", mode };
    const answer = await this.worker.send("fetch", { request, clientId, resultingClientId });
    return answer === undefined ? undefined : (await answer).text();
  }

  async say(page, data, worker = this.worker) {
    let answer;
    const port = { postMessage: (value) => (answer = value) };
    await worker.send("message", { data, ports: [port], source: { id: page.id } });
    return answer;
  }

  async files() {
    return (await (await this.caches.open("lumbung-files")).keys()).length;
  }
}

class Worker {
  #heard = {};
  constructor(browser, bundle) {
    this.bundle = bundle;
    const self = {
      location: { href: `${ORIGIN}/sw.js`, origin: ORIGIN },
      addEventListener: (name, act) => (this.#heard[name] = act),
      skipWaiting: async () => (this.comesIn = true),
      clients: { matchAll: async () => [...browser.pages.values()], claim: async () => {} },
    };
    const { version, files } = bundle;
    const source = `${DOWNLOAD}\n${WORKER.replace("__BUNDLE__", JSON.stringify({ version, files }))}`;
    const quiet = { ...console, warn: () => {} };
    const made = new Function("self", "caches", "navigator", "fetch", "console", source);
    made(self, browser.caches, { locks: browser.locks }, browser.fetch, quiet);
  }

  async send(name, event = {}) {
    const waits = [];
    let answer;
    this.#heard[name]({
      ...event,
      waitUntil: (promise) => waits.push(promise),
      respondWith: (promise) => (answer = promise),
    });
    const said = answer && (await answer);
    for (let n = 0; n < waits.length; n++) await waits[n];
    return said;
  }
}

const [A, B, C] = ["aa", "bb", "cc"].map(bundleOf);

async function updated() {
  const browser = new Browser();
  browser.serve(A);
  await browser.update();
  const page = await browser.open();
  browser.serve(B);
  await browser.update();
  return { browser, page };
}

const SCENES = {
  async first() {
    const browser = new Browser();
    browser.serve(A);
    await browser.update();
    const page = await browser.open();
    assert.equal(page.text, "page aa");
    const kept = await browser.say(page, { ask: "kept" });
    const news = { id: "Baru", en: "New" };
    assert.deepEqual(kept, {
      running: { version: "aa", number: "0.aa", date: "2026-11-23", news },
      ready: null,
      previous: null,
      declined: false,
    });
    browser.down = true;
    browser.restart();
    assert.equal((await browser.open()).text, "page aa");
  },

  async ready() {
    const { browser, page } = await updated();
    assert.deepEqual(page.told.at(-1), { versions: "changed" });
    assert.deepEqual(browser.requests.filter((name) => name === "stays.js").length, 1, "what stays is fetched once");
    const kept = await browser.say(page, { ask: "kept" });
    assert.deepEqual([kept.running.version, kept.ready.version, kept.previous], ["aa", "bb", null]);
    browser.restart();
    assert.equal(await browser.ask("/app.tar.gz", { clientId: page.id }), "app aa");
    assert.equal((await browser.open()).text, "page aa", "nobody said that it should begin");
  },

  async begun() {
    const { browser, page } = await updated();
    assert.equal(await browser.say(page, { ask: "begin", version: "bb" }), true);
    const fresh = await browser.open();
    assert.equal(fresh.text, "page bb");
    browser.restart();
    assert.equal(await browser.ask("/app.tar.gz", { clientId: page.id }), "app aa", "the older page keeps its own");
    assert.equal(await browser.ask("/app.tar.gz", { clientId: fresh.id }), "app bb");
    // A Python worker is a client of its own: its addresses say the version.
    assert.equal(await browser.ask("/.version/aa/app.tar.gz", { clientId: "worker" }), "app aa");
    assert.equal(await browser.ask("/.version/bb/app.tar.gz", { clientId: "worker" }), "app bb");
    const [old, now] = [await browser.say(page, { ask: "kept" }), await browser.say(fresh, { ask: "kept" })];
    assert.deepEqual([old.running.version, old.ready.version, old.previous], ["aa", "bb", null]);
    assert.deepEqual([now.running.version, now.ready, now.previous.version], ["bb", null, "aa"]);
  },

  async back() {
    const { browser, page } = await updated();
    await browser.say(page, { ask: "begin", version: "bb" });
    browser.pages.clear();
    const fresh = await browser.open();
    assert.equal(await browser.say(fresh, { ask: "begin", version: "aa" }), true);
    browser.pages.clear();
    const again = await browser.open();
    assert.equal(again.text, "page aa");
    const kept = await browser.say(again, { ask: "kept" });
    assert.deepEqual([kept.ready.version, kept.previous, kept.declined], ["bb", null, true]);
    assert.equal(await browser.say(again, { ask: "renew" }), false, "who went back is not taken there again");
    browser.serve(C);
    await browser.update();
    const later = await browser.say(again, { ask: "kept" });
    assert.deepEqual([later.ready.version, later.declined], ["cc", false]);
    await browser.relieve();
    assert.equal(await browser.say(again, { ask: "begin", version: "bb" }), false, "its files are gone");
  },

  async settled() {
    const { browser, page } = await updated();
    const both = await browser.files();
    await browser.say(page, { ask: "begin", version: "bb" });
    const fresh = await browser.open();
    assert.equal(await browser.say(page, { ask: "settled" }), false, "the older page says nothing of the new version");
    assert.equal(await browser.say(fresh, { ask: "settled" }), true);
    assert.equal((await browser.say(fresh, { ask: "kept" })).previous, null);
    await browser.relieve();
    assert.equal(await browser.files(), both, "a page of it is open yet");
    assert.equal(await browser.ask("/app.tar.gz", { clientId: page.id }), "app aa");
    browser.pages.delete(page.id);
    await browser.relieve();
    assert.equal(await browser.files(), both - 3);
    assert.equal(await browser.say(fresh, { ask: "begin", version: "aa" }), false);
  },

  async renewed() {
    const { browser, page } = await updated();
    const other = await browser.open();
    assert.equal(await browser.say(other, { ask: "renew" }), false, "another page is open");
    browser.pages.delete(page.id);
    assert.equal(await browser.say(other, { ask: "renew" }), true);
    assert.equal((await browser.open()).text, "page bb");
    assert.equal(await browser.say(other, { ask: "renew" }), false);
  },

  async activated() {
    const { browser, page } = await updated();
    const waiting = browser.waiting ?? browser.worker;
    const other = await browser.open();
    assert.equal(await browser.say(other, "activate-if-alone", waiting), false, "another page is open");
    assert.equal(waiting.comesIn, undefined);
    browser.pages.delete(page.id);
    assert.equal(await browser.say(other, "activate-if-alone", waiting), true);
    assert.equal(waiting.comesIn, true);
    await browser.relieve();
    assert.equal(await browser.ask("/app.tar.gz", { clientId: other.id }), "app aa", "the page keeps its version");
  },

  async emptied() {
    const browser = new Browser();
    browser.serve(A);
    await browser.update();
    browser.stores.clear();
    browser.serve(B);
    browser.restart();
    const page = await browser.open();
    assert.equal(page.text, "page bb", "somebody emptied the storage: the server has the app");
    assert.equal(await browser.ask("/app.tar.gz", { clientId: page.id }), "app bb");
    assert.equal(await browser.say(page, { ask: "kept" }), null);
  },

  async cut() {
    const browser = new Browser();
    browser.serve(A);
    await browser.update();
    const page = await browser.open();
    browser.serve(B);
    browser.cut = "app.tar.gz";
    await assert.rejects(browser.update());
    const kept = await browser.say(page, { ask: "kept" });
    assert.deepEqual([kept.running.version, kept.ready], ["aa", null]);
    assert.equal(await browser.say(page, { ask: "begin", version: "bb" }), false);
    await new Promise((resolve) => setTimeout(resolve, 50)); // what was under way beside it arrives
    const before = browser.requests.length;
    browser.cut = "";
    await browser.update();
    assert.ok(!browser.requests.slice(before).includes("index.html"), "what had arrived is not fetched again");
    assert.equal((await browser.say(page, { ask: "kept" })).ready.version, "bb");
  },

  async mended() {
    const { browser, page } = await updated();
    const store = await browser.caches.open("lumbung-files");
    await store.delete(`${ORIGIN}/.kept/${A.files["app.tar.gz"].hash}`);
    // The server has the file of another version under this name: that must never be mixed in.
    assert.equal(await browser.ask("/app.tar.gz", { clientId: page.id }), "");
    assert.equal((await browser.open()).text, "page bb");
  },

  async rolledBack() {
    const { browser, page } = await updated();
    await browser.say(page, { ask: "begin", version: "bb" });
    browser.pages.clear();
    const fresh = await browser.open();
    await browser.say(fresh, { ask: "settled" });
    browser.serve(A);
    await browser.update();
    assert.equal((await browser.say(fresh, { ask: "kept" })).ready.version, "aa", "the server may go back, too");
  },

  async untouched() {
    const { browser, page } = await updated();
    for (const path of ["/api/v1/sync", "/bukti/x", "/healthz", "/bundle.json", "/sw.js"])
      assert.equal(await browser.ask(path, { clientId: page.id }), undefined);
    assert.equal(await browser.ask("/assets/fonts/noto/a.woff2", { clientId: page.id }), "");
  },
};

await SCENES[scene]();
