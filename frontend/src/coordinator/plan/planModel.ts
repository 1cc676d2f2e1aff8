import type { Plan, PlanChange, PlanSearch } from "../../api/types";
import { addDays, dateOf } from "../../i18n/format";

/** The changes of one day, from morning to evening. */
export interface DayChanges {
  date: string;
  changes: PlanChange[];
}

/** Changes in the order of the days they put a visit on. */
export function changesByDay(changes: PlanChange[]): DayChanges[] {
  const days = new Map<string, PlanChange[]>();
  for (const change of [...changes].sort((a, b) => a.to.start.localeCompare(b.to.start))) {
    const date = dateOf(change.to.start);
    const known = days.get(date);
    if (known) known.push(change);
    else days.set(date, [change]);
  }
  return [...days].map(([date, of]) => ({ date, changes: of }));
}

/** The last day of a plan. */
export function lastDay(plan: Pick<Plan, "date" | "days">): string {
  return addDays(plan.date, plan.days - 1);
}

/** What is known of a search: the plan as it was read, or what was told since, whichever is further. */
export function furthest(read: PlanSearch | null, told: PlanSearch | null | undefined): PlanSearch | null {
  if (!read || !told) return read ?? told ?? null;
  return told.spent_seconds >= read.spent_seconds && (told.stopping || !read.stopping) ? told : read;
}

/** The least time between two sentences to those who listen, in milliseconds: each interrupts what is being read. */
export const SPEAK_EVERY_MS = 5_000;

/** Says when there is something new to say and the last sentence is long enough ago. */
export function announcer(): (figure: string, now: number) => boolean {
  let said = "";
  let at: number | null = null;
  return (figure, now) => {
    // The first figures are on the page that was just opened, whose heading is being read.
    at ??= now;
    if (figure === said || now - at < SPEAK_EVERY_MS) return false;
    said = figure;
    at = now;
    return true;
  };
}
