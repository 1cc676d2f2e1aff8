import { useInfiniteQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";

/** A list that the server gives page by page, with all rows that were fetched so far. */
export function usePaged<T>(
  queryKey: ComputedRef<unknown[]>,
  ask: (after: number | undefined) => Promise<{ data?: T[]; response: Response }>,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => {
      const { data, response } = await ask(pageParam ?? undefined);
      return { rows: data ?? [], next: following(response) };
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next,
  });
  const rows = computed(() => query.data.value?.pages.flatMap((page) => page.rows) ?? []);
  return { ...query, rows };
}

/** The key after which the next page begins: a list that is an array says so in its `Link` header (RFC 8288). */
export function following(response: Response): number | null {
  const next = /<([^>]*)>\s*;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
  const after = next ? new URL(next[1] ?? "", "http://list.invalid").searchParams.get("after") : null;
  return after === null ? null : Number(after);
}
