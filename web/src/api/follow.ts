/** A task as it happens. A lost connection is made again by the browser, and tells all from the start. */

import { Failure } from "./client";
import type { Task, TaskEvent } from "./types";

export interface Following {
  onOutput(stdout: string, stderr: string): void;
  onEnded(task: Task): void;
  onFailed(failure: Failure): void;
  /** Heard again after silence, or silent. */
  onConnected(connected: boolean): void;
}

export function follow(id: number, told: Following): () => void {
  const source = new EventSource(`/api/v1/tasks/${id}/events`);
  let stdout = "";
  let stderr = "";
  source.onopen = () => {
    stdout = "";
    stderr = "";
    told.onConnected(true);
  };
  source.onerror = () => {
    told.onConnected(false);
    // The browser gives up on an answer that is an error, and tries again otherwise.
    if (source.readyState === EventSource.CLOSED) {
      told.onFailed(new Failure(`task ${id} cannot be followed`, "its state is under Runs", true));
    }
  };
  source.onmessage = (message: MessageEvent<string>) => {
    const event = JSON.parse(message.data) as TaskEvent;
    switch (event.event) {
      case "output":
        if (event.stream === "stdout") stdout += event.text;
        else stderr += event.text;
        told.onOutput(stdout, stderr);
        break;
      case "ended":
        source.close();
        told.onEnded({ ...event, stdout, stderr });
        break;
      case "failed":
        source.close();
        told.onFailed(Failure.of(event));
        break;
    }
  };
  return () => source.close();
}
