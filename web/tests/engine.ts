/** A `dice up` of the tests' own, with simulated models, and a browser that complains aloud. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test as base } from "@playwright/test";

const ROOT = new URL("../..", import.meta.url).pathname;
const DICE = process.env["DICE_TEST_BINARY"] ?? join(ROOT, "target/release/dice");
const FLEET = join(ROOT, "web/tests/fleet.toml");

/** That no quote can be made is an answer too, which the page shows and the browser writes down. */
const NO_QUOTE = /status of 422 .*\/api\/v1\/quotes$/;

export class Engine {
  private constructor(
    readonly address: string,
    /** Ends when its process has. */
    readonly stop: () => Promise<void>,
  ) {}

  /** `port` 0: any that is free. */
  static async start(data: string, port = 0): Promise<Engine> {
    const engine = ["--data", data, "--functions", "simulated", "--fleet", FLEET];
    const listen = `127.0.0.1:${port}`;
    const child = spawn(DICE, [...engine, "up", "--listen", listen], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const stop = () => {
      child.kill("SIGINT");
      return ended;
    };
    for await (const line of createInterface(child.stdout)) {
      const address = /^HERMOD_URL=(http:.*)$/.exec(line)?.[1];
      if (address !== undefined) {
        child.stdout.resume();
        return new Engine(address, stop);
      }
    }
    throw new Error(`${DICE} up ended before it listened`);
  }
}

/** Each test gets an open page, and fails if the page throws, logs an error or is refused something. */
export const test = base.extend<{ complaints: string[] }, { data: string; engine: Engine }>({
  data: [
    async ({}, use) => {
      const data = mkdtempSync(join(tmpdir(), "dice-page-"));
      await use(data);
      rmSync(data, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  engine: [
    async ({ data }, use) => {
      const engine = await Engine.start(data);
      await use(engine);
      await engine.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  complaints: [
    async ({ page, engine }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.type() !== "error") return;
        const complaint = `${message.text()} ${message.location().url}`;
        if (!NO_QUOTE.test(complaint)) complaints.push(complaint);
      });
      await page.goto(engine.address);
      await use(complaints);
      if (complaints.length > 0) throw new Error(`the page complained:\n${complaints.join("\n")}`);
    },
    { auto: true },
  ],
});
