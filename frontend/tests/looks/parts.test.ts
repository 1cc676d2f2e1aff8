// Every part of src/ui has a test that speaks of it and a place on the page of all parts (/ui).

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { files, read, SRC } from "./sources";

const PARTS = readdirSync(join(SRC, "ui")).filter((name) => name.endsWith(".vue"));

/** The frame around every page: /ui stands in it as the others do, and has no second one inside. */
const FRAME = ["AppShell.vue", "ShellNav.vue", "SchemeChoice.vue"];

const shown = files(/\.vue$/, join(SRC, "parts")).map(read).join("\n");

function tests(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return tests(path);
    return name.endsWith(".test.ts") ? [readFileSync(path, "utf8")] : [];
  });
}
const tested = tests(join(__dirname, "..")).join("\n");

describe("a part", () => {
  it.each(PARTS)("%s is tested", (part) => {
    expect(tested).toMatch(new RegExp(`from "[./]+src/ui/${part.replace(".", "\\.")}"`));
  });

  it.each(PARTS.filter((part) => !FRAME.includes(part)))("%s is shown on /ui", (part) => {
    expect(shown).toContain(`from "../ui/${part}"`);
    expect(shown).toMatch(new RegExp(`<${part.replace(".vue", "")}\\b`));
  });

  it.each(FRAME)("%s is in the frame", (part) => {
    expect(PARTS).toContain(part);
  });
});
