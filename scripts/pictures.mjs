// Takes pictures of the pages, of the demonstration on a fixed day.
//   node scripts/pictures.mjs PROGRAM             those of the README, into docs/pictures/
//   node scripts/pictures.mjs PROGRAM --all DIR   every page wide, narrow, in elder mode, in English and dark, and contact sheets of them
//   node scripts/pictures.mjs PROGRAM --all DIR board,roll   the same of these scenes alone
//   node scripts/pictures.mjs PROGRAM --all DIR board,roll dark,dark-wide   and of these looks alone

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { newPerson, openBrowser } from "../tests/browser/browser.mjs";
import { stickingOut } from "../tests/browser/looks.mjs";
import { startProgram } from "../tests/browser/program.mjs";
import { workbook } from "../tests/browser/workbook.mjs";
import { contactSheet } from "./pictures-contact.mjs";

/** A Tuesday morning in full swing. */
const TODAY = "2026-11-24";
const TOMORROW = "2026-11-25";
const NOW = `${TODAY}T10:10:00+08:00`;

const LOOKS = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 360, height: 740 },
  elder: { width: 360, height: 740, elder: true },
  english: { width: 360, height: 740, lang: "en" },
  "english-wide": { width: 1440, height: 900, lang: "en" },
  dark: { width: 360, height: 740, scheme: "dark" },
  "dark-wide": { width: 1440, height: 900, scheme: "dark" },
};

const NEED = "ERR13";

/** A roll with a row of each kind. */
const ROLL = workbook("花名册.xlsx", [
  ["姓名", "性别", "出生日期", "住址", "联系电话", "居住情况", "爱好"],
  ["欧阳春兰", "女", "1944年5月6日", "3-1-301", "138 0000 1111", "独居", "下棋"],
  ["吴国华", "男", "1950-10-01", "5-1-302", "13800003333", "空巢", ""],
  ["孙三妹", "女", "昨天", "99-1-101", "1", "独居", ""],
]);

async function chooseNeed(page, { lang }) {
  await page.locator("#need-search").fill(lang === "en" ? "Pet" : "宠物");
  await page.locator(`[data-service=${NEED}]`).click();
}

async function chooseTime(page, { lang }) {
  await page.locator("#need-search").fill(lang === "en" ? "Bath" : "助浴");
  await page.locator("button[data-service]").first().click();
  await page.getByTestId("times").locator("label").first().click();
}

