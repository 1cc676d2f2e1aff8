import type { Me, Role } from "../api/types";
import type { Key } from "../i18n";

export interface Place {
  path: string;
  name: Key;
}

const PLACES: Record<Role, Place[]> = {
  coordinator: [
    { path: "/board", name: "common.nav_board" },
    { path: "/lists", name: "common.nav_lists" },
    { path: "/clerk", name: "common.nav_clerk" },
    { path: "/clerk/callbacks", name: "common.nav_callbacks" },
    { path: "/roll", name: "common.nav_roll" },
    { path: "/series", name: "common.nav_series" },
    { path: "/meals", name: "common.nav_meals" },
    { path: "/calendar", name: "common.nav_calendar" },
    { path: "/help", name: "common.nav_help" },
    { path: "/clerk/care", name: "common.nav_care" },
    { path: "/complaints", name: "common.nav_complaints" },
    { path: "/ratings", name: "common.nav_ratings" },
    { path: "/supply", name: "common.nav_supply" },
    { path: "/bench", name: "common.nav_bench" },
    { path: "/panel", name: "common.nav_panel" },
    { path: "/providers", name: "common.nav_providers" },
    { path: "/station", name: "common.nav_station" },
    { path: "/consents", name: "common.nav_consents" },
    { path: "/privacy", name: "common.nav_privacy" },
    { path: "/hours", name: "common.nav_bank" },
    { path: "/vouchers", name: "common.nav_vouchers" },
    { path: "/settlements", name: "common.nav_settlement" },
  ],
  clerk: [
    { path: "/clerk", name: "common.nav_clerk" },
    { path: "/clerk/callbacks", name: "common.nav_callbacks" },
    { path: "/roll", name: "common.nav_roll" },
    { path: "/board", name: "common.nav_board" },
    { path: "/lists", name: "common.nav_lists" },
    { path: "/series", name: "common.nav_series" },
    { path: "/meals", name: "common.nav_meals" },
    { path: "/calendar", name: "common.nav_calendar" },
    { path: "/help", name: "common.nav_help" },
    { path: "/clerk/care", name: "common.nav_care" },
    { path: "/complaints", name: "common.nav_complaints" },
    { path: "/ratings", name: "common.nav_ratings" },
    { path: "/station", name: "common.nav_station" },
    { path: "/consents", name: "common.nav_consents" },
    { path: "/supply", name: "common.nav_supply" },
    { path: "/bench", name: "common.nav_bench" },
    { path: "/hours", name: "common.nav_bank" },
    { path: "/vouchers", name: "common.nav_vouchers" },
    { path: "/settlements", name: "common.nav_settlement" },
  ],
  helper: [
    { path: "/helper/today", name: "common.nav_today" },
    { path: "/helper/hours", name: "common.nav_hours" },
    { path: "/helper/leave", name: "common.nav_leave" },
  ],
  family: [{ path: "/family", name: "common.nav_family" }],
  grid_officer: [
    { path: "/grid/help", name: "common.nav_grid_help" },
    { path: "/grid", name: "common.nav_grid" },
  ],
  panel_member: [
    { path: "/panel", name: "common.nav_panel" },
    { path: "/supply", name: "common.nav_supply" },
    { path: "/bench", name: "common.nav_bench" },
  ],
  shopkeeper: [{ path: "/shop", name: "common.nav_shop" }],
  admin: [
    { path: "/admin", name: "common.nav_admin" },
    { path: "/supply", name: "common.nav_supply" },
    { path: "/bench", name: "common.nav_bench" },
    { path: "/providers", name: "common.nav_providers" },
    { path: "/calendar", name: "common.nav_calendar" },
    { path: "/privacy", name: "common.nav_privacy" },
    { path: "/admin/help", name: "common.nav_help_settings" },
    { path: "/admin/quality", name: "common.nav_quality_settings" },
  ],
};

/** The pages that somebody with these roles goes to, each once, in the order of the roles. */
export function placesOf(person: Me | null | undefined): Place[] {
  const seen = new Set<string>();
  return (person?.roles ?? [])
    .flatMap((role) => PLACES[role] ?? [])
    .filter((place) => !seen.has(place.path) && seen.add(place.path));
}

/** Pages that are always in view where there are more than fit. */
const DAILY = 6;
/** So many fit. */
const FIT = 8;

/** The daily pages, and the rest, which is behind one button. */
export function shared(places: Place[]): { daily: Place[]; rest: Place[] } {
  return places.length <= FIT ? { daily: places, rest: [] } : { daily: places.slice(0, DAILY), rest: places.slice(DAILY) };
}
