import { expect, test } from "vitest";
import { boxesOf } from "./boxes";

const box = { x: 1, y: 2, width: 3, height: 4 };

test("boxes are told from other results", () => {
  const found = boxesOf([
    { call: 0, function: "glip", result: [box, { ...box, label: "car" }] },
    { call: 1, function: "blip", result: { answer: "red" } },
    { call: 2, function: "largest", result: box },
    { call: 3, function: "glip", problem: "raised: no" },
    { call: 4, function: "odd", result: [{ ...box, width: 0 }, { ...box, x: "1" }, null, 3] },
  ]);
  expect(found.map((one) => [one.function, one.number, one.label])).toEqual([
    ["glip", 1, ""],
    ["glip", 2, "car"],
    ["largest", 1, ""],
  ]);
});