/** Each page once: who looks at it, where it is, and how far it is walked into. */
const SCENES = [
  { name: "entrance", path: "/" },
  { name: "link-unknown", path: "/l/unknown" },
  { name: "family", who: "daughter", path: "/family" },
  { name: "resident", who: "daughter", path: "/family/residents/1" },
  { name: "book-need", who: "daughter", path: "/family/residents/1/book" },
  { name: "book-time", who: "daughter", path: "/family/residents/1/book", walk: chooseNeed },
  { name: "book-time-picked", who: "daughter", path: "/family/residents/1/book", walk: chooseTime },
  {
    name: "book-check",
    who: "daughter",
    path: "/family/residents/1/book",
    async walk(page, look) {
      await chooseTime(page, look);
      await page.locator(".bar button").first().click();
      await page.locator("form button[type=submit]").click();
      await page.locator(".answers").waitFor();
    },
  },
  {
    name: "booking",
    who: "daughter",
    path: "/family",
    async walk(page) {
      await page.getByTestId("visit").first().click();
      await page.locator("dl").waitFor();
    },
  },
  { name: "feed", who: "daughter", path: "/my-calendar" },
  {
    name: "feed-made",
    who: "volunteer",
    path: "/my-calendar",
    async walk(page) {
      await page.getByTestId("feed-make").click();
      await page.getByTestId("feed-made").waitFor();
    },
  },
  { name: "quality-care", who: "clerk", path: "/clerk/care" },
  { name: "quality-low", who: "coordinator", path: "/ratings" },
  { name: "quality-complaints", who: "clerk", path: "/complaints" },
  { name: "quality-complaint", who: "coordinator", path: "/complaints/4" },
  { name: "quality-complaint-family", who: "daughter", path: "/complaints/1" },
  { name: "quality-complain", who: "daughter", path: "/complaints/new?resident=1" },
  { name: "quality-rate", who: "daughter", path: "/family/residents/1" },
  { name: "quality-rate-over", path: "/rate/0000" },
  { name: "panel-member", who: "panel_member", path: "/panel" },
  { name: "panel-closed", who: "coordinator", path: "/panel?month=2026-10" },
  { name: "supply", who: "coordinator", path: "/supply?month=2026-10" },
  { name: "bench", who: "coordinator", path: "/bench?month=2026-10" },
  { name: "bench-empty", who: "panel_member", path: "/bench?month=2026-01" },
  {
    name: "bench-agree",
    who: "coordinator",
    path: "/bench?month=2026-10",
    async walk(page) {
      await page.getByTestId("add-action").click();
      await page.getByTestId("action-form").waitFor();
    },
  },
  { name: "panel-settings", who: "admin", path: "/admin/quality" },
  { name: "help-grid", who: "grid_officer", path: "/grid/help" },
  { name: "help-desk", who: "clerk", path: "/help" },
  { name: "help-one-officer", who: "grid_officer", path: "/help/6" },
  { name: "help-one-family", who: "daughter", path: "/help/1" },
  { name: "help-ask-family", who: "daughter", path: "/help/new?resident=1" },
  {
    name: "help-ask-medical",
    who: "daughter",
    path: "/help/new?resident=1",
    async walk(page) {
      await page.locator("#kind-medical").check();
      await page.getByTestId("help-submit").click();
      await page.getByTestId("error-summary").waitFor();
    },
  },
  { name: "help-ask-officer", who: "grid_officer", path: "/help/new" },
  { name: "help-settings", who: "admin", path: "/admin/help" },
  { name: "helper-today", who: "volunteer", path: "/helper/today" },
  { name: "helper-full-day", who: "staff", path: "/helper/today" },
  { name: "helper-leave", who: "volunteer", path: "/helper/leave" },
  { name: "helper-hours", who: "volunteer", path: "/helper/hours" },
  {
    name: "shop-found",
    who: "shopkeeper",
    path: "/shop",
    async walk(page, { lang }) {
      // In Chinese a voucher that is open, in English a code that is none.
      const family = await page.context().browser().newContext({ baseURL: new URL(page.url()).origin });
      await family.request.post("/api/session/demo", { data: { kind: "daughter" }, headers: { origin: new URL(page.url()).origin } });
      const { vouchers } = await (await family.request.get("/api/residents/1/vouchers")).json();
      await family.close();
      const code = vouchers.find((one) => one.state === "open").code;
      await page.locator("#voucher-code").fill(lang === "en" ? "1234" : code);
      await page.getByTestId("look").click();
    },
  },
  { name: "family-money", who: "daughter", path: "/family/residents/1/money" },
  { name: "office-money", who: "coordinator", path: "/family/residents/1/money" },
  {
    name: "office-money-decide",
    who: "coordinator",
    path: "/family/residents/1/money",
    async walk(page) {
      await page.getByTestId("decide").first().click();
      await page.getByTestId("decide-form").waitFor();
    },
  },
  { name: "time-bank", who: "coordinator", path: "/hours" },
  { name: "vouchers", who: "coordinator", path: "/vouchers" },
  { name: "station", who: "coordinator", path: "/station" },
  { name: "station-session", who: "coordinator", path: "/station/2" },
  { name: "station-sheet", who: "coordinator", path: "/station/2/sheet" },
  { name: "station-change", who: "coordinator", path: "/station/2", walk: (page) => page.getByTestId("change").click() },
  { name: "station-rooms", who: "coordinator", path: "/station/rooms" },
  { name: "personal", who: "daughter", path: "/family/residents/1/personal" },
  { name: "desk-personal", who: "coordinator", path: "/family/residents/12/personal" },
  { name: "privacy", who: "coordinator", path: "/privacy" },
  { name: "consents", who: "coordinator", path: "/consents" },
  { name: "family-station", who: "daughter", path: "/family/residents/1/station" },
  {
    name: "voucher-issue",
    who: "clerk",
    path: "/vouchers",
    async walk(page) {
      await page.getByTestId("issue").click();
      await page.locator("#voucher-resident_id").fill("3-2-501");
      await page.locator("input[name=voucher-resident]").first().click();
    },
  },
  {
    name: "voucher-withdraw",
    who: "clerk",
    path: "/vouchers",
    async walk(page) {
      await page.getByTestId("withdraw").first().click();
      await page.getByTestId("withdraw-form").waitFor();
    },
  },
  { name: "settlement", who: "coordinator", path: "/settlements" },
  { name: "providers", who: "coordinator", path: "/providers" },
  {
    name: "provider-suspended",
    who: "coordinator",
    path: "/providers",
    async walk(page) {
      await page.locator("tr:has([data-standing=suspended]) a").first().click();
      await page.waitForURL(/\/providers\/\d+/);
    },
  },
  { name: "helper-file", who: "coordinator", path: "/helpers/85" },
  { name: "helper-new", who: "coordinator", path: "/providers/2/helpers/new" },
  { name: "provider-helpers", who: "coordinator", path: "/providers/2" },
  { name: "provider-new", who: "coordinator", path: "/providers/new" },
  ...["applied", "checked", "approved", "suspended", "refused"].map((standing) => ({
    name: `provider-${standing}`,
    who: "coordinator",
    path: "/providers",
    async walk(page) {
      await page.locator("tr", { has: page.locator(`[data-standing=${standing}]`) }).first().locator("a").first().click();
      await page.locator(`header [data-standing=${standing}]`).waitFor();
    },
  })),
  { name: "clerk", who: "clerk", path: "/clerk" },
  { name: "callbacks", who: "clerk", path: "/clerk/callbacks" },
  { name: "board", who: "coordinator", path: `/board?date=${TODAY}` },
  {
    name: "board-dialog",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page) {
      await page.getByTestId("tray").getByRole("button").first().click();
      await page.getByTestId("visit-panel").waitFor();
    },
  },
  {
    name: "plan",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page) {
      await page.getByTestId("plan-day").click();
      await page.getByTestId("plan-summary").waitFor();
    },
  },
  {
    name: "plan-searching",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page) {
      await page.getByTestId("plan-time").selectOption("60");
      await page.getByTestId("plan-day").click();
      await page.waitForFunction(() => document.querySelector("progress")?.value > 3);
    },
  },
  { name: "board-searching", who: "coordinator", path: `/board?date=${TOMORROW}` },
  {
    name: "plan-week",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page) {
      await page.getByTestId("plan-span").selectOption("7");
      await page.getByTestId("plan-day").click();
      await page.getByTestId("plan-summary").waitFor();
    },
  },
  {
    name: "visit-in-order",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page, { lang }) {
      const words = lang === "en" ? "Keeps an order" : "有先后";
      await page.locator(`[data-bar][title*="${words}"], [data-bar]:has-text("${words}")`).first().click();
      await page.getByTestId("visit-links").scrollIntoViewIfNeeded();
      await page.getByTestId("visit-links").getByTestId("link-ask").click({ timeout: 2_000 }).catch(() => undefined);
    },
  },
  { name: "lists", who: "coordinator", path: "/lists" },
  {
    name: "visit",
    who: "coordinator",
    path: `/board?date=${TOMORROW}`,
    async walk(page) {
      const visit = await page.getByTestId("tray").locator("[data-visit]").first().getAttribute("data-visit");
      await page.goto(`/visits/${visit}`);
      await page.getByTestId("visit-panel").waitFor();
    },
  },
  { name: "roll", who: "clerk", path: "/roll" },
  { name: "roll-away", who: "clerk", path: "/roll", walk: (page) => page.locator("[data-part=away]").click() },
  { name: "roll-file", who: "clerk", path: "/roll/1" },
  {
    name: "roll-file-away",
    who: "clerk",
    path: "/roll/1",
    async walk(page) {
      await page.getByTestId("away-part").getByRole("button").first().click();
      await page.getByTestId("leave-part").getByRole("button").first().click();
    },
  },
  {
    name: "roll-file-hospital",
    who: "clerk",
    path: "/roll?q=",
    async walk(page) {
      const one = await page.evaluate(async () => {
        const { rows } = await (await fetch("/api/roll?part=away")).json();
        for (const row of rows) {
          const file = await (await fetch(`/api/roll/${row.id}`)).json();
          if (file.absences.some((absence) => absence.paused_visits > 0)) return row.id;
        }
        return 1;
      });
      await page.goto(new URL(`/roll/${one}`, page.url()).href);
      await page.getByTestId("away-part").waitFor();
    },
  },
  { name: "roll-new", who: "clerk", path: "/roll/new" },
  { name: "roll-import", who: "clerk", path: "/roll/import" },
  {
    name: "roll-import-rows",
    who: "clerk",
    path: "/roll/import",
    async walk(page) {
      await page.locator("input[type=file]").setInputFiles(ROLL);
      await page.locator("form button[type=submit]").click();
      await page.getByTestId("import-write").waitFor();
    },
  },
  { name: "roll-duplicates", who: "coordinator", path: "/roll/duplicates" },
  { name: "grid", who: "grid_officer", path: "/grid" },
  { name: "panel", who: "panel_member", path: "/panel" },
  { name: "admin", who: "admin", path: "/admin" },
  { name: "series-list", who: "coordinator", path: "/series" },
  { name: "series", who: "daughter", path: "/series/1" },
  {
    name: "series-new",
    who: "daughter",
    path: "/family/residents/1/series/new?service=CLN01",
    async walk(page) {
      await page.getByTestId("series-preview").click();
      await page.getByTestId("series-foreseen").waitFor();
    },
  },
  { name: "calendar", who: "coordinator", path: "/calendar" },
  { name: "meals", who: "coordinator", path: "/meals" },
  { name: "me", who: "coordinator", path: "/me" },
  { name: "me-helper", who: "volunteer", path: "/me" },
  { name: "nowhere", path: "/nowhere" },
  { name: "parts", path: "/ui" },
];

