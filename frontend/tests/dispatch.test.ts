import { QueryClient } from "@tanstack/vue-query";
import { expect, test } from "vitest";
import type { Board } from "../src/api/types";
import { boardKey, forgetPlan } from "../src/coordinator/dispatch";

const KEY = boardKey("2026-11-25");

function board(plan: number | null): Board {
  return { date: "2026-11-25", plan: plan === null ? null : { id: plan }, helpers: [], unfilled: [] } as unknown as Board;
}

/** A client that keeps a board with a plan which nobody shows. */
function readBefore(plan: number): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(KEY, board(plan));
  return queries;
}

test("a plan that is over leaves the boards, which are read anew when somebody shows them", async () => {
  const queries = readBefore(7);
  await forgetPlan(queries, 7);
  expect(queries.getQueryData<Board>(KEY)?.plan).toBeNull();
  expect(queries.getQueryState(KEY)?.isInvalidated).toBe(true);
});

test("another plan stays", async () => {
  const queries = readBefore(8);
  await forgetPlan(queries, 7);
  expect(queries.getQueryData<Board>(KEY)?.plan).toEqual({ id: 8 });
});

test("an answer still on its way does not bring it back", async () => {
  const queries = readBefore(7);
  let answer: (late: Board) => void = () => {};
  const late = queries.fetchQuery({ queryKey: KEY, queryFn: () => new Promise<Board>((resolve) => (answer = resolve)) }).catch(() => null);
  await forgetPlan(queries, 7);
  answer(board(7));
  await late;
  expect(queries.getQueryData<Board>(KEY)?.plan).toBeNull();
  expect(queries.getQueryState(KEY)?.isInvalidated).toBe(true);
});
