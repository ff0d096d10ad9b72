/** The serial program beside the distributed one, and why each thing was moved or kept. */

import { For, Show } from "solid-js";
import type { Distributed, Generated } from "../api/types";
import { money, plural } from "../format";
import { callSites } from "./calls";
import { Program } from "./Program";

export function Programs(props: { generated: Generated; distributed?: Distributed | undefined }) {
  const author = () => `${props.generated.origin}${props.generated.author ? `, ${props.generated.author}` : ""}`;
  const paid = () => (props.generated.micro_usd === null ? "" : `, ${money(props.generated.micro_usd)}`);
  const note = () =>
    `${author()}${paid()}${props.generated.rounds > 1 ? `, ${plural(props.generated.rounds, "round")}` : ""}`;
  const calls = () => plural(callSites(props.generated.program).length, "call");
  return (
    <>
      <div class="beside">
        <Program
          title="Serial"
          source={props.generated.program}
          note={`${calls()} · ${note()}`}
          {...(props.distributed && { decisions: props.distributed.decisions })}
        />
        <Show when={props.distributed} fallback={<p class="waiting">making it distributed…</p>}>
          {(distributed) => (
            <Program
              title="Distributed"
              source={distributed().program}
              note={distributed().changed ? "by analysis, with the same answer" : "unchanged: nothing could be moved"}
              beside={props.generated.program}
            />
          )}
        </Show>
      </div>
      <Why distributed={props.distributed} />
      <For each={props.generated.diagnostics}>
        {(found) => (
          <p class="labels">
            line {found.line}: {found.message}
          </p>
        )}
      </For>
    </>
  );
}

function Why(props: { distributed?: Distributed | undefined }) {
  const decisions = () => props.distributed?.decisions ?? [];
  return (
    <Show when={decisions().length > 0}>
      <details class="why">
        <summary>Why: {plural(decisions().length, "decision")}</summary>
        <ul>
          <For each={decisions()}>
            {(decision) => (
              <li>
                line {decision.line}, <strong>{decision.what}</strong>: {decision.message}
                <Show when={decision.rule}>
                  {(rule) => <span class="muted"> (rule {rule()} of the contract)</span>}
                </Show>
                <Show when={decision.help}>{(help) => <div class="muted">{help()}</div>}</Show>
              </li>
            )}
          </For>
        </ul>
      </details>
    </Show>
  );
}
