// A panel member's scoring: what she is tied to is not offered; she declares a tie and it is gone; she scores a provider, finds
// what is missing, changes her mind; the office sees her sheet at once. A daughter rates her mother's visit by one tap, and the
// coordinator's first screen has what is missed, until it is said what became of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const cards = (page) => page.getByTestId("panel-provider");

test("panel member's scoring", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const member = await world.enter("panel_member");
  const { page } = member;
  const office = await world.enter("coordinator");
  let card;

  await step("she finds the month, its figures, and not the shop where her nephew works", async () => {
    await page.waitForURL(/\/panel$/);
    await cards(page).first().waitFor();
    assert.equal(await page.getByTestId("month").innerText(), "2026-11");
    assert.equal(await page.getByTestId("not-offered").locator("li").count(), 1);
    assert.equal(await cards(page).count(), 13);
    await page.getByTestId("last-consequence").first().waitFor();
    assert.equal(await page.getByTestId("score").count(), 0, "what others gave is not shown while the month is open");
    await world.look(page, "panel: the month");
  });

  await step("she declares another tie, and that provider is no longer hers", async () => {
    await page.getByTestId("interest-provider").selectOption({ index: 3 });
    const name = (await page.getByTestId("interest-provider").locator("option:checked").innerText()).trim();
    await page.getByTestId("declare").click();
    await page.getByText("请写一句是什么关系。").first().waitFor();
    await page.getByTestId("interest-why").fill("房子租给他们");
    await page.getByTestId("declare").click();
    await page.getByTestId("not-offered").getByText(name).waitFor();
    await cards(page).nth(11).waitFor();
    assert.equal(await cards(page).count(), 12);
    await world.look(page, "panel: declared");
  });
  world.wasMeant(member, 422);

  await step("she scores the first: all criteria, no more points than there are", async () => {
    card = cards(page).first();
    await card.getByTestId("score-it").click();
    await card.getByTestId("save-sheet").click();
    await card.getByText("填 0 到 10 的整数").first().waitFor();
    await world.look(page, "panel: points missing");
    for (const [at, points] of [8, 11, 9, 7, 10].entries()) await card.getByTestId(`points-${at + 1}`).fill(String(points));
    await card.getByTestId("save-sheet").click();
    await card.getByText("填 0 到 10 的整数").waitFor();
    await card.getByTestId("points-2").fill("9");
    await card.getByTestId("save-sheet").click();
    // 25 × 8 + 30 × 9 + 20 × 9 + 15 × 7 + 10 × 10, of 1000.
    await card.getByTestId("mine").getByText("85.5").waitFor();
    await world.look(page, "panel: scored");
  });

  await step("she changes her mind, and the office sees what she gave", async () => {
    await card.getByTestId("score-it").click();
    await card.getByTestId("points-1").fill("10");
    await card.getByTestId("save-sheet").click();
    await card.getByTestId("mine").getByText("90.5").waitFor();
    const desk = office.page;
    await desk.goto("/panel");
    await cards(desk).first().getByText("4/5").waitFor();
    await cards(desk).first().getByTestId("score").waitFor();
    assert.equal(await desk.getByTestId("score-it").count(), 0, "the office does not score");
    await world.look(desk, "panel: the office");
  });

  await step("last month is closed, and what follows is written down", async () => {
    const desk = office.page;
    await desk.getByTestId("month-before").click();
    await desk.getByTestId("month-closed").waitFor();
    const shop = cards(desk).nth(5);
    await shop.getByTestId("decide").click();
    await shop.getByTestId("decide-send").click();
    await shop.getByText("请写一句，让人看得懂。").first().waitFor();
    await shop.getByTestId("reason").fill("评价好，发奖状");
    await shop.getByTestId("decide-send").click();
    await shop.getByTestId("consequence").getByText("评价好，发奖状").waitFor();
    await world.look(desk, "panel: closed");
    await page.goto("/panel?month=2026-10");
    await page.getByTestId("consequence").getByText("评价好，发奖状").waitFor();
    assert.equal(await page.getByTestId("score-it").count(), 0);
  });
  world.wasMeant(office, 422);

  await step("a daughter rates her mother's visit by one tap, low, and says why", async () => {
    const daughter = await world.enter("daughter");
    const hers = daughter.page;
    await hers.goto("/family/residents/1");
    const box = hers.getByTestId("rate-visit");
    await box.getByTestId("face-2").click();
    await box.getByTestId("rated").waitFor();
    await box.getByTestId("rate-words").fill("来得太晚");
    await box.getByTestId("rate-tell").click();
    await box.getByText("您说的话也记下了。").waitFor();
    await world.look(hers, "rated");
    const desk = office.page;
    await desk.goto("/ratings");
    await desk.getByTestId("low-rating").filter({ hasText: "来得太晚" }).waitFor();
    await world.look(desk, "low ratings");
  });

  await step("what is missed is on the first screen until it is said what became of it", async () => {
    const desk = office.page;
    await desk.goto("/board");
    const screen = desk.getByTestId("first-screen");
    await screen.waitFor();
    const rows = screen.getByTestId("watched");
    const missed = rows.filter({ hasText: "到现在没有消息" });
    await missed.first().waitFor();
    const id = await missed.first().getAttribute("data-visit");
    await world.look(desk, "the first screen");
    await missed.first().getByTestId("say-what").click();
    await missed.first().getByTestId("became-done").click();
    await screen.locator(`[data-visit="${id}"]`).waitFor({ state: "detached" });
  });

  await step("a clerk makes a check call", async () => {
    const clerk = await world.enter("clerk");
    await clerk.page.goto("/clerk/care");
    const calls = clerk.page.getByTestId("check-call");
    await calls.first().waitFor();
    await world.look(clerk.page, "care calls");
    const id = await calls.first().getAttribute("data-call");
    await calls.first().getByTestId("heard-fine").click();
    await clerk.page.locator(`[data-call="${id}"]`).waitFor({ state: "detached" });
  });

  world.assertAllWell();
});
