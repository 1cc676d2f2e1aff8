import { useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";

/** A page of a statement: lines before this entry, the newest for none. */
type Before = Ref<number | null>;
const page = (before: Before) => (before.value === null ? {} : { before: before.value });

/** A volunteer's own hours. */
export function useHelperHours(helperId: Ref<number | null>, before: Before) {
  return useQuery({
    queryKey: computed(() => ["hours", "helper", helperId.value, before.value] as const),
    queryFn: () => take(api.GET("/api/helpers/{id}/hours", { params: { path: { id: helperId.value ?? 0 }, query: page(before) } })),
    enabled: computed(() => helperId.value !== null),
    placeholderData: (shown) => shown,
  });
}

export function useResidentHours(id: Ref<number>, before: Before) {
  return useQuery({
    queryKey: computed(() => ["hours", "resident", id.value, before.value] as const),
    queryFn: () => take(api.GET("/api/residents/{id}/hours", { params: { path: { id: id.value }, query: page(before) } })),
  });
}

/** The accounts of the time bank, from the one after `after` on. */
export function useTimeBank(after: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ["hours", "bank", after.value] as const),
    queryFn: () => take(api.GET("/api/time-accounts", { params: { query: after.value === null ? {} : { after: after.value } } })),
  });
}

export function useTimeAccount(id: Ref<number | null>, before: Before) {
  return useQuery({
    queryKey: computed(() => ["hours", "account", id.value, before.value] as const),
    queryFn: () => take(api.GET("/api/time-accounts/{id}", { params: { path: { id: id.value ?? 0 }, query: page(before) } })),
    enabled: computed(() => id.value !== null),
  });
}

export function useVouchers(before: Before) {
  return useQuery({
    queryKey: computed(() => ["vouchers", "all", before.value] as const),
    queryFn: () => take(api.GET("/api/vouchers", { params: { query: page(before) } })),
  });
}

export function useVoucherTotals() {
  return useQuery({ queryKey: ["vouchers", "totals"], queryFn: () => take(api.GET("/api/vouchers/totals")) });
}

export function useResidentVouchers(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["vouchers", "resident", id.value] as const),
    queryFn: () => take(api.GET("/api/residents/{id}/vouchers", { params: { path: { id: id.value } } })),
  });
}

export function useShop() {
  return useQuery({ queryKey: ["shop"], queryFn: () => take(api.GET("/api/shop")) });
}

export function useMoney(id: Ref<number>, month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["money", id.value, month.value] as const),
    queryFn: () => take(api.GET("/api/residents/{id}/money", { params: { path: { id: id.value }, query: { month: month.value } } })),
  });
}

export function useSettlement(id: Ref<number | null>, month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ["money", "settlement", id.value, month.value] as const),
    queryFn: () =>
      take(api.GET("/api/providers/{id}/settlement", { params: { path: { id: id.value ?? 0 }, query: { month: month.value } } })),
    enabled: computed(() => id.value !== null),
  });
}
