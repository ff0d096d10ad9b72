/** A function's name in its colour, with its documentation behind it. */

import { Show } from "solid-js";
import { catalog, colourOf } from "./catalog";

export function Chip(props: { name: string; text?: string }) {
  const entry = () => catalog()?.find((entry) => entry.metadata.name === props.name);
  return (
    <details class="chip" data-colour={colourOf(props.name)}>
      <summary>
        <span class="swatch" aria-hidden="true" />
        {props.name}
        <Show when={props.text}>
          <span class="muted"> {props.text}</span>
        </Show>
      </summary>
      <div class="about">
        <p>{entry()?.status.documentation ?? "not on offer at this engine"}</p>
        <p class="muted">
          {entry()?.spec?.effect ?? "assumed pure"}
          <Show when={entry()?.spec?.origin}>{(origin) => <> · {origin()}</>}</Show>
          <Show when={entry()?.spec?.resources?.gpuMemory}>{(memory) => <> · {memory()} on a device</>}</Show>
        </p>
        <a href="#/functions">All functions</a>
      </div>
    </details>
  );
}
