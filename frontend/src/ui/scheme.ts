import { ref } from "vue";
import { keep, read } from "../i18n/lang";

/** Light or dark, or as the device has it. */
export type Scheme = "device" | "light" | "dark";

export const SCHEMES: readonly Scheme[] = ["device", "light", "dark"];

const KEPT_AS = "yinling.scheme";
const device = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

/** What the reader chose. */
export const scheme = ref<Scheme>(remembered());

function remembered(): Scheme {
  const kept = read(KEPT_AS);
  return SCHEMES.find((one) => one === kept) ?? "device";
}

/** Says on the page which colours of tokens.css hold now. */
function show(): void {
  const dark = scheme.value === "dark" || (scheme.value === "device" && (device?.matches ?? false));
  document.documentElement.dataset.scheme = dark ? "dark" : "light";
}

export function chooseScheme(next: Scheme): void {
  scheme.value = next;
  keep(KEPT_AS, next);
  show();
}

show();
// Safari before 14 has no such event: its pages follow when they are opened anew.
device?.addEventListener?.("change", show);
