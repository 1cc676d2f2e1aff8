// What people write stays what they wrote: markup in a note, a complaint, a request for help or at the door is shown as it was
// typed on every page that shows it, and becomes no part of the page (ASVS 5.0, 1.2.1 and 1.3.11).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked, told } from "./desk.mjs";
import { openWorld, TOMORROW } from "./world.mjs";

/** Markup that would leave a trace, closing whatever it may stand in. */
const WRITTEN = `"'></textarea></script><img data-hostile src=x onerror="hostile=1"><a data-hostile href="javascript:hostile=1">{{7*7}}</a>`;

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** What came alive of it on this page. */
const alive = (page) =>
  page.evaluate(() => document.querySelectorAll("[data-hostile], [onerror], a[href^=javascript]").length + (window.hostile ?? 0));

/** Shows it as it was typed, in text or in a field, and nothing of it lives. */
async function harmless(page, name) {
  await page.waitForFunction(
    (typed) =>
      document.body.innerText.replace(/\s+/g, " ").includes(typed) ||
      [...document.querySelectorAll("input, textarea")].some((field) => field.value.includes(typed)),
    WRITTEN,
    { timeout: 30_000 },
  );
  assert.equal(await alive(page), 0, `${name}: it has become a part of the page`);
}

test("what people write is shown as they typed it", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const coordinator = await world.enter("coordinator", { width: 1440, height: 900 });
  const clerk = await world.enter("clerk", { width: 1280, height: 900 });
  let mother;
  let booking;

  await step("the look itself finds markup that lives", async () => {
    const stranger = await world.newcomer();
    await stranger.page.setContent(`<p>${WRITTEN.replace("</textarea></script>", "")}</p>`);
    assert.ok((await alive(stranger.page)) >= 2);
    // Of this page alone the browser may complain.
    stranger.complaints.splice(0);
    await stranger.page.goto("about:blank");
    stranger.complaints.splice(0);
  });

  await step("a note to a booking: the family, the board and whoever answers the telephone", async () => {
    [mother] = await asked(daughter, "/api/family/residents");
    booking = await told(daughter, `/api/residents/${mother.id}/bookings`, {
      service: "COM01",
      start: `${TOMORROW}T02:00:00Z`,
      note: WRITTEN,
      if_unserved: "tray",
    });
    await daughter.page.goto(`/family/bookings/${booking.booking_id}`);
    await harmless(daughter.page, "booking");
    await coordinator.page.goto(`/board?date=${TOMORROW}&visit=${booking.visit.visit_id}`);
    await harmless(coordinator.page, "board, visit");
  });

  await step("at the door: the roll and its form", async () => {
    const at = `/api/roll/${mother.id}`;
    const file = await asked(coordinator, at);
    const kept = ["name", "sex", "birth_date", "living", "phone", "household_phone", "safety_note"].map((field) => [field, file[field]]);
    await told(coordinator, at, { person: { ...Object.fromEntries(kept), knock_note: WRITTEN }, version: file.version });
    await coordinator.page.goto(`/roll/${mother.id}`);
    await harmless(coordinator.page, "roll, file");
    await clerk.page.goto(`/clerk?household=${mother.id}`);
    await harmless(clerk.page, "clerk");
  });

  await step("a complaint, where it is answered", async () => {
    await told(daughter, "/api/complaints", { resident_id: mother.id, visit_id: booking.visit.visit_id, what: WRITTEN });
    await coordinator.page.goto("/complaints");
    await harmless(coordinator.page, "complaints");
  });

  await step("no browser complained of what it was given", () => world.assertAllWell());
});
