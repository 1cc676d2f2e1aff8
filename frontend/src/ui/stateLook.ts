import type { VisitState } from "../api/types";
import type { IconName } from "./icons";

/** The sign and the mood of a state, where there is no room for a chip. */
export const STATE_LOOK: Record<VisitState, { icon: IconName; mood: string }> = {
  unfilled: { icon: "search", mood: "bad" },
  offered: { icon: "clock", mood: "warn" },
  accepted: { icon: "calendar", mood: "info" },
  checked_in: { icon: "home", mood: "brand" },
  completed: { icon: "check", mood: "good" },
  cancelled: { icon: "cross", mood: "calm" },
  helper_absent: { icon: "away", mood: "bad" },
  not_home: { icon: "closed", mood: "warn" },
  substituted: { icon: "swap", mood: "plum" },
  paused: { icon: "away", mood: "calm" },
};
