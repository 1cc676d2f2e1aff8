import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import App from "./App.vue";
import { asksAgain, waitMs } from "./api/again";
import { watchForPeople } from "./api/attended";
import { lang, loadAreas, setLang } from "./i18n";
import { router } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";

const FRESH_MS = 15_000;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: asksAgain,
      retryDelay: waitMs,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

async function start(): Promise<void> {
  watchForPeople();
  await loadAreas(["common"]);
  await setLang(lang.value);
  createApp(App).use(router).use(VueQueryPlugin, { queryClient: queries }).mount("#app");
}

void start();
