import { lang, loaded } from "./lang";
import type bench from "./zh/bench.json";
import type board from "./zh/board.json";
import type clerk from "./zh/clerk.json";
import type common from "./zh/common.json";
import type entrance from "./zh/entrance.json";
import type family from "./zh/family.json";
import type feed from "./zh/feed.json";
import type help from "./zh/help.json";
import type helper from "./zh/helper.json";
import type hours from "./zh/hours.json";
import type lists from "./zh/lists.json";
import type me from "./zh/me.json";
import type money from "./zh/money.json";
import type office from "./zh/office.json";
import type panel from "./zh/panel.json";
import type parts from "./zh/parts.json";
import type personal from "./zh/personal.json";
import type privacy from "./zh/privacy.json";
import type plan from "./zh/plan.json";
import type quality from "./zh/quality.json";
import type providers from "./zh/providers.json";
import type roll from "./zh/roll.json";
import type series from "./zh/series.json";
import type station from "./zh/station.json";
import type supply from "./zh/supply.json";
import type visit from "./zh/visit.json";
import type vouchers from "./zh/vouchers.json";

/** One file of sentences for each area; a page loads those it names in its route. */
interface Areas {
  bench: typeof bench;
  board: typeof board;
  clerk: typeof clerk;
  common: typeof common;
  entrance: typeof entrance;
  family: typeof family;
  feed: typeof feed;
  help: typeof help;
  helper: typeof helper;
  hours: typeof hours;
  lists: typeof lists;
  me: typeof me;
  money: typeof money;
  office: typeof office;
  panel: typeof panel;
  parts: typeof parts;
  personal: typeof personal;
  privacy: typeof privacy;
  plan: typeof plan;
  quality: typeof quality;
  providers: typeof providers;
  roll: typeof roll;
  series: typeof series;
  station: typeof station;
  supply: typeof supply;
  visit: typeof visit;
  vouchers: typeof vouchers;
}

export type Area = keyof Areas;

/** Every sentence there is, as `area.key`. */
export type Key = { [A in Area]: `${A}.${Extract<keyof Areas[A], string>}` }[Area];

export type Params = Record<string, string | number>;

/** Puts values into a sentence: `{n}` is the value, `{n|visit|visits}` the first word for one and the second for any other. */
export function fill(sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined || other === undefined) return String(value);
    return Number(value) === 1 ? one : other;
  });
}

/** The sentence in the reader's language. */
export function t(key: Key, params: Params = {}): string {
  const dot = key.indexOf(".");
  const sentence = loaded[lang.value][key.slice(0, dot)]?.[key.slice(dot + 1)];
  return sentence === undefined ? key : fill(sentence, params);
}

export { chooseElder, elder } from "./elder";
export { lang, loadAreas, setLang, type Lang } from "./lang";
export * from "./format";
export { now, nowInstant, today } from "./clock";
