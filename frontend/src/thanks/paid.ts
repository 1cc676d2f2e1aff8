import type { PaidPlace, PaidVisit, PaymentLine } from "../api/types";

/** What was done and paid in a month: a visit, or a place in a session of the station; one of the two numbers is there. */
export interface Paid {
  key: string;
  visit_id: number | null;
  signup_id: number | null;
  start: string;
  name: string;
  provider: string;
  resident: string;
  price_fen: number;
  lines: PaymentLine[];
  redeemable: boolean;
}

function ofVisit(row: PaidVisit): Paid {
  return { ...row, key: `visit-${row.visit_id}`, signup_id: null, name: row.service };
}

function ofPlace(row: PaidPlace): Paid {
  return { ...row, key: `place-${row.signup_id}`, visit_id: null, name: row.title, redeemable: false };
}

/** A month's visits and sessions in one list, in order of time. */
export function paidOf(month: { visits: PaidVisit[]; sessions: PaidPlace[] }): Paid[] {
  return [...month.visits.map(ofVisit), ...month.sessions.map(ofPlace)].sort((one, other) => one.start.localeCompare(other.start));
}
