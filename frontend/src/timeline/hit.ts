import type { Scale } from "./scale";
import { minuteAt, snap } from "./scale";

/** A row as measured when a drag begins, in the coordinates of the scrolled content. */
export interface RowBand {
  id: number;
  top: number;
  bottom: number;
}

/** Where a drag would land. */
export interface Landing {
  rowId: number;
  /** Start of the visit, minutes since local midnight, on a five-minute mark and within the axis. */
  minute: number;
}

/** The row under `y`, or null between and outside rows. `bands` run from top to bottom. */
export function rowAt(bands: readonly RowBand[], y: number): RowBand | null {
  let low = 0;
  let high = bands.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const band = bands[middle];
    if (!band) return null;
    if (y < band.top) high = middle - 1;
    else if (y >= band.bottom) low = middle + 1;
    else return band;
  }
  return null;
}

/**
 * Where something held `grabX` pixels from its left edge would land.
 * `x` and `y` are the pointer, measured from the top left of the rows' content and axis.
 */
export function landingAt(
  scale: Scale,
  bands: readonly RowBand[],
  pointer: { x: number; y: number },
  grabX: number,
  durationMin: number,
): Landing | null {
  const band = rowAt(bands, pointer.y);
  if (!band || pointer.x < 0 || pointer.x > (scale.to - scale.from) * scale.pxPerMin) return null;
  const wanted = snap(minuteAt(scale, pointer.x - grabX));
  const latest = Math.max(scale.from, scale.to - durationMin);
  return { rowId: band.id, minute: Math.min(latest, Math.max(scale.from, wanted)) };
}

/** Two landings that mean the same drop. */
export function sameLanding(a: Landing | null, b: Landing | null): boolean {
  return a === b || (a !== null && b !== null && a.rowId === b.rowId && a.minute === b.minute);
}

/** Pixels to scroll when the pointer rests within `edge` pixels of the border of a window `size` pixels long. */
export function edgeScroll(position: number, size: number, edge = 48, step = 14): number {
  if (position < edge) return -Math.ceil((step * (edge - Math.max(0, position))) / edge);
  if (position > size - edge) return Math.ceil((step * (Math.min(size, position) - (size - edge))) / edge);
  return 0;
}
