// A worker in Node, without any package: what docs/protocol.md says, and nothing else.
//
// It serves one function. Left out, as it is small: images, which travel as handles, and the second
// connection that fetches their bytes.

import { connect } from "node:net";
import { decode, encode } from "./msgpack.mjs";

const functions = {
  count_words({ text }) {
    const counts = {};
    for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
      counts[word] = (Object.hasOwn(counts, word) ? counts[word] : 0) + 1;
    }
    return counts;
  },
};

const { HERMOD_URL, HERMOD_WORKER_TOKEN, HERMOD_FUNCTION, HERMOD_VERSION, HERMOD_DESCRIPTION } = process.env;
const serve = functions[HERMOD_FUNCTION];
if (!HERMOD_URL || !HERMOD_WORKER_TOKEN || !serve) {
  console.error(`started by dice, for one of: ${Object.keys(functions).join(", ")}`);
  process.exit(2);
}

const ALONE_MS = 10_000; // without a gateway, until it starts nothing more and gives up
const KEEPING_ALONE_MS = 600_000; // the same, while it keeps results that nobody else has (J1)
const leases = new Map(); // by number, until their last result is acknowledged
const devices = new Set();
let epoch = 0;
let stopping = false;
let aloneSince = Date.now();

dial(50);

function dial(backOff) {
  const url = new URL(HERMOD_URL);
  const place = url.protocol === "unix:" ? { path: url.pathname } : { host: url.hostname, port: Number(url.port) };
  const socket = connect(place);
  let gateway = null;
  let heard = Date.now();
  let beat;

  const send = (kind, body) => {
    const packed = encode({ [kind]: body });
    const length = Buffer.alloc(4);
    length.writeUInt32BE(packed.length);
    socket.write(Buffer.concat([length, packed]));
  };
  socket.on("connect", () => {
    socket.write("GET /hermod HTTP/1.1\r\nHost: hermod\r\nConnection: Upgrade\r\nUpgrade: hermod\r\n\r\n");
    send("hello", { protocol: 1, sdk: "node", pillow: "", role: { worker: hello() } });
  });
  socket.on("data", frames((kind, body) => {
    heard = Date.now();
    if (gateway) return receive(kind, body, send);
    if (kind !== "welcome") {
      console.error(`refused by the gateway: ${body.reason}`);
      process.exit(3);
    }
    gateway = body;
    epoch = Math.max(epoch, body.epoch);
    for (const lease of leases.values()) offer(lease, send);
    beat = setInterval(() => {
      if (Date.now() - heard > 3 * body.heartbeat_ms) return socket.destroy();
      send("ping", {});
    }, body.heartbeat_ms);
  }));
  socket.on("error", () => {}); // "close" follows
  socket.on("close", () => {
    clearInterval(beat);
    if (gateway) aloneSince = Date.now();
    if (Date.now() - aloneSince > (leases.size ? KEEPING_ALONE_MS : ALONE_MS)) process.exit(5);
    setTimeout(() => dial(Math.min(2 * backOff, 2000)), gateway ? 50 : backOff);
  });
}

function hello() {
  return {
    function: HERMOD_FUNCTION,
    version: HERMOD_VERSION,
    description: HERMOD_DESCRIPTION,
    token: HERMOD_WORKER_TOKEN,
    pid: process.pid,
    running: [], // a batch is executed in one go: between frames none runs
    unacknowledged: [...leases.values()].flatMap((lease) => lease.results.map(({ call }) => call)),
  };
}

// Cuts a stream into frames, after the answer to the upgrade.
function frames(take) {
  let buffer = Buffer.alloc(0);
  let upgraded = false;
  return (data) => {
    buffer = Buffer.concat([buffer, data]);
    if (!upgraded) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      buffer = buffer.subarray(end + 4);
      upgraded = true;
    }
    while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
      const length = buffer.readUInt32BE(0);
      const [[kind, body]] = Object.entries(decode(buffer.subarray(4, 4 + length)));
      buffer = buffer.subarray(4 + length);
      take(kind, body);
    }
  };
}

function receive(kind, body, send) {
  switch (kind) {
    case "load": {
      devices.add(body.device.id);
      const { rss } = process.memoryUsage();
      return send("loaded", { device: body.device.id, load_ns: 0, memory_bytes: rss });
    }
    case "unload":
      return devices.delete(body.device);
    case "grant":
      return granted(body, send);
    case "ack":
      return acknowledged(body.calls);
    case "ping":
      return send("pong", { memory_bytes: process.memoryUsage().rss });
    case "stop":
      stopping = true;
      setTimeout(() => process.exit(0), body.grace_ms);
      return leaveIfDone();
    case "cancel": // a call that runs cannot be stopped, and none waits
    case "pong":
      return undefined;
    default:
      throw new Error(`the gateway sent a frame of unknown kind ${kind}`);
  }
}

const pieces = new Map(); // of grants that do not fit a frame

function granted(grant, send) {
  if (grant.epoch < epoch || stopping) return; // an older gateway's: not executed, not answered (P2)
  epoch = grant.epoch;
  const calls = [...(pieces.get(grant.lease) ?? []), ...grant.calls];
  if (grant.more) return void pieces.set(grant.lease, calls);
  pieces.delete(grant.lease);
  if (leases.has(grant.lease)) return; // granted again after a reconnect
  const began = process.hrtime.bigint();
  const results = calls.map(({ call, arguments: given }) => ({ call, outcome: outcome(given) }));
  const lease = { number: grant.lease, results, execute_ns: process.hrtime.bigint() - began };
  leases.set(grant.lease, lease);
  offer(lease, send);
}

function outcome(given) {
  try {
    return { Ok: serve(given) };
  } catch (error) {
    return { Err: { kind: "raised", message: `${error.name}: ${error.message}` } };
  }
}

// Kept until the gateway says that it is durable; said again after a reconnect (J1).
function offer({ number, results, execute_ns }, send) {
  send("result", { lease: number, results, execute_ns, last: true });
}

function acknowledged(calls) {
  const durable = new Set(calls.map(({ task, call }) => `${task}.${call}`));
  for (const [number, lease] of leases) {
    lease.results = lease.results.filter(({ call }) => !durable.has(`${call.task}.${call.call}`));
    if (lease.results.length === 0) leases.delete(number);
  }
  leaveIfDone();
}

function leaveIfDone() {
  if (stopping && leases.size === 0) process.exit(0);
}
