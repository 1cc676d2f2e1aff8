/** Weekdays as a repeat rule writes them, Monday first. */
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The rule of a form: these weekdays, every week or every other. */
export function ruleOf(on: readonly Weekday[], weeks: number): string {
  const days = WEEKDAYS.filter((day) => on.includes(day)).join(",");
  return weeks === 1 ? `FREQ=WEEKLY;BYDAY=${days}` : `FREQ=WEEKLY;INTERVAL=${weeks};BYDAY=${days}`;
}

/** The weekdays of a rule; none where it is not one by week. */
export function weekdaysOf(rule: string): Weekday[] {
  const named = /BYDAY=([^;]*)/.exec(rule)?.[1]?.split(",") ?? [];
  return WEEKDAYS.filter((day) => named.includes(day));
}

/** The weekday of a date. */
export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? "MO";
}

/** Minutes after midnight of a clock time. */
export function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** The clock time of minutes after midnight. */
export function clockOfMinutes(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
