import { describe, expect, it } from "vitest";
import type { Me, Role } from "../src/api/types";
import { placesOf, shared } from "../src/ui/nav";

const person = (...roles: Role[]) => ({ roles }) as Me;

describe("the pages one goes to", () => {
  it("are all in view where they fit", () => {
    const places = placesOf(person("helper", "family"));
    expect(shared(places)).toEqual({ daily: places, rest: [] });
  });

  it("are each in one place where they do not", () => {
    const places = placesOf(person("coordinator", "clerk", "admin"));
    const { daily, rest } = shared(places);
    expect([...daily, ...rest]).toEqual(places);
    expect(daily.length).toBeLessThan(places.length);
    expect(daily.map((place) => place.path)).toContain("/board");
    expect(new Set(places.map((place) => place.path)).size).toBe(places.length);
  });
});
