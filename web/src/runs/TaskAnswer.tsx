/** What a task said and how it ended. */

import { For, Match, Show, Switch } from "solid-js";
import type { Task, TaskEnd } from "../api/types";

export function TaskAnswer(props: { task: Task }) {
  return (
    <div class="said">
      <Show when={props.task.answer !== undefined}>
        <Structured value={props.task.answer} />
      </Show>
      <Show
        when={props.task.stdout}
        fallback={
          <Show when={props.task.answer === undefined}>
            <p class="muted">{props.task.ended_at === undefined ? "nothing so far" : "It printed nothing."}</p>
          </Show>
        }
      >
        <pre class="stdout" tabindex="0" role="region" aria-label="Output">
          {props.task.stdout}
        </pre>
      </Show>
      <Show when={props.task.end}>{(end) => <End end={end()} id={props.task.id} />}</Show>
      <Show when={props.task.stderr && props.task.state !== "failed"}>
        <details>
          <summary>stderr</summary>
          <pre tabindex="0">{props.task.stderr}</pre>
        </details>
      </Show>
    </div>
  );
}

function End(props: { end: TaskEnd; id: number }) {
  return (
    <Switch
      fallback={
        <div class="trouble" role="alert">
          <strong>It ended {endWord(props.end)}</strong>
          <Show when={props.end.traceback ?? props.end.detail ?? props.end.message}>
            {(text) => <pre tabindex="0">{text()}</pre>}
          </Show>
          <p>
            What functions printed in its calls: <code>dice tasks logs {props.id}</code>
          </p>
        </div>
      }
    >
      <Match when={props.end.end === "normal" || (props.end.end === "exit" && props.end.code === 0)}>{null}</Match>
      <Match when={props.end.end === "uncertain"}>
        <div class="trouble" role="alert">
          <strong>A write is in doubt</strong>
          <p>
            Call {props.end.call}, of {props.end.function}, was sent and its answer was lost. Find out whether it
            happened, then say so: <code>dice tasks resolve {props.id} --help</code>
          </p>
        </div>
      </Match>
    </Switch>
  );
}

function endWord(end: TaskEnd): string {
  if (end.end === "exception") return `with an exception: ${end.type ?? ""} ${end.message ?? ""}`;
  if (end.end === "exit") return `by sys.exit(${end.code ?? ""})`;
  return end.end.replaceAll("_", " ");
}

/** What `hermod.answer` was given: a list of objects is a table, all else is shown as it is. */
function Structured(props: { value: unknown }) {
  const rows = () => {
    const list = Array.isArray(props.value) ? (props.value as unknown[]) : [props.value];
    const objects = list.filter((row): row is Record<string, unknown> => typeof row === "object" && row !== null && !Array.isArray(row));
    return objects.length === list.length && list.length > 0 ? objects : undefined;
  };
  const columns = () => [...new Set((rows() ?? []).flatMap((row) => Object.keys(row)))];
  return (
    <Show when={rows()} fallback={<pre tabindex="0">{JSON.stringify(props.value, null, 2)}</pre>}>
      <div class="scroll" tabindex="0" role="region" aria-label="Answer">
        <table>
          <thead>
            <tr>
              <For each={columns()}>{(column) => <th scope="col">{column}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {(row) => (
                <tr>
                  <For each={columns()}>{(column) => <td>{shown(row[column])}</td>}</For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
