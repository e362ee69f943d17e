// Knows how the parts of the page hang together: who is chosen, where they are, and what a hint makes fresh.
//
// Stable hooks for browser tests (data-testid):
//   people dialog: people, person-<user id> (with data-name); person-picker (top bar) opens it
//   layout: menu (phone: opens the list), place-title, tab-home, tab-messages, connection, connection-banner, toast, help, help-dialog, welcome, tip
//   list: channel-<name>, dm-<name> (dm-grip), home-tab, unread (inside a row), traffic-toggle
//   messages: messages, message (data-ts, data-ephemeral="1"), message-menu, message-reply, menu-reply, message-shortcut-<callback_id>, thread-link, file
//   composer: composer, send, attach, composer-files, shortcuts, shortcut-<callback_id>, slash, suggestions, suggestion, file-row
//   thread: thread, pane-close, thread-composer, thread-send, thread-attach, thread-composer-files
//   modal: modal, modal-submit, modal-cancel, modal-close, modal-back, modal-error, field-<block_id>, error-<block_id>, confirm, confirm-yes, confirm-no
//   elements anywhere: element-<action_id> (inputs, selects), button-<action_id> (buttons, overflow), popup, select-search; options have role=option
//   blocks: chart, table, data-table, card, carousel, container, alert; home (blocks of the Home tab)
//   clock: clock, clock-now, clock-panel, clock-hour, clock-today, clock-tomorrow, clock-monday, clock-month, clock-date, clock-time, clock-set
//   traffic: traffic, traffic-item (data-kind), traffic-search
import { api, Live } from "./api.js";
import { avatar, debounce, el, icon, iconButton, replace, toast } from "./dom.js";
import { store } from "./store.js";
import { connection, renderSidebar, unreadElsewhere } from "./sidebar.js";
import { Conversation, noteLocally } from "./conversation.js";
import { Composer } from "./composer.js";
import { ClockChip } from "./clock.js";
import { TrafficPane } from "./traffic.js";
import { Modal } from "./modal.js";
import { Home } from "./home.js";
import { openHelp, openPeople, tipCard } from "./welcome.js";

const page = (id) => document.getElementById(id);
const modal = new Modal(() => refreshViews().catch(trouble));
const home = new Home(page("home"));
const traffic = new TrafficPane();
const channel = new Conversation(page("messages"), { openThread, intro: () => [tipCard(useTip)] });
const composer = new Composer(page("composer"), { prefix: "", thread: () => null, sent: () => channel.expect() });
const threadHost = el("div", { class: "pane-scroll" });
const threadNode = el("div", { class: "thread", testid: "thread" }, threadHost);
const thread = new Conversation(threadHost);
const threadComposer = new Composer(threadNode, { prefix: "thread-", thread: () => store.place.thread, note: threadNote, sent: () => thread.expect() });
const clock = new ClockChip(page("clock"));
let live = null;
let online = true;
let moves = Promise.resolve();
let moving = 0; // changes of place that are not done yet

function threadNote(text) {
  noteLocally(store.place.id, text);
  store.hint({ type: "message", channel: store.place.id });
}

function useTip(text) {
  const general = store.channels()[0];
  if (store.place.kind !== "channel" && general) go({ kind: "channel", id: general.id });
  closeDrawer();
  composer.put(text);
}

// Where we are lives in the address, so that Back works and a tab can be kept for each person.
function go(place) {
  const parts = [store.user, place.kind === "home" ? "home" : place.id, place.thread].filter(Boolean);
  closeDrawer();
  move(parts.join("/"));
}

// Words typed before the next conversation is there would be taken for the one that is left.
function move(hash) {
  if (location.hash === `#${hash}`) return;
  composer.hold(true);
  location.hash = hash;
}

function readHash() {
  const [user, where, threadTs] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { user: user || null, place: where === "home" ? { kind: "home" } : { kind: "channel", id: where, thread: threadTs } };
}

