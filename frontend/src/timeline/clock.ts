/*
 * The board counts in minutes since the local midnight of the day it shows.
 * The server speaks UTC; the community lives on one clock, UTC+8, which has
 * not had a summer time since 1991, so a fixed offset is exact.
 */

/** Milliseconds in one minute. */
const MINUTE_MS = 60_000;
/** How far the community's clock is ahead of UTC, in minutes. */
const ZONE_AHEAD_MIN = 8 * 60;

/** True for a real calendar day written `YYYY-MM-DD`. */
export function isDate(text: unknown): text is string {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

/** Minutes from the local midnight that begins `date` to `instant`; outside 0–1440 on another day. */
export function minuteOf(instant: string | number, date: string): number {
  const at = typeof instant === "number" ? instant : Date.parse(instant);
  const midnight = Date.parse(`${date}T00:00:00Z`) - ZONE_AHEAD_MIN * MINUTE_MS;
  return (at - midnight) / MINUTE_MS;
}

/** The instant (RFC 3339, UTC, no fractions) at `minute` of the local day `date`. */
export function instantAt(date: string, minute: number): string {
  const midnight = Date.parse(`${date}T00:00:00Z`) - ZONE_AHEAD_MIN * MINUTE_MS;
  return new Date(midnight + minute * MINUTE_MS).toISOString().replace(".000Z", "Z");
}

/** `9:05` for minute 545. */
export function clockText(minute: number): string {
  const whole = Math.round(minute);
  const hour = Math.floor(whole / 60);
  return `${hour}:${String(whole - hour * 60).padStart(2, "0")}`;
}

/** `09:05`, the form a time field wants. */
export function fieldText(minute: number): string {
  return clockText(minute).padStart(5, "0");
}

/** The minute that a time field's `HH:MM` names, or null. */
export function minuteOfField(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text.trim());
  if (!found) return null;
  const hour = Number(found[1]);
  const minute = Number(found[2]);
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}
