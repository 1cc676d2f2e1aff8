import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchForPeople } from "../src/api/attended";
import { api, take } from "../src/api/client";
import { ended } from "../src/api/ended";

const sent: Request[] = [];
let answer: () => Response = () => new Response("[]", { headers: { "Content-Type": "application/json" } });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  sent.length = 0;
  vi.stubGlobal("fetch", (request: Request) => {
    sent.push(request);
    return Promise.resolve(answer());
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  ended.value = false;
});

describe("a page that nobody touches", () => {
  it("tells the server so after five minutes, and no more once somebody is there again", async () => {
    const listeners = new Map<string, () => void>();
    vi.stubGlobal("addEventListener", (kind: string, listener: () => void) => listeners.set(kind, listener));
    watchForPeople();
    const asked = async () => {
      await take(api.GET("/api/family/residents"));
      return sent.at(-1)?.headers.get("Yinling-Unattended");
    };
    listeners.get("pointerdown")?.();
    vi.advanceTimersByTime(4 * 60_000);
    expect(await asked()).toBeNull();
    vi.advanceTimersByTime(60_000);
    expect(await asked()).toBe("1");
    listeners.get("keydown")?.();
    expect(await asked()).toBeNull();
  });
});

describe("a sign-in that is over", () => {
  it("is noticed at the first refusal that says so, and at no other", async () => {
    const refuse = (kind: string) => () =>
      new Response(JSON.stringify({ type: `/problems/${kind}`, status: 401 }), { status: 401 });
    answer = refuse("wrong-login");
    await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ kind: "wrong-login" });
    expect(ended.value).toBe(false);
    answer = refuse("sign-in");
    await expect(take(api.GET("/api/me"))).rejects.toMatchObject({ kind: "sign-in" });
    expect(ended.value).toBe(true);
  });
});
