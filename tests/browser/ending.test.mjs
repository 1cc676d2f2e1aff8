// How a search ends with its program: asked to end, the program keeps the best, though a page listens; killed, it leaves a plan
// that the next start shows as interrupted.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startProgram } from "./program.mjs";
import { at, TODAY, TOMORROW } from "./world.mjs";

const PROGRAM = resolve(process.env.YINLING_TEST_PROGRAM ?? "target/debug/yinling");

/** A coordinator without a window. */
async function coordinator(address) {
  const headers = { origin: address, "content-type": "application/json" };
  const come = await fetch(`${address}/api/session/demo`, { method: "POST", headers, body: JSON.stringify({ kind: "coordinator" }) });
  headers.cookie = come.headers.get("set-cookie").split(";")[0];
  return {
    listen: () => fetch(`${address}/api/events`, { headers }),
    async read(id) {
      return (await fetch(`${address}/api/plans/${id}`, { headers })).json();
    },
    async begin(body) {
      const begun = await fetch(`${address}/api/plans`, { method: "POST", headers, body: JSON.stringify(body) });
      assert.equal(begun.status, 201);
      const { id } = await begun.json();
      for (;;) {
        const plan = await this.read(id);
        assert.equal(plan.state, "searching");
        if (plan.search.unfilled !== null) return plan;
        await sleep(100);
      }
    },
  };
}

test("a search ends with its program, and comes to a good end where it can", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "yinling-ending-"));
  let program = await startProgram({ program: PROGRAM, folder, at: at(TODAY, "09:30") });
  t.after(async () => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  let plan;
  await t.test("asked to end, it keeps the best and does not wait for a page that listens", async () => {
    const me = await coordinator(program.address);
    await me.listen();
    plan = await me.begin({ date: TOMORROW, days: 7, seconds: 60 });
    const asked = performance.now();
    assert.equal(await program.stop(), 0, program.said());
    assert.ok(performance.now() - asked < 8_000, "it searched on");
  });
  await t.test("after the next start it is a draft", async () => {
    program = await startProgram({ program: PROGRAM, folder, at: at(TODAY, "09:31") });
    const me = await coordinator(program.address);
    const kept = await me.read(plan.id);
    assert.equal(kept.state, "draft");
    assert.ok(kept.summary.served_after >= kept.summary.served_before, JSON.stringify(kept.summary));
    plan = await me.begin({ date: TOMORROW, seconds: 60 });
  });
  await t.test("killed in the middle, it is shown as interrupted before long", async () => {
    await program.kill();
    program = await startProgram({ program: PROGRAM, folder, at: at(TODAY, "09:40") });
    const me = await coordinator(program.address);
    const lost = await me.read(plan.id);
    assert.deepEqual([lost.state, lost.search], ["discarded", null]);
    assert.match(lost.why, /中断/);
  });
});
