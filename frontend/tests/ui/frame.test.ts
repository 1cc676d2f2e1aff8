// The frame around every page: larger type, light or dark, and the language are in reach on each, and remembered.

import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../src/App.vue";
import { me } from "../../src/api/session";
import type { Me, Role } from "../../src/api/types";
import { chooseElder } from "../../src/i18n";
import { router } from "../../src/router";
import AppShell from "../../src/ui/AppShell.vue";
import SchemeChoice from "../../src/ui/SchemeChoice.vue";
import { chooseScheme } from "../../src/ui/scheme";
import ShellNav from "../../src/ui/ShellNav.vue";
import { shown } from "./mounted";

enableAutoUnmount(afterEach);

const EVERYTHING: Role[] = ["coordinator", "clerk", "helper", "family", "grid_officer", "panel_member", "shopkeeper", "admin"];
const somebody = (roles: Role[]) => ({ id: 1, name: "彭宁伟", roles, home: "/board", demo: true, now: "2026-11-24T02:00:00Z" }) as unknown as Me;
const html = document.documentElement;

beforeEach(() => {
  localStorage.clear();
  chooseElder(false);
  chooseScheme("device");
});

/** Each address of the router, with a number or a word in its holes. */
const ADDRESSES = router.getRoutes().map(({ path }) => path.replace(/:id\([^)]*\)/g, "1").replace(":token", "0000").replace(/:rest.*/, "nowhere"));

describe("every page", () => {
  // Pages are taken in when they are first opened: many at once on a slow machine.
  vi.setConfig({ testTimeout: 120_000 });

  beforeEach(() => {
    // A server that takes its time: what is asked here must be in reach while a page is still waiting.
    vi.stubGlobal("fetch", () => new Promise(() => undefined));
    vi.stubGlobal("EventSource", undefined);
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each(ADDRESSES)("%s has larger type and light or dark in reach", async (address) => {
    me.value = address === "/" || address.startsWith("/l/") || address.startsWith("/rate/") ? null : somebody(EVERYTHING);
    const app = mount(App, { attachTo: document.body, global: { plugins: [router, [VueQueryPlugin, { queryClient: new QueryClient() }]] } });
    await router.push(address);
    await flushPromises();
    expect(router.currentRoute.value.path).toBe(address);
    expect(app.find("main").element.childElementCount).toBeGreaterThan(0);
    await app.find("[data-testid=elder]").trigger("click");
    expect(html.hasAttribute("data-elder")).toBe(true);
    expect(app.find("[data-testid=elder]").attributes("aria-pressed")).toBe("true");
    await app.find("[data-testid=scheme]").setValue("dark");
    expect(html.dataset.scheme).toBe("dark");
  });
});

describe("larger type, and light or dark", () => {
  it("are remembered by this browser, and are there again when the pages are opened anew", async () => {
    me.value = null;
    const shell = shown(AppShell);
    await shell.find("[data-testid=elder]").trigger("click");
    await shell.find("[data-testid=scheme]").setValue("dark");
    html.removeAttribute("data-elder");
    html.removeAttribute("data-scheme");
    vi.resetModules();
    await Promise.all([import("../../src/i18n/elder"), import("../../src/ui/scheme")]);
    expect(html.hasAttribute("data-elder")).toBe(true);
    expect(html.dataset.scheme).toBe("dark");
  });

  it("nothing but the three choices is taken from what this browser remembers", async () => {
    localStorage.setItem("yinling.scheme", "purple");
    vi.resetModules();
    const { scheme } = await import("../../src/ui/scheme");
    expect(scheme.value).toBe("device");
  });

  it("follow the device until somebody chooses", async () => {
    let night = false;
    let turned: () => void = () => undefined;
    vi.stubGlobal("matchMedia", () => ({ get matches() { return night; }, addEventListener: (_: string, then: () => void) => (turned = then) }));
    vi.resetModules();
    const { chooseScheme } = await import("../../src/ui/scheme");
    expect(html.dataset.scheme).toBe("light");
    night = true;
    turned();
    expect(html.dataset.scheme).toBe("dark");
    chooseScheme("light");
    turned();
    expect(html.dataset.scheme).toBe("light");
    vi.unstubAllGlobals();
  });

  it("the choice has a name, a word for each, and shows which holds", async () => {
    const choice = shown(SchemeChoice);
    const select = choice.find("select");
    expect(select.attributes("aria-label")).toBe("common.scheme");
    expect(choice.findAll("option").map((one) => one.text())).toEqual(["common.scheme_device", "common.scheme_light", "common.scheme_dark"]);
    const before = choice.find("path").attributes("d");
    await select.setValue("dark");
    expect(choice.find("path").attributes("d")).not.toBe(before);
  });
});

describe("the pages one goes to", () => {
  it("are not there for who has one page alone", () => {
    me.value = somebody(["family"]);
    expect(shown(ShellNav).find("nav").exists()).toBe(false);
  });

  it("are behind a button where they are many, which says whether it is open", async () => {
    me.value = somebody(["coordinator"]);
    const nav = shown(ShellNav);
    const more = nav.find("[data-testid=nav-more]");
    const daily = nav.findAll("a").length;
    expect(more.attributes("aria-expanded")).toBe("false");
    await more.trigger("click");
    expect(more.attributes("aria-expanded")).toBe("true");
    expect(nav.findAll("a").length).toBeGreaterThan(daily);
    await nav.findAll(".rest a")[0]?.trigger("keydown", { key: "Escape" });
    await flushPromises();
    expect(more.attributes("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(more.element);
  });
});
