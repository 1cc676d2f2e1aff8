// The grid officer's day: what is late on top, a new call from a daughter appears by itself, she responds, deals with it and
// reports back; the daughter says first that it is not settled, then that it is. A late one is handed up.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrived } from "./mailbox.mjs";
import { at, openWorld, TODAY } from "./world.mjs";

const WHAT = "卫生间的灯一闪一闪";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const stateOf = (page) => page.getByTestId("help-state");

async function writeAndSend(page, step, note) {
  await page.getByTestId(`help-${step}`).click();
  await page.locator("#help-note").fill(note);
  await page.getByTestId("help-send").click();
}

test("a grid officer's day", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const officer = await world.enter("grid_officer");
  const { page } = officer;
  const daughter = await world.enter("daughter");
  let request;

  await step("what is late stands on top", async () => {
    await page.goto("/grid/help");
    await page.getByTestId("help-overdue").waitFor();
    const sections = await page.locator("main section").evaluateAll((all) => all.map((one) => one.dataset.testid));
    assert.equal(sections[0], "help-overdue");
    for (const list of ["help-to_respond", "help-in_hand", "help-waiting", "help-closed"]) assert.ok(sections.includes(list), list);
    await world.look(page, "grid help");
  });

  await step("a daughter calls for help, and is told at once to call 120 where somebody is unwell", async () => {
    const hers = daughter.page;
    await hers.goto("/family/residents/1");
    await hers.getByTestId("ask-help").click();
    await hers.getByTestId("help-submit").click();
    await hers.getByTestId("error-summary").waitFor();
    await world.look(hers, "help: what is missing");
    await hers.locator("#kind-medical").check();
    await hers.getByTestId("call-120").waitFor();
    assert.equal(await hers.getByTestId("call-120").getByRole("link").getAttribute("href"), "tel:120");
    await world.look(hers, "help: medical");
    await hers.locator("#kind-power").check();
    await hers.getByTestId("call-120").waitFor({ state: "detached" });
    await hers.getByLabel("一般").check();
    await hers.getByLabel("什么情况").fill(WHAT);
    await hers.getByTestId("help-submit").click();
    await hers.waitForURL(/\/help\/\d+$/);
    request = new URL(hers.url()).pathname;
    await stateOf(hers).getByText("等响应").waitFor();
    await world.look(hers, "help: asked");
  });

  await step("it appears by itself, and the officer runs it to the report", async () => {
    await page.getByTestId("help-to_respond").getByText(WHAT).waitFor();
    await page.locator(`a[href="${request}"]`).click();
    await page.getByTestId("help-respond").click();
    await stateOf(page).getByText("处理中").waitFor();
    await page.getByTestId("help-handle").click();
    await page.getByTestId("help-send").click();
    await page.getByText("请写一句说明。").waitFor();
    await world.look(page, "help: no note");
    await page.locator("#help-note").fill("换了灯管");
    await page.getByTestId("help-send").click();
    await stateOf(page).getByText("等反馈").waitFor();
    await writeAndSend(page, "report", "打电话说过了");
    await stateOf(page).getByText("等确认").waitFor();
    assert.equal(await page.getByTestId("help-settled").count(), 0, "nobody confirms their own work");
    await world.look(page, "help: reported");
  });

  await step("the daughter follows, says it is not settled, and in the end that it is", async () => {
    const hers = daughter.page;
    await hers.getByTestId("timeline").getByText("换了灯管").waitFor();
    await writeAndSend(hers, "unsettled", "晚上又闪了");
    await stateOf(hers).getByText("等响应").waitFor();
    await stateOf(page).getByText("等响应").waitFor();
    await page.getByTestId("help-respond").click();
    await writeAndSend(page, "handle", "换了整盏灯");
    await writeAndSend(page, "report", "请她母亲看过");
    await hers.getByTestId("help-settled").click();
    await stateOf(hers).getByText("已解决").waitFor();
    await world.look(hers, "help: settled");
    const mail = await arrived(world.mailbox, "daughter@yinling.example.invalid", ({ text }) => text.includes("换了整盏灯"));
    assert.doesNotMatch(mail.subject, /王|灯/);
  });

  await step("what nobody answers rises by itself", async () => {
    await page.goto("/grid/help");
    const waiting = page.getByTestId("help-to_respond").getByTestId("help-card");
    await waiting.first().waitFor();
    world.program.setClock(at(TODAY, "21:00"));
    await waiting.first().waitFor({ state: "detached", timeout: 20_000 });
    await page.getByTestId("help-overdue").getByTestId("help-card").first().click();
    await page.getByTestId("help-late").waitFor();
    await page.getByTestId("timeline").getByText("自动升级到").first().waitFor();
    await world.look(page, "help: risen");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
