// Knows the choices that are all on show: checkboxes and radio buttons.
import { el } from "./dom.js";
import { textObject, plain } from "./mrkdwn.js";

function row(slot, element, option, index, kind, checked, onchange) {
  const id = `${slot.controlId}-${index}`;
  const attrs = { type: kind, id, name: slot.controlId, value: option.value, autofocus: (index === 0 && element.focus_on_load) || undefined };
  const input = el("input", attrs);
  input.checked = checked;
  input.addEventListener("change", () => onchange(input.checked));
  return el("div", { class: "choice" }, input, el("label", { for: id },
    el("span", {}, textObject(option.text, slot.ctx)),
    option.description && el("span", { class: "choice-description" }, textObject(option.description, slot.ctx))));
}

function group(slot, element, role, rows) {
  return el("div", {
    class: "choices", role, id: slot.controlId, testid: `element-${element.action_id}`,
    "aria-label": slot.label || plain(element.placeholder), "aria-describedby": slot.describedBy,
  }, rows);
}

export function checkboxes(slot, element) {
  const rows = (element.options || []).map((option, index) => {
    const chosen = () => slot.value() || [];
    const isOn = chosen().some((one) => one.value === option.value);
    return row(slot, element, option, index, "checkbox", isOn, (on) => {
      const rest = chosen().filter((one) => one.value !== option.value);
      slot.set(element.options.filter((one) => (one === option ? on : rest.some((kept) => kept.value === one.value))));
      if (slot.dispatches) slot.dispatch();
    });
  });
  return group(slot, element, "group", rows);
}

export function radioButtons(slot, element) {
  const rows = (element.options || []).map((option, index) =>
    row(slot, element, option, index, "radio", slot.value()?.value === option.value, () => {
      slot.set(option);
      if (slot.dispatches) slot.dispatch();
    }));
  return group(slot, element, "radiogroup", rows);
}
