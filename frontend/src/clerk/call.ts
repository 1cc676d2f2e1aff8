import { shallowRef } from "vue";
import { api, take } from "../api/client";
import type { CallView, EndCall } from "../api/types";

const KEPT_AS = "yinling.call";

/** The call that is on the line; it outlives a reload, so that it still ends with an outcome. */
export const call = shallowRef<CallView | null>(recall());

function recall(): CallView | null {
  try {
    const kept = sessionStorage.getItem(KEPT_AS);
    return kept ? (JSON.parse(kept) as CallView) : null;
  } catch {
    return null;
  }
}

function note(next: CallView | null): void {
  call.value = next;
  try {
    if (next) sessionStorage.setItem(KEPT_AS, JSON.stringify(next));
    else sessionStorage.removeItem(KEPT_AS);
  } catch {
    // The call then lasts as long as the page.
  }
}

/** What was typed, where it is a telephone number. */
export function numberIn(typed: string): string | undefined {
  const digits = typed.replace(/[\s-]/g, "");
  return /^\d{7,12}$/.test(digits) ? digits : undefined;
}

/** Begins a call, unless one is on the line already. */
export async function beginCall(about: { number?: string; household_id?: number }): Promise<CallView> {
  if (call.value) return call.value;
  const begun = await take(api.POST("/api/calls", { body: about }));
  note(begun);
  return begun;
}

/** Ends the call with what came of it. */
export async function endCall(how: EndCall): Promise<CallView | null> {
  if (!call.value) return null;
  const ended = await take(api.POST("/api/calls/{id}/end", { params: { path: { id: call.value.id } }, body: how }));
  note(null);
  return ended;
}

/** The server no longer knows the call, or has ended it. */
export function dropCall(): void {
  note(null);
}
