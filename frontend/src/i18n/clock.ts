import { ref } from "vue";
import { dateOf } from "./format";

/** How far the server's clock is ahead of this browser's, in milliseconds. */
let ahead = 0;
const tick = ref(0);
const TICK_MS = 30_000;

setInterval(() => {
  tick.value += 1;
}, TICK_MS);

/** Takes over the server's clock, so that a telephone with a wrong one still shows the right day. */
export function setClock(instant: string): void {
  ahead = new Date(instant).getTime() - Date.now();
  tick.value += 1;
}

/** The present moment by the server's clock; where it is shown, it moves on every half minute. */
export function now(): Date {
  void tick.value;
  return new Date(Date.now() + ahead);
}

export function nowInstant(): string {
  return now().toISOString().replace(/\.\d+Z$/, "Z");
}

/** Today's date in the compound. */
export function today(): string {
  return dateOf(now());
}
