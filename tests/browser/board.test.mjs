// The coordinator's board as people use it: with the mouse, with the keyboard alone while somebody else watches, against a
// rule with a reason, back again, and a day planned.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked, boardOf, takeOffOne, visitOf } from "./desk.mjs";
import { barOf, cardOf, carry } from "./dragging.mjs";
import { openWorld, TOMORROW } from "./world.mjs";

const DESK = { width: 1440, height: 900 };
const REASON = "女儿已和他说好，请他早来一会儿";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const clock = (instant) =>
  new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "numeric", minute: "2-digit", hour12: false }).format(new Date(instant));

async function openBoard(person) {
  await person.page.goto(`/board?date=${TOMORROW}`);
  await person.page.getByTestId("board-grid").waitFor();
  await person.page.getByTestId("tray").waitFor();
}

/** A card of the tray, and somebody who could come but that it is not one of their hours. */
async function outOfHours(person) {
  const { unfilled } = await boardOf(person);
  for (const card of unfilled.filter((one) => one.crew_size === 1)) {
    const { excluded } = await asked(person, `/api/visits/${card.visit_id}/suggestions`);
    const one = excluded.find(({ reasons }) => reasons.length === 1 && reasons[0].code === "available");
    if (one) return { id: card.visit_id, helper: one.helper_id, name: one.helper, sentence: one.reasons[0].sentence };
  }
  return assert.fail("nobody lacks nothing but the hours");
}

