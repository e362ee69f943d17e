// Knows the traffic pane: what went to and from the bot, newest last, each with its JSON.
import { api } from "./api.js";
import { el } from "./dom.js";
import { say } from "./dates.js";
import { store } from "./store.js";

const KEPT = 500;

function isBad(item) {
  const status = String(item.status ?? "");
  return status && !/^(ok|acked|2\d\d|sent|delivered)$/i.test(status);
}

function json(item) {
  return el("details", { class: "json" }, el("summary", {}, "JSON"), el("pre", { tabindex: 0 }, JSON.stringify(item.payload, null, 2)));
}

function row(item) {
  const toBot = item.direction === "to_bot";
  const at = typeof item.at === "number" ? new Date(item.at * 1000) : new Date(item.at);
  return el("li", { class: `traffic-item ${toBot ? "to-bot" : "from-bot"} ${isBad(item) ? "bad" : ""}`, testid: "traffic-item", "data-kind": item.kind },
    el("div", { class: "traffic-head" },
      el("span", { class: "traffic-direction" }, toBot ? "to bot" : "from bot"), el("strong", { class: "traffic-kind" }, item.kind),
      el("span", { class: "grow" }), Number.isFinite(item.ms) && item.ms > 0 && el("span", { class: "traffic-ms" }, `${Math.round(item.ms)} ms`),
      el("span", { class: "traffic-status" }, String(item.status ?? ""))),
    el("p", { class: "traffic-summary" }, el("time", {}, say.seconds(at, store.zone())), " ", item.summary), json(item));
}

export class TrafficPane {
  constructor() {
    this.after = 0;
    this.list = el("ol", { class: "traffic-list", "aria-label": "Traffic" });
    this.find = el("input", { type: "search", class: "control", placeholder: "Find in traffic", "aria-label": "Find in traffic", testid: "traffic-search", oninput: () => this.filter() });
    this.empty = el("p", { class: "empty" }, "Nothing has passed yet.");
    this.scroll = el("div", { class: "pane-scroll" }, this.empty, this.list);
    this.node = el("div", { class: "traffic", testid: "traffic" }, el("div", { class: "pane-tools" }, this.find,
      el("button", { type: "button", class: "button small", onclick: () => this.clear() }, "Clear")), this.scroll);
    this.open = false;
  }

  clear() {
    this.list.replaceChildren();
    this.empty.hidden = false;
  }

  async show() {
    this.open = true;
    await this.refresh();
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  async refresh() {
    if (!this.open) return;
    const { items } = await api.traffic(this.after);
    const fresh = items.filter((item) => item.n > this.after);
    if (!fresh.length) return;
    const follow = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
    this.after = fresh[fresh.length - 1].n;
    this.list.append(...fresh.map(row));
    while (this.list.children.length > KEPT) this.list.firstChild.remove();
    this.empty.hidden = true;
    this.filter();
    if (follow) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  filter() {
    const wanted = this.find.value.trim().toLowerCase();
    for (const item of this.list.children) item.hidden = Boolean(wanted) && !item.textContent.toLowerCase().includes(wanted);
  }
}
