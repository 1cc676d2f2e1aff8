// What a coordinator's desk does beside the pages: asks and tells the server with the page's own session.

import assert from "node:assert/strict";

import { TOMORROW } from "./world.mjs";

/** What the server says, asked with the page's own session. */
export async function asked({ page }, path) {
  const answer = await page.request.get(path);
  assert.ok(answer.ok(), `${path} answered ${answer.status()}`);
  return answer.json();
}

export async function told({ page }, path, data) {
  const answer = await page.request.post(path, { data, headers: { origin: new URL(page.url()).origin } });
  assert.ok(answer.ok(), `${path} answered ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

export const boardOf = (person) => asked(person, `/api/board?date=${TOMORROW}`);
export const visitOf = (person, id) => asked(person, `/api/visits/${id}`);

/** Visits that a test has had already: each takes another. */
const had = new Set();

/**
 * Puts a visit of tomorrow into the tray, whose helper could come at another time too: the demonstration's own tray holds
 * only visits that nobody can take.
 */
export async function takeOffOne(person) {
  const { helpers } = await boardOf(person);
  for (const { id: helper, bars } of helpers) {
    for (const bar of bars.filter((one) => one.movable && one.crew_size === 1 && !had.has(one.visit_id))) {
      const visit = await visitOf(person, bar.visit_id);
      const window = visit.window && [visit.window.from, visit.window.to].find((at) => at !== visit.start);
      const check = window && (await told(person, `/api/visits/${visit.visit_id}/check`, { helper_ids: [helper], start: window }));
      if (!check?.ok) continue;
      had.add(visit.visit_id);
      await told(person, `/api/visits/${visit.visit_id}/unassign`, { reason: "请换人", version: visit.version });
      return { id: visit.visit_id, helper, start: visit.start, otherStart: window };
    }
  }
  return assert.fail("no visit of tomorrow could be at another time");
}
