// The station: a clerk sees the lists, a daughter gives her mother's place on a waitlist back and signs her up for something else.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { paper } from "./paper.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const MOTHERS = "/api/residents/1/sessions";

test("a family signs up at the station, and the desk sees it", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const clerk = await world.enter("clerk");
  const card = (one) => daughter.page.locator(`[data-session="${one.id}"]`);
  let free;

  await step("her own places stand beside the visits", async () => {
    await daughter.page.goto("/family/residents/1");
    await daughter.page.getByTestId("station-link").click();
    await daughter.page.locator("[data-session]").first().waitFor();
    await world.look(daughter.page, "family: what is on");
  });

  await step("she signs up where there is a seat", async () => {
    free = (await asked(daughter, MOTHERS)).find((one) => one.may_sign_up && one.taken < one.seats);
    await card(free).getByRole("button").click();
    const over = card(free).getByTestId("over-visit");
    const said = daughter.page.getByTestId("said");
    await over.or(said).first().waitFor();
    if (await over.isVisible()) {
      world.wasMeant(daughter, 422);
      await over.click();
    }
    await said.waitFor();
    const mine = (await asked(daughter, MOTHERS)).find((one) => one.id === free.id).mine;
    assert.equal(mine.state, "seated");
  });

  await step("the desk sees her on the list, and prints it", async () => {
    await clerk.page.goto("/station");
    await clerk.page.getByRole("link", { name: free.title }).waitFor();
    await world.look(clerk.page, "station");
    await clerk.page.goto(`/station/${free.id}`);
    await clerk.page.getByTestId("names").getByText("1").first().waitFor();
    await world.look(clerk.page, "session");
    const lists = await asked(clerk, `/api/station/sessions/${free.id}`);
    assert.ok(lists.names.some((row) => row.resident_id === 1));
    await clerk.page.getByTestId("sheet").click();
    await clerk.page.getByTestId("sheet-table").waitFor();
    await world.look(clerk.page, "sheet");
    // On paper: A4, with every name, and without what is for the screen.
    const { rows } = await asked(clerk, `/api/station/sessions/${free.id}/sheet`);
    assert.equal(rows.length, lists.names.length);
    const printed = paper(await clerk.page.pdf({ preferCSSPageSize: true }));
    assert.ok(printed.upright && printed.pages === Math.ceil(rows.length / 30), `${printed.pages} sides, upright: ${printed.upright}`);
    assert.ok(printed.text.includes(free.title.replace(/\s/g, "")), printed.text);
    for (const row of rows) assert.ok(printed.text.includes(row.resident.replace(/\s/g, "")), `${row.resident} in ${printed.text}`);
    const button = (await clerk.page.locator(".no-print button").first().innerText()).replace(/\s/g, "");
    assert.ok(!printed.text.includes(button), `“${button}” is printed`);
    await clerk.page.goto("/station/rooms");
    await clerk.page.getByText("08:00-12:00").first().waitFor();
    await world.look(clerk.page, "rooms");
  });

  await step("she gives the place back", async () => {
    await card(free).getByRole("button").click();
    await daughter.page.getByTestId("said").waitFor();
    assert.equal((await asked(daughter, MOTHERS)).find((one) => one.id === free.id).mine, null);
  });
  await step("every page on the way was sound", () => world.assertAllWell());
});
