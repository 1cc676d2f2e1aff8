// Starts the program, as a person would, on a database, a port and a clock of its own.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 120_000;

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/**
 * Starts `yinling serve --demo` on a new database and waits until it is ready.
 *
 * @param {{program: string, env?: Record<string, string>, folder?: string, at?: string}} options `folder` keeps the data
 *   between starts; without it the data is thrown away with the program. `at` is the instant at which its clock starts.
 */
export async function startProgram({ program, env = {}, folder, at }) {
  const home = folder ?? mkdtempSync(join(tmpdir(), "yinling-program-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const clockFile = join(home, "clock");
  const setClock = (instant) => {
    const seconds = Math.round((new Date(instant).getTime() - Date.now()) / 1000);
    writeFileSync(clockFile, String(seconds));
  };
  setClock(at ?? new Date());

  const began = performance.now();
  const child = spawn(program, ["serve", "--demo"], {
    env: {
      ...process.env,
      YINLING_LISTEN: `127.0.0.1:${port}`,
      YINLING_DATABASE_URL: `sqlite:${join(home, "yinling.db")}`,
      YINLING_MAIL: `file:${join(home, "mail")}`,
      YINLING_CLOCK_FILE: clockFile,
      YINLING_KEY_FILE: join(home, "yinling.key"),
      // A build for tests on a busy machine is slow, and nobody is to be sent away for that.
      YINLING_PATIENCE_MS: "60000",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece) => (said = (said + piece).slice(-20_000)));
  }
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  let endedAs;
  void ended.then((how) => (endedAs = how));

  let readyMs;
  while (readyMs === undefined) {
    if (endedAs !== undefined) throw new Error(`The program ended (${endedAs}) before it was ready:\n${said}`);
    if (performance.now() - began > PATIENCE_MS) {
      child.kill("SIGKILL");
      throw new Error(`The program was not ready after ${PATIENCE_MS / 1000} s:\n${said}`);
    }
    const answer = await fetch(`${address}/readyz`).catch(() => undefined);
    if (answer?.ok) readyMs = performance.now() - began;
    else await sleep(50);
  }

  return {
    address,
    /** Milliseconds from its start until it was ready, a new database filled. */
    readyMs,
    /** What it printed last. */
    said: () => said,
    /** Sets its clock to `instant`, from where it goes on running. */
    setClock,
    /** Ends it as a power cut would. */
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    /** Stops it the polite way; answers how it ended. */
    async stop() {
      child.kill("SIGTERM");
      const how = await Promise.race([ended, sleep(10_000, "did not stop", { ref: false })]);
      if (how === "did not stop") child.kill("SIGKILL");
      if (!folder) rmSync(home, { recursive: true, force: true });
      return how;
    },
  };
}
