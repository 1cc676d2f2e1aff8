// Reads the styles as they are written: the tokens, and every declaration of every other file.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

export const SRC = join(__dirname, "../../src");
export const TOKENS = "styles/tokens.css";

/** The files below `folder` that end so, named from `src`. */
export function files(end: RegExp, folder = SRC): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(end, path);
    return end.test(name) ? [relative(SRC, path)] : [];
  });
}

export const read = (file: string) => readFileSync(join(SRC, file), "utf8");

/** The style of a file: all of a style sheet, the style blocks of a part. */
export function styleOf(file: string): string {
  const source = read(file);
  const style = file.endsWith(".vue") ? [...source.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((found) => found[1]).join("\n") : source;
  return style.replace(/\/\*[\s\S]*?\*\//g, "");
}

export interface Declaration {
  /** Its selector and the conditions around it, outermost first. */
  within: string[];
  property: string;
  value: string;
}

/** Every declaration of a style, with what it stands in. */
export function declarations(style: string): Declaration[] {
  const within: string[] = [];
  const found: Declaration[] = [];
  let piece = "";
  for (const sign of style) {
    if (sign === "{") within.push(piece.trim().replace(/\s+/g, " "));
    else if (sign === "}" || sign === ";") {
      const [, property, value] = /^\s*([\w-]+)\s*:\s*([\s\S]+?)\s*$/.exec(piece) ?? [];
      if (property && value) found.push({ within: [...within], property, value: value.replace(/\s+/g, " ") });
      if (sign === "}") within.pop();
    } else {
      piece += sign;
      continue;
    }
    piece = "";
  }
  return found;
}
