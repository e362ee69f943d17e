// Knows what the composer offers while somebody types: commands, their verbs, people and channels.
import { el, uid } from "./dom.js";
import { store } from "./store.js";

/** "help | log A12 what was done" or "[log|done]" as phrases, the verb first. */
function verbs(hint) {
  const words = String(hint || "").replace(/[[\]]/g, "").split("|").map((word) => word.trim());
  return words.length > 1 ? words.filter(Boolean) : [];
}

function commandItems(text) {
  const [word, ...rest] = text.split(" ");
  const commands = store.state.app.commands || [];
  if (!rest.length) {
    return commands.filter((one) => one.command.startsWith(word)).map((one) => ({
      title: one.command, detail: [one.description, one.usage_hint].filter(Boolean).join(" · "), text: `${one.command} `,
    }));
  }
  const command = commands.find((one) => one.command === word);
  if (!command || rest.length > 1) return [];
  return verbs(command.usage_hint).map((phrase) => [phrase.split(" ")[0], phrase.split(" ").slice(1).join(" ")])
    .filter(([verb]) => verb.startsWith(rest[0]) && verb !== rest[0])
    .map(([verb, more]) => ({ title: `${word} ${verb}`, detail: more, text: `${word} ${verb} ` }));
}

/** What fits the words before the cursor: [{title, detail, text}], text being the whole new line. */
export function suggestions(text, at) {
  if (text.startsWith("/") && at === text.length) return commandItems(text);
  const before = text.slice(0, at);
  const found = /(^|\s)([@#])([\p{L}\d_.-]*)$/u.exec(before);
  if (!found) return [];
  const wanted = found[3].toLowerCase();
  const stem = before.slice(0, before.length - found[3].length - 1);
  const make = (name, detail) => ({ title: found[2] + name, detail, text: `${stem}${found[2]}${name} ${text.slice(at)}`, at: stem.length + name.length + 2 });
  if (found[2] === "#") return store.channels().filter((one) => one.name.startsWith(wanted)).map((one) => make(one.name, ""));
  const app = store.person(store.state.app.bot_user_id);
  const fits = (one) => [one.name, ...one.real_name.split(" ")].some((word) => word.toLowerCase().startsWith(wanted));
  return [...store.people(), app].filter((one) => one && fits(one)).map((one) => make(one.name, [one.real_name, one.title].filter(Boolean).join(", ")));
}

/** The list above a textarea; onPick(item). keydown answers true when it used the key. */
export class Suggest {
  constructor(input, onPick) {
    this.input = input;
    this.onPick = onPick;
    this.list = el("ul", { class: "suggestions", role: "listbox", id: uid("suggest"), hidden: true, "aria-label": "Suggestions", testid: "suggestions" });
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-autocomplete", "list");
    this.items = [];
  }

  update() {
    this.items = suggestions(this.input.value, this.input.selectionStart).slice(0, 12);
    this.active = 0;
    this.list.replaceChildren(...this.items.map((item, i) => el("li", {
      role: "option", id: `${this.list.id}-${i}`, class: "suggestion", testid: "suggestion",
      onpointerdown: (event) => {
        event.preventDefault();
        this.pick(i);
      },
    }, el("span", { class: "suggestion-title" }, item.title), item.detail && el("span", { class: "suggestion-detail" }, item.detail))));
    this.list.hidden = !this.items.length;
    // Verbs after a command are only an offer: Enter sends what was typed until an arrow chooses one.
    this.mark(/^\/\S+ /.test(this.input.value) ? -1 : 0);
  }

  mark(index) {
    this.active = index;
    if (this.items.length && index >= 0) this.active = index % this.items.length;
    [...this.list.children].forEach((row, i) => {
      row.classList.toggle("active", i === this.active);
      row.setAttribute("aria-selected", String(i === this.active));
    });
    const chosen = this.list.children[this.active];
    chosen?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", chosen?.id || "");
  }

  pick(index) {
    this.onPick(this.items[index]);
    this.update();
  }

  hide() {
    this.items = [];
    this.list.hidden = true;
  }

  /** A whole command ("/sip") is sent by Enter, not completed. */
  keydown(event) {
    if (!this.items.length) return false;
    if (event.key === "ArrowDown") this.mark(this.active + 1);
    else if (event.key === "ArrowUp") this.mark(this.active > 0 ? this.active - 1 : this.items.length - 1);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab") this.pick(Math.max(this.active, 0));
    else if (event.key === "Enter" && !event.shiftKey && this.completes()) this.pick(this.active);
    else return false;
    event.preventDefault();
    return true;
  }

  completes() {
    const typed = this.input.value.trim();
    return this.active >= 0 && this.items[this.active].text.trim() !== typed;
  }
}
