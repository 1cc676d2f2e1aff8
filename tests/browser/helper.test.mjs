// A coordinator takes a volunteer on, mends her file, adds a paper, and takes her out of work again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("somebody is taken on, and can be given visits", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator");
  const { page } = coordinator;
  const field = (id) => page.locator(`#helper-${id}`);
  const id = () => Number(page.url().split("/").at(-1));
  const file = () => asked(coordinator, `/api/helpers/${id()}/file`);

  await step("what is missing is said at its field, and what was typed stays", async () => {
    await page.goto("/providers/1");
    await page.getByTestId("helper-new").click();
    await field("name").fill("顾晓兰");
    await field("hours-2").fill("上午");
    await page.getByTestId("helper-save").click();
    await page.locator("#helper-phone-error").waitFor();
    await page.locator("#helper-hours-2-error").waitFor();
    assert.equal(await field("name").inputValue(), "顾晓兰");
    await world.look(page, "helper: new, refused");
  });

  await step("she is taken on, and is on the list", async () => {
    await field("birth_date").fill("1962-03-08");
    await field("phone").fill("13800138000");
    await field("hours-2").fill("08:00-11:30");
    await page.locator("fieldset input[type=checkbox]").first().check();
    await page.getByTestId("helper-save").click();
    await page.getByTestId("credential-add").waitFor();
    await world.look(page, "helper: file");
    const made = await file();
    assert.equal(made.name, "顾晓兰");
    assert.deepEqual(
      made.hours.filter((one) => one.weekday === 2),
      [{ weekday: 2, from_min: 480, to_min: 690 }],
    );
  });

  await step("a paper that proves a skill is added", async () => {
    await page.getByTestId("credential-add").click();
    const form = page.locator("form").first();
    await form.locator("select").selectOption({ index: 1 });
    await form.getByLabel("证件名称").fill("养老护理员证书");
    await form.getByLabel("证件编号").fill("2026-001");
    await form.getByLabel("有效期从").fill("2024-01-01");
    await form.getByLabel("有效期到").fill("2030-01-01");
    await form.locator("[type=submit]").click();
    await page.getByText("2026-001").waitFor();
    assert.equal((await file()).credentials.length, 1);
  });

  await step("she is taken out of work", async () => {
    await page.getByTestId("helper-active").uncheck();
    await page.getByTestId("helper-save").click();
    await page.getByText("已停用，不会再派单。").waitFor();
    assert.equal((await file()).active, false);
  });

  await step("every page on the way was sound", () => world.assertAllWell());
});
