// The board under a mouse: where a helper's row and a time of day lie, and carrying a visit there.

import assert from "node:assert/strict";

import { settled } from "./looks.mjs";


/** Where this local time lies from left to right, measured from the hours that the axis shows. */
async function acrossAt(page, clock) {
  const [hour, minute] = clock.split(":").map(Number);
  const hours = await page.locator(".axis .hour").evaluateAll((marks) =>
    marks.map((mark) => ({ at: Number(mark.textContent.split(":")[0]), x: mark.getBoundingClientRect().left })),
  );
  const [first, second] = hours;
  assert.ok(first && second, "the axis shows no two full hours");
  return first.x + (hour + minute / 60 - first.at) * (second.x - first.x);
}

export const rowOf = (page, helper) => page.locator(`[data-helper-row="${helper}"]`);
export const cardOf = (page, visit) => page.getByTestId("tray").locator(`[data-visit="${visit}"]`);
export const barOf = (page, visit, helper) => rowOf(page, helper).locator(`[data-visit="${visit}"]`);

async function middleOf(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, "it is not on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * Carries a card of the tray to a helper's row with the mouse, and lets it go.
 *
 * @param {{visit: number, helper: number, clock?: string}} move `clock` is the local time it is let go at; left out, it is
 *   let go over the helper's name, which keeps its time.
 * @param {() => Promise<void>} beforeLettingGo looks at what the board says while the card is in the hand.
 */
export async function carry(page, { visit, helper, clock }, beforeLettingGo = async () => undefined) {
  const row = rowOf(page, helper);
  await row.evaluate((line) => line.scrollIntoView({ block: "center" }));
  const card = cardOf(page, visit);
  await card.scrollIntoViewIfNeeded();
  await settled(page);
  const from = await middleOf(card);
  const name = await middleOf(row.locator(".who"));
  const to = { x: clock ? await acrossAt(page, clock) : name.x, y: name.y };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.getByTestId("drop-preview").waitFor();
  await beforeLettingGo();
  await page.mouse.up();
}
