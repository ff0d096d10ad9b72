/** Calls over time, a lane a device: drawn on a canvas, as there may be very many. */

import { createEffect, createMemo, createSignal, on, onCleanup, onMount, Show } from "solid-js";
import type { Task } from "../api/types";
import { duration, plural } from "../format";
import { lit, setLit } from "../program/Program";
import { layout } from "./layout";
import { draw, findCall, heightOf, type Group, LABELS, type View } from "./paint";

export interface Chosen {
  group: number;
  call: number;
}

export function Timeline(props: {
  groups: { label: string; task: Task }[];
  path?: boolean;
  chosen?: Chosen | undefined;
  onChoose?: (chosen: Chosen | undefined) => void;
}) {
  let canvas: HTMLCanvasElement | undefined;
  const [width, setWidth] = createSignal(600);
  const [view, setView] = createSignal<View>();
  const [brush, setBrush] = createSignal<[number, number]>();
  const [pointed, setPointed] = createSignal<{ x: number; y: number; text: string }>();

  const groups = createMemo<Group[]>(() =>
    props.groups.map(({ label, task }) => ({ label, task, layout: layout(task.calls, elapsed(task)) })),
  );
  const end = () => Math.max(1, ...groups().map((group) => group.layout.end));
  const shown = (): View => view() ?? { from: 0, to: end() };
  const height = () => heightOf(groups());

  createEffect(() => {
    if (!canvas) return;
    const state = { groups: groups(), view: shown(), width: width(), height: height(), brush: brush() };
    draw(canvas, { ...state, lit: lit()?.function, chosen: props.chosen, path: props.path ?? false });
  });
  createEffect(on(() => props.groups.map((group) => group.task.id).join(), () => setView(undefined)));

  onMount(() => {
    const sizes = new ResizeObserver(([entry]) => entry && setWidth(Math.max(240, entry.contentRect.width)));
    if (canvas?.parentElement) sizes.observe(canvas.parentElement);
    // Colours are read when drawing.
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const again = () => setWidth((width) => width + 0.001);
    scheme.addEventListener("change", again);
    const themes = new MutationObserver(again);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    onCleanup(() => {
      sizes.disconnect();
      themes.disconnect();
      scheme.removeEventListener("change", again);
    });
  });

  const zoom = (factor: number, around?: number) => {
    const { from, to } = shown();
    const middle = around ?? (from + to) / 2;
    const least = end() / 1e6;
    const left = Math.max(0, middle - (middle - from) * factor);
    const right = Math.min(end(), middle + (to - middle) * factor);
    if (right - left < least) return;
    setView(left <= 0 && right >= end() ? undefined : { from: left, to: right });
  };
  const pan = (share: number) => {
    const { from, to } = shown();
    const by = Math.min(Math.max((to - from) * share, -from), end() - to);
    if (by !== 0) setView({ from: from + by, to: to + by });
  };
  const timeAt = (x: number) => {
    const { from, to } = shown();
    return from + (Math.max(0, x - LABELS) / (width() - LABELS)) * (to - from);
  };
  const callUnder = (event: MouseEvent) => findCall(groups(), shown(), width(), event.offsetX, event.offsetY);

  const point = (event: PointerEvent) => {
    const started = brush();
    if (started) {
      setBrush([started[0], timeAt(event.offsetX)]);
      return;
    }
    const found = callUnder(event);
    const call = found && groups()[found.group]?.task.calls[found.call];
    setLit(call && { function: call.function });
    const text = call && `${call.function}, call ${call.call}: ${duration((call.ended_offset_ns ?? end()) - call.issued_offset_ns)}`;
    setPointed(text === undefined ? undefined : { x: event.offsetX, y: event.offsetY, text });
  };
  const release = (event: PointerEvent) => {
    const [a, b] = brush() ?? [0, 0];
    setBrush(undefined);
    const { from, to } = shown();
    if (Math.abs(a - b) > (to - from) / 100) setView({ from: Math.max(0, Math.min(a, b)), to: Math.min(end(), Math.max(a, b)) });
    else props.onChoose?.(callUnder(event));
  };
  const KEYS: Record<string, () => void> = {
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    "0": () => setView(undefined),
    ArrowLeft: () => pan(-0.2),
    ArrowRight: () => pan(0.2),
  };
  const said = () => {
    const parts = props.groups.map(({ label, task }) => `${label}: ${plural(task.calls.length, "call")} in ${duration(elapsed(task))}`);
    return `Timeline. ${parts.join("; ")}.`;
  };
  return (
    <section class="timeline" aria-label="Timeline">
      <div class="actions">
        <button type="button" class="quiet" aria-label="Zoom in" onClick={() => zoom(0.5)}>
          +
        </button>
        <button type="button" class="quiet" aria-label="Zoom out" onClick={() => zoom(2)}>
          −
        </button>
        <button type="button" class="quiet" disabled={!view()} onClick={() => setView(undefined)}>
          all
        </button>
        <span class="muted wide">drag to look closer, double-click for all; with the keyboard + − 0 ← →</span>
      </div>
      <div class="canvas">
        <canvas
          ref={(element) => (canvas = element)}
          tabindex="0"
          role="img"
          aria-label={said()}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setBrush([timeAt(event.offsetX), timeAt(event.offsetX)]);
          }}
          onPointerMove={point}
          onPointerUp={release}
          onPointerCancel={() => setBrush(undefined)}
          onPointerLeave={() => {
            setLit(undefined);
            setPointed(undefined);
          }}
          onDblClick={() => setView(undefined)}
          onWheel={(event) => {
            // Plain wheels scroll the page.
            if (!event.ctrlKey && !event.metaKey) return;
            event.preventDefault();
            zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.offsetX));
          }}
          onKeyDown={(event) => {
            const act = KEYS[event.key];
            if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            act();
          }}
        />
        <Show when={pointed()}>
          {(at) => (
            <span class="tip" style={{ left: `${Math.min(at().x + 12, width() - 180)}px`, top: `${at().y + 14}px` }}>
              {at().text}
            </span>
          )}
        </Show>
      </div>
    </section>
  );
}

/** Until its end, or until now. */
export function elapsed(task: Task): number {
  const from = task.started_at ?? task.accepted_at;
  return Math.max(0, (task.ended_at ?? Date.now() * 1e6) - from);
}
