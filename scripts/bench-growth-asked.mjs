// What bench-growth asks: every question of the API's description that somebody may ask, and the operations of a day.

const PASSWORD = "yinling-demo";
/** An hour of company, for which somebody can always come. */
const SERVICE = "COM01";
/** In the order in which they are asked whether a question is theirs. */
const PEOPLE = ["coordinator", "clerk", "admin", "panel_member", "grid_officer", "volunteer", "daughter", "shopkeeper"];
/** Answers for ever, or not from the database. */
const APART = ["/api/events", "/api/openapi.json"];

async function send(side, who, path, body) {
  const answer = await fetch(side.address + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { cookie: side.people[who], "content-type": "application/json", origin: side.address },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const bytes = await answer.arrayBuffer();
  return { ok: answer.ok, status: answer.status, text: () => new TextDecoder().decode(bytes) };
}

async function good(side, who, path, body) {
  const answer = await send(side, who, path, body);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${answer.text().slice(0, 400)}`);
  return JSON.parse(answer.text());
}

/** Everybody's cookie. */
export async function enter(address, suffix) {
  const people = {};
  for (const who of PEOPLE) {
    const answer = await fetch(`${address}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address },
      body: JSON.stringify({ login: `demo-${who}${suffix}`, password: PASSWORD }),
    });
    if (!answer.ok) throw new Error(`${who} was not let in: ${answer.status} ${await answer.text()}`);
    people[who] = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  }
  return people;
}

/** Where paths lead in this community. */
export async function found(address, people) {
  const side = { address, people };
  const look = (who, path) => good(side, who, path);
  const me = await look("volunteer", "/api/me");
  const today = me.today;
  const [mother] = await look("daughter", "/api/family/residents");
  const [household] = await good(side, "clerk", "/api/households/search", { q: mother.door });
  const first = async (who, path, pick = (all) => all[0]) => pick(await look(who, path))?.id;
  const some = (lists) => Object.values(lists).flat().find((one) => one?.id && one?.what !== undefined);
  return {
    today,
    month: today.slice(0, 7),
    mother: mother.id,
    "/api/residents/{id}": mother.id,
    "/api/roll/{id}": mother.id,
    "/api/households/{id}": household.id,
    "/api/visits/{id}": mother.next_visit.visit_id,
    "/api/bookings/{id}": mother.next_visit.booking_id,
    "/api/helpers/{id}": me.helper_id,
    "/api/providers/{id}": await first("coordinator", "/api/providers/register"),
    "/api/series/{id}": await first("coordinator", "/api/series"),
    "/api/help-requests/{id}": await first("coordinator", "/api/help-requests", some),
    "/api/complaints/{id}": await first("coordinator", "/api/complaints", some),
    "/api/station/sessions/{id}": await first("coordinator", "/api/station/sessions"),
    "/api/time-accounts/{id}": await first("coordinator", "/api/time-accounts", (bank) => bank.accounts[0]),
  };
}

/** The address of a question in this community; nothing where nothing is there. */
function address(path, told, here) {
  let led = path;
  for (const [pattern, id] of Object.entries(here)) {
    if (path.startsWith(pattern) && pattern.startsWith("/api/")) led = path.replace(pattern, pattern.replace("{id}", id));
  }
  led = led.replace("{month}", here.month);
  if (led.includes("{") || led.includes("undefined")) return undefined;
  const known = { service: SERVICE, month: here.month, kind: "merchant", date: here.today, from: here.today, days: 7, purpose: "care" };
  const asked = (told.parameters ?? []).filter((one) => one.in === "query" && (one.required || one.name === "date"));
  const query = asked.map((one) => `${one.name}=${encodeURIComponent(known[one.name] ?? "")}`);
  return led + (query.length > 0 ? `?${query.join("&")}` : "");
}

/** Every question that somebody of them may ask in both communities. */
export async function questions(sides) {
  const document = await good(sides[0], "coordinator", "/api/openapi.json");
  const all = [];
  for (const [path, ways] of Object.entries(document.paths)) {
    if (!ways.get || APART.includes(path)) continue;
    const paths = sides.map((side) => address(path, ways.get, side.here));
    if (paths.includes(undefined)) continue;
    for (const who of PEOPLE) {
      const answers = await Promise.all(sides.map((side, at) => send(side, who, paths[at])));
      if (!answers.every((answer) => answer.ok)) continue;
      const ask = async (side) => {
        const answer = await send(side, who, paths[sides.indexOf(side)]);
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${answer.text().slice(0, 400)}`);
      };
      all.push({ name: path, ask });
      break;
    }
  }
  const typed = [
    ["clerk", "/api/households/search", "3-2-501"],
    ["clerk", "/api/households/search", "wgl"],
    ["clerk", "/api/helpers/search", "w"],
    ["coordinator", "/api/roll/search", "w"],
  ];
  for (const [who, path, q] of typed) all.push({ name: `${path} ${q}`, ask: (side) => good(side, who, path, { q }) });
  return all;
}

/** A time at which the mother can be visited, another each round. */
async function start(side, round) {
  const { mother, today } = side.here;
  side.times ??= (await good(side, "clerk", `/api/residents/${mother}/times?service=${SERVICE}&from=${today}&days=14`)).days
    .flatMap((day) => day.times)
    .map((time) => time.start);
  return side.times[(round + 3) % side.times.length];
}

/** What is done all day, and undone where it would stand in the way of the next. */
export function operations() {
  const book = async (side, round) => {
    const body = { service: SERVICE, start: await start(side, round), if_unserved: "tray" };
    const path = `/api/residents/${side.here.mother}/bookings`;
    side.booked = (await good(side, "clerk", path, body)).booking_id;
  };
  const cancel = (side) => good(side, "clerk", `/api/bookings/${side.booked}/cancel`, { reason: "不用了" });
  const call = async (side) => {
    side.call = (await good(side, "clerk", "/api/calls", { number: "13900001111" })).id;
    await good(side, "clerk", `/api/calls/${side.call}/end`, { outcome: "information" });
  };
  return [
    { name: "book, and cancel", ask: async (side, round) => (await book(side, round), cancel(side)) },
    { name: "take a call, and end it", ask: call },
  ];
}
