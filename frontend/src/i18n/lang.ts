import { ref, shallowReactive } from "vue";

export type Lang = "zh" | "en";
type Messages = Record<string, string>;

const KEPT_AS = "yinling.lang";
const files = import.meta.glob<{ default: Messages }>(["./zh/*.json", "./en/*.json"]);

/** The language of the pages. */
export const lang = ref<Lang>(remembered());

/** The loaded sentences: language, then area, then key. */
export const loaded = shallowReactive<Record<Lang, Record<string, Messages>>>({ zh: {}, en: {} });

const wanted = new Set<string>();

function remembered(): Lang {
  const kept = read(KEPT_AS);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh";
}

/** Reads what this browser remembers; a browser that forbids remembering remembers nothing. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Asks this browser to remember. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Private browsing may refuse; the choice then lasts as long as the page.
  }
}

/** Loads the sentences of these areas in the present language. */
export async function loadAreas(areas: readonly string[], into: Lang = lang.value): Promise<void> {
  for (const area of areas) wanted.add(area);
  await Promise.all(
    areas
      .filter((area) => !loaded[into][area])
      .map(async (area) => {
        const file = files[`./${into}/${area}.json`];
        if (!file) return;
        const words = (await file()).default;
        // Areas arrive side by side: what is there is read only once this one has come.
        loaded[into] = { ...loaded[into], [area]: words };
      }),
  );
}

/** Changes the language once every sentence in use is there in it. */
export async function setLang(next: Lang): Promise<void> {
  await loadAreas([...wanted], next);
  lang.value = next;
  keep(KEPT_AS, next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}
