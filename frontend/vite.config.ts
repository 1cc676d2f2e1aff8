import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Old engines inside chat apps are the floor: nothing newer than these is sent to a phone. */
const FLOOR = ["chrome87", "safari14", "firefox90"];

export default defineConfig({
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
  },
  build: {
    target: FLOOR,
    cssTarget: FLOOR,
    sourcemap: false,
    // The pages are served under a policy that forbids inline data, so every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The host stays as the browser knows it: the server compares it with the origin.
    proxy: { "/api": { target: "http://127.0.0.1:8080", changeOrigin: false } },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.ts"],
  },
});
