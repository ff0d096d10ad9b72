import { expect, test } from "vitest";
import { bytes, duration, money, percent, plural } from "./format";

test.each([
  [0, "$0.00"],
  [722, "$0.00072"],
  [3000, "$0.0030"],
  [7, "$0.000007"],
  [650_000, "$0.65"],
  [123_456_789, "$123.46"],
  [-361, "−$0.00036"],
])("%d µ$ is %s", (microUsd, text) => expect(money(microUsd)).toBe(text));

test.each([
  [850, "1 µs"],
  [2_400_000, "2.4 ms"],
  [61_000_000, "61 ms"],
  [3_976_317_469, "3.98 s"],
  [12_130_959_693, "12.1 s"],
  [119_999_000_000, "1 min 59 s"],
  [7_380_000_000_000, "2 h 3 min"],
])("%d ns are %s", (ns, text) => expect(duration(ns)).toBe(text));

test("shares, sizes and counts", () => {
  expect(percent(0.759)).toBe("76 %");
  expect(percent(-0.051)).toBe("−5.1 %");
  expect(bytes(51_539_607_552)).toBe("48 GiB");
  expect(bytes(1536)).toBe("1.5 KiB");
  expect(plural(1, "call")).toBe("1 call");
  expect(plural(100_000, "call")).toBe("100,000 calls");
});
