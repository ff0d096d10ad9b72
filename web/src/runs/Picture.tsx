/** The picture that a task looked at, with the boxes that its functions found drawn over it. */

import { createResource, createSignal, For, Show } from "solid-js";
import * as api from "../api/client";
import type { Task } from "../api/types";
import { plural } from "../format";
import { lookAtWhole } from "../program/calls";
import { colourOf } from "../shell/catalog";
import { type Box, boxesOf } from "./boxes";

/** Whose results are the boxes is read from the program: see `lookAtWhole`. */
export function Picture(props: { task: Task; program: string }) {
  const whole = () => lookAtWhole(props.program);
  const pictures = () => props.task.inputs?.filter((input) => input.kind === "image") ?? [];
  const shown = () => pictures().find((input) => [...whole().values()].includes(input.name)) ?? pictures()[0];
  const names = () => [...whole()].filter(([, input]) => input === shown()?.name).map(([name]) => name);
  const [boxes] = createResource(
    () => ({ id: props.task.id, names: names(), ended: props.task.ended_at }),
    async ({ id, names }) => {
      const found = await Promise.all(names.map((name) => api.results(id, { function: name })));
      return found.flatMap((page) => boxesOf(page.results));
    },
  );
  return (
    <Show when={shown()}>
      {(input) => <Drawn source={api.blobAddress(input().blob)} name={input().name} boxes={boxes.error ? [] : (boxes() ?? [])} />}
    </Show>
  );
}

function Drawn(props: { source: string; name: string; boxes: Box[] }) {
  const [size, setSize] = createSignal<[number, number]>();
  const [broken, setBroken] = createSignal(false);
  const said = () =>
    `${props.name}${props.boxes.length > 0 ? `, with ${plural(props.boxes.length, "box", "boxes")} found in it` : ""}`;
  return (
    <figure class="picture">
      <Show when={!broken()} fallback={<p class="muted">{props.name} cannot be shown by this browser.</p>}>
        <div class="over">
          <img
            src={props.source}
            alt={said()}
            onLoad={(event) => setSize([event.currentTarget.naturalWidth, event.currentTarget.naturalHeight])}
            onError={() => setBroken(true)}
          />
          <Show when={size()}>
            {(size) => (
              <svg viewBox={`0 0 ${size()[0]} ${size()[1]}`} aria-hidden="true">
                <For each={props.boxes}>{(box) => <Outline box={box} unit={Math.max(...size()) / 100} />}</For>
              </svg>
            )}
          </Show>
        </div>
      </Show>
      <figcaption class="muted">
        {said()}
      </figcaption>
    </figure>
  );
}

/** `unit`: a hundredth of the picture, as boxes of small and large pictures should look the same. */
function Outline(props: { box: Box; unit: number }) {
  return (
    <g data-colour={colourOf(props.box.function)} class="box">
      <rect x={props.box.x} y={props.box.y} width={props.box.width} height={props.box.height} />
      <rect class="tag" x={props.box.x} y={props.box.y} width={props.unit * 3} height={props.unit * 3} />
      <text x={props.box.x + props.unit * 1.5} y={props.box.y + props.unit * 2.2} font-size={`${props.unit * 2}`}>
        {props.box.number}
      </text>
    </g>
  );
}
