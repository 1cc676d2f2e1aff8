import type { Assign, BrokenRule, CheckResult, Unassign, VisitDetail } from "../api/types";
import { asProblem, Problem } from "../api/problem";

/** What the board asks of the server for one visit. */
export interface VisitServer {
  read(id: number): Promise<VisitDetail>;
  check(id: number, crew: number[], start: string): Promise<CheckResult>;
  assign(id: number, body: Assign): Promise<VisitDetail>;
  unassign(id: number, body: Unassign): Promise<VisitDetail>;
}

/** A place a visit can be put: who and when. */
export interface Place {
  visitId: number;
  crew: number[];
  /** Instant. */
  start: string;
}

/** What came of putting a visit somewhere. */
export type Moved =
  | { kind: "done"; visit: VisitDetail; undo: Undo }
  | { kind: "broken"; broken: BrokenRule[]; overridable: boolean; visit: VisitDetail }
  | { kind: "refused"; problem: Problem };

/** How to put it back: the visit as it was, and the version it has now. */
export interface Undo {
  visitId: number;
  before: { crew: number[]; start: string; overrideReason: string | null };
  version: number;
}

function undoFor(before: VisitDetail, after: VisitDetail): Undo {
  return {
    visitId: after.visit_id,
    before: { crew: before.helpers.map((helper) => helper.id), start: before.start, overrideReason: before.override_reason },
    version: after.version,
  };
}

/** True when a coordinator may go ahead in spite of every one of these rules, by giving a reason. */
export function canOverride(broken: readonly BrokenRule[]): boolean {
  return broken.length > 0 && broken.every((rule) => rule.overridable);
}

/** Puts a visit to `place`. `seen` is the visit as the coordinator saw it when the move began, so that a change by somebody else is noticed. */
export async function put(server: VisitServer, place: Place, seen: Promise<VisitDetail>, reason?: string): Promise<Moved> {
  try {
    const before = await seen;
    try {
      const visit = await server.assign(place.visitId, {
        helper_ids: place.crew,
        start: place.start,
        version: before.version,
        ...(reason ? { override_reason: reason } : {}),
      });
      return { kind: "done", visit, undo: undoFor(before, visit) };
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.kind !== "rule-broken" || problem.broken.length === 0) return { kind: "refused", problem };
      return { kind: "broken", broken: problem.broken, overridable: canOverride(problem.broken), visit: before };
    }
  } catch (thrown) {
    return { kind: "refused", problem: asProblem(thrown) };
  }
}

/** Puts a visit back to whom and when it was; nobody before means the tray. */
export async function putBack(server: VisitServer, undo: Undo, reason: string): Promise<VisitDetail> {
  const { before, visitId, version } = undo;
  if (before.crew.length === 0) return server.unassign(visitId, { reason, start: before.start, version });
  return server.assign(visitId, {
    helper_ids: before.crew,
    start: before.start,
    version,
    ...(before.overrideReason ? { override_reason: before.overrideReason } : {}),
  });
}

/** What is known of the place under a drag. */
export type Verdict = { kind: "asking" } | { kind: "fits" } | { kind: "broken"; broken: BrokenRule[]; overridable: boolean } | { kind: "unknown" };

/**
 * Asks about the place under a drag once the pointer has rested, and tells only the newest answer.
 * A place that was asked about during this drag is answered from memory.
 */
export function checker(server: Pick<VisitServer, "check">, tell: (verdict: Verdict) => void, restMs: number) {
  const known = new Map<string, Verdict>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest = "";

  async function ask(place: Place, key: string): Promise<void> {
    let verdict: Verdict;
    try {
      const answer = await server.check(place.visitId, place.crew, place.start);
      verdict = answer.ok ? { kind: "fits" } : { kind: "broken", broken: answer.broken, overridable: canOverride(answer.broken) };
      known.set(key, verdict);
    } catch {
      // The drop itself will be judged again, so a check that failed only leaves the question open.
      verdict = { kind: "unknown" };
    }
    if (newest === key) tell(verdict);
  }

  return {
    /** Asks about this place, or stops asking when there is none. */
    over(place: Place | null): void {
      clearTimeout(timer);
      newest = place ? `${place.visitId} ${place.crew.join(",")} ${place.start}` : "";
      if (!place) return;
      const key = newest;
      const answer = known.get(key);
      if (answer) return tell(answer);
      tell({ kind: "asking" });
      timer = setTimeout(() => void ask(place, key), restMs);
    },
    stop(): void {
      clearTimeout(timer);
      newest = "";
    },
  };
}
