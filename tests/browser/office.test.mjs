// Those who look in now and then: a grid officer, a member of the panel, whoever keeps the accounts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorld } from "./world.mjs";

const NEW_CLERK = { name: "小秘书林姐", login: "lin-jie", password: "记得每天给花浇一点水" };

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** Signs out, and finds the door shut behind. */
async function leave({ page }, path) {
  await page.getByTestId("sign-out").click();
  await page.getByTestId("demo-daughter").waitFor();
  await page.goto(path);
  await page.getByRole("heading", { name: "用密码登录" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/");
}

/** What is none of theirs is not there for them. */
async function findsNothingAt({ page }, path) {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.getByTestId("board-grid").count(), 0);
}

const rowsOf = (page) => page.locator("tbody tr");

test("a grid officer looks after those of the grid", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const officer = await world.enter("grid_officer");
  const { page } = officer;

  await step("sees who lives there, and whom to call on", async () => {
    await page.getByRole("heading", { name: "我的网格" }).waitFor();
    await rowsOf(page).first().waitFor();
    await world.look(page, "grid");
    const some = await rowsOf(page).count();
    await page.getByTestId("grid-more").click();
    await page.waitForFunction((before) => document.querySelectorAll("tbody tr").length > before, some);
    await page.getByLabel(/没人见过/).check();
    await page.waitForFunction(() => [...document.querySelectorAll("tbody tr")].every((row) => row.innerText.includes("该去看看")));
    for (const row of await rowsOf(page).all()) assert.match(await row.innerText(), /该去看看/);
    await world.look(page, "grid: unseen");
  });

  await step("finds somebody by the door, and nobody by nonsense", async () => {
    await page.getByLabel(/没人见过/).uncheck();
    const door = /\d+栋\d+单元\w+/.exec(await rowsOf(page).first().innerText())[0];
    await page.getByLabel(/查找/).fill(door);
    await page.waitForFunction((wanted) => [...document.querySelectorAll("tbody tr")].every((row) => row.innerText.includes(wanted)), door);
    await page.getByLabel(/查找/).fill("没有这个人");
    await page.getByText("没有找到").waitFor();
    await world.look(page, "grid: nobody found");
  });

  await step("has no business at the board, and leaves", async () => {
    await findsNothingAt(officer, "/board");
    await world.look(page, "grid officer at the board");
    await leave(officer, "/grid");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("a member of the panel compares the providers", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const member = await world.enter("panel_member");
  const { page } = member;

  await step("sees each with the month's figures", async () => {
    await page.getByRole("heading", { name: "评议", exact: true }).waitFor();
    const cards = page.getByTestId("panel-provider");
    await cards.first().waitFor();
    const served = await cards.evaluateAll((all) => all.map((one) => Number(one.querySelector("dd").textContent)));
    assert.ok(served.length > 1 && served[0] > 0, served.join());
    await world.look(page, "panel");
  });

  await step("has no business at the board, and leaves", async () => {
    await findsNothingAt(member, "/board");
    await leave(member, "/panel");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});

test("whoever keeps the accounts makes one, and shuts it", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const admin = await world.enter("admin");
  const { page } = admin;
  const row = rowsOf(page).filter({ hasText: NEW_CLERK.name });

  await step("sees who has one", async () => {
    await page.getByRole("heading", { name: "账号" }).waitFor();
    await rowsOf(page).first().waitFor();
    await world.look(page, "admin");
  });

  await step("is told what is missing", async () => {
    await page.getByRole("button", { name: "新账号" }).click();
    await page.getByRole("button", { name: "新建账号" }).click();
    await page.getByRole("link", { name: "请填姓名。" }).waitFor();
    await world.look(page, "admin: what is missing");
  });

  await step("makes one for a clerk", async () => {
    await page.getByLabel("姓名", { exact: true }).fill(NEW_CLERK.name);
    await page.getByLabel("登录名", { exact: true }).fill(NEW_CLERK.login);
    await page.getByLabel("密码", { exact: true }).fill(NEW_CLERK.password);
    await page.getByLabel("客服小秘书").check();
    await page.getByRole("button", { name: "新建账号" }).click();
    await page.getByLabel(/查找/).fill(NEW_CLERK.login);
    await row.waitFor();
    await world.look(page, "admin: made");
  });

  await step("the clerk comes in with it", async () => {
    const clerk = await world.newcomer();
    await signIn(clerk);
    await clerk.page.waitForURL(/\/clerk/);
    await leave(clerk, "/clerk");
  });

  await step("shut, it lets nobody in", async () => {
    await row.getByRole("button", { name: "停用" }).click();
    await row.getByRole("button", { name: "恢复" }).waitFor();
    const clerk = await world.newcomer();
    await signIn(clerk);
    await clerk.page.getByText("登录名或密码不对").waitFor();
    world.wasMeant(clerk, 401);
    await world.look(clerk.page, "entrance: refused");
  });

  await step("leaves", () => leave(admin, "/admin"));
  await step("every page on the way was sound", () => world.assertAllWell());
});

async function signIn({ page }) {
  await page.goto("/");
  await page.getByLabel("登录名", { exact: true }).fill(NEW_CLERK.login);
  await page.getByLabel("密码", { exact: true }).fill(NEW_CLERK.password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}
