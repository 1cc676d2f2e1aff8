import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(__dirname, "../src");
const router = readFileSync(join(ROOT, "router.ts"), "utf8");
const routes = [...router.matchAll(/component: \(\) => import\("(.+?)"\),\s*meta: \{ title: "(\w+)\.\w+", areas: \[(.*?)\]/g)].map(
  ([, page, title, areas]) => ({
    page: page ?? "",
    areas: new Set(["common", title === "common" ? "common" : "", ...[...(areas ?? "").matchAll(/"(\w+)"/g)].map((m) => m[1] ?? "")]),
    title: title ?? "",
  }),
);

/** The areas whose sentences a file uses, itself or through what it imports. */
function used(path: string, seen: Set<string>, found: Set<string>): Set<string> {
  if (seen.has(path) || !existsSync(path) || path.endsWith(".json")) return found;
  seen.add(path);
  const source = readFileSync(path, "utf8");
  for (const [, area] of source.matchAll(/\bt\(\s*(?:[^"'`)]*\? )?["'`](\w+)\./g)) found.add(area ?? "");
  for (const [, from] of source.matchAll(/from "(\.[^"]+)"/g)) {
    const target = join(dirname(path), from ?? "");
    used(target.endsWith(".vue") ? target : `${target}.ts`, seen, found);
  }
  return found;
}

describe("a page", () => {
  it("is found in the list of routes", () => {
    expect(routes.length).toBe((router.match(/component: \(\) => import/g) ?? []).length);
  });

  it.each(routes)("$page loads every sentence it may show", ({ page, areas, title }) => {
    const needed = used(join(ROOT, page), new Set([join(ROOT, "router.ts")]), new Set([title]));
    expect([...needed].filter((area) => !areas.has(area))).toEqual([]);
  });
});
