/** What ran: newest first, with a search. */

import { createMemo, createResource, createSignal, For, onCleanup, Show } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import type { Task } from "../api/types";
import { duration, moment, plural } from "../format";
import { runAddress } from "../shell/route";
import { Trouble } from "../shell/Trouble";
import { remembered } from "./remembered";
import { matches } from "./search";

const AGAIN_EVERY_MS = 3_000;

export function Runs() {
  const [words, setWords] = createSignal("");
  const [older, setOlder] = createSignal<Task[]>([]);
  const [next, setNext] = createSignal<number>();
  const [loading, setLoading] = createSignal(false);
  const [newest, { refetch }] = createResource(async () => {
    const page = await api.tasks();
    if (older().length === 0) setNext(page.next);
    return page.tasks;
  });
  const timer = setInterval(() => {
    if (!document.hidden) void refetch();
  }, AGAIN_EVERY_MS);
  onCleanup(() => clearInterval(timer));

  const all = createMemo(() => {
    const first = newest.latest ?? [];
    const oldest = first.at(-1)?.id ?? Infinity;
    return [...first, ...older().filter((task) => task.id < oldest)];
  });
  const found = createMemo(() => all().filter((task) => matches(task, remembered(task)?.query, words())));
  const more = async () => {
    setLoading(true);
    try {
      const page = await api.tasks(next());
      setOlder((known) => [...known, ...page.tasks]);
      setNext(page.next);
    } finally {
      setLoading(false);
    }
  };
  return (
    <section class="card" aria-labelledby="runs">
      <h1 id="runs">Runs</h1>
      <Show when={newest.error as unknown}>
        {(error) => <Trouble failure={Failure.from(error())} what="The runs cannot be listed" />}
      </Show>
      <Show
        when={all().length > 0}
        fallback={
          <Show when={newest.state === "ready"} fallback={<p class="waiting">looking…</p>}>
            <p>
              Nothing has run here yet. <a href="#/">Ask a question</a>, or run a program:{" "}
              <code>dice run program.py --input photo.jpg</code>. Whatever runs on this engine is listed here,
              wherever it was started.
            </p>
          </Show>
        }
      >
        <label for="words">Search</label>
        <input
          id="words"
          type="search"
          placeholder="a number, a state, a file, a word of the question"
          value={words()}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <div class="scroll" tabindex="0" role="region" aria-label="Runs, as a table">
          <table class="runs">
            <thead>
              <tr>
                <th scope="col">run</th>
                <th scope="col">question or file</th>
                <th scope="col">state</th>
                <th scope="col" class="number">calls</th>
                <th scope="col" class="number">took</th>
                <th scope="col">when</th>
              </tr>
            </thead>
            <tbody>
              <For each={found()}>{(task) => <Row task={task} />}</For>
            </tbody>
          </table>
        </div>
        <p class="actions">
          <span class="muted" role="status">
            {plural(found().length, "run")}
            {words() ? ` of ${all().length} that are loaded` : ""}
          </span>
          <Show when={next()}>
            <button type="button" disabled={loading()} onClick={() => void more()}>
              {loading() ? "loading…" : "Load older ones"}
            </button>
          </Show>
        </p>
      </Show>
    </section>
  );
}

function Row(props: { task: Task }) {
  const known = () => remembered(props.task);
  const took = () => {
    const { started_at: from, ended_at: to } = props.task;
    return from === undefined || to === undefined ? "" : duration(to - from);
  };
  const about = () => known()?.query ?? props.task.filename;
  return (
    <tr>
      <td>
        <a href={runAddress(props.task.id)}>{props.task.id}</a>
      </td>
      <td class="about" title={about()}>
        {about()}
        <Show when={props.task.form === "serial"}>
          <span class="muted"> (serial)</span>
        </Show>
        <Show when={props.task.batch}>{(batch) => <span class="muted"> (of batch {batch()})</span>}</Show>
      </td>
      <td>
        <State state={props.task.state} />
      </td>
      <td class="number">{props.task.call_count}</td>
      <td class="number">{took()}</td>
      <td>{moment(props.task.accepted_at)}</td>
    </tr>
  );
}

export function State(props: { state: Task["state"] }) {
  return (
    <span class="state" data-state={props.state}>
      {props.state}
    </span>
  );
}
