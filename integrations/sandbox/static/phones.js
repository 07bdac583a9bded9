// The phones: one card for each number, redrawn only when something about it changed.

import { attempt, post, tellWebhook } from "./api.js";
import { clock, day, fromWall, toWall } from "./time.js";

const ROOM = document.getElementById("phones");
const HOUR = 3600000;
const HUES = [165, 205, 28, 340, 260, 130, 12, 290];
const TICK = '<path d="M1.5 5.5l3 3 6-7"/>';
const TICKS = '<path d="M1.5 5.5l3 3 6-7M7 8l.5.5 6-7"/>';
const cards = new Map();
const seen = new Set();
let first = true;

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function drawing(paths, box) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = paths;
  return svg;
}

function button(text, act, className) {
  const node = make("button", className, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

// Everything known about each number: its visits and its texts.
export function group(state) {
  const phones = new Map();
  const at = (number) => {
    if (!phones.has(number)) phones.set(number, { number, visits: [], texts: [], order: phones.size });
    return phones.get(number);
  };
  for (const visit of state.bookings) if (visit.phone) at(normal(visit.phone)).visits.push(visit);
  for (const text of state.messages) at(text.phone).texts.push(text);
  return [...phones.values()].reverse();
}

// Booking forms take numbers as people type them; the carrier knows them as +12025550100.
export function normal(typed) {
  const digits = typed.replace(/\D/g, "");
  if (typed.trim().startsWith("+")) return `+${digits}`;
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}

export function show(state, wanted, refresh) {
  const shown = group(state).filter((phone) => matches(phone, wanted)).slice(0, 60);
  const numbers = new Set(shown.map((phone) => phone.number));
  for (const [number, card] of cards) if (!numbers.has(number)) { card.root.remove(); cards.delete(number); }
  shown.forEach((phone, index) => {
    const card = cards.get(phone.number) ?? build(phone, refresh);
    if (ROOM.children[index] !== card.root) ROOM.insertBefore(card.root, ROOM.children[index] ?? null);
    update(card, phone, state, refresh);
  });
  first = false;
  return shown.length;
}

function matches(phone, wanted) {
  const text = `${phone.number} ${phone.visits.map((visit) => visit.name).join(" ")}`.toLowerCase();
  return text.includes(wanted.toLowerCase());
}

function build(phone, refresh) {
  const root = make("article", "phone new");
  const bar = make("div", "bar");
  const time = make("span");
  bar.append(time, drawing('<path d="M0 8h2v3H0zM4 6h2v5H4zM8 3h2v8H8zM12 0h2v11h-2zM20 1h13v9H20zM34 4h2v3h-2z"/>', "0 0 36 11"));
  const who = make("header", "who");
  const face = make("div", "face");
  const names = make("div");
  const name = make("h3");
  names.append(name, make("span", "", phone.number));
  who.append(face, names);
  const visits = make("div", "visits");
  const thread = make("div", "thread");
  thread.setAttribute("role", "log");
  thread.setAttribute("tabindex", "0");
  root.append(bar, who, visits, thread, answers(phone.number, refresh));
  const card = { root, time, face, name, visits, thread, drawn: {}, number: phone.number };
  cards.set(phone.number, card);
  return card;
}

function answers(number, refresh) {
  const box = make("footer", "answer");
  const quick = make("div", "quick");
  const send = (body) => attempt(async () => tellWebhook(await post("/reply", { from: number, body, ...channel(number) })), refresh);
  for (const [word, meaning] of [["C", "confirm"], ["R", "move"], ["X", "can't"], ["STOP", ""]]) {
    const chip = button("", () => send(word), word === "STOP" ? "stop" : "");
    chip.append(make("b", "", word), meaning ? ` ${meaning}` : "");
    chip.setAttribute("aria-label", `Answer ${word}`);
    quick.append(chip);
  }
  const form = make("form");
  const field = make("input");
  Object.assign(field, { maxLength: 1600, placeholder: "Text message", autocomplete: "off", name: "body" });
  field.setAttribute("aria-label", `Text from ${number}`);
  const go = make("button");
  go.setAttribute("aria-label", "Send");
  go.append(drawing('<path d="M12 20V5M5 11l7-7 7 7"/>', "0 0 24 24"));
  form.append(field, go);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = field.value;
    if (body.trim() && (await send(body))) field.value = "";
  });
  box.append(quick, form);
  return box;
}

// People answer where they were written to.
function channel(number) {
  const texts = cards.get(number)?.texts ?? [];
  return texts.length ? { channel: texts[texts.length - 1].channel } : {};
}

function update(card, phone, state, refresh) {
  const zone = phone.visits.at(-1)?.timezone ?? "America/New_York";
  const names = [...new Set(phone.visits.map((visit) => visit.name))];
  card.texts = phone.texts;
  card.time.textContent = clock(Date.parse(state.now), zone);
  redraw(card, "name", names, () => {
    card.name.textContent = names.join(", ") || "Unknown number";
    card.face.textContent = (names[0] ?? "?").split(/\s+/).map((part) => part[0]).join("").slice(0, 2).toUpperCase();
    card.face.style.background = `hsl(${HUES[Number(phone.number.slice(-2)) % HUES.length || 0]} 45% 42%)`;
    card.root.setAttribute("aria-label", `Phone of ${card.name.textContent}`);
    card.thread.setAttribute("aria-label", `Texts of ${card.name.textContent}`);
  });
  redraw(card, "visits", phone.visits, () => {
    const open = new Set([...card.visits.querySelectorAll("[open]")].map((node) => node.dataset.id));
    const held = document.activeElement?.closest?.(".visit")?.dataset.id;
    card.visits.replaceChildren(...phone.visits.toReversed().map((visit) => visitRow(visit, refresh, open)));
    if (held) card.visits.querySelector(`[data-id="${CSS.escape(held)}"] > summary`)?.focus();
  });
  redraw(card, "texts", [phone.texts, state.payment_links], () => drawThread(card, phone.texts, zone, state, refresh));
}

