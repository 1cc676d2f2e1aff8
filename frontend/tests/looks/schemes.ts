// The colours of the four ways to see the pages, as a browser would work them out, and how far two are apart.

import { declarations, styleOf, TOKENS } from "./sources";

export type Colours = Record<string, string>;

const tokens = declarations(styleOf(TOKENS)).filter(({ property }) => property.startsWith("--"));

/** What the blocks say that hold when the conditions are these; later ones overrule. */
function colours(dark: boolean, contrast: boolean): Colours {
  const holds = (within: string[]) =>
    within.every((one) => {
      if (one === ":root") return true;
      if (one === ':root[data-scheme="dark"]') return dark;
      if (one === "@media screen") return true;
      if (one === "@media (prefers-contrast: more)" || one === "@media screen and (prefers-contrast: more)") return contrast;
      return false;
    });
  const said = tokens.filter(({ within }) => holds(within));
  // A block for the dark is written with more weight than one for both.
  const weight = ({ within }: (typeof said)[number]) => (within.some((one) => one.includes("data-scheme")) ? 1 : 0);
  return Object.fromEntries([...said].sort((one, other) => weight(one) - weight(other)).map(({ property, value }) => [property, value]));
}

export const WAYS: { name: string; colours: Colours; text: number; controls: number }[] = [
  { name: "light", colours: colours(false, false), text: 4.5, controls: 3 },
  { name: "dark", colours: colours(true, false), text: 4.5, controls: 3 },
  { name: "light, more contrast", colours: colours(false, true), text: 7, controls: 4.5 },
  { name: "dark, more contrast", colours: colours(true, true), text: 7, controls: 4.5 },
];

/** How bright a colour is, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [, hex] = /^#([0-9a-f]{6})$/i.exec(colour) ?? [];
  if (!hex) throw new Error(`${colour} is no colour of six figures`);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1, the same, to 21, black on white. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
