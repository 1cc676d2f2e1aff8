import { describe, expect, it } from "vitest";
import { monthOf, score, shifted, wantedMonth } from "../src/quality/panelMonths";

describe("the panel's months", () => {
  it("go over the turn of the year both ways", () => {
    expect(shifted("2026-12", 1)).toBe("2027-01");
    expect(shifted("2027-01", -1)).toBe("2026-12");
    expect(shifted("2026-03", -14)).toBe("2025-01");
    expect(monthOf("2026-11-24")).toBe("2026-11");
  });

  it("are read from the address where they are months", () => {
    expect(wantedMonth("2026-07")).toBe("2026-07");
    for (const bad of ["2026-13", "2026-00", "26-07", "", undefined, ["2026-07"]]) expect(wantedMonth(bad)).toMatch(/^\d{4}-\d{2}$/);
  });

  it("say a score in points of a hundred", () => {
    expect(score(8_250)).toBe("82.5");
    expect(score(10_000)).toBe("100.0");
    expect(score(null)).toBe("–");
  });
});
