/** What a run cost, and why not more, or less. */

import { createResource, For, Match, Show, Switch } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import type { CostReport, Floors, Split, Task } from "../api/types";
import { duration, money, percent } from "../format";
import { Trouble } from "../shell/Trouble";
import { Causes } from "./Saving";

export function CostOf(props: { task: Task; beside: number | undefined }) {
  // Again when it has ended: only then is the bill whole.
  const [report] = createResource(
    () => ({ id: props.task.id, state: props.task.state }),
    ({ id }) => api.cost(id),
  );
  return (
    <Switch fallback={<p class="waiting">adding up…</p>}>
      <Match when={report.error as unknown}>
        {(error) => <Trouble failure={Failure.from(error())} what="There is no bill" />}
      </Match>
      <Match when={report.latest}>{(report) => <Report report={report()} beside={props.beside} />}</Match>
    </Switch>
  );
}

function Report(props: { report: CostReport; beside: number | undefined }) {
  const report = () => props.report;
  return (
    <div class="cost">
      <Show when={report().running}>
        <p class="waiting" role="status">
          it goes on: this is its cost so far
        </p>
      </Show>
      <Show when={report().split} fallback={<p class="big">{money(report().own_micro_usd)}</p>}>
        {(split) => (
          <>
            <Saved split={split()} beside={props.beside} />
            <Causes split={split()} />
          </>
        )}
      </Show>
      <Show when={!report().split && report().split_missing}>
        <p class="muted">What it would have cost as a monolith is not known: {report().split_missing}.</p>
      </Show>
      <div class="beside">
        <Lines report={report()} />
        <Show when={report().floors}>{(floors) => <Floor floors={floors()} />}</Show>
      </div>
      <Where report={report()} />
      <p class="labels">
        Prices of {report().price_book.date}: {report().price_book.name}, {report().price_book.source}.
      </p>
    </div>
  );
}

function Saved(props: { split: Split; beside: number | undefined }) {
  const [baseline] = createResource(
    () => props.beside,
    (id) => api.task(id),
  );
  const measured = () => (baseline.error ? undefined : baseline()?.bill?.total_micro_usd);
  const share = () => 1 - props.split.actual_micro_usd / Math.max(1, props.split.baseline_micro_usd);
  return (
    <div class="headline">
      <p class="big" data-good={share() > 0 ? "" : undefined}>
        {percent(Math.abs(share()))} {share() >= 0 ? "saved" : "dearer"}
      </p>
      <p>
        {money(props.split.actual_micro_usd)} instead of {money(props.split.baseline_micro_usd)}{" "}
        <span class="muted">
          {measured() === undefined
            ? "(the baseline here is simulated; run beside it to measure it)"
            : `(the baseline here is simulated; run ${props.beside}, which was measured, cost ${money(measured() ?? 0)})`}
        </span>
      </p>
    </div>
  );
}

function Lines(props: { report: CostReport }) {
  return (
    <section aria-label="The bill">
      <h3>The bill</h3>
      <table>
        <tbody>
          <For each={props.report.direct}>
            {(line) => (
              <tr>
                <th scope="row">{line.name}</th>
                <td class="number">{line.device_ns > 0 ? duration(line.device_ns) : ""}</td>
                <td class="number">{money(line.micro_usd)}</td>
              </tr>
            )}
          </For>
          <tr class="sum">
            <th scope="row">all that was rented meanwhile</th>
            <td />
            <td class="number">{money(props.report.total_micro_usd)}</td>
          </tr>
          <tr>
            <th scope="row">of it, this run</th>
            <td />
            <td class="number">{money(props.report.own_micro_usd)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Floor(props: { floors: Floors }) {
  return (
    <section aria-label="The least it could cost">
      <h3>The least it could cost</h3>
      <table>
        <tbody>
          <tr>
            <th scope="row">on this fleet</th>
            <td class="number">{money(props.floors.fleet_micro_usd)}</td>
          </tr>
          <tr>
            <th scope="row">on the market</th>
            <td class="number">{money(props.floors.market_micro_usd)}</td>
          </tr>
          <tr class="sum">
            <th scope="row">gap to this fleet's floor</th>
            <td class="number">{percent(props.floors.gap_percent / 100)}</td>
          </tr>
        </tbody>
      </table>
      <p class="muted">
        Sure to {percent(props.floors.error_percent / 100)}: calls differed by so much from their profiles. The market
        is {props.floors.market_nodes.join(", ")}.
      </p>
    </section>
  );
}

function Where(props: { report: CostReport }) {
  return (
    <details>
      <summary>Where it went: {props.report.entries.length} entries</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Entries of the bill">
        <table>
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">for</th>
              <th scope="col">function</th>
              <th scope="col">run</th>
              <th scope="col" class="number">device time</th>
              <th scope="col" class="number">cost</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.report.entries.slice(0, 500)}>
              {(entry) => (
                <tr>
                  <td>{entry.node}</td>
                  <td>{entry.use}</td>
                  <td>{entry.function ?? ""}</td>
                  <td>{entry.task ?? ""}</td>
                  <td class="number">{entry.device_ns > 0 ? duration(entry.device_ns) : ""}</td>
                  <td class="number">{money(entry.micro_usd)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </details>
  );
}
