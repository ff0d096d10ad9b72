/** From a sentence to an answer with its price, on one page. */

import { createEffect, For, on, Show } from "solid-js";
import { Programs } from "../program/Programs";
import { callSites } from "../program/calls";
import { catalog } from "../shell/catalog";
import { Chip } from "../shell/Chip";
import { Trouble } from "../shell/Trouble";
import { Answer } from "./Answer";
import { asked } from "./asking";
import { Question } from "./Question";
import { RunBar } from "./RunBar";

export function Ask() {
  return (
    <div class="ask">
      <h1 class="hidden">Ask</h1>
      <Question />
      <Show when={asked().failure}>
        {(failure) => (
          <Trouble
            failure={failure()}
            what={asked().phase === "written" ? "It was not run to its end" : "No program was written"}
          />
        )}
      </Show>
      <Show when={asked().generated} fallback={<Show when={asked().phase === "asking"}><HowItWorks /></Show>}>
        {(generated) => (
          <section class="card" aria-labelledby="programs">
            <h2 id="programs">Programs</h2>
            <Found program={generated().program} />
            <Programs generated={generated()} distributed={asked().distributed} />
            <RunBar />
          </section>
        )}
      </Show>
      <Show when={asked().phase === "running" || asked().phase === "answered"}>
        <AnswerInSight />
      </Show>
    </div>
  );
}

function AnswerInSight() {
  let section: HTMLElement | undefined;
  createEffect(
    on(
      () => asked().phase,
      (phase) => {
        if (phase === "running") section?.scrollIntoView({ behavior: "smooth", block: "nearest" });
      },
    ),
  );
  return (
    <section class="card" aria-labelledby="answer" ref={(element) => (section = element)}>
      <h2 id="answer">Answer</h2>
      <Answer />
    </section>
  );
}

/** The functions that the program calls, and how many others were on offer. */
function Found(props: { program: string }) {
  const names = () => [...new Set(callSites(props.program).map((site) => site.function))];
  const others = () => (catalog()?.length ?? 0) - names().length;
  return (
    <div class="chips">
      <span class="muted">Functions found for it:</span>
      <For each={names()}>{(name) => <Chip name={name} />}</For>
      <Show when={others() > 0}>
        <span class="muted">
          of {catalog()?.length} on offer
        </span>
      </Show>
    </div>
  );
}

function HowItWorks() {
  return (
    <section class="teach" aria-labelledby="how">
      <h2 id="how">How it goes</h2>
      <ol>
        <li>
          <strong>You ask</strong> one sentence about your files.
        </li>
        <li>
          <strong>A program is written</strong> that calls the functions on offer. You see it, and what running it
          costs, before anything runs.
        </li>
        <li>
          <strong>Its calls are made to overlap</strong> by analysis, with the same answer.
        </li>
        <li>
          <strong>It runs</strong>, holding a device only while a call needs it; beside it, if you like, the
          monolith that it replaces, so that you see what was saved.
        </li>
      </ol>
      <div class="chips">
        <span class="muted">On offer now:</span>
        <For each={catalog() ?? []} fallback={<span class="muted">no functions: start the engine with `dice up --functions PACK`</span>}>
          {(entry) => <Chip name={entry.metadata.name} />}
        </For>
      </div>
    </section>
  );
}
