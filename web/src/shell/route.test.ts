import { expect, test } from "vitest";
import { parse, runAddress } from "./route";

test.each([
  ["", { page: "ask" }],
  ["#/nowhere", { page: "ask" }],
  ["#/functions", { page: "functions" }],
  ["#/runs", { page: "runs" }],
  ["#/runs/x", { page: "runs" }],
  ["#/runs/12", { page: "run", run: 12, part: "answer" }],
  [runAddress(12, "flow", 11), { page: "run", run: 12, part: "flow", beside: 11 }],
  [runAddress(12, "cost"), { page: "run", run: 12, part: "cost" }],
])("%s", (hash, route) => expect(parse(hash)).toMatchObject(route));
