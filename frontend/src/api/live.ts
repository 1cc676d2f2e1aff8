import { onScopeDispose, watch } from "vue";
import type { QueryClient } from "@tanstack/vue-query";
import { ended } from "./ended";
import { refreshing } from "./refresh";
import type { SearchProgress } from "./types";

/** What a change touches: the first words of the query keys that are to be asked again. */
const TOUCHES: Record<string, string[]> = {
  series: ["series", "visits", "family", "meals"],
  calendar_day: ["calendar", "series", "board"],
  visit: ["quality", "series", "meals", "board", "lists", "visit", "suggestions", "plan", "helper-day", "family", "visits", "booking", "household", "grid"],
  booking: ["series", "meals", "board", "lists", "visit", "helper-day", "family", "visits", "booking", "household", "grid"],
  plan: ["board", "plan"],
  call: ["household"],
  check_call: ["quality"],
  rating: ["quality", "visit", "visits", "booking", "family"],
  complaint: ["quality", "complaints"],
  panel: ["panel"],
  bench_action: ["bench"],
  unmet: ["supply", "bench"],
  quality_setting: ["quality", "board", "lists"],
  callback: ["callbacks", "lists", "board", "household"],
  request: ["lists", "board", "booking", "family", "visits", "visit"],
  help_request: ["help"],
  help_setting: ["help", "help-contacts", "help-limits"],
  time_entry: ["hours", "helper-day", "money"],
  voucher: ["vouchers", "shop", "money"],
  payment: ["money"],
  subsidy: ["money"],
  station_session: ["station", "money", "provider"],
  station_room: ["station"],
  consent: ["consents", "family", "board"],
  helper: ["provider", "provider-helpers", "helper-file", "board", "lists"],
  leave: ["board", "lists", "helper-day"],
  provider: ["providers", "provider", "merchants", "lists", "board"],
  resident: ["quality", "erasure", "erasures", "roll", "roll-file", "roll-pairs", "household", "family"],
  absence: ["station", "roll", "roll-file", "household", "family"],
  roll_import: ["roll-import", "roll-import-rows"],
};

/** Where the last word about a search is kept. It is told, never asked for, and it does not wake those who show the board. */
export function progressKey(plan: number): readonly [string, number] {
  return ["progress", plan];
}

/** Listens to the server while the calling component lives, and refreshes what changed. The browser reconnects by itself. */
export function useLive(queries: QueryClient): void {
  if (typeof EventSource === "undefined") return;
  let source: EventSource | undefined;
  const refresh = refreshing(queries);
  const change = (event: Event) => {
    const what = (JSON.parse((event as MessageEvent<string>).data) as { what?: string }).what ?? "";
    refresh.touch(TOUCHES[what] ?? []);
  };
  const progress = (event: Event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as SearchProgress;
    queries.setQueryData(progressKey(told.plan_id), told.search);
  };
  const listen = () => {
    source = new EventSource("/api/events");
    source.addEventListener("change", change);
    source.addEventListener("progress", progress);
  };
  listen();
  // A browser that was refused once asks no more by itself: whoever has signed in again wants to hear again.
  watch(ended, (over) => {
    if (!over && source?.readyState === EventSource.CLOSED) listen();
  });
  onScopeDispose(() => {
    refresh.stop();
    source?.close();
  });
}
