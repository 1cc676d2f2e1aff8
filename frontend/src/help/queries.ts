import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

/** The calls for help of the officer's own grids, or of the whole community. */
export function useHelpLists(scope: "grid" | "all") {
  return useQuery({
    queryKey: ["help", "lists", scope],
    queryFn: () => take(scope === "grid" ? api.GET("/api/grid/help-requests") : api.GET("/api/help-requests")),
  });
}

export function useHelp(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["help", "one", id.value]),
    queryFn: () => take(api.GET("/api/help-requests/{id}", { params: { path: { id: id.value } } })),
  });
}

export function useResidentHelp(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["help", "resident", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/help-requests", { params: { path: { id: id.value } } })),
  });
}

export function useHelpContacts() {
  return useQuery({ queryKey: ["help-contacts"], queryFn: () => take(api.GET("/api/help-contacts")) });
}

export function useHelpLimits() {
  return useQuery({ queryKey: ["help-limits"], queryFn: () => take(api.GET("/api/help-limits")) });
}
