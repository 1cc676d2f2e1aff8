/**
 * The key of an attempt. A request that is sent again unchanged after its answer was lost carries the key it had before, so that
 * the server can give the answer it already gave; a request whose answer arrived is over, and the next equal one is a new attempt.
 */
const open = new Map<string, string>();

/** A random version 4 UUID, also where the page was not served over TLS and `crypto.randomUUID` is missing. */
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What makes two requests the same attempt. */
export function signature(method: string, url: string, body: string): string {
  return `${method} ${url} ${body}`;
}

/** The key to send with this request. */
export function keyFor(attempt: string): string {
  const known = open.get(attempt);
  if (known) return known;
  const fresh = uuid();
  open.set(attempt, fresh);
  return fresh;
}

/** Says that the server's answer arrived. A server that failed or is still at work has not answered. */
export function answered(attempt: string, status: number, kind: string): void {
  if (status >= 500 || kind === "in-flight") return;
  open.delete(attempt);
}
