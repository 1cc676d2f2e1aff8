/** A stretch of the day, minutes since local midnight, `from` < `to`. */
export interface Span {
  from: number;
  to: number;
}

/** What the time axis covers and how wide a minute is drawn. */
export interface Scale extends Span {
  /** Pixels for one minute, above 0. */
  pxPerMin: number;
}

/** The board opens on the hours in which nearly all care happens. */
export const WORKING_DAY: Span = { from: 7 * 60, to: 20 * 60 };

/** A visit starts on a five-minute mark; the server refuses others. */
export const STEP_MIN = 5;

/** The nearest five-minute mark. */
export function snap(minute: number, step = STEP_MIN): number {
  return Math.round(minute / step) * step;
}

/** The working day, grown by whole hours until everything in `spans` shows; never past the day itself. */
export function axisFor(spans: readonly Span[]): Span {
  let { from, to } = WORKING_DAY;
  for (const span of spans) {
    from = Math.min(from, Math.floor(span.from / 60) * 60);
    to = Math.max(to, Math.ceil(span.to / 60) * 60);
  }
  return { from: Math.max(0, from), to: Math.min(24 * 60, to) };
}

/** Pixels from the left end of the axis to `minute`. */
export function xOf(scale: Scale, minute: number): number {
  return (minute - scale.from) * scale.pxPerMin;
}

/** The minute that is drawn `x` pixels from the left end of the axis. */
export function minuteAt(scale: Scale, x: number): number {
  return scale.from + x / scale.pxPerMin;
}

/** Width of the whole axis in pixels. */
export function widthOf(scale: Scale): number {
  return (scale.to - scale.from) * scale.pxPerMin;
}

/** Every whole hour on the axis, both ends included. */
export function hoursOf(axis: Span): number[] {
  const hours: number[] = [];
  for (let minute = Math.ceil(axis.from / 60) * 60; minute <= axis.to; minute += 60) hours.push(minute);
  return hours;
}

/** Where the line of the present stands, or null when the day shown is another or the hour is off the axis. */
export function nowX(scale: Scale, nowMinute: number): number | null {
  return nowMinute < scale.from || nowMinute > scale.to ? null : xOf(scale, nowMinute);
}

/** The parts of the axis that `open` does not cover: what is shaded. */
export function gapsIn(axis: Span, open: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let edge = axis.from;
  for (const span of [...open].sort((a, b) => a.from - b.from)) {
    if (span.from > edge) gaps.push({ from: edge, to: Math.min(span.from, axis.to) });
    edge = Math.max(edge, span.to);
    if (edge >= axis.to) break;
  }
  if (edge < axis.to) gaps.push({ from: edge, to: axis.to });
  return gaps.filter((gap) => gap.to > gap.from);
}
