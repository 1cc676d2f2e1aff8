import { describe, expect, it } from "vitest";
import { asksAgain, waitMs } from "../src/api/again";
import { Problem, problemOf } from "../src/api/problem";

const busy = (retryAfter: number | null) => new Problem({ kind: "busy", status: 503, retryAfter });

describe("a question that was refused for the moment", () => {
  it("is asked again when the server said, a few times", () => {
    expect([0, 1, 2, 3].map((failures) => asksAgain(failures, busy(2)))).toEqual([true, true, true, false]);
    expect(waitMs(0, busy(2), () => 0)).toBe(2000);
    expect(waitMs(2, busy(2), () => 1)).toBe(3000);
  });

  it("is left to the reader where the wait is long, and where it would be refused again", () => {
    expect(asksAgain(0, busy(300))).toBe(false);
    expect(asksAgain(0, new Problem({ kind: "not-found", status: 404 }))).toBe(false);
  });

  it("is asked again soon where nobody said when", () => {
    expect([0, 1, 2].map((failures) => asksAgain(failures, busy(null)))).toEqual([true, true, false]);
    expect(waitMs(1, busy(null), () => 0)).toBe(2000);
  });

  it("takes the wait from the answer", async () => {
    const answer = new Response(JSON.stringify({ type: "/problems/busy" }), { status: 503, headers: { "Retry-After": "2" } });
    expect(await problemOf(answer)).toMatchObject({ kind: "busy", retryAfter: 2, passing: true });
    const proxy = new Response("<html>", { status: 503, headers: { "Retry-After": "soon" } });
    expect(await problemOf(proxy)).toMatchObject({ retryAfter: null });
  });
});
