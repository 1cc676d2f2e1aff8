// A provider's way: taken down by the coordinator, its papers checked, approved by two people, and suspended with what runs
// listed and handed over.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("an applicant is taken down, checked, and approved by two people", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator");
  const admin = await world.enter("admin");
  const { page } = coordinator;
  let id;
  const file = () => asked(coordinator, `/api/providers/${id}`);

  await step("the list shows who waits, who is suspended, whose papers expire", async () => {
    await page.goto("/providers");
    await page.locator("[data-standing=checked]").waitFor();
    await page.locator("[data-standing=suspended]").waitFor();
    await world.look(page, "providers");
  });

  await step("an application without a service is refused at its field", async () => {
    await page.goto("/providers/new");
    const field = (label) => page.locator("main").getByLabel(label, { exact: false });
    await field("名称").fill("清水湾理发店");
    await field("电话").fill("0710-3551234");
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await page.getByText("请至少选一项服务。").first().waitFor();
    world.wasMeant(coordinator, 422);
    await world.look(page, "provider: new");
    await page.getByLabel("找服务").fill("理发");
    await page.locator("fieldset input[type=checkbox]").nth(1).check();
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await page.waitForURL(/\/providers\/\d+$/);
    id = Number(page.url().split("/").at(-1));
  });

  await step("each needed paper is recorded and checked", async () => {
    const { needed } = await file();
    for (const { kind } of needed) {
      await page.getByTestId("paper-add").click();
      await page.getByLabel("证件", { exact: true }).selectOption(kind);
      await page.getByLabel("证号").fill("91420600MA00000000");
      await page.getByLabel("发证单位").fill("襄阳市市场监督管理局");
      await page.getByRole("button", { name: "保存" }).click();
      await page.getByTestId("paper-check").click();
      await page.getByTestId("paper-check").waitFor({ state: "detached" });
    }
    await world.look(page, "provider: papers");
    await page.locator("[data-step=check]").click();
    await page.locator("[data-step=approve]").waitFor();
  });

  await step("the second approval is another person's", async () => {
    await page.locator("[data-step=approve]").click();
    await page.locator("[data-step=approve][aria-disabled]").waitFor();
    assert.equal((await file()).standing, "checked");
    await world.look(page, "provider: half approved");
    await admin.page.goto(`/providers/${id}`);
    await admin.page.locator("[data-step=approve]").click();
    await admin.page.locator("[data-standing=approved]").waitFor();
    assert.equal((await file()).takes_work, true);
    await page.locator("[data-standing=approved]").waitFor();
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a suspension lists what runs, and it is handed over", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const coordinator = await world.enter("coordinator");
  const { page } = coordinator;
  const lines = await asked(coordinator, "/api/providers/register");
  const company = lines.find((one) => one.kind === "care_company");

  await step("a reason is asked for", async () => {
    await page.goto(`/providers/${company.id}`);
    await page.locator("[data-step=suspend]").click();
    await page.locator("form [type=submit]").click();
    await page.getByText("请写明原因。").first().waitFor();
    world.wasMeant(coordinator, 422);
    await page.getByLabel("原因").fill("保险到期，先停新单");
    await page.locator("form [type=submit]").click();
    await page.locator("[data-standing=suspended]").waitFor();
    await page.getByTestId("hand-over").waitFor();
    await world.look(page, "provider: suspended");
  });

  await step("one of the running visits goes to others", async () => {
    const before = await asked(coordinator, `/api/providers/${company.id}`);
    const one = before.running.find(({ open }) => open);
    await page.locator(`[data-visit="${one.visit_id}"] input`).check();
    await page.getByTestId("hand-over").click();
    await page.locator(`[data-visit="${one.visit_id}"]`).waitFor({ state: "detached" });
    const visit = await asked(coordinator, `/api/visits/${one.visit_id}`);
    assert.ok(["unfilled", "offered"].includes(visit.state), visit.state);
    await page.locator("[data-step=resume]").click();
    await page.locator("[data-standing=approved]").waitFor();
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
