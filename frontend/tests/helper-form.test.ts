import { describe, expect, it } from "vitest";
import type { HelperFile } from "../src/api/types";
import { detailsOf, fieldsOf } from "../src/providers/helperForm";

const file = {
  name: "陈志强",
  sex: "male",
  birth_date: "1960-05-01",
  phone: "13900000000",
  email: null,
  home_id: 7,
  home: "3栋2单元501",
  daily_limit_min: 210,
  weekly_limit_min: 840,
  skills: [{ code: "companion", name: "陪伴", needs_credential: false, counts: true }],
  hours: [
    { weekday: 1, from_min: 480, to_min: 720 },
    { weekday: 7, from_min: 840, to_min: 1020 },
  ],
} as unknown as HelperFile;

describe("the form of a helper's file", () => {
  it("gives back what it was given", () => {
    const read = detailsOf(fieldsOf(file));
    expect(read).toEqual({
      details: {
        name: "陈志强",
        sex: "male",
        birth_date: "1960-05-01",
        phone: "13900000000",
        email: null,
        home_id: 7,
        daily_limit_min: 210,
        weekly_limit_min: 840,
        skills: ["companion"],
        hours: file.hours,
      },
    });
  });

  it("names the days whose hours cannot be read", () => {
    const fields = fieldsOf(file);
    fields.hours[2] = "mornings";
    fields.hours[3] = "8-12";
    expect(detailsOf(fields)).toEqual({ unread: [2, 3] });
  });

  it("begins with a week of working days", () => {
    const fields = fieldsOf(null);
    expect([fields.hours[5], fields.hours[6]]).toEqual(["08:00-12:00 14:00-17:00", ""]);
  });
});
