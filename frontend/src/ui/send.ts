import { ref, shallowRef } from "vue";
import { asProblem, type Problem } from "../api/problem";

/** Something that is sent once at a time: a second press while the first is under way does nothing. */
export function useSend<Args extends unknown[], Answer>(work: (...args: Args) => Promise<Answer>) {
  const busy = ref(false);
  const error = shallowRef<Problem | null>(null);

  async function send(...args: Args): Promise<Answer | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = null;
    try {
      return await work(...args);
    } catch (thrown) {
      error.value = asProblem(thrown);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { busy, error, send };
}
