import { expect, test } from "vitest";
import { parameters, resultType } from "./schema";

test("parameters are read", () => {
  const schema = {
    properties: {
      image: { format: "binary", "python type": "PIL.Image.Image", type: "string" },
      many: { type: "array", items: { type: "integer" } },
      how: { anyOf: [{ enum: ["a", "b"] }, { type: "null" }] },
    },
    required: ["image"],
  };
  expect(parameters(JSON.stringify(schema))).toEqual([
    { name: "image", type: "image", required: true },
    { name: "many", type: "list of whole number", required: false },
    { name: "how", type: '"a" or "b" or nothing', required: false },
  ]);
});

test("results are read through their definitions, which may contain themselves", () => {
  const box = { properties: { x: { type: "integer" }, label: { type: "string" } } };
  const schema = { $defs: { Box: box }, properties: { result: { type: "array", items: { $ref: "#/$defs/Box" } } } };
  expect(resultType(JSON.stringify(schema))).toBe("list of {x: whole number, label: text}");
  const tree = { $defs: { T: { properties: { next: { $ref: "#/$defs/T" } } } }, properties: { result: { $ref: "#/$defs/T" } } };
  expect(resultType(JSON.stringify(tree))).toContain("…");
});

test("a schema that cannot be read is no reason to fail", () => {
  expect(parameters("{")).toEqual([]);
  expect(resultType("")).toBe("anything");
});
