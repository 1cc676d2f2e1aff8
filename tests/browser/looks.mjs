// What every page must pass wherever a journey comes by: axe's findings, and no sideways scrolling on a narrow phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { pagesRequire } from "./browser.mjs";

const AXE = readFileSync(pagesRequire.resolve("axe-core/axe.min.js"), "utf8");
const NARROW = { width: 320, height: 640 };

async function accessibilityFindings(page) {
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
  });
}

/** The elements that stick out to the right of the window, when the page as a whole scrolls sideways. */
export async function stickingOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 0.5)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className} to ${Math.round(element.getBoundingClientRect().right)} px`)
      .slice(0, 5);
  });
}

/** Lets what the last action set off come to rest. */
export async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Looks at the page as it is now: at its own width and at 320 px. */
export async function look(page, name) {
  assert.deepEqual(await accessibilityFindings(page), [], `${name}: accessibility`);
  const before = page.viewportSize();
  await page.setViewportSize(NARROW);
  await settled(page);
  assert.deepEqual(await stickingOut(page), [], `${name}: scrolls sideways at 320 px`);
  assert.deepEqual(await accessibilityFindings(page), [], `${name}: accessibility at 320 px`);
  await page.setViewportSize(before);
  await settled(page);
}
