import type { Scale, Span } from "./scale";
import { xOf } from "./scale";

/** Something with an id that occupies a stretch of the day. */
export interface Piece extends Span {
  id: number;
  /** Minutes of walking just before it, 0 when there is none. */
  walk: number;
}

/** Where a piece is drawn inside its row. */
export interface Box {
  id: number;
  /** Pixels from the left end of the axis. */
  x: number;
  /** Pixels; never under the smallest width at which a bar can be hit. */
  width: number;
  /** 0 for the top lane. Overlapping pieces go one below the other. */
  lane: number;
  /** Pixels of walking drawn left of the bar, 0 for none. */
  walkWidth: number;
}

/** A bar is drawn this much narrower than its place, so that neighbours stay apart. */
export const BAR_GAP_PX = 2;
/** Narrower bars are hard to tap: the house's target of 44 px, and the gap. */
export const SMALLEST_BAR_PX = 44 + BAR_GAP_PX;
/** In 长辈版 targets are 60 px. */
export const SMALLEST_BAR_ELDER_PX = 60 + BAR_GAP_PX;

/**
 * Gives every piece the highest lane in which it touches no earlier piece.
 * Drawn width counts, so a short visit widened to be tappable never hides its neighbour.
 */
export function layOut(scale: Scale, pieces: readonly Piece[], smallest = SMALLEST_BAR_PX): { boxes: Box[]; lanes: number } {
  const laneEnds: number[] = [];
  const boxes: Box[] = [];
  const inOrder = [...pieces].sort((a, b) => a.from - b.from || a.to - b.to || a.id - b.id);
  for (const piece of inOrder) {
    const x = xOf(scale, piece.from);
    const width = Math.max(smallest, xOf(scale, piece.to) - x);
    let lane = laneEnds.findIndex((end) => end <= x + 0.5);
    if (lane < 0) lane = laneEnds.length;
    laneEnds[lane] = x + width;
    boxes.push({ id: piece.id, x, width, lane, walkWidth: piece.walk * scale.pxPerMin });
  }
  return { boxes, lanes: Math.max(1, laneEnds.length) };
}
