import { onMounted, onScopeDispose, ref, watch, type Ref } from "vue";
import type { Span } from "../../timeline/scale";

/** Pixels a minute has at each step, at the usual type size of 18 px. */
const PX_PER_MIN = [1.4, 2, 3] as const;
export const ZOOM_STEPS = PX_PER_MIN.length;
const USUAL_TYPE_PX = 18;
/** Below this width the board becomes a list. */
const LIST_BELOW_PX = 700;
/** Width of the names, in rem. */
const NAMES_REM = 9.5;

/** How much room the board has; type size counts, since 长辈版 enlarges everything. */
export function useRoom(stage: Ref<HTMLElement | null>, elder: Ref<boolean>) {
  const narrow = ref(false);
  const rem = ref(USUAL_TYPE_PX);
  const width = ref(0);
  const names = ref(NAMES_REM * USUAL_TYPE_PX);
  const query = window.matchMedia(`(max-width: ${LIST_BELOW_PX - 1}px)`);
  let watcher: ResizeObserver | null = null;

  function measure(): void {
    narrow.value = query.matches;
    rem.value = parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_TYPE_PX;
    names.value = NAMES_REM * rem.value;
    const frame = stage.value?.querySelector<HTMLElement>(".frame");
    width.value = frame?.clientWidth ?? 0;
  }

  onMounted(measure);
  watch(elder, measure, { flush: "post" });
  watch(
    stage,
    (element) => {
      watcher?.disconnect();
      if (!element || typeof ResizeObserver === "undefined") return;
      watcher = new ResizeObserver(measure);
      watcher.observe(element);
      measure();
    },
    { flush: "post" },
  );
  query.addEventListener("change", measure);
  onScopeDispose(() => {
    watcher?.disconnect();
    query.removeEventListener("change", measure);
  });

  return {
    narrow,
    names,
    /** Pixels for a minute at a zoom step from 0 to 2. */
    pxPerMin: (step: number): number => ((PX_PER_MIN[step] ?? PX_PER_MIN[1]) * rem.value) / USUAL_TYPE_PX,
    /** Pixels for a minute at which this axis fills the room. */
    spread: (axis: Span): number => Math.max(0, Math.floor(width.value - names.value)) / (axis.to - axis.from),
  };
}
