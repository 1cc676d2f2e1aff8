// What stands on a sheet of paper: reads a PDF as Chromium makes it, its size and its words.

import { inflateSync } from "node:zlib";

/** A4 in points, upright. */
const A4 = { width: 595, height: 842 };

/** The numbered objects of a PDF, each with what it says and what its stream holds. */
function objectsOf(pdf) {
  const text = pdf.toString("latin1");
  const objects = new Map();
  for (const found of text.matchAll(/(?:^|\n)(\d+) 0 obj\s*([\s\S]*?)endobj/g)) {
    const [, number, whole] = found;
    const begin = whole.search(/stream\r?\n/);
    const head = begin < 0 ? whole : whole.slice(0, begin);
    let stream;
    if (begin >= 0) {
      const from = begin + whole.slice(begin).match(/^stream\r?\n/)[0].length;
      const bytes = Buffer.from(whole.slice(from, whole.lastIndexOf("endstream")), "latin1");
      stream = head.includes("/FlateDecode") ? inflateSync(bytes).toString("latin1") : bytes.toString("latin1");
    }
    objects.set(Number(number), { head, stream });
  }
  return objects;
}

const spoken = (hex) => Buffer.from(hex, "hex").swap16().toString("utf16le");

/** The letters of a font by the number of their shape, and how many digits a number has: fonts of pictures have short ones. */
function fontOf(table) {
  const letters = new Map();
  const digits = table.match(/begincodespacerange\s*<(\w+)>/)?.[1].length ?? 4;
  for (const [, block] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, shape, letter] of block.matchAll(/<(\w+)>\s*<(\w+)>/g)) letters.set(parseInt(shape, 16), spoken(letter));
  }
  for (const [, block] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, first, last, letter] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const begin = parseInt(letter, 16);
      for (let at = parseInt(first, 16); at <= parseInt(last, 16); at += 1) {
        letters.set(at, String.fromCodePoint(begin + at - parseInt(first, 16)));
      }
    }
  }
  return { letters, digits };
}

/**
 * Reads a PDF that Chromium printed.
 *
 * @returns {{pages: number, upright: boolean, text: string}} how many sides, whether each is A4 upright, and the words without
 *   the gaps between them, in the order in which they are drawn.
 */
export function paper(pdf) {
  const objects = objectsOf(pdf);
  const all = [...objects.values()];
  const sides = all.filter(({ head }) => /\/Type\s*\/Page\b(?!s)/.test(head));
  const sizes = sides.map(({ head }) => (head.match(/\/MediaBox\s*\[([^\]]*)\]/)?.[1] ?? "").trim().split(/\s+/).map(Number));
  const upright = sizes.every(([, , width, height]) => Math.abs(width - A4.width) <= 2 && Math.abs(height - A4.height) <= 2);
  const fonts = new Map();
  for (const { head, stream } of all) {
    for (const [, name, number] of `${head}${stream ?? ""}`.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const table = objects.get(Number(number))?.head.match(/\/ToUnicode (\d+) 0 R/)?.[1];
      if (table && !fonts.has(name)) fonts.set(name, fontOf(objects.get(Number(table))?.stream ?? ""));
    }
  }
  let text = "";
  for (const { stream } of all.filter((one) => one.stream?.includes("BT"))) {
    let font = { letters: new Map(), digits: 4 };
    for (const [, name, hex = ""] of stream.matchAll(/\/(F\d+) [\d.-]+ Tf|<([0-9A-Fa-f]+)>/g)) {
      font = (name && fonts.get(name)) || font;
      const { letters, digits } = font;
      for (let at = 0; at + digits <= hex.length; at += digits) text += letters.get(parseInt(hex.slice(at, at + digits), 16)) ?? "";
    }
  }
  return { pages: sides.length, upright, text: text.replace(/\s/g, "") };
}
