// Knows the clock of the stand-in: what time it is there, and the steps by which it moves forward.
import { api } from "./api.js";
import { el, icon, replace, toast } from "./dom.js";
import { addDays, instant, localDate, localTime, say, weekday } from "./dates.js";
import { openPopup } from "./popup.js";
import { store } from "./store.js";

/** The first day after today with the wanted property. */
function nextDay(today, fits) {
  let day = addDays(today, 1);
  while (!fits(day)) day = addDays(day, 1);
  return day;
}

function steps() {
  const zone = store.zone();
  const now = store.now();
  const today = localDate(now, zone);
  const nine = (day) => instant(day, "09:00", zone);
  const morning = localTime(now, zone) < "09:00" ? nine(today) : null;
  return [
    { testid: "clock-hour", label: "In 1 hour", to: new Date(now.getTime() + 3600e3), body: { advance_seconds: 3600 } },
    morning && { testid: "clock-today", label: "Today 09:00", to: morning },
    { testid: "clock-tomorrow", label: "Tomorrow 09:00", to: nine(addDays(today, 1)) },
    { testid: "clock-monday", label: "Next Monday 09:00", to: nine(nextDay(today, (day) => weekday(day) === 1)) },
    { testid: "clock-month", label: "First of next month 09:00", to: nine(nextDay(today, (day) => day.endsWith("-01"))) },
  ].filter(Boolean);
}

function words(date) {
  return `${say.day(date, store.zone())}, ${say.time(date, store.zone())}`;
}

async function move(body, panel) {
  panel?.setAttribute("aria-busy", "true");
  const result = await api.clock(body);
  panel?.removeAttribute("aria-busy");
  if (!result.now) return toast(result.error || "The clock could not be moved.", "error");
  store.offset = Date.parse(result.now) - Date.now();
  toast(`It is now ${words(store.now())}. What is due now arrives in a moment.`);
  store.hint({ type: "clock" });
  return true;
}

function customForm(done) {
  const zone = store.zone();
  const day = el("input", { type: "date", class: "control", "aria-label": "Date", testid: "clock-date", min: localDate(store.now(), zone) });
  const time = el("input", { type: "time", class: "control", "aria-label": "Time", testid: "clock-time" });
  day.value = addDays(localDate(store.now(), zone), 1);
  time.value = "09:00";
  const form = el("form", { class: "clock-custom" }, el("p", { class: "input-label" }, "Or a date and time"), el("div", { class: "pair" }, day, time),
    el("button", { type: "submit", class: "button primary", testid: "clock-set" }, "Move the clock"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!day.value || !time.value) return toast("Choose a date and a time.", "error");
    const to = instant(day.value, time.value, zone);
    if (to <= store.now()) return toast("The clock only moves forward. Choose a later time.", "error");
    return (await move({ to: to.toISOString() }, form)) && done();
  });
  return form;
}

function open(anchor) {
  const panel = el("div", { class: "clock-panel", testid: "clock-panel" });
  const { zone, now } = { zone: store.zone(), now: store.now() };
  replace(panel,
    el("p", { class: "clock-big" }, say.time(now, zone)), el("p", { class: "clock-day" }, say.long(now, zone)),
    el("p", { class: "hint" }, Math.abs(store.offset) < 60e3 ? "This is the real time. Move it forward to see reminders arrive." : "The clock was moved. It only moves forward."),
    el("div", { class: "clock-steps" }, steps().map((step) => el("button", {
      type: "button", class: "menu-item", testid: step.testid, onclick: async () => (await move(step.body || { to: step.to.toISOString() }, panel)) && close(),
    }, el("span", {}, step.label), el("span", { class: "menu-description" }, words(step.to))))),
    customForm(() => close()));
  const close = openPopup(anchor, panel, { wide: true, label: "Clock", role: "dialog" });
  panel.querySelector("button").focus();
}

/** The chip in the top bar that always shows the moved now. */
export class ClockChip {
  constructor(host) {
    this.day = el("span");
    this.time = el("span");
    this.text = el("span", { class: "clock-text", testid: "clock-now" }, this.day, " ", this.time);
    const chip = el("button", { type: "button", class: "clock-chip", testid: "clock", "aria-haspopup": "dialog", "aria-expanded": "false", title: "Move the clock" }, icon("clock"), this.text);
    chip.addEventListener("click", () => open(chip));
    host.append(chip);
    this.chip = chip;
    setInterval(() => this.show(), 1000);
  }

  show() {
    if (!store.state) return;
    const now = store.now();
    if (words(now) === this.shown) return;
    this.shown = words(now);
    this.day.textContent = say.day(now, store.zone());
    this.time.textContent = say.time(now, store.zone());
    this.chip.setAttribute("aria-label", `Clock: ${this.shown}. Move the clock`);
    this.chip.classList.toggle("moved", Math.abs(store.offset) > 60e3);
  }
}
