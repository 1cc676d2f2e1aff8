import { type QueryClient, useQuery } from "@tanstack/vue-query";
import { computed, type Ref } from "vue";
import { api, take } from "../api/client";
import { progressKey } from "../api/live";
import type { Board, PlanSearch } from "../api/types";
import type { VisitServer } from "./moves";

/** The board asks again by itself this often, should a live message have been lost on the way. */
const CATCH_UP_MS = 60_000;
/** The same for a plan that is being searched, which ends within a minute. */
const SEARCH_CATCH_UP_MS = 3_000;

/** What the pages of dispatch ask about one visit. */
export const visitServer: VisitServer = {
  read: (id) => take(api.GET("/api/visits/{id}", { params: { path: { id } } })),
  check: (id, crew, start) =>
    take(api.POST("/api/visits/{id}/check", { params: { path: { id } }, body: { helper_ids: crew, start } })),
  assign: (id, body) => take(api.POST("/api/visits/{id}/assign", { params: { path: { id } }, body })),
  unassign: (id, body) => take(api.POST("/api/visits/{id}/unassign", { params: { path: { id } }, body })),
};

export function boardKey(date: string): readonly [string, string] {
  return ["board", date];
}

export function useBoard(date: Ref<string>) {
  return useQuery({
    queryKey: computed(() => boardKey(date.value)),
    queryFn: () => take(api.GET("/api/board", { params: { query: { date: date.value } } })),
    refetchInterval: CATCH_UP_MS,
  });
}

export function useVisit(id: Ref<number>) {
  return useQuery({ queryKey: computed(() => ["visit", id.value] as const), queryFn: () => visitServer.read(id.value) });
}

export function useSuggestions(id: Ref<number>, wanted: Ref<boolean>) {
  return useQuery({
    queryKey: computed(() => ["suggestions", id.value] as const),
    queryFn: () => take(api.GET("/api/visits/{id}/suggestions", { params: { path: { id: id.value } } })),
    enabled: wanted,
  });
}

export function useLists() {
  return useQuery({
    queryKey: ["lists"],
    queryFn: () => take(api.GET("/api/dispatch/lists")),
    refetchInterval: CATCH_UP_MS,
  });
}

export function usePlan(id: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ["plan", id.value] as const),
    queryFn: () => take(api.GET("/api/plans/{id}", { params: { path: { id: id.value } } })),
    refetchInterval: (query) => (query.state.data?.state === "searching" ? SEARCH_CATCH_UP_MS : false),
  });
}

/**
 * A plan is over: boards that were read while it was in the making do not offer it for the moment until they are read anew.
 * An answer still on its way is of before, and would bring it back.
 */
export async function forgetPlan(queries: QueryClient, id: number): Promise<void> {
  const boards = { queryKey: ["board"] };
  await queries.cancelQueries({ ...boards, type: "inactive" });
  queries.setQueriesData<Board>(boards, (board) => (board?.plan?.id === id ? { ...board, plan: null } : board));
  // What is put in by hand counts as fresh, and only the plan is: the visits are still those of before.
  await queries.invalidateQueries(boards);
}

/** What was last told of a search, should anything have been. */
export function useProgress(id: Ref<number>) {
  return useQuery<PlanSearch | null>({
    queryKey: computed(() => progressKey(id.value)),
    queryFn: () => null,
    enabled: false,
  });
}

/** Lets one visit follow another, some minutes after it starts. */
export function link(first: number, then: number, least: number, most: number) {
  const body = { then, least_min: least, most_min: most };
  return take(api.POST("/api/visits/{id}/links", { params: { path: { id: first } }, body }));
}

export function unlink(id: number, other: number) {
  return take(api.DELETE("/api/visits/{id}/links/{other}", { params: { path: { id, other } } }));
}

export function pin(id: number, pinned: boolean) {
  return take(api.POST("/api/visits/{id}/pin", { params: { path: { id } }, body: { pinned } }));
}
