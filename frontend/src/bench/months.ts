import { duration, t, today } from "../i18n";
import { monthFrom } from "../thanks/amounts";

/** The month that is asked for, as its first day; else the last one that is over: that is what a meeting talks about. */
export function wantedMonth(query: unknown): string {
  const text = typeof query === "string" ? query : "";
  return /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/.test(text) ? `${text}-01` : monthFrom(today(), -1);
}

/** A rating's mean, 4.25. */
export function rating(hundredths: number | null): string {
  return hundredths === null ? "–" : (hundredths / 100).toFixed(2);
}

/** Minutes people waited; what is not there is a dash. */
export function waited(minutes: number | null): string {
  return minutes === null ? "–" : duration(minutes);
}

/** The figure of the month before, in words. */
export function was(figure: string | number | null): string {
  return figure === null || figure === "–" ? t("bench.was_none") : t("bench.was", { n: figure });
}
