// Knows a list of messages, a channel's or a thread's: fetched on hints, re-rendered only where something changed.
import { api } from "./api.js";
import { el } from "./dom.js";
import { author, messageNode, when } from "./message.js";
import { localDate, nearDay, say } from "./dates.js";
import { store } from "./store.js";

const TOGETHER_MS = 5 * 60 * 1000;
const local = [];

/** A line that only this page knows, such as Slack's own answer to a failed command. */
export function noteLocally(channel, plain) {
  const text = plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const ts = (store.now().getTime() / 1000).toFixed(6);
  local.push({ user: "USLACKBOT", username: "Slackbot", ts, text, ephemeral: true, local: true, channel, owner: store.user });
}

function dayTitle(date) {
  const near = nearDay(date, store.zone(), store.now());
  return near ? near[0].toUpperCase() + near.slice(1) : say.long(date, store.zone());
}

export class Conversation {
  /** host scrolls; options: {openThread, intro()}. */
  constructor(host, options = {}) {
    this.host = host;
    this.options = options;
    this.list = el("div", { class: "message-list", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "Messages" });
    this.intro = el("div", { class: "intro" });
    this.pill = el("button", { type: "button", class: "new-pill", hidden: true, onclick: () => this.toEnd(true) }, "New messages");
    host.append(this.intro, this.list, this.pill);
    host.addEventListener("scroll", () => this.nearEnd() && (this.pill.hidden = true));
    this.nodes = new Map();
    this.seen = new Set();
    this.turn = 0;
  }

  nearEnd() {
    return this.host.scrollHeight - this.host.scrollTop - this.host.clientHeight < 120;
  }

  toEnd(smooth) {
    this.host.scrollTo({ top: this.host.scrollHeight, behavior: smooth ? "smooth" : "auto" });
    this.pill.hidden = true;
  }

  /** What the person sent shows at the end, wherever they had scrolled to. */
  expect() {
    this.expecting = true;
  }

  /** Shows another conversation or thread. */
  async open(channel, thread) {
    this.channel = channel;
    this.thread = thread;
    this.user = store.user;
    this.nodes.clear();
    this.list.replaceChildren();
    this.intro.replaceChildren(...(this.options.intro?.() || []));
    this.list.setAttribute("aria-live", "off");
    await this.refresh(true);
    this.list.setAttribute("aria-live", "polite");
  }

  async refresh(jump) {
    const turn = (this.turn += 1);
    const { channel, thread } = this;
    const user = store.user;
    const { messages } = await api.messages(user, channel, thread);
    if (turn !== this.turn || channel !== this.channel) return;
    const own = thread ? [] : local.filter((note) => note.channel === channel && note.owner === user);
    this.render([...messages, ...own].sort((a, b) => Number(a.ts) - Number(b.ts)), jump);
  }

  render(messages, jump) {
    const before = this.nodes;
    const grew = messages.some((message) => !this.seen.has(message.ts));
    const follow = jump || this.nearEnd() || (grew && this.expecting);
    if (grew) this.expecting = false;
    this.seen = new Set(messages.map((message) => message.ts));
    this.nodes = new Map();
    const now = localDate(store.now(), store.zone());
    const wanted = [];
    let day = "";
    messages.forEach((message, i) => {
      const date = when(message);
      const today = localDate(date, store.zone());
      if (today !== day) wanted.push(this.keep(before, `day ${today} ${dayTitle(date)}`, () => el("div", { class: "day", role: "separator" }, el("span", {}, dayTitle(date)))));
      const compact = today === day && this.belongs(messages[i - 1], message);
      day = today;
      const options = { compact, openThread: this.thread ? null : this.options.openThread };
      // Today belongs to the key, because "tomorrow" inside a message moves with the clock.
      wanted.push(this.keep(before, `${now} ${compact} ${JSON.stringify(message)}`, () => messageNode(message, this.channel, options)));
    });
    this.place(wanted);
    if (follow) this.settle();
    else if (grew) this.pill.hidden = false;
  }

  keep(before, key, make) {
    const node = before.get(key) || make();
    this.nodes.set(key, node);
    return node;
  }

  belongs(previous, message) {
    return previous && author(previous) === author(message) && !previous.ephemeral && !message.ephemeral && !message.thread_ts === !previous.thread_ts
      && when(message) - when(previous) < TOGETHER_MS;
  }

  place(wanted) {
    const keep = new Set(wanted);
    for (const child of [...this.list.children]) if (!keep.has(child)) child.remove();
    wanted.forEach((node, i) => {
      if (this.list.children[i] !== node) this.list.insertBefore(node, this.list.children[i] || null);
    });
  }

  /** Pictures grow after they load, so the end is sought again. */
  settle() {
    this.toEnd(false);
    for (const picture of this.list.querySelectorAll("img")) {
      if (!picture.complete) picture.addEventListener("load", () => this.nearEnd() && this.toEnd(false), { once: true });
    }
  }
}
