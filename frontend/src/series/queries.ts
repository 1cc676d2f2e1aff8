import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import { usePaged } from "../api/paged";

/** Every series that goes on, for the office. */
export function useSeriesList() {
  return usePaged(
    computed(() => ["series"]),
    (after) => api.GET("/api/series", { params: { query: { after } } }),
  );
}

export function useSeries(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["series", id.value]),
    queryFn: () => take(api.GET("/api/series/{id}", { params: { path: { id: id.value } } })),
  });
}

export function useSeriesOf(resident: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["series", "resident", resident.value]),
    queryFn: () => take(api.GET("/api/residents/{id}/series", { params: { path: { id: resident.value } } })),
  });
}

export function useCalendar(year: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["calendar", year.value]),
    queryFn: () => take(api.GET("/api/calendar", { params: { query: { year: year.value } } })),
  });
}

/** Whether the holidays of the coming year were entered. */
export function useComingHolidays() {
  return useQuery({ queryKey: ["calendar", "coming"], queryFn: () => take(api.GET("/api/calendar/coming")) });
}

export function useMeals(date: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["meals", date.value]),
    queryFn: () => take(api.GET("/api/meals", { params: { query: { date: date.value } } })),
  });
}
