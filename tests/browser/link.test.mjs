// A one-time link that was left lying: the page says what happened and what to do, and the fresh one lets in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrived, mails } from "./mailbox.mjs";
import { at, openWorld, TODAY } from "./world.mjs";

const VOLUNTEER = "volunteer2@yinling.example.invalid";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const linksIn = (text) => text.match(new RegExp(`${world.program.address}/l/[\\w-]+`, "g")) ?? [];

/** The newest link that came by mail and is none of these. */
async function mailedLink(known = []) {
  const fresh = ({ text }) => linksIn(text).some((link) => !known.includes(link));
  const mail = await arrived(world.mailbox, VOLUNTEER, fresh);
  return linksIn(mail.text)[0];
}

test("a link that is too old says so, and the fresh one it sends lets in", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const helper = await world.newcomer();
  const { page } = helper;
  let old;

  await step("the volunteer asks for a link at the entrance", async () => {
    const known = mails(world.mailbox).flatMap(({ text }) => linksIn(text));
    await page.goto("/");
    await page.getByLabel("电子邮箱").fill(VOLUNTEER);
    await page.getByRole("button", { name: "把链接发到我的邮箱" }).click();
    await page.getByText("链接几分钟内就到").waitFor();
    await world.look(page, "entrance: link asked for");
    old = await mailedLink(known);
  });

  await step("opened an hour later, the page says what happened and what to do", async () => {
    // The program's clock is the machine's plus the seconds in a file (YINLING_CLOCK_FILE): time passes for it as it
    // would, and no row is touched behind its back. A link to sign in holds for half an hour.
    world.program.setClock(at(TODAY, "10:35"));
    await page.goto(old);
    await page.getByRole("heading", { name: "这个链接过期了" }).waitFor();
    await page.getByText("链接只在一段时间里有效").waitFor();
    world.wasMeant(helper, 410);
    await world.look(page, "an expired link");
    assert.equal((await page.request.get("/api/me")).status(), 401, "it let in all the same");
  });

  await step("a fresh one comes by mail and lets in", async () => {
    await page.getByRole("button", { name: "再发一个新链接" }).click();
    await page.getByText("新链接已经发出").waitFor();
    await world.look(page, "a fresh link is sent");
    await page.goto(await mailedLink([old]));
    await page.waitForURL(/\/helper\/today/);
    await page.getByTestId("sign-out").waitFor();
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
