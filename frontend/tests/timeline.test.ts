import { describe, expect, it } from "vitest";
import { clockText, fieldText, instantAt, isDate, minuteOf, minuteOfField } from "../src/timeline/clock";
import { edgeScroll, landingAt, rowAt, sameLanding } from "../src/timeline/hit";
import { layOut } from "../src/timeline/lanes";
import { firstStop, nextStop, tabStop } from "../src/timeline/roving";
import { axisFor, gapsIn, hoursOf, minuteAt, nowX, snap, widthOf, xOf, type Scale } from "../src/timeline/scale";

const scale: Scale = { from: 420, to: 1200, pxPerMin: 2 };

describe("the clock of the community", () => {
  it("reads UTC as local minutes and writes them back", () => {
    expect(minuteOf("2026-11-24T02:00:00Z", "2026-11-24")).toBe(600);
    expect(instantAt("2026-11-24", 600)).toBe("2026-11-24T02:00:00Z");
    expect(instantAt("2026-11-24", 60)).toBe("2026-11-23T17:00:00Z");
  });
  it("counts a visit of the day before as negative", () => {
    expect(minuteOf("2026-11-23T15:00:00Z", "2026-11-24")).toBe(-60);
  });
  it("takes only real days from an address", () => {
    expect(isDate("2026-11-24")).toBe(true);
    expect(isDate("2026-02-30")).toBe(false);
    expect(isDate("tomorrow")).toBe(false);
    expect(isDate(["2026-11-24"])).toBe(false);
  });
  it("writes and reads clock times", () => {
    expect(clockText(545)).toBe("9:05");
    expect(fieldText(545)).toBe("09:05");
    expect(minuteOfField("09:05")).toBe(545);
    expect(minuteOfField("24:00")).toBeNull();
    expect(minuteOfField("")).toBeNull();
  });
});

describe("the scale", () => {
  it("turns minutes into pixels and back", () => {
    expect(xOf(scale, 480)).toBe(120);
    expect(minuteAt(scale, 120)).toBe(480);
    expect(widthOf(scale)).toBe(1560);
  });
  it("snaps to five minutes", () => {
    expect(snap(602.4)).toBe(600);
    expect(snap(602.5)).toBe(605);
  });
  it("grows by whole hours for early and late visits, within the day", () => {
    expect(axisFor([])).toEqual({ from: 420, to: 1200 });
    expect(
      axisFor([
        { from: 395, to: 425 },
        { from: 1190, to: 1215 },
      ]),
    ).toEqual({ from: 360, to: 1260 });
    expect(axisFor([{ from: -30, to: 1500 }])).toEqual({ from: 0, to: 1440 });
  });
  it("lists the hours", () => {
    expect(hoursOf({ from: 420, to: 600 })).toEqual([420, 480, 540, 600]);
  });
  it("places the present, and hides it off the axis", () => {
    expect(nowX(scale, 430)).toBe(20);
    expect(nowX(scale, 100)).toBeNull();
    expect(nowX(scale, 2000)).toBeNull();
  });
  it("shades what is not available", () => {
    expect(
      gapsIn(scale, [
        { from: 840, to: 1020 },
        { from: 480, to: 720 },
      ]),
    ).toEqual([
      { from: 420, to: 480 },
      { from: 720, to: 840 },
      { from: 1020, to: 1200 },
    ]);
    expect(gapsIn(scale, [{ from: 0, to: 1440 }])).toEqual([]);
    expect(gapsIn(scale, [])).toEqual([{ from: 420, to: 1200 }]);
    expect(gapsIn(scale, [{ from: 1300, to: 1400 }])).toEqual([{ from: 420, to: 1200 }]);
  });
});

describe("lanes", () => {
  it("keeps bars that only touch in one lane", () => {
    const { boxes, lanes } = layOut(scale, [
      { id: 2, from: 540, to: 600, walk: 6 },
      { id: 1, from: 480, to: 540, walk: 0 },
    ]);
    expect(lanes).toBe(1);
    expect(boxes.map((box) => [box.id, box.x, box.width, box.walkWidth])).toEqual([
      [1, 120, 120, 0],
      [2, 240, 120, 12],
    ]);
  });
  it("puts overlapping bars one below the other, and reuses a lane", () => {
    const { boxes, lanes } = layOut(scale, [
      { id: 1, from: 480, to: 600, walk: 0 },
      { id: 2, from: 500, to: 560, walk: 0 },
      { id: 3, from: 560, to: 620, walk: 0 },
    ]);
    expect(lanes).toBe(2);
    expect(boxes.map((box) => box.lane)).toEqual([0, 1, 1]);
  });
  it("widens a short bar so that a finger can hit it, without hiding the next", () => {
    const { boxes } = layOut(scale, [
      { id: 1, from: 480, to: 490, walk: 0 },
      { id: 2, from: 495, to: 540, walk: 0 },
    ]);
    expect(boxes[0]?.width).toBe(46);
    expect(boxes[1]?.lane).toBe(1);
  });
});

