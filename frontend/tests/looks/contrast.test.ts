// What is written on what, and whether it can be read: WCAG 2.2 1.4.3 and 1.4.11, and 1.4.6 where the device asks for more contrast.

import { describe, expect, it } from "vitest";
import { contrast, WAYS } from "./schemes";
import { declarations, files, styleOf, TOKENS } from "./sources";

/** Where words may stand. */
const GROUNDS = ["paper", "card", "sunken"];
const MOODS = ["good", "warn", "bad", "info", "calm", "plum"];

/** Words, and the grounds they stand on. */
const WORDS: Record<string, string[]> = {
  ink: [...GROUNDS, ...MOODS.map((mood) => `${mood}-tint`), "brand-tint", "lamp-tint"],
  "ink-soft": [...GROUNDS, "brand-tint", "lamp-tint", "calm-tint", "bad-tint", "warn-tint", "good-tint", "info-tint"],
  ...Object.fromEntries(MOODS.map((mood) => [mood, [...GROUNDS, `${mood}-tint`]])),
  brand: [...GROUNDS, "brand-tint"],
  "brand-text": [...GROUNDS, "brand-tint"],
  "brand-ink": ["brand", "brand-hover"],
  "lamp-text": [...GROUNDS, "lamp-tint"],
  "lamp-ink": ["lamp"],
  "bar-ink": ["bar", "bar-touched"],
  "bar-soft": ["bar"],
  // The time of day on the board's line of now.
  card: ["focus"],
};

/** Signs and edges that say something by themselves: a field, a focus ring, a mood. */
const SIGNS: Record<string, string[]> = {
  "line-strong": GROUNDS,
  focus: [...GROUNDS, "brand-tint"],
  lamp: ["bar"],
  seal: ["bar"],
  brand: [...GROUNDS],
  ...Object.fromEntries(MOODS.map((mood) => [mood, GROUNDS])),
  "scan-ink": ["scan-ground"],
};

const pairs = (of: Record<string, string[]>) => Object.entries(of).flatMap(([what, grounds]) => grounds.map((ground) => [what, ground] as const));

describe.each(WAYS)("in $name", ({ colours, text, controls }) => {
  it.each(pairs(WORDS))(`%s on %s is readable`, (word, ground) => {
    expect(contrast(colours[`--${word}`] ?? "", colours[`--${ground}`] ?? "")).toBeGreaterThanOrEqual(text);
  });

  it.each(pairs(SIGNS))(`%s on %s is seen`, (sign, ground) => {
    expect(contrast(colours[`--${sign}`] ?? "", colours[`--${ground}`] ?? "")).toBeGreaterThanOrEqual(controls);
  });
});

describe("the list of pairs", () => {
  const styles = files(/\.(vue|css)$/).filter((file) => file !== TOKENS);
  const token = (value: string) => /^var\(--([\w-]+)\)$/.exec(value)?.[1];

  it.each(styles)("holds every pair that %s uses", (file) => {
    const rules = new Map<string, { color?: string; ground?: string }>();
    for (const { within, property, value } of declarations(styleOf(file))) {
      const rule = rules.get(within.join(" ")) ?? {};
      if (property === "color") rule.color = token(value);
      if (property === "background" || property === "background-color") rule.ground = token(value);
      rules.set(within.join(" "), rule);
    }
    // A mood is one of those above: itself and ink stand on its tint.
    const used = [...rules.values()].filter(({ color, ground }) => color && color !== "mood" && !(color === "ink" && ground === "mood-tint"));
    const known = ({ color = "", ground }: { color?: string; ground?: string }) =>
      ground === undefined ? color in WORDS || color in SIGNS : [...(WORDS[color] ?? []), ...(SIGNS[color] ?? [])].includes(ground);
    expect(used.filter((rule) => !known(rule))).toEqual([]);
  });

  it("knows black on white from grey on grey", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
});
