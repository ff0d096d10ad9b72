/** What the Ask page knows, and how each thing that happens changes it. */

import type { Failure } from "../api/client";
import type {
  ComparisonEvent,
  ComparisonReport,
  Distributed,
  Generated,
  QuoteAnswer,
  Task,
  TaskInput,
} from "../api/types";

export type Stage = "baseline" | "distributed";

/** `written`: there are programs, and nothing was run. */
export type Phase = "asking" | "writing" | "written" | "running" | "answered";

export interface AskState {
  phase: Phase;
  /** As they were when the programs were written: the boxes may say something else since. */
  query: string;
  inputs: TaskInput[];
  /** When the present phase began, in ms. */
  since: number;
  generated?: Generated;
  distributed?: Distributed;
  quote?: QuoteAnswer;
  comparing: boolean;
  stage?: Stage;
  ids: Partial<Record<Stage, number>>;
  output: Record<Stage, string>;
  live: Partial<Record<Stage, Task>>;
  connected: boolean;
  task?: Task;
  report?: ComparisonReport;
  failure?: Failure;
}

export type AskAction =
  | { does: "write"; query: string; inputs: TaskInput[]; at: number }
  | { does: "generated"; generated: Generated }
  | { does: "distributed"; distributed: Distributed; at: number }
  | { does: "quoted"; quote: QuoteAnswer }
  | { does: "run"; comparing: boolean; at: number }
  | { does: "started"; stage: Stage; id: number }
  | { does: "printed"; stage: Stage; text: string }
  | { does: "seen"; stage: Stage; task: Task }
  | { does: "connected"; connected: boolean }
  | { does: "compared"; event: ComparisonEvent }
  | { does: "answered"; task: Task }
  | { does: "failed"; failure: Failure }
  | { does: "stopped" };

export const NOTHING_ASKED: AskState = {
  phase: "asking",
  query: "",
  inputs: [],
  since: 0,
  comparing: false,
  ids: {},
  output: { baseline: "", distributed: "" },
  live: {},
  connected: true,
};

export function reduce(state: AskState, action: AskAction): AskState {
  switch (action.does) {
    case "write":
      return { ...NOTHING_ASKED, phase: "writing", query: action.query, inputs: action.inputs, since: action.at };
    case "generated":
      return { ...state, generated: action.generated };
    case "distributed":
      return { ...state, phase: "written", distributed: action.distributed, since: action.at };
    case "quoted":
      return { ...state, quote: action.quote };
    case "run":
      return { ...withoutRun(state), phase: "running", comparing: action.comparing, since: action.at };
    case "started":
      return { ...state, stage: action.stage, ids: { ...state.ids, [action.stage]: action.id } };
    case "printed":
      return { ...state, output: { ...state.output, [action.stage]: action.text } };
    case "seen":
      return { ...state, live: { ...state.live, [action.stage]: action.task } };
    case "connected":
      return { ...state, connected: action.connected };
    case "compared":
      return compared(state, action.event);
    case "answered":
      return { ...state, phase: "answered", task: action.task, connected: true };
    case "failed":
      return { ...state, phase: before(state), failure: action.failure, connected: true };
    case "stopped":
      return { ...state, phase: before(state) };
  }
}

/** Where somebody is who did not get further. */
function before(state: AskState): Phase {
  return state.distributed ? "written" : "asking";
}

function withoutRun(state: AskState): AskState {
  const { query, inputs, generated, distributed, quote } = state;
  return {
    ...NOTHING_ASKED,
    query,
    inputs,
    ...(generated && { generated }),
    ...(distributed && { distributed }),
    ...(quote && { quote }),
  };
}

function compared(state: AskState, event: ComparisonEvent): AskState {
  switch (event.event) {
    case "running": {
      const stage = event.stage as Stage;
      return { ...state, stage, ids: event.task === undefined ? state.ids : { ...state.ids, [stage]: event.task } };
    }
    case "output": {
      if (event.stream !== "stdout") return state;
      const stage = event.stage as Stage;
      return { ...state, output: { ...state.output, [stage]: state.output[stage] + event.text } };
    }
    case "compared":
      return { ...state, phase: "answered", task: event.distributed.task, report: event };
    case "failed":
      // The flow turns it into a `Failure`, which says more.
      return state;
  }
}
