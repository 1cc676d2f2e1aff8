import type { HelperDetails, HelperFile } from "../api/types";
import { weekday } from "../i18n";
import { hoursOf, readHours } from "../station/hours";

/** 1 Monday to 7 Sunday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** 周一 to 周日, Mon to Sun. */
export function weekdayName(day: number): string {
  // The first of January 2024 was a Monday.
  return weekday(`2024-01-0${day}`);
}

/** What stands in the fields of a helper's file. */
export interface HelperFields {
  name: string;
  sex: HelperDetails["sex"];
  birth: string;
  phone: string;
  email: string;
  home: { id: number; door: string } | null;
  dailyHours: string;
  weeklyHours: string;
  skills: string[];
  /** By weekday, as it is written: `08:00-12:00 14:00-17:00`. */
  hours: Record<number, string>;
}

/** The fields of a file, or those of somebody new. */
export function fieldsOf(file: HelperFile | null): HelperFields {
  const spans = (file?.hours ?? []).map((one) => ({ weekday: one.weekday, opens_min: one.from_min, closes_min: one.to_min }));
  return {
    name: file?.name ?? "",
    sex: file?.sex ?? "female",
    birth: file?.birth_date ?? "",
    phone: file?.phone ?? "",
    email: file?.email ?? "",
    home: file && file.home_id !== null ? { id: file.home_id, door: file.home ?? "" } : null,
    dailyHours: String((file?.daily_limit_min ?? 240) / 60),
    weeklyHours: String((file?.weekly_limit_min ?? 1200) / 60),
    skills: (file?.skills ?? []).map((one) => one.code),
    hours: Object.fromEntries(WEEKDAYS.map((day) => [day, file ? hoursOf(spans, day) : day <= 5 ? "08:00-12:00 14:00-17:00" : ""])),
  };
}

/** The opposite; the weekdays whose hours cannot be read come back instead. */
export function detailsOf(fields: HelperFields): { details: HelperDetails } | { unread: number[] } {
  const read = WEEKDAYS.map((day) => ({ day, spans: readHours(fields.hours[day] ?? "", day) }));
  const unread = read.filter((one) => one.spans === null).map((one) => one.day);
  if (unread.length > 0) return { unread };
  return {
    details: {
      name: fields.name,
      sex: fields.sex,
      birth_date: fields.birth,
      phone: fields.phone,
      email: fields.email.trim() || null,
      home_id: fields.home?.id ?? null,
      daily_limit_min: Math.round(Number(fields.dailyHours) * 60),
      weekly_limit_min: Math.round(Number(fields.weeklyHours) * 60),
      skills: fields.skills,
      hours: read.flatMap((one) => (one.spans ?? []).map((span) => ({ weekday: one.day, from_min: span.opens_min, to_min: span.closes_min }))),
    },
  };
}
