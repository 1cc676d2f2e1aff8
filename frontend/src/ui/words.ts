import type { Problem } from "../api/problem";
import { t } from "../i18n";

/** What happened and what to do, for the problems that the server could not put into words itself. */
export function wordsOf(problem: Problem): { detail: string; action: string } {
  if (problem.kind === "offline") return { detail: t("common.offline_detail"), action: t("common.offline_action") };
  if (problem.kind === "sign-in") return { detail: t("common.signed_out_detail"), action: t("common.signed_out_action") };
  if (problem.detail) return { detail: problem.detail, action: problem.action };
  if (problem.kind === "unavailable") return { detail: t("common.unavailable_detail"), action: t("common.unavailable_action") };
  return { detail: t("common.failed_detail"), action: t("common.failed_action") };
}
