import type { BrokenRule, Time } from "./types";

/** One field that the server did not accept, and why, in the reader's language. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** What went wrong, in words a person can act on: `detail` says what happened, `action` what to do. */
export class Problem extends Error {
  /** The stable word at the end of the problem type, such as `slot-taken`; `offline` and `unreadable` are ours. */
  readonly kind: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly action: string;
  readonly fields: FieldProblem[];
  /** Times that could be served instead; only with `slot-taken`. */
  readonly alternatives: Time[];
  /** The rules that an assignment would break; only with `rule-broken`. */
  readonly broken: BrokenRule[];
  /** Seconds after which the server wants to be asked again, where it said. */
  readonly retryAfter: number | null;

  constructor(from: {
    kind: string;
    status: number;
    title?: string;
    detail?: string;
    action?: string;
    fields?: FieldProblem[];
    alternatives?: Time[];
    broken?: BrokenRule[];
    retryAfter?: number | null;
  }) {
    super(`${from.kind} (${from.status})`);
    this.name = "Problem";
    this.kind = from.kind;
    this.status = from.status;
    this.title = from.title ?? "";
    this.detail = from.detail ?? "";
    this.action = from.action ?? "";
    this.fields = from.fields ?? [];
    this.alternatives = from.alternatives ?? [];
    this.broken = from.broken ?? [];
    this.retryAfter = from.retryAfter ?? null;
  }

  /** True when the same request may be sent again as it is. */
  get passing(): boolean {
    return this.kind === "offline" || this.kind === "in-flight" || this.status === 503 || this.status === 429;
  }
}

/** The network did not carry the request, or no answer came back. */
export function offlineProblem(): Problem {
  return new Problem({ kind: "offline", status: 0 });
}

/** Reads a refusal. An answer that is no problem document becomes `unreadable` with its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => "");
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const retryAfter = Number.isNaN(seconds) ? null : seconds;
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    return new Problem({ kind: response.status >= 502 ? "unavailable" : "unreadable", status: response.status, retryAfter });
  }
  const word = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
  const list = <T>(name: string) => (Array.isArray(body[name]) ? (body[name] as T[]) : []);
  return new Problem({
    kind: word("type").replace(/^.*\//, "") || "unreadable",
    status: response.status,
    retryAfter,
    title: word("title"),
    detail: word("detail"),
    action: word("action"),
    fields: list<FieldProblem>("fields"),
    alternatives: list<Time>("alternatives"),
    broken: list<BrokenRule>("broken"),
  });
}

/** Whatever was thrown, as a problem that a page can show. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem ? thrown : new Problem({ kind: "unreadable", status: 0 });
}
