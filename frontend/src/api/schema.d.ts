/**
 * The HTTP contract, in the shape `npm run api` writes it from `openapi.json`.
 * Instants are RFC 3339 in UTC, dates and clock times are local (Asia/Shanghai), money is whole fen, durations are minutes.
 */
type Json<T> = { content: { "application/json": T } };
type Params<Path, Query> = { header?: never; cookie?: never } & ([Path] extends [never] ? { path?: never } : { path: Path }) &
  ([Query] extends [never] ? { query?: never } : Record<string, never> extends Query ? { query?: Query } : { query: Query });
type Sent<Body> = [Body] extends [never] ? { requestBody?: never } : { requestBody: Json<Body> };
type Op<Ok, Body = never, Path = never, Query = never> = {
  parameters: Params<Path, Query>;
  responses: { 200: { headers: Record<string, unknown> } & Json<Ok> };
} & Sent<Body>;
type ById = { id: number };
type S = components["schemas"];

export interface paths {
  "/api/entrance": { get: Op<S["Entrance"]> };
  "/api/session": { post: Op<S["Me"], S["SignIn"]>; delete: Op<undefined> };
  "/api/session/demo": { post: Op<S["Me"], { kind: string }> };
  "/api/me": { get: Op<S["Me"]>; patch: Op<S["Me"], { lang?: S["Lang"] }> };
  "/api/links": { post: Op<undefined, { address: string }> };
  "/api/links/{token}/open": { post: Op<S["LinkOpened"], never, { token: string }> };
  "/api/links/{token}/renew": { post: Op<undefined, never, { token: string }> };

  "/api/family/residents": { get: Op<S["FamilyResident"][]> };
  "/api/residents/{id}": { get: Op<S["Resident"], never, ById> };
  "/api/residents/{id}/visits": { get: Op<S["VisitCard"][], never, ById, { from?: string; to?: string }> };
  "/api/residents/{id}/catalogue": { get: Op<S["Category"][], never, ById> };
  "/api/residents/{id}/times": { get: Op<S["Times"], never, ById, { service: string; from?: string; days?: number }> };
  "/api/residents/{id}/bookings": { post: Op<S["BookingView"], S["NewBooking"], ById> };
  "/api/residents/{id}/again": { get: Op<S["Again"], never, ById> };
  "/api/catalogue": { get: Op<S["Category"][]> };
  "/api/bookings/{id}": { get: Op<S["BookingView"], never, ById> };
  "/api/bookings/{id}/cancel": { post: Op<S["BookingChanged"], { reason: string }, ById> };
  "/api/bookings/{id}/change": { post: Op<S["BookingChanged"], { start: string; note?: string }, ById> };
  "/api/change-requests/{id}/answer": { post: Op<S["ChangeRequest"], { accept: boolean; note: string }, ById> };

  "/api/households": { get: Op<S["HouseholdHit"][], never, never, { q: string }> };
  "/api/households/{id}": { get: Op<S["Household"], never, ById> };
  "/api/calls": { post: Op<S["CallView"], { number?: string; household_id?: number }> };
  "/api/calls/{id}/end": { post: Op<S["CallView"], S["EndCall"], ById> };
  "/api/callbacks": { get: Op<S["Callback"][], never, never, { state?: "open" | "all" }> };
  "/api/callbacks/{id}/done": { post: Op<S["Callback"], { note: string }, ById> };

  "/api/helpers": { get: Op<S["HelperHit"][], never, never, { q?: string }> };
  "/api/helpers/{id}/day": { get: Op<S["HelperDay"], never, ById, { date?: string }> };
  "/api/helpers/{id}/leave": { post: Op<S["LeaveTaken"], { from: string; to: string; reason: string }, ById> };
  "/api/leave/{id}": { delete: Op<undefined, never, ById> };
  "/api/visits/{id}/answer": { post: Op<S["HelperVisit"], S["VisitAnswer"], ById> };
  "/api/visits/{id}/arrive": { post: Op<S["HelperVisit"], { helper_id?: number }, ById> };
  "/api/visits/{id}/finish": { post: Op<S["HelperVisit"], { helper_id?: number; note?: string }, ById> };
  "/api/visits/{id}/problem": { post: Op<S["HelperVisit"], S["VisitProblem"], ById> };

