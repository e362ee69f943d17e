// Knows how an instant reads in a person's time zone, and which instant a local date and time is.

const LOCALE = "en-GB";
const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  return formats.get(key);
}

function parts(date, zone) {
  const found = {};
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  for (const part of format(zone, options).formatToParts(date)) found[part.type] = part.value;
  return found;
}

/** "2026-03-01" of an instant, in the zone. */
export function localDate(date, zone) {
  const p = parts(date, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** "09:05" of an instant, in the zone. */
export function localTime(date, zone) {
  const p = parts(date, zone);
  return `${p.hour}:${p.minute}`;
}

/** The instant at which the clocks of the zone show this day and time (first guess corrected twice, for DST edges). */
export function instant(day, time, zone) {
  const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const p = parts(new Date(guess), zone);
    guess += wanted - Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}Z`);
  }
  return new Date(guess);
}

/** The calendar day n days after "2026-03-01". */
export function addDays(day, n) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + n);
  return date.toISOString().slice(0, 10);
}

/** 0 = Sunday .. 6 = Saturday of "2026-03-01". */
export function weekday(day) {
  return new Date(`${day}T12:00:00Z`).getUTCDay();
}

export const say = {
  time: (date, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date),
  seconds: (date, zone) => format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(date),
  short: (date, zone) => format(zone, { day: "numeric", month: "short", year: "numeric" }).format(date),
  date: (date, zone) => format(zone, { day: "numeric", month: "long", year: "numeric" }).format(date),
  long: (date, zone) => format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date),
  day: (date, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(date),
};

/** "today", "yesterday", "tomorrow" or null, for the _pretty formats. */
export function nearDay(date, zone, now) {
  const day = localDate(date, zone);
  const today = localDate(now, zone);
  if (day === today) return "today";
  if (day === addDays(today, -1)) return "yesterday";
  if (day === addDays(today, 1)) return "tomorrow";
  return null;
}

function ago(date, now) {
  const seconds = Math.round((date - now) / 1000);
  const steps = [[60, "second"], [3600, "minute"], [86400, "hour"], [Infinity, "day"]];
  const sizes = { second: 1, minute: 60, hour: 3600, day: 86400 };
  const unit = steps.find(([limit]) => Math.abs(seconds) < limit)[1];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / sizes[unit]), unit);
}

/** Slack's date tokens ({date_short_pretty} {time} ...) filled in. */
export function fillDateFormat(pattern, date, zone, now) {
  const near = nearDay(date, zone, now);
  const tokens = {
    date_num: localDate(date, zone),
    date_slash: localDate(date, zone).split("-").reverse().join("/"),
    date: say.date(date, zone),
    date_short: say.short(date, zone),
    date_long: say.long(date, zone),
    date_long_full: say.long(date, zone),
    date_pretty: near || say.date(date, zone),
    date_short_pretty: near || say.short(date, zone),
    date_long_pretty: near || say.long(date, zone),
    day_divider_pretty: near || say.long(date, zone),
    time: say.time(date, zone),
    time_secs: say.seconds(date, zone),
    ago: ago(date, now),
  };
  const filled = pattern.replace(/\{(\w+)\}/g, (whole, name) => tokens[name] ?? whole);
  return near && filled.startsWith(near) ? near[0].toUpperCase() + filled.slice(1) : filled;
}