function defaultPlace() {
  const words = (store.self()?.title || "").toLowerCase();
  const fitting = store.channels().find((one) => words.includes(one.name.replace(/[-_]/g, " ")));
  const first = fitting || store.channels().find((one) => one.name !== "general") || store.channels()[0];
  return first ? { kind: "channel", id: first.id } : { kind: "home" };
}

async function follow() {
  const { user, place } = readHash();
  if (user !== store.user || !store.state) await become(user);
  if (!store.user) return;
  store.place = place;
  if (place.kind === "channel" && !store.conversation()) {
    go(defaultPlace());
    return;
  }
  await openPlace();
}

/** One change of place after another, so that a quick second one never meets a half-changed person. */
function navigate() {
  moving += 1;
  moves = moves.then(follow).catch(trouble).finally(() => {
    moving -= 1;
    if (!moving) composer.hold(false);
  });
}

async function become(user) {
  live?.stop();
  store.user = user;
  modal.show([]);
  try {
    await store.load();
  } catch {
    store.user = null;
    await store.load();
  }
  if (!store.user) {
    openPeople(choose, true);
    return;
  }
  sessionStorage.setItem("person", store.user);
  live = new Live(store.user, hint, setOnline);
}

function setOnline(up) {
  online = up;
  renderBanner();
}

/** One line while the playground or the bot cannot be reached. */
function renderBanner() {
  const { good } = connection();
  page("banner").hidden = good && online;
  page("banner").textContent = online
    ? `${store.state.app.name} is not connected. Commands and buttons work again as soon as it is.`
    : "The playground does not answer. Trying again.";
}

/** A fetch failed (the banner says so, and the next poll fetches again) or was refused (that is said). */
function trouble(error) {
  if (error instanceof TypeError) setOnline(false);
  else toast(error.message, "error");
}

function choose(user) {
  const { place } = store;
  move([user, place.kind === "home" ? "home" : place.id].filter(Boolean).join("/"));
}

async function openPlace() {
  const { place } = store;
  const isHome = place.kind === "home";
  page("home").hidden = !isHome;
  page("messages").hidden = isHome;
  page("composer").hidden = isHome;
  // On a phone a pane covers the conversation, so a change of place (Back included) puts it away.
  if (page("pane").dataset.kind === "traffic" && window.matchMedia("(max-width: 760px)").matches) closePane();
  renderChrome();
  if (isHome) {
    closePane();
    await home.refresh(false);
  } else {
    const where = store.conversation();
    if (channel.channel !== place.id || channel.user !== store.user) {
      composer.open(`${store.user} ${place.id}`, where.kind === "hash" || where.kind === "lock" ? `Message #${where.name}` : `Message ${where.name}`);
      if (moving === 1) composer.hold(false);
      await channel.open(place.id);
    }
    // Slack tells the app that somebody came to its Messages tab, too.
    if (where.kind === "app") await api.home(store.user, false, "messages");
    if (place.thread) await showThread(place.thread);
    else if (page("pane").dataset.kind === "thread") closePane();
    await refreshState();
  }
}

function openThread(message) {
  go({ kind: "channel", id: store.place.id, thread: message.thread_ts || message.ts });
}

async function showThread(ts) {
  openPane("thread", "Thread", threadNode);
  threadComposer.open(`${store.user} ${ts}`, "Reply in thread");
  await thread.open(store.place.id, ts);
}

function openPane(kind, title, node) {
  const pane = page("pane");
  pane.dataset.kind = kind;
  traffic.open = kind === "traffic";
  replace(pane, el("header", { class: "pane-head" }, el("h2", {}, title), iconButton("close", `Close ${title}`, { testid: "pane-close", onclick: leavePane })), node);
  pane.hidden = false;
  document.body.classList.add("pane-open");
}

function closePane() {
  page("pane").hidden = true;
  page("pane").dataset.kind = "";
  traffic.open = false;
  document.body.classList.remove("pane-open");
}

function leavePane() {
  if (page("pane").dataset.kind === "thread") go({ kind: "channel", id: store.place.id });
  closePane();
}

