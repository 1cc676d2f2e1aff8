import { describe, expect, it, vi } from "vitest";
import { Problem } from "../src/api/problem";
import type { Bar, Board, BoardHelper, UnfilledCard, VisitDetail } from "../src/api/types";
import {
  axisOf,
  cardWanted,
  changedVisits,
  crewAfter,
  crewOf,
  groupsOf,
  withAssigned,
  type Filter,
} from "../src/coordinator/boardModel";
import { canOverride, checker, put, putBack, type Verdict, type VisitServer } from "../src/coordinator/moves";
import { instantAt } from "../src/timeline/clock";

const DATE = "2026-11-24";
const at = (minute: number) => instantAt(DATE, minute);
const EVERYONE: Filter = { kind: "all", text: "", busy: false };

function bar(visitId: number, from: number, to: number, more: Partial<Bar> = {}): Bar {
  return {
    visit_id: visitId,
    start: at(from),
    end: at(to),
    state: "accepted",
    mine: "accepted",
    pinned: false,
    linked: false,
    late: false,
    resident: "王奶奶",
    door: "3栋2单元501",
    service: "送餐",
    crew_size: 1,
    crew_with: null,
    walk_before_min: null,
    movable: true,
    version: 1,
    ...more,
  };
}

function helper(id: number, more: Partial<BoardHelper> = {}): BoardHelper {
  return {
    id,
    name: `李阿姨${id}`,
    kind: "volunteer",
    provider: "银龄互助",
    skills: ["送餐"],
    available: [{ from: at(480), to: at(720) }],
    on_leave: false,
    minutes: 60,
    daily_limit_min: 180,
    bars: [],
    ...more,
  };
}

function card(visitId: number, more: Partial<UnfilledCard> = {}): UnfilledCard {
  return {
    visit_id: visitId,
    resident: "赵爷爷",
    door: "5栋1单元302",
    service: "洗澡",
    start: at(600),
    window: null,
    duration_min: 60,
    priority: 1,
    crew_size: 1,
    kinds: ["staff"],
    reason: "没有空闲的护理员。",
    since: at(420),
    version: 1,
    ...more,
  };
}

function board(more: Partial<Board> = {}): Board {
  return {
    date: DATE,
    now: at(600),
    helpers: [
      helper(1, { bars: [bar(11, 540, 600)] }),
      helper(2, { kind: "staff", bars: [bar(12, 600, 660, { crew_size: 2 })] }),
      helper(3, { kind: "staff", bars: [bar(12, 600, 660, { crew_size: 2 })], skills: ["助洁"] }),
    ],
    unfilled: [card(21)],
    counts: { unfilled: 1, unanswered: 0, late: 0, callbacks: 0, requests: 0 },
    plan: null,
    ...more,
  };
}

function detail(more: Partial<VisitDetail> = {}): VisitDetail {
  return {
    visit_id: 11,
    version: 4,
    start: at(540),
    helpers: [{ id: 1, name: "李阿姨", kind: "volunteer", phone: null }],
    override_reason: null,
    ...more,
  } as VisitDetail;
}

function server(more: Partial<VisitServer> = {}): VisitServer {
  return {
    read: vi.fn(async () => detail()),
    check: vi.fn(async () => ({ ok: true, broken: [] })),
    assign: vi.fn(async () => detail({ version: 5 })),
    unassign: vi.fn(async () => detail({ version: 6, helpers: [] })),
    ...more,
  };
}

