import { expect, test } from "vitest";
import { Failure } from "../api/client";
import type { Distributed, Generated, Task } from "../api/types";
import { type AskAction, type AskState, NOTHING_ASKED, reduce } from "./state";

const generated = { program: "serial", diagnostics: [] } as unknown as Generated;
const distributed = { program: "distributed", decisions: [] } as unknown as Distributed;
const task = { id: 7 } as unknown as Task;

const written: AskAction[] = [
  { does: "write", query: "q", inputs: [], at: 1 },
  { does: "generated", generated },
  { does: "distributed", distributed, at: 2 },
];

function after(...actions: AskAction[]): AskState {
  return actions.reduce(reduce, NOTHING_ASKED);
}

test("programs are written before anything runs", () => {
  expect(after(...written.slice(0, 2))).toMatchObject({ phase: "writing", generated });
  expect(after(...written)).toMatchObject({ phase: "written", query: "q", generated, distributed });
});

test("a run that fails leaves its programs and says why", () => {
  const failure = new Failure("a queue is full");
  const state = after(...written, { does: "run", comparing: false, at: 3 }, { does: "failed", failure });
  expect(state).toMatchObject({ phase: "written", distributed, failure });
});

test("a question that fails can be asked again, and its failure goes", () => {
  const failure = new Failure("nothing recorded");
  const failed = after({ does: "write", query: "q", inputs: [], at: 1 }, { does: "failed", failure });
  expect(failed).toMatchObject({ phase: "asking", failure });
  expect(reduce(failed, { does: "write", query: "q", inputs: [], at: 2 }).failure).toBeUndefined();
});

test("the second run forgets the first one's output, not the programs", () => {
  const ran = after(
    ...written,
    { does: "run", comparing: false, at: 3 },
    { does: "printed", stage: "distributed", text: "a\n" },
    { does: "answered", task },
    { does: "run", comparing: true, at: 4 },
  );
  expect(ran).toMatchObject({ phase: "running", comparing: true, distributed });
  expect(ran.output.distributed).toBe("");
  expect(ran.task).toBeUndefined();
});

test("a comparison is told in stages", () => {
  const state = after(
    ...written,
    { does: "run", comparing: true, at: 3 },
    { does: "compared", event: { event: "running", stage: "baseline", task: 6 } },
    { does: "compared", event: { event: "output", stage: "baseline", stream: "stdout", text: "a" } },
    { does: "compared", event: { event: "output", stage: "baseline", stream: "stderr", text: "!" } },
    { does: "compared", event: { event: "output", stage: "baseline", stream: "stdout", text: "b" } },
    { does: "compared", event: { event: "running", stage: "distributed", task: 7 } },
  );
  expect(state).toMatchObject({ stage: "distributed", ids: { baseline: 6, distributed: 7 } });
  expect(state.output).toEqual({ baseline: "ab", distributed: "" });
});
