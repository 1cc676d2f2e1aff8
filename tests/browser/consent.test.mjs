// Personal data: a daughter says yes and takes it back, reads who looked at her mother's file, and takes everything with her.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { asked } from "./desk.mjs";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const MOTHER = "/api/residents/1";

test("a family decides about personal data, and sees who looked", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const daughter = await world.enter("daughter");
  const coordinator = await world.enter("coordinator");
  const grid = daughter.page.getByTestId("consent-grid");
  const stands = async () => (await asked(daughter, `${MOTHER}/consents`)).purposes.find((one) => one.purpose === "grid").state;

  await step("the office opens the file", async () => {
    await coordinator.page.goto("/family/residents/1");
    await coordinator.page.getByTestId("personal-link").waitFor();
  });

  await step("she finds the page from her mother's", async () => {
    await daughter.page.goto("/family/residents/1");
    await daughter.page.getByTestId("personal-link").click();
    await grid.waitFor();
    await world.look(daughter.page, "family: personal data");
  });

  await step("she says yes, and takes it back in the same place", async () => {
    await grid.getByTestId("consent-yes").click();
    await grid.getByTestId("consent-withdraw").waitFor();
    assert.equal(await stands(), "given");
    await grid.getByTestId("consent-withdraw").click();
    await grid.getByTestId("consent-yes").waitFor();
    assert.equal(await stands(), "withdrawn");
    const officer = await world.enter("grid_officer");
    const round = await asked(officer, "/api/grid/residents");
    assert.ok(round.length > 0 && round.every((one) => one.id !== 1), "she is not on the round any more");
    await grid.getByTestId("consent-yes").click();
    await grid.getByTestId("consent-withdraw").waitFor();
  });

  await step("she reads who opened the file", async () => {
    await daughter.page.getByTestId("looks").getByText("调度员").first().waitFor();
  });

  await step("she takes everything with her", async () => {
    const waiting = daughter.page.waitForEvent("download");
    await daughter.page.getByTestId("export").click();
    const file = await (await waiting).path();
    assert.equal(readFileSync(file).subarray(0, 2).toString(), "PK");
  });

  await step("the desk sees whom to ask, and says how it heard", async () => {
    await coordinator.page.goto("/consents");
    const first = coordinator.page.locator("main li a").first();
    await first.waitFor();
    await world.look(coordinator.page, "whom to ask");
    await first.click();
    const care = coordinator.page.getByTestId("consent-care");
    await care.getByTestId("consent-yes").click();
    await care.getByTestId("consent-withdraw").waitFor();
    await world.look(coordinator.page, "desk: personal data");
  });

  await step("every page on the way was sound", () => world.assertAllWell());
});
