import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

export function useConsents(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["consents", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/consents", { params: { path: { id: id.value } } })),
  });
}

/** Who looked at the file, a page after the other. */
export function useLooks(id: Ref<number>) {
  return useInfiniteQuery({
    queryKey: computed(() => ["looks", id.value]),
    queryFn: ({ pageParam }) =>
      take(api.GET("/api/residents/{id}/looks", { params: { path: { id: id.value }, query: pageParam === null ? {} : { before: pageParam } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
}

/** Whom the desk is to ask, a page after the other. */
export function useToAsk(purpose: Ref<"" | "care" | "health" | "merchants" | "grid" | "messages">) {
  return useInfiniteQuery({
    queryKey: computed(() => ["consents", "to-ask", purpose.value]),
    queryFn: ({ pageParam }) =>
      take(
        api.GET("/api/consents/to-ask", {
          params: { query: { ...(purpose.value ? { purpose: purpose.value } : {}), ...(pageParam === null ? {} : { after: pageParam }) } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
}

/** What erasing everything about a resident would do, and how far a request is. */
export function useErasure(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["erasure", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/erasure", { params: { path: { id: id.value } } })),
  });
}

export function useErasures() {
  return useQuery({ queryKey: ["erasures"], queryFn: () => take(api.GET("/api/erasures")) });
}

export function useRetention() {
  return useQuery({ queryKey: ["retention"], queryFn: () => take(api.GET("/api/retention")) });
}

export function useMasking() {
  return useQuery({ queryKey: ["masking"], queryFn: () => take(api.GET("/api/masking")) });
}

export function useConsentTexts() {
  return useQuery({ queryKey: ["consents", "texts"], queryFn: () => take(api.GET("/api/consent-texts")) });
}
