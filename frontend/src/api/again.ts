import { asProblem } from "./problem";

/** Nobody looks at an empty page for longer than this: what wants a longer wait is shown with a button. */
const LONGEST_S = 10;
const TRIES_BUSY = 3;
const TRIES = 1;
const FIRST_MS = 1000;

/**
 * Whether a question is asked again by itself, after so many failures. A refusal stays a refusal; only what may pass by itself is
 * asked again, and more often where the server says when to come.
 */
export function asksAgain(failures: number, thrown: unknown): boolean {
  const problem = asProblem(thrown);
  if (!problem.passing || (problem.retryAfter ?? 0) > LONGEST_S) return false;
  return failures < (problem.retryAfter === null ? TRIES + 1 : TRIES_BUSY);
}

/** After how long: when the server said, and up to half as long again, so that those who were sent away together do not come back together. */
export function waitMs(failures: number, thrown: unknown, random: () => number = Math.random): number {
  const { retryAfter } = asProblem(thrown);
  const said = retryAfter === null ? FIRST_MS * 2 ** failures : retryAfter * 1000;
  return Math.round(said * (1 + random() / 2));
}
