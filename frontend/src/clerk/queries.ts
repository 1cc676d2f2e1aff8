import { useQuery } from "@tanstack/vue-query";
import { computed, onScopeDispose, ref, watch, type Ref } from "vue";
import { api, take } from "../api/client";
import { usePaged } from "../api/paged";

const PAUSE_MS = 150;

/** Follows what is typed once the fingers rest. */
export function useRested(typed: Ref<string>): Ref<string> {
  const rested = ref(typed.value.trim());
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(typed, (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      rested.value = value.trim();
    }, PAUSE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
  return rested;
}

export function useHouseholds(asked: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["households", asked.value]),
    queryFn: () => take(api.POST("/api/households/search", { body: { q: asked.value } })),
    enabled: computed(() => asked.value.length > 0),
  });
}

export function useHousehold(id: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["household", id.value]),
    queryFn: () => take(api.GET("/api/households/{id}", { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
  });
}

export function useHelpers(asked: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["helpers", asked.value]),
    queryFn: () => take(api.POST("/api/helpers/search", { body: { q: asked.value } })),
    enabled: computed(() => asked.value.length > 0),
  });
}

export function useCallbacks(state: Ref<"open" | "all">) {
  return usePaged(
    computed(() => ["callbacks", state.value]),
    (after) => api.GET("/api/callbacks", { params: { query: { state: state.value, after } } }),
  );
}
