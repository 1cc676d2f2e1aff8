import { ref } from "vue";

/** What the page last said aloud; the shell holds the one live region that says it. */
export const spoken = ref("");

/** Says a sentence to those who listen, without moving the focus. Saying the same twice says it twice. */
export function say(sentence: string): void {
  spoken.value = spoken.value === sentence ? `${sentence}\u00a0` : sentence;
}