  "/api/board": { get: Op<S["Board"], never, never, { date?: string }> };
  "/api/dispatch/lists": { get: Op<S["DispatchLists"]> };
  "/api/visits/{id}": { get: Op<S["VisitDetail"], never, ById> };
  "/api/visits/{id}/suggestions": { get: Op<S["Suggestions"], never, ById> };
  "/api/visits/{id}/assign": { post: Op<S["VisitDetail"], S["Assign"], ById> };
  "/api/visits/{id}/check": { post: Op<S["CheckResult"], { helper_ids: number[]; start?: string }, ById> };
  "/api/visits/{id}/unassign": { post: Op<S["VisitDetail"], { reason: string; version: number }, ById> };
  "/api/visits/{id}/pin": { post: Op<S["VisitDetail"], { pinned: boolean }, ById> };
  "/api/plans": { post: Op<S["Plan"], { date: string; seconds?: number }> };
  "/api/plans/{id}": { get: Op<S["Plan"], never, ById>; delete: Op<undefined, never, ById> };
  "/api/plans/{id}/publish": { post: Op<S["Plan"], Record<string, never>, ById> };

  "/api/grid/residents": { get: Op<S["GridResident"][]> };
  "/api/providers": { get: Op<S["ProviderRow"][]> };
  "/api/accounts": { get: Op<S["AccountRow"][]>; post: Op<S["AccountRow"], S["NewAccount"]> };
  "/api/accounts/{id}/disable": { post: Op<S["AccountRow"], { disabled: boolean }, ById> };
}

