import { expect, test } from "vitest";
import type { Task } from "../api/types";
import { matches } from "./search";

const task = {
  id: 12,
  state: "failed",
  filename: "program.py",
  inputs: [{ name: "Road.jpg", kind: "image", blob: "" }],
} as unknown as Task;

test.each([
  ["", true],
  ["12", true],
  ["13", false],
  ["FAILED program", true],
  ["cars road", true],
  ["done", false],
])("%s", (words, expected) => expect(matches(task, "Which cars?", words)).toBe(expected));
