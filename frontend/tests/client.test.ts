import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { uuid } from "../src/api/attempts";
import { api, take } from "../src/api/client";
import { Problem } from "../src/api/problem";
import { lang } from "../src/i18n/lang";

const sent: Request[] = [];
let answers: (Response | Error)[] = [];

function json(status: number, body: unknown, type = "application/json"): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });
}

function problem(status: number, kind: string, extras: object = {}): Response {
  return json(
    status,
    { type: `/problems/${kind}`, title: kind, status, detail: "刚刚被约走了。", action: "请换一个时间。", fields: [], ...extras },
    "application/problem+json",
  );
}

const book = (note: string) =>
  take(
    api.POST("/api/residents/{id}/bookings", {
      params: { path: { id: 7 } },
      body: { service: "MEA02", start: "2026-11-25T02:00:00Z", note, if_unserved: "refuse" },
    }),
  );
const key = (index: number) => sent[index]?.headers.get("Idempotency-Key");

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push(request);
    const next = answers.shift() ?? new Error("no answer was prepared");
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  answers = [];
  lang.value = "zh";
});

describe("the client", () => {
  it("asks in the reader's language and sends no key with a question", async () => {
    lang.value = "en";
    answers = [json(200, [])];
    await take(api.GET("/api/family/residents"));
    expect(sent[0]?.headers.get("Accept-Language")).toBe("en");
    expect(key(0)).toBeNull();
  });

  it("keeps the key of an attempt whose answer was lost, and of one the server failed in", async () => {
    answers = [new TypeError("network"), problem(503, "unavailable"), json(201, { booking_id: 3 })];
    await expect(book("a")).rejects.toMatchObject({ kind: "offline", status: 0 });
    await expect(book("a")).rejects.toMatchObject({ kind: "unavailable", passing: true });
    await expect(book("a")).resolves.toMatchObject({ booking_id: 3 });
    expect(key(0)).toMatch(/^[0-9a-f-]{36}$/);
    expect([key(1), key(2)]).toEqual([key(0), key(0)]);
  });

  it("takes a new key once the answer arrived, and for another body", async () => {
    answers = [json(201, {}), json(201, {}), new TypeError("network"), json(201, {})];
    await book("b");
    await book("b");
    await book("c").catch(() => undefined);
    await book("d");
    expect(new Set([key(0), key(1), key(2), key(3)]).size).toBe(4);
  });

  it("turns a refusal into a problem with its fields and its alternatives", async () => {
    const alternatives = [{ start: "2026-11-25T03:00:00Z", end: "2026-11-25T03:15:00Z", helpers: 2, price_fen: 1200, who: [] }];
    answers = [problem(409, "slot-taken", { alternatives, fields: [{ field: "start", message: "这个时间没有了。" }] })];
    const thrown = await book("e").catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Problem);
    expect(thrown).toMatchObject({
      kind: "slot-taken",
      status: 409,
      detail: "刚刚被约走了。",
      action: "请换一个时间。",
      alternatives,
      fields: [{ field: "start", message: "这个时间没有了。" }],
    });
  });

  it("does not mistake a gateway's page for a problem document", async () => {
    answers = [new Response("<h1>Bad Gateway</h1>", { status: 502 }), new Response("null", { status: 404 })];
    await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ kind: "unavailable", status: 502, detail: "" });
    await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ kind: "unreadable", status: 404 });
  });

  it("makes a version 4 key also where the page came without TLS", () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    const made = uuid();
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid()).not.toBe(made);
  });
});
