import type { Bar, Board, BoardHelper, HelperKind, UnfilledCard } from "../api/types";
import { instantAt, minuteOf } from "../timeline/clock";
import { layOut, type Box } from "../timeline/lanes";
import type { Stop } from "../timeline/roving";
import { axisFor, gapsIn, type Scale, type Span } from "../timeline/scale";

/** One bar of one helper, with its place on the axis. */
export interface PlacedBar extends Stop {
  helperId: number;
  bar: Bar;
  box: Box;
}

/** One helper's line on the board. */
export interface Row {
  helper: BoardHelper;
  bars: PlacedBar[];
  /** Bars one below the other, at least 1. */
  lanes: number;
  /** When the helper is not available. */
  shut: Span[];
  /** True when the day's minutes pass the helper's limit. */
  overLimit: boolean;
}

/** All helpers of one kind. */
export interface Group {
  kind: HelperKind;
  rows: Row[];
}

/** What the reader wants to see. */
export interface Filter {
  kind: HelperKind | "all";
  text: string;
  /** Leave out helpers without a visit. */
  busy: boolean;
}

/** Staff first: their days are the fullest. */
export const KINDS: readonly HelperKind[] = ["staff", "volunteer", "merchant"];

/** A visit of a crew of two has a bar in each helper's row, so the visit alone does not name a bar. */
export function barKey(visitId: number, helperId: number): string {
  return `${visitId}-${helperId}`;
}

function spanOf(date: string, from: string, to: string): Span {
  return { from: minuteOf(from, date), to: minuteOf(to, date) };
}

/** The hours the axis must show for this day. */
export function axisOf(board: Board): Span {
  const spans = board.helpers.flatMap((helper) => helper.bars.map((bar) => spanOf(board.date, bar.start, bar.end)));
  for (const card of board.unfilled) {
    const from = minuteOf(card.start, board.date);
    spans.push({ from, to: from + card.duration_min });
  }
  return axisFor(spans);
}

function holds(words: readonly (string | null)[], text: string): boolean {
  return words.some((word) => word !== null && word.toLowerCase().includes(text));
}

/** Whether a helper answers to the filter: by name, provider, skill, or by whom and where they visit. */
export function wanted(helper: BoardHelper, filter: Filter): boolean {
  if (filter.kind !== "all" && helper.kind !== filter.kind) return false;
  if (filter.busy && helper.bars.length === 0) return false;
  const text = filter.text.trim().toLowerCase();
  if (text === "") return true;
  return (
    holds([helper.name, helper.provider, ...helper.skills], text) ||
    helper.bars.some((bar) => holds([bar.resident, bar.door, bar.service], text))
  );
}

/** Whether a card of the tray answers to the filter. */
export function cardWanted(card: UnfilledCard, filter: Filter): boolean {
  if (filter.kind !== "all" && !card.kinds.includes(filter.kind)) return false;
  const text = filter.text.trim().toLowerCase();
  return text === "" || holds([card.resident, card.door, card.service], text);
}

function rowOf(helper: BoardHelper, date: string, scale: Scale, smallest: number): Row {
  const spans = new Map(helper.bars.map((bar) => [bar.visit_id, { bar, span: spanOf(date, bar.start, bar.end) }]));
  const { boxes, lanes } = layOut(
    scale,
    [...spans.values()].map(({ bar, span }) => ({ id: bar.visit_id, ...span, walk: bar.walk_before_min ?? 0 })),
    smallest,
  );
  const bars = boxes.flatMap((box) => {
    const found = spans.get(box.id);
    return found
      ? [{ key: barKey(box.id, helper.id), helperId: helper.id, bar: found.bar, box, from: found.span.from, to: found.span.to }]
      : [];
  });
  const open = helper.on_leave ? [] : helper.available.map((window) => spanOf(date, window.from, window.to));
  return { helper, bars, lanes, shut: gapsIn(scale, open), overLimit: helper.minutes > helper.daily_limit_min };
}

