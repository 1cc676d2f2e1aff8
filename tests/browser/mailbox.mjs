// Reads the mails that arrived at the tests' SMTP server: one file each, the envelope on top.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

function split(raw) {
  const cut = raw.search(/\r?\n\r?\n/);
  const head = raw.slice(0, cut).replace(/\r?\n[ \t]+/g, " ");
  const headers = new Map(
    head.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: raw.slice(cut).replace(/^(\r?\n){2}/, "") };
}

function decoded(headers, body) {
  const encoding = (headers.get("content-transfer-encoding") ?? "7bit").toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return Buffer.from(body, "latin1").toString("utf8");
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function text({ headers, body }) {
  const boundary = /boundary="?([^";]+)"?/i.exec(headers.get("content-type") ?? "")?.[1];
  if (!boundary) return decoded(headers, body);
  const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => split(part.replace(/^\r?\n/, "")));
  return parts.map(text).join("\n");
}

/** Every mail so far, oldest first: to whom, what it says, decoded. */
export function mails(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".eml"))
    .sort()
    .map((name) => split(readFileSync(join(folder, name), "latin1")))
    .map((mail) => ({ to: mail.headers.get("x-rcptto") ?? "", subject: mail.headers.get("subject") ?? "", text: text(mail) }));
}

/** Waits until a mail to `to` that `fits` has arrived, and answers the newest one. */
export async function arrived(folder, to, fits = () => true, seconds = 30) {
  for (let waited = 0; waited < seconds * 10; waited += 1) {
    const found = mails(folder).findLast((mail) => mail.to.includes(to) && fits(mail));
    if (found) return found;
    await sleep(100);
  }
  const there = mails(folder).map((mail) => `${mail.to}: ${mail.subject}`).join("\n");
  assert.fail(`No such mail to ${to} came within ${seconds} s. What came:\n${there}`);
}
