// The office's pages of thanks and money: the bank's accounts, the vouchers, a provider's month with its workbook.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** Fen as the pages write them. */
const yuan = (fen) => (fen / 100).toFixed(2);
const plain = (text) => text.replace(/[,\s]/g, "");

test("the office looks after hours, vouchers and settlements", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator", { width: 1280, height: 900 });
  const { page } = coordinator;

  await step("the bank's accounts, and one of them on its page", async () => {
    await page.goto("/hours");
    await page.getByRole("table").waitFor();
    await world.look(page, "time bank");
    const bank = await asked(coordinator, "/api/time-accounts");
    const all = [...bank.common, ...bank.accounts];
    assert.equal(await page.locator("tbody tr").count(), all.length);
    const held = bank.accounts.find((row) => row.balance_min > 0);
    await page.locator("tbody tr").filter({ hasText: held.whose }).first().getByRole("button").click();
    await page.getByTestId("statement").waitFor();
    await world.look(page, "time bank: an account");
    await page.getByTestId("reverse").first().click();
    await page.getByTestId("reversing").locator("button[type=submit]").click();
    await page.locator("#reverse-reason[aria-invalid=true]").waitFor();
    await world.look(page, "time bank: taking back");
  });

  await step("vouchers with their sums in yuan, and one to be given", async () => {
    await page.goto("/vouchers");
    await page.getByTestId("voucher-totals").waitFor();
    const totals = await asked(coordinator, "/api/vouchers/totals");
    const shown = plain(await page.getByTestId("voucher-totals").innerText());
    for (const sum of ["issued", "used", "expired", "open"]) {
      assert.ok(shown.includes(yuan(totals[sum].fen)), `${sum} ${yuan(totals[sum].fen)} in ${shown}`);
    }
    await world.look(page, "vouchers");
    await page.getByTestId("issue").click();
    await page.getByTestId("issue-go").click();
    await page.locator("[aria-invalid=true]").first().waitFor();
    await world.look(page, "vouchers: something is missing");
  });

  await step("a provider's month, its sums, and its workbook", async () => {
    await page.goto("/settlements");
    await page.getByTestId("settlement").waitFor();
    await page.getByTestId("month-before").click();
    await page.getByTestId("settlement").waitFor();
    const href = await page.getByTestId("workbook").getAttribute("href");
    const settled = await asked(coordinator, href.replace("/workbook", ""));
    assert.ok(settled.visits.length > 0, "last month somebody came");
    await page.getByText(settled.visits[0].service).first().waitFor();
    const shown = plain(await page.getByTestId("settlement").innerText());
    for (const fen of [settled.price_fen, settled.owed_fen, ...settled.totals.map((line) => line.amount_fen)]) {
      assert.ok(shown.includes(yuan(fen)), `${yuan(fen)} in ${shown}`);
    }
    await world.look(page, "settlements");
    const coming = page.waitForEvent("download");
    await page.getByTestId("workbook").click();
    const download = await coming;
    assert.match(download.suggestedFilename(), /^settlement-\d+-2026-10\.xlsx$/);
    assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), "PK");
  });

  await step("a month without anything says so", async () => {
    await page.getByLabel("服务商").selectOption({ index: 1 });
    for (let n = 0; n < 8; n += 1) await page.getByTestId("month-before").click();
    await page.getByTestId("settlement").waitFor();
    await world.look(page, "settlements: empty");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
