// A plan that takes its time: begun on the board, watched, stopped when it is good enough, published; thrown away while it is
// searched; and a week.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { boardOf, takeOffOne, visitOf } from "./desk.mjs";
import { openWorld, TOMORROW } from "./world.mjs";

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 320, height: 640 };

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

async function begin({ page }, { span = "1", time = "60" } = {}) {
  await page.goto(`/board?date=${TOMORROW}`);
  await page.getByTestId("plan-span").selectOption(span);
  await page.getByTestId("plan-time").selectOption(time);
  await page.getByTestId("plan-day").click();
  await page.waitForURL(/\/plans\//);
  await page.getByTestId("plan-search").waitFor();
}

const figure = (page, name) => page.locator(`[data-figure="plan.search_${name}"]`).innerText();
const number = (text) => Number(text.replace(/\D/g, ""));

test("a search is watched, stopped when it is good enough, and published", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const visit = await takeOffOne(coordinator);

  await step("the page of the plan is there at once and shows how far it is", async () => {
    await begin(coordinator);
    await page.evaluate(() => (window.openedBefore = true));
    await page.waitForFunction(() => document.querySelector("progress")?.value > 1);
    const tried = number(await figure(page, "tried"));
    assert.ok(tried > 0, "nothing was tried");
    assert.match(await figure(page, "unfilled"), /^\d+$/);
    assert.match(await figure(page, "walking"), /^[\d,]+$/);
    await page.waitForFunction((before) => Number(document.querySelector('[data-figure="plan.search_tried"]').textContent.replace(/\D/g, "")) > before, tried);
    await world.look(page, "plan: searching");
  });

  await step("the board of that day leads to it, on a narrow screen and in large type too", async () => {
    const phone = await world.enter("coordinator", PHONE);
    await phone.page.evaluate(() => localStorage.setItem("yinling.elder", "1"));
    await phone.page.goto(`/board?date=${TOMORROW}`);
    await phone.page.getByTestId("searching-plan").getByRole("link", { name: "看算到哪了" }).click();
    await phone.page.getByTestId("plan-search").waitFor();
    await phone.page.getByTestId("stop").waitFor();
    await world.look(phone.page, "plan: searching, narrow");
  });

  await step("stopped, it is a draft without a reload, and the reader is at its heading", async () => {
    const asked = Date.now();
    await page.getByTestId("stop").click();
    await page.getByTestId("plan-summary").waitFor();
    assert.ok(Date.now() - asked < 10_000, "it took as long as the search");
    await page.getByTestId("spoken").getByText("排好了").waitFor();
    assert.ok(await page.evaluate(() => window.openedBefore), "the page was loaded anew");
    await page.waitForFunction(() => document.activeElement?.tagName === "H1");
    await page.getByTestId("plan-changes").locator(`[data-visit="${visit.id}"]`).waitFor();
    await world.look(page, "plan: stopped");
  });

  await step("and can be published", async () => {
    await page.getByTestId("publish").click();
    await page.getByTestId("plan-outcome").waitFor();
    assert.equal((await visitOf(coordinator, visit.id)).state, "offered");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a search is thrown away, and nothing was changed", async (t) => {
  let letAnswer;
  const mayAnswer = new Promise((resolve) => (letAnswer = resolve));
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  await step("it is given up", async () => {
    await begin(coordinator);
    // The live message tells the page before the answer does, as it may.
    await page.route("**/api/plans/*", async (route) => {
      if (route.request().method() !== "DELETE") return route.continue();
      const response = await route.fetch();
      await mayAnswer;
      await route.fulfill({ response });
    });
    await page.getByTestId("discard").click();
    await page.getByTestId("plan-outcome").getByText("没有采用").waitFor();
    assert.equal(await page.getByTestId("plan-search").count(), 0);
    await world.look(page, "plan: thrown away");
  });
  await step("the board no longer speaks of it", async () => {
    assert.equal((await boardOf(coordinator)).plan, null);
    await page.getByRole("link", { name: "回排班台" }).click();
    await page.getByTestId("board-grid").waitFor();
    assert.equal(await page.getByTestId("searching-plan").count(), 0);
    letAnswer();
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a week is planned and its changes stand day by day", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const visit = await takeOffOne(coordinator);
  await step("the heading names both ends, and the days are in order", async () => {
    await begin(coordinator, { span: "7", time: "2" });
    await page.getByRole("heading", { name: "11月25日到12月1日的方案" }).waitFor();
    const changes = page.getByTestId("plan-changes");
    await changes.locator(`[data-date="${TOMORROW}"] [data-visit="${visit.id}"]`).waitFor();
    const dates = await changes.locator("section").evaluateAll((sections) => sections.map((one) => one.dataset.date));
    assert.deepEqual(dates, [...dates].sort());
    await world.look(page, "plan: a week");
  });
  await step("published, it holds", async () => {
    await page.getByTestId("publish").click();
    await page.getByTestId("plan-outcome").waitFor();
    assert.equal((await visitOf(coordinator, visit.id)).state, "offered");
    await world.look(page, "plan: a week, published");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
