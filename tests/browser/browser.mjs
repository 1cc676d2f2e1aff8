// Debian's Chromium, driven by playwright-core out of the pages' packages, and people who each have a window of their own.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

export const pagesRequire = createRequire(new URL("../../frontend/package.json", import.meta.url));
const { chromium } = pagesRequire("playwright-core");

const CALM = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

function chromiumPath() {
  if (process.env.YINLING_TEST_CHROMIUM) return process.env.YINLING_TEST_CHROMIUM;
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"]).toString().trim();
}

export function openBrowser() {
  // Chromium refuses its sandbox to root, which tests in a container often are.
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: chromiumPath(), args: [...CALM, ...asRoot] });
}

/**
 * One person at one window: a browser context of its own, and a list of everything the pages complained about.
 *
 * @param {{address: string, width?: number, height?: number, lang?: "zh-CN" | "en", scale?: number, scheme?: "light" | "dark"}} options
 */
export async function newPerson(browser, { address, width = 360, height = 740, lang = "zh-CN", scale = 1, scheme = "light" }) {
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height },
    locale: lang,
    timezoneId: "Asia/Shanghai",
    deviceScaleFactor: scale,
    reducedMotion: "reduce",
    colorScheme: scheme,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const from = message.location().url ?? "";
    // The browser itself notes every refusal. That nobody is signed in yet is asked at the entrance and is no mistake.
    if (from.endsWith("/api/me") && message.text().includes("401")) return;
    complaints.push(`${page.url()}: ${message.text()} (${from})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${page.url()}: ${response.status()} from ${response.url()}`);
  });
  return { context, page, complaints };
}
