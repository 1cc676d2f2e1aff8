import { QueryClient } from "@tanstack/vue-query";
import { effectScope } from "vue";
import { afterEach, describe, expect, it, vi } from "vitest";
import { progressKey, useLive } from "../src/api/live";
import type { PlanChange, PlanSearch } from "../src/api/types";
import { announcer, changesByDay, furthest, lastDay, SPEAK_EVERY_MS } from "../src/coordinator/plan/planModel";

function change(id: number, start: string): PlanChange {
  return {
    id,
    visit_id: id,
    resident: "王奶奶",
    door: "3栋2单元501",
    service: "送餐",
    kind: "assign",
    from: null,
    to: { helpers: [], start },
    reasons: [],
    applied: null,
  };
}

function search(spent: number, more: Partial<PlanSearch> = {}): PlanSearch {
  return {
    asked_seconds: 60,
    spent_seconds: spent,
    iterations: spent * 1000,
    unfilled: 2,
    unfilled_priority: 6,
    walking_min: 90,
    stopping: false,
    ...more,
  };
}

describe("a plan", () => {
  it("of a week shows its changes day by day, by the compound's clock", () => {
    const days = changesByDay([
      change(1, "2026-11-26T02:00:00Z"),
      // Half past midnight in the compound: the next day already.
      change(2, "2026-11-25T16:30:00Z"),
      change(3, "2026-11-25T01:00:00Z"),
    ]);
    expect(days.map((one) => [one.date, one.changes.map((each) => each.id)])).toEqual([
      ["2026-11-25", [3]],
      ["2026-11-26", [2, 1]],
    ]);
  });

  it("ends on its last day", () => {
    expect(lastDay({ date: "2026-11-25", days: 1 })).toBe("2026-11-25");
    expect(lastDay({ date: "2026-11-25", days: 7 })).toBe("2026-12-01");
  });
});

describe("a search", () => {
  it("is shown as far as anybody knows", () => {
    expect(furthest(null, undefined)).toBeNull();
    expect(furthest(search(3), null)?.spent_seconds).toBe(3);
    expect(furthest(search(3), search(4))?.spent_seconds).toBe(4);
    expect(furthest(search(5), search(4))?.spent_seconds).toBe(5);
  });

  it("does not forget that it was asked to stop", () => {
    expect(furthest(search(3, { stopping: true }), search(3.4))?.stopping).toBe(true);
    expect(furthest(search(3), search(3.4, { stopping: true }))?.stopping).toBe(true);
  });

  it("is spoken of when its figures change, but not all the time", () => {
    const speak = announcer();
    expect(speak("3 left", 0)).toBe(false);
    expect(speak("3 left", SPEAK_EVERY_MS)).toBe(true);
    expect(speak("2 left", SPEAK_EVERY_MS + 500)).toBe(false);
    expect(speak("2 left", 2 * SPEAK_EVERY_MS)).toBe(true);
    expect(speak("2 left", 9 * SPEAK_EVERY_MS)).toBe(false);
  });
});

class Source {
  static latest: Source;
  heard = new Map<string, (event: { data: string }) => void>();
  constructor() {
    Source.latest = this;
  }
  addEventListener(name: string, listener: (event: { data: string }) => void): void {
    this.heard.set(name, listener);
  }
  close(): void {}
}

describe("what is told of a search", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is kept beside the plan and asks for nothing again", () => {
    vi.stubGlobal("EventSource", Source);
    const queries = new QueryClient();
    const asked = vi.spyOn(queries, "invalidateQueries");
    const scope = effectScope();
    scope.run(() => useLive(queries));
    Source.latest.heard.get("progress")?.({ data: JSON.stringify({ plan_id: 7, search: search(4) }) });
    expect(queries.getQueryData(progressKey(7))).toEqual(search(4));
    expect(asked).not.toHaveBeenCalled();
    scope.stop();
  });
});
