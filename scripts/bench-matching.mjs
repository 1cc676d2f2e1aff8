// Measures the matching engine on the problems in benches/: one thread, several seeds, every plan judged twice where the
// second judge is at hand.
//   node scripts/bench-matching.mjs PROGRAM [--seconds 1,2,10] [--seeds 5] [--only day_60,day_150]

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const JUDGE = resolve("../shared/matching/check_plan.py");
const FOLDER = "benches/community";

function settings() {
  const [program, ...words] = process.argv.slice(2);
  const value = (name, otherwise) => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? otherwise : words[at + 1];
  };
  return {
    program: resolve(program),
    seconds: value("seconds", "2").split(",").map(Number),
    seeds: Number(value("seeds", "5")),
    only: value("only", "").split(",").filter(Boolean),
  };
}

function scored(problem, plan) {
  const { jobs } = JSON.parse(readFileSync(problem, "utf8"));
  const left = new Set(plan.unassigned.map(({ id }) => id));
  const priority = jobs.filter(({ id }) => left.has(id)).reduce((sum, job) => sum + (job.priority ?? 0), 0);
  return { priority, unserved: left.size, walking: plan.summary.duration, iterations: plan.summary.iterations };
}

function judged(problem, file, score) {
  if (!existsSync(JUDGE)) return;
  const said = JSON.parse(execFileSync("python3", [JUDGE, "vroom", problem, file], { encoding: "utf8" }));
  if (said.unserved_priority !== score.priority || said.walking_s !== score.walking) {
    throw new Error(`the judges differ on ${file}: ${JSON.stringify(said)} and ${JSON.stringify(score)}`);
  }
}

function run({ program }, problem, seconds, seed, folder) {
  const file = join(folder, "plan.json");
  const asked = ["plan", problem, "--format", "vroom", "--threads", "1", "--output", file];
  execFileSync(program, [...asked, "--seconds", String(seconds), "--seed", String(seed)], { stdio: ["ignore", "ignore", "inherit"] });
  const score = scored(problem, JSON.parse(readFileSync(file, "utf8")));
  judged(problem, file, score);
  return score;
}

const better = (one, other) => one.priority - other.priority || one.walking - other.walking;

function line(cells) {
  const widths = [10, 5, 9, 9, 9, 9, 16, 16, 9];
  console.log(cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join("  "));
}

const asked = settings();
const known = JSON.parse(readFileSync(join(FOLDER, "targets.json"), "utf8"));
const problems = readdirSync(FOLDER).filter((name) => name.endsWith(".vroom.json"));
const folder = mkdtempSync(join(tmpdir(), "yinling-matching-"));
try {
  console.log(`The median of ${asked.seeds} seeds, one thread. ${existsSync(JUDGE) ? "Both judges agree on every plan." : "Judged by the engine's own judge alone."}`);
  line(["problem", "s", "priority", "unserved", "walking", "steps/s", "target", "best known", "reached", "  best peer"]);
  const names = problems.map((name) => basename(name, ".vroom.json")).sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)));
  for (const name of names.filter((name) => asked.only.length === 0 || asked.only.includes(name))) {
    for (const seconds of asked.seconds) {
      const scores = [];
      for (let seed = 1; seed <= asked.seeds; seed += 1) {
        scores.push(run(asked, join(FOLDER, `${name}.vroom.json`), seconds, seed, folder));
      }
      scores.sort(better);
      const middle = scores[Math.floor(scores.length / 2)];
      const target = known[name].targets[seconds];
      const { best_known: best, peer } = known[name];
      const reached = target ? (better(middle, { priority: target[0], walking: target[1] }) <= 0 ? "yes" : "no") : "";
      line([name, seconds, middle.priority, middle.unserved, middle.walking, Math.round(middle.iterations / seconds),
        target?.join("/") ?? "", best.join("/"), reached, `  ${peer.score.join("/")} (${peer.name})`]);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
