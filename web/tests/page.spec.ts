/** The page as people use it, in a browser, on an engine with simulated models. */

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { chromium } from "./browser";
import { Engine, test } from "./engine";

test.skip(chromium() === undefined, "SKIPPED: no Chromium. Install one (Debian: apt-get install chromium) or set DICE_TEST_CHROMIUM");

const ACCIDENT = "In the accident scene, report the color and model";

async function writeProgram(page: Page): Promise<void> {
  await page.getByRole("button", { name: "accident scene" }).click();
  await expect(page.getByLabel("Your question")).toHaveValue(new RegExp(ACCIDENT));
  await page.getByRole("button", { name: "Write the program" }).click();
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeEnabled();
}

/** In both colours, and by the rules that a screen reader's user needs. */
async function checkAndShow(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.screenshot({ path: `test-results/${name}-${colorScheme}.png`, fullPage: true });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}

test("a question is answered, and the saving shown", async ({ page }) => {
  await checkAndShow(page, "ask-empty");
  await writeProgram(page);
  await expect(page.getByText("recorded answer")).toBeVisible();
  await expect(page.getByRole("region", { name: "Distributed", exact: true })).toContainText("hermod.ahead");
  await expect(page.locator(".quote")).toContainText("A run costs");

  // A call lights up in both programs.
  await page.locator('[aria-label="Serial"] .call').first().hover();
  await expect(page.locator('[aria-label="Distributed"] .call[data-lit]').first()).toBeVisible();
  await checkAndShow(page, "ask-written");

  await page.getByRole("button", { name: "Run beside the baseline" }).click();
  await expect(page.locator(".saving .big")).toContainText(/\d+ % saved/);
  await expect(page.locator(".saving")).toContainText("the same answer");
  const printed = (await page.getByRole("region", { name: "Output" }).innerText()).trim().split("\n");
  expect(printed.length).toBeGreaterThan(1);
  // A box of each car that the answer tells of.
  await expect(page.locator(".picture .box")).toHaveCount(printed.length);
  await checkAndShow(page, "ask-answered");

  await page.getByRole("link", { name: "its calls one by one" }).click();
  await expect(page.getByRole("heading", { name: "Models used, baseline" })).toBeVisible();
  await page.locator("summary", { hasText: "as a list" }).click();
  await page.getByRole("button", { name: "glip, call 0" }).click();
  await expect(page.locator(".call-detail")).toContainText('"width"');
  await expect(page.locator(".call-detail")).toContainText("lease");
  await checkAndShow(page, "flow");

  await page.getByRole("link", { name: "Cost" }).click();
  await expect(page.locator(".cost .big")).toContainText("saved");
  await expect(page.locator(".cost")).toContainText("gap to this fleet's floor");
  await expect(page.locator(".cost")).toContainText("Prices of 20");
  await checkAndShow(page, "cost");
});

test("what ran is listed, found and run again", async ({ page }) => {
  await writeProgram(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("region", { name: "Output" })).toContainText("Car 1");
  await page.getByRole("link", { name: "Runs" }).click();
  await page.getByLabel("Search").fill("accident done");
  await expect(page.locator("tbody tr").first()).toContainText(ACCIDENT);
  await checkAndShow(page, "runs");
  await page.getByLabel("Search").fill("no such words");
  await expect(page.locator("tbody tr")).toHaveCount(0);

  await page.getByLabel("Search").fill("");
  await page.locator("tbody a").first().click();
  const first = new URL(page.url()).hash;
  await expect(page.getByRole("region", { name: "Program", exact: true })).toContainText("hermod.ahead");
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(page).not.toHaveURL(new RegExp(`${first}$`));
  await expect(page.locator(".run-head .state")).toHaveText("done");
  await expect(page.getByRole("region", { name: "Output" })).toContainText("Car 1");
  await checkAndShow(page, "run");

  await page.getByRole("button", { name: "Ask again" }).click();
  await expect(page.getByLabel("Your question")).toHaveValue(new RegExp(ACCIDENT));
  await expect(page.getByLabel("The name under which the program opens it")).toHaveValue("accident_scene.jpg");
});

test("functions are told with their types and how they fare", async ({ page }) => {
  await page.getByRole("link", { name: "Functions", exact: true }).click();
  await expect(page.locator(".function").filter({ hasText: "glip(image: image, object_name: text) → list of" })).toBeVisible();
  await expect(page.getByText("simulated").first()).toBeVisible();
  await expect(page.locator(".device")).toHaveCount(2);
  await checkAndShow(page, "functions");
});

test("by keyboard alone; what fails says why and what to do", async ({ page, complaints }) => {
  await page.getByLabel("Your question").focus();
  await page.keyboard.type("Is anybody there?");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("No program was written");
  await expect(page.getByRole("alert")).toContainText("What to do:");
  await checkAndShow(page, "ask-failed");
  // The browser writes down that the engine refused: that is what was tested.
  expect(complaints.splice(0).join()).toContain("422");
});

test("a file is dropped, named and taken away", async ({ page }) => {
  const transfer = await page.evaluateHandle(() => {
    const files = new DataTransfer();
    files.items.add(new File(["a,b\n1,2\n"], "numbers.csv", { type: "text/csv" }));
    return files;
  });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  const name = page.getByLabel("The name under which the program opens it");
  await expect(name).toHaveValue("numbers.csv");
  await expect(page.locator(".file")).toContainText("8 B");
  await name.fill("table.csv");
  await name.press("Enter");
  await page.getByRole("button", { name: "Remove table.csv" }).click();
  await expect(page.locator(".file")).toHaveCount(0);
});

test.describe("sizes", () => {
  for (const [width, height] of [[360, 740], [3840, 2160]] as const) {
    test(`nothing is cut off at ${width} × ${height}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await writeProgram(page);
      await page.getByRole("button", { name: "Run beside the baseline" }).click();
      await expect(page.locator(".saving .big")).toBeVisible();
      for (const hash of ["#/", "#/runs", "#/runs/1", "#/runs/1/flow", "#/runs/1/cost", "#/functions"]) {
        await page.evaluate((hash) => (location.hash = hash), hash);
        await expect(page.locator("main .waiting")).toHaveCount(0);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, hash).toBeLessThanOrEqual(width);
        await page.screenshot({ path: `test-results/${width}-${hash.replaceAll(/\W+/g, "-")}.png` });
      }
    });
  }
});

test("an engine that is gone is said to be, and found again", async ({ page, browserName: _, data, complaints }) => {
  const other = await Engine.start(`${data}/other`);
  await page.goto(other.address);
  await expect(page.locator(".engine")).toContainText("idle");
  await other.stop();
  await expect(page.locator(".banner")).toContainText("dice up");
  await checkAndShow(page, "lost");
  const again = await Engine.start(`${data}/other`, Number(new URL(other.address).port));
  await expect(page.locator(".banner")).toHaveCount(0);
  await expect(page.locator(".engine")).toContainText("idle");
  await again.stop();
  complaints.length = 0; // refused connections, which the browser writes down
});

test("a run goes on without the page", async ({ page }) => {
  await writeProgram(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.locator("#answer")).toBeVisible();
  await page.reload();
  await page.getByRole("link", { name: "Runs" }).click();
  await page.locator("tbody a").first().click();
  await expect(page.locator(".run-head .state")).toHaveText("done");
});
