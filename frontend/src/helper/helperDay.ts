import { useQuery, type QueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import type { HelperDay, HelperVisit } from "../api/types";
import { dateOf } from "../i18n";

/** A phone in a pocket may miss what was said live; it asks again this often while it is looked at. */
const CATCH_UP_MS = 60_000;

/** One helper's day and the two weeks after it. */
export function useHelperDay(helperId: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["helper-day", helperId.value] as const),
    queryFn: () => take(api.GET("/api/helpers/{id}/day", { params: { path: { id: helperId.value ?? 0 } } })),
    enabled: computed(() => helperId.value !== null),
    refetchInterval: CATCH_UP_MS,
  });
}

/** Puts the server's newest word on one visit into every day of this helper that is held. */
export function noteVisit(queries: QueryClient, helperId: number, visit: HelperVisit): void {
  const put = (visits: HelperVisit[]) => visits.map((one) => (one.visit_id === visit.visit_id ? visit : one));
  queries.setQueriesData<HelperDay>({ queryKey: ["helper-day", helperId] }, (day) =>
    day && { ...day, visits: put(day.visits), later: put(day.later) },
  );
}

/** True when nothing remains to be done or known about it: it is done, declined or called off. */
export function isOver(visit: HelperVisit): boolean {
  return (
    visit.mine === "declined" ||
    visit.mine === "withdrawn" ||
    ["completed", "cancelled", "not_home", "helper_absent", "substituted", "paused"].includes(visit.state)
  );
}

/** Visits by their local day, early days first. */
export function byDay(visits: readonly HelperVisit[]): { date: string; visits: HelperVisit[] }[] {
  const days = new Map<string, HelperVisit[]>();
  for (const visit of [...visits].sort((a, b) => a.start.localeCompare(b.start))) {
    const date = dateOf(visit.start);
    days.set(date, [...(days.get(date) ?? []), visit]);
  }
  return [...days].map(([date, ofDay]) => ({ date, visits: ofDay }));
}
