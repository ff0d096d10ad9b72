/** The functions on offer and what the engine does at this moment, for every page. */

import { createSignal, onCleanup } from "solid-js";
import * as api from "../api/client";
import { Failure } from "../api/client";
import type { FunctionResource, Now } from "../api/types";

const LOOK_EVERY_MS = 2_000;
const SLOWEST_MS = 15_000;

const [catalog, setCatalog] = createSignal<FunctionResource[]>();
const [now, setNow] = createSignal<Now>();
const [lost, setLost] = createSignal<Failure>();
export { catalog, lost, now };

/** Looks as long as the page can be seen, and less often while nobody answers. */
export function keepLooking(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = LOOK_EVERY_MS;
  const look = async () => {
    clearTimeout(timer);
    try {
      setNow(await api.now());
      // A restarted engine may offer others.
      if (!catalog() || lost()) setCatalog(await api.functions());
      setLost(undefined);
      pause = LOOK_EVERY_MS;
    } catch (error) {
      setLost(Failure.from(error));
      pause = Math.min(SLOWEST_MS, pause * 1.5);
    }
    if (!document.hidden) timer = setTimeout(() => void look(), pause);
  };
  const seen = () => {
    if (!document.hidden) void look();
  };
  document.addEventListener("visibilitychange", seen);
  onCleanup(() => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  });
  void look();
}

export const COLOURS = 8;

/** A function has one colour everywhere: in programs, on timelines, in bills. */
export function colourOf(name: string): number {
  const place = catalog()?.findIndex((entry) => entry.metadata.name === name) ?? -1;
  if (place >= 0) return place % COLOURS;
  return [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % COLOURS;
}
