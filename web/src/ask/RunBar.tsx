/** What a run will cost, and the buttons that run it. */

import { Match, Show, Switch } from "solid-js";
import type { QuoteAnswer } from "../api/types";
import { duration, money, plural } from "../format";
import { asked, runBothWays, runOnce, stopAsking } from "./asking";

export function RunBar() {
  const running = () => asked().phase === "running";
  return (
    <div class="run-bar">
      <p class="quote">
        <Show when={asked().quote} fallback={<span class="muted">no quote yet</span>}>
          {(quote) => <QuoteText quote={quote()} />}
        </Show>
      </p>
      <div class="actions">
        <Show
          when={!running()}
          fallback={
            <>
              <button type="button" onClick={stopAsking}>
                Stop it
              </button>
              <span class="muted">
                {asked().comparing
                  ? "it stops too if you close this page"
                  : "it goes on if you close this page: see Runs"}
              </span>
            </>
          }
        >
          <button type="button" class="primary" disabled={!asked().distributed} onClick={() => void runBothWays()}>
            Run beside the baseline
          </button>
          <button type="button" disabled={!asked().distributed} onClick={() => void runOnce()}>
            Run
          </button>
        </Show>
      </div>
    </div>
  );
}

function QuoteText(props: { quote: QuoteAnswer }) {
  return (
    <Switch>
      <Match when={props.quote.answer === "quote" && props.quote}>
        {(quote) => (
          <>
            A run costs about <strong>{money(quote().micro_usd.likely)}</strong> ({money(quote().micro_usd.low)} to{" "}
            {money(quote().micro_usd.high)}) and takes {duration(quote().ns.likely)}.{" "}
            <span class="muted">
              Estimated from {plural(quote().learnt_from, "run")}, prices of {quote().price_book.date}.
            </span>
          </>
        )}
      </Match>
      <Match when={props.quote.answer === "needs_sample" && props.quote}>
        {(sample) => (
          <>
            <Show when={sample().at_least_micro_usd} fallback="There is no price for it yet.">
              {(least) => (
                <>
                  A run costs <strong>{money(least())}</strong> or more.
                </>
              )}
            </Show>{" "}
            <span class="muted">
              That is each call of the program once; how often loops go round is known when it has run once.
            </span>
          </>
        )}
      </Match>
    </Switch>
  );
}
