// The clerk's story, with the keyboard alone: the caller's number finds the household, the last booking is made again, the
// sentence is read back, and the call ends with an outcome. From the number to the confirmed booking it takes no more keys
// and no more time than a caller has patience for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { told } from "./desk.mjs";
import { openWorld } from "./world.mjs";

/** From the caller's number, which is not counted, to the confirmed booking: keys, and seconds of a script that never thinks. */
const MOST_KEYS = 12;
const MOST_SECONDS = 15;

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** The telephone of the mother's household, as the roll has it. */
async function numberOf({ page }) {
  const [household] = await told({ page }, "/api/households/search", { q: "3-2-501" });
  assert.ok(household, "the mother's household is not found by its door");
  return household;
}

test("the clerk repeats the last booking without touching the mouse", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const clerk = await world.enter("clerk", { width: 1440, height: 900 });
  const { page } = clerk;
  const household = await numberOf(clerk);
  const pressed = [];
  const keys = {
    type: (text) => page.keyboard.type(text),
    press: (key) => {
      pressed.push(key);
      return page.keyboard.press(key);
    },
  };
  let began;
  // A clerk does not stop to look for findings: that time is not hers.
  let looking = 0;
  const look = async (name) => {
    const from = performance.now();
    await world.look(page, name);
    looking += performance.now() - from;
  };

  await step("the number finds the household", async () => {
    await world.look(page, "clerk");
    began = performance.now();
    await keys.press("/");
    await keys.type(household.phone ?? "3-2-501");
    await page.getByRole("listbox").getByRole("option").first().waitFor();
    await keys.press("Enter");
    await page.getByTestId("household").waitFor();
    await page.getByTestId("call").waitFor();
    await look("clerk: household");
  });

  await step("the same as last time, read back and confirmed", async () => {
    await keys.press("Alt+l");
    await page.getByTestId("booking-form").waitFor();
    assert.match(await page.getByTestId("read-back").innerText(), /王/);
    await look("clerk: read back");
    await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "confirm");
    await keys.press("Enter");
    await page.getByTestId("booked").waitFor();
    const seconds = (performance.now() - began - looking) / 1000;
    t.diagnostic(`${pressed.length} keys, ${seconds.toFixed(1)} s`);
    assert.deepEqual(pressed, ["/", "Enter", "Alt+l", "Enter"]);
    assert.ok(pressed.length <= MOST_KEYS && seconds < MOST_SECONDS, `${pressed.length} keys, ${seconds} s`);
    await world.look(page, "clerk: booked");
  });

  await step("the call ends with its outcome", async () => {
    await keys.press("Alt+e");
    const form = page.getByTestId("end-call");
    await form.waitFor();
    assert.ok(await form.getByLabel("约好了").isChecked(), "the outcome of a booking is chosen already");
    await world.look(page, "clerk: end of call");
    await keys.press("Enter");
    await form.waitFor({ state: "detached" });
    const panel = await (await page.request.get(`/api/households/${household.id}`)).json();
    assert.equal(panel.calls[0].outcome, "booked");
    assert.ok(panel.calls[0].booking_id, "the call knows its booking");
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
