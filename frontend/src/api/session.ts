import { computed, shallowRef } from "vue";
import { api, take } from "./client";
import { ended } from "./ended";
import { Problem } from "./problem";
import type { Entrance, Me, Role } from "./types";
import { setClock } from "../i18n/clock";
import { setLang, type Lang } from "../i18n/lang";

/** Who is signed in: `undefined` until asked, `null` for nobody. */
export const me = shallowRef<Me | null | undefined>(undefined);

/** The community before anybody has signed in. */
export const entrance = shallowRef<Entrance | null>(null);

export const synthetic = computed(() => me.value?.synthetic ?? entrance.value?.synthetic ?? false);
export const officePhone = computed(() => me.value?.office_phone ?? entrance.value?.phone ?? "");
export const communityName = computed(() => me.value?.community ?? entrance.value?.community ?? "");

/** Notes who has come in, and takes over the server's clock and the person's language. */
export function welcome(person: Me): void {
  setClock(person.now);
  ended.value = false;
  me.value = person;
}

/** Asks once who is signed in; throws when the server cannot be reached. */
export async function loadMe(): Promise<Me | null> {
  if (me.value !== undefined) return me.value;
  try {
    welcome(await take(api.GET("/api/me")));
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) me.value = null;
    else throw thrown;
  }
  return me.value ?? null;
}

export async function loadEntrance(): Promise<Entrance> {
  const found = await take(api.GET("/api/entrance"));
  entrance.value = found;
  return found;
}

/** Whether this is the demonstration; throws when the server cannot be reached. */
export async function inDemonstration(): Promise<boolean> {
  const person = await loadMe();
  return person ? person.demo : (await loadEntrance()).demo_people.length > 0;
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/session");
  me.value = null;
}

/** The session ended on the server's side. */
export function forgetMe(): void {
  me.value = null;
}

/** Changes the language of the pages, and of the person's messages when somebody is signed in. */
export async function chooseLang(next: Lang): Promise<void> {
  await setLang(next);
  if (me.value) await api.PATCH("/api/me", { body: { lang: next } });
}

export function hasRole(...roles: Role[]): boolean {
  return roles.some((role) => me.value?.roles.includes(role) ?? false);
}
