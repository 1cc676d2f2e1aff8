// What changed is asked again; and a page shows something however fast changes come.

import { QueryClient, QueryObserver } from "@tanstack/vue-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refreshing } from "../src/api/refresh";

const ANSWER_MS = 400;

let queries: QueryClient;
/** What the server knows, and how often it was asked. */
let truth: number;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient();
  truth = 0;
  asked = 0;
});
afterEach(() => {
  queries.clear();
  vi.useRealTimers();
});

/** A page that shows one query, whose answer is true when it was asked and takes its time on the way. */
function shown(root: string) {
  const observer = new QueryObserver(queries, {
    queryKey: [root, 1],
    queryFn: () => {
      asked += 1;
      const answer = truth;
      return new Promise<number>((told) => setTimeout(() => told(answer), ANSWER_MS));
    },
  });
  const seen: number[] = [];
  observer.subscribe(({ data }) => {
    if (data !== undefined && seen.at(-1) !== data) seen.push(data);
  });
  return seen;
}

test("changes that come faster than answers leave the page alive, and its last word is true", async () => {
  const seen = shown("board");
  const { touch } = refreshing(queries);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  for (let change = 1; change <= 50; change += 1) {
    truth = change;
    touch(["board"]);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(seen.length, `in five seconds of changes it showed ${seen}`).toBeGreaterThan(5);
  await vi.advanceTimersByTimeAsync(2000);
  expect(seen.at(-1)).toBe(50);
  const quiet = asked;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked, "nothing changes, nothing is asked").toBe(quiet);
});

test("what changed together is asked once, and only that", async () => {
  shown("board");
  const other = shown("roll");
  const { touch } = refreshing(queries);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  asked = 0;
  truth = 7;
  for (let times = 0; times < 20; times += 1) touch(["board", "visit"]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toBe(1);
  expect(other).toEqual([0]);
});

test("one slow question keeps no other waiting", async () => {
  const seen = shown("board");
  new QueryObserver(queries, { queryKey: ["slow"], queryFn: () => new Promise<number>(() => undefined) }).subscribe(() => undefined);
  const { touch } = refreshing(queries);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  for (truth = 1; truth <= 3; truth += 1) {
    touch(["slow", "board"]);
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("a page that is left asks nothing more", async () => {
  shown("board");
  const { touch, stop } = refreshing(queries);
  await vi.advanceTimersByTimeAsync(ANSWER_MS);
  asked = 0;
  touch(["board"]);
  stop();
  touch(["board"]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toBe(0);
});
