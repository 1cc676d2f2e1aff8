import { useQuery, useQueryClient } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import type { NewProvider, ProviderFile } from "../api/types";

/** Every provider and applicant, those first that wait for somebody. */
export function useRegister() {
  return useQuery({ queryKey: ["providers", "register"], queryFn: () => take(api.GET("/api/providers/register")) });
}

export function useProvider(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["provider", id.value]),
    queryFn: () => take(api.GET("/api/providers/{id}", { params: { path: { id: id.value } } })),
  });
}

/** What a kind of provider may serve. */
export function useChoices(kind: Ref<NewProvider["kind"]>) {
  return useQuery({
    queryKey: computed(() => ["provider-choices", kind.value]),
    queryFn: () => take(api.GET("/api/providers/services", { params: { query: { kind: kind.value } } })),
  });
}

/** Puts the answer of a change in place of what was shown, and asks the lists again. */
export function useKept() {
  const queries = useQueryClient();
  return async (file: ProviderFile | undefined): Promise<boolean> => {
    if (!file) return false;
    queries.setQueryData(["provider", file.id], file);
    await Promise.all(["providers", "lists"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    return true;
  };
}

/** Those who come for a provider. */
export function useHelpersOf(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["provider-helpers", id.value]),
    queryFn: () => take(api.GET("/api/providers/{id}/helpers", { params: { path: { id: id.value } } })),
  });
}

export function useHelperFile(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["helper-file", id.value]),
    queryFn: () => take(api.GET("/api/helpers/{id}/file", { params: { path: { id: id.value } } })),
  });
}

/** The skills that a helper can have. */
export function useSkills() {
  return useQuery({ queryKey: ["skills"], queryFn: () => take(api.GET("/api/skills")), staleTime: Infinity });
}
