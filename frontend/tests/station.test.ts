import { describe, expect, it } from "vitest";
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
