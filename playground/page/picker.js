// Knows the select menus: one or several, from given options, from the app, or from people and conversations.
import { el, uid, icon, iconButton } from "./dom.js";
import { textObject, plain } from "./mrkdwn.js";
import { openPopup } from "./popup.js";
import { common } from "./inputs.js";

const SEARCH_FROM = 9;

/** Where the choices come from: groups [{label, options}], each option {text, value, description}. */
function staticGroups(element) {
  if (element.option_groups) return element.option_groups.map((group) => ({ label: plain(group.label), options: group.options || [] }));
  return [{ label: null, options: element.options || [] }];
}

function asOption(id, name, description) {
  return { value: id, text: { type: "plain_text", text: name, emoji: false }, description: description && { type: "plain_text", text: description } };
}

function peopleGroups(ctx) {
  return [{ label: null, options: ctx.people().map((p) => asOption(p.id, p.real_name || p.name, p.title)) }];
}

function conversationGroups(ctx, element) {
  const wanted = element.filter?.include;
  const fits = (kind) => !wanted || wanted.includes(kind);
  const channels = ctx.channels().filter((c) => fits(c.is_private ? "private" : "public"));
  const direct = /channels/.test(element.type) || !fits("im") ? [] : ctx.directMessages();
  return [{ label: null, options: [...channels.map((c) => asOption(c.id, `#${c.name}`)), ...direct.map((d) => asOption(d.id, d.name))] }];
}

/** How each type finds its choices and turns the picked options into a state value and back. */
function source(slot, element) {
  const type = element.type.replace(/^multi_/, "");
  if (type === "users_select") return { groups: () => peopleGroups(slot.ctx), ids: true };
  if (type === "conversations_select" || type === "channels_select") return { groups: () => conversationGroups(slot.ctx, element), ids: true };
  if (type === "external_select") return { remote: true, least: element.min_query_length ?? 3 };
  return { groups: () => staticGroups(element) };
}

function chosen(slot, element, from) {
  const value = slot.value();
  const list = Array.isArray(value) ? value : value ? [value] : [];
  if (!from.ids) return list;
  const all = from.groups().flatMap((group) => group.options);
  return list.map((id) => all.find((option) => option.value === id) || asOption(id, slot.ctx.personName(id) || slot.ctx.channelName(id) || id));
}

function optionRow(option, isOn, ctx, pick) {
  return el("li", { role: "option", id: uid("option"), "aria-selected": isOn ? "true" : "false", class: "option", onclick: pick },
    el("span", { class: "option-text" }, textObject(option.text, ctx)),
    isOn && icon("check"),
    option.description && el("span", { class: "option-description" }, textObject(option.description, ctx)));
}

