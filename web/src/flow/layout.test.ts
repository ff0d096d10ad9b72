import { describe, expect, test } from "vitest";
import type { CallSpan } from "../api/types";
import { bars, callAt, lastWaitedFor, layout, ticks, usage } from "./layout";

/** `[issued, granted, ended]`, on a device. */
function call(number: number, times: [number, (number | undefined)?, number?], more: Partial<CallSpan> = {}): CallSpan {
  const [issued, granted, ended] = times;
  return {
    call: number,
    function: "f",
    issued_offset_ns: issued,
    ...(granted !== undefined && { granted_offset_ns: granted, device: "gpu-1" }),
    ...(ended !== undefined && { ended_offset_ns: ended }),
    attempt: 1,
    outcome: ended === undefined ? "open" : "ok",
    wasted: false,
    ...more,
  };
}

describe("layout", () => {
  test("calls that overlap on a device lie in rows of their own", () => {
    const found = layout([call(0, [0, 0, 10]), call(1, [0, 5, 15]), call(2, [0, 10, 20])], 0);
    expect(found.lanes.map((lane) => lane.label)).toEqual(["gpu-1"]);
    expect(found.lanes[0]?.rows.map((row) => row.calls)).toEqual([[0, 2], [1]]);
    expect(found.end).toBe(20);
  });

  test("what has not ended goes on until now", () => {
    expect(layout([call(0, [0, 3])], 9).lanes[0]?.rows[0]?.ends).toEqual([9]);
  });

  test("results of equal calls are in a lane without a device, those that wait are in none", () => {
    const reused = call(0, [4, undefined, 5], { outcome: "reused" });
    const found = layout([reused, call(1, [0])], 9);
    expect(found.lanes).toHaveLength(1);
    expect(found.lanes[0]?.label).toContain("no device");
  });

  test("waiting calls are counted", () => {
    const { waiting } = layout([call(0, [0, 4, 9]), call(1, [2, 6, 9])], 9);
    expect(waiting.times).toEqual([0, 2, 4, 6]);
    expect(waiting.counts).toEqual([1, 2, 1, 0]);
    expect(waiting.most).toBe(2);
  });
});

describe("100,000 calls", () => {
  const calls = Array.from({ length: 100_000 }, (_, at) => call(at, [at * 10, at * 10 + 1, at * 10 + 8 + (at % 3)]));
  const found = layout(calls, 0);
  const row = found.lanes[0]?.rows[0];

  test("are no more bars than pixels", () => {
    if (!row) throw new Error("no row");
    const drawn = [...bars(row, 0, found.end, 1000)];
    expect(drawn.length).toBeGreaterThan(400);
    expect(drawn.length).toBeLessThanOrEqual(2000);
    // Nothing is left empty that has calls.
    const last = drawn.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeGreaterThan(998);
  });

  test("are all there when looked at closely", () => {
    if (!row) throw new Error("no row");
    const drawn = [...bars(row, 500_000, 500_100, 1000)];
    expect(drawn.map((bar) => bar.call)).toEqual([50_000, 50_001, 50_002, 50_003, 50_004, 50_005, 50_006, 50_007, 50_008, 50_009]);
  });

  test("one is found under the pointer", () => {
    if (!row) throw new Error("no row");
    expect(callAt(row, 500_005, 0)).toBe(50_000);
    expect(callAt(row, 500_000.5, 0)).toBeUndefined();
    expect(callAt(row, 500_000.5, 1)).toBeDefined();
  });
});

test("what was waited for last is a chain back from the end", () => {
  const calls = [call(0, [0, 0, 10]), call(1, [10, 10, 14]), call(2, [10, 10, 20]), call(3, [20, 20, 25]), call(4, [11, 11, 24])];
  expect(lastWaitedFor(calls)).toEqual([0, 2, 3]);
  expect(lastWaitedFor([])).toEqual([]);
});

test("an axis has round times", () => {
  expect(ticks(0, 97, 5)).toEqual([0, 20, 40, 60, 80]);
  expect(ticks(13, 17, 4)).toEqual([13, 14, 15, 16, 17]);
});

test("a batch holds its device once", () => {
  const calls = [call(0, [0, 0, 10]), call(1, [0, 0, 10]), call(2, [0, 20, 30])];
  expect(usage(calls, 0)).toEqual([{ function: "f", device: "gpu-1", calls: 3, ns: 20 }]);
});
