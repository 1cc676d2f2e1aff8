import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fill } from "../src/i18n";

const ROOT = join(__dirname, "../src");
const areas = readdirSync(join(ROOT, "i18n/zh")).map((file) => basename(file, ".json"));

function sentences(lang: string, area: string): Record<string, string> {
  return JSON.parse(readFileSync(join(ROOT, "i18n", lang, `${area}.json`), "utf8")) as Record<string, string>;
}

function files(folder: string, end: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path, end);
    return name.endsWith(end) ? [path] : [];
  });
}

function params(sentence: string): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ""))].sort();
}

describe("the sentences", () => {
  it("are in the same files in both languages", () => {
    expect(readdirSync(join(ROOT, "i18n/en")).sort()).toEqual(readdirSync(join(ROOT, "i18n/zh")).sort());
  });

  it.each(areas)("of %s are there in Chinese and in English, with the same values in them", (area) => {
    const zh = sentences("zh", area);
    const en = sentences("en", area);
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const [key, sentence] of Object.entries(zh)) {
      expect(sentence.trim(), `${area}.${key}`).not.toBe("");
      expect(en[key]?.trim(), `${area}.${key}`).not.toBe("");
      expect(params(en[key] ?? ""), `${area}.${key}`).toEqual(params(sentence));
    }
  });

  it("take their values, and one or many", () => {
    expect(fill("{n} {n|visit|visits} for {who}", { n: 1, who: "Wang" })).toBe("1 visit for Wang");
    expect(fill("{n} {n|visit|visits}", { n: 3 })).toBe("3 visits");
    expect(fill("{left}", {})).toBe("{left}");
  });
});

/** The words of a template that a reader would see: outside of tags and of `{{ }}`. */
function wordsIn(source: string): string[] {
  const template = /<template>([\s\S]*)<\/template>/.exec(source)?.[1] ?? "";
  const text = template
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/\{\{[\s\S]*?\}\}/g, " ")
    .replace(/<(?:"[^"]*"|'[^']*'|[^>"'])*>/g, "\n");
  const attributes = [...template.matchAll(/[\s](?:aria-label|title|alt|placeholder|label|hint)="([^"]*)"/g)].map((m) => m[1] ?? "");
  return [...text.split("\n"), ...attributes].map((line) => line.trim()).filter((line) => /[A-Za-z\u4e00-\u9fff]{2,}/.test(line));
}

describe("the templates", () => {
  it.each(files(ROOT, ".vue").map((path) => path.slice(ROOT.length + 1)))("%s says nothing but translated sentences", (path) => {
    const source = readFileSync(join(ROOT, path), "utf8");
    expect(wordsIn(source)).toEqual([]);
    expect(/[\u4e00-\u9fff]/.test(/<template>([\s\S]*)<\/template>/.exec(source)?.[1]?.replace(/<!--[\s\S]*?-->/g, "") ?? "")).toBe(false);
  });
});
