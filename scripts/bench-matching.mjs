// Measures the matching engine on the problems in benches/: one thread, several seeds, every plan judged twice where the
// second judge is at hand.
//   node scripts/bench-matching.mjs PROGRAM [--seconds 1,2,10] [--seeds 5] [--only day_60,day_150]
//   node scripts/bench-matching.mjs PROGRAM --peers [--peer-seconds 30]      other solvers beside it, after scripts/peers/install

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const JUDGE = resolve("../shared/matching/check_plan.py");
const FOLDER = "benches/community";
const PEERS = { "VROOM 1.15": "py_vroom.py", "OR-Tools 9.15": "or_tools.py", "PyVRP 0.14": "py_vrp.py", "vrp-cli 1.25": "vrp_cli.py" };

function settings() {
  const [program, ...words] = process.argv.slice(2);
  const value = (name, otherwise) => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? otherwise : words[at + 1];
  };
  const peers = words.includes("--peers");
  const peerSeconds = value("peer-seconds", "30");
  return {
    program: resolve(program),
    // Beside peers ours gets their time too; and one seed, as they do.
    seconds: value("seconds", peers ? [...new Set(["2", peerSeconds])].join() : "2").split(",").map(Number),
    seeds: Number(value("seeds", peers ? "1" : "5")),
    only: value("only", "").split(",").filter(Boolean),
    peers,
    peerSeconds,
  };
}

/** What the engine's own judge says of a plan, whoever made it. */
function scored({ program }, problem, plan) {
  const said = JSON.parse(execFileSync(program, ["plan", problem, "--format", "vroom", "--check", plan], { encoding: "utf8" }));
  const score = { priority: said.unserved_priority, unserved: said.unserved, walking: said.walking };
  judged(problem, plan, score);
  return score;
}

function judged(problem, file, score) {
  if (!existsSync(JUDGE)) return;
  const said = JSON.parse(execFileSync("python3", [JUDGE, "vroom", problem, file], { encoding: "utf8" }));
  if (said.unserved_priority !== score.priority || said.walking_s !== score.walking) {
    throw new Error(`the judges differ on ${file}: ${JSON.stringify(said)} and ${JSON.stringify(score)}`);
  }
}

function run(asked, problem, seconds, seed, folder) {
  const file = join(folder, "plan.json");
  const words = ["plan", problem, "--format", "vroom", "--threads", "1", "--output", file];
  execFileSync(asked.program, [...words, "--seconds", String(seconds), "--seed", String(seed)], { stdio: ["ignore", "ignore", "inherit"] });
  const { iterations } = JSON.parse(readFileSync(file, "utf8")).summary;
  return { iterations, ...scored(asked, problem, file) };
}

function peer(asked, file, problem, folder) {
  const plan = join(folder, "plan.json");
  const began = performance.now();
  const words = ["-B", join("scripts/peers", file), problem, asked.peerSeconds, plan];
  execFileSync("target/peers/venv/bin/python", words, { stdio: ["ignore", "ignore", "inherit"] });
  const took = (performance.now() - began) / 1000;
  return { took, ...scored(asked, problem, plan) };
}

const better = (one, other) => one.priority - other.priority || one.walking - other.walking;

function line(cells, widths) {
  console.log(cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join("  "));
}

function median({ seeds, ...asked }, problem, seconds, folder) {
  const scores = [];
  for (let seed = 1; seed <= seeds; seed += 1) scores.push(run(asked, problem, seconds, seed, folder));
  return scores.sort(better)[Math.floor(scores.length / 2)];
}

function besideTargets(asked, names, folder) {
  const widths = [10, 5, 9, 9, 9, 9, 16, 16, 9];
  line(["problem", "s", "priority", "unserved", "walking", "steps/s", "target", "best known", "reached", "  best peer"], widths);
  const known = JSON.parse(readFileSync(join(FOLDER, "targets.json"), "utf8"));
  for (const name of names) {
    for (const seconds of asked.seconds) {
      const middle = median(asked, join(FOLDER, `${name}.vroom.json`), seconds, folder);
      const target = known[name].targets[seconds];
      const { best_known: best, peer } = known[name];
      const reached = target ? (better(middle, { priority: target[0], walking: target[1] }) <= 0 ? "yes" : "no") : "";
      line([name, seconds, middle.priority, middle.unserved, middle.walking, Math.round(middle.iterations / seconds),
        target?.join("/") ?? "", best.join("/"), reached, `  ${peer.score.join("/")} (${peer.name})`], widths);
    }
  }
}

function besidePeers(asked, names, folder) {
  const widths = [10, 14, 7, 9, 9, 9];
  line(["problem", "solver", "s", "priority", "unserved", "walking"], widths);
  for (const name of names) {
    const problem = join(FOLDER, `${name}.vroom.json`);
    const row = (solver, seconds, score) => line([name, solver, seconds.toFixed(1), score.priority, score.unserved, score.walking], widths);
    for (const seconds of asked.seconds) row("Yinling", seconds, median(asked, problem, seconds, folder));
    for (const [solver, file] of Object.entries(PEERS)) {
      const { took, ...score } = peer(asked, file, problem, folder);
      row(solver, took, score);
    }
  }
}

const asked = settings();
const problems = readdirSync(FOLDER).filter((name) => name.endsWith(".vroom.json")).map((name) => basename(name, ".vroom.json"));
const names = problems.sort((a, b) => Number(a.slice(4)) - Number(b.slice(4))).filter((name) => asked.only.length === 0 || asked.only.includes(name));
const folder = mkdtempSync(join(tmpdir(), "yinling-matching-"));
try {
  const seeds = asked.seeds === 1 ? "One seed" : `The median of ${asked.seeds} seeds`;
  console.log(`${seeds}, one thread. ${existsSync(JUDGE) ? "Both judges agree on every plan." : "Judged by the engine's own judge alone."}`);
  (asked.peers ? besidePeers : besideTargets)(asked, names, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
