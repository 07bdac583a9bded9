// The fault switches: the usual ones by plain names, any other by form.

import { attempt, post, remove } from "./api.js";

// Whoever carries the texts of this installation; its own name and codes come with the state.
const CARRIER = "carrier";
const PRESETS = [
  ["Texts", [
    ["Go out, but the carrier never answers", { provider: CARRIER, kind: "timeout_after_accept", seconds: 15 }],
    ["The carrier is down", { provider: CARRIER, kind: "http_500" }],
    ["The carrier says: too many", { provider: CARRIER, kind: "http_429", seconds: 5 }],
    ["The carrier is slow", { provider: CARRIER, kind: "slow", seconds: 4 }],
    ["The patient's phone is off", { provider: CARRIER, kind: "error_code", code: "phone_off" }],
    ["The phone is a landline", { provider: CARRIER, kind: "error_code", code: "landline" }],
    ["The mail server is down", { provider: "email", kind: "http_500" }],
    ["Delivery reports come twice", { provider: CARRIER, kind: "duplicate_callback" }],
    ["Delivery reports never come", { provider: CARRIER, kind: "no_callback" }],
  ]],
  ["Bookings through Calendly", [
    ["Each webhook comes twice", { provider: "calendly", kind: "duplicate_callback" }],
    ["A move arrives in the wrong order", { provider: "calendly", kind: "callback_out_of_order" }],
    ["Webhooks are lost", { provider: "calendly", kind: "no_callback" }],
  ]],
  ["Payments", [
    ["Stripe is down", { provider: "stripe", kind: "http_500" }],
    ["Each event comes twice", { provider: "stripe", kind: "duplicate_callback" }],
  ]],
];
const NAMES = {
  calendly: "Calendly", acuity: "Acuity", square: "Square", calcom: "Cal.com", custom: "Own booking system", easyappointments: "Easy!Appointments",
  email: "Mail server", stripe: "Stripe", llm: "Language model",
};
const KINDS = {
  timeout: "No answer", timeout_after_accept: "Done, but no answer", http_500: "Error 500", http_429: "Too many requests (429)",
  slow: "Slow", garbage: "Answers garbage", connection_refused: "Connection breaks", error_code: "Error code",
  duplicate_callback: "Callbacks twice", callback_out_of_order: "Callbacks in wrong order", no_callback: "No callbacks", no_reply: "Replies are lost",
};
const boxes = [];
const other = document.getElementById("others");
const count = document.getElementById("faultcount");
const allOff = document.getElementById("nofaults");
let drawn = "";

const same = (fault, preset) =>
  fault.provider === preset.provider && fault.kind === preset.kind && fault.rate === 1 && fault.count === null &&
  (preset.code === undefined || fault.code === preset.code) && (preset.seconds === undefined || fault.seconds === preset.seconds);

function switchRow(label, preset, refresh) {
  const row = document.createElement("label");
  row.className = "switch";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", role: "switch" });
  box.addEventListener("change", () => attempt(
    () => (box.checked ? post("/faults", preset) : remove(`/faults?id=${box.dataset.id}`)), refresh));
  boxes.push({ box, preset });
  row.append(box, label);
  return row;
}

function option(value, text) {
  return Object.assign(document.createElement("option"), { value, textContent: text });
}

export function prepare(refresh) {
  const room = document.getElementById("switches");
  for (const [title, rows] of PRESETS) {
    room.append(Object.assign(document.createElement("div"), { className: "group", textContent: title }));
    room.append(...rows.map(([label, preset]) => switchRow(label, preset, refresh)));
  }
  document.getElementById("faultkind").append(...Object.entries(KINDS).map(([value, text]) => option(value, text)));
  document.getElementById("fault").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => post("/faults", asked(new FormData(event.target))), refresh);
  });
  allOff.addEventListener("click", () => attempt(() => remove("/faults"), refresh));
}

export function settle({ name, codes, labels }) {
  Object.assign(NAMES, labels);
  for (const preset of PRESETS.flatMap(([, rows]) => rows.map(([, one]) => one))) {
    if (preset.provider !== CARRIER) continue;
    preset.provider = name;
    if (preset.code) preset.code = codes[preset.code];
  }
  const choice = document.getElementById("faultprovider");
  choice.append(...Object.entries(NAMES).map(([value, text]) => option(value, text)));
  choice.value = name;
}

function asked(form) {
  const fault = { provider: form.get("provider"), kind: form.get("kind"), rate: Number(form.get("rate")) / 100 };
  for (const name of ["count", "seconds"]) if (form.get(name)) fault[name] = Number(form.get(name));
  if (form.get("code")) fault.code = form.get("code");
  return fault;
}

export function show(faults, refresh) {
  const live = faults.filter((fault) => fault.count !== 0);
  if (JSON.stringify(live) === drawn) return;
  drawn = JSON.stringify(live);
  const named = new Set();
  for (const { box, preset } of boxes) {
    const fault = live.find((candidate) => same(candidate, preset));
    box.checked = Boolean(fault);
    box.dataset.id = fault?.id ?? "";
    if (fault) named.add(fault.id);
  }
  other.replaceChildren(...live.filter((fault) => !named.has(fault.id)).map((fault) => row(fault, refresh)));
  count.hidden = allOff.hidden = live.length === 0;
  count.textContent = `${live.length} on`;
}

function row(fault, refresh) {
  const item = document.createElement("li");
  const left = fault.count === null ? "" : `, ${fault.count} left`;
  const share = fault.rate < 1 ? `, ${Math.round(fault.rate * 100)} %` : "";
  const off = Object.assign(document.createElement("button"), { type: "button", textContent: "Off" });
  off.addEventListener("click", () => attempt(() => remove(`/faults?id=${fault.id}`), refresh));
  item.append(`${NAMES[fault.provider]}: ${KINDS[fault.kind].toLowerCase()} ${fault.code ?? ""}${share}${left}`, off);
  return item;
}