function redraw(card, part, data, draw) {
  const now = JSON.stringify(data);
  if (card.drawn[part] === now) return;
  card.drawn[part] = now;
  draw();
}

function visitRow(visit, refresh, open) {
  const row = make("details", "visit");
  row.dataset.id = visit.booking_id;
  row.open = open.has(visit.booking_id);
  const at = Date.parse(visit.starts_at);
  const line = make("summary");
  const when = make("div", "when");
  when.append(make("b", "", `${day(at, visit.timezone)}, ${clock(at, visit.timezone)}`), make("span", "what", visit.service));
  line.append(when);
  line.append(make("span", `tag ${visit.status}`, { booked: "booked", cancelled: "cancelled", no_show: "no-show" }[visit.status]));
  row.append(line);
  if (visit.status === "booked") row.append(acts(visit, at, refresh));
  if (visit.status === "no_show") row.append(takenBack(visit, refresh));
  return row;
}

function takenBack(visit, refresh) {
  const box = make("div", "acts");
  const undo = { provider: visit.provider, booking_id: visit.booking_id, undo: true };
  box.append(button("Did come after all", () => attempt(async () => tellWebhook(await post("/no-show", undo)), refresh)));
  return box;
}

function acts(visit, at, refresh) {
  const box = make("div", "acts");
  const key = { provider: visit.provider, booking_id: visit.booking_id };
  const act = (path, more) => () => attempt(async () => tellWebhook(await post(path, { ...key, ...more })), refresh);
  const clockTo = (moment) => () => attempt(() => post("/clock", { to: new Date(moment).toISOString() }), refresh);
  const nextDay = fromWall(toWall(at + 24 * HOUR, visit.timezone).slice(0, 11) + toWall(at, visit.timezone).slice(11), visit.timezone);
  box.append(
    button("Go to 48 h before", clockTo(at - 48 * HOUR + 5000)),
    button("24 h before", clockTo(at - 24 * HOUR + 5000)),
    button("After the visit", clockTo(at + 9 * HOUR)),
    button("Move one day later", act("/reschedule", { starts_at: nextDay.toISOString() })),
    button("Patient cancels", act("/cancel", { by: "invitee" })),
    button("Clinic cancels", act("/cancel", { by: "host" })),
    button("Did not come", act("/no-show", {})),
  );
  return box;
}

function drawThread(card, texts, zone, state, refresh) {
  const low = card.thread.scrollHeight - card.thread.scrollTop - card.thread.clientHeight < 60;
  const nodes = [];
  let last = "";
  for (const text of texts) {
    const at = Date.parse(text.accepted_at);
    if (day(at, zone) !== last) nodes.push(make("div", "day", (last = day(at, zone))));
    nodes.push(...bubble(text, at, zone, state, refresh));
  }
  if (!nodes.length) nodes.push(make("p", "still", "No text yet."));
  card.thread.replaceChildren(...nodes);
  if (low || first) card.thread.scrollTop = card.thread.scrollHeight;
}

function bubble(text, at, zone, state, refresh) {
  const lost = text.status === "undelivered" || text.status === "failed";
  const fresh = !first && !seen.has(text.sid);
  seen.add(text.sid);
  const body = make("div", `bubble ${text.direction}${lost ? " lost" : ""}${fresh ? " new" : ""}`);
  body.append(...linked(text.body));
  const meta = make("div", `meta ${text.direction} ${lost ? "lost" : text.status}`);
  meta.append(...fine(text, lost, clock(at, zone)));
  const links = state.payment_links.filter((link) => text.direction === "outbound" && text.body.includes(link.url));
  return [body, meta, ...links.map((link) => payButton(link, refresh))];
}

function fine(text, lost, time) {
  const via = text.channel === "whatsapp" ? [make("span", "via", "WhatsApp")] : [];
  if (text.direction === "inbound") return [...via, time];
  if (lost) return [...via, `${time} · not delivered${text.error_code ? ` (${text.error_code})` : ""}`];
  const done = text.status === "delivered";
  const moving = text.status === "sent" || done ? [drawing(done ? TICKS : TICK, "0 0 15 10")] : [];
  return [...via, time, ...moving, text.status];
}

function linked(body) {
  return body.split(/(https?:\/\/[^\s]+)/).map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const link = make("a", "", part);
    Object.assign(link, { href: part, target: "_blank", rel: "noopener noreferrer" });
    return link;
  });
}

function payButton(link, refresh) {
  const whole = ["jpy", "krw", "clp", "vnd"].includes(link.currency);
  const sum = new Intl.NumberFormat("en-US", { style: "currency", currency: link.currency }).format(link.amount / (whole ? 1 : 100));
  const pay = () => attempt(async () => tellWebhook(await post("/pay", { payment_link_id: link.id })), refresh);
  const node = button(link.active ? `Pay ${sum}` : "Paid or closed", pay, "pay");
  node.disabled = !link.active;
  return node;
}
