import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { h } from "vue";
import type { VisitState } from "../../src/api/types";
import Card from "../../src/ui/Card.vue";
import DataTable from "../../src/ui/DataTable.vue";
import Dialog from "../../src/ui/Dialog.vue";
import Fold from "../../src/ui/Fold.vue";
import StateChip from "../../src/ui/StateChip.vue";
import { STATE_LOOK } from "../../src/ui/stateLook";
import When from "../../src/ui/When.vue";
import { shown } from "./mounted";

enableAutoUnmount(afterEach);

describe("a table", () => {
  const columns = [
    { key: "who", name: "老人", text: (row: { who: string }) => row.who },
    { key: "minutes", name: "分钟", figure: true },
  ];
  const props = { caption: "本月", columns, rows: [{ who: "王桂兰" }, { who: "李国富" }], rowKey: (row: { who: string }) => row.who };

  it("names itself and its columns, in each cell too for a narrow screen", () => {
    const table = shown(DataTable, props, { minutes: () => h("b", "15") });
    expect(table.find("caption").text()).toBe("本月");
    expect(table.findAll("th[scope=col]").map((head) => head.text())).toEqual(["老人", "分钟"]);
    expect(table.findAll("tbody tr")).toHaveLength(2);
    const cells = table.findAll("tbody tr:first-child td");
    expect(cells.map((cell) => [cell.attributes("data-name"), cell.text()])).toEqual([["老人", "王桂兰"], ["分钟", "15"]]);
    expect(cells[1]?.classes()).toContain("figure");
  });
});

describe("a state", () => {
  const states = Object.keys(STATE_LOOK) as VisitState[];

  it.each(states)("%s has a sign and a word, not a colour alone", (state) => {
    const chip = shown(StateChip, { state });
    expect(chip.find("path").attributes("d")).toBeTruthy();
    expect(chip.text()).toBe(`common.state_${state}`);
  });

  it("takes the server's word, and says beside it that somebody is late", () => {
    const chip = shown(StateChip, { state: "accepted", word: "说好了", late: true });
    expect(chip.find("[data-state]").text()).toBe("说好了");
    expect(chip.find("[data-late]").text()).toBe("common.late");
  });
});

describe("a time", () => {
  it("breaks between the day and the hours and nowhere else", () => {
    const when = shown(When, { start: "2026-11-24T02:00:00Z", end: "2026-11-24T03:30:00Z" });
    const pieces = when.findAll(".nowrap").map((piece) => piece.text());
    expect(pieces).toHaveLength(2);
    expect(pieces[1]).toContain("10:00");
    expect(pieces[1]).toContain("11:30");
  });
});

describe("the containers", () => {
  it("a card is what it is asked to be", () => {
    const card = shown(Card, { as: "article", mood: "bad" }, { default: "出事了" });
    expect((card.element as Element).tagName).toBe("ARTICLE");
    expect(card.classes()).toContain("mood-bad");
  });

  it("what is folded is not in the page until it is opened", async () => {
    const fold = shown(Fold, { title: "更多" }, { default: () => h("p", { id: "inside" }, "里面") });
    expect(fold.find("summary h2").text()).toBe("更多");
    const details = fold.find("details").element as HTMLDetailsElement;
    for (const open of [true, false]) {
      details.open = open;
      await fold.find("details").trigger("toggle");
      expect(fold.find("#inside").exists()).toBe(open);
    }
  });

  it("a window has its title for a name, opens, and asks to be shut", async () => {
    const dialog = shown(Dialog, { open: false, title: "换人" }, { default: () => h("p", { id: "inside" }) });
    const box = dialog.find("dialog").element as HTMLDialogElement;
    expect(box.open).toBe(false);
    expect(dialog.find("#inside").exists()).toBe(false);
    await dialog.setProps({ open: true } as never);
    expect(box.open).toBe(true);
    expect(document.getElementById(box.getAttribute("aria-labelledby") ?? "")?.textContent).toBe("换人");
    await dialog.find("button").trigger("click");
    expect(dialog.emitted("close")?.length).toBeGreaterThan(0);
  });
});
