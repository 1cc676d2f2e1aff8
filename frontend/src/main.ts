import { QueryClient, VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import App from "./App.vue";
import { watchForPeople } from "./api/attended";
import { asProblem } from "./api/problem";
import { lang, loadAreas, setLang } from "./i18n";
import { router } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/print.css";

const FRESH_MS = 15_000;
const RETRIES = 1;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A refusal stays a refusal; only what may pass by itself is asked again.
      retry: (failures, error) => failures <= RETRIES && asProblem(error).passing,
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
