import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import type { RollPart, RowOutcome } from "../api/types";

/** The roll, a page after the other; the key of the next page comes with each. */
export function useRoll(asked: Ref<string>, part: Ref<RollPart>) {
  return useInfiniteQuery({
    queryKey: computed(() => ["roll", part.value, asked.value]),
    queryFn: ({ pageParam }) =>
      take(api.POST("/api/roll/search", { body: { q: asked.value, part: part.value, after: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export function useRollFile(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["roll-file", id.value]),
    queryFn: () => take(api.GET("/api/roll/{id}", { params: { path: { id: id.value } } })),
  });
}

export function usePairs() {
  return useQuery({ queryKey: ["roll-pairs"], queryFn: () => take(api.GET("/api/roll/duplicates")) });
}

/** How often an import under way is asked how far it is. */
const ASK_MS = 700;

export function useImport(id: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["roll-import", id.value]),
    queryFn: () => take(api.GET("/api/roll/imports/{id}", { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
    refetchInterval: (query) => (["reading", "writing"].includes(query.state.data?.state ?? "") ? ASK_MS : false),
  });
}

export function useImportRows(id: Ref<number | null>, outcome: Ref<RowOutcome | null>, ready: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: computed(() => ["roll-import-rows", id.value, outcome.value]),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/roll/imports/{id}/rows", {
          params: { path: { id: id.value ?? 0 }, query: { outcome: outcome.value ?? undefined, after: pageParam } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    enabled: computed(() => id.value !== null && ready.value),
  });
}
