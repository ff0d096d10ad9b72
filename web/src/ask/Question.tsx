/** The query and the files that it is about. */

import { createSignal, For, onCleanup, onMount, Show } from "solid-js";
import { Failure } from "../api/client";
import { bytes } from "../format";
import { lost } from "../shell/catalog";
import { Trouble } from "../shell/Trouble";
import { asked, stopAsking, writePrograms } from "./asking";
import { drawnScene, type Example, EXAMPLES } from "./example";
import { add, address, type Input, inputs, query, remove, rename, setQuery, stored } from "./pictures";

export function Question() {
  const [trouble, setTrouble] = createSignal<Failure>();
  const writing = () => asked().phase === "writing";
  const blocked = () => {
    if (lost()) return "the engine does not answer";
    if (query().trim() === "") return "write a question first";
    if (!stored()) return "a file is still on its way";
    return undefined;
  };
  const write = (event: Event) => {
    event.preventDefault();
    const files = stored();
    if (files && blocked() === undefined && asked().phase !== "running") void writePrograms(query().trim(), files);
  };
  const use = async (example: Example) => {
    setTrouble(undefined);
    const pictures = inputs().filter((input) => input.kind === "image");
    const [first] = pictures;
    if (first && pictures.length === 1) rename(first.id, example.name);
    try {
      if (!first) add([await drawnScene(example.name)]);
    } catch (error) {
      setTrouble(Failure.from(error));
    }
    // Last: nobody can ask before the picture is there.
    setQuery(example.query);
  };
  return (
    <form class="card question" onSubmit={write}>
      <label for="query">Your question</label>
      <textarea
        id="query"
        rows="3"
        placeholder="What colour is each car, and is it damaged?"
        value={query()}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) write(event);
        }}
      />
      <Files />
      <Show when={trouble()}>{(failure) => <Trouble failure={failure()} what="The example was not made" />}</Show>
      <div class="actions">
        <Show
          when={!writing()}
          fallback={
            <button type="button" onClick={stopAsking}>
              Stop
            </button>
          }
        >
          <button type="submit" class="primary" disabled={blocked() !== undefined || asked().phase === "running"}>
            Write the program
          </button>
        </Show>
        <Show when={writing()} fallback={<span class="muted wide">{blocked() ?? "or press Ctrl+Enter"}</span>}>
          <Writing />
        </Show>
        <span class="examples">
          Try:
          <For each={EXAMPLES}>
            {(example) => (
              <button type="button" class="quiet" title={example.query} onClick={() => void use(example)}>
                {example.title}
              </button>
            )}
          </For>
        </span>
      </div>
    </form>
  );
}

function Writing() {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 250);
  onCleanup(() => clearInterval(timer));
  const seconds = () => Math.max(0, Math.floor((now() - asked().since) / 1000));
  return (
    <span class="waiting" role="status">
      <span aria-hidden="true">a language model writes the program, {seconds()} s</span>
      <span class="hidden">a language model writes the program</span>
    </span>
  );
}

function Files() {
  let chooser: HTMLInputElement | undefined;
  const [over, setOver] = createSignal(false);
  // Wherever on the page they are dropped or pasted: a browser would open them otherwise, and the page be gone.
  onMount(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(event.type === "dragover");
      if (event.type === "drop") add(event.dataTransfer.files);
    };
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) add(event.clipboardData.files);
    };
    const kinds = ["dragover", "dragleave", "drop"] as const;
    for (const kind of kinds) addEventListener(kind, drag);
    addEventListener("paste", paste);
    onCleanup(() => {
      for (const kind of kinds) removeEventListener(kind, drag);
      removeEventListener("paste", paste);
    });
  });
  return (
    <div class="files" data-over={over() ? "" : undefined}>
      <For each={inputs()}>{(input) => <File input={input} />}</For>
      <button type="button" class="drop" onClick={() => chooser?.click()}>
        {inputs().length === 0 ? "Drop pictures here, paste them, or choose files" : "Add files"}
      </button>
      <input
        ref={(element) => (chooser = element)}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

function File(props: { input: Input }) {
  return (
    <figure class="file">
      <Show when={props.input.kind === "image" && address(props.input)} fallback={<div class="icon">{props.input.kind}</div>}>
        {(source) => <img src={source()} alt="" />}
      </Show>
      <figcaption>
        <input
          aria-label="The name under which the program opens it"
          title="The name under which the program opens it"
          value={props.input.name}
          onChange={(event) => rename(props.input.id, event.currentTarget.value)}
        />
        <span class="muted">
          <Show
            when={props.input.failure}
            fallback={props.input.blob ? (props.input.bytes > 0 ? bytes(props.input.bytes) : "stored") : "storing…"}
          >
            {(failure) => <span role="alert">not stored: {failure().detail}</span>}
          </Show>
        </span>
      </figcaption>
      <button type="button" class="quiet" aria-label={`Remove ${props.input.name}`} onClick={() => remove(props.input.id)}>
        ×
      </button>
    </figure>
  );
}
