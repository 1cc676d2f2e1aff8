// The main job in one go: a daughter asks for a time that nobody has, the coordinator plans the day and publishes it, the
// volunteer opens the link out of the mail that arrived, goes, and the daughter sees it done.
//
// The demonstration prepares it (src/demo/story.rs): tomorrow at 10:00 the only volunteer who walks pets is with a dog,
// whose visit may as well be earlier or later.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrived } from "./mailbox.mjs";
import { at, openWorld, TOMORROW } from "./world.mjs";

const MOTHER = "resident-1";
const SERVICE = "宠物代遛代喂";
const VOLUNTEER = "volunteer2@yinling.example.invalid";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

async function book({ page }) {
  await world.look(page, "family");
  await page.getByTestId(MOTHER).getByRole("link", { name: /预约/ }).click();
  await page.getByRole("heading", { name: /需要什么/ }).waitFor();
  await world.look(page, "book: need");
  await page.getByLabel("找服务").fill(SERVICE);
  await page.getByRole("button", { name: SERVICE }).click();

  await page.getByRole("heading", { name: /什么时候来/ }).waitFor();
  await world.look(page, "book: time");
  await page.getByText("都不合适？说一个别的时间").click();
  await page.getByLabel("哪一天", { exact: true }).fill(TOMORROW);
  await page.getByLabel("最早几点").fill("10:00");
  await page.getByLabel("最晚几点").fill("10:15");
  await world.look(page, "book: another time");
  await page.getByRole("button", { name: "请办公室帮我找" }).click();

  await page.getByRole("heading", { name: /交代/ }).waitFor();
  await page.getByLabel("交代").fill("猫怕生，请慢慢来。");
  await world.look(page, "book: note");
  await page.getByRole("button", { name: "下一步" }).click();

  await page.getByRole("heading", { name: "请核对" }).waitFor();
  await page.getByText("免费").first().waitFor();
  await world.look(page, "book: check");
  await page.getByRole("button", { name: "就这样，预约" }).click();
  await page.getByText("办公室正在找人").waitFor();
  await world.look(page, "booking");
}

async function planAndPublish({ page }) {
  await page.goto(`/board?date=${TOMORROW}`);
  const card = page.getByTestId("tray").getByRole("button", { name: new RegExp(`10:00.*王.*${SERVICE}`) });
  await card.waitFor();
  await world.look(page, "board");
  await page.getByTestId("plan-day").click();

  await page.getByRole("heading", { name: /的方案/ }).waitFor();
  const changes = page.getByTestId("plan-changes").getByRole("listitem");
  const hers = changes.filter({ hasText: SERVICE }).filter({ hasText: "王" });
  const dogs = changes.filter({ hasText: SERVICE }).filter({ hasText: "赵" });
  assert.match(await hers.first().innerText(), /新安排/);
  assert.match(await dogs.first().innerText(), /改时间/);
  await world.look(page, "plan");
  await page.getByTestId("publish").click();
  await page.getByTestId("plan-outcome").waitFor();
  assert.match(await page.getByTestId("plan-outcome").innerText(), /发布好了/);
  await world.look(page, "plan, published");

  await page.goto(`/board?date=${TOMORROW}`);
  await page.getByTestId("tray").waitFor();
  assert.equal(await card.count(), 0, "her visit is still in the tray");
}

/** The visit's own card on the volunteer's page. */
const cardOf = (page) => page.getByTestId("helper-visit").filter({ hasText: "王" }).filter({ hasText: SERVICE });

async function openTheMailedLink({ page }) {
  const mail = await arrived(world.mailbox, VOLUNTEER, ({ text }) => text.includes("/l/") && text.includes(world.program.address));
  assert.doesNotMatch(mail.subject, /王/, "a name stands in the subject");
  const link = new RegExp(`${world.program.address}/l/[\\w-]+`).exec(mail.text)[0];
  await page.goto(link);
  await cardOf(page).waitFor();
  await world.look(page, "helper: today, out of the mail");
  return link;
}

async function accept({ page }) {
  await cardOf(page).getByTestId("accept").click();
  await cardOf(page).getByText("您答应了").waitFor();
  await world.look(page, "helper: accepted");
}

async function arriveAndFinish({ page }) {
  world.program.setClock(at(TOMORROW, "09:57"));
  await page.reload();
  await cardOf(page).getByText("3栋2单元501").waitFor();
  await cardOf(page).getByTestId("arrive").click();
  await cardOf(page).getByTestId("finish").waitFor();
  await world.look(page, "helper: arrived");
  world.program.setClock(at(TOMORROW, "10:42"));
  await cardOf(page).getByTestId("finish").click();
  await page.getByTestId("over").waitFor();
  await world.look(page, "helper: finished");
}

test("a daughter books, the coordinator plans, the volunteer goes, the daughter sees it done", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const entrance = await world.newcomer();
  await entrance.page.goto("/");
  await entrance.page.getByTestId("demo-daughter").waitFor();
  await world.look(entrance.page, "entrance");

  const daughter = await world.enter("daughter");
  await step("the daughter asks for a time that nobody has", () => book(daughter));

  const coordinator = await world.enter("coordinator", { width: 1440, height: 900 });
  await step("the coordinator finds it in the tray, plans the day and publishes", () => planAndPublish(coordinator));
  await step("the daughter's page follows by itself", () => daughter.page.getByText("等人答应").first().waitFor());

  const volunteer = await world.newcomer();
  let link;
  await step("the volunteer opens the link of the mail that arrived", async () => (link = await openTheMailedLink(volunteer)));
  await step("accepts", () => accept(volunteer));
  await daughter.page.getByText("已安排").first().waitFor();
  // By tomorrow her sign-in is over: the board she left open would be refused, and have the browser complain.
  await coordinator.page.goto("about:blank");
  await step("arrives and finishes", () => arriveAndFinish(volunteer));

  await step("the daughter sees it done", async () => {
    await daughter.page.getByText("已做完").first().waitFor();
    await world.look(daughter.page, "booking, done");
  });

  await step("the letter that it is done asks how it was, and a tap answers", async () => {
    const mail = await arrived(world.mailbox, "daughter@yinling.example.invalid", ({ text }) => text.includes(`${world.program.address}/rate/`));
    const stranger = await world.newcomer();
    await stranger.page.goto(new URL(/\S*(\/rate\/[\w-]+)/.exec(mail.text)[1], world.program.address).href);
    await stranger.page.getByTestId("face-5").waitFor();
    await world.look(stranger.page, "rate, out of the letter");
    await stranger.page.getByTestId("face-5").click();
    await stranger.page.getByTestId("rated").waitFor();
    await world.look(stranger.page, "rated, out of the letter");
  });

  await step("the link works once", async () => {
    const stranger = await world.newcomer();
    await stranger.page.goto(link);
    await stranger.page.getByText("这个链接已经用过了").waitFor();
    await world.look(stranger.page, "a used link");
    world.wasMeant(stranger, 410);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
