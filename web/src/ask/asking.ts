/** The Ask page's state, which stays while other pages are looked at, and what can be done to it. */

import { createSignal } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import { follow } from "../api/follow";
import type { TaskInput } from "../api/types";
import { remember } from "../runs/remembered";
import { type AskAction, NOTHING_ASKED, reduce, type Stage } from "./state";

const LOOK_EVERY_MS = 500;
/** More calls than this are shown when they are over: each look brings all of them. */
const MOST_LIVE_CALLS = 5_000;

const [state, setState] = createSignal(NOTHING_ASKED);
export { state as asked };

let stop: () => void = () => undefined;

function act(action: AskAction): void {
  setState((before) => reduce(before, action));
}

/** Ends what goes on; what is known stays. */
export function stopAsking(): void {
  stop();
  stop = () => undefined;
  act({ does: "stopped" });
}

/** What `work` throws is shown, unless it was stopped. */
async function guarded(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  stop();
  const controller = new AbortController();
  stop = () => controller.abort();
  try {
    await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) act({ does: "failed", failure: Failure.from(error) });
  }
}

export function writePrograms(query: string, inputs: TaskInput[]): Promise<void> {
  return guarded(async (signal) => {
    act({ does: "write", query, inputs, at: Date.now() });
    const generated = await api.generate(query, inputs, signal);
    act({ does: "generated", generated });
    const distributed = await api.parallelize(generated.program);
    act({ does: "distributed", distributed, at: Date.now() });
    await quoteAgain();
  });
}

/** Without a quote there is a program all the same. */
async function quoteAgain(): Promise<void> {
  const { distributed, inputs } = state();
  if (!distributed) return;
  try {
    act({ does: "quoted", quote: await api.quote(distributed.program, inputs) });
  } catch (error) {
    console.warn("no quote:", error);
  }
}

export function runOnce(): Promise<void> {
  const { distributed, inputs, query } = state();
  if (!distributed) return Promise.resolve();
  return guarded(async (signal) => {
    act({ does: "run", comparing: false, at: Date.now() });
    const task = await api.run(distributed.program, inputs);
    const { id } = task;
    remember(task, { query });
    act({ does: "started", stage: "distributed", id });
    look("distributed", id, signal);
    await followed(id, signal);
    await quoteAgain();
  });
}

function followed(id: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const close = follow(id, {
      onOutput: (stdout) => act({ does: "printed", stage: "distributed", text: stdout }),
      onConnected: (connected) => act({ does: "connected", connected }),
      onFailed: reject,
      onEnded: () => {
        // With its bill and calls, which are complete now.
        api.task(id).then((task) => {
          act({ does: "answered", task });
          resolve();
        }, reject);
      },
    });
    signal.addEventListener("abort", () => {
      close();
      api.cancel(id).catch((error: unknown) => console.warn("not cancelled:", error));
      resolve();
    });
  });
}

export function runBothWays(): Promise<void> {
  const { generated, distributed, inputs, query } = state();
  if (!generated || !distributed) return Promise.resolve();
  return guarded(async (signal) => {
    act({ does: "run", comparing: true, at: Date.now() });
    for await (const event of api.compare(generated.program, distributed.program, inputs, signal)) {
      if (event.event === "failed") throw Failure.of(event);
      act({ does: "compared", event });
      if (event.event === "running" && event.task !== undefined) look(event.stage as Stage, event.task, signal);
      if (event.event === "compared") {
        remember(event.baseline.task, { query });
        remember(event.distributed.task, { query, baseline: event.baseline.task.id });
      }
    }
    if (state().phase === "running") {
      throw new Failure("the engine hung up before the comparison was over", "run it again", true);
    }
    await quoteAgain();
  });
}

/** Shows the calls of a task while it runs. */
function look(stage: Stage, id: number, signal: AbortSignal): void {
  const again = async () => {
    if (signal.aborted || state().phase !== "running" || state().ids[stage] !== id) return;
    const task = await api.task(id, signal).catch(() => undefined);
    if (task) act({ does: "seen", stage, task });
    if (task?.ended_at === undefined && (task?.call_count ?? 0) < MOST_LIVE_CALLS) setTimeout(again, LOOK_EVERY_MS);
  };
  void again();
}
