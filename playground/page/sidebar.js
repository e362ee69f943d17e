// Knows the list of conversations, the app, the bot's connection and the way to each.
import { avatar, el, icon, replace } from "./dom.js";
import { store } from "./store.js";

function slug(name) {
  return String(name).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function row({ testid, on, unread, go, children, label }) {
  return el("button", {
    type: "button", class: on ? "row on" : unread ? "row unread" : "row", testid, "aria-current": on ? "page" : undefined, onclick: go,
    "aria-label": unread ? `${label}, ${unread} unread` : label,
  }, children, unread > 0 && el("span", { class: "count", testid: "unread" }, unread > 99 ? "99+" : unread));
}

function group(title, rows) {
  return rows.length ? el("section", { class: "group" }, el("h2", {}, title), rows) : null;
}

/** What may be said of the bot: {text, good}. */
export function connection() {
  const { app } = store.state;
  return app.connected ? { good: true, text: `${app.name} is connected` } : { good: false, text: `${app.name} is not connected` };
}

/** actions: {go(place), traffic(), help(), people()}. */
export function renderSidebar(host, actions) {
  const { state, place } = store;
  const isOn = (id) => place.kind === "channel" && place.id === id;
  const appIm = store.appIm();
  const channels = store.channels().map((one) => row({
    testid: `channel-${slug(one.name)}`, on: isOn(one.id), unread: one.unread, label: one.name, go: () => actions.go({ kind: "channel", id: one.id }),
    children: [icon(one.is_private ? "lock" : "hash"), el("span", { class: "grow" }, one.name)],
  }));
  const direct = store.directMessages().filter((one) => one !== appIm).map((one) => row({
    testid: `dm-${slug(one.name)}`, on: isOn(one.id), unread: one.unread, label: one.name, go: () => actions.go({ kind: "channel", id: one.id }),
    children: [avatar(one.name, one.user), el("span", { class: "grow" }, one.name)],
  }));
  const app = [
    appIm && row({
      testid: `dm-${slug(state.app.name)}`, on: isOn(appIm.id), unread: appIm.unread, label: `${state.app.name} messages`, go: () => actions.go({ kind: "channel", id: appIm.id }),
      children: [avatar(state.app.name, appIm.user, true), el("span", { class: "grow" }, state.app.name)],
    }),
    row({
      testid: "home-tab", on: place.kind === "home", label: `${state.app.name} Home`, go: () => actions.go({ kind: "home" }),
      children: [icon("home"), el("span", { class: "grow" }, `${state.app.name} Home`)],
    }),
  ].filter(Boolean);
  const { text, good } = connection();
  replace(host,
    el("header", { class: "workspace" }, el("span", { class: "workspace-mark", "aria-hidden": "true" }, state.workspace.name[0]),
      el("div", {}, el("strong", {}, state.workspace.name), el("span", { class: "subtitle" }, "Practice workspace"))),
    el("nav", { class: "rows", "aria-label": "Conversations" }, group("App", app), group("Channels", channels), group("Direct messages", direct)),
    el("footer", { class: "sidebar-foot" },
      row({ testid: "help", label: "What to try first", go: actions.help, children: [icon("help"), el("span", { class: "grow" }, "What to try first")] }),
      row({ testid: "traffic-toggle", label: "Traffic", go: actions.traffic, children: [icon("pulse"), el("span", { class: "grow" }, `Traffic to and from ${state.app.name}`)] }),
      el("p", { class: good ? "connection good" : "connection bad", role: "status", testid: "connection" }, el("span", { class: "dot", "aria-hidden": "true" }), text)));
}

/** Unread messages outside the conversation on show. */
export function unreadElsewhere() {
  const all = [...store.channels(), ...store.directMessages()];
  return all.filter((one) => one.id !== store.place.id).reduce((sum, one) => sum + (one.unread || 0), 0);
}
