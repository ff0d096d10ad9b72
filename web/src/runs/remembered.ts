/** What this browser knows of runs and the engine does not: the question, and which baseline ran beside. */

import type { Task } from "../api/types";

export interface Remembered {
  query: string;
  baseline?: number;
}

/** Numbers begin anew in every data folder; a number and a time do not come twice. */
type Which = Pick<Task, "id" | "accepted_at">;

const KEY = "dice.runs";
const MOST = 500;

const keyOf = (task: Which) => `${task.id}@${task.accepted_at}`;

function all(): Record<string, Remembered> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, Remembered>;
  } catch {
    return {};
  }
}

export function remembered(task: Which | undefined): Remembered | undefined {
  return task && all()[keyOf(task)];
}

export function remember(task: Which, what: Remembered): void {
  const runs = Object.entries({ ...all(), [keyOf(task)]: what });
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(runs.slice(-MOST))));
  } catch {
    // A full or forbidden store: the run is listed without its question.
  }
}
