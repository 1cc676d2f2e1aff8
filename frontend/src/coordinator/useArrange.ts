import { useQueryClient } from "@tanstack/vue-query";
import { computed, ref, shallowRef, type Ref } from "vue";
import { asProblem } from "../api/problem";
import type { BrokenRule, VisitState } from "../api/types";
import { clockOf, listing, t } from "../i18n";
import { say } from "../ui/live";
import { link, pin, unlink, useSuggestions, useVisit, visitServer } from "./dispatch";
import { put, type Undo } from "./moves";

/** In these states somebody may still be chosen. */
const STILL_OPEN: readonly VisitState[] = ["unfilled", "offered", "accepted", "helper_absent"];

/** One visit under the coordinator's hand: what it is, who could go, and what may be done with it. */
export function useArrange(id: Ref<number>, arranged: (undo: Undo, sentence: string) => void) {
  const queries = useQueryClient();
  const visit = useVisit(id);
  const open = computed(() => visit.data.value !== undefined && STILL_OPEN.includes(visit.data.value.state));
  const suggestions = useSuggestions(id, open);
  const busy = ref<string | null>(null);
  const broken = shallowRef<BrokenRule[]>([]);
  const refused = shallowRef<unknown>(null);
  const linkRefused = shallowRef<unknown>(null);
  const stale = ref(false);
  const said = ref("");

  async function refresh(): Promise<void> {
    const roots = ["board", "visit", "suggestions", "lists", "plan"];
    await queries.invalidateQueries({ predicate: (query) => roots.includes(String(query.queryKey[0])) });
  }

  function begin(what: string): boolean {
    if (busy.value !== null) return false;
    busy.value = what;
    broken.value = [];
    refused.value = null;
    stale.value = false;
    said.value = "";
    return true;
  }

  function tell(sentence: string): void {
    said.value = sentence;
    say(sentence);
  }

  async function failed(thrown: unknown): Promise<void> {
    refused.value = thrown;
    if (asProblem(thrown).kind !== "stale") return;
    stale.value = true;
    await refresh();
  }

  /** Puts these helpers on the visit at this instant. `what` names the button that works. */
  async function arrange(what: string, crew: number[], start: string, reason?: string): Promise<void> {
    const before = visit.data.value;
    if (!before || !begin(what)) return;
    const result = await put(visitServer, { visitId: id.value, crew, start }, Promise.resolve(before), reason);
    busy.value = null;
    if (result.kind === "broken") {
      broken.value = result.broken;
      return;
    }
    if (result.kind === "refused") return failed(result.problem);
    queries.setQueryData(["visit", id.value], result.visit);
    tell(
      t("visit.assigned", {
        time: clockOf(result.visit.start),
        names: listing(result.visit.helpers.map((helper) => helper.name)),
      }),
    );
    arranged(result.undo, said.value);
    await refresh();
  }

  async function takeOff(reason: string): Promise<void> {
    const before = visit.data.value;
    if (!before || !begin("unassign")) return;
    try {
      const after = await visitServer.unassign(id.value, { reason, version: before.version });
      queries.setQueryData(["visit", id.value], after);
      tell(t("visit.unassigned"));
      const crew = before.helpers.map((helper) => helper.id);
      arranged(
        { visitId: id.value, before: { crew, start: before.start, overrideReason: before.override_reason }, version: after.version },
        said.value,
      );
      await refresh();
    } catch (thrown) {
      await failed(thrown);
    } finally {
      busy.value = null;
    }
  }

  async function togglePin(): Promise<void> {
    const before = visit.data.value;
    if (!before || !begin("pin")) return;
    try {
      const after = await pin(id.value, !before.pinned);
      queries.setQueryData(["visit", id.value], after);
      tell(t(after.pinned ? "visit.pin_done" : "visit.unpin_done"));
      await refresh();
    } catch (thrown) {
      await failed(thrown);
    } finally {
      busy.value = null;
    }
  }

  /** Changes what the visit is linked with; a refusal stays beside the form. */
  async function changeLinks(what: () => Promise<unknown>, done: "visit.linked" | "visit.unlinked"): Promise<void> {
    if (!begin("link")) return;
    linkRefused.value = null;
    try {
      await what();
      tell(t(done));
      await refresh();
    } catch (thrown) {
      linkRefused.value = thrown;
    } finally {
      busy.value = null;
    }
  }

  function linkWith(first: number, then: number, least: number, most: number): Promise<void> {
    return changeLinks(() => link(first, then, least, most), "visit.linked");
  }

  function unlinkFrom(other: number): Promise<void> {
    return changeLinks(() => unlink(id.value, other), "visit.unlinked");
  }

  return { linkRefused, linkWith, unlinkFrom, visit, suggestions, open, busy, broken, refused, stale, said, arrange, takeOff, togglePin };
}
