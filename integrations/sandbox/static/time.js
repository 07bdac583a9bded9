// Times of day in the zone of the visit, whatever zone the browser is in.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }));
  return formats.get(key);
}

export const clock = (moment, zone) => format(zone, { hour: "numeric", minute: "2-digit" }).format(moment);
export const day = (moment, zone) => format(zone, { weekday: "short", month: "short", day: "numeric" }).format(moment);
export const full = (moment, zone) =>
  `${format(zone, { weekday: "long", month: "long", day: "numeric", year: "numeric" }).format(moment)}, ${name(moment, zone)}`;

function name(moment, zone) {
  const parts = format(zone, { timeZoneName: "short" }).formatToParts(moment);
  return parts.find((part) => part.type === "timeZoneName").value;
}

// Minutes to add to UTC at that moment in that zone.
function offset(moment, zone) {
  const parts = format(zone, {
    hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(moment);
  const at = Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
  const wall = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
  return Math.round((wall - Math.floor(moment / 1000) * 1000) / 60000);
}

// The moment at which a wall clock in `zone` shows `text` ("2026-11-24T10:00"). Asked twice, for days on which clocks change.
export function fromWall(text, zone) {
  const wall = Date.parse(`${text}Z`);
  const guess = wall - offset(wall, zone) * 60000;
  return new Date(wall - offset(guess, zone) * 60000);
}

// What a datetime-local field must hold to show that moment in that zone.
export const toWall = (moment, zone) => new Date(moment + offset(moment, zone) * 60000).toISOString().slice(0, 16);
