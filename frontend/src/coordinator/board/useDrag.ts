import { onScopeDispose, ref, shallowRef } from "vue";
import { edgeScroll, landingAt, rowAt, sameLanding, type Landing, type RowBand } from "../../timeline/hit";
import type { Scale } from "../../timeline/scale";

/** What is in the hand while dragging. */
export interface Held {
  visitId: number;
  /** The row it was taken from; null for the tray. */
  fromHelper: number | null;
  /** Everybody who is on the visit now. */
  crew: number[];
  crewSize: number;
  startMin: number;
  durationMin: number;
  resident: string;
  service: string;
  /** Pixels from its left edge to the pointer. */
  grabX: number;
}

/** The board as the drag needs it: measured, not guessed, because type size and lanes change the rows. */
export interface Ground {
  scale: () => Scale;
  /** The box that scrolls. */
  frame: () => HTMLElement | null;
  /** The content whose rows are hit. */
  rows: () => HTMLElement | null;
  /** Width of the names, which stay in place at the left. */
  namesWidth: () => number;
}

const MOUSE_THRESHOLD_PX = 6;
const TOUCH_STRAY_PX = 10;
const TOUCH_HOLD_MS = 400;
/** How long the pointer rests at an edge before the board scrolls: coming in from the tray crosses an edge. */
const EDGE_REST_MS = 350;

function measure(rows: HTMLElement): RowBand[] {
  const top = rows.getBoundingClientRect().top;
  return [...rows.querySelectorAll<HTMLElement>("[data-helper-row]")].map((line) => {
    const box = line.getBoundingClientRect();
    return { id: Number(line.dataset.helperRow), top: box.top - top, bottom: box.bottom - top };
  });
}

/** Carrying visits over the board with a mouse, a pen, or a finger that rests a moment first. */
export function useDrag(
  ground: Ground,
  events: { taken: (held: Held) => void; over: (held: Held, landing: Landing | null) => void; dropped: (held: Held, landing: Landing) => void },
) {
  const held = shallowRef<Held | null>(null);
  const pointer = ref({ x: 0, y: 0 });
  const landing = shallowRef<Landing | null>(null);
  const bands = shallowRef<RowBand[]>([]);
  let pressed: { held: Held; x: number; y: number; touch: boolean; id: number } | null = null;
  let holdTimer: ReturnType<typeof setTimeout> | undefined;
  let frameRequest = 0;
  let justDragged = false;
  let atEdgeSince: number | null = null;

  function whereNow(): Landing | null {
    const frame = ground.frame();
    const rows = ground.rows();
    if (!frame || !rows || !held.value) return null;
    const box = frame.getBoundingClientRect();
    const { x, y } = pointer.value;
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return null;
    const origin = rows.getBoundingClientRect();
    // Let go over a name: the same time, with that helper.
    if (x < box.left + ground.namesWidth()) {
      const band = rowAt(bands.value, y - origin.top);
      return band ? { rowId: band.id, minute: held.value.startMin } : null;
    }
    const place = { x: x - origin.left - ground.namesWidth(), y: y - origin.top };
    return landingAt(ground.scale(), bands.value, place, held.value.grabX, held.value.durationMin);
  }

  function look(): void {
    if (!held.value) return;
    const next = whereNow();
    if (sameLanding(next, landing.value)) return;
    landing.value = next;
    events.over(held.value, next);
  }

  function scrollAtEdges(): void {
    const frame = ground.frame();
    if (!held.value || !frame) return;
    const box = frame.getBoundingClientRect();
    const inside = pointer.value.x > box.left && pointer.value.x < box.right;
    const down = inside ? edgeScroll(pointer.value.y - box.top, box.height) : 0;
    const along = inside ? edgeScroll(pointer.value.x - box.left - ground.namesWidth(), box.width - ground.namesWidth()) : 0;
    if (down === 0 && along === 0) atEdgeSince = null;
    else atEdgeSince ??= performance.now();
    if (atEdgeSince !== null && performance.now() - atEdgeSince > EDGE_REST_MS) {
      frame.scrollBy(pointer.value.x > box.left + ground.namesWidth() ? along : 0, down);
      look();
    }
    frameRequest = requestAnimationFrame(scrollAtEdges);
  }

  function take(): void {
    const rows = ground.rows();
    if (!pressed || !rows) return;
    held.value = pressed.held;
    bands.value = measure(rows);
    document.documentElement.classList.add("dragging");
    events.taken(pressed.held);
    frameRequest = requestAnimationFrame(scrollAtEdges);
    look();
  }

  function moved(event: PointerEvent): void {
    if (!pressed || event.pointerId !== pressed.id) return;
    pointer.value = { x: event.clientX, y: event.clientY };
    if (held.value) return look();
    const strayed = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (pressed.touch ? strayed > TOUCH_STRAY_PX : strayed > MOUSE_THRESHOLD_PX) {
      // A finger that moves at once wants to scroll.
      if (pressed.touch) end();
      else take();
    }
  }

  function released(event: PointerEvent): void {
    if (!pressed || event.pointerId !== pressed.id) return;
    const carried = held.value;
    const place = landing.value;
    if (carried) {
      justDragged = true;
      setTimeout(() => {
        justDragged = false;
      });
    }
    end();
    if (carried && place) events.dropped(carried, place);
    else if (carried) events.over(carried, null);
  }

  function given(event: KeyboardEvent): void {
    if (event.key === "Escape") cancel();
  }

  function cancel(): void {
    const carried = held.value;
    end();
    if (carried) events.over(carried, null);
  }

  function still(event: TouchEvent): void {
    if (held.value) event.preventDefault();
  }

  function end(): void {
    clearTimeout(holdTimer);
    cancelAnimationFrame(frameRequest);
    pressed = null;
    atEdgeSince = null;
    held.value = null;
    landing.value = null;
    document.documentElement.classList.remove("dragging");
    window.removeEventListener("pointermove", moved);
    window.removeEventListener("pointerup", released);
    window.removeEventListener("pointercancel", cancel);
    window.removeEventListener("keydown", given);
    window.removeEventListener("touchmove", still);
  }

  /** Call on `pointerdown` over something that may be carried. */
  function press(event: PointerEvent, what: Held): void {
    if (event.button !== 0 || pressed) return;
    const touch = event.pointerType === "touch";
    pressed = { held: what, x: event.clientX, y: event.clientY, touch, id: event.pointerId };
    pointer.value = { x: event.clientX, y: event.clientY };
    if (touch) holdTimer = setTimeout(take, TOUCH_HOLD_MS);
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", released);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", given);
    window.addEventListener("touchmove", still, { passive: false });
  }

  onScopeDispose(end);

  return {
    held,
    pointer,
    landing,
    bands,
    press,
    /** True for the click that a browser sends after a drag. */
    endedByDrag: () => justDragged,
  };
}
