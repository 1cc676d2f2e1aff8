import { ref } from "vue";
import { keep, read } from "./lang";

const KEPT_AS = "yinling.elder";

/** 长辈版: larger type, larger targets. */
export const elder = ref(read(KEPT_AS) === "1");

function show(): void {
  document.documentElement.toggleAttribute("data-elder", elder.value);
}

export function chooseElder(on: boolean): void {
  elder.value = on;
  keep(KEPT_AS, on ? "1" : "0");
  show();
}

show();
