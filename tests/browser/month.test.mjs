// The coordinator's month: she reads what could not be served, takes what to do about it into the bench meeting, prints two
// pages, exports them, and a month later sees whether it worked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { at, openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

/** How many sides of paper the page takes. */
async function sides(page) {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  return (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
}

const wide = { width: 1280, height: 900 };

test("the coordinator's month", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  let coordinator = await world.enter("coordinator", wide);
  let sentence;

  await step("she reads what could not be served last month, with figures, worst first", async () => {
    const { page } = coordinator;
    await page.goto("/supply");
    await page.getByTestId("gap").first().waitFor();
    assert.match(await page.getByTestId("month").innerText(), /2026年10月/);
    const bath = page.locator("[data-service=BTH01]");
    sentence = await bath.getByTestId("sentence").innerText();
    assert.match(sentence, /^10 月「站点助浴（自理看护）」有 \d+ 次没服务上，涉及 \d+ 位老人，.*下午；.*建议/);
    // The chart's figures stand in a table after it, there for a screen reader before anybody asks for it.
    const table = page.getByTestId("chart-table").first();
    assert.ok((await table.locator("tbody tr").count()) > 5);
    await page.getByTestId("chart").locator("svg").first().waitFor();
    await world.look(page, "supply");
  });

  await step("she takes it into the meeting, and what is missing is marked", async () => {
    const { page } = coordinator;
    await page.locator("[data-service=BTH01]").getByTestId("take").click();
    const form = page.getByTestId("action-form");
    await form.waitFor();
    assert.match(await form.getByTestId("what").inputValue(), /^建议/);
    assert.ok(sentence.endsWith(await form.getByTestId("what").inputValue()));
    await form.getByTestId("agree").click();
    await form.getByText("这一项要填。").first().waitFor();
    await world.look(page, "bench: something is missing");
    await form.getByTestId("what").fill("再招一名下午能来的助浴员");
    await form.getByTestId("who").fill("老何");
    await form.getByTestId("agree").click();
    const own = page.getByTestId("own").getByTestId("action");
    await own.first().waitFor();
    assert.match(await own.first().innerText(), /再招一名下午能来的助浴员[\s\S]*站点助浴[\s\S]*现在 \d+ 次/);
  });
  world.wasMeant(coordinator, 422);

  await step("what was agreed before has its figures; she says what became of the one that is open", async () => {
    const { page } = coordinator;
    const earlier = page.getByTestId("earlier").getByTestId("action");
    assert.equal(await earlier.count(), 2);
    await page.getByText("结论：见效").first().waitFor();
    const open = earlier.filter({ hasText: "看数字：没见效" });
    assert.equal(await open.count(), 1);
    await open.getByTestId("judge").click();
    await world.look(page, "bench: judging");
    await page.getByTestId("note").fill("还没招到人");
    await page.getByTestId("say-did-not").click();
    await page.getByText("结论：没见效").waitFor();
    await world.look(page, "bench");
  });

  await step("it prints on two sides, in both languages, however long what people write is", async () => {
    const { page } = coordinator;
    assert.equal(await sides(page), 2, "the demonstration");
    for (let n = 0; n < 7; n += 1) {
      const { status } = await page.evaluate(
        async ([what, who]) => {
          const body = { what, who, due: "2026-12-20", measure: "unserved_all", service_id: null, provider_id: null };
          const headers = { "content-type": "application/json" };
          return { status: (await fetch("/api/bench/months/2026-10/actions", { method: "POST", headers, body: JSON.stringify(body) })).status };
        },
        [`${n}${"把没服务上的老人一家一家打电话问清楚".repeat(7)}`.slice(0, 120), "调度员和两位网格员还有护理公司的负责人".slice(0, 30)],
      );
      assert.equal(status, 201);
    }
    await page.reload();
    await page.getByTestId("own").getByTestId("action").nth(7).waitFor();
    await page.getByTestId("chart").locator("svg").first().waitFor();
    assert.equal(await sides(page), 2, "long texts");
    await world.look(page, "bench: long");
    const english = await world.enter("coordinator", { ...wide, lang: "en" });
    await english.page.goto("/bench?month=2026-10");
    await english.page.getByTestId("own").getByTestId("action").nth(7).waitFor();
    await english.page.getByTestId("chart").locator("svg").first().waitFor();
    assert.equal(await sides(english.page), 2, "long texts in English");
    await english.page.goto("about:blank");
  });

  await step("it is exported as a workbook", async () => {
    const { page } = coordinator;
    const coming = page.waitForEvent("download");
    await page.getByTestId("workbook").click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), "bench-2026-10.xlsx");
    const bytes = readFileSync(await download.path());
    assert.equal(bytes.subarray(0, 2).toString(), "PK");
  });

  await step("a member of the panel reads it all and writes nothing", async () => {
    const member = await world.enter("panel_member");
    await member.page.goto("/bench");
    await member.page.getByTestId("own").getByTestId("action").first().waitFor();
    assert.equal(await member.page.getByTestId("add-action").count(), 0);
    assert.equal(await member.page.getByTestId("judge").count(), 0);
    await member.page.goto("/supply");
    await member.page.getByTestId("gap").first().waitFor();
    assert.equal(await member.page.getByTestId("take").count(), 0);
    await member.page.goto("about:blank");
  });

  await step("a month without anything says so", async () => {
    const { page } = coordinator;
    await page.goto("/bench?month=2026-01");
    await page.getByText("这个月还没有任何预约和求助").waitFor();
    await world.look(page, "bench: empty");
    await page.goto("/supply?month=2026-01");
    await page.getByText("这个月还没有任何需求").waitFor();
  });

  await step("a month later she sees whether it worked", async () => {
    // Her sign-in is over by then: a page that is left open would be refused, and have the browser complain.
    await coordinator.page.goto("about:blank");
    world.program.setClock(at("2026-12-02", "10:00"));
    coordinator = await world.enter("coordinator", wide);
    const { page } = coordinator;
    await page.goto("/bench");
    const agreed = page.getByTestId("earlier").getByTestId("action").filter({ hasText: "再招一名下午能来的助浴员" });
    await agreed.waitFor();
    assert.match(await page.getByTestId("month").innerText(), /2026年11月/);
    assert.match(await agreed.innerText(), /定的时候 \d+ 次，这个月 \d+ 次/);
    await agreed.getByText("看数字：见效").waitFor();
    await agreed.getByTestId("judge").click();
    await agreed.getByTestId("say-worked").click();
    await agreed.getByText("结论：见效").waitFor();
    await page.getByTestId("month-before").click();
    const there = page.getByTestId("own").getByTestId("action").filter({ hasText: "再招一名下午能来的助浴员" });
    await there.getByText("结论：见效").waitFor();
  });

  world.assertAllWell();
});
