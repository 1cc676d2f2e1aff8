import { duration, lang } from "../i18n";

/** ¥12.50, ¥0.00: an amount in a sum, where nothing is not "free"; whole fen in. */
export function yuan(fen: number): string {
  return `${fen < 0 ? "−" : ""}¥${(Math.abs(fen) / 100).toFixed(2)}`;
}

/** +1 小时, −30 分钟; whole minutes in. */
export function signed(minutes: number): string {
  return `${minutes < 0 ? "−" : "+"}${duration(Math.abs(minutes))}`;
}

/** −1 小时 for the one account that may be below zero. */
export function held(minutes: number): string {
  return minutes < 0 ? signed(minutes) : duration(minutes);
}

/** The first day of the month that is so many months from a date's. */
export function monthFrom(date: string, months: number): string {
  const at = new Date(`${date.slice(0, 7)}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 10);
}

/** 2026年11月, November 2026. */
export function monthName(date: string): string {
  return new Intl.DateTimeFormat(lang.value === "zh" ? "zh-CN" : "en-GB", { year: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${date.slice(0, 7)}-01T00:00:00Z`),
  );
}
