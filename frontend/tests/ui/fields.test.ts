import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import { h } from "vue";
import Field from "../../src/ui/Field.vue";
import SearchBox from "../../src/ui/SearchBox.vue";
import Steps from "../../src/ui/Steps.vue";
import { shown } from "./mounted";

enableAutoUnmount(afterEach);

describe("a field", () => {
  const control = { default: ({ control }: { control: object }) => h("input", control) };

  it("ties label, hint and error to its control", () => {
    const field = shown(Field, { label: "姓名", hint: "和身份证一样", error: "要填" }, control);
    const input = field.find("input");
    expect(field.find("label").attributes("for")).toBe(input.attributes("id"));
    const described = input.attributes("aria-describedby")?.split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(["和身份证一样", "要填"]);
    expect(input.attributes("aria-invalid")).toBe("true");
  });

  it("says nothing of hint and error where there are none, and has the id that is asked for", () => {
    const field = shown(Field, { label: "姓名", id: "name" }, control);
    const input = field.find("input");
    expect(input.attributes("id")).toBe("name");
    expect(input.attributes("aria-describedby")).toBeUndefined();
    expect(input.attributes("aria-invalid")).toBeUndefined();
  });

  it("says in a word that it may stay empty", () => {
    expect(shown(Field, { label: "备注", optional: true }, control).find("label").text()).toContain("common.optional");
  });
});

describe("a search box", () => {
  const props = { modelValue: "王", label: "找老人", options: ["王桂兰", "王建国"], optionKey: String };
  const option = { default: ({ option }: { option: string }) => option };

  async function typed(...keys: string[]) {
    const box = shown(SearchBox, { ...props, options: [] }, option);
    const input = box.find("input");
    await input.trigger("focus");
    await box.setProps({ options: props.options } as never);
    for (const key of keys) await input.trigger("keydown", { key });
    return { box, input };
  }

  it("has the best match ready for Enter", async () => {
    const { box } = await typed("Enter");
    expect(box.emitted("choose")).toEqual([["王桂兰"]]);
  });

  it("goes on with the arrow and says where it is", async () => {
    const { box, input } = await typed("ArrowDown");
    const here = document.getElementById(input.attributes("aria-activedescendant") ?? "");
    expect(here?.textContent).toBe("王建国");
    expect(here?.getAttribute("aria-selected")).toBe("true");
    await input.trigger("keydown", { key: "Enter" });
    expect(box.emitted("choose")).toEqual([["王建国"]]);
  });

  it("shuts with Escape; Enter is then a search and no choice", async () => {
    const { box, input } = await typed("Escape");
    expect(input.attributes("aria-expanded")).toBe("false");
    await input.trigger("keydown", { key: "Enter" });
    expect(box.emitted("choose")).toBeUndefined();
    expect(box.emitted("enter")).toHaveLength(1);
  });

  it("takes no key that an input method is using for a Chinese word", async () => {
    const { box, input } = await typed();
    await input.trigger("keydown", { key: "Enter", isComposing: true });
    expect(box.emitted("choose")).toBeUndefined();
  });

  it("tells those who listen how many there are, once it knows", async () => {
    const { box } = await typed();
    expect(box.find("[role=status]").text()).toBe("common.results");
    await box.setProps({ busy: true } as never);
    expect(box.find("[role=status]").text()).toBe("");
  });
});

describe("the steps", () => {
  it("name the one and mark those passed", () => {
    const steps = shown(Steps, { at: 2, names: ["要什么", "什么时候", "核对"] });
    expect(steps.find(".name").text()).toBe("什么时候");
    expect(steps.findAll(".passed")).toHaveLength(2);
  });
});
