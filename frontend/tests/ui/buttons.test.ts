import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import Button from "../../src/ui/Button.vue";
import Icon from "../../src/ui/Icon.vue";
import { ICONS } from "../../src/ui/icons";
import { shown } from "./mounted";

enableAutoUnmount(afterEach);

const words = { default: "预约" };

describe("a button", () => {
  it("is pressed", async () => {
    const button = shown(Button, {}, words);
    await button.find("button").trigger("click");
    expect(button.emitted("click")).toHaveLength(1);
    expect(button.find("button").attributes("aria-disabled")).toBeUndefined();
  });

  it.each(["busy", "disabled"])("that is %s takes no press, sends no form, and yet keeps the focus", async (state) => {
    const button = shown(Button, { [state]: true, type: "submit" }, words);
    const press = new MouseEvent("click", { cancelable: true, bubbles: true });
    button.find("button").element.dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
    expect(button.emitted("click")).toBeUndefined();
    // A button that is switched off would lose the focus of whoever stands on it.
    expect(button.find("button").attributes("disabled")).toBeUndefined();
    expect(button.find("button").attributes("aria-disabled")).toBe("true");
  });

  it("says aloud that it is busy", () => {
    const button = shown(Button, { busy: true }, words);
    expect(button.find("button").attributes("aria-busy")).toBe("true");
    expect(button.find(".aloud").text()).toBe("common.loading");
  });

  it("that leads somewhere is a link", () => {
    expect(shown(Button, { to: "/family" }, words).find("a").attributes("href")).toBe("/family");
    expect(shown(Button, { href: "tel:057112345" }, words).find("a").attributes("href")).toBe("tel:057112345");
  });
});

describe("an icon", () => {
  it("is drawn, and is nothing to those who listen", () => {
    const icon = shown(Icon, { name: "phone" });
    expect(icon.find("path").attributes("d")).toBe(ICONS.phone);
    expect(icon.attributes("aria-hidden")).toBe("true");
  });
});
