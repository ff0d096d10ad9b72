/** What is around every page: where one can go, what the engine does, light or dark. */

import { For, Match, Show, Switch } from "solid-js";
import { Ask } from "../ask/Ask";
import { Functions } from "../functions/Functions";
import { money, plural } from "../format";
import { Run } from "../runs/Run";
import { Runs } from "../runs/Runs";
import { keepLooking, lost, now } from "./catalog";
import type { Route } from "./route";
import { route } from "./routing";
import { nextTheme, theme } from "./theme";

const PAGES: { page: Route["page"]; address: string; name: string }[] = [
  { page: "ask", address: "#/", name: "Ask" },
  { page: "runs", address: "#/runs", name: "Runs" },
  { page: "functions", address: "#/functions", name: "Functions" },
];

export function Shell() {
  keepLooking();
  const isHere = (page: Route["page"]) => route().page === page || (page === "runs" && route().page === "run");
  return (
    <>
      <header class="top">
        <a class="brand" href="#/">
          DiCE-C
        </a>
        <nav aria-label="Pages">
          <For each={PAGES}>
            {(entry) => (
              <a href={entry.address} aria-current={isHere(entry.page) ? "page" : undefined}>
                {entry.name}
              </a>
            )}
          </For>
        </nav>
        <Engine />
        <button type="button" class="quiet" onClick={nextTheme} aria-label={`Colours: ${theme()}. Change`}>
          ◐ {theme()}
        </button>
      </header>
      <Show when={lost()}>
        {(failure) => (
          <p class="banner" role="alert">
            <strong>{failure().detail}</strong> {failure().hint}. This page tries again by itself.
          </p>
        )}
      </Show>
      <main tabindex="-1">
        <Switch>
          <Match when={route().page === "ask"}>
            <Ask />
          </Match>
          <Match when={route().page === "runs"}>
            <Runs />
          </Match>
          <Match when={route().page === "run" && route()}>{(at) => <Run route={at()} />}</Match>
          <Match when={route().page === "functions"}>
            <Functions />
          </Match>
        </Switch>
      </main>
    </>
  );
}

/** The fleet, what it costs while it is there, and whether it works. */
function Engine() {
  const nodes = () => now()?.pools.flatMap((pool) => pool.nodes) ?? [];
  const fleet = () => nodes().map((node) => `${node.count} × ${node.type}`).join(", ");
  const perHour = () => nodes().reduce((sum, node) => sum + (node.micro_usd_per_hour ?? 0), 0);
  const running = () => now()?.pools.reduce((sum, pool) => sum + pool.tasks_running, 0) ?? 0;
  const waiting = () => now()?.pools.reduce((sum, pool) => sum + pool.tasks_waiting, 0) ?? 0;
  const state = () => (lost() ? "lost" : running() > 0 ? "busy" : "idle");
  return (
    <p class="engine" data-state={state()}>
      <span class="dot" aria-hidden="true" />
      <Show when={!lost()} fallback={"no engine"}>
        <Show when={now()} fallback={"…"}>
          {running() > 0 ? `${plural(running(), "task")} running` : "idle"}
          <Show when={waiting() > 0}>, {waiting()} waiting</Show>
          <span class="wide">
            {" "}
            · {fleet()} · {money(perHour())}/h
          </span>
        </Show>
      </Show>
    </p>
  );
}