async function toggleTraffic() {
  closeDrawer();
  if (page("pane").dataset.kind === "traffic") {
    closePane();
    return;
  }
  openPane("traffic", `Traffic to and from ${store.state.app.name}`, traffic.node);
  await traffic.show().catch(trouble);
}

function closeDrawer() {
  document.body.classList.remove("drawer-open");
  page("menu").setAttribute("aria-expanded", "false");
}

function tab(testid, text, on, place) {
  return el("button", { type: "button", class: on ? "tab on" : "tab", testid, "aria-current": on ? "page" : undefined, onclick: () => go(place) }, text);
}

/** Top bar, list, tabs and banner from the state. */
function renderChrome() {
  const { place, state } = store;
  const where = store.conversation();
  const isHome = place.kind === "home";
  const isApp = isHome || where?.kind === "app";
  const name = isHome ? state.app.name : where?.name || "";
  replace(page("title"), !isApp && where && where.kind !== "im" && icon(where.kind), el("span", {}, name), isApp && el("span", { class: "badge" }, "APP"));
  const appIm = store.appIm();
  page("tabs").hidden = !isApp;
  replace(page("tabs"), tab("tab-home", "Home", isHome, { kind: "home" }), appIm && tab("tab-messages", "Messages", !isHome, { kind: "channel", id: appIm.id }));
  const self = store.self();
  replace(page("person"), avatar(self.real_name, self.id), el("span", { class: "person-name" }, self.real_name), icon("down"));
  page("person").setAttribute("aria-label", `You are ${self.real_name}, ${self.title || ""}. Change person`);
  renderSidebar(page("sidebar"), { go, traffic: toggleTraffic, help: () => openHelp(useTip) });
  renderBanner();
  const unread = unreadElsewhere();
  page("menu").dataset.unread = unread || "";
  document.title = `${unread ? `(${unread}) ` : ""}${name} · ${state.workspace.name} playground`;
  clock.show();
}

async function refreshState() {
  await store.load();
  online = true;
  if (store.user) renderChrome();
}

async function refreshViews() {
  const user = store.user;
  const { stack } = await api.views(user);
  if (user === store.user) modal.show(stack);
}

function later(fetchAgain, wait) {
  return debounce(() => fetchAgain().catch(trouble), wait);
}

const soon = {
  state: later(refreshState, 120),
  views: later(refreshViews, 40),
  home: later(async () => store.place.kind === "home" && home.refresh(true), 80),
  channel: later(async () => store.place.kind === "channel" && channel.refresh().then(soon.state), 40),
  thread: later(async () => store.place.thread && thread.refresh(), 40),
  traffic: later(() => traffic.refresh(), 150),
};

/** Something changed: fetch what may be different, nothing else. */
function hint({ type, channel: where }) {
  const all = type === "all" || type === "clock";
  const isMessage = type.startsWith("message");
  if (all || type === "views") soon.views();
  if (all || type === "home") soon.home();
  if (all || type === "traffic") soon.traffic();
  if (all || (isMessage && where === store.place.id)) {
    soon.channel();
    soon.thread();
  }
  if (all || type === "connection" || (isMessage && where !== store.place.id)) soon.state();
}

store.hint = hint;

page("menu").append(icon("menu"));
page("menu").addEventListener("click", () => {
  const open = document.body.classList.toggle("drawer-open");
  page("menu").setAttribute("aria-expanded", String(open));
  if (open) page("sidebar").querySelector("button.on, button")?.focus();
});
// The address holds the place, so the skip link moves the focus instead of the hash.
page("skip").addEventListener("click", (event) => {
  event.preventDefault();
  page("main").focus();
});
page("scrim").addEventListener("click", closeDrawer);
document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawer());
page("person").addEventListener("click", () => openPeople(choose, false));
window.addEventListener("hashchange", navigate);

const remembered = sessionStorage.getItem("person");
if (!location.hash && remembered) history.replaceState(null, "", `#${remembered}`);
navigate();
