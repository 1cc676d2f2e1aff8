// Thanks: a volunteer reads her hours and gives some away; a merchant takes a voucher that the family reads out, once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("a volunteer's hours are the same on every page, and a gift leaves the account", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const volunteer = await world.enter("volunteer");
  const { page } = volunteer;
  const me = await asked(volunteer, "/api/me");
  const hours = () => asked(volunteer, `/api/helpers/${me.helper_id}/hours`);
  const first = await hours();

  await step("the day leads to the hours", async () => {
    await page.getByTestId("hours-link").click();
    await page.getByTestId("statement").waitFor();
    await world.look(page, "hours");
    const day = await asked(volunteer, `/api/helpers/${me.helper_id}/day`);
    assert.equal(day.minutes_this_month, first.this_month_min);
    const shown = await page.getByTestId("hours-balance").innerText();
    assert.equal(shown, await page.getByTestId("closing").innerText());
  });

  await step("more than there is is refused, and what was typed stays", async () => {
    await page.locator("#give-minutes").fill("1400");
    await page.getByTestId("give-go").click();
    await page.getByTestId("error-summary").waitFor();
    assert.equal(await page.locator("#give-minutes").inputValue(), "1400");
    world.wasMeant(volunteer, 422);
    assert.equal((await hours()).statement.closing_min, first.statement.closing_min);
    await world.look(page, "hours: too much");
  });

  await step("half an hour for the common pool", async () => {
    await page.locator("input[value=pool]").check();
    await page.locator("#give-minutes").fill("0.5");
    await page.getByTestId("give-go").click();
    await page.getByTestId("hours-said").waitFor();
    assert.equal((await hours()).statement.closing_min, first.statement.closing_min - 30);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a merchant takes a voucher once", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const shopkeeper = await world.enter("shopkeeper");
  const { page } = shopkeeper;
  let voucher;

  await step("the family finds the voucher with its code", async () => {
    await daughter.page.goto("/family/residents/1/money");
    await daughter.page.getByTestId("vouchers").waitFor();
    await world.look(daughter.page, "family: money");
    const { vouchers } = await asked(daughter, "/api/residents/1/vouchers");
    voucher = vouchers.find((one) => one.state === "open");
    assert.ok((await daughter.page.getByTestId("vouchers").innerText()).includes(voucher.code));
  });

  await step("a slip is noticed", async () => {
    await world.look(page, "shop");
    const slip = voucher.code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
    await page.locator("#voucher-code").fill(slip);
    await page.getByTestId("look").click();
    await page.locator("#voucher-code-error").waitFor();
    world.wasMeant(shopkeeper, 422);
  });

  await step("the right code shows its worth, and is taken", async () => {
    const { in_all: before } = await asked(shopkeeper, "/api/shop");
    await page.locator("#voucher-code").fill(voucher.code);
    await page.getByTestId("look").click();
    await page.getByTestId("take").waitFor();
    await world.look(page, "shop: found");
    await page.getByTestId("take").click();
    await page.getByTestId("taken").waitFor();
    const { in_all: now } = await asked(shopkeeper, "/api/shop");
    assert.equal(now.fen - before.fen, voucher.value_fen);
  });

  await step("a second time it is not", async () => {
    await page.locator("#voucher-code").fill(voucher.code);
    await page.getByTestId("look").click();
    await page.getByTestId("found").waitFor();
    assert.equal(await page.getByTestId("take").count(), 0);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
