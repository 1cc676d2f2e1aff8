import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

/** A month as its address has it; `month` is its first day. */
const path = (month: Ref<string>) => ({ params: { path: { month: month.value.slice(0, 7) } } });

export function useBenchMonth(month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["bench", month.value] as const),
    queryFn: () => take(api.GET("/api/bench/months/{month}", path(month))),
  });
}

export function useSupplyMonth(month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["supply", month.value] as const),
    queryFn: () => take(api.GET("/api/supply/months/{month}", path(month))),
  });
}
