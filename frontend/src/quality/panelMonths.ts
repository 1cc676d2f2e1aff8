import { today } from "../i18n";

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

/** The month that is asked for, or else the last that is over. */
export function wantedMonth(query: unknown): string {
  const text = typeof query === "string" ? query : "";
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : shifted(monthOf(today()), -1);
}

/** A score in hundredths of a percent, as people say it: 82.5. */
export function score(bp: number | null): string {
  return bp === null ? "–" : (bp / 100).toFixed(1);
}
