// What the clock notices without anybody asking: a visit to which nobody came is on the coordinator's first screen within a
// minute, on a page that is left alone, and whoever lives alone is to be rung.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { at, openWorld, TODAY } from "./world.mjs";

const MINUTE_MS = 60_000;

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("what is missed comes to the first screen by itself", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", { width: 1280, height: 900 });
  const { page } = coordinator;
  const desk = await world.enter("coordinator");
  const rung = async () => {
    const { due, later, done } = await asked(desk, "/api/check-calls");
    return [...due, ...later, ...done].map((call) => call.resident_id);
  };
  let known;
  let ringing;

  await step("she has the board before her, and does not touch it again", async () => {
    await page.goto("/board");
    await page.getByTestId("first-screen").waitFor();
    const { missed, late } = await asked(desk, "/api/quality/first-screen");
    known = new Set([...missed, ...late].map((row) => row.visit_id));
    ringing = new Set(await rung());
    await page.evaluate(() => (window.untouched = true));
  });

  await step("the morning goes by: what nobody came to is there within a minute", async () => {
    world.program.setClock(at(TODAY, "13:00"));
    const began = Date.now();
    const missed = page.getByTestId("watched").filter({ hasText: "到现在没有消息" });
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll("[data-testid=watched]")].some(
          (row) => !before.includes(Number(row.dataset.visit)) && row.innerText.includes("到现在没有消息"),
        ),
      [...known],
      { timeout: MINUTE_MS },
    );
    const ids = await missed.evaluateAll((rows) => rows.map((row) => Number(row.dataset.visit)));
    assert.ok(ids.some((id) => !known.has(id)));
    assert.ok(Date.now() - began < MINUTE_MS);
    assert.equal(await page.evaluate(() => window.untouched), true, "nobody reloaded it");
    await world.look(page, "first screen: missed");
  });

  await step("it is on record, and those who live alone are to be rung", async () => {
    const until = Date.now() + MINUTE_MS;
    const { missed } = await asked(desk, "/api/quality/first-screen");
    const alone = missed.filter((row) => row.alone && !known.has(row.visit_id) && !ringing.has(row.resident_id));
    assert.ok(alone.length > 0, "somebody of them lives alone");
    let now = await rung();
    while (!alone.every((row) => now.includes(row.resident_id)) && Date.now() < until) {
      await page.waitForTimeout(500);
      now = await rung();
    }
    for (const row of alone) assert.ok(now.includes(row.resident_id), `nobody is to ring ${row.resident}`);
    // The sign on the same page says how many are due.
    const sign = page.getByTestId("sign-checks");
    await sign.waitFor({ timeout: MINUTE_MS });
    assert.ok(Number((await sign.innerText()).match(/\d+/)[0]) > 0);
    assert.equal(await page.evaluate(() => window.untouched), true);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
