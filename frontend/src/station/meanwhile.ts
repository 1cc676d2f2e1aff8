import type { ResidentSession } from "../api/types";

/** The session in which the resident has a place, or waits for one, at some moment between these two. */
export function meanwhile(sessions: ResidentSession[], start: string | null, end: string | null): ResidentSession | null {
  if (!start || !end) return null;
  const [from, to] = [Date.parse(start), Date.parse(end)];
  return sessions.find((one) => one.mine !== null && one.state === "open" && Date.parse(one.starts_at) < to && Date.parse(one.ends_at) > from) ?? null;
}
