import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import { usePaged } from "../api/paged";

/** The residents of the signed-in officer's grid. */
export function useGridResidents() {
  return useQuery({ queryKey: ["grid"], queryFn: () => take(api.GET("/api/grid/residents")) });
}

export function useProviders() {
  return useQuery({ queryKey: ["providers"], queryFn: () => take(api.GET("/api/providers")) });
}

/** The accounts that hold these words, a page at most; all, page by page, where there are none. */
export function useAccounts(words: Ref<string>) {
  return usePaged(
    computed(() => ["accounts", words.value]),
    (after) =>
      words.value === ""
        ? api.GET("/api/accounts", { params: { query: { after } } })
        : api.POST("/api/accounts/search", { body: { q: words.value } }),
  );
}

/** Whether coordinators and administrators need a second step to sign in. */
export function useSecondFactorRule() {
  return useQuery({ queryKey: ["second-factor-rule"], queryFn: () => take(api.GET("/api/second-factor")) });
}

/** The merchants at whose counters a shopkeeper may stand. */
export function useMerchants() {
  return useQuery({ queryKey: ["merchants"], queryFn: () => take(api.GET("/api/merchants")) });
}
