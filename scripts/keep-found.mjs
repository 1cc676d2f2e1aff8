// Keeps plans that are better than the best published and than those kept before, and writes their table.
//   node scripts/keep-found.mjs FOLDER

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HOME = "benches/hhcrsp";
const FOUND = join(HOME, "found");

/** Cost = (distance + total tardiness + greatest tardiness) / 3; what makes a plan valid is for the engine's own test to judge. */
function cost(name, file) {
  const problem = JSON.parse(readFileSync(join(HOME, `${name}.json`), "utf8"));
  const place = new Map(problem.patients.map(({ id }, at) => [id, at + 1]));
  const due = new Map(problem.patients.map(({ id, time_window: [, end] }) => [id, end]));
  let [travel, late, worst] = [0, 0, 0];
  for (const { locations } of JSON.parse(readFileSync(file, "utf8")).routes) {
    let here = 0;
    for (const { patient, arrival_time: start } of locations) {
      travel += problem.distances[here][place.get(patient)];
      here = place.get(patient);
      const tardy = Math.max(0, start - due.get(patient));
      late += tardy;
      worst = Math.max(worst, tardy);
    }
    travel += problem.distances[here][0];
  }
  return (travel + late + worst) / 3;
}

const [from] = process.argv.slice(2);
const [, ...rows] = readFileSync(join(HOME, "best_known.csv"), "utf8").trim().split("\n");
mkdirSync(FOUND, { recursive: true });
const lines = ["set,instance,found,best_published,gap_percent"];
for (const [set, name, , , , , , published] of rows.map((row) => row.split(","))) {
  const kept = join(FOUND, `${name}.json`);
  const fresh = readdirSync(from).includes(`${name}.json`) ? join(from, `${name}.json`) : null;
  const best = existsSync(kept) ? cost(name, kept) : Number(published) - 0.001;
  if (fresh && cost(name, fresh) < best - 1e-6) copyFileSync(fresh, kept);
  if (existsSync(kept)) {
    const found = cost(name, kept);
    lines.push([set, name, found.toFixed(3), published, ((found / Number(published) - 1) * 100).toFixed(2)].join(","));
  }
}
writeFileSync(join(FOUND, "found.csv"), `${lines.join("\n")}\n`);
console.log(lines.join("\n"));
