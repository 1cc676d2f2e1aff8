// Lists come a page at a time: each page of ours that shows one goes on to its end.

import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Component } from "vue";
import { following } from "../src/api/paged";
import CallbacksPage from "../src/clerk/CallbacksPage.vue";
import AdminPage from "../src/office/AdminPage.vue";
import SeriesListPage from "../src/series/SeriesListPage.vue";

const ALL = 250;
const PAGE = 100;
/** The button, by its key: words are loaded by whoever opens the pages. */
const MORE = "common.more";

const asked: string[] = [];
/** What each list of the server holds. */
let lists: Record<string, { id: number; name: string }[]>;

/** The server: a page of the list after the row that is named, and in the header where it goes on. */
async function server(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  asked.push(`${request.method} ${pathname}`);
  if (pathname === "/api/accounts/search") {
    const { q } = (await request.json()) as { q: string };
    return Response.json(lists["/api/accounts"]?.filter((row) => row.name.includes(q)));
  }
  const list = lists[pathname];
  if (!list) return Response.json({});
  const rest = list.filter((row) => row.id > Number(searchParams.get("after") ?? 0));
  const rows = rest.slice(0, PAGE);
  const link = rest.length > PAGE ? { Link: `<?after=${rows.at(-1)?.id}>; rel="next"` } : undefined;
  return Response.json(rows, { headers: link });
}

function rows(fields: object): { id: number; name: string }[] {
  return Array.from({ length: ALL }, (_, at) => ({ ...fields, id: at + 1, name: `第${at + 1}位` }));
}

function shown(page: Component) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return mount(page, { global: { plugins: [[VueQueryPlugin, { queryClient }]], stubs: { RouterLink: true } } });
}

enableAutoUnmount(afterEach);
// Whole pages with a hundred rows: seconds on a slow machine that does something else beside.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", server);
  lists = {
    "/api/accounts": rows({ login: null, email: null, roles: [], disabled: false, second_factor: false }),
    "/api/callbacks": rows({ due_at: "2026-11-24T01:00:00Z", overdue: false, note: "回电", promised_by: "", done_at: null }),
    "/api/series": rows({ resident: "王", service: "送餐", rule_word: "每周五", start_min: 600, next: null, unfilled: 0, paused: false, behind: false }),
  };
});
afterEach(() => vi.unstubAllGlobals());

function answer(link?: string): Response {
  return new Response("[]", link === undefined ? {} : { headers: { Link: link } });
}

test("a list goes on where its Link header says, and ends where there is none", () => {
  expect(following(answer('<?state=all&after=400>; rel="next"'))).toBe(400);
  expect(following(answer('<?before=3>; rel="prev"'))).toBeNull();
  expect(following(answer())).toBeNull();
});

test.each([
  ["accounts", AdminPage, "tbody tr"],
  ["callbacks", CallbacksPage, "li"],
])("the page of %s goes on with a button until nothing follows", async (_, page, row) => {
  const wrapper = shown(page);
  await flushPromises();
  for (const count of [PAGE, 2 * PAGE, ALL]) {
    expect(wrapper.findAll(row)).toHaveLength(count);
    const more = wrapper.findAll("button").find((button) => button.text() === MORE);
    expect(more !== undefined).toBe(count < ALL);
    await more?.trigger("click");
    await flushPromises();
  }
});

test("the page of series goes on by itself, for one that fell behind may be on its last page", async () => {
  lists["/api/series"] = rows({ ...lists["/api/series"]?.[0], behind: false }).map((row) => ({ ...row, behind: row.id === ALL }));
  const wrapper = shown(SeriesListPage);
  await vi.waitFor(() => expect(wrapper.findAll("tbody tr")).toHaveLength(ALL));
  expect(asked.filter((path) => path === "GET /api/series")).toHaveLength(3);
  expect(wrapper.text()).toContain("series.behind_n");
  expect(wrapper.findAll("button").some((button) => button.text() === MORE)).toBe(false);
});

test("whoever looks for an account finds it though it is on no page yet, and keeps typing in the same field", async () => {
  const wrapper = shown(AdminPage);
  await flushPromises();
  const field = wrapper.find("input[type=search]");
  await field.setValue(`第${ALL}位`);
  await vi.waitFor(() => expect(wrapper.findAll("tbody tr")).toHaveLength(1));
  expect(wrapper.find("tbody tr").text()).toContain(`第${ALL}位`);
  expect(wrapper.find("input[type=search]").element).toBe(field.element);
  expect(asked.at(-1)).toBe("POST /api/accounts/search");
});
