import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

export function useRooms() {
  return useQuery({ queryKey: ["station", "rooms"], queryFn: () => take(api.GET("/api/station/rooms")) });
}

export function useSessions(from: Ref<string>, to: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["station", "list", from.value, to.value]),
    queryFn: () => take(api.GET("/api/station/sessions", { params: { query: { from: from.value, to: to.value } } })),
  });
}

export function useSession(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["station", "one", id.value]),
    queryFn: () => take(api.GET("/api/station/sessions/{id}", { params: { path: { id: id.value } } })),
  });
}

export function useSheet(id: Ref<number>, full: Ref<boolean>) {
  return useQuery({
    queryKey: computed(() => ["station", "sheet", id.value, full.value]),
    queryFn: () => take(api.GET("/api/station/sessions/{id}/sheet", { params: { path: { id: id.value }, query: { full: full.value } } })),
  });
}

export function useStationCalls() {
  return useQuery({ queryKey: ["station", "calls"], queryFn: () => take(api.GET("/api/station/calls")) });
}

export function useResidentSessions(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["station", "resident", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/sessions", { params: { path: { id: id.value } } })),
  });
}
