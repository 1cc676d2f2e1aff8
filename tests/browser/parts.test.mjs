// The page of all parts, in every way there is to see it: light, dark, larger type, more contrast, the device's own colours.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const WAYS = {
  light: {},
  dark: { colorScheme: "dark" },
  "more contrast": { contrast: "more" },
  "dark, more contrast": { colorScheme: "dark", contrast: "more" },
  "the device's colours": { forcedColors: "active" },
};

const groundOf = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test("all parts are sound in every way to see them", async (t) => {
  const person = await world.newcomer({ width: 1280, height: 800 });
  const { page } = person;
  await page.goto("/ui");
  await page.locator("main h1").waitFor();
  for (const [name, media] of Object.entries(WAYS)) {
    await world.step(t, name, async () => {
      await page.emulateMedia({ colorScheme: "light", contrast: "no-preference", forcedColors: "none", ...media });
      await world.look(page, `/ui, ${name}`);
    });
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference", forcedColors: "none" });

  await world.step(t, "what is refused and what is wrong takes the focus", async () => {
    for (const [press, shown] of [["refuse", "refused"], ["mistake", "error-summary"]]) {
      await page.getByTestId(press).click();
      await page.locator(`[data-testid=${shown}]:focus`).waitFor();
    }
    await world.look(page, "/ui, refused");
  });

  await world.step(t, "dark and larger type are chosen, and are there again after the page is opened anew", async () => {
    const light = await groundOf(page);
    await page.getByTestId("scheme").selectOption("dark");
    await page.getByTestId("elder").click();
    const dark = await groundOf(page);
    assert.notEqual(dark, light);
    await page.reload();
    await page.locator("main h1").waitFor();
    assert.equal(await groundOf(page), dark);
    assert.equal(await page.getByTestId("elder").getAttribute("aria-pressed"), "true");
    await world.look(page, "/ui, dark in larger type");
  });

  await world.step(t, "a window opens in the dark", async () => {
    await page.getByTestId("open-dialog").click();
    await page.locator("dialog[open]").waitFor();
    await world.look(page, "/ui, window");
  });
  await world.step(t, "every part was sound", () => world.assertAllWell());
});
