/** The monolith beside the distributed run: what was saved, and by what. */

import { For, Show } from "solid-js";
import type { ComparisonReport, Side, Split } from "../api/types";
import { duration, money, percent } from "../format";

export function Saving(props: { report: ComparisonReport }) {
  const most = () =>
    Math.max(1, ...[props.report.baseline, props.report.distributed].map((side) => side.task.bill?.total_micro_usd ?? 0));
  return (
    <section class="saving" aria-label="What was saved">
      <div class="headline">
        <Show when={props.report.saving !== undefined} fallback={<p class="big">not priced</p>}>
          <p class="big" data-good={(props.report.saving ?? 0) > 0 ? "" : undefined}>
            {percent(Math.abs(props.report.saving ?? 0))} {(props.report.saving ?? 0) >= 0 ? "saved" : "dearer"}
          </p>
        </Show>
        <p>
          {props.report.speedup.toFixed(1)} × as fast ·{" "}
          <Show when={props.report.equal} fallback={<strong class="bad">another answer: {props.report.difference}</strong>}>
            the same answer
          </Show>
        </p>
      </div>
      <div class="sides">
        <SideOf name="Baseline" side={props.report.baseline} most={most()} />
        <SideOf name="DiCE-C" side={props.report.distributed} most={most()} />
      </div>
      <Show when={props.report.split} fallback={<p class="muted">{props.report.split_missing}</p>}>
        {(split) => <Causes split={split()} measured />}
      </Show>
    </section>
  );
}

function SideOf(props: { name: string; side: Side; most: number }) {
  const cost = () => props.side.task.bill?.total_micro_usd;
  return (
    <div class="side">
      <h3>{props.name}</h3>
      <p class="price">{cost() === undefined ? "no price" : money(cost() ?? 0)}</p>
      <meter min="0" max={props.most} value={cost() ?? 0} aria-label={`${props.name}: cost beside the dearer one`} />
      <p class="muted">
        {duration(props.side.elapsed_ns)} on {props.side.hardware}, busy {percent(props.side.utilisation)}
      </p>
    </div>
  );
}

const WORDS: Record<string, string> = {
  hardware: "cheaper hardware",
  overlap: "calls that overlap",
  batching: "calls in batches",
  reuse: "results used again",
  overheads: "less overhead",
};

/** From the baseline down to what was paid, cause by cause. */
export function Causes(props: { split: Split; measured?: boolean }) {
  const steps = () => {
    let left = props.split.baseline_micro_usd;
    return props.split.causes
      .filter((cause) => cause.saved_micro_usd !== 0)
      .map(({ cause, saved_micro_usd: saved }) => {
        const from = left;
        left -= saved;
        return { cause, saved, low: Math.min(from, left), high: Math.max(from, left) };
      });
  };
  const most = () => Math.max(1, props.split.baseline_micro_usd, ...steps().map((step) => step.high));
  return (
    <div class="causes">
      <h3>Why</h3>
      <dl>
        <dt>baseline</dt>
        <Bar low={0} high={props.split.baseline_micro_usd} most={most()} kind="whole" text={money(props.split.baseline_micro_usd)} />
        <For each={steps()}>
          {(step) => (
            <>
              <dt>{WORDS[step.cause] ?? step.cause}</dt>
              <Bar
                low={step.low}
                high={step.high}
                most={most()}
                kind={step.saved > 0 ? "saved" : "dearer"}
                text={money(-step.saved)}
              />
            </>
          )}
        </For>
        <dt>paid</dt>
        <Bar low={0} high={props.split.actual_micro_usd} most={most()} kind="paid" text={money(props.split.actual_micro_usd)} />
      </dl>
      <p class="labels">
        The causes are simulated; {props.measured ? "baseline and paid were run" : "what was paid was run"}.
        <Show when={props.split.best_monolith}>
          {(best) => (
            <>
              {" "}
              The best monolith, also simulated, would be one {best().node} with {best().concurrency} at once:{" "}
              {money(best().micro_usd)} in {duration(best().ns)}.
            </>
          )}
        </Show>
      </p>
    </div>
  );
}

function Bar(props: { low: number; high: number; most: number; kind: string; text: string }) {
  return (
    <dd>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect
          class={props.kind}
          x={(100 * props.low) / props.most}
          width={Math.max(0.4, (100 * (props.high - props.low)) / props.most)}
          y="0"
          height="10"
        />
      </svg>
      <span>{props.text}</span>
    </dd>
  );
}
