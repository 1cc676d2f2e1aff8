// The page of all parts is the demonstration's: wherever people work there is no such page.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { me } from "../../src/api/session";
import type { Me } from "../../src/api/types";
import { router } from "../../src/router";

// A page is taken in when it is first opened, which takes its time on a slow machine.
vi.setConfig({ testTimeout: 60_000 });

const somebody = (demo: boolean) => ({ id: 1, name: "彭宁伟", roles: ["coordinator"], home: "/board", demo }) as unknown as Me;

describe("the page of all parts", () => {
  beforeEach(async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new Error("nobody is asked")));
    me.value = somebody(true);
    await router.push("/nowhere");
  });

  it("opens in the demonstration", async () => {
    await router.push("/ui");
    expect(router.currentRoute.value.name).toBe("parts");
  });

  it("is unknown where people work, and where nobody can say which of the two it is", async () => {
    for (const person of [somebody(false), null]) {
      me.value = person;
      await router.push("/nowhere");
      await router.push("/ui");
      expect(router.currentRoute.value.name).toBe("nowhere");
    }
  });
});
