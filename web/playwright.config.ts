import { defineConfig } from "@playwright/test";
import { chromium } from "./tests/browser";

/** The page in a real browser, on a real engine with simulated models: `make test-web`. */
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // One engine for all tests; what they do to it is seen by the others.
  workers: 1,
  timeout: 400_000,
  expect: { timeout: 180_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: { executablePath: chromium() ?? "", args: ["--no-sandbox"] },
  },
});
