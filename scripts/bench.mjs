// Times the given program over HTTP: how long the demonstration takes to be made, and how long the times of a booking.
//   node scripts/bench.mjs PROGRAM
// Fails when the times of some service take longer to compute than people are promised.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { startProgram } from "../tests/browser/program.mjs";

const ROUNDS = 5;
/** What the times of a week may take to compute for any service, in its median: one round of a busy machine is no news. */
const LIMIT_MS = 50;

function at(share, samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function row(name, samples, remark = "") {
  const cells = [0.5, 0.95, 1].map((share) => at(share, samples).toFixed(1).padStart(9));
  console.log(`${name.padEnd(46)}${String(samples.length).padStart(6)}${cells.join("")}  ms  ${remark}`.trimEnd());
}

async function get(address, path, cookie) {
  const began = performance.now();
  const answer = await fetch(address + path, { headers: { cookie } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(body)}`);
  return { ms: performance.now() - began, body };
}

async function enter(address, kind) {
  const answer = await fetch(`${address}/api/session/demo`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: address },
    body: JSON.stringify({ kind }),
  });
  if (!answer.ok) throw new Error(`${kind} was not let in: ${answer.status} ${await answer.text()}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

async function timesOfEveryService(address) {
  const cookie = await enter(address, "daughter");
  const { body: residents } = await get(address, "/api/family/residents", cookie);
  const mother = residents[0].id;
  const { body: catalogue } = await get(address, `/api/residents/${mother}/catalogue`, cookie);
  const services = catalogue.flatMap((category) => category.services).filter((service) => service.bookable);
  const { body: me } = await get(address, "/api/me", cookie);
  const taken = [];
  const computed = new Map(services.map(({ code, name }) => [code, { name, samples: [] }]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { code } of services) {
      const path = `/api/residents/${mother}/times?service=${encodeURIComponent(code)}&from=${me.today}&days=7`;
      const { ms, body } = await get(address, path, cookie);
      taken.push(ms);
      computed.get(code).samples.push(body.computed_ms);
    }
  }
  const [slowest] = [...computed.values()].sort((a, b) => at(0.5, b.samples) - at(0.5, a.samples));
  return { services: services.length, taken, computed: [...computed.values()].flatMap(({ samples }) => samples), slowest };
}

async function boards(address) {
  const cookie = await enter(address, "coordinator");
  const { body: me } = await get(address, "/api/me", cookie);
  const taken = [];
  for (let round = 0; round < 40; round += 1) taken.push((await get(address, `/api/board?date=${me.today}`, cookie)).ms);
  return taken;
}

const program = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), "yinling-bench-"));
try {
  const filling = await startProgram({ program, folder });
  await filling.stop();
  const again = await startProgram({ program, folder });
  try {
    const times = await timesOfEveryService(again.address);
    const board = await boards(again.address);
    console.log(`\n${"".padEnd(46)}${"times".padStart(6)}${["median", "p95", "most"].map((word) => word.padStart(9)).join("")}`);
    row("start with a new database, compound filled", [filling.readyMs]);
    row("start again", [again.readyMs]);
    row(`times of a week (${times.services} services), over HTTP`, times.taken);
    row("times of a week, the computing alone", times.computed);
    row("the same, of the slowest service", times.slowest.samples, `limit of the median ${LIMIT_MS} ms (${times.slowest.name})`);
    row("the board of a day, over HTTP", board);
    if (at(0.5, times.slowest.samples) > LIMIT_MS) {
      console.error(`The times of “${times.slowest.name}” take longer to compute than ${LIMIT_MS} ms.`);
      process.exitCode = 1;
    }
  } finally {
    await again.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