function matches(option, query) {
  const words = `${plain(option.text)} ${option.description ? plain(option.description) : ""}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => words.includes(word));
}

/** The open list: search box where there is much to choose from, arrow keys, Enter. */
function openList(slot, element, from, trigger, onPick) {
  const name = slot.label || plain(element.placeholder) || "Options";
  const list = el("ul", { role: "listbox", id: uid("list"), class: "options", tabindex: -1, "aria-label": name });
  const searchable = from.remote || from.groups().reduce((sum, group) => sum + group.options.length, 0) >= SEARCH_FROM;
  const search = searchable ? el("input", {
    type: "text", class: "control", role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list",
    "aria-label": `Search ${name}`, placeholder: "Search", autocomplete: "off", testid: "select-search",
  }) : null;
  let rows = [];
  let active = -1;
  let asked = 0;
  const mark = (index) => {
    rows[active]?.classList.remove("active");
    active = rows.length ? (index + rows.length) % rows.length : -1;
    rows[active]?.classList.add("active");
    rows[active]?.scrollIntoView({ block: "nearest" });
    (search || list).setAttribute("aria-activedescendant", rows[active]?.id || "");
  };
  const show = (groups, emptyText) => {
    const on = chosen(slot, element, from).map((option) => option.value);
    rows = [];
    list.replaceChildren();
    for (const group of groups) {
      if (group.label && group.options.length) list.append(el("li", { role: "presentation", class: "option-group" }, group.label));
      for (const option of group.options) {
        const row = optionRow(option, on.includes(option.value), slot.ctx, () => {
          onPick(option);
          if (!element.type.startsWith("multi_")) close();
          else refresh();
        });
        rows.push(row);
        list.append(row);
      }
    }
    if (!rows.length) list.append(el("li", { role: "presentation", class: "empty" }, emptyText));
    mark(Math.max(0, rows.findIndex((row) => row.getAttribute("aria-selected") === "true")));
  };
  const refreshRemote = async (query) => {
    if (query.length < from.least) return show([], `Type ${from.least} or more characters to search.`);
    const turn = (asked += 1);
    if (!rows.length) show([], "Loading");
    const answer = await slot.options(query);
    if (turn !== asked) return undefined;
    const groups = answer.option_groups?.length ? staticGroups(answer) : [{ label: null, options: answer.options || [] }];
    return show(groups, answer.error || "No results.");
  };
  const refresh = () => {
    const query = search ? search.value.trim() : "";
    if (from.remote) return refreshRemote(query);
    return show(from.groups().map((group) => ({ ...group, options: group.options.filter((option) => matches(option, query)) })), "No results.");
  };
  const keys = (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter") rows[active]?.click();
    else if (event.key === "Tab") return close(false);
    else return undefined;
    return event.preventDefault();
  };
  const close = openPopup(trigger, [search && el("div", { class: "popup-search" }, search), list], { wide: true, label: name });
  trigger.setAttribute("aria-controls", list.id);
  let timer = null;
  search?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, from.remote ? 200 : 0);
  });
  (search || list).addEventListener("keydown", keys);
  refresh();
  (search || list).focus();
}

function single(slot, element, from) {
  const label = el("span", { class: "select-text" });
  const attrs = { ...common(slot, element), type: "button", role: "combobox", placeholder: undefined, class: "control select", "aria-haspopup": "listbox", "aria-expanded": "false" };
  const trigger = el("button", attrs, label, icon("down"));
  const show = () => {
    const [option] = chosen(slot, element, from);
    label.replaceChildren(...(option ? textObject(option.text, slot.ctx) : [plain(element.placeholder) || "Select an option"]));
    label.classList.toggle("placeholder", !option);
    // The visible choice belongs to the spoken name: "Action: A12 Night records".
    trigger.setAttribute("aria-label", `${slot.label || plain(element.placeholder)}: ${label.textContent}`);
  };
  const pick = (option) => {
    const off = slot.clearable && option.value === chosen(slot, element, from)[0]?.value;
    slot.set(off ? null : from.ids ? option.value : option);
    show();
    if (slot.dispatches) slot.dispatch();
  };
  trigger.addEventListener("click", () => openList(slot, element, from, trigger, pick));
  show();
  return trigger;
}

function several(slot, element, from) {
  const chips = el("span", { class: "chips" });
  const attrs = { ...common(slot, element), type: "button", role: "combobox", placeholder: undefined, class: "control select", "aria-haspopup": "listbox", "aria-expanded": "false" };
  const text = el("span", { class: "select-text placeholder" }, plain(element.placeholder) || "Select options");
  const trigger = el("button", attrs, text, icon("down"));
  const store = (options) => {
    slot.set(from.ids ? options.map((option) => option.value) : options);
    show();
    if (slot.dispatches) slot.dispatch();
  };
  const show = () => {
    const on = chosen(slot, element, from);
    chips.replaceChildren(...on.map((option) => el("span", { class: "chip" }, textObject(option.text, slot.ctx),
      iconButton("close", `Remove ${plain(option.text)}`, { onclick: () => store(chosen(slot, element, from).filter((one) => one.value !== option.value)) }))));
    chips.hidden = !on.length;
    trigger.setAttribute("aria-label", `${slot.label || plain(element.placeholder)}: ${on.length} selected`);
  };
  const pick = (option) => {
    const on = chosen(slot, element, from);
    if (on.some((one) => one.value === option.value)) store(on.filter((one) => one.value !== option.value));
    else if (!element.max_selected_items || on.length < element.max_selected_items) store([...on, option]);
  };
  trigger.addEventListener("click", () => openList(slot, element, from, trigger, pick));
  show();
  return el("div", { class: "several" }, chips, trigger);
}

export function select(slot, element) {
  const from = source(slot, element);
  return element.type.startsWith("multi_") ? several(slot, element, from) : single(slot, element, from);
}
