// One place for every colour and every measure of type and space: styles/tokens.css.

import { describe, expect, it } from "vitest";
import { declarations, files, read, styleOf, TOKENS, type Declaration } from "./sources";

const STYLES = files(/\.(vue|css)$/).filter((file) => file !== TOKENS);

const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(|\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow|brown|purple|pink)\b/i;
/** Words for colours, not properties such as `white-space`. */
const coloured = ({ property, value }: Declaration) => property !== "white-space" && COLOUR.test(value.replace(/var\([^)]*\)|url\([^)]*\)/g, ""));

/** What is measured by a token alone: type, the room around and between, edges. */
const MEASURED =
  /^(margin|padding|gap|row-gap|column-gap|border|outline|box-shadow|text-shadow|font$|font-size|font-family|line-height|letter-spacing|word-spacing|text-indent|text-underline-offset|text-decoration-thickness|vertical-align)/;
const LENGTH = /(?<![\w-])-?[0-9]*\.?[0-9]+(px|pt|mm|cm|rem|em|ex|ch|vh|vw|vmin|vmax)\b/;
/** How wide or high a thing is, is its own: in rem or em, so that it grows with the words in it. Pixels do not. */
const STIFF = /(?<![\w-])-?[0-9]*\.?[0-9]+(px|pt|mm|cm)\b/;

/** Paper has measures of its own, and is the same size for everybody. */
const onPaper = ({ within }: Declaration) => within.some((one) => one.startsWith("@media print") || one.startsWith("@page"));

function lengths(one: Declaration): boolean {
  if (onPaper(one)) return false;
  const value = one.value.replace(/var\([^)]*\)/g, "");
  if (one.property === "line-height" && /^[0-9.]+$/.test(value)) return true;
  return (MEASURED.test(one.property) ? LENGTH : STIFF).test(value);
}

/** Tokens, and what a part sets for those inside it, in its style or from its script. */
const KNOWN = new Set(files(/\.(vue|css)$/).flatMap((file) => [...read(file).matchAll(/(--[\w-]+)["'`\]]*\s*:/g)].map((found) => found[1])));

const told = (one: Declaration) => `${one.within.join(" ")} { ${one.property}: ${one.value} }`;

describe("outside the tokens", () => {
  it.each(STYLES)("%s has no colour and no measure of its own", (file) => {
    const found = declarations(styleOf(file));
    expect(found.filter(coloured).map(told)).toEqual([]);
    expect(found.filter(lengths).map(told)).toEqual([]);
  });

  it.each(STYLES)("%s asks for no token that is not there", (file) => {
    const wanted = [...styleOf(file).matchAll(/var\((--[\w-]+)\)/g)].map((found) => found[1]);
    expect(wanted.filter((token) => !KNOWN.has(token))).toEqual([]);
  });

  it("no letters are pulled apart: Chinese signs stand at even distances already", () => {
    const spaced = STYLES.filter((file) => declarations(styleOf(file)).some(({ property }) => property === "letter-spacing"));
    expect(spaced).toEqual([]);
  });
});

describe("this test", () => {
  const wrong = (css: string) => declarations(`a { ${css} }`).filter((one) => coloured(one) || lengths(one)).length;

  it.each([
    "color: #fff",
    "background: rgb(0 0 0 / 5%)",
    "border: 1px solid var(--line)",
    "padding: 0 0.5rem",
    "margin: calc(var(--s1) + 2px)",
    "font-size: 1.1em",
    "line-height: 1.35",
    "width: 12px",
    "color: white",
  ])("sees %s", (css) => expect(wrong(css)).toBe(1));

  it.each(["color: var(--ink)", "white-space: nowrap", "margin: 0 auto", "width: 12rem", "line-height: var(--leading)", "border: 0"])(
    "lets %s pass",
    (css) => expect(wrong(css)).toBe(0),
  );
});
