import { describe, expect, it } from "vitest";
import type { ResidentSession } from "../src/api/types";
import { meanwhile } from "../src/station/meanwhile";
import { hoursOf, readHours } from "../src/station/hours";

describe("the hours of a room", () => {
  it("are read as they are written", () => {
    const spans = readHours("08:00-12:00 14:00-17:30", 2);
    expect(spans).toEqual([
      { weekday: 2, opens_min: 480, closes_min: 720 },
      { weekday: 2, opens_min: 840, closes_min: 1050 },
    ]);
    expect(hoursOf(spans ?? [], 2)).toBe("08:00-12:00 14:00-17:30");
    expect(hoursOf(spans ?? [], 3)).toBe("");
    expect(readHours("8：00至12：00，14:00~17:30", 2)).toEqual(spans);
  });

  it("are nothing where the room is closed, and refused where they cannot be read", () => {
    expect(readHours("  ", 0)).toEqual([]);
    for (const bad of ["8-12", "08:00", "08:61-12:00", "morning"]) expect(readHours(bad, 0)).toBeNull();
  });
});

describe("a session meanwhile", () => {
  const session = (mine: boolean) =>
    ({ state: "open", starts_at: "2026-11-26T01:00:00Z", ends_at: "2026-11-26T03:00:00Z", mine: mine ? { state: "seated" } : null }) as ResidentSession;

  it("is found where it overlaps, not where it only touches or is somebody else's", () => {
    const found = (start: string, end: string, mine = true) => meanwhile([session(mine)], start, end) !== null;
    expect(found("2026-11-26T02:30:00Z", "2026-11-26T03:30:00Z")).toBe(true);
    expect(found("2026-11-26T03:00:00Z", "2026-11-26T04:00:00Z")).toBe(false);
    expect(found("2026-11-26T00:00:00Z", "2026-11-26T01:00:00Z")).toBe(false);
    expect(found("2026-11-26T02:30:00Z", "2026-11-26T03:30:00Z", false)).toBe(false);
    expect(meanwhile([session(true)], null, null)).toBeNull();
  });
});
