/* Fetches the files of a bundle, verifies them and keeps them by the hash of their content.
 *
 * The page uses this on the first visit (a page may take as long as a slow network needs; browsers stop a service
 * worker's installation after minutes), the service worker uses it for updates and to mend a missing file.
 * A file that was kept is never fetched again, also not by the next version of the app. A large file comes in parts of
 * about a megabyte that are kept one by one and joined at the end: a cut costs the rest of one part. An archive of the
 * app's own code is put together from the archives that are kept and the members that changed, where that costs less.
 */
const lumbungFiles = (() => {
  const STORE = "lumbung-files";
  const BASE = new URL("/", self.location.href);
  const SMALL = 100_000;
  const AT_ONCE = 4;
  const SILENCE_MS = 60_000;
  const ARCHIVE = "application/x-tar";
  const BLOCK = 512;
  const SIZE_AT = 124;
  const SIZE_DIGITS = 11;
  const MEMBER_HASH = 16;
  // What a request costs besides its content, in bytes.
  const REQUEST = 1_000;
  const DROPPED_HEADERS = ["content-encoding", "content-length", "etag", "vary", "cache-control", "date", "server"];

  const partName = (name, number) => `parts/${number}/${name}`;
  const memberName = (hash) => `python/members/${hash}.tar`;
  const keyOf = (entry) => new URL(`/.kept/${entry.hash}`, BASE).href;

  // Flutter's engine has a smaller variant for Chromium; the same test as in its loader, as far as workers can make it.
  const isWanted = (name) =>
    !name.startsWith("canvaskit/") || name.startsWith("canvaskit/chromium/") === "v8BreakIterator" in Intl;

  async function body(response, onBytes, stillAlive) {
    const reader = response.body.getReader();
    const chunks = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(chunks).arrayBuffer();
      stillAlive();
      chunks.push(value);
      size += value.length;
      onBytes(size);
    }
  }

  async function digest(bytes, length) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, length);
  }

  /* One file from the server, verified. Rejects on any network error, silence, status or content that is not ours. */
  async function fetched(name, entry, onBytes = () => {}) {
    const abort = new AbortController();
    let timer;
    const stillAlive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), SILENCE_MS);
    };
    stillAlive();
    try {
      // Large files would be stored twice, by us and by the browser's own cache.
      const cache = entry.size > SMALL ? "no-store" : "no-cache";
      const response = await fetch(new URL(name, BASE), { cache, signal: abort.signal });
      if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
      const bytes = await body(response, onBytes, stillAlive);
      if ((await digest(bytes, entry.hash.length)) !== entry.hash) throw new Error(`${name}: unexpected content`);
      const headers = new Headers(response.headers);
      for (const header of DROPPED_HEADERS) headers.delete(header);
      return new Response(bytes, { headers });
    } finally {
      clearTimeout(timer);
    }
  }

  /* The members of a tar, each a header with its content; the last one is what ends it. */
  function* membersOf(archive) {
    const text = new TextDecoder("latin1");
    let start = 0;
    while (archive[start]) {
      const size = parseInt(text.decode(archive.subarray(start + SIZE_AT, start + SIZE_AT + SIZE_DIGITS)), 8);
      const end = start + BLOCK * (1 + Math.ceil(size / BLOCK));
      yield archive.subarray(start, end);
      start = end;
    }
    yield archive.subarray(start);
  }

  /* What the kept archives are made of, of whatever version, by hash. */
  async function keptMembers(store) {
    const found = new Map();
    for (const request of await store.keys()) {
      const response = await store.match(request);
      if (!response?.headers.get("content-type")?.startsWith(ARCHIVE)) continue;
      for (const member of membersOf(new Uint8Array(await response.arrayBuffer()))) {
        found.set(await digest(member, MEMBER_HASH), member);
      }
    }
    return found;
  }

  /* An archive made of what is kept of others and of the members that are not; null where it costs less as a whole. */
  async function pieced(entry, members) {
    const missing = entry.members.filter(([hash]) => !members.has(hash));
    const cost = missing.reduce((sum, [, transfer]) => sum + transfer + REQUEST, 0);
    if (cost >= entry.transfer) return null;
    const fetchMember = async ([hash]) => {
      const response = await fetched(memberName(hash), { hash, size: Infinity });
      members.set(hash, new Uint8Array(await response.arrayBuffer()));
    };
    for (let i = 0; i < missing.length; i += AT_ONCE) await Promise.all(missing.slice(i, i + AT_ONCE).map(fetchMember));
    const whole = await new Blob(entry.members.map(([hash]) => members.get(hash))).arrayBuffer();
    if ((await digest(whole, entry.hash.length)) !== entry.hash) return null;
    return new Response(whole, { headers: { "content-type": ARCHIVE } });
  }

  /* One file; what `store` has of it is not fetched again. `members` gives those of the archives that are kept. */
  async function gathered(store, name, entry, members, onBytes = () => {}) {
    const made = entry.members && (await pieced(entry, await members()));
    if (made) return made;
    if (!entry.parts) return fetched(name, entry, onBytes);
    const pieces = [];
    let before = 0;
    let headers;
    for (const [number, part] of entry.parts.entries()) {
      const start = before;
      if (!(await store.match(keyOf(part)))) {
        await store.put(keyOf(part), await fetched(partName(name, number), part, (size) => onBytes(start + size)));
      }
      const kept = await store.match(keyOf(part));
      headers = kept.headers;
      pieces.push(await kept.blob());
      onBytes((before += part.size));
    }
    const whole = await new Blob(pieces).arrayBuffer();
    if ((await digest(whole, entry.hash.length)) !== entry.hash) throw new Error(`${name}: unexpected content`);
    return new Response(whole, { headers });
  }

  /* Fetches a file and keeps it in `store`. */
  async function keep(store, name, entry, members, onBytes) {
    await store.put(keyOf(entry), await gathered(store, name, entry, members, onBytes));
    for (const part of entry.parts ?? []) await store.delete(keyOf(part));
  }

  /* Keeps every wanted file of a bundle; `report(done, total)` counts transferred bytes. Rejects at the first failure:
   * what arrived until then stays. */
  function fill(files, report = () => {}) {
    return navigator.locks.request(STORE, async () => {
      const store = await caches.open(STORE);
      const kept = new Set((await store.keys()).map((request) => request.url));
      const names = Object.keys(files).filter(isWanted);
      const missing = names.filter((name) => !kept.has(keyOf(files[name])));
      const total = names.reduce((sum, name) => sum + files[name].transfer, 0);
      const before = (entry) =>
        kept.has(keyOf(entry)) ? entry.transfer : (entry.parts ?? []).reduce((sum, part) => sum + before(part), 0);
      const done = new Map(names.map((name) => [name, before(files[name])]));
      const tell = () => report([...done.values()].reduce((sum, bytes) => sum + bytes, 0), total);
      let read;
      const members = () => (read ??= keptMembers(store));
      const fetchOne = async (name) => {
        const entry = files[name];
        await keep(store, name, entry, members, (size) => {
          done.set(name, Math.min(1, size / entry.size) * entry.transfer);
          tell();
        });
        done.set(name, entry.transfer);
        tell();
      };
      tell();
      const small = missing.filter((name) => files[name].size <= SMALL);
      for (let i = 0; i < small.length; i += AT_ONCE) await Promise.all(small.slice(i, i + AT_ONCE).map(fetchOne));
      // One large file at a time: on a slow line one finished file is worth more than four halves.
      for (const name of missing.filter((name) => files[name].size > SMALL)) await fetchOne(name);
    });
  }

  /* Whether every wanted file of a bundle is kept. */
  async function has(files) {
    const kept = new Set((await (await caches.open(STORE)).keys()).map((request) => request.url));
    return Object.keys(files).every((name) => !isWanted(name) || kept.has(keyOf(files[name])));
  }

  /* The kept copy of a file; mends a hole from the network. */
  async function take(name, entry) {
    const store = await caches.open(STORE);
    const kept = await store.match(keyOf(entry));
    if (kept) return kept;
    await keep(store, name, entry, () => keptMembers(store));
    return store.match(keyOf(entry));
  }

  /* Forgets what `files` does not list, unless another version is just being fetched. */
  function sweep(files) {
    return navigator.locks.request(STORE, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      const store = await caches.open(STORE);
      const wanted = new Set(Object.values(files).map(keyOf));
      for (const request of await store.keys()) if (!wanted.has(request.url)) await store.delete(request);
    });
  }

  return { fill, has, take, sweep };
})();
