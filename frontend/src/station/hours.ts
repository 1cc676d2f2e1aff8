import type { StationRoom } from "../api/types";

type Span = StationRoom["hours"][number];

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** The hours of one weekday as they are written: `08:00-12:00 14:00-17:00`; nothing where it is closed. */
export function hoursOf(hours: Span[], weekday: number): string {
  return hours
    .filter((span) => span.weekday === weekday)
    .map((span) => `${clock(span.opens_min)}-${clock(span.closes_min)}`)
    .join(" ");
}

/** The opposite; null where it cannot be read. */
export function readHours(text: string, weekday: number): Span[] | null {
  const spans: Span[] = [];
  for (const part of text.trim().split(/[\s,，、;；]+/).filter(Boolean)) {
    const found = /^(\d{1,2})[:：](\d{2})[-–—~至](\d{1,2})[:：](\d{2})$/.exec(part);
    if (!found) return null;
    const [opens_h, opens_m, closes_h, closes_m] = found.slice(1).map(Number) as [number, number, number, number];
    if (opens_m > 59 || closes_m > 59) return null;
    spans.push({ weekday, opens_min: opens_h * 60 + opens_m, closes_min: closes_h * 60 + closes_m });
  }
  return spans;
}
