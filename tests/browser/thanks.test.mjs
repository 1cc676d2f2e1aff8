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

test("the office decides who pays, and grants a subsidy", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", { width: 1440, height: 900 });
  const { page } = coordinator;
  const money = (id) => asked(coordinator, `/api/residents/${id}/money`);
  const before = await money(1);
  const visit = before.visits.find((one) => one.price_fen > 0);
  const dialog = page.getByTestId("decide-form");

  await step("the file leads to the statement", async () => {
    await page.goto("/roll/1");
    await page.getByTestId("money-link").click();
    await page.getByTestId("money-totals").waitFor();
  });

  await step("nothing is waived without a reason, nor more than it costs", async () => {
    await page.getByTestId("decide").first().click();
    await dialog.locator("[name=waived]").fill(String(visit.price_fen / 100 + 1));
    await page.getByTestId("decide-go").click();
    await dialog.locator("[name=waived][aria-invalid=true]").waitFor();
    await dialog.locator("[name=waived]").fill("10.50");
    await page.getByTestId("decide-go").click();
    await dialog.locator("[name=waived-reason][aria-invalid=true]").waitFor();
    assert.equal(await dialog.locator("[name=waived]").inputValue(), "10.50");
    await world.look(page, "money: who pays");
    assert.deepEqual((await money(1)).visits, before.visits);
  });

  await step("with a reason it is, and the statement follows", async () => {
    await dialog.locator("[name=waived-reason]").fill("那天热水器坏了，没洗成");
    await page.getByTestId("decide-go").click();
    await page.getByTestId("money-said").waitFor();
    const now = (await money(1)).visits.find((one) => one.visit_id === visit.visit_id);
    const waived = now.lines.find((line) => line.source === "waived");
    assert.deepEqual([waived.amount_fen, waived.reason], [1050, "那天热水器坏了，没洗成"]);
    assert.equal(now.lines.reduce((sum, line) => sum + line.amount_fen, 0), visit.price_fen);
    await page.getByText("那天热水器坏了，没洗成").waitFor();
  });

  await step("a subsidy is refused where nobody needs care, in words at its field", async () => {
    await page.locator("[name=allowance]").fill("300");
    await page.getByTestId("grant-go").click();
    await page.getByText("评估为中度失能及以上的老人才有补贴").waitFor();
    assert.equal(await page.locator("[name=allowance]").inputValue(), "300");
    world.wasMeant(coordinator, 422);
    await world.look(page, "money: no subsidy");
  });

  await step("and granted where somebody does", async () => {
    const { rows } = await asked(coordinator, "/api/roll?part=expiring");
    const who = rows.find((row) => row.ability_level >= 2) ?? assert.fail("nobody needs care");
    await page.goto(`/family/residents/${who.id}/money`);
    await page.locator("[name=allowance]").fill("301");
    await page.getByTestId("grant-go").click();
    await page.getByTestId("money-said").waitFor();
    assert.equal((await money(who.id)).subsidy.allowance_fen, 30_100);
    await world.look(page, "money: a subsidy");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a voucher that was given by mistake is withdrawn, and the family is shown why", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const office = await world.enter("coordinator");
  const { page } = office;
  const unused = (one) => one.state === "open" || one.state === "expired";
  let voucher;

  await step("the office says why", async () => {
    await page.goto("/vouchers");
    voucher = (await asked(office, "/api/vouchers")).vouchers.find(unused);
    await page.getByTestId("withdraw").first().click();
    await page.getByTestId("withdraw-go").click();
    await page.locator("[data-testid=withdraw-form] .error").waitFor();
    await page.locator("input[name=reason]").fill("同一次活动发了两张");
    await world.look(page, "vouchers: withdrawing");
    await page.getByTestId("withdraw-go").click();
    await page.getByTestId("voucher-said").waitFor();
    const now = (await asked(office, "/api/vouchers")).vouchers.find((one) => one.id === voucher.id);
    assert.equal(now.state, "withdrawn");
  });

  await step("it stands in the resident's money as withdrawn", async () => {
    await page.goto(`/family/residents/${voucher.resident_id}/money`);
    const gone = page.getByTestId("vouchers-withdrawn");
    await gone.waitFor();
    assert.ok((await gone.innerText()).includes("同一次活动发了两张"));
    await world.look(page, "money: a withdrawn voucher");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
