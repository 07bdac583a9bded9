// The page: asks for the state each second and hands it to its parts.

import { attempt, get, post, say, tellWebhook } from "./api.js";
import * as faults from "./faults.js";
import * as phones from "./phones.js";
import { clock, full, fromWall, toWall } from "./time.js";

const HOUR = 3600000;
const PEOPLE = ["Ana Diaz", "Bo Li", "Carla Rossi", "Dev Patel", "Ella Novak", "Femi Ade", "Grace Kim", "Hugo Martin", "Ines Costa", "Jonas Berg"];
const form = document.getElementById("book");
const filter = document.getElementById("filter");
const now = document.getElementById("now");
let state;
let suggested = -1;
let touched = false;
let away = false;
let settled = false;

async function refresh() {
  try {
    state = await get("/state");
    if (away) document.getElementById("toast").hidden = true;
    away = false;
    draw();
  } catch {
    if (!away) say("The sandbox does not answer. This page goes on by itself when it is back.");
    away = true;
  }
}

function draw() {
  const zone = form.timezone.value;
  const moment = Date.parse(state.now);
  now.querySelector("b").textContent = clock(moment, zone);
  now.querySelector("span").textContent = full(moment, zone);
  document.getElementById("desk").href = `${state.aro_url}/admin/`;
  const count = phones.show(state, filter.value, refresh);
  document.getElementById("empty").hidden = count > 0 || filter.value !== "";
  filter.hidden = phones.group(state).length < 5 && filter.value === "";
  drawPhoneless();
  if (!settled) faults.settle(state.choices.carrier);
  settled = true;
  faults.show(state.faults, refresh);
  drawSteps();
  if (!touched && suggested !== state.bookings.length) suggest();
}

function drawPhoneless() {
  const without = state.bookings.filter((visit) => !visit.phone);
  const note = document.getElementById("phoneless");
  note.hidden = without.length === 0;
  note.textContent = `Booked without a mobile number: ${without.map((visit) => visit.name).join(", ")}. ARO makes a task for the front desk.`;
}

// The next standing visit whose reminder is still ahead.
function next(hours) {
  const starts = state.bookings.filter((visit) => visit.status === "booked").map((visit) => Date.parse(visit.starts_at));
  return starts.filter((at) => at - hours * HOUR > Date.parse(state.now)).sort((a, b) => a - b)[0];
}

function drawSteps() {
  for (const hours of [48, 24]) document.getElementById(`to${hours}`).disabled = next(hours) === undefined;
}

// A new person, four days ahead at two in the afternoon: time enough for every reminder.
function suggest() {
  const used = new Set(state.bookings.map((visit) => phones.normal(visit.phone ?? "")));
  let number = 100;
  while (used.has(`+1202555${String(number).padStart(4, "0")}`)) number += 1;
  suggested = state.bookings.length;
  touched = false;
  form.elements.name.value = PEOPLE[state.bookings.length % PEOPLE.length];
  form.phone.value = `+1202555${String(number).padStart(4, "0")}`;
  const zone = form.timezone.value;
  form.starts.value = `${toWall(Date.parse(state.now) + 96 * HOUR, zone).slice(0, 11)}14:00`;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const visit = Object.fromEntries(["provider", "name", "service", "timezone"].map((name) => [name, data.get(name)]));
  visit.phone = data.get("phone").trim() || null;
  visit.starts_at = fromWall(data.get("starts"), visit.timezone).toISOString();
  if (await attempt(async () => tellWebhook(await post("/book", visit)), refresh)) suggest();
});

for (const step of document.querySelectorAll("[data-advance]")) {
  step.addEventListener("click", () => attempt(() => post("/clock", { advance_seconds: Number(step.dataset.advance) }), refresh));
}
document.getElementById("morning").addEventListener("click", () => {
  const zone = form.timezone.value;
  const today = fromWall(`${toWall(Date.parse(state.now), zone).slice(0, 10)}T10:00`, zone).getTime();
  const later = today > Date.parse(state.now) ? today : Date.parse(state.now) + 24 * HOUR;
  const to = fromWall(`${toWall(later, zone).slice(0, 10)}T10:00`, zone).toISOString();
  attempt(() => post("/clock", { to }), refresh);
});
for (const hours of [48, 24]) {
  document.getElementById(`to${hours}`).addEventListener("click", () => {
    const to = new Date(next(hours) - hours * HOUR + 5000).toISOString();
    attempt(() => post("/clock", { to }), refresh);
  });
}
form.addEventListener("input", (event) => { if (event.target !== form.timezone) touched = true; });
form.timezone.addEventListener("change", () => state && draw());
filter.addEventListener("input", () => state && draw());
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });

// On a small screen the phones come first once there are some.
if (matchMedia("(max-width: 860px)").matches) {
  get("/state").then((found) => { if (found.bookings.length) document.getElementById("booking").open = false; }).catch(() => {});
}

faults.prepare(refresh);

async function loop() {
  if (!document.hidden) await refresh();
  setTimeout(loop, 1000);
}
loop();
