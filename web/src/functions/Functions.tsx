/** The catalog: what each function does, takes and gives, and how it fares at this moment. */

import { For, Show } from "solid-js";
import type { FunctionResource, NowDevice } from "../api/types";
import { bytes, plural } from "../format";
import { catalog, colourOf, now } from "../shell/catalog";
import { parameters, resultType } from "./schema";

export function Functions() {
  return (
    <>
      <section class="card" aria-labelledby="functions">
        <h1 id="functions">Functions</h1>
        <Show when={catalog()} fallback={<p class="waiting">looking…</p>}>
          <For
            each={catalog()}
            fallback={
              <p>
                No function is on offer. Start the engine with some: <code>dice up --functions vision_cpu</code>, or a
                folder of your own; <code>docs/functions.md</code> says how to write one.
              </p>
            }
          >
            {(entry) => <Entry entry={entry} />}
          </For>
        </Show>
      </section>
      <section class="card" aria-labelledby="devices">
        <h2 id="devices">Devices</h2>
        <div class="devices">
          <For each={now()?.pools.flatMap((pool) => pool.devices)} fallback={<p class="muted">none is known yet</p>}>
            {(device) => <Device device={device} />}
          </For>
        </div>
      </section>
    </>
  );
}

function Entry(props: { entry: FunctionResource }) {
  const name = () => props.entry.metadata.name;
  const spec = () => props.entry.spec;
  return (
    <article class="function" data-colour={colourOf(name())}>
      <h2>
        <span class="swatch" aria-hidden="true" />
        {name()}
      </h2>
      <Health name={name()} />
      <p>{props.entry.status.documentation}</p>
      <p class="signature">
        <code>
          {name()}(
          {parameters(props.entry.status.parametersSchema)
            .map((parameter) => `${parameter.name}${parameter.required ? "" : "?"}: ${parameter.type}`)
            .join(", ")}
          ) → {resultType(props.entry.status.resultSchema)}
        </code>
      </p>
      <p class="muted">
        {spec()?.effect ?? "assumed pure"}
        <Show when={spec()?.origin}>{(origin) => <> · {origin()}</>}</Show>
        <Show when={spec()?.resources?.gpuMemory}>{(memory) => <> · {memory()} on a device</>}</Show>
        <Show when={spec()?.batching?.maxBatchSize}>{(most) => <> · up to {most()} calls at once</>}</Show>
        <Show when={props.entry.status.version}>{(version) => <> · version {version().slice(7, 15)}</>}</Show>
      </p>
      <details>
        <summary>Schemas</summary>
        <pre tabindex="0">{pretty(props.entry.status.parametersSchema)}</pre>
        <pre tabindex="0">{pretty(props.entry.status.resultSchema)}</pre>
      </details>
    </article>
  );
}

function pretty(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch {
    return schema;
  }
}

/** In all pools together. */
function Health(props: { name: string }) {
  const states = () => now()?.pools.flatMap((pool) => pool.functions.filter((one) => one.name === props.name)) ?? [];
  const sum = (of: (one: ReturnType<typeof states>[number]) => number) => states().reduce((total, one) => total + of(one), 0);
  const words = () => {
    const parts = [
      sum((one) => one.ready) > 0 ? `ready on ${plural(sum((one) => one.ready), "device")}` : "on no device yet",
      ...(sum((one) => one.loading) > 0 ? [`loading on ${sum((one) => one.loading)}`] : []),
      ...(sum((one) => one.granted) > 0 ? [`${plural(sum((one) => one.granted), "call")} at work`] : []),
      ...(sum((one) => one.queued + one.held) > 0 ? [`${sum((one) => one.queued + one.held)} waiting`] : []),
    ];
    return parts.join(", ");
  };
  const trouble = () => states().find((one) => one.failures > 0);
  return (
    <Show
      when={trouble()}
      fallback={
        <p class="health" data-ready={sum((one) => one.ready) > 0 ? "" : undefined}>
          {words()}
        </p>
      }
    >
      {(one) => (
        <div class="trouble" role="alert">
          <strong>it failed {plural(one().failures, "time")} since it last worked</strong>
          <pre tabindex="0">{one().error}</pre>
        </div>
      )}
    </Show>
  );
}

function Device(props: { device: NowDevice }) {
  const { device } = props;
  return (
    <div class="device">
      <h3>{device.name}</h3>
      <meter
        min="0"
        max={device.memory_bytes}
        value={device.used_bytes}
        aria-label={`memory of ${device.name}`}
      />
      <p class="muted">
        {bytes(device.used_bytes)} of {bytes(device.memory_bytes)} · {device.lease === null ? "free" : `lease ${device.lease}`}
      </p>
      <p>
        <For each={device.models} fallback={<span class="muted">no model on it</span>}>
          {(model) => (
            <span class="model" data-colour={colourOf(model.function)}>
              <span class="swatch" aria-hidden="true" />
              {model.function} {model.state === "ready" ? "" : model.state}
            </span>
          )}
        </For>
      </p>
    </div>
  );
}
