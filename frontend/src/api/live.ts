import { onScopeDispose } from "vue";
import type { QueryClient } from "@tanstack/vue-query";

/** What a change touches: the first words of the query keys that are to be asked again. */
const TOUCHES: Record<string, string[]> = {
  visit: ["board", "lists", "visit", "suggestions", "plan", "helper-day", "family", "visits", "booking", "household", "grid"],
  booking: ["board", "lists", "visit", "helper-day", "family", "visits", "booking", "household", "grid"],
  plan: ["board", "plan"],
  call: ["household"],
  callback: ["callbacks", "lists", "board", "household"],
  request: ["lists", "board", "booking", "family", "visits", "visit"],
  leave: ["board", "lists", "helper-day"],
};

/** Several changes of one write arrive together and are answered by one refresh. */
const GATHER_MS = 250;

/** Listens to the server while the calling component lives, and refreshes what changed. The browser reconnects by itself. */
export function useLive(queries: QueryClient): void {
  if (typeof EventSource === "undefined") return;
  const source = new EventSource("/api/events");
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    timer = undefined;
    const roots = new Set(stale);
    stale.clear();
    void queries.invalidateQueries({ predicate: (query) => roots.has(String(query.queryKey[0])) });
  };
  source.addEventListener("change", (event) => {
    const what = (JSON.parse((event as MessageEvent<string>).data) as { what?: string }).what ?? "";
    for (const root of TOUCHES[what] ?? []) stale.add(root);
    timer ??= setTimeout(refresh, GATHER_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    source.close();
  });
}
