import { today } from "../i18n";

/** The day of the month from which the present month is what a member wants to score. */
const SCORED_FROM_DAY = 20;

/** The month of a date, as the panel's addresses say it: 2026-11. */
export function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** The month before or after, `by` months away. */
export function shifted(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number);
  const at = (year ?? 0) * 12 + (number ?? 1) - 1 + by;
  return `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** The month that is asked for; else the present one near its end, when it is scored, and before that the last one. */
export function wantedMonth(query: unknown): string {
  const text = typeof query === "string" ? query : "";
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  return Number(today().slice(8, 10)) >= SCORED_FROM_DAY ? monthOf(today()) : shifted(monthOf(today()), -1);
}

/** A score in hundredths of a percent, as people say it: 82.5. */
export function score(bp: number | null): string {
  return bp === null ? "–" : (bp / 100).toFixed(1);
}
