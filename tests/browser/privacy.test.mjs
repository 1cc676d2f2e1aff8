// To be forgotten: a daughter asks, one of the office looks, another confirms; what goes by itself, who sees what, a new text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked, told } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("two people erase what a family no longer wants kept", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const coordinator = await world.enter("coordinator");
  const admin = await world.enter("admin");
  const card = (person) => person.page.getByTestId("erasure-open").filter({ hasText: name });
  let name = "";

  await step("she reads what goes and what stays, and asks", async () => {
    await daughter.page.goto("/family/residents/1/personal");
    name = (await asked(daughter, "/api/residents/1")).name;
    await daughter.page.getByTestId("erasure-ask").click();
    await daughter.page.getByTestId("erasure-sure").waitFor();
    await world.look(daughter.page, "family: what erasing does");
    await daughter.page.getByTestId("erasure-sure").click();
    await daughter.page.getByTestId("erasure-state").getByText("等待核对").waitFor();
    await world.look(daughter.page, "family: asked to erase");
  });

  await step("she thinks again, and once more", async () => {
    await daughter.page.getByTestId("erasure-back").click();
    await daughter.page.getByTestId("erasure-ask").waitFor();
    await daughter.page.getByTestId("erasure-ask").click();
    await daughter.page.getByTestId("erasure-sure").click();
    await daughter.page.getByTestId("erasure-back").waitFor();
  });

  await step("a coordinator looks at it, and cannot confirm alone", async () => {
    await coordinator.page.goto("/board");
    await coordinator.page.getByTestId("sign-erasures").click();
    await card(coordinator).getByTestId("erasure-check").click();
    await card(coordinator).getByText("请另一位同事确认").waitFor();
    assert.equal(await card(coordinator).getByTestId("erasure-confirm").count(), 0);
    for (const part of ["保存多久", "谁看得到什么", "同意书的文字"]) await coordinator.page.locator("summary").filter({ hasText: part }).click();
    await coordinator.page.getByRole("table", { name: "谁看得到什么" }).waitFor();
    await world.look(coordinator.page, "personal data");
  });

  await step("another refuses, and she reads why", async () => {
    await admin.page.goto("/privacy");
    await card(admin).getByTestId("erasure-refuse").click();
    await admin.page.getByRole("dialog").getByLabel("原因").fill("老人本人说要继续送餐");
    await world.look(admin.page, "personal data: refuse");
    await admin.page.getByRole("dialog").getByRole("button", { name: "不删除" }).click();
    await card(admin).waitFor({ state: "detached" });
    await daughter.page.getByTestId("erasure-state").getByText("老人本人说要继续送餐").waitFor();
  });

  await step("the one whom a coordinator had looked at before goes with the second look", async () => {
    const { open } = await asked(admin, "/api/erasures");
    const other = open.find((one) => one.may_confirm && one.resident_id !== 1);
    const row = admin.page.getByTestId("erasure-open").filter({ hasText: other.name });
    await row.getByTestId("erasure-confirm").click();
    await world.look(admin.page, "personal data: erase?");
    await admin.page.getByTestId("erasure-really").click();
    await row.waitFor({ state: "detached" });
    const { ended } = await asked(admin, "/api/erasures");
    assert.ok(ended.some((one) => one.resident_id === other.resident_id && one.state === "done" && one.name === "已删除"));
    const found = await told(coordinator, "/api/roll/search", { q: other.name });
    assert.ok(found.rows.every((one) => one.id !== other.resident_id));
  });

  await step("the night's work stands there, and a new text asks everybody again", async () => {
    for (const part of ["保存多久", "同意书的文字"]) await admin.page.locator("summary").filter({ hasText: part }).click();
    await admin.page.getByTestId("nights").getByRole("listitem").first().waitFor();
    const before = (await asked(coordinator, "/api/consents/to-ask?purpose=care")).count;
    const text = admin.page.getByTestId("text-care");
    await text.getByTestId("text-edit").click();
    await text.locator("textarea").first().fill("社区为老人安排上门和到站的照护服务，只用于预约和派人。");
    await world.look(admin.page, "personal data: a new text");
    await text.getByTestId("text-save").click();
    await text.getByText("第 2 版").waitFor();
    assert.ok((await asked(coordinator, "/api/consents/to-ask?purpose=care")).count > before);
  });

  await step("every page on the way was sound", () => world.assertAllWell());
});
