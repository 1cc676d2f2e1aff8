import { reactive, watch } from "vue";
import type { NewBooking, Service, Time } from "../../api/types";
import { instantOf } from "../../i18n";

/** A wish for a time that nobody is known to have: any start from `from` to `to` on that day will do. */
export interface OtherTime {
  date: string;
  from: string;
  to: string;
}

/** What has been answered so far; it survives going back, a refusal, and a reload of the page. */
export interface Draft {
  service: Service | null;
  time: Time | null;
  other: OtherTime | null;
  note: string;
  wishHelperId: number | null;
}

function keptAs(resident: number): string {
  return `yinling.draft.${resident}`;
}

function empty(): Draft {
  return { service: null, time: null, other: null, note: "", wishHelperId: null };
}

function recall(resident: number): Draft {
  try {
    const kept = sessionStorage.getItem(keptAs(resident));
    return kept ? { ...empty(), ...(JSON.parse(kept) as Partial<Draft>) } : empty();
  } catch {
    return empty();
  }
}

export function useDraft(resident: number): { draft: Draft; clear: () => void } {
  const draft = reactive(recall(resident));
  watch(draft, () => {
    try {
      sessionStorage.setItem(keptAs(resident), JSON.stringify(draft));
    } catch {
      // A browser that keeps nothing loses the draft at a reload, and only then.
    }
  });
  return { draft, clear: () => Object.assign(draft, empty()) };
}

/** Chooses a service; what hung on another one is let go. */
export function chooseService(draft: Draft, service: Service): void {
  if (draft.service?.code !== service.code) Object.assign(draft, { time: null, other: null, wishHelperId: null });
  draft.service = service;
}

/** The request as it is sent, or nothing while an answer is missing. */
export function bookingOf(draft: Draft): NewBooking | null {
  if (!draft.service) return null;
  const common = {
    service: draft.service.code,
    note: draft.note.trim() || undefined,
    wish_helper_id: draft.wishHelperId ?? undefined,
  };
  if (draft.other) {
    const from = instantOf(draft.other.date, draft.other.from);
    return { ...common, start: from, window: { from, to: instantOf(draft.other.date, draft.other.to) }, if_unserved: "tray" };
  }
  return draft.time ? { ...common, start: draft.time.start, if_unserved: "refuse" } : null;
}
