// Asks two programs the same things in turn, one on a database with one community and one with a hundred.
//   node scripts/bench-growth.mjs PROGRAM ROUNDS

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { startProgram } from "../tests/browser/program.mjs";
import { enter, found, operations, questions } from "./bench-growth-asked.mjs";

const COMMUNITIES = Number(process.env.YINLING_GROWTH_COMMUNITIES ?? 100);
/** How much longer the slowest in a hundred may take on the large database. */
const LIMIT = 2;
/** Both are asked anew so often before a difference counts: on a machine that does other things one round is no news. */
const TRIES = 3;
/** Milliseconds that are no difference to anybody. */
const SMALL_MS = 3;

const program = resolve(process.argv[2]);
const rounds = Number(process.argv[3]);

function at(share, samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function sql(server, text) {
  const ran = spawnSync("psql", [server, "-qc", text], { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`psql: ${ran.stderr}`);
}

/** The address of a new database, and how it is thrown away. */
function database(on, folder, name) {
  if (on === "sqlite") return { url: `sqlite:${join(folder, `${name}.db`)}`, drop: () => {} };
  const server = process.env.YINLING_TEST_POSTGRES;
  const named = `yinling_growth_${name}_${process.pid}`;
  sql(server, `CREATE DATABASE ${named}`);
  return {
    url: server.replace(/\/[^/]*$/, `/${named}`),
    drop: () => sql(server, `DROP DATABASE IF EXISTS ${named} WITH (FORCE)`),
  };
}

function fill(url, communities) {
  const ran = spawnSync(program, ["demo", "--communities", String(communities)], {
    env: { ...process.env, YINLING_DATABASE_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (ran.status !== 0) throw new Error(`the database was not made: ${ran.stdout}`);
  console.log(`  ${ran.stdout.trim()}`);
}

/** One side: its program, and who is signed in to the community in its middle. */
async function side(on, folder, name, communities) {
  const { url, drop } = database(on, folder, name);
  fill(url, communities);
  const started = await startProgram({ program, env: { YINLING_DATABASE_URL: url } });
  const community = Math.ceil(communities / 2);
  const people = await enter(started.address, community === 1 ? "" : `@${community}`);
  const here = await found(started.address, people);
  return { address: started.address, people, here, readyMs: started.readyMs, end: async () => (await started.stop(), drop()) };
}

async function once(side, one, round) {
  const began = performance.now();
  await one.ask(side, round);
  return performance.now() - began;
}

async function compared(one, sides) {
  const samples = [[], []];
  for (let round = -3; round < rounds; round += 1) {
    // Whoever is asked second finds the machine as the first left it: they take turns.
    for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const ms = await once(sides[which], one, round);
      if (round >= 0) samples[which].push(ms);
    }
  }
  const [[small50, small99], [large50, large99]] = samples.map((all) => [at(0.5, all), at(0.99, all)]);
  const slower = large99 > LIMIT * small99 && large99 - small99 > SMALL_MS;
  return { name: one.name, small50, small99, large50, large99, ratio: large99 / small99, slower };
}

function row({ name, small50, small99, large50, large99, ratio, slower }) {
  const cells = [small50, small99, large50, large99].map((ms) => ms.toFixed(1).padStart(8)).join("");
  console.log(`  ${name.padEnd(52)}${cells}${ratio.toFixed(2).padStart(7)}${slower ? "  slower" : ""}`);
}

async function measure(on) {
  const folder = mkdtempSync(join(tmpdir(), "yinling-growth-"));
  const sides = [];
  const slower = [];
  console.log(`\n${on}`);
  try {
    sides.push(await side(on, folder, "one", 1));
    sides.push(await side(on, folder, "many", COMMUNITIES));
    console.log(`  ready after ${sides.map((one) => `${(one.readyMs / 1000).toFixed(1)} s`).join(" and ")}`);
    const all = [...(await questions(sides)), ...operations()];
    console.log(`  ${"".padEnd(52)}${["1: p50", "p99", `${COMMUNITIES}: p50`, "p99"].map((word) => word.padStart(8)).join("")}  ratio`);
    for (const one of all) {
      let seen = await compared(one, sides);
      for (let again = 1; again < TRIES && seen.slower; again += 1) seen = await compared(one, sides);
      row(seen);
      if (seen.slower) slower.push(one.name);
    }
  } finally {
    for (const one of sides) await one.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return slower.map((name) => `${on}: ${name}`);
}

const on = process.env.YINLING_GROWTH_ON;
const slower = [];
for (const which of on ? [on] : ["sqlite", "postgres"]) slower.push(...(await measure(which)));
if (slower.length > 0) {
  console.error(`\nMore than ${LIMIT} times as slow with ${COMMUNITIES} communities:\n  ${slower.join("\n  ")}`);
  process.exitCode = 1;
}
