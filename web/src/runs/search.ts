/** Which runs somebody means. */

import type { Task } from "../api/types";

/** All words must be found, wherever. */
export function matches(task: Task, query: string | undefined, words: string): boolean {
  const text = [String(task.id), task.state, task.form ?? "", task.filename, query ?? ""].join(" ").toLowerCase();
  const names = task.inputs?.map((input) => input.name.toLowerCase()) ?? [];
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word) || names.some((name) => name.includes(word)));
}