describe("where a drag lands", () => {
  const bands = [
    { id: 7, top: 40, bottom: 100 },
    { id: 8, top: 100, bottom: 160 },
    { id: 9, top: 200, bottom: 260 },
  ];
  it("finds the row, and none between groups", () => {
    expect(rowAt(bands, 40)?.id).toBe(7);
    expect(rowAt(bands, 100)?.id).toBe(8);
    expect(rowAt(bands, 170)).toBeNull();
    expect(rowAt(bands, 999)).toBeNull();
    expect(rowAt([], 10)).toBeNull();
  });
  it("takes the left edge of what is held, on a five-minute mark", () => {
    expect(landingAt(scale, bands, { x: 131, y: 120 }, 10, 60)).toEqual({ rowId: 8, minute: 480 });
  });
  it("keeps the whole visit on the axis", () => {
    expect(landingAt(scale, bands, { x: 2, y: 50 }, 30, 60)).toEqual({ rowId: 7, minute: 420 });
    expect(landingAt(scale, bands, { x: 1559, y: 50 }, 0, 90)).toEqual({ rowId: 7, minute: 1110 });
  });
  it("lands nowhere left or right of the axis", () => {
    expect(landingAt(scale, bands, { x: -1, y: 50 }, 0, 60)).toBeNull();
    expect(landingAt(scale, bands, { x: 1600, y: 50 }, 0, 60)).toBeNull();
  });
  it("knows the same landing again", () => {
    expect(sameLanding({ rowId: 1, minute: 5 }, { rowId: 1, minute: 5 })).toBe(true);
    expect(sameLanding({ rowId: 1, minute: 5 }, null)).toBe(false);
    expect(sameLanding(null, null)).toBe(true);
  });
  it("scrolls at the edges only", () => {
    expect(edgeScroll(300, 600)).toBe(0);
    expect(edgeScroll(0, 600)).toBe(-14);
    expect(edgeScroll(600, 600)).toBe(14);
  });
});

describe("the keyboard on the board", () => {
  const rows = [
    [
      { key: "a1", from: 480, to: 540 },
      { key: "a2", from: 600, to: 660 },
    ],
    [],
    [
      { key: "c1", from: 470, to: 500 },
      { key: "c2", from: 590, to: 640 },
      { key: "c3", from: 900, to: 960 },
    ],
  ];
  it("moves within a row and stops at its ends", () => {
    expect(nextStop(rows, "a1", "ArrowRight")).toBe("a2");
    expect(nextStop(rows, "a2", "ArrowRight")).toBeNull();
    expect(nextStop(rows, "a1", "ArrowLeft")).toBeNull();
  });
  it("moves over empty rows to the bar nearest in time", () => {
    expect(nextStop(rows, "a2", "ArrowDown")).toBe("c2");
    expect(nextStop(rows, "c3", "ArrowUp")).toBe("a2");
    expect(nextStop(rows, "c1", "ArrowDown")).toBeNull();
  });
  it("goes to the ends of the row and of the board", () => {
    expect(nextStop(rows, "c2", "Home")).toBe("c1");
    expect(nextStop(rows, "c1", "End")).toBe("c3");
    expect(nextStop(rows, "c2", "Home", true)).toBe("a1");
    expect(nextStop(rows, "a1", "End", true)).toBe("c3");
  });
  it("leaves other keys alone and finds its way back from a bar that is gone", () => {
    expect(nextStop(rows, "a1", "x")).toBeNull();
    expect(nextStop(rows, "gone", "ArrowLeft")).toBe("a1");
  });
  it("has exactly one tab stop", () => {
    expect(tabStop(rows, "c2")).toBe("c2");
    expect(tabStop(rows, "gone")).toBe("a1");
    expect(tabStop(rows, null)).toBe("a1");
    expect(firstStop([[], []])).toBeNull();
  });
});
