import { now } from "./clock";
import { lang, type Lang } from "./lang";

/** All pages speak the compound's time, wherever the reader is. Asia/Shanghai has been at +08:00 without summer time since 1991. */
const ZONE = "Asia/Shanghai";
const OFFSET = "+08:00";
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(which: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = which + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(which === "zh" ? "zh-CN" : "en-GB", { timeZone: ZONE, ...options });
    formats.set(key, found);
  }
  return found;
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function dateOf(instant: string | Date): string {
  return new Date(new Date(instant).getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** The local clock time of an instant, `HH:MM`. */
export function clockOf(instant: string | Date): string {
  return new Date(new Date(instant).getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
}

/** The instant of a local date and clock time. */
export function instantOf(date: string, clock: string): string {
  return new Date(`${date}T${clock}:00${OFFSET}`).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The date `days` later (or earlier, when negative). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

function noon(date: string): Date {
  return new Date(`${date}T12:00:00${OFFSET}`);
}

/** 周三, Wed. */
export function weekday(date: string): string {
  return format(lang.value, { weekday: "short" }).format(noon(date));
}

/** 11月25日, 25 Nov; with the year when it is another one. */
export function shortDate(date: string): string {
  const year = date.slice(0, 4) === dateOf(now()).slice(0, 4) ? undefined : "numeric";
  return format(lang.value, { month: lang.value === "zh" ? "long" : "short", day: "numeric", year }).format(noon(date));
}

/** 11月25日 周三, Wed 25 Nov. */
export function dayName(date: string): string {
  return lang.value === "zh" ? `${shortDate(date)} ${weekday(date)}` : `${weekday(date)} ${shortDate(date)}`;
}

const NEAR: Record<Lang, Record<number, string>> = {
  zh: { [-2]: "前天", [-1]: "昨天", 0: "今天", 1: "明天", 2: "后天" },
  en: { [-1]: "Yesterday", 0: "Today", 1: "Tomorrow" },
};

/** 今天, 明天 … or an empty word when the day is further off. */
export function nearDay(date: string): string {
  return NEAR[lang.value][daysBetween(dateOf(now()), date)] ?? "";
}

/** 今天（周一）, 11月25日 周三. */
export function day(date: string): string {
  const near = nearDay(date);
  if (!near) return dayName(date);
  return lang.value === "zh" ? `${near}（${weekday(date)}）` : `${near} (${weekday(date)})`;
}

/** 今天（周一）14:00, 11月25日 周三 14:00, Wed 25 Nov, 14:00. */
export function moment(instant: string): string {
  const words = day(dateOf(instant));
  if (lang.value === "en") return `${words}, ${clockOf(instant)}`;
  // A full-width bracket brings its own room.
  return words.endsWith("）") ? words + clockOf(instant) : `${words} ${clockOf(instant)}`;
}

/** 14:00–15:30. */
export function span(start: string, end: string): string {
  return `${clockOf(start)}–${clockOf(end)}`;
}

/** 今天（周一）14:00–15:30. */
export function momentSpan(start: string, end: string): string {
  return `${moment(start)}–${clockOf(end)}`;
}

/** 免费, ¥12, ¥12.50, 待定 while nobody knows who comes; whole fen in. */
export function money(fen: number | null): string {
  if (fen === null) return lang.value === "zh" ? "待定" : "not known yet";
  if (fen === 0) return lang.value === "zh" ? "免费" : "Free";
  const yuan = fen / 100;
  return `¥${fen % 100 === 0 ? yuan.toFixed(0) : yuan.toFixed(2)}`;
}

/** ¥12–30, or one price when both ends are equal. */
export function moneySpan(from: number, to: number): string {
  return from === to ? money(from) : `${money(from)}–${money(to)}`;
}

/** 45 分钟, 1 小时 30 分钟; whole minutes in. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const zh = lang.value === "zh";
  const hourWord = zh ? `${hours} 小时` : `${hours} h`;
  const restWord = zh ? `${rest} 分钟` : `${rest} min`;
  if (hours === 0) return restWord;
  return rest === 0 ? hourWord : `${hourWord} ${restWord}`;
}

/** 王阿姨、李阿姨; Ms Wang, Ms Li. */
export function listing(words: string[]): string {
  return words.join(lang.value === "zh" ? "、" : ", ");
}

/** 1,234,567 */
export function count(number: number): string {
  return number.toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB");
}
