// One's own account: another password, a second step to sign in, a code from the paper, and a sign-in that runs out in the middle.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { at, openWorld, TODAY, TOMORROW } from "./world.mjs";

const FIRST = "四把雨伞 放在门后面";
const SECOND = "窗台上的茉莉又开了花";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** What an authenticator shows at this instant (RFC 6238). */
function totp(secret, instant) {
  const bits = [...secret].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(new Date(instant).getTime() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const from = hash[19] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signIn({ page }, password) {
  await page.goto("/");
  await page.getByLabel("登录名", { exact: true }).fill("he-min");
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

test("a coordinator keeps her account", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const admin = await world.enter("admin", { width: 1280 });
  const made = await admin.page.request.post("/api/accounts", {
    data: { name: "何敏", login: "he-min", password: FIRST, roles: ["coordinator"] },
  });
  assert.equal(made.status(), 201, await made.text());
  const own = await world.newcomer();
  const { page } = own;
  const account = page.getByTestId("my-account");
  const form = page.getByTestId("password");
  const second = page.getByTestId("second-factor");
  let clock = at(TODAY, "10:00");
  let secret;
  let codes;

  /** The next code: half a minute later by the program's clock. */
  const nextCode = () => {
    clock = new Date(new Date(clock).getTime() + 60_000).toISOString();
    world.program.setClock(clock);
    return totp(secret, clock);
  };

  await step("comes in and finds her account", async () => {
    await signIn(own, FIRST);
    await page.waitForURL(/\/board/);
    await account.click();
    await page.getByRole("heading", { name: "我的账号" }).waitFor();
    await page.getByText("he-min").waitFor();
    await page.getByTestId("session").first().waitFor();
    await world.look(page, "my account");
  });

  await step("is told which password will not do, and keeps what she typed", async () => {
    await form.getByRole("button", { name: "改密码" }).click();
    await form.getByLabel("现在的密码").fill(FIRST);
    await form.getByLabel("新密码").fill("password123");
    await form.getByRole("button", { name: "改好了" }).click();
    await form.getByTestId("error-summary").getByText("很多人用").waitFor();
    world.wasMeant(own, 422);
    assert.equal(await form.getByLabel("现在的密码").inputValue(), FIRST);
    await world.look(page, "my account: a password that will not do");
  });

  await step("changes it", async () => {
    await form.getByLabel("新密码").fill(SECOND);
    await form.getByRole("button", { name: "改好了" }).click();
    await form.getByText("密码改好了").waitFor();
    await world.look(page, "my account: another password");
  });

  await step("sets up the second step with her telephone", async () => {
    world.program.setClock(clock);
    await second.getByRole("button", { name: "开始设置" }).click();
    await second.getByLabel("先填一次登录密码").fill("不是这个密码呀");
    await second.getByRole("button", { name: "下一步" }).click();
    await second.getByText("密码不对").waitFor();
    world.wasMeant(own, 422);
    await second.getByLabel("先填一次登录密码").fill(SECOND);
    await second.getByRole("button", { name: "下一步" }).click();
    await second.getByTestId("qr").waitFor();
    secret = (await second.getByTestId("secret").innerText()).replaceAll(/\s/g, "");
    assert.match(secret, /^[A-Z2-7]{32}$/);
    await world.look(page, "my account: the picture for the telephone");
    await second.getByLabel("手机上现在显示的 6 位数字").fill("000000");
    await second.getByRole("button", { name: "设好了" }).click();
    await second.getByText("验证码不对").waitFor();
    world.wasMeant(own, 401);
    await second.getByLabel("手机上现在显示的 6 位数字").fill(nextCode());
    await second.getByRole("button", { name: "设好了" }).click();
    const box = second.getByTestId("recovery-codes");
    await box.waitFor();
    codes = await box.locator("code").allInnerTexts();
    assert.equal(codes.length, 10);
    await world.look(page, "my account: recovery codes");
    await box.getByRole("button", { name: "我已经抄好了" }).click();
    await second.getByText("备用码还剩 10 个").waitFor();
  });

  const elsewhere = await world.newcomer();
  await step("signs in with it from another place", async () => {
    await signIn(elsewhere, SECOND);
    const { page } = elsewhere;
    await page.getByTestId("code-form").waitFor();
    world.wasMeant(elsewhere, 401);
    await world.look(page, "entrance: a code is wanted");
    await page.getByLabel("验证码").fill("123");
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.getByText("验证码不对").waitFor();
    world.wasMeant(elsewhere, 401);
    await world.look(page, "entrance: a wrong code");
    await page.getByLabel("验证码").fill(nextCode());
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.waitForURL(/\/board/);
  });

  await step("ends that one from here", async () => {
    await page.reload();
    await page.getByTestId("session").nth(1).waitFor();
    await world.look(page, "my account: two sign-ins");
    // Its page would ask the server again by itself, be refused, and have the browser complain.
    await elsewhere.page.goto("about:blank");
    await page.getByRole("button", { name: /退出这一处/ }).click();
    await page.getByTestId("session").nth(1).waitFor({ state: "detached" });
    assert.equal((await elsewhere.page.request.get("/api/me")).status(), 401);
  });

  await step("without the telephone a code of the paper lets in, once", async () => {
    const lost = await world.newcomer();
    await signIn(lost, SECOND);
    await lost.page.getByLabel("验证码").fill(codes[0].toUpperCase());
    world.wasMeant(lost, 401);
    await lost.page.getByRole("button", { name: "登录", exact: true }).click();
    await lost.page.waitForURL(/\/board/);
    await lost.page.getByTestId("my-account").click();
    await lost.page.getByText("备用码还剩 9 个").waitFor();
    // Tomorrow its sign-in is over too.
    await lost.page.goto("about:blank");
  });

  await step("after a night she signs in again where she was, and what she typed is still there", async () => {
    await form.getByRole("button", { name: "改密码" }).click();
    await form.getByLabel("现在的密码").fill(SECOND);
    await form.getByLabel("新密码").fill("楼下的猫又来要吃的了呀");
    clock = at(TOMORROW, "09:00");
    world.program.setClock(clock);
    await form.getByRole("button", { name: "改好了" }).click();
    const again = page.getByTestId("sign-in-again");
    await again.getByText("您的登录到时间了").waitFor();
    world.wasMeant(own, 401);
    await world.look(page, "signing in again over the page");
    await again.getByLabel("登录名", { exact: true }).fill("he-min");
    await again.getByLabel("密码", { exact: true }).fill(SECOND);
    await again.getByRole("button", { name: "登录", exact: true }).click();
    await again.getByLabel("验证码").fill(nextCode());
    world.wasMeant(own, 401);
    await again.getByRole("button", { name: "登录", exact: true }).click();
    await again.waitFor({ state: "detached" });
    assert.equal(await form.getByLabel("新密码").inputValue(), "楼下的猫又来要吃的了呀");
    await form.getByRole("button", { name: "改好了" }).click();
    await form.getByText("密码改好了").waitFor();
  });

  await step("in English it reads as well", async () => {
    await page.getByTestId("lang").click();
    await page.getByRole("heading", { name: "My account" }).waitFor();
    await world.look(page, "my account in English");
  });

  await step("every page on the way was sound", () => world.assertAllWell());
});
