import type { Span } from "./scale";

/** A bar as the keyboard sees it. */
export interface Stop extends Span {
  /** Unique on the board: a visit of a crew of two has a bar in each helper's row. */
  key: string;
}

/** Rows from top to bottom, each with its bars from early to late. */
export type StopRows = readonly (readonly Stop[])[];

function placeOf(rows: StopRows, key: string): { row: number; column: number } | null {
  for (let row = 0; row < rows.length; row += 1) {
    const column = (rows[row] ?? []).findIndex((stop) => stop.key === key);
    if (column >= 0) return { row, column };
  }
  return null;
}

/** The bar of a row that is nearest in time: the largest overlap, else the smallest gap. */
function nearest(row: readonly Stop[], to: Span): Stop | undefined {
  let best: Stop | undefined;
  let bestDistance = Infinity;
  for (const stop of row) {
    const distance = Math.max(stop.from, to.from) - Math.min(stop.to, to.to);
    if (distance < bestDistance) {
      best = stop;
      bestDistance = distance;
    }
  }
  return best;
}

function vertical(rows: StopRows, from: number, step: 1 | -1, span: Span): string | null {
  for (let row = from + step; row >= 0 && row < rows.length; row += step) {
    const stop = nearest(rows[row] ?? [], span);
    if (stop) return stop.key;
  }
  return null;
}

/** Keys that move the focus between bars. */
export const MOVING_KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"] as const;

/**
 * The bar to focus after `pressed`, or null to stay.
 * Left and right stay in the row, up and down skip empty rows, Home and End go to
 * the row's ends and, with Control, to the board's.
 */
export function nextStop(rows: StopRows, current: string, pressed: string, control = false): string | null {
  const place = placeOf(rows, current);
  if (!place) return firstStop(rows);
  const row = rows[place.row] ?? [];
  const here = row[place.column];
  if (!here) return null;
  switch (pressed) {
    case "ArrowLeft":
      return row[place.column - 1]?.key ?? null;
    case "ArrowRight":
      return row[place.column + 1]?.key ?? null;
    case "ArrowUp":
      return vertical(rows, place.row, -1, here);
    case "ArrowDown":
      return vertical(rows, place.row, 1, here);
    case "Home":
      return control ? firstStop(rows) : (row[0]?.key ?? null);
    case "End":
      return control ? lastStop(rows) : (row[row.length - 1]?.key ?? null);
    default:
      return null;
  }
}

/** The first bar on the board. */
export function firstStop(rows: StopRows): string | null {
  return rows.find((row) => row.length > 0)?.[0]?.key ?? null;
}

function lastStop(rows: StopRows): string | null {
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const stop = rows[row]?.at(-1);
    if (stop) return stop.key;
  }
  return null;
}

/** The one bar that Tab reaches: the one last visited while it still exists, else the first. */
export function tabStop(rows: StopRows, remembered: string | null): string | null {
  return remembered !== null && placeOf(rows, remembered) ? remembered : firstStop(rows);
}
