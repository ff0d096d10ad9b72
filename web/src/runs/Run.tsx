/** One run: its answer, its calls, its bill; live while it goes on. */

import { createEffect, createMemo, createResource, createSignal, Match, on, onCleanup, Show, Switch } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import { follow } from "../api/follow";
import type { Task } from "../api/types";
import { addStored, clear, setQuery } from "../ask/pictures";
import { CostOf } from "../cost/Cost";
import { Flow } from "../flow/Flow";
import { duration, money, moment, plural } from "../format";
import { Program } from "../program/Program";
import { type Route, runAddress } from "../shell/route";
import { Labels, Trouble } from "../shell/Trouble";
import { Picture } from "./Picture";
import { remember, remembered } from "./remembered";
import { State } from "./Runs";
import { TaskAnswer } from "./TaskAnswer";

const LOOK_EVERY_MS = 1_000;

export function Run(props: { route: Route }) {
  const id = () => props.route.run;
  const [task, { mutate, refetch }] = createResource(id, (id) => api.task(id));
  const [connected, setConnected] = createSignal(true);
  const [failure, setFailure] = createSignal<Failure>();
  // A memo: each line of output changes the task, and must not have it followed anew from its start.
  const running = createMemo(() => task.latest?.id === id() && task.latest.ended_at === undefined && !task.error);

  createEffect(
    on(running, (running) => {
      if (!running) return;
      const close = follow(id(), {
        onOutput: (stdout, stderr) => mutate((known) => known && { ...known, stdout, stderr }),
        onEnded: () => void refetch(),
        onFailed: setFailure,
        onConnected: setConnected,
      });
      const timer = setInterval(() => {
        if (!document.hidden) void refetch();
      }, LOOK_EVERY_MS);
      onCleanup(() => {
        close();
        clearInterval(timer);
      });
    }),
  );
  const beside = () => props.route.beside ?? remembered(task.error ? undefined : task.latest)?.baseline;
  return (
    <section class="card" aria-labelledby="run">
      <Show when={(task.error as unknown) ?? failure()}>
        {(error) => <Trouble failure={Failure.from(error())} what={`Run ${id()} cannot be shown`} />}
      </Show>
      <Show when={!task.error && task.latest} fallback={<Show when={task.loading}><p class="waiting">looking…</p></Show>}>
        {(task) => (
          <>
            <Head task={task()} beside={beside()} connected={connected()} onChanged={() => void refetch()} />
            <nav class="tabs" aria-label={`Run ${id()}`}>
              <Tab route={props.route} part="answer" name="Answer" />
              <Tab route={props.route} part="flow" name="Flow" beside={beside()} />
              <Tab route={props.route} part="cost" name="Cost" />
            </nav>
            <Switch>
              <Match when={props.route.part === "answer"}>
                <h2 class="hidden">Answer</h2>
                <AnswerOf task={task()} />
              </Match>
              <Match when={props.route.part === "flow"}>
                <h2 class="hidden">Flow</h2>
                <Flow task={task()} beside={beside()} />
              </Match>
              <Match when={props.route.part === "cost"}>
                <h2 class="hidden">Cost</h2>
                <CostOf task={task()} beside={beside()} />
              </Match>
            </Switch>
            <Labels labels={task().labels} />
          </>
        )}
      </Show>
    </section>
  );
}

function Tab(props: { route: Route; part: Route["part"]; name: string; beside?: number | undefined }) {
  return (
    <a
      href={runAddress(props.route.run, props.part, props.beside)}
      aria-current={props.route.part === props.part ? "page" : undefined}
    >
      {props.name}
    </a>
  );
}

function Head(props: { task: Task; beside: number | undefined; connected: boolean; onChanged: () => void }) {
  const query = () => remembered(props.task)?.query;
  const [failure, setFailure] = createSignal<Failure>();
  const guarded = (work: () => Promise<unknown>) => {
    setFailure(undefined);
    work().catch((error: unknown) => setFailure(Failure.from(error)));
  };
  const again = async () => {
    const { program, inputs = [], filename } = props.task;
    if (program === undefined) return;
    const started = await api.run(await api.text(program), inputs, filename);
    const asked = query();
    if (asked !== undefined) remember(started, { query: asked });
    location.hash = runAddress(started.id);
  };
  const askAgain = () => {
    setQuery(query() ?? "");
    clear();
    props.task.inputs?.forEach(addStored);
    location.hash = "#/";
  };
  const took = () => {
    const { started_at: from, ended_at: to } = props.task;
    return from === undefined || to === undefined ? undefined : duration(to - from);
  };
  return (
    <header class="run-head">
      <h1 id="run">
        Run {props.task.id} <State state={props.task.state} />
      </h1>
      <Show when={query()}>{(query) => <p class="query">{query()}</p>}</Show>
      <p class="muted">
        {props.task.filename}
        <Show when={props.task.form}>{(form) => <>, {form()}</>}</Show> · {plural(props.task.call_count, "call")} ·{" "}
        {moment(props.task.accepted_at)}
        <Show when={took()}>{(took) => <> · took {took()}</>}</Show>
        <Show when={props.task.bill}>{(bill) => <> · {money(bill().total_micro_usd)}</>}</Show>
        <Show when={props.beside}>
          {(beside) => (
            <>
              {" "}
              · beside <a href={runAddress(beside())}>baseline {beside()}</a>
            </>
          )}
        </Show>
      </p>
      <Show when={!props.connected}>
        <p class="waiting" role="status">
          the connection was lost and is being made again
        </p>
      </Show>
      <div class="actions">
        <Show when={props.task.ended_at === undefined}>
          <button type="button" onClick={() => guarded(() => api.cancel(props.task.id).then(props.onChanged))}>
            Cancel
          </button>
        </Show>
        <Show when={props.task.program !== undefined}>
          <button type="button" onClick={() => guarded(again)}>
            Run again
          </button>
        </Show>
        <Show when={query()}>
          <button type="button" onClick={askAgain}>
            Ask again
          </button>
        </Show>
      </div>
      <Show when={failure()}>{(failure) => <Trouble failure={failure()} what="That was not done" />}</Show>
    </header>
  );
}

function AnswerOf(props: { task: Task }) {
  const [source] = createResource(
    () => props.task.program,
    (digest) => api.text(digest),
  );
  const program = () => (source.error ? undefined : source());
  return (
    <>
      <div class="answer">
        <Picture task={props.task} program={program() ?? ""} />
        <TaskAnswer task={props.task} />
      </div>
      <Show
        when={program()}
        fallback={
          <p class="muted">
            {source.loading
              ? "fetching its program…"
              : props.task.program === undefined
                ? "Its program runs outside this engine, and is not kept here."
                : "Its program is not kept any more."}
          </p>
        }
      >
        {(program) => (
          <Program title={props.task.form === "serial" ? "Serial program" : "Program"} source={program()} />
        )}
      </Show>
    </>
  );
}
