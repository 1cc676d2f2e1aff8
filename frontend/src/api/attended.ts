/** So long after the last touch a page only keeps itself up to date, and the server is told that nobody is there. */
const ALONE_AFTER_MS = 5 * 60_000;
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

let touched = performance.now();

/** Notes from now on when somebody touches the page. */
export function watchForPeople(): void {
  for (const kind of TOUCHES) addEventListener(kind, () => (touched = performance.now()), { capture: true, passive: true });
}

/** Whether somebody has touched the page not long ago. */
export function attended(): boolean {
  return performance.now() - touched < ALONE_AFTER_MS;
}
