import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mount } from "@vue/test-utils";
import { nextTick } from "vue";
import { numberIn } from "../src/clerk/call";
import { readBack, type ReadBack } from "../src/clerk/readback";
import { bookingOf, chooseService, type Draft } from "../src/family/book/draft";
import type { Service, Time } from "../src/api/types";
import { loadAreas } from "../src/i18n";
import { setClock } from "../src/i18n/clock";
import { lang } from "../src/i18n/lang";
import { nextOption } from "../src/ui/keyboardList";
import SearchBox from "../src/ui/SearchBox.vue";

beforeAll(async () => {
  await loadAreas(["clerk", "common"], "zh");
  await loadAreas(["clerk", "common"], "en");
  setClock("2026-11-23T02:00:00Z");
});
beforeEach(() => {
  lang.value = "zh";
});

const asked: ReadBack = {
  resident: "王奶奶",
  service: "助浴",
  start: "2026-11-24T06:00:00Z",
  end: "2026-11-24T07:00:00Z",
  who: "李阿姨",
  wish: null,
  priceFen: 3000,
  note: "",
  tray: false,
};

describe("what is read back to the caller", () => {
  it("says whom, what, when, who comes and what it costs", () => {
    expect(readBack(asked)).toBe("我跟您核对一下：给王奶奶约助浴，明天（周二）14:00 到 15:00，应该是李阿姨来，¥30。这样对吗？");
  });

  it("promises neither a helper nor a price while nobody is free", () => {
    const sentence = readBack({ ...asked, end: null, tray: true });
    expect(sentence).toContain("现在还没有人");
    expect(sentence).not.toContain("李阿姨");
    expect(sentence).not.toContain("¥");
  });

  it("does not promise a wished helper who is not known to be free", () => {
    const sentence = readBack({ ...asked, wish: "张师傅" });
    expect(sentence).toContain("尽量请张师傅来");
    expect(sentence).not.toContain("李阿姨");
  });

  it("says what is free, and the note", () => {
    expect(readBack({ ...asked, priceFen: 0, note: " 敲门大声点 " })).toContain("不要钱，交代的是：敲门大声点。");
  });

  it("is an English sentence for a clerk who reads English", () => {
    lang.value = "en";
    expect(readBack({ ...asked, resident: "Mrs Wang", service: "Bath" })).toBe(
      "Let me read that back: Bath for Mrs Wang, Tomorrow (Tue), 14:00 to 15:00, 李阿姨 will probably come, at ¥30. Is that right?",
    );
  });
});

describe("a telephone number", () => {
  it("is seen in what was typed, and only there", () => {
    expect(numberIn("0710-319 9985")).toBe("07103199985");
    expect(numberIn("13912345678")).toBe("13912345678");
    expect(numberIn("3-2-501")).toBeUndefined();
    expect(numberIn("wgl")).toBeUndefined();
  });
});

describe("the list below a search", () => {
  it("goes round at both ends", () => {
    expect(nextOption(-1, "ArrowDown", 3)).toBe(0);
    expect(nextOption(2, "ArrowDown", 3)).toBe(0);
    expect(nextOption(0, "ArrowUp", 3)).toBe(2);
    expect(nextOption(1, "End", 3)).toBe(2);
    expect(nextOption(1, "x", 3)).toBe(1);
    expect(nextOption(0, "ArrowDown", 0)).toBe(-1);
  });

  it("chooses with arrows and Enter, and leaves Enter alone while Chinese is being composed", async () => {
    const box = mount(SearchBox<string>, {
      props: { modelValue: "", label: "找", options: [], optionKey: (option: string) => option, id: "seek" },
      slots: { default: `<template #default="{ option }">{{ option }}</template>` },
    });
    const input = box.get("input");
    await input.trigger("focus");
    await box.setProps({ modelValue: "王", options: ["王一", "王二", "王三"] });
    await nextTick();
    expect(input.attributes("aria-expanded")).toBe("true");
    expect(input.attributes("aria-activedescendant")).toBe("seek-option-0");
    await input.trigger("keydown", { key: "ArrowDown" });
    expect(box.findAll("[role=option]").map((option) => option.attributes("aria-selected"))).toEqual(["false", "true", "false"]);
    await input.trigger("keydown", { key: "Enter", isComposing: true });
    expect(box.emitted("choose")).toBeUndefined();
    await input.trigger("keydown", { key: "Enter" });
    expect(box.emitted("choose")).toEqual([["王二"]]);
    expect(input.attributes("aria-expanded")).toBe("false");
  });
});

describe("a booking in four questions", () => {
  const service = { code: "MEA02", name: "午餐送餐上门" } as Service;
  const time = { start: "2026-11-25T03:00:00Z", end: "2026-11-25T03:15:00Z" } as Time;
  const draft = (part: Partial<Draft>): Draft => ({ service, time, other: null, note: "", wishHelperId: null, ...part });

  it("is nothing until a service and a time are chosen", () => {
    expect(bookingOf(draft({ service: null }))).toBeNull();
    expect(bookingOf(draft({ time: null }))).toBeNull();
  });

  it("asks to be refused when the offered time is gone", () => {
    expect(bookingOf(draft({ note: "  软一点 ", wishHelperId: 5 }))).toEqual({
      service: "MEA02",
      start: "2026-11-25T03:00:00Z",
      note: "软一点",
      wish_helper_id: 5,
      if_unserved: "refuse",
    });
  });

  it("leaves another time to the office, as a window", () => {
    expect(bookingOf(draft({ time: null, other: { date: "2026-11-25", from: "09:00", to: "12:00" } }))).toMatchObject({
      start: "2026-11-25T01:00:00Z",
      window: { from: "2026-11-25T01:00:00Z", to: "2026-11-25T04:00:00Z" },
      if_unserved: "tray",
    });
  });

  it("lets go of the time when the service changes, and keeps the note", () => {
    const changed = draft({ note: "软一点", wishHelperId: 5 });
    chooseService(changed, { ...service, code: "GRM01" });
    expect(changed).toMatchObject({ time: null, wishHelperId: null, note: "软一点" });
  });
});
