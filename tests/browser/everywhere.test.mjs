// No page without a look: each that no journey comes by is opened here, as the person it is for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** Pages that a journey of their own walks through, by its file. */
const WALKED = {
  "/": "story",
  "/l/:token": "link",
  "/me": "account",
  "/family": "story",
  "/family/residents/:id(\\d+)": "story",
  "/family/residents/:id(\\d+)/personal": "privacy",
  "/privacy": "privacy",
  "/consents": "consent",
  "/family/residents/:id(\\d+)/book": "story",
  "/family/bookings/:id(\\d+)": "story",
  "/family/residents/:id(\\d+)/series/new": "series",
  "/series/:id(\\d+)": "series",
  "/series": "series",
  "/calendar": "series",
  "/meals": "series",
  "/clerk": "clerk",
  "/helper/today": "link",
  "/board": "board",
  "/plans/:id(\\d+)": "plan",
  "/roll": "roll",
  "/roll/import": "roll",
  "/roll/duplicates": "roll",
  "/roll/:id(\\d+)": "roll",
  "/grid/help": "help",
  "/providers": "providers",
  "/providers/new": "providers",
  "/providers/:id(\\d+)": "providers",
  "/providers/:id(\\d+)/helpers/new": "helper",
  "/helpers/:id(\\d+)": "helper",
  "/panel": "panel",
  "/supply": "month",
  "/bench": "month",
  "/clerk/care": "panel",
  "/ratings": "panel",
  "/rate/:token": "story",
  "/station": "station",
  "/station/rooms": "station",
  "/station/:id(\\d+)": "station",
  "/station/:id(\\d+)/sheet": "station",
  "/family/residents/:id(\\d+)/station": "station",
  "/ui": "parts",
};

/** The others: who opens them, and with which number. */
const OPENED = [
  ["/my-calendar", "daughter"],
  ["/clerk/callbacks", "clerk"],
  ["/helper/leave", "volunteer"],
  ["/helper/hours", "volunteer"],
  ["/lists", "coordinator"],
  ["/visits/:id(\\d+)", "coordinator", async (person) => (await asked(person, "/api/board")).unfilled[0].visit_id],
  ["/roll/new", "coordinator"],
  ["/grid", "grid_officer"],
  ["/help", "coordinator"],
  ["/help/new", "coordinator"],
  ["/help/:id(\\d+)", "coordinator", async (person) => Object.values(await asked(person, "/api/help-requests")).find((list) => list[0]?.id && list[0].what).at(0).id],
  ["/admin/help", "admin"],
  ["/complaints", "coordinator"],
  ["/complaints/new", "coordinator"],
  ["/complaints/:id(\\d+)", "coordinator", async (person) => first(await asked(person, "/api/complaints")).id],
  ["/admin/quality", "admin"],
  ["/admin", "admin"],
  ["/hours", "coordinator"],
  ["/vouchers", "coordinator"],
  ["/settlements", "coordinator"],
  ["/shop", "shopkeeper"],
  ["/family/residents/:id(\\d+)/money", "daughter", async () => 1],
];

const first = (answer) => (Array.isArray(answer) ? answer : Object.values(answer).find((list) => Array.isArray(list) && list.length > 0))[0];

test("every page of the router is looked at by somebody", async (t) => {
  const router = readFileSync(new URL("../../frontend/src/router.ts", import.meta.url), "utf8");
  const pages = [...router.matchAll(/^ {4}path: "([^"]+)"/gm)].map((found) => found[1].replaceAll("\\\\", "\\")).filter((path) => path !== "/:rest(.*)*");
  const known = new Set([...Object.keys(WALKED), ...OPENED.map(([path]) => path)]);
  assert.deepEqual(pages.filter((path) => !known.has(path)), [], "say who looks at these");
  assert.deepEqual([...known].filter((path) => !pages.includes(path)), [], "these are no pages any more");

  const people = new Map();
  for (const [path, who, number] of OPENED) {
    await world.step(t, `${who} opens ${path}`, async () => {
      if (!people.has(who)) people.set(who, await world.enter(who));
      const person = people.get(who);
      const address = number ? path.replace(/:id\([^)]*\)/, String(await number(person))) : path;
      await person.page.goto(address);
      await person.page.locator("main h1").first().waitFor();
      await person.page.getByTestId("loading").first().waitFor({ state: "detached" });
      assert.equal(await person.page.getByTestId("failed").count(), 0);
      await world.look(person.page, path);
    });
  }
  await world.step(t, "every page was sound", () => world.assertAllWell());
});