export interface components {
  schemas: {
    Lang: "zh" | "en";
    Role: "coordinator" | "clerk" | "helper" | "family" | "grid_officer" | "panel_member" | "admin";
    HelperKind: "volunteer" | "staff" | "merchant";
    VisitState:
      | "unfilled" | "offered" | "accepted" | "checked_in" | "completed"
      | "cancelled" | "helper_absent" | "not_home" | "substituted";

    Entrance: { community: string; compound: string; synthetic: boolean; phone: string; demo_people: S["DemoPerson"][] };
    DemoPerson: { kind: string; name: string; what: string };
    SignIn: { login: string; password: string };
    LinkOpened: { me: S["Me"]; goto: string };
    Me: {
      account_id: number; name: string; lang: S["Lang"]; roles: S["Role"][]; helper_id: number | null; community: string;
      office_phone: string; synthetic: boolean; demo: boolean; today: string; now: string; home: string;
    };

    FamilyResident: {
      id: number; name: string; short_name: string; door: string; relation: string; can_book: boolean;
      next_visit: S["VisitCard"] | null; last_visit: S["VisitCard"] | null; upcoming: number; open_requests: number;
    };
    VisitHelper: { id: number; name: string; kind: S["HelperKind"]; phone: string | null };
    Window: { from: string; to: string };
    VisitCard: {
      visit_id: number; booking_id: number; service_code: string; service: string; start: string; end: string;
      state: S["VisitState"]; state_word: string; helpers: S["VisitHelper"][]; price_fen: number; can_change: boolean;
      before_cutoff: boolean; cutoff: string; late: boolean; note: string | null; request: S["ChangeRequest"] | null;
      unfilled_reason: string | null; window: S["Window"] | null; checked_in_at: string | null; completed_at: string | null;
    };
    ResidentFamily: { account_id: number; name: string; relation: string; phone: string | null; can_book: boolean };
    ResidentWish: { helper_id: number; helper: string; kind: "prefer" | "avoid"; by: "resident" | "helper" };
    Resident: {
      id: number; name: string; short_name: string; sex: "female" | "male"; age: number; living: string; living_word: string;
      ability_level: number | null; door: string; floor: number; has_lift: boolean; grid: string; phone: string | null;
      knock_note: string | null; safety_note: string | null; family: S["ResidentFamily"][]; wishes: S["ResidentWish"][];
    };
    Category: { category: string; services: S["Service"][] };
    KindPrice: { kind: S["HelperKind"]; price_fen: number };
    Service: {
      code: string; name: string; unit: string; duration_min: number; price_from_fen: number; price_to_fen: number;
      market_price_fen: number; free: boolean; crew_size: number; lead_time_hours: number; place: "home" | "station";
      kinds: S["KindPrice"][]; bookable: boolean; why_not: string | null;
    };
    Times: { service: S["Service"]; days: S["TimesDay"][]; earliest: string; horizon: string; computed_ms: number };
    TimesDay: { date: string; closed: string | null; times: S["Time"][] };
    Time: { start: string; end: string; helpers: number; price_fen: number; who: S["TimeHelper"][] };
    TimeHelper: { id: number; name: string; kind: S["HelperKind"]; familiar: boolean; price_fen: number };
    NewBooking: {
      service: string; start: string; window?: S["Window"]; note?: string; wish_helper_id?: number;
      if_unserved: "refuse" | "tray"; call_id?: number;
    };
    Cancelled: { by: string; why: string; late: boolean; at: string };
    BookingView: {
      booking_id: number; resident_id: number; resident: string; service_code: string; service: string;
      state: "requested" | "open" | "closed" | "cancelled"; channel: "web" | "phone"; booked_by: string; visit: S["VisitCard"];
      note: string | null; cancelled: S["Cancelled"] | null; created_at: string;
    };
    BookingChanged: { booking: S["BookingView"]; done: boolean };
    ChangeRequest: {
      id: number; booking_id: number; visit_id: number; resident: string; service: string; kind: "cancel" | "move";
      wanted_start: string | null; note: string; by: string; at: string; state: "open" | "accepted" | "refused"; answer: string | null;
    };

    HouseholdPerson: {
      id: number; name: string; short_name: string; age: number; sex: "female" | "male"; living_word: string; ability_level: number | null;
    };
    HouseholdHit: {
      id: number; door: string; phone: string | null; grid: string; residents: S["HouseholdPerson"][];
      matched: "number" | "initials" | "name" | "door";
    };
    HouseholdResident: S["Resident"] & { next_visit: S["VisitCard"] | null; last_visit: S["VisitCard"] | null };
    Household: {
      id: number; door: string; phone: string | null; grid: string; residents: S["HouseholdResident"][];
      callbacks: S["Callback"][]; calls: S["CallView"][];
    };
    Outcome:
      | "booked" | "changed" | "cancelled" | "helper_reported" | "information" | "callback" | "complaint"
      | "not_reached" | "wrong_number" | "other";
    CallView: {
      id: number; number: string | null; household_id: number | null; clerk: string; started_at: string; ended_at: string | null;
      outcome: S["Outcome"] | null; note: string | null; booking_id: number | null;
    };
    EndCall: {
      outcome: S["Outcome"]; note?: string; resident_id?: number; booking_id?: number; household_id?: number;
      callback?: { due_at: string; note: string };
    };
    Again: {
      service_code: string; service: string; duration_min: number; start: string; served: boolean; time: S["Time"] | null;
      alternatives: S["Time"][]; wish_helper: { id: number; name: string } | null; note: string | null; last: S["VisitCard"];
    };
    Callback: {
      id: number; due_at: string; overdue: boolean; note: string; resident_id: number | null; resident: string | null;
      household_id: number | null; door: string | null; number: string | null; promised_by: string; done_at: string | null;
      done_note: string | null;
    };

    HelperHit: {
      id: number; name: string; kind: S["HelperKind"]; provider: string; phone: string; on_leave_today: boolean; today_count: number;
    };
    HelperDay: {
      helper: { id: number; name: string; kind: S["HelperKind"] }; date: string; visits: S["HelperVisit"][]; later: S["HelperVisit"][];
      minutes_this_month: number; office_phone: string; leaves: S["Leave"][];
    };
    HelperVisit: {
      visit_id: number; start: string; end: string; state: S["VisitState"]; mine: "offered" | "accepted" | "declined" | "withdrawn";
      service: string; duration_min: number; resident: string; door: string; knock_note: string | null; safety_note: string | null;
      phone: string | null; walk_min: number | null; crew_with: string | null; note: string | null; late: boolean;
      can: ("accept" | "decline" | "arrive" | "finish" | "problem")[]; checked_in_at: string | null; completed_at: string | null;
    };
    VisitAnswer: { answer: "accept" | "decline"; reason?: string; helper_id?: number };
    VisitProblem: {
      kind: "not_home" | "unwell" | "unsafe" | "cannot_come" | "other"; note?: string; helper_id?: number;
    };
    Leave: { id: number; from: string; to: string; reason: string };
    LeaveTaken: { leave: S["Leave"]; returned: number };

    BoardCounts: { unfilled: number; unanswered: number; late: number; callbacks: number; requests: number };
    Board: {
      date: string; now: string; helpers: S["BoardHelper"][]; unfilled: S["UnfilledCard"][]; counts: S["BoardCounts"];
      plan: S["PlanHead"] | null;
    };
    BoardHelper: {
      id: number; name: string; kind: S["HelperKind"]; provider: string; skills: string[]; available: S["Window"][];
      on_leave: boolean; minutes: number; daily_limit_min: number; bars: S["Bar"][];
    };
    Bar: {
      visit_id: number; start: string; end: string; state: S["VisitState"]; mine: "offered" | "accepted"; pinned: boolean; late: boolean;
      resident: string; door: string; service: string; crew_size: number; crew_with: string | null; walk_before_min: number | null;
      movable: boolean;
    };
    UnfilledCard: {
      visit_id: number; resident: string; door: string; service: string; start: string; window: S["Window"] | null;
      duration_min: number; priority: number; crew_size: number; kinds: S["HelperKind"][]; reason: string; since: string;
    };
    UnansweredRow: {
      visit_id: number; start: string; resident: string; service: string; helper: string; helper_id: number; helper_phone: string;
      offered_at: string;
    };
    LateRow: {
      visit_id: number; start: string; resident: string; service: string; helper: string; helper_id: number; helper_phone: string;
      minutes_late: number; what: "not_arrived" | "not_finished" | "not_answered";
    };
    ProblemRow: {
      visit_id: number; start: string; resident: string; service: string; helper: string; kind: string; note: string | null; at: string;
    };
    DispatchLists: {
      unfilled: S["UnfilledCard"][]; unanswered: S["UnansweredRow"][]; late: S["LateRow"][]; callbacks: S["Callback"][];
      requests: S["ChangeRequest"][]; problems: S["ProblemRow"][];
    };
    HistoryLine: { at: string; who: string; what: string };
    VisitDetail: S["VisitCard"] & {
      resident_id: number; resident: string; door: string; duration_min: number; priority: number; crew_size: number; pinned: boolean;
      version: number; override_reason: string | null; reasons: string[]; history: S["HistoryLine"][];
    };
    BrokenRule: { code: string; sentence: string; overridable: boolean };
    SuggestedCrew: {
      helpers: { id: number; name: string; kind: S["HelperKind"] }[]; start: string; price_fen: number;
      parts: { code: string; sentence: string }[];
    };
    ExcludedHelper: { helper_id: number; helper: string; kind: S["HelperKind"]; reasons: S["BrokenRule"][] };
    Suggestions: {
      visit: S["VisitDetail"]; ranked: S["SuggestedCrew"][]; excluded: S["ExcludedHelper"][]; smallest_change: string | null;
    };
    Assign: { helper_ids: number[]; start?: string; override_reason?: string; version: number };
    CheckResult: { ok: boolean; broken: S["BrokenRule"][] };
    PlanHead: {
      id: number; date: string; state: "draft" | "published" | "discarded"; changes: number; created_at: string; by: string;
    };
    PlanSummary: {
      served_before: number; served_after: number; unserved_after: number; walking_before_min: number; walking_after_min: number;
      moved: number; assigned: number;
    };
    PlanSide: { helpers: { id: number; name: string }[]; start: string };
    PlanChange: {
      id: number; visit_id: number; resident: string; door: string; service: string; kind: "assign" | "move" | "reassign";
      from: S["PlanSide"] | null; to: S["PlanSide"]; reasons: string[]; applied: boolean | null;
    };
    PlanUnfilled: { visit_id: number; resident: string; service: string; start: string; why: string };
    Plan: Omit<S["PlanHead"], "changes"> & { summary: S["PlanSummary"]; changes: S["PlanChange"][]; unfilled: S["PlanUnfilled"][] };

    GridResident: {
      id: number; name: string; short_name: string; door: string; age: number; living_word: string; next_visit_start: string | null;
      last_seen: string | null;
    };
    ProviderRow: {
      id: number; name: string; kind: S["HelperKind"]; phone: string; helpers: number; visits_this_month: number;
      completed_this_month: number;
    };
    AccountRow: { id: number; name: string; login: string | null; email: string | null; roles: S["Role"][]; disabled: boolean };
    NewAccount: { name: string; login: string; password: string; roles: S["Role"][] };
  };
}
