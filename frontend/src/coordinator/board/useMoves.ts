import { useQueryClient } from "@tanstack/vue-query";
import { nextTick, ref, shallowRef, watch, type Ref } from "vue";
import { asProblem, type Problem } from "../../api/problem";
import type { Board, BrokenRule, VisitDetail } from "../../api/types";
import { clockOf, listing, t } from "../../i18n";
import { instantAt } from "../../timeline/clock";
import type { Landing } from "../../timeline/hit";
import { say } from "../../ui/live";
import { wordsOf } from "../../ui/words";
import { crewAfter, nameOf, withAssigned } from "../boardModel";
import { boardKey, visitServer } from "../dispatch";
import { checker, put, putBack, type Place, type Undo, type Verdict } from "../moves";
import type { Status } from "./MoveStatus.vue";
import type { Held } from "./useDrag";

/** Rest of the pointer before the server is asked about a place, in milliseconds. */
const REST_MS = 120;
const QUIET: Status = { kind: "quiet", sentence: "" };

/** What a drop on the board does: ask, put, show, offer to go ahead with a reason, and undo. */
export function useMoves(date: Ref<string>, board: Ref<Board | undefined>, needsMore: (visitId: number, crew: number[], start: string) => void) {
  const queries = useQueryClient();
  const status = shallowRef<Status>(QUIET);
  const verdict = shallowRef<Verdict | null>(null);
  const saving = ref<number | null>(null);
  const undoing = ref(false);
  const exception = shallowRef<{ what: string; place: Place; broken: BrokenRule[]; seen: VisitDetail } | null>(null);
  let seen: Promise<VisitDetail> | null = null;
  let undo: Undo | null = null;
  let following: number | null = null;
  const check = checker(visitServer, (next) => (verdict.value = next), REST_MS);

  function show(kind: Status["kind"], sentence: string, withUndo = false): void {
    status.value = { kind, sentence, undo: withUndo };
    if (kind !== "saving") say(sentence);
  }

  function notMoved(problem: Problem): void {
    const words = wordsOf(problem);
    show("bad", t("board.not_moved", { sentence: `${words.detail} ${words.action}`.trim() }));
  }

  function refresh(): Promise<void> {
    const roots = ["board", "visit", "suggestions", "lists", "plan"];
    return queries.invalidateQueries({ predicate: (query) => roots.includes(String(query.queryKey[0])) });
  }

  function taken(held: Held): void {
    // Asked for now, so that the drop knows the version the coordinator was looking at.
    seen = visitServer.read(held.visitId);
    seen.catch(() => undefined);
    verdict.value = null;
    status.value = QUIET;
  }

  function over(held: Held, landing: Landing | null): void {
    verdict.value = null;
    const crew = landing && crewAfter(held.crew, held.fromHelper, landing.rowId);
    const whole = crew && crew.length === held.crewSize;
    check.over(landing && whole ? { visitId: held.visitId, crew, start: instantAt(date.value, landing.minute) } : null);
  }

  async function dropped(held: Held, landing: Landing): Promise<void> {
    check.stop();
    const now = board.value;
    if (!now || saving.value !== null) return;
    if (landing.rowId === held.fromHelper && landing.minute === held.startMin) return;
    const crew = crewAfter(held.crew, held.fromHelper, landing.rowId);
    if (!crew) return show("bad", t("board.already_there", { name: nameOf(now, landing.rowId) }));
    const start = instantAt(date.value, landing.minute);
    if (crew.length < held.crewSize) {
      show("bad", t("board.needs_two"));
      return needsMore(held.visitId, crew, start);
    }
    queries.setQueryData(boardKey(date.value), withAssigned(now, held.visitId, crew, landing.minute));
    await settle({ visitId: held.visitId, crew, start }, seen ?? visitServer.read(held.visitId), now);
  }

  /** Sends a move; `before` is the board to go back to when the move is refused. */
  async function settle(place: Place, known: Promise<VisitDetail>, before: Board | null, reason?: string): Promise<void> {
    saving.value = place.visitId;
    show("saving", t("board.saving"));
    const result = await put(visitServer, place, known, reason);
    saving.value = null;
    if (result.kind === "done") {
      exception.value = null;
      told(result.undo, sentenceOf(result.visit));
      await refresh();
      return focusVisit(place.visitId);
    }
    if (before) queries.setQueryData(boardKey(before.date), before);
    if (result.kind === "refused") {
      exception.value = null;
      notMoved(result.problem);
    } else {
      show("bad", t("board.not_moved", { sentence: result.broken.map((rule) => rule.sentence).join(" ") }));
      exception.value = result.overridable ? { what: wouldBe(result.visit, place), place, broken: result.broken, seen: result.visit } : null;
    }
    await refresh();
  }

  async function override(reason: string): Promise<void> {
    const asked = exception.value;
    if (asked && saving.value === null) await settle(asked.place, Promise.resolve(asked.seen), null, reason);
  }

  function sentence(visit: VisitDetail, start: string, names: string[]): string {
    return t("board.moved", { resident: visit.resident, service: visit.service, time: clockOf(start), names: listing(names) });
  }

  function sentenceOf(visit: VisitDetail): string {
    return sentence(visit, visit.start, visit.helpers.map((helper) => helper.name));
  }

  /** The visit as it was to be, for the question whether to go ahead. */
  function wouldBe(visit: VisitDetail, place: Place): string {
    const now = board.value;
    return sentence(visit, place.start, now ? place.crew.map((id) => nameOf(now, id)) : []);
  }

  /** Something was arranged and may be undone. */
  function told(how: Undo, sentence: string): void {
    undo = how;
    show("good", sentence, true);
  }

  /** The same, done in the dialog: it gives the focus back to where it was opened from, which the next board may not have. */
  function arranged(how: Undo, sentence: string): void {
    told(how, sentence);
    following = how.visitId;
  }

  watch(board, () => {
    const visitId = following;
    following = null;
    if (visitId !== null) void focusVisit(visitId);
  });

  async function undoLast(): Promise<void> {
    if (!undo || undoing.value) return;
    const last = undo;
    undoing.value = true;
    try {
      await putBack(visitServer, last, t("board.undo_reason"));
      undo = null;
      show("good", t("board.undone"));
    } catch (thrown) {
      notMoved(asProblem(thrown));
    } finally {
      undoing.value = false;
    }
    await refresh();
    await focusVisit(last.visitId);
  }

  /** The bar was made anew in another row; the focus follows it unless it went elsewhere meanwhile. */
  async function focusVisit(visitId: number): Promise<void> {
    await nextTick();
    const active = document.activeElement;
    if (active && active !== document.body) return;
    document.querySelector<HTMLElement>(`[data-visit="${visitId}"]`)?.focus({ preventScroll: true });
  }

  function quiet(): void {
    undo = null;
    following = null;
    status.value = QUIET;
  }

  return { status, verdict, saving, undoing, exception, taken, over, dropped, override, arranged, undoLast, quiet };
}