describe("the board as lines", () => {
  const scale = { from: 420, to: 1200, pxPerMin: 2 };

  it("puts staff first, and leaves out kinds that nobody is of", () => {
    expect(groupsOf(board(), EVERYONE, scale, 44).map((group) => [group.kind, group.rows.length])).toEqual([
      ["staff", 2],
      ["volunteer", 1],
    ]);
  });
  it("shades what is not available, and the whole day of somebody on leave", () => {
    const away = board({ helpers: [helper(1), helper(2, { on_leave: true })] });
    const rows = groupsOf(away, EVERYONE, scale, 44).flatMap((group) => group.rows);
    expect(rows[0]?.shut).toEqual([
      { from: 420, to: 480 },
      { from: 720, to: 1200 },
    ]);
    expect(rows[1]?.shut).toEqual([{ from: 420, to: 1200 }]);
  });
  it("says when a helper's day is over the limit", () => {
    const full = board({ helpers: [helper(1, { minutes: 181 })] });
    expect(groupsOf(full, EVERYONE, scale, 44)[0]?.rows[0]?.overLimit).toBe(true);
  });
  it("grows the axis for an unfilled visit in the evening", () => {
    expect(axisOf(board({ unfilled: [card(21, { start: at(1190) })] })).to).toBe(1260);
  });
  it("finds helpers by name, skill, or whom they visit", () => {
    const named = (text: string) =>
      groupsOf(board(), { ...EVERYONE, text }, scale, 44).flatMap((group) => group.rows.map((row) => row.helper.id));
    expect(named("助洁")).toEqual([3]);
    expect(named("阿姨2")).toEqual([2]);
    expect(named("3栋2单元")).toEqual([2, 3, 1]);
    expect(named("nobody")).toEqual([]);
  });
  it("leaves out those without visits when asked to", () => {
    const some = board({ helpers: [helper(1), helper(2, { bars: [bar(11, 540, 600)] })] });
    expect(groupsOf(some, { ...EVERYONE, busy: true }, scale, 44)[0]?.rows.map((row) => row.helper.id)).toEqual([2]);
  });
  it("filters the tray by who may do it", () => {
    expect(cardWanted(card(1), { ...EVERYONE, kind: "staff" })).toBe(true);
    expect(cardWanted(card(1), { ...EVERYONE, kind: "volunteer" })).toBe(false);
    expect(cardWanted(card(1), { ...EVERYONE, text: "赵" })).toBe(true);
  });
});

describe("crews", () => {
  it("knows everybody on a visit", () => {
    expect(crewOf(board(), 12)).toEqual([2, 3]);
  });
  it("keeps the other of two when one is replaced, and never doubles one", () => {
    expect(crewAfter([2, 3], 2, 1)).toEqual([1, 3]);
    expect(crewAfter([2, 3], 2, 3)).toBeNull();
    expect(crewAfter([2, 3], 2, 2)).toEqual([2, 3]);
    expect(crewAfter([], null, 7)).toEqual([7]);
  });
});

describe("the board while the server is asked", () => {
  it("shows the card as a bar where it was dropped, and takes it out of the tray", () => {
    const next = withAssigned(board(), 21, [1], 660);
    expect(next.unfilled).toEqual([]);
    expect(next.helpers[0]?.bars.map((one) => [one.visit_id, one.start, one.end])).toEqual([
      [11, at(540), at(600)],
      [21, at(660), at(720)],
    ]);
  });
  it("moves a bar to another row and keeps its length", () => {
    const next = withAssigned(board(), 11, [2], 700);
    expect(next.helpers[0]?.bars).toEqual([]);
    expect(next.helpers[1]?.bars.find((one) => one.visit_id === 11)?.end).toBe(at(760));
  });
  it("leaves the board it came from untouched, and a stranger's visit changes nothing", () => {
    const before = board();
    const copy = structuredClone(before);
    withAssigned(before, 11, [2], 700);
    expect(before).toEqual(copy);
    expect(withAssigned(before, 999, [1], 600)).toBe(before);
  });
});

describe("what others changed", () => {
  it("counts visits, not bars", () => {
    const before = board();
    expect(changedVisits(before, structuredClone(before))).toBe(0);
    expect(changedVisits(before, withAssigned(before, 12, [1, 3], 600))).toBe(1);
    expect(changedVisits(before, board({ unfilled: [] }))).toBe(1);
    expect(changedVisits(before, board({ unfilled: [card(21), card(22)] }))).toBe(1);
  });
  it("does not call another day a change", () => {
    expect(changedVisits(board(), board({ date: "2026-11-25", unfilled: [] }))).toBe(0);
  });
});