test("a visit is dragged out of the tray onto a helper's row, and back by undo", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const visit = await takeOffOne(coordinator);
  await openBoard(coordinator);
  const status = page.getByTestId("move-status");

  await step("the board says while it is in the hand that it fits", () =>
    carry(page, { visit: visit.id, helper: visit.helper, clock: clock(visit.otherStart) }, async () => {
      const ghost = page.getByTestId("ghost");
      await ghost.getByText("可以", { exact: true }).waitFor();
      assert.match(await ghost.innerText(), new RegExp(clock(visit.otherStart)));
    }),
  );

  await step("let go, it is assigned at that time", async () => {
    await page.getByTestId("undo").waitFor();
    assert.match(await status.innerText(), new RegExp(clock(visit.otherStart)));
    await barOf(page, visit.id, visit.helper).waitFor();
    assert.equal(await cardOf(page, visit.id).count(), 0, "it is still in the tray");
    const now = await visitOf(coordinator, visit.id);
    assert.deepEqual([now.helpers.map(({ id }) => id), now.start, now.state], [[visit.helper], visit.otherStart, "offered"]);
    await world.look(page, "board: dragged");
  });

  await step("undo puts it back", async () => {
    await page.getByTestId("undo").click();
    await cardOf(page, visit.id).waitFor();
    assert.equal(await barOf(page, visit.id, visit.helper).count(), 0, "it still stands in the row");
    const now = await visitOf(coordinator, visit.id);
    assert.deepEqual([now.helpers, now.start, now.state], [[], visit.start, "unfilled"]);
    assert.match(await cardOf(page, visit.id).innerText(), new RegExp(clock(visit.start)));
    assert.match(await status.innerText(), /放回原处/);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

/** Presses a key until the focus is on something that fits; answers how often. */
async function pressUntil(page, key, selector, most = 200) {
  for (let times = 0; times <= most; times += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return times;
    await page.keyboard.press(key);
  }
  return assert.fail(`${key} does not lead to ${selector}`);
}

test("the keyboard alone assigns, and the clerk's board follows by itself", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const visit = await takeOffOne(coordinator);
  const clerk = await world.enter("clerk", DESK);
  await openBoard(clerk);
  await cardOf(clerk.page, visit.id).waitFor();
  // Lost with a reload, were there one.
  await clerk.page.evaluate(() => (window.openedBefore = true));
  await openBoard(coordinator);

  await step("the keyboard finds the card", async () => {
    await pressUntil(page, "Tab", "[data-card]");
    await pressUntil(page, "ArrowDown", `[data-card="${visit.id}"]`);
    await page.keyboard.press("Enter");
    await page.getByTestId("visit-panel").waitFor();
    await page.getByTestId("ranked").waitFor();
    await world.look(page, "board: dialog");
  });

  let name;
  await step("and the first who could go", async () => {
    await pressUntil(page, "Tab", "[data-testid=choose]");
    await page.keyboard.press("Enter");
    await page.getByTestId("visit-panel").waitFor({ state: "detached" });
    const now = await visitOf(coordinator, visit.id);
    assert.equal(now.state, "offered");
    name = now.helpers[0].name;
    assert.match(await page.getByTestId("move-status").innerText(), new RegExp(name));
  });

  await step("the focus is on the visit in its new row", () =>
    page.waitForFunction((id) => document.activeElement?.matches(`[data-bar][data-visit="${id}"]`), String(visit.id)),
  );

  await step("the clerk sees it without doing anything, and hears of it", async () => {
    // Well before the board would ask again by itself, which it does once a minute.
    await cardOf(clerk.page, visit.id).waitFor({ state: "detached", timeout: 5_000 });
    const { helpers } = await boardOf(clerk);
    const now = helpers.find(({ bars }) => bars.some((bar) => bar.visit_id === visit.id));
    assert.equal(now.name, name);
    await barOf(clerk.page, visit.id, now.id).waitFor();
    await clerk.page.getByTestId("spoken").getByText("别人改动了").waitFor();
    assert.ok(await clerk.page.evaluate(() => window.openedBefore), "the page was loaded anew");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a rule is set aside with a reason, which stays with the visit", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  await openBoard(coordinator);
  const visit = await outOfHours(coordinator);
  const rules = page.getByTestId("broken-rules");

  await step("it is refused in words", async () => {
    await carry(page, { visit: visit.id, helper: visit.helper });
    await rules.getByText(visit.sentence).waitFor();
    assert.match(await page.getByRole("dialog").innerText(), new RegExp(`，${visit.name}。`), "it does not say of whom");
    assert.equal((await visitOf(coordinator, visit.id)).state, "unfilled");
    await cardOf(page, visit.id).waitFor();
    world.wasMeant(coordinator, 422);
    await world.look(page, "board: a rule in the way");
  });

  await step("not without a reason", async () => {
    await page.getByTestId("override-go").click();
    await rules.getByText("请写一句理由").waitFor();
    assert.equal((await visitOf(coordinator, visit.id)).state, "unfilled");
  });

  await step("with a reason it is done", async () => {
    await page.getByTestId("override-reason").fill(REASON);
    await page.getByTestId("override-go").click();
    await rules.waitFor({ state: "detached" });
    await barOf(page, visit.id, visit.helper).waitFor();
  });

  await step("the visit shows the reason", async () => {
    await barOf(page, visit.id, visit.helper).click();
    const facts = page.getByTestId("visit-facts");
    await facts.getByText(REASON).waitFor();
    assert.match(await facts.innerText(), new RegExp(visit.name));
    await world.look(page, "board: the reason");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("two visits of a household are put in order, and the board says so", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const { helpers } = await boardOf(coordinator);
  const placed = helpers.flatMap(({ id, bars }) => bars.map((bar) => ({ helper: id, bar })));
  const { helper, bar } = placed.find((one) => one.bar.linked && one.bar.movable) ?? assert.fail("no visit of tomorrow keeps an order");
  const [link] = (await visitOf(coordinator, bar.visit_id)).links;
  const links = page.getByTestId("visit-links");
  await openBoard(coordinator);

  await step("its bar says that it keeps an order, and its panel with what", async () => {
    assert.match(await barOf(page, bar.visit_id, helper).getAttribute("title"), /与同户另一次有先后/);
    await barOf(page, bar.visit_id, helper).click();
    await links.getByText(link.service).first().waitFor();
    assert.match(await links.innerText(), new RegExp(clock(link.start)));
    await world.look(page, "board: visits in order");
  });

  await step("the order is taken away", async () => {
    await links.getByTestId("unlink").click();
    await links.getByTestId("unlink").waitFor({ state: "detached" });
    assert.deepEqual((await visitOf(coordinator, bar.visit_id)).links, []);
    await page.waitForFunction(
      ([visit, words]) => [...document.querySelectorAll(`[data-bar][data-visit="${visit}"]`)].every((one) => !one.title.includes(words)),
      [String(bar.visit_id), "与同户另一次有先后"],
    );
  });

  await step("a gap that cannot be is refused at its field, and what was typed stays", async () => {
    await links.getByTestId("link-ask").click();
    await links.getByLabel("哪一件", { exact: true }).selectOption(String(link.visit_id));
    await links.getByLabel("最少隔几分钟").fill("90");
    await links.getByLabel("最多隔几分钟").fill("10");
    await links.getByTestId("link-go").click();
    await links.locator('[aria-invalid="true"]').first().waitFor();
    assert.equal(await links.getByLabel("最多隔几分钟").inputValue(), "10");
    await world.look(page, "board: a gap that cannot be");
  });

  await step("the order is stated again", async () => {
    await links.getByRole("radio").nth(link.goes_before ? 1 : 0).check();
    await links.getByLabel("最少隔几分钟").fill("0");
    await links.getByLabel("最多隔几分钟").fill("240");
    await links.getByTestId("link-go").click();
    await links.getByTestId("unlink").waitFor();
    const [again] = (await visitOf(coordinator, bar.visit_id)).links;
    assert.deepEqual(
      [again.visit_id, again.goes_before, again.least_min, again.most_min, again.kept],
      [link.visit_id, link.goes_before, 0, 240, true],
    );
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a day is planned, its differences looked at, and published", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", DESK);
  const { page } = coordinator;
  const visit = await takeOffOne(coordinator);
  await openBoard(coordinator);
  const before = await boardOf(coordinator);

  const change = page.getByTestId("plan-changes").locator(`[data-visit="${visit.id}"]`);
  await step("the plan says what it would change", async () => {
    await page.getByTestId("plan-day").click();
    await page.getByRole("heading", { name: /的方案/ }).waitFor();
    assert.match(await change.innerText(), /新安排[^]*没有人/);
    assert.ok((await change.locator(".why li").count()) > 0, "the change gives no reason");
    const figures = await page.getByTestId("plan-summary").innerText();
    const [, served, wouldBe] = /(\d+) → (\d+)/.exec(figures);
    assert.ok(Number(wouldBe) > Number(served), figures);
    await world.look(page, "plan: the differences");
  });

  await step("until it is published nothing has changed", async () => {
    const now = await boardOf(coordinator);
    assert.deepEqual(now.unfilled, before.unfilled);
    assert.deepEqual(now.helpers, before.helpers);
    assert.equal((await visitOf(coordinator, visit.id)).state, "unfilled");
    await page.getByRole("link", { name: "回排班台" }).click();
    await page.getByTestId("draft-plan").getByRole("link", { name: "看方案" }).click();
    await change.waitFor();
  });

  await step("published, the day is as the plan said", async () => {
    await page.getByTestId("publish").click();
    await page.getByTestId("plan-outcome").waitFor();
    assert.equal(await change.getAttribute("data-applied"), "true");
    await page.getByRole("link", { name: "回排班台" }).click();
    await page.getByTestId("board-grid").locator(`[data-visit="${visit.id}"]`).waitFor();
    assert.equal(await cardOf(page, visit.id).count(), 0, "it is still in the tray");
    assert.equal(await page.getByTestId("draft-plan").count(), 0, "the plan is still shown as a draft");
    await world.look(page, "board: planned");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
