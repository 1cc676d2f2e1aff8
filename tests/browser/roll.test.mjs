// The clerk's roll: a file is found, a stay in hospital pauses what is booked and the return brings it back; a workbook is
// looked at and its good rows are written; two files of one person become one.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { asked, told } from "./desk.mjs";
import { workbook } from "./workbook.mjs";
import { TOMORROW, openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

const HEAD = ["姓名", "性别", "出生日期", "住址", "联系电话", "居住情况"];

test("a stay in hospital pauses what is booked, and the return brings it back", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const clerk = await world.enter("clerk", { width: 1440, height: 900 });
  const { page } = clerk;
  const visit = async () => (await asked(clerk, "/api/roll/1")).upcoming;
  const before = await visit();
  assert.ok(before > 0, "the mother has visits ahead");

  await step("she is found by the letters of her name", async () => {
    await page.getByRole("link", { name: "花名册" }).first().click();
    await page.getByTestId("roll-row").first().waitFor();
    await world.look(page, "roll");
    await page.getByRole("searchbox").fill("wgl");
    const row = page.getByRole("link", { name: "王桂兰" }).first();
    await row.waitFor();
    await row.click();
    await page.getByTestId("away-part").waitFor();
    await world.look(page, "roll: file");
  });

  await step("the stay is written down without a day of return", async () => {
    const part = page.getByTestId("away-part");
    await part.getByRole("button", { name: "登记住院或外出" }).click();
    await world.look(page, "roll: away form");
    await part.getByRole("button", { name: "登记", exact: true }).click();
    await part.getByText(/已登记：暂停 \d+ 次服务/).waitFor();
    assert.equal(await visit(), 0, "nothing is ahead while she is away");
    const board = await asked(clerk, `/api/board?date=${TOMORROW}`);
    assert.ok(!JSON.stringify(board).includes("王桂兰"), "nothing of hers is on the board");
    await world.look(page, "roll: away");
  });

  await step("home again", async () => {
    await page.getByTestId("away-part").getByRole("button", { name: "今天回家了" }).click();
    await page.getByTestId("away-part").getByText(/已修改：恢复 \d+ 次/).waitFor();
    assert.equal(await visit(), before, "everything that is still ahead is back");
  });
});

test("a workbook is looked at, and its good rows are written", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const clerk = await world.enter("clerk", { width: 1440, height: 900 });
  const { page } = clerk;

  await step("what is no roll is refused in words", async () => {
    await page.goto("/roll/import");
    await page.getByRole("button", { name: "检查这个表格" }).click();
    await page.getByText("请先选一个 .xlsx 表格。").waitFor();
    await world.look(page, "import: nothing chosen");
    await page.locator("input[type=file]").setInputFiles(workbook("菜单.xlsx", [["菜名", "价格"], ["米饭", "1"]]));
    await page.getByRole("button", { name: "检查这个表格" }).click();
    await page.getByTestId("import-why").waitFor();
    assert.match(await page.getByTestId("import-why").innerText(), /没有找到花名册的表头/);
    await world.look(page, "import: refused");
    await page.getByRole("button", { name: "换一个表格" }).click();
  });

  await step("each row says what it would do", async () => {
    const mother = await asked(clerk, "/api/roll/1");
    const file = workbook("花名册.xlsx", [
      HEAD,
      ["欧阳春兰", "女", "1944年5月6日", "3-1-301", "138 0000 1111", "独居"],
      [mother.name, "女", mother.birth_date, `${mother.building}-${mother.entrance}-${mother.flat}`, "13800002222", "独居"],
      [mother.name, "女", mother.birth_date, "5-1-301", "", "独居"],
      ["孙三", "女", "昨天", "99-1-101", "1", "独居"],
    ]);
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "检查这个表格" }).click();
    await page.getByTestId("import-write").waitFor();
    await page.locator("[data-row-outcome=refused]").first().waitFor();
    await world.look(page, "import: rows");
    await page.locator("[data-outcome=refused]").click();
    await page.getByText(/C5（出生日期）/).waitFor();
  });

  await step("the good rows are written, all at once", async () => {
    await page.getByTestId("import-write").click();
    await page.getByTestId("import-written").waitFor();
    assert.match(await page.getByTestId("import-written").innerText(), /新增 1 位，更新 1 位/);
    await world.look(page, "import: written");
    await page.getByRole("link", { name: "看花名册" }).click();
    await page.getByRole("searchbox").fill("欧阳");
    await page.getByRole("link", { name: "欧阳春兰" }).waitFor();
    const roll = await told(clerk, "/api/roll/search", { q: "欧阳春兰" });
    assert.equal(roll.rows[0].door, "3栋1单元301");
  });
});

test("two files of one person become one", async (t) => {
  const step = (name, act) => world.step(t, name, act);
  const { page } = await world.enter("coordinator", { width: 1440, height: 900 });

  await step("side by side, first kept, then not", async () => {
    await page.goto("/roll/duplicates");
    await page.getByTestId("pair").first().waitFor();
    await world.look(page, "duplicates");
    await page.getByRole("button", { name: "是两个人，都保留" }).first().click();
    await page.getByRole("button", { name: "撤销" }).click();
    await page.getByTestId("pair").first().waitFor();
  });

  await step("merged", async () => {
    const pairs = await page.getByTestId("pair").count();
    await page.getByRole("button", { name: "保留这份，另一份并入" }).first().click();
    await page.getByTestId("merge").waitFor();
    await world.look(page, "duplicates: merge");
    await page.getByTestId("merge").click();
    await page.waitForFunction((before) => document.querySelectorAll("[data-testid=pair]").length < before, pairs);
  });
});
