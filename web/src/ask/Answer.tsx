/** What a run said, while it says it: its picture with boxes, both ways' output, the saving. */

import { Match, Show, Switch } from "solid-js";
import { Saving } from "../cost/Saving";
import { Timeline } from "../flow/Timeline";
import { Picture } from "../runs/Picture";
import { TaskAnswer } from "../runs/TaskAnswer";
import { runAddress } from "../shell/route";
import { Labels } from "../shell/Trouble";
import { asked } from "./asking";

export function Answer() {
  return (
    <Switch>
      <Match when={asked().phase === "running"}>
        <Running />
      </Match>
      <Match when={asked().task}>
        {(task) => (
          <>
            <div class="answer">
              <Picture task={task()} program={asked().generated?.program ?? ""} />
              <TaskAnswer task={task()} />
            </div>
            <Show when={asked().report} fallback={<Timeline groups={[{ label: "DiCE-C", task: task() }]} />}>
              {(report) => (
                <>
                  <Saving report={report()} />
                  <Timeline
                    groups={[
                      { label: "baseline", task: report().baseline.task },
                      { label: "DiCE-C", task: report().distributed.task },
                    ]}
                  />
                  <Labels labels={report().labels} />
                </>
              )}
            </Show>
            <p class="links">
              <a href={runAddress(task().id)}>Run {task().id}</a>
              <a href={runAddress(task().id, "flow", asked().ids.baseline)}>its calls one by one</a>
              <a href={runAddress(task().id, "cost")}>its bill</a>
            </p>
          </>
        )}
      </Match>
    </Switch>
  );
}

function Running() {
  const what = () => {
    if (!asked().stage) return asked().comparing ? "models are being loaded for both" : "it is being started";
    return asked().stage === "baseline" ? "the baseline runs" : "the distributed program runs";
  };
  const groups = () => {
    const { baseline, distributed } = asked().live;
    return [
      ...(baseline ? [{ label: "baseline", task: baseline }] : []),
      ...(distributed ? [{ label: "DiCE-C", task: distributed }] : []),
    ];
  };
  return (
    <>
      <p class="waiting" role="status">
        {what()}
        <Show when={!asked().connected}>; the connection was lost and is being made again</Show>
      </p>
      <div class="beside">
        <Show when={asked().comparing}>
          <Printed title="Baseline" text={asked().output.baseline} />
        </Show>
        <Printed title="DiCE-C" text={asked().output.distributed} />
      </div>
      <Show when={groups().length > 0}>
        <Timeline groups={groups()} />
      </Show>
    </>
  );
}

function Printed(props: { title: string; text: string }) {
  return (
    <section class="printed" aria-label={`${props.title}, output`}>
      <h3>{props.title}</h3>
      <pre tabindex="0">{props.text || " "}</pre>
    </section>
  );
}
