import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { mount } from "@vue/test-utils";
import { createMemoryHistory, createRouter } from "vue-router";
import type { Component } from "vue";

/** A part as it stands on a page, with a router and questions to the server. Sentences are shown by their keys. */
export function shown(part: Component, props: Record<string, unknown> = {}, slots: Record<string, unknown> = {}) {
  const nothing = { template: "<div></div>" };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/", name: "entrance", component: nothing },
      { path: "/:rest(.*)*", component: nothing },
    ],
  });
  const queryClient = new QueryClient();
  return mount(part as never, {
    attachTo: document.body,
    props: props as never,
    slots: slots as never,
    global: { plugins: [router, [VueQueryPlugin, { queryClient }]] },
  });
}