describe("putting a visit somewhere", () => {
  const place = { visitId: 11, crew: [2], start: at(600) };

  it("sends the version that was seen, and remembers how to undo", async () => {
    const asked = server();
    const moved = await put(asked, place, Promise.resolve(detail()));
    expect(asked.assign).toHaveBeenCalledWith(11, { helper_ids: [2], start: at(600), version: 4 });
    expect(moved).toMatchObject({ kind: "done", undo: { version: 5, before: { crew: [1], start: at(540) } } });
  });
  it("sends a reason only when there is one", async () => {
    const asked = server();
    await put(asked, place, Promise.resolve(detail()), "家属要求");
    expect(asked.assign).toHaveBeenCalledWith(11, expect.objectContaining({ override_reason: "家属要求" }));
  });
  it("offers the exception only when every broken rule allows it", async () => {
    const may = { code: "availability", sentence: "没有空", overridable: true };
    const never = { code: "overlap", sentence: "重叠", overridable: false };
    const refusing = (broken: (typeof may)[]) =>
      server({
        assign: async () => {
          throw new Problem({ kind: "rule-broken", status: 422, broken });
        },
      });
    expect(await put(refusing([may]), place, Promise.resolve(detail()))).toMatchObject({ kind: "broken", overridable: true });
    expect(await put(refusing([may, never]), place, Promise.resolve(detail()))).toMatchObject({
      kind: "broken",
      overridable: false,
    });
    expect(canOverride([])).toBe(false);
  });
  it("passes a clash, a change by another and a lost network on as they are", async () => {
    for (const kind of ["clash", "stale", "offline"]) {
      const refusing = server({
        assign: async () => {
          throw new Problem({ kind, status: 409 });
        },
      });
      expect(await put(refusing, place, Promise.resolve(detail()))).toMatchObject({ kind: "refused", problem: { kind } });
    }
  });
  it("is refused, not lost, when the visit itself could not be read", async () => {
    const moved = await put(server(), place, Promise.reject(new Problem({ kind: "not-found", status: 404 })));
    expect(moved).toMatchObject({ kind: "refused", problem: { kind: "not-found" } });
  });
});

describe("undo", () => {
  it("puts the same helpers back at the same time, with the reason the exception had", async () => {
    const asked = server();
    await putBack(asked, { visitId: 11, version: 5, before: { crew: [1], start: at(540), overrideReason: "家属要求" } }, "撤销");
    expect(asked.assign).toHaveBeenCalledWith(11, { helper_ids: [1], start: at(540), version: 5, override_reason: "家属要求" });
  });
  it("returns to the tray what came from the tray, at the time it had there", async () => {
    const asked = server();
    await putBack(asked, { visitId: 21, version: 2, before: { crew: [], start: at(600), overrideReason: null } }, "撤销");
    expect(asked.unassign).toHaveBeenCalledWith(21, { reason: "撤销", start: at(600), version: 2 });
    expect(asked.assign).not.toHaveBeenCalled();
  });
});

describe("asking while dragging", () => {
  const here = { visitId: 11, crew: [2], start: at(600) };
  const there = { visitId: 11, crew: [2], start: at(605) };

  it("asks once the pointer rests, and not about places it passed", async () => {
    vi.useFakeTimers();
    const asked = server();
    const told: Verdict[] = [];
    const check = checker(asked, (verdict) => told.push(verdict), 100);
    check.over(here);
    vi.advanceTimersByTime(50);
    check.over(there);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.check).toHaveBeenCalledTimes(1);
    expect(asked.check).toHaveBeenCalledWith(11, [2], at(605));
    expect(told.map((verdict) => verdict.kind)).toEqual(["asking", "asking", "fits"]);
    vi.useRealTimers();
  });
  it("answers from memory where it has asked before", async () => {
    vi.useFakeTimers();
    const asked = server();
    const told: Verdict[] = [];
    const check = checker(asked, (verdict) => told.push(verdict), 100);
    check.over(here);
    await vi.advanceTimersByTimeAsync(100);
    check.over(null);
    check.over(here);
    expect(told.at(-1)?.kind).toBe("fits");
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.check).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });
  it("keeps an answer that comes too late to itself, and leaves the question open when asking failed", async () => {
    vi.useFakeTimers();
    const told: Verdict[] = [];
    const failing = server({ check: async () => Promise.reject(new Problem({ kind: "offline", status: 0 })) });
    const check = checker(failing, (verdict) => told.push(verdict), 100);
    check.over(here);
    await vi.advanceTimersByTimeAsync(100);
    expect(told.at(-1)?.kind).toBe("unknown");
    check.over(there);
    vi.advanceTimersByTime(100);
    check.over(null);
    await vi.advanceTimersByTimeAsync(10);
    expect(told.at(-1)?.kind).toBe("asking");
    vi.useRealTimers();
  });
});
