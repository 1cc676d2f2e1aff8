// The contact sheet: every picture of a folder in one page, a row for each scene and a column for each look, to be looked at.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** So many scenes on one picture: Chromium draws no page higher than 16 384 pixels. */
const ROWS = 40;

const STYLE = `
  body { margin: 16px; font: 14px/1.4 sans-serif; background: #777; color: #fff; }
  section { display: flex; gap: 10px; margin-bottom: 10px; align-items: flex-start; }
  h2 { width: 110px; margin: 0; font-size: 14px; overflow-wrap: anywhere; }
  figure { margin: 0; }
  img { display: block; max-height: 330px; object-fit: cover; object-position: top left; }
  .wide { width: 400px; }
  .narrow { width: 180px; }
`;

function row(folder, scene, looks) {
  const figures = Object.entries(looks)
    .map(([look, { width }]) => ({ file: `${scene}.${look}.png`, look, kind: width > 600 ? "wide" : "narrow" }))
    .filter(({ file }) => existsSync(join(folder, file)))
    .map(({ file, look, kind }) => `<figure><a href="${file}"><img class="${kind}" src="${file}" alt="${scene}, ${look}"></a><figcaption>${look}</figcaption></figure>`);
  return `<section><h2>${scene}</h2>${figures.join("")}</section>`;
}

const pageOf = (rows) => `<!doctype html><meta charset="utf-8"><title>Yinling</title><style>${STYLE}</style>${rows.join("\n")}\n`;

/**
 * Writes `contact.html` and `contact-1.png`, `contact-2.png` … into the folder; answers their names.
 *
 * @param {string[]} scenes the names of the scenes, in their order
 * @param {Record<string, {width: number}>} looks what each was looked at as
 */
export async function contactSheet(browser, folder, scenes, looks) {
  const rows = scenes.map((scene) => row(folder, scene, looks));
  const html = join(folder, "contact.html");
  const made = [html];
  const width = 150 + Object.values(looks).reduce((sum, look) => sum + (look.width > 600 ? 410 : 190), 0);
  const page = await browser.newPage({ viewport: { width, height: 1000 } });
  for (let from = 0; from < rows.length; from += ROWS) {
    // Each picture is of a page with its own rows alone; the whole page is written last.
    writeFileSync(html, pageOf(rows.slice(from, from + ROWS)));
    await page.goto(pathToFileURL(html).href);
    const png = join(folder, `contact-${from / ROWS + 1}.png`);
    await page.screenshot({ path: png, fullPage: true });
    made.push(png);
  }
  writeFileSync(html, pageOf(rows));
  await page.close();
  return made;
}
