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

/** Whether coordinators and administrators need a second step to sign in. */
export function useSecondFactorRule() {
  return useQuery({ queryKey: ["second-factor-rule"], queryFn: () => take(api.GET("/api/second-factor")) });
}

/** The merchants at whose counters a shopkeeper may stand. */
export function useMerchants() {
  return useQuery({ queryKey: ["merchants"], queryFn: () => take(api.GET("/api/merchants")) });
}
