// The same every week: a daughter looks at every date first, makes the series, leaves one date out and adds it back; the
// coordinator sees it among the others.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("a daughter makes a weekly series and leaves one date out", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const { page } = daughter;
  let skipped;

  await step("finds the way from her mother's page", async () => {
    await page.goto("/family/residents/1");
    await page.getByTestId("series-new").click();
    await page.getByRole("heading", { level: 1, name: /每周同样/ }).waitFor();
    await world.look(page, "series: new");
  });

  await step("is told what is missing, and sees every date before anything is written", async () => {
    await page.getByTestId("series-preview").click();
    await page.getByTestId("error-summary").waitFor();
    await page.getByLabel("服务", { exact: true }).selectOption("CLN01");
    await page.getByLabel("周五").check();
    await page.getByLabel("几点").fill("14:00");
    await page.getByTestId("series-preview").click();
    const dates = page.getByTestId("series-foreseen").locator("[data-date]");
    await dates.first().waitFor();
    assert.ok((await dates.count()) >= 8, "two a week for four weeks");
    await world.look(page, "series: preview");
  });

  await step("makes it, leaves one date out and adds it back", async () => {
    await page.getByTestId("series-make").click();
    await page.waitForURL(/\/series\/\d+/);
    const booked = page.locator('[data-became="booked"]');
    await booked.first().waitFor();
    await world.look(page, "series");
    skipped = await booked.nth(2).getAttribute("data-date");
    const row = page.locator(`[data-date="${skipped}"]`);
    await row.getByTestId("skip").click();
    await page.locator(`[data-date="${skipped}"][data-became="skipped"]`).waitFor();
    await world.look(page, "series: left out");
    await row.getByTestId("add-back").click();
    await page.locator(`[data-date="${skipped}"][data-became="booked"]`).waitFor();
    await row.getByTestId("skip").click();
    await page.locator(`[data-date="${skipped}"][data-became="skipped"]`).waitFor();
  });

  await step("the coordinator sees it, the calendar and the kitchen's count", async () => {
    const coordinator = await world.enter("coordinator");
    await coordinator.page.goto("/series");
    await coordinator.page.locator("tbody tr").first().waitFor();
    await world.look(coordinator.page, "series: list");
    await coordinator.page.goto("/calendar");
    await coordinator.page.locator("[data-date]").first().waitFor();
    assert.equal(await coordinator.page.locator('[data-date^="2026-10-0"]').count(), 7, "National Day");
    await world.look(coordinator.page, "calendar");
    await coordinator.page.goto("/meals");
    await coordinator.page.locator("tbody tr").first().waitFor();
    await world.look(coordinator.page, "meals");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
