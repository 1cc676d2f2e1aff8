import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

/** Offered times change with every booking in the compound. */
const TIMES_FRESH_MS = 10_000;
const CATALOGUE_FRESH_MS = 300_000;
export const DAYS_SHOWN = 7;

/** The residents whom the signed-in person looks after. */
export function useFamilyResidents() {
  return useQuery({ queryKey: ["family"], queryFn: () => take(api.GET("/api/family/residents")) });
}

export function useResident(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["family", "resident", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}", { params: { path: { id: id.value } } })),
  });
}

/** Visits from 30 days back to 14 ahead, ascending. */
export function useVisits(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["visits", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/visits", { params: { path: { id: id.value } } })),
    enabled: computed(() => id.value > 0),
  });
}

export function useCatalogue(id: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["catalogue", id.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/catalogue", { params: { path: { id: id.value ?? 0 } } })),
    enabled: computed(() => id.value !== null),
    staleTime: CATALOGUE_FRESH_MS,
  });
}

/** The times that can really be served, a week from a date on; `moving` is a booking that is to be moved. */
export function useTimes(resident: Ref<number>, service: Ref<string>, from: Ref<string>, moving?: Ref<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ["times", resident.value, service.value, from.value, moving?.value]),
    queryFn: () =>
      take(
        api.GET("/api/residents/{id}/times", {
          params: { path: { id: resident.value }, query: { service: service.value, from: from.value, days: DAYS_SHOWN, moving: moving?.value } },
        }),
      ),
    enabled: computed(() => service.value !== ""),
    staleTime: TIMES_FRESH_MS,
    placeholderData: (before) => (before?.service.code === service.value ? before : undefined),
  });
}

export function useBooking(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["booking", id.value]),
    queryFn: () => take(api.GET("/api/bookings/{id}", { params: { path: { id: id.value } } })),
  });
}
