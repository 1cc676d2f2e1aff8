import type { QueryClient } from "@tanstack/vue-query";
import { ended } from "./ended";

/** Several changes of one write arrive together and are answered by one refresh. */
const GATHER_MS = 250;

/** Asks again what changed. */
export interface Refresh {
  /** Queries whose keys begin with one of these words are to be asked again. */
  touch: (roots: string[]) => void;
  /** Asks nothing more. */
  stop: () => void;
}

/**
 * Asks changed queries again, each word one question at a time. Asking anew takes a question back that is under way, so
 * a page that did so at every change would show nothing at all while changes come faster than answers: what changes
 * while a question is under way is asked once more when its answer is there.
 */
export function refreshing(queries: QueryClient): Refresh {
  const stale = new Set<string>();
  const asking = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const gather = () => {
    if (!over) timer ??= setTimeout(refresh, GATHER_MS);
  };
  const ask = async (root: string) => {
    asking.add(root);
    await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === root });
    asking.delete(root);
    if (stale.has(root)) gather();
  };
  const refresh = () => {
    timer = undefined;
    // Nobody is signed in any more: whoever signs in again asks for everything anew.
    if (ended.value) return stale.clear();
    for (const root of stale) {
      if (asking.has(root)) continue;
      stale.delete(root);
      void ask(root);
    }
  };

  return {
    touch(roots) {
      for (const root of roots) stale.add(root);
      gather();
    },
    stop() {
      over = true;
      clearTimeout(timer);
    },
  };
}
