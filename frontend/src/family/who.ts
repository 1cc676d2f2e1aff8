import type { HelperKind, TimeHelper, VisitCard, VisitHelper } from "../api/types";
import { listing, t } from "../i18n";

function named(helper: { name: string; kind: HelperKind }): string {
  return t("family.helper_named", { name: helper.name, kind: t(`common.kind_${helper.kind}`) });
}

/** 李阿姨（志愿者）、王师傅（护理员）; empty when nobody comes yet. */
export function whoComes(helpers: VisitHelper[]): string {
  return listing(helpers.map(named));
}

/** Who may come at an offered time, best first. */
export function whoMayCome(who: TimeHelper[]): string {
  return listing(who.map((helper) => (helper.familiar ? t("family.familiar", { who: named(helper) }) : named(helper))));
}

const OVER = new Set<VisitCard["state"]>(["completed", "cancelled", "helper_absent", "not_home", "substituted", "paused"]);

/** True while the visit is still to come or under way; what is cancelled or done is behind us. */
export function ahead(visit: VisitCard): boolean {
  return !OVER.has(visit.state);
}

/** How many hours before the start changes end, read off a visit; the same for the whole community. */
export function cutoffHours(visit: VisitCard): number {
  return Math.round((Date.parse(visit.start) - Date.parse(visit.cutoff)) / 3_600_000);
}
