/** What happened and what to do. */

import { Show } from "solid-js";
import type { Failure } from "../api/client";

export function Trouble(props: { failure: Failure; what: string }) {
  return (
    <div class="trouble" role="alert">
      <strong>{props.what}</strong>
      <pre>{props.failure.detail}</pre>
      <Show when={props.failure.hint}>{(hint) => <p>What to do: {hint()}</p>}</Show>
    </div>
  );
}

/** What is simulated, recorded, estimated or given. */
export function Labels(props: { labels: string[] }) {
  return (
    <Show when={props.labels.length > 0}>
      <p class="labels">{props.labels.join(" · ")}</p>
    </Show>
  );
}