/** The board as lines in groups; groups without a line are left out. `smallest` is the least width of a bar in pixels. */
export function groupsOf(board: Board, filter: Filter, scale: Scale, smallest: number): Group[] {
  return KINDS.map((kind) => ({
    kind,
    rows: board.helpers
      .filter((helper) => helper.kind === kind && wanted(helper, filter))
      .map((helper) => rowOf(helper, board.date, scale, smallest)),
  })).filter((group) => group.rows.length > 0);
}

/** Who is on a visit, in the order of the board. */
export function crewOf(board: Board, visitId: number): number[] {
  return board.helpers.filter((helper) => helper.bars.some((bar) => bar.visit_id === visitId)).map((helper) => helper.id);
}

/** The crew after a bar was carried from one helper's row to another's; null when the other helper is already on it. */
export function crewAfter(crew: readonly number[], from: number | null, to: number): number[] | null {
  if (from === to) return [...crew];
  if (crew.includes(to)) return null;
  return from === null ? [...crew, to] : crew.map((id) => (id === from ? to : id));
}

/** A helper's name by id. */
export function nameOf(board: Board, helperId: number): string {
  return board.helpers.find((helper) => helper.id === helperId)?.name ?? "";
}

/**
 * The board as it will be once an assignment is confirmed, so that a dropped bar stays where it was put while the server is
 * asked. The next answer of the server replaces it. A visit that is nowhere on the board changes nothing.
 */
export function withAssigned(board: Board, visitId: number, crew: readonly number[], startMinute: number): Board {
  const card = board.unfilled.find((one) => one.visit_id === visitId);
  const old = board.helpers.flatMap((helper) => helper.bars).find((bar) => bar.visit_id === visitId);
  const length = card ? card.duration_min : old ? minuteOf(old.end, board.date) - minuteOf(old.start, board.date) : null;
  if (length === null) return board;
  const start = instantAt(board.date, startMinute);
  const end = instantAt(board.date, startMinute + length);
  const base: Bar | null = old
    ? { ...old, start, end, walk_before_min: null, late: false }
    : card
      ? {
          visit_id: visitId,
          start,
          end,
          state: "offered",
          mine: "offered",
          pinned: false,
          linked: false,
          late: false,
          resident: card.resident,
          door: card.door,
          service: card.service,
          crew_size: card.crew_size,
          crew_with: null,
          walk_before_min: null,
          movable: true,
          version: card.version,
        }
      : null;
  if (!base) return board;
  return {
    ...board,
    unfilled: board.unfilled.filter((one) => one.visit_id !== visitId),
    helpers: board.helpers.map((helper) => {
      const others = helper.bars.filter((bar) => bar.visit_id !== visitId);
      if (!crew.includes(helper.id)) return others.length === helper.bars.length ? helper : { ...helper, bars: others };
      return { ...helper, bars: [...others, base].sort((a, b) => a.start.localeCompare(b.start)) };
    }),
  };
}

/** How many bars and cards differ between two states of the same day: what is announced when others changed it. */
export function changedVisits(before: Board, after: Board): number {
  if (before.date !== after.date) return 0;
  const seen = fingerprint(before);
  const next = fingerprint(after);
  let changed = 0;
  for (const [id, print] of next) if (seen.get(id) !== print) changed += 1;
  for (const id of seen.keys()) if (!next.has(id)) changed += 1;
  return changed;
}

function fingerprint(board: Board): Map<number, string> {
  const prints = new Map<number, string>();
  for (const card of board.unfilled) prints.set(card.visit_id, `unfilled ${card.start}`);
  for (const helper of board.helpers) {
    for (const bar of helper.bars) {
      prints.set(bar.visit_id, `${prints.get(bar.visit_id) ?? ""}|${helper.id} ${bar.start} ${bar.state} ${bar.pinned}`);
    }
  }
  return prints;
}
