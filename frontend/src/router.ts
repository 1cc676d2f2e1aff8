import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { inDemonstration, loadMe, me } from "./api/session";
import type { Role } from "./api/types";
import { loadAreas, type Area, type Key } from "./i18n";

declare module "vue-router" {
  interface RouteMeta {
    /** The sentence that names the page in the title bar. */
    title: Key;
    /** The files of sentences the page needs. */
    areas: Area[];
    /** Who may open it; left out, anybody may. The server decides in the end. */
    roles?: Role[];
    /** Only in the demonstration; elsewhere there is no such page. */
    demo?: boolean;
  }
}

const OFFICE: Role[] = ["coordinator", "clerk"];

const routes: RouteRecordRaw[] = [
  {
    path: "/",
    name: "entrance",
    component: () => import("./entrance/SignInPage.vue"),
    meta: { title: "entrance.title", areas: ["entrance"] },
  },
  {
    path: "/l/:token",
    name: "link",
    component: () => import("./entrance/LinkPage.vue"),
    meta: { title: "entrance.link_title", areas: ["entrance"] },
  },
  {
    path: "/family",
    name: "family",
    component: () => import("./family/FamilyPage.vue"),
    meta: { title: "family.title", areas: ["family"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/family/residents/:id(\\d+)",
    name: "resident",
    component: () => import("./family/ResidentPage.vue"),
    meta: { title: "family.resident_title", areas: ["family", "help", "series", "quality", "station"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/family/residents/:id(\\d+)/personal",
    name: "personal",
    component: () => import("./personal/PersonalPage.vue"),
    meta: { title: "personal.title", areas: ["personal"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/privacy",
    name: "privacy",
    component: () => import("./personal/PrivacyPage.vue"),
    meta: { title: "privacy.title", areas: ["privacy"], roles: ["coordinator", "admin"] },
  },
  {
    path: "/consents",
    name: "consents-to-ask",
    component: () => import("./personal/ToAskPage.vue"),
    meta: { title: "personal.to_ask", areas: ["personal"], roles: OFFICE },
  },
  {
    path: "/family/residents/:id(\\d+)/book",
    name: "book",
    component: () => import("./family/BookPage.vue"),
    meta: { title: "family.book_title", areas: ["family", "station"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/family/bookings/:id(\\d+)",
    name: "booking",
    component: () => import("./family/BookingPage.vue"),
    meta: { title: "family.booking_title", areas: ["family", "quality"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/family/residents/:id(\\d+)/series/new",
    name: "series-new",
    component: () => import("./series/SeriesFormPage.vue"),
    meta: { title: "series.new_title", areas: ["series", "family"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/my-calendar",
    name: "feed",
    component: () => import("./feed/FeedPage.vue"),
    meta: { title: "feed.title", areas: ["feed"], roles: ["family", "helper"] },
  },
  {
    path: "/series/:id(\\d+)",
    name: "series",
    component: () => import("./series/SeriesPage.vue"),
    meta: { title: "series.title", areas: ["series", "family"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/series",
    name: "series-list",
    component: () => import("./series/SeriesListPage.vue"),
    meta: { title: "series.list_title", areas: ["series"], roles: OFFICE },
  },
  {
    path: "/calendar",
    name: "calendar",
    component: () => import("./series/CalendarPage.vue"),
    meta: { title: "series.calendar_title", areas: ["series"], roles: [...OFFICE, "admin"] },
  },
  {
    path: "/meals",
    name: "meals",
    component: () => import("./series/MealsPage.vue"),
    meta: { title: "common.nav_meals", areas: ["series"], roles: OFFICE },
  },
  {
    path: "/clerk",
    name: "clerk",
    component: () => import("./clerk/ClerkPage.vue"),
    meta: { title: "clerk.title", areas: ["clerk", "family", "help", "helper", "series", "station"], roles: OFFICE },
  },
  {
    path: "/clerk/callbacks",
    name: "callbacks",
    component: () => import("./clerk/CallbacksPage.vue"),
    meta: { title: "clerk.callbacks_title", areas: ["clerk"], roles: OFFICE },
  },
  {
    path: "/helper/today",
    name: "today",
    component: () => import("./helper/TodayPage.vue"),
    meta: { title: "helper.title", areas: ["helper", "quality"], roles: ["helper"] },
  },
  {
    path: "/helper/leave",
    name: "leave",
    component: () => import("./helper/LeavePage.vue"),
    meta: { title: "helper.leave_title", areas: ["helper"], roles: ["helper"] },
  },
  {
    path: "/board",
    name: "board",
    component: () => import("./coordinator/BoardPage.vue"),
    meta: { title: "board.title", areas: ["board", "visit", "plan", "quality"], roles: OFFICE },
  },
  {
    path: "/lists",
    name: "lists",
    component: () => import("./coordinator/ListsPage.vue"),
    meta: { title: "lists.title", areas: ["lists"], roles: OFFICE },
  },
  {
    path: "/visits/:id(\\d+)",
    name: "visit",
    component: () => import("./coordinator/VisitPage.vue"),
    meta: { title: "visit.title", areas: ["visit"], roles: OFFICE },
  },
  {
    path: "/plans/:id(\\d+)",
    name: "plan",
    component: () => import("./coordinator/PlanPage.vue"),
    meta: { title: "plan.title", areas: ["plan"], roles: ["coordinator"] },
  },
  {
    path: "/roll",
    name: "roll",
    component: () => import("./roll/RollPage.vue"),
    meta: { title: "roll.title", areas: ["roll"], roles: OFFICE },
  },
  {
    path: "/roll/new",
    name: "roll-new",
    component: () => import("./roll/NewPage.vue"),
    meta: { title: "roll.new_title", areas: ["roll"], roles: OFFICE },
  },
  {
    path: "/roll/import",
    name: "roll-import",
    component: () => import("./roll/ImportPage.vue"),
    meta: { title: "roll.import_title", areas: ["roll"], roles: OFFICE },
  },
  {
    path: "/roll/duplicates",
    name: "roll-duplicates",
    component: () => import("./roll/DuplicatesPage.vue"),
    meta: { title: "roll.pairs_title", areas: ["roll"], roles: OFFICE },
  },
  {
    path: "/roll/:id(\\d+)",
    name: "roll-file",
    component: () => import("./roll/FilePage.vue"),
    meta: { title: "roll.file_title", areas: ["roll"], roles: OFFICE },
  },
  {
    path: "/grid",
    name: "grid",
    component: () => import("./office/GridPage.vue"),
    meta: { title: "office.grid_title", areas: ["office"], roles: ["grid_officer"] },
  },
  {
    path: "/grid/help",
    name: "grid-help",
    component: () => import("./help/HelpListsPage.vue"),
    meta: { title: "help.grid_title", areas: ["help"], roles: ["grid_officer"] },
  },
  {
    path: "/help",
    name: "help-lists",
    component: () => import("./help/HelpListsPage.vue"),
    meta: { title: "help.lists_title", areas: ["help"], roles: OFFICE },
  },
  {
    path: "/help/new",
    name: "help-ask",
    component: () => import("./help/HelpAskPage.vue"),
    meta: { title: "help.ask_title", areas: ["help"], roles: ["family", "grid_officer", ...OFFICE] },
  },
  {
    path: "/help/:id(\\d+)",
    name: "help",
    component: () => import("./help/HelpPage.vue"),
    meta: { title: "help.title", areas: ["help"], roles: ["family", "grid_officer", ...OFFICE] },
  },
  {
    path: "/admin/help",
    name: "help-settings",
    component: () => import("./help/HelpSettingsPage.vue"),
    meta: { title: "help.settings_title", areas: ["help"], roles: ["admin"] },
  },
  {
    path: "/providers",
    name: "providers",
    component: () => import("./providers/ProvidersPage.vue"),
    meta: { title: "providers.title", areas: ["providers"], roles: ["coordinator", "admin"] },
  },
  {
    path: "/providers/new",
    name: "provider-new",
    component: () => import("./providers/NewProviderPage.vue"),
    meta: { title: "providers.new_title", areas: ["providers"], roles: ["coordinator", "admin"] },
  },
  {
    path: "/providers/:id(\\d+)",
    name: "provider",
    component: () => import("./providers/ProviderPage.vue"),
    meta: { title: "providers.file_title", areas: ["providers"], roles: ["coordinator", "admin"] },
  },
  {
    path: "/providers/:id(\\d+)/helpers/new",
    name: "helper-new",
    component: () => import("./providers/NewHelperPage.vue"),
    meta: { title: "providers.helper_new", areas: ["providers"], roles: ["coordinator"] },
  },
  {
    path: "/helpers/:id(\\d+)",
    name: "helper-file",
    component: () => import("./providers/HelperPage.vue"),
    meta: { title: "providers.helper_file", areas: ["providers"], roles: ["coordinator"] },
  },
  {
    path: "/panel",
    name: "panel",
    component: () => import("./quality/PanelMonthPage.vue"),
    meta: { title: "panel.title", areas: ["panel"], roles: ["panel_member", ...OFFICE] },
  },
  {
    path: "/supply",
    name: "supply",
    component: () => import("./supply/SupplyPage.vue"),
    meta: { title: "supply.title", areas: ["supply", "bench"], roles: ["panel_member", "admin", ...OFFICE] },
  },
  {
    path: "/bench",
    name: "bench",
    component: () => import("./bench/BenchPage.vue"),
    meta: { title: "bench.title", areas: ["bench"], roles: ["panel_member", "admin", ...OFFICE] },
  },
  {
    path: "/clerk/care",
    name: "care",
    component: () => import("./quality/CareCallsPage.vue"),
    meta: { title: "quality.care_title", areas: ["quality", "help"], roles: OFFICE },
  },
  {
    path: "/ratings",
    name: "ratings",
    component: () => import("./quality/LowRatingsPage.vue"),
    meta: { title: "quality.low_title", areas: ["quality"], roles: OFFICE },
  },
  {
    path: "/complaints",
    name: "complaints",
    component: () => import("./quality/ComplaintsPage.vue"),
    meta: { title: "quality.complaints_title", areas: ["quality"], roles: OFFICE },
  },
  {
    path: "/complaints/new",
    name: "complain",
    component: () => import("./quality/ComplainPage.vue"),
    meta: { title: "quality.complain_title", areas: ["quality"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/complaints/:id(\\d+)",
    name: "complaint",
    component: () => import("./quality/ComplaintPage.vue"),
    meta: { title: "quality.complaint_title", areas: ["quality"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/rate/:token",
    name: "rate",
    component: () => import("./quality/RatePage.vue"),
    meta: { title: "quality.rate_title", areas: ["quality"] },
  },
  {
    path: "/admin/quality",
    name: "quality-settings",
    component: () => import("./quality/QualityAdminPage.vue"),
    meta: { title: "quality.settings_title", areas: ["quality", "panel"], roles: ["admin"] },
  },
  {
    path: "/admin",
    name: "admin",
    component: () => import("./office/AdminPage.vue"),
    meta: { title: "office.admin_title", areas: ["office"], roles: ["admin"] },
  },
  {
    path: "/helper/hours",
    name: "hours",
    component: () => import("./thanks/HoursPage.vue"),
    meta: { title: "hours.title", areas: ["hours"], roles: ["helper"] },
  },
  {
    path: "/hours",
    name: "bank",
    component: () => import("./thanks/BankPage.vue"),
    meta: { title: "hours.bank_title", areas: ["hours"], roles: OFFICE },
  },
  {
    path: "/vouchers",
    name: "vouchers",
    component: () => import("./thanks/VouchersPage.vue"),
    meta: { title: "vouchers.title", areas: ["vouchers"], roles: OFFICE },
  },
  {
    path: "/settlements",
    name: "settlements",
    component: () => import("./thanks/SettlementPage.vue"),
    meta: { title: "money.settlement_title", areas: ["money"], roles: OFFICE },
  },
  {
    path: "/shop",
    name: "shop",
    component: () => import("./thanks/ShopPage.vue"),
    meta: { title: "vouchers.shop_title", areas: ["vouchers"], roles: ["shopkeeper"] },
  },
  {
    path: "/family/residents/:id(\\d+)/money",
    name: "money",
    component: () => import("./thanks/MoneyPage.vue"),
    meta: { title: "money.title", areas: ["money", "hours"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/station",
    name: "station",
    component: () => import("./station/StationPage.vue"),
    meta: { title: "station.title", areas: ["station"], roles: OFFICE },
  },
  {
    path: "/station/rooms",
    name: "station-rooms",
    component: () => import("./station/RoomsPage.vue"),
    meta: { title: "station.rooms", areas: ["station"], roles: OFFICE },
  },
  {
    path: "/station/:id(\\d+)",
    name: "station-session",
    component: () => import("./station/SessionPage.vue"),
    meta: { title: "station.title", areas: ["station"], roles: OFFICE },
  },
  {
    path: "/station/:id(\\d+)/sheet",
    name: "station-sheet",
    component: () => import("./station/SheetPage.vue"),
    meta: { title: "station.sheet", areas: ["station"], roles: OFFICE },
  },
  {
    path: "/family/residents/:id(\\d+)/station",
    name: "resident-station",
    component: () => import("./station/ResidentStationPage.vue"),
    meta: { title: "station.whats_on", areas: ["station"], roles: ["family", ...OFFICE] },
  },
  {
    path: "/me",
    name: "me",
    component: () => import("./me/AccountPage.vue"),
    meta: { title: "me.title", areas: ["me"], roles: ["coordinator", "clerk", "helper", "family", "grid_officer", "panel_member", "shopkeeper", "admin"] },
  },
  {
    path: "/ui",
    name: "parts",
    component: () => import("./parts/PartsPage.vue"),
    meta: { title: "parts.title", areas: ["parts"], demo: true },
  },
  {
    path: "/:rest(.*)*",
    name: "nowhere",
    component: () => import("./entrance/NowherePage.vue"),
    meta: { title: "common.not_found_title", areas: [] },
  },
];

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
});

const nowhere = (path: string) => ({ name: "nowhere", params: { rest: path.slice(1).split("/") } });

router.beforeEach(async (to) => {
  await loadAreas(to.meta.areas);
  if (to.meta.demo && !(await inDemonstration().catch(() => false))) return nowhere(to.path);
  // A one-time link speaks for itself, whoever was signed in before.
  if (to.name === "link" || to.name === "rate") return true;
  // Out of reach of the server the page itself says so, and offers to try again.
  const person = await loadMe().catch(() => undefined);
  if (person?.must_enrol && to.name !== "me" && to.name !== "entrance") return { name: "me", query: { next: to.fullPath } };
  if (to.name === "entrance") return person && to.query.stay === undefined ? person.home : true;
  if (!to.meta.roles || person === undefined) return true;
  if (person === null) return { name: "entrance", query: { next: to.fullPath } };
  if (to.meta.roles.some((role) => person.roles.includes(role))) return true;
  return nowhere(to.path);
});

/** Where somebody goes who has just come in: the page they asked for, or their first. */
export function afterSignIn(next: unknown): string {
  if (me.value?.must_enrol) return me.value.home;
  const asked = typeof next === "string" && /^\/(?!\/)/.test(next) ? next : null;
  return asked ?? me.value?.home ?? "/";
}
