import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setClock } from "../src/i18n/clock";
import {
  addDays, clockOf, dateOf, day, daysBetween, duration, instantOf, listing, moment, money, moneySpan, span,
} from "../src/i18n/format";
import { lang } from "../src/i18n/lang";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-23T20:00:00Z") });
  // In the compound it is already the 24th, a Tuesday, at four in the morning.
  setClock("2026-11-23T20:00:00Z");
  lang.value = "zh";
});
afterEach(() => vi.useRealTimers());

describe("time in the compound", () => {
  it("is local on both sides of midnight UTC", () => {
    expect(dateOf("2026-11-23T15:59:59Z")).toBe("2026-11-23");
    expect(dateOf("2026-11-23T16:00:00Z")).toBe("2026-11-24");
    expect(clockOf("2026-11-23T16:05:00Z")).toBe("00:05");
    expect(instantOf("2026-11-24", "00:05")).toBe("2026-11-23T16:05:00Z");
  });

  it("counts days over the end of a month and a year", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(daysBetween("2026-12-30", "2027-01-02")).toBe(3);
  });

  it("is said in Chinese", () => {
    expect(moment("2026-11-24T06:00:00Z")).toBe("今天（周二）14:00");
    expect(moment("2026-11-28T06:00:00Z")).toBe("11月28日 周六 14:00");
    expect(day("2026-11-25")).toBe("明天（周三）");
    expect(day("2026-11-23")).toBe("昨天（周一）");
    expect(day("2027-01-02")).toBe("2027年1月2日 周六");
    expect(span("2026-11-24T06:00:00Z", "2026-11-24T07:30:00Z")).toBe("14:00–15:30");
  });

  it("is said in English", () => {
    lang.value = "en";
    expect(moment("2026-11-24T06:00:00Z")).toBe("Today (Tue), 14:00");
    expect(day("2026-11-28")).toBe("Sat 28 Nov");
  });
});

describe("money, durations, lists", () => {
  it("are said in Chinese", () => {
    expect(money(0)).toBe("免费");
    expect(money(1200)).toBe("¥12");
    expect(money(1250)).toBe("¥12.50");
    expect(money(5)).toBe("¥0.05");
    expect(moneySpan(600, 600)).toBe("¥6");
    expect(moneySpan(0, 1200)).toBe("免费–¥12");
    expect([duration(45), duration(60), duration(150)]).toEqual(["45 分钟", "1 小时", "2 小时 30 分钟"]);
    expect(listing(["王香惠", "郭安春"])).toBe("王香惠、郭安春");
  });

  it("are said in English", () => {
    lang.value = "en";
    expect(money(0)).toBe("Free");
    expect(duration(90)).toBe("1 h 30 min");
  });
});
