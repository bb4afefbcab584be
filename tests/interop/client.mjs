// A second client, of nothing but what docs/protocol.md says, that needs nothing but Node.
// node client.mjs SERVER: reads one command per line as JSON ({"do": "enrol", "code": …}) and answers each with a line.
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";

const DELETED = "$deleted";
const same = (a, b) => canonical(a) === canonical(b);
const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const byName = (a, b) => byCodePoint(a.replica, b.replica) || a.n - b.n;

export function canonical(value) {
  if (typeof value === "string") return JSON.stringify(value.normalize("NFC"));
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object") throw new Error(`${value} has no canonical form`);
  const keys = Object.keys(value).map((key) => [key.normalize("NFC"), key]).sort(([a], [b]) => byCodePoint(a, b));
  return `{${keys.map(([name, key]) => `${JSON.stringify(name)}:${canonical(value[key])}`).join(",")}}`;
}

export const digest = (value) => createHash("sha256").update(canonical(value)).digest("hex");

function newRecord() {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const newReplica = () => [...randomBytes(16)].map((byte) => "0123456789abcdefghjkmnpqrstvwxyz"[byte & 31]).join("");

// Merge: what a write leaves of a record, and what it adds to it.
function withWrite(state, replica, write, at, by) {
  const replaced = (head, path) =>
    (write.replaces?.[path] ?? []).some(([name, n]) => name === head.replica && n === head.n);
  const heads = [];
  for (const head of state.heads) {
    const sets = Object.fromEntries(Object.entries(head.sets).filter(([path]) => !replaced(head, path)));
    if (Object.keys(sets).length) heads.push({ ...head, sets });
  }
  if (Object.keys(write.sets).length) heads.push({ replica, n: write.n, sets: write.sets, at, by });
  return { ...state, heads: heads.sort(byName) };
}

function headsOf(state, path) {
  return state.heads.filter((head) => path in head.sets);
}

function shown(state) {
  const rank = (head) => head.at || Infinity;
  const order = [...state.heads].sort((a, b) => (rank(a) === rank(b) ? byName(a, b) : rank(a) - rank(b)));
  return Object.assign({}, ...order.map((head) => head.sets));
}

function disputed(state) {
  return Object.keys(shown(state)).filter((path) => {
    const values = headsOf(state, path).map((head) => head.sets[path]);
    return values.some((value) => !same(value, values[0]));
  });
}

class Client {
  constructor(server) {
    this.api = `${server}/api/v1`;
    this.replica = newReplica();
    Object.assign(this, { token: "", cursor: "", epoch: "", last: 0 });
    Object.assign(this, { records: {}, pending: [], kept: [], refused: [], receipts: {}, people: {} });
  }

  async ask(path, message) {
    const headers = { "Accept-Language": "en", ...(this.token && { Authorization: `Bearer ${this.token}` }) };
    const body = message && gzipSync(JSON.stringify(message));
    if (body) Object.assign(headers, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
    const answer = await fetch(`${this.api}/${path}`, { method: body ? "POST" : "GET", headers, body });
    const said = await answer.json();
    if (answer.ok) return said;
    throw Object.assign(new Error(said.detail), { code: said.code, status: said.status });
  }

  async enrol({ code }) {
    const admission = await this.ask("enrol", { code, replica: this.replica, device: "node" });
    this.token = admission.token;
    this.me = admission.person.id;
    this.grants = admission.grants;
    return { person: admission.person, region: admission.grants[0].region };
  }

  view(record) {
    let state = this.records[record] ?? { record, heads: [], author: this.me };
    for (const write of this.pending) {
      const contained = write.n <= (state.own ?? 0);
      if (write.record === record && !contained) state = withWrite(state, this.replica, write, 0, this.me);
    }
    return state;
  }

  write({ record = newRecord(), kind, sets, clears = [] }) {
    const state = this.view(record);
    const replaces = {};
    for (const path of new Set([...Object.keys(sets), ...clears])) {
      const names = headsOf(state, path).map((head) => [head.replica, head.n]);
      if (names.length) replaces[path] = names;
    }
    const grant = Math.max(...this.grants.map((one) => one.version ?? 1));
    this.last += 1;
    this.pending.push({ n: this.last, record, kind, form: 1, sets, replaces, time: { wall: Date.now() }, grant });
    return { record };
  }

  remove({ record, kind }) {
    const paths = this.view(record).heads.flatMap((head) => Object.keys(head.sets));
    return this.write({ record, kind, sets: { [DELETED]: true }, clears: paths });
  }

  async sync({ lose_answer = false } = {}) {
    const results = [];
    for (let more = true; more; ) {
      const writes = this.pending.slice(0, 200);
      const message = { protocol: 1, replica: this.replica, time: { wall: Date.now() }, writes, cursor: this.cursor };
      const reply = await this.ask("sync", message);
      if (lose_answer) return { results };
      results.push(...(reply.outcomes ?? []).map((outcome) => outcome.result));
      await this.take(reply, writes);
      more = reply.page.more || this.cursor === "" || this.pending.length > 0;
    }
    return { results };
  }

  async take(reply, writes) {
    const anew = this.epoch && this.epoch !== reply.epoch;
    if (anew) this.pending.unshift(...this.kept.splice(0));
    this.epoch = reply.epoch;
    for (const receipt of reply.receipts ?? []) await this.check(receipt, writes);
    const outcomes = new Map((reply.outcomes ?? []).map((outcome) => [outcome.n, outcome]));
    const forked = [...outcomes.values()].some((outcome) => outcome.result === "fork");
    for (const write of writes) this.settle(write, outcomes.get(write.n), forked, anew);
    Object.assign(this.people, reply.page.people);
    for (const state of reply.page.records ?? []) this.records[state.record] = state;
    for (const record of reply.page.left ?? []) this.forget(record);
    this.grants = reply.grants ?? [];
    for (const record of Object.keys(this.records)) if (!this.covered(record)) this.forget(record);
    this.cursor = reply.page.cursor;
    if (forked) this.takeNewReplica();
  }

  settle(write, outcome, forked, anew) {
    if (!outcome || outcome.result === "fork" || (forked && outcome.code === "held-back")) return;
    // What it stands on may be among what the server lost, and is offered again before it.
    if (anew && outcome.result === "rejected") return;
    this.pending = this.pending.filter((other) => other !== write);
    if (outcome.result === "rejected") {
      this.refused.push({ record: write.record, code: outcome.code, path: outcome.path ?? "" });
      return;
    }
    if (outcome.gone) {
      delete this.records[write.record];
      this.kept.push(write);
      return;
    }
    // One's own writes do not come back as news: the client puts them into what it knows itself.
    const state = this.records[write.record] ?? { record: write.record, kind: write.kind, heads: [], author: this.me };
    this.records[write.record] = withWrite(state, this.replica, write, outcome.at, this.me);
    this.kept.push(write);
  }

  covered(record) {
    const region = shown(this.records[record]).region ?? "";
    const mine = this.records[record].author === this.me;
    return mine || this.grants.some((grant) => `${region}.`.startsWith(`${grant.region}.`));
  }

  forget(record) {
    if (this.records[record]?.author !== this.me) delete this.records[record];
  }

  takeNewReplica() {
    const old = this.replica;
    const numbers = new Map(this.pending.map((write, place) => [write.n, place + 1]));
    this.replica = newReplica();
    for (const write of this.pending) {
      write.n = numbers.get(write.n);
      for (const names of Object.values(write.replaces)) {
        for (const name of names) {
          if (name[0] === old && numbers.has(name[1])) name.splice(0, 2, this.replica, numbers.get(name[1]));
        }
      }
    }
    this.last = this.pending.length;
    this.cursor = "";
  }

  async check(receipt, writes) {
    const mine = new Map([...this.kept, ...writes].map((write) => [write.n, write]));
    const sent = receipt.numbers.map((n) => digest({ replica: receipt.replica, write: mine.get(n) }));
    if (digest(sent) !== receipt.root) throw new Error("the receipt is for something else");
    this.keys ??= (await this.ask("receipt-keys")).keys;
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: this.keys[receipt.key] }, format: "jwk" });
    const { signature, ...signed } = receipt;
    if (!verify(null, Buffer.from(canonical(signed)), key, Buffer.from(signature, "base64url"))) {
      throw new Error("the receipt is not signed by the server");
    }
    this.receipts[`${receipt.home}/${receipt.number}`] = receipt;
  }

  show({ record }) {
    const state = this.view(record);
    const heads = state.heads.map(({ replica, n, sets }) => [replica, n, sets]);
    return { values: shown(state), disputed: disputed(state), heads, flags: state.flags ?? [] };
  }

  standing() {
    const { replica, refused, people } = this;
    return { replica, refused, people, records: Object.keys(this.records), receipts: Object.keys(this.receipts) };
  }

  pose({ as, last }) {
    Object.assign(this, { replica: as, last });
    return {};
  }

  digests({ values }) {
    return { digests: values.map(digest) };
  }
}

const client = new Client(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const { do: wanted, ...details } = JSON.parse(line);
  try {
    console.log(JSON.stringify(await client[wanted](details)));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message, code: error.code ?? "" }));
  }
}
