import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

/** What is late is so by the clock, not by a message: asked again this often, it is on the screen within a minute. */
const WATCH_MS = 20_000;

export function useFirstScreen() {
  return useQuery({
    queryKey: ["quality", "first"],
    queryFn: () => take(api.GET("/api/quality/first-screen")),
    refetchInterval: WATCH_MS,
  });
}

export function useCareCalls() {
  return useQuery({
    queryKey: ["quality", "calls"],
    queryFn: () => take(api.GET("/api/check-calls")),
    refetchInterval: WATCH_MS * 3,
  });
}

export function useLowRatings() {
  return useQuery({ queryKey: ["quality", "low"], queryFn: () => take(api.GET("/api/ratings/low")) });
}

export function useRatingPage(token: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["rate", token.value]),
    queryFn: () => take(api.GET("/api/rate/{token}", { params: { path: { token: token.value } } })),
    retry: false,
  });
}

export function useHelperRating(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["helper-rating", id.value]),
    queryFn: () => take(api.GET("/api/helpers/{id}/rating", { params: { path: { id: id.value } } })),
    enabled: computed(() => id.value > 0),
  });
}

export function useComplaints() {
  return useQuery({ queryKey: ["complaints", "lists"], queryFn: () => take(api.GET("/api/complaints")) });
}

export function useComplaint(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["complaints", "one", id.value]),
    queryFn: () => take(api.GET("/api/complaints/{id}", { params: { path: { id: id.value } } })),
  });
}

export function useComplaintsOf(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["complaints", "resident", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/complaints", { params: { path: { id: id.value } } })),
  });
}

export function usePanelMonth(month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["panel", "month", month.value]),
    queryFn: () => take(api.GET("/api/panel/months/{month}", { params: { path: { month: month.value } } })),
  });
}

export function useCriteria() {
  return useQuery({ queryKey: ["panel", "criteria"], queryFn: () => take(api.GET("/api/panel/criteria")) });
}

export function useInterests() {
  return useQuery({ queryKey: ["panel", "interests"], queryFn: () => take(api.GET("/api/panel/interests")) });
}

export function useQualitySettings() {
  return useQuery({ queryKey: ["quality-settings"], queryFn: () => take(api.GET("/api/quality/settings")) });
}
