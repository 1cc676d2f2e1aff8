import { ref, type Ref } from "vue";
import type { Problem } from "../api/problem";
import type { Living, RollFile, RollPerson, Sex } from "../api/types";
import type { FieldError } from "../ui/ErrorSummary.vue";

/** What a form holds of a person while it is filled in. */
export interface PersonDraft {
  name: string;
  sex: Sex;
  birth_date: string;
  living: Living;
  phone: string;
  household_phone: string;
  knock_note: string;
  safety_note: string;
}

/** What a form holds of a door. */
export interface DoorDraft {
  building: string;
  entrance: string;
  flat: string;
  floor: string;
}

export function emptyPerson(): PersonDraft {
  return { name: "", sex: "female", birth_date: "", living: "alone", phone: "", household_phone: "", knock_note: "", safety_note: "" };
}

export function emptyDoor(): DoorDraft {
  return { building: "", entrance: "", flat: "", floor: "" };
}

export function personOf(file: RollFile): PersonDraft {
  return {
    name: file.name,
    sex: file.sex,
    birth_date: file.birth_date,
    living: file.living,
    phone: file.phone ?? "",
    household_phone: file.household_phone ?? "",
    knock_note: file.knock_note ?? "",
    safety_note: file.safety_note ?? "",
  };
}

export function sentPerson(draft: PersonDraft): RollPerson {
  return { ...draft, name: draft.name.trim() };
}

export function sentDoor(draft: DoorDraft) {
  return {
    building: draft.building.trim(),
    entrance: Math.trunc(Number(draft.entrance)) || 0,
    flat: draft.flat.trim(),
    floor: draft.floor.trim() ? Math.trunc(Number(draft.floor)) || 0 : null,
  };
}

/** The errors of a form: those we see ourselves, and those that the server marks. The fields' ids begin with `prefix`. */
export function useErrors(prefix: string) {
  const errors: Ref<FieldError[]> = ref([]);
  const of = (field: string) => errors.value.find((one) => one.id === `${prefix}-${field}`)?.message;
  function check(missing: Record<string, string | false>): boolean {
    errors.value = Object.entries(missing)
      .filter((one): one is [string, string] => one[1] !== false)
      .map(([field, message]) => ({ id: `${prefix}-${field}`, message }));
    return errors.value.length === 0;
  }
  function take(problem: Problem | null): void {
    errors.value = (problem?.fields ?? []).map((one) => ({ id: `${prefix}-${one.field}`, message: one.message }));
  }
  return { errors, of, check, take };
}
