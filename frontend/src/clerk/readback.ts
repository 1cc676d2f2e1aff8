import { clockOf, money, moment, t } from "../i18n";

/** What is about to be booked, as the clerk has it on the screen. */
export interface ReadBack {
  resident: string;
  service: string;
  start: string;
  end: string | null;
  /** The helper who is most likely to come. */
  who: string | null;
  /** The helper who is wished for, but is not known to be free then. */
  wish: string | null;
  priceFen: number | null;
  note: string;
  /** Nobody is known to be free then: the office will look. */
  tray: boolean;
}

/** The sentence the clerk reads to the caller before booking. */
export function readBack(what: ReadBack): string {
  const when = what.end ? t("clerk.read_span", { from: moment(what.start), to: clockOf(what.end) }) : moment(what.start);
  const parts = [t("clerk.read_what", { resident: what.resident, service: what.service, when })];
  if (what.tray) parts.push(t("clerk.read_tray"));
  else if (what.wish) parts.push(t("clerk.read_wish", { who: what.wish }));
  else if (what.who) parts.push(t("clerk.read_who", { who: what.who }));
  if (what.priceFen !== null && !what.tray) {
    parts.push(what.priceFen === 0 ? t("clerk.read_free") : t("clerk.read_price", { price: money(what.priceFen) }));
  }
  if (what.note.trim()) parts.push(t("clerk.read_note", { note: what.note.trim() }));
  return parts.join(t("clerk.read_join")) + t("clerk.read_end");
}
