/** A run's calls: on the timeline, one by one, and which models they used. */

import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import type { CallSpan, Task } from "../api/types";
import { duration, percent, plural } from "../format";
import { Chip } from "../shell/Chip";
import { Trouble } from "../shell/Trouble";
import { usage } from "./layout";
import { type Chosen, elapsed, Timeline } from "./Timeline";

export function Flow(props: { task: Task; beside: number | undefined }) {
  const [chosen, setChosen] = createSignal<Chosen>();
  const [path, setPath] = createSignal(false);
  const [baseline] = createResource(
    () => props.beside,
    (id) => api.task(id),
  );
  const groups = createMemo(() => {
    const known = baseline.error ? undefined : baseline();
    const own = { label: known ? "DiCE-C" : `run ${props.task.id}`, task: props.task };
    return known ? [{ label: "baseline", task: known }, own] : [own];
  });
  const at = () => {
    const group = groups()[chosen()?.group ?? -1];
    const call = group?.task.calls[chosen()?.call ?? -1];
    return group && call ? { task: group.task, call } : undefined;
  };
  return (
    <Show
      when={props.task.calls.length > 0}
      fallback={
        <p>
          {props.task.ended_at === undefined
            ? "It has made no call yet; they appear here as it makes them."
            : "It made no call: no function was needed, and no device was held."}
        </p>
      }
    >
      <Show when={baseline.error as unknown}>
        {(error) => <Trouble failure={Failure.from(error())} what={`The baseline, run ${props.beside}, cannot be shown beside it`} />}
      </Show>
      <label class="check">
        <input type="checkbox" checked={path()} onChange={(event) => setPath(event.currentTarget.checked)} />
        draw what was waited for last (by times: what a call needed is not written down)
      </label>
      <Timeline groups={groups()} path={path()} chosen={chosen()} onChoose={setChosen} />
      <Show when={at()} fallback={<p class="muted">Click a call to see its result, its wait, its lease and its device.</p>}>
        {(at) => <Call task={at().task} call={at().call} />}
      </Show>
      <For each={groups()}>{(group) => <Models label={group.label} task={group.task} />}</For>
      <AllCalls task={props.task} onChoose={(call) => setChosen({ group: groups().length - 1, call })} />
    </Show>
  );
}

function Call(props: { task: Task; call: CallSpan }) {
  const [found] = createResource(
    () => ({ id: props.task.id, call: props.call.call }),
    ({ id, call }) => api.results(id, { call }),
  );
  const result = () => (found.error ? undefined : found()?.results[0]);
  const waited = () => (props.call.granted_offset_ns ?? props.call.ended_offset_ns ?? props.call.issued_offset_ns) - props.call.issued_offset_ns;
  const held = () =>
    props.call.granted_offset_ns === undefined || props.call.ended_offset_ns === undefined
      ? undefined
      : props.call.ended_offset_ns - props.call.granted_offset_ns;
  return (
    <section class="call-detail" aria-live="polite" aria-label="The call">
      <h3>
        Call {props.call.call} of run {props.task.id}
      </h3>
      <div>
        <Chip name={props.call.function} />
      </div>
      <dl>
        <dt>outcome</dt>
        <dd>
          {props.call.outcome}
          {props.call.wasted ? ", and nobody waited for it any more" : ""}
        </dd>
        <dt>device</dt>
        <dd>{props.call.device ?? "none"}</dd>
        <dt>issued</dt>
        <dd>at {duration(props.call.issued_offset_ns)}</dd>
        <dt>waited</dt>
        <dd>{duration(waited())}</dd>
        <dt>held its device</dt>
        <dd>{held() === undefined ? "not at all, or not yet over" : duration(held() ?? 0)}</dd>
        <dt>attempt</dt>
        <dd>{props.call.attempt}</dd>
        <Show when={result()?.lease}>
          {(lease) => (
            <>
              <dt>lease</dt>
              <dd>{lease()}</dd>
            </>
          )}
        </Show>
      </dl>
      <Show when={result()} fallback={<p class="muted">{found.loading ? "fetching its result…" : "It has no result."}</p>}>
        {(result) => <pre tabindex="0">{result().problem ?? JSON.stringify(result().result, null, 2)}</pre>}
      </Show>
    </section>
  );
}

function Models(props: { label: string; task: Task }) {
  const rows = createMemo(() => usage(props.task.calls, elapsed(props.task)));
  return (
    <section aria-label={`Models used, ${props.label}`}>
      <h3>Models used, {props.label}</h3>
      <div class="scroll" tabindex="0" role="region" aria-label={`Models used, ${props.label}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">function</th>
              <th scope="col">device</th>
              <th scope="col" class="number">calls</th>
              <th scope="col" class="number">held it</th>
              <th scope="col" class="number">of the run</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {(row) => (
                <tr>
                  <td>{row.function}</td>
                  <td>{row.device}</td>
                  <td class="number">{row.calls}</td>
                  <td class="number">{duration(row.ns)}</td>
                  <td class="number">{percent(row.ns / Math.max(1, elapsed(props.task)))}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  );
}

const SHOWN = 200;

/** The timeline for those who cannot see it. */
function AllCalls(props: { task: Task; onChoose: (call: number) => void }) {
  const [from, setFrom] = createSignal(0);
  const page = () => props.task.calls.slice(from(), from() + SHOWN);
  return (
    <details>
      <summary>All {plural(props.task.calls.length, "call")} as a list</summary>
      <ol class="calls" start={from() + 1}>
        <For each={page()}>
          {(call, at) => (
            <li>
              <button type="button" class="quiet" onClick={() => props.onChoose(from() + at())}>
                {call.function}, call {call.call}
              </button>{" "}
              {call.outcome}, {call.device ?? "no device"}, from {duration(call.issued_offset_ns)}
              {call.ended_offset_ns === undefined ? "" : ` to ${duration(call.ended_offset_ns)}`}
            </li>
          )}
        </For>
      </ol>
      <div class="actions">
        <button type="button" disabled={from() === 0} onClick={() => setFrom(from() - SHOWN)}>
          Earlier
        </button>
        <button type="button" disabled={from() + SHOWN >= props.task.calls.length} onClick={() => setFrom(from() + SHOWN)}>
          Later
        </button>
      </div>
    </details>
  );
}