/** Which pages the README shows, and how. */
const README = [
  { file: "board", scene: "board", look: "wide" },
  { file: "phone-entrance", scene: "entrance", look: "narrow" },
  { file: "phone-family", scene: "family", look: "narrow" },
  { file: "phone-book-time", scene: "book-time-picked", look: "narrow" },
  { file: "phone-book-check", scene: "book-check", look: "narrow" },
  { file: "phone-booking", scene: "booking", look: "narrow" },
  { file: "phone-helper-today", scene: "helper-today", look: "narrow" },
  { file: "phone-helper-leave", scene: "helper-leave", look: "narrow" },
  { file: "phone-helper-today-elder", scene: "helper-today", look: "elder" },
  { file: "phone-helper-today-english", scene: "helper-today", look: "english" },
];

async function atRest(page) {
  await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => undefined);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(250);
}

/** A window that shows the scene; the caller closes it. */
async function open(browser, address, scene, look) {
  const person = await newPerson(browser, { address, ...look, lang: look.lang ?? "zh-CN" });
  const { page, context } = person;
  if (look.elder) await context.addInitScript(() => localStorage.setItem("yinling.elder", "1"));
  if (scene.who) {
    const answer = await context.request.post("/api/session/demo", { data: { kind: scene.who }, headers: { origin: address } });
    if (!answer.ok()) throw new Error(`${scene.who} was not let in: ${answer.status()} ${await answer.text()}`);
  }
  await page.goto(scene.path);
  await atRest(page);
  await scene.walk?.(page, look);
  await atRest(page);
  return person;
}

