/** A program to read, with its calls in their functions' colours, linked to the other programs on the page. */

import { createSignal, For, Show } from "solid-js";
import type { Decision } from "../api/types";
import { colourOf } from "../shell/catalog";
import { type CallSite, lines, type Piece } from "./calls";

/** The call that somebody points at, in whichever program, or the function on a timeline. */
const [lit, setLit] = createSignal<{ function: string; key?: string }>();
export { lit, setLit };

export function Program(props: {
  title: string;
  source: string;
  note?: string;
  /** Of the other program: lines that are not in it are marked. */
  beside?: string | undefined;
  decisions?: Decision[];
}) {
  const [copied, setCopied] = createSignal(false);
  const known = () => (props.beside === undefined ? undefined : new Set(props.beside.split("\n").map((line) => line.trim())));
  const isNew = (line: Piece[]) => {
    const text = line.map((piece) => piece.text).join("").trim();
    return text !== "" && known()?.has(text) === false;
  };
  const decided = (line: number) => props.decisions?.find((decision) => decision.line === line);
  const copy = async () => {
    await navigator.clipboard.writeText(props.source);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <section class="program" aria-label={props.title}>
      <header>
        <h3>{props.title}</h3>
        <span class="muted">{props.note}</span>
        <button type="button" class="quiet" onClick={() => void copy()}>
          {copied() ? "copied" : "copy"}
        </button>
      </header>
      <pre tabindex="0" role="region" aria-label={`${props.title}, text`}>
        <For each={lines(props.source)}>
          {(line, at) => (
            <div class="line" data-new={isNew(line) ? "" : undefined} data-decided={decided(at() + 1)?.what}>
              <For each={line}>{(piece) => <PieceOfLine piece={piece} />}</For>
              {"\n"}
            </div>
          )}
        </For>
      </pre>
    </section>
  );
}

function PieceOfLine(props: { piece: Piece }) {
  const site = () => props.piece.site;
  const isLit = (site: CallSite) => {
    const at = lit();
    return at !== undefined && (at.key === undefined ? at.function === site.function : at.key === site.key);
  };
  return (
    <Show when={site()} fallback={<span class={props.piece.kind}>{props.piece.text}</span>}>
      {(site) => (
        <span
          class={`call ${props.piece.kind}`}
          data-colour={colourOf(site().function)}
          data-lit={isLit(site()) ? "" : undefined}
          onPointerEnter={() => setLit({ function: site().function, key: site().key })}
          onPointerLeave={() => setLit(undefined)}
        >
          {props.piece.text}
        </span>
      )}
    </Show>
  );
}
