import { useQuery } from "@tanstack/vue-query";
import { api, take } from "../api/client";

export function useMyAccount() {
  return useQuery({ queryKey: ["me", "account"], queryFn: () => take(api.GET("/api/me/account")) });
}

export function useMySessions() {
  return useQuery({ queryKey: ["me", "sessions"], queryFn: () => take(api.GET("/api/me/sessions")) });
}

export function useSecondFactor() {
  return useQuery({ queryKey: ["me", "second-factor"], queryFn: () => take(api.GET("/api/me/second-factor")) });
}
