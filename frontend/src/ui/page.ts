import { nextTick, onMounted, watchEffect, type Ref } from "vue";
import { communityName } from "../api/session";
import { t } from "../i18n";

/** Names the page in the title bar; the name may change while the page is open. */
export function useTitle(name: () => string): void {
  watchEffect(() => {
    document.title = [name(), communityName.value, t("common.app")].filter(Boolean).join(" · ");
  });
}

/** Moves the focus to the page's heading, where reading begins. */
export async function focusHeading(within: ParentNode = document): Promise<void> {
  await nextTick();
  const heading = within.querySelector<HTMLElement>("main h1, h1");
  if (!heading) return;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Moves the focus to the control that the page is about, once it is there. */
export function useFirstFocus(control: Ref<HTMLElement | null>): void {
  onMounted(async () => {
    await nextTick();
    control.value?.focus();
  });
}
