// Knows the typed inputs: text, numbers, e-mail, links, dates and times.
import { el } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { fromPlain, toPlain } from "./richtext.js";
import { instant, localDate, localTime } from "./dates.js";

/** Attributes every control shares: name for tests, label, focus, description. */
export function common(slot, element) {
  return {
    id: slot.controlId,
    testid: `element-${element.action_id}`,
    "aria-label": slot.labelled ? undefined : plain(element.placeholder) || slot.label,
    "aria-describedby": slot.describedBy,
    "aria-required": slot.required ? "true" : undefined,
    autofocus: element.focus_on_load || undefined,
    placeholder: element.placeholder ? plain(element.placeholder) : undefined,
  };
}

/** How many characters are left, once four fifths are used. */
function counter(most) {
  const node = el("span", { class: "counter", "aria-live": "polite" });
  return {
    node,
    show(length) {
      node.textContent = length > most * 0.8 ? `${length} of ${most} characters` : "";
      node.classList.toggle("over", length > most);
    },
  };
}

function wireText(control, slot, element, read) {
  const triggers = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  let timer = null;
  control.addEventListener("input", () => {
    slot.set(read(control.value));
    if (!slot.dispatches || !triggers.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => slot.dispatch(), 300);
  });
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (slot.dispatches && triggers.includes("on_enter_pressed") && !element.multiline) {
      event.preventDefault();
      slot.dispatch();
    } else if (event.target.tagName === "INPUT" && slot.submit) {
      event.preventDefault();
      slot.submit();
    }
  });
}

export function textInput(slot, element) {
  const value = slot.value() ?? "";
  const attrs = { ...common(slot, element), class: "control" };
  const control = element.multiline ? el("textarea", { ...attrs, rows: 4 }) : el("input", { ...attrs, type: "text", autocomplete: "off" });
  control.value = value;
  wireText(control, slot, element, (text) => text || null);
  if (!element.max_length) return control;
  const left = counter(element.max_length);
  control.addEventListener("input", () => left.show(control.value.length));
  left.show(value.length);
  return el("div", {}, control, left.node);
}

const TYPED = {
  number_input: { type: "text", inputmode: "decimal" },
  email_text_input: { type: "email", inputmode: "email" },
  url_text_input: { type: "url", inputmode: "url" },
};

export function typedInput(slot, element) {
  const control = el("input", { ...common(slot, element), ...TYPED[element.type], class: "control", autocomplete: "off" });
  control.value = slot.value() ?? "";
  wireText(control, slot, element, (text) => text.trim() || null);
  return control;
}

export function richInput(slot, element) {
  const control = el("textarea", { ...common(slot, element), class: "control", rows: 5 });
  control.value = toPlain(slot.value());
  wireText(control, slot, element, fromPlain);
  return control;
}

function change(slot, value) {
  slot.set(value);
  if (slot.dispatches) slot.dispatch();
}

export function dateInput(slot, element) {
  const control = el("input", { ...common(slot, element), type: "date", class: "control short" });
  control.value = slot.value() ?? "";
  control.addEventListener("change", () => change(slot, control.value || null));
  return control;
}

export function timeInput(slot, element) {
  const control = el("input", { ...common(slot, element), type: "time", class: "control short" });
  control.value = slot.value() ?? "";
  control.addEventListener("change", () => change(slot, control.value || null));
  return control;
}

export function dateTimeInput(slot, element) {
  const zone = slot.ctx.zone();
  const now = slot.value() ? new Date(slot.value() * 1000) : null;
  const day = el("input", { ...common(slot, element), type: "date", class: "control short", "aria-label": `${slot.label} date` });
  const time = el("input", { type: "time", class: "control short", "aria-label": `${slot.label} time` });
  day.value = now ? localDate(now, zone) : "";
  time.value = now ? localTime(now, zone) : "";
  const changed = () => {
    const complete = day.value && time.value;
    change(slot, complete ? Math.floor(instant(day.value, time.value, zone).getTime() / 1000) : null);
  };
  day.addEventListener("change", changed);
  time.addEventListener("change", changed);
  return el("div", { class: "pair" }, day, time);
}