async function forReadme(browser, address) {
  for (const { file, scene, look } of README) {
    const person = await open(browser, address, SCENES.find(({ name }) => name === scene), LOOKS[look]);
    await person.page.screenshot({ path: `docs/pictures/${file}.png` });
    await person.context.close();
    console.log(`docs/pictures/${file}.png`);
  }
}

async function everything(browser, address, folder, only, looks) {
  mkdirSync(folder, { recursive: true });
  const complaints = [];
  const wanted = SCENES.filter(({ name }) => only.length === 0 || only.includes(name));
  const chosen = Object.fromEntries(Object.entries(LOOKS).filter(([look]) => looks.length === 0 || looks.includes(look)));
  for (const scene of wanted) {
    for (const [look, options] of Object.entries(chosen)) {
      try {
        const person = await open(browser, address, scene, options);
        await person.page.screenshot({ path: join(folder, `${scene.name}.${look}.png`), fullPage: true });
        complaints.push(...person.complaints, ...(await stickingOut(person.page)).map((one) => `${scene.name} ${look}: ${one}`));
        await person.context.close();
      } catch (error) {
        complaints.push(`${scene.name} ${look}: ${error.message}`);
      }
    }
    console.log(scene.name);
  }
  for (const file of await contactSheet(browser, folder, wanted.map(({ name }) => name), chosen)) console.log(file);
  for (const complaint of complaints) console.log(complaint);
}

const [program, mode, folder, only = "", looks = ""] = process.argv.slice(2);
if (mode !== undefined && !(mode === "--all" && folder)) {
  console.error("Use: scripts/pictures [--all DIR]");
  process.exit(2);
}
const named = (list) => list.split(",").filter(Boolean);
const running = await startProgram({ program: resolve(program), at: NOW });
const browser = await openBrowser();
try {
  if (mode === "--all") await everything(browser, running.address, resolve(folder), named(only), named(looks));
  else await forReadme(browser, running.address);
} finally {
  await browser.close();
  await running.stop();
}
