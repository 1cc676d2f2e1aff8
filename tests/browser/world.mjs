// What every journey begins with: the program on a demonstration of its own, a browser, and people who come in.

import assert from "node:assert/strict";
import { resolve } from "node:path";

import { newPerson, openBrowser } from "./browser.mjs";
import { look } from "./looks.mjs";
import { startProgram } from "./program.mjs";

/** A Tuesday morning, so that no journey depends on the day it is run. */
export const TODAY = "2026-11-24";
export const TOMORROW = "2026-11-25";
/** The instant of a clock time in the compound. */
export const at = (date, clock) => `${date}T${clock}:00+08:00`;

const PROGRAM = resolve(process.env.YINLING_TEST_PROGRAM ?? "target/debug/yinling");

async function whatEverybodySees(people) {
  const seen = await Promise.all(
    people.map(async ({ page, complaints }) => {
      const words = await page.locator("body").innerText({ timeout: 1000 }).catch(() => "(nothing)");
      return [`-- ${page.url()}`, words.slice(0, 1500), ...complaints].join("\n");
    }),
  );
  return seen.join("\n");
}

export async function openWorld() {
  const { YINLING_TEST_SMTP, YINLING_TEST_MAILBOX } = process.env;
  assert.ok(YINLING_TEST_SMTP && YINLING_TEST_MAILBOX, "Run this through `scripts/test browser`, which starts the mail server.");
  const program = await startProgram({ program: PROGRAM, at: at(TODAY, "09:30"), env: { YINLING_MAIL: YINLING_TEST_SMTP } });
  const browser = await openBrowser().catch(async (error) => {
    await program.stop();
    throw error;
  });
  const people = [];
  const findings = [];

  async function newcomer(options) {
    const person = await newPerson(browser, { address: program.address, ...options });
    people.push(person);
    return person;
  }

  return {
    program,
    mailbox: YINLING_TEST_MAILBOX,
    newcomer,
    /** Comes in by one tap at the entrance. */
    async enter(kind, options) {
      const person = await newcomer(options);
      await person.page.goto("/");
      await person.page.getByTestId(`demo-${kind}`).click();
      await person.page.waitForURL((url) => url.pathname !== "/");
      return person;
    },
    /** One step of a story. When it fails, the story stops there, and what everybody had before their eyes is told. */
    async step(t, name, act) {
      let failure;
      await t.test(name, async () => {
        try {
          await act();
        } catch (error) {
          failure = error;
          throw new Error(`${error.message}\n\n${await whatEverybodySees(people)}`, { cause: error });
        }
      });
      assert.ok(failure === undefined, `the story stopped at: ${name}`);
    },
    /** Looks at a page as it is now; what is wrong with it is kept, so that the story can go on. */
    async look(page, name) {
      findings.push(...(await look(page, name)));
    },
    /** The browser itself notes every refusal as an error: those with this status were meant, and there was at least one. */
    wasMeant(person, status) {
      const others = person.complaints.filter((complaint) => !complaint.includes(`status of ${status}`));
      assert.ok(others.length < person.complaints.length, `nothing was refused with ${status}`);
      person.complaints.splice(0, Infinity, ...others);
    },
    /** No page looked at had a finding, and none complained, to anybody. */
    assertAllWell() {
      assert.deepEqual([...findings, ...people.flatMap((person) => person.complaints)], []);
    },
    async close() {
      await browser.close();
      assert.equal(await program.stop(), 0, `the program did not stop cleanly:\n${program.said()}`);
    },
  };
}
