// Knows the first minute: who the person wants to be, and what is worth trying first in that role.
import { avatar, el, icon } from "./dom.js";
import { openDialog } from "./dialog.js";
import { store } from "./store.js";

const LOG = { text: "/sip log", say: "Log what was done, in a form" };
const STATUS = { text: "/sip status", say: "Show the state of the plan to the channel" };
const MINE = { text: "/sip mine", say: "See the actions that are yours" };
const OVERDUE = { text: "/sip overdue", say: "See what is late, and whose it is" };
const MENU = { text: "/sip", say: "Ask what you can do next" };

const ROLES = [
  [/team leader/i, [LOG, MINE, MENU]],
  [/owner/i, [MINE, LOG, MENU]],
  [/deputy/i, [OVERDUE, { text: "/sip action new", say: "Turn a priority into a new action" }, STATUS]],
  [/quality|audit/i, [STATUS, OVERDUE, MENU]],
  [/registered manager/i, [STATUS, OVERDUE, { text: "/sip priority new", say: "Open a priority: the problem, why it matters, the evidence" }]],
  [/regional|nominated|oversight/i, [STATUS, OVERDUE, MENU]],
];

/** What this person may try: [{text, say}]; another app's commands where there is no /sip. */
export function tips() {
  const commands = store.state.app.commands || [];
  if (!commands.some((one) => one.command === "/sip")) return commands.slice(0, 3).map((one) => ({ text: one.command, say: one.description }));
  const found = ROLES.find(([pattern]) => pattern.test(store.self()?.title || ""));
  return found ? found[1] : [MENU, { text: "/sip help", say: "Read what the words are" }];
}

function tipRow(tip, use) {
  return el("button", { type: "button", class: "tip", testid: "tip", onclick: () => use(tip.text) }, el("code", {}, tip.text), el("span", {}, tip.say));
}

/** The card at the top of a conversation. */
export function tipCard(use) {
  const self = store.self();
  return el("section", { class: "tip-card", "aria-label": "What to try first", testid: "welcome" },
    el("h2", {}, `You are ${self.real_name}`), el("p", { class: "subtitle" }, self.title || ""),
    el("p", {}, "Tap a line to put it in the message box, then send it."), el("div", { class: "tips" }, tips().map((tip) => tipRow(tip, use))));
}

/** "What to try first", reachable at any time. */
export function openHelp(use) {
  const app = store.state.app.name;
  const { close } = openDialog({
    title: "What to try first", testid: "help-dialog", wide: true,
    body: [
      el("p", {}, `Everything here is a rehearsal. ${app} behaves as it would in your own Slack, with invented people and homes.`),
      el("div", { class: "tips" }, tips().map((tip) => tipRow(tip, (text) => {
        close();
        use(text);
      }))),
      el("ul", { class: "plain-list" },
        el("li", {}, icon("bolt"), el("span", {}, "Shortcuts under the message box start a form without typing.")),
        el("li", {}, icon("dots"), el("span", {}, "Press the three dots on a message, or hold it on a phone, to save it as evidence.")),
        el("li", {}, icon("clip"), el("span", {}, "Attach photos or documents to a message or in a form.")),
        el("li", {}, icon("clock"), el("span", {}, `Move the clock to tomorrow 09:00 and ${app} reminds people of what is late.`)),
        el("li", {}, icon("people"), el("span", {}, "Change who you are at the top right, to see what your manager sees."))),
    ],
  });
}

function personRow(person, index, choose) {
  const on = person.id === store.user;
  return el("button", { type: "button", autofocus: on || (!store.user && index === 0), class: on ? "person on" : "person", testid: `person-${person.id}`, "data-name": person.real_name, "aria-current": on ? "true" : undefined, onclick: () => choose(person.id) },
    avatar(person.real_name || person.name, person.id), el("span", { class: "person-text" }, el("strong", {}, person.real_name || person.name), el("span", { class: "subtitle" }, person.title || "")), on && icon("check"));
}

/** Choose who you are; first = the page has just been opened. */
export function openPeople(choose, first) {
  const { close } = openDialog({
    title: first ? `Welcome to ${store.state.workspace.name}` : "Who are you?", testid: "people", wide: true, must: first,
    body: [
      el("p", {}, first
        ? `This is a practice Slack with ${store.state.app.name} in it. Nothing leaves this computer, and you cannot break anything. Choose who you want to be. You can change at any time.`
        : "You see what this person sees and may do what this person may do."),
      el("div", { class: "people" }, store.people().map((person, i) => personRow(person, i, (id) => {
        close();
        choose(id);
      }))),
    ],
  });
}
