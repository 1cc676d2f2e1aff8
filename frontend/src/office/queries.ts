import { useQuery } from "@tanstack/vue-query";
import { api, take } from "../api/client";

/** The residents of the signed-in officer's grid. */
export function useGridResidents() {
  return useQuery({ queryKey: ["grid"], queryFn: () => take(api.GET("/api/grid/residents")) });
}

export function useProviders() {
  return useQuery({ queryKey: ["providers"], queryFn: () => take(api.GET("/api/providers")) });
}

export function useAccounts() {
  return useQuery({ queryKey: ["accounts"], queryFn: () => take(api.GET("/api/accounts")) });
}

/** The merchants at whose counters a shopkeeper may stand. */
export function useMerchants() {
  return useQuery({ queryKey: ["merchants"], queryFn: () => take(api.GET("/api/merchants")) });
}
