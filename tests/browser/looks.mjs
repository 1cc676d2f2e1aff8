// What every page must pass wherever a journey comes by: axe's findings, and no sideways scrolling on a narrow phone.

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
      .map(({ id, nodes }) => `${id} (${nodes.length} times), such as ${nodes[0].html.slice(0, 300)} ${nodes[0].failureSummary}`);
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

/** Looks at the page as it is now, at its own width and at 320 px; answers what is wrong with it, one line each. */
export async function look(page, name) {
  const found = (await accessibilityFindings(page)).map((finding) => `${name}: ${finding}`);
  const before = page.viewportSize();
  await page.setViewportSize(NARROW);
  await settled(page);
  found.push(...(await stickingOut(page)).map((element) => `${name}: scrolls sideways at 320 px: ${element}`));
  found.push(...(await accessibilityFindings(page)).map((finding) => `${name} at 320 px: ${finding}`));
  await page.setViewportSize(before);
  await settled(page);
  return found;
}
