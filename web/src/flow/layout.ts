/** Where calls lie on a timeline: lanes of devices, rows within them, and what of it can be seen. Pure. */

import type { CallSpan } from "../api/types";

/** Calls one after the other, so that both columns ascend. */
export interface Row {
  starts: number[];
  ends: number[];
  /** Indices into the task's calls. */
  calls: number[];
}

export interface Lane {
  label: string;
  rows: Row[];
}

/** How many calls waited for a device, from each time on. */
export interface Steps {
  times: number[];
  counts: number[];
  most: number;
}

export interface Layout {
  /** Of devices in the order of their first call, then of results that no device made. */
  lanes: Lane[];
  waiting: Steps;
  end: number;
}

const NOT_EXECUTED = "no device: equal calls' results";

/** `now`: where calls end that have not ended. */
export function layout(calls: CallSpan[], now: number): Layout {
  const byLane = new Map<string, number[]>();
  const withoutDevice: number[] = [];
  let end = 0;
  calls.forEach((call, index) => {
    end = Math.max(end, endOf(call, now));
    if (call.granted_offset_ns === undefined || call.device === undefined) {
      if (call.outcome === "shared" || call.outcome === "reused") withoutDevice.push(index);
      else if (call.granted_offset_ns !== undefined) push(byLane, "device not yet known", index);
      return;
    }
    push(byLane, call.device, index);
  });
  const lanes = [...byLane].map(([label, indices]) => ({
    label,
    rows: pack(calls, indices, (call) => call.granted_offset_ns ?? call.issued_offset_ns, now),
  }));
  if (withoutDevice.length > 0) {
    lanes.push({ label: NOT_EXECUTED, rows: pack(calls, withoutDevice, (call) => call.issued_offset_ns, now) });
  }
  return { lanes, waiting: waiting(calls, now), end };
}

export function endOf(call: CallSpan, now: number): number {
  return call.ended_offset_ns ?? Math.max(now, call.granted_offset_ns ?? call.issued_offset_ns);
}

function push(map: Map<string, number[]>, key: string, index: number): void {
  const known = map.get(key);
  if (known) known.push(index);
  else map.set(key, [index]);
}

/** Each call into the first row that is free when it starts. */
function pack(calls: CallSpan[], indices: number[], startOf: (call: CallSpan) => number, now: number): Row[] {
  const at = (index: number) => calls[index] as CallSpan;
  const sorted = indices.toSorted((a, b) => startOf(at(a)) - startOf(at(b)) || a - b);
  const rows: Row[] = [];
  const free: number[] = [];
  for (const index of sorted) {
    const start = startOf(at(index));
    const end = Math.max(start, endOf(at(index), now));
    let place = free.findIndex((time) => time <= start);
    if (place < 0) {
      place = rows.length;
      rows.push({ starts: [], ends: [], calls: [] });
    }
    const row = rows[place] as Row;
    row.starts.push(start);
    row.ends.push(end);
    row.calls.push(index);
    free[place] = end;
  }
  return rows;
}

function waiting(calls: CallSpan[], now: number): Steps {
  const changes: [time: number, by: number][] = [];
  for (const call of calls) {
    const until = call.granted_offset_ns ?? endOf(call, now);
    if (until > call.issued_offset_ns) changes.push([call.issued_offset_ns, 1], [until, -1]);
  }
  changes.sort((a, b) => a[0] - b[0]);
  const steps: Steps = { times: [0], counts: [0], most: 0 };
  let count = 0;
  for (const [time, by] of changes) {
    count += by;
    if (steps.times.at(-1) === time) steps.counts[steps.counts.length - 1] = count;
    else {
      steps.times.push(time);
      steps.counts.push(count);
    }
  }
  steps.most = steps.counts.reduce((most, count) => Math.max(most, count), 0);
  return steps;
}

/** The first place whose value is above `value`, in an ascending column. */
export function firstAbove(column: number[], value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((column[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The bars of a row in pixels, without those that would lie under one that is drawn already: as many as there are
 * pixels at most, however many calls there are.
 */
export function* bars(
  row: Row,
  from: number,
  to: number,
  width: number,
): Generator<{ x: number; width: number; call: number }> {
  const scale = width / (to - from);
  let drawn = -1;
  for (let at = firstAbove(row.ends, from); at < row.starts.length; ) {
    const start = row.starts[at] as number;
    if (start >= to) return;
    const x = Math.max(0, (start - from) * scale);
    const right = Math.min(width, Math.max(x + 1, ((row.ends[at] as number) - from) * scale));
    if (right > drawn) yield { x, width: right - x, call: row.calls[at] as number };
    drawn = Math.max(drawn, right);
    // The next that reaches over what is drawn.
    at = right - x <= 1 ? Math.max(at + 1, firstAbove(row.ends, from + drawn / scale)) : at + 1;
  }
}

export function callAt(row: Row, time: number, slack: number): number | undefined {
  const at = firstAbove(row.ends, time - slack);
  return at < row.starts.length && (row.starts[at] as number) <= time + slack ? row.calls[at] : undefined;
}

/**
 * Back from the call that ended last: before each, the one that ended last before it was issued. By times alone, as
 * what a call needed is not written down; programs that wait for something else have gaps in it.
 */
export function lastWaitedFor(calls: CallSpan[]): number[] {
  const ended = calls
    .map((call, index) => ({ index, issued: call.issued_offset_ns, end: call.ended_offset_ns, outcome: call.outcome }))
    .filter((call) => call.end !== undefined && call.outcome !== "withdrawn")
    .sort((a, b) => (a.end as number) - (b.end as number));
  const ends = ended.map((call) => call.end as number);
  const path: number[] = [];
  let place = ended.length - 1;
  while (place >= 0) {
    const call = ended[place] as (typeof ended)[number];
    path.push(call.index);
    const before = firstAbove(ends, call.issued) - 1;
    place = Math.min(before, place - 1);
  }
  return path.reverse();
}

/** Round times for an axis, about `count` of them. */
export function ticks(from: number, to: number, count: number): number[] {
  const raw = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw) ?? raw;
  const found: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
  return found;
}

/** Busy time and calls of each function and device: which models were used, and how much. */
export function usage(calls: CallSpan[], now: number): { function: string; device: string; calls: number; ns: number }[] {
  const used = new Map<string, { function: string; device: string; calls: number; spans: [number, number][] }>();
  for (const call of calls) {
    if (call.device === undefined || call.granted_offset_ns === undefined) continue;
    const key = `${call.function}\n${call.device}`;
    const entry = used.get(key) ?? { function: call.function, device: call.device, calls: 0, spans: [] };
    entry.calls += 1;
    entry.spans.push([call.granted_offset_ns, endOf(call, now)]);
    used.set(key, entry);
  }
  return [...used.values()].map(({ spans, ...rest }) => ({ ...rest, ns: covered(spans) }));
}

/** Batches hold a device once, however many calls are in them. */
function covered(spans: [number, number][]): number {
  let total = 0;
  let until = -Infinity;
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0])) {
    total += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return total;
}
