import createClient, { type Middleware } from "openapi-fetch";
import { attended } from "./attended";
import { answered, keyFor, signature } from "./attempts";
import { ended } from "./ended";
import { offlineProblem, problemOf } from "./problem";
import type { paths } from "./schema";
import { lang } from "../i18n/lang";

const SAFE = new Set(["GET", "HEAD"]);
const attempts = new WeakMap<Request, string>();

/** Adds the reader's language and the key of the attempt, and turns every refusal into a thrown `Problem`. */
const manners: Middleware = {
  async onRequest({ request }) {
    request.headers.set("Accept-Language", lang.value === "zh" ? "zh-CN" : "en");
    if (!attended()) request.headers.set("Yinling-Unattended", "1");
    if (SAFE.has(request.method)) return;
    const attempt = signature(request.method, request.url, await request.clone().text());
    request.headers.set("Idempotency-Key", keyFor(attempt));
    attempts.set(request, attempt);
  },
  async onResponse({ request, response }) {
    const attempt = attempts.get(request);
    const problem = response.ok ? null : await problemOf(response);
    if (attempt) answered(attempt, response.status, problem?.kind ?? "");
    if (problem?.kind === "sign-in") ended.value = true;
    if (problem) throw problem;
  },
  onError() {
    return offlineProblem();
  },
};

/** The server, with paths and bodies checked against the contract. Failures are thrown as `Problem`. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  // Looked up at each call, so that a test may put its own network in place.
  fetch: (request) => globalThis.fetch(request),
});
api.use(manners);

/** The body of a good answer. */
export async function take<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
