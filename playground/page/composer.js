// Knows the message composer: commands, mentions, files, global shortcuts, and keeping words that could not be sent.
import { api } from "./api.js";
import { el, icon, iconButton, toast, uid } from "./dom.js";
import { openMenu } from "./popup.js";
import { fileRow } from "./upload.js";
import { Suggest } from "./suggest.js";
import { noteLocally } from "./conversation.js";
import { store } from "./store.js";

export class Composer {
  /** options: {thread: () => ts or null, prefix for the test ids, sent: called after each send, note: says why not}. */
  constructor(host, options) {
    this.options = options;
    this.files = [];
    this.drafts = new Map();
    const id = uid("composer");
    this.input = el("textarea", {
      id, rows: 1, class: "composer-input", testid: `${options.prefix}composer`, autocomplete: "off", enterkeyhint: "send",
      oninput: () => this.changed(), onkeydown: (event) => this.keydown(event), onblur: () => this.suggest.hide(), onpaste: (event) => this.paste(event),
    });
    this.suggest = new Suggest(this.input, (item) => this.put(item.text, item.at));
    this.rows = el("div", { class: "file-rows" });
    this.picker = el("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: -1, "aria-label": "Files to send", testid: `${options.prefix}composer-files`, onchange: () => this.take() });
    const attach = iconButton("clip", "Attach files", { testid: `${options.prefix}attach`, onclick: () => this.picker.click() });
    const bolt = iconButton("bolt", "Shortcuts", { testid: `${options.prefix}shortcuts`, "aria-haspopup": "menu", "aria-expanded": "false" });
    bolt.addEventListener("click", () => this.shortcuts(bolt));
    const slash = el("button", { type: "button", class: "icon-button slash", "aria-label": "Type a command", title: "Type a command", testid: `${options.prefix}slash`, onclick: () => this.put("/") }, "/");
    this.send = el("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send", testid: `${options.prefix}send`, disabled: true }, icon("send"));
    this.label = el("label", { for: id, class: "visually-hidden" });
    this.form = el("form", { class: "composer" }, this.suggest.list, this.label, this.input, this.rows, this.picker,
      el("div", { class: "composer-tools" }, attach, !options.prefix && [bolt, slash], el("span", { class: "grow" }), this.send));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    host.append(this.form);
  }

  /** Another conversation: its own draft and placeholder. */
  open(key, name) {
    if (this.key) this.drafts.set(this.key, this.input.value);
    this.key = key;
    this.input.placeholder = name;
    this.label.textContent = name;
    this.put(this.drafts.get(key) || "", undefined, false);
    this.files = [];
    this.rows.replaceChildren();
    this.suggest.hide();
  }

  /** Takes no words for a moment. */
  hold(on) {
    this.input.readOnly = on;
  }

  /** Puts words in, cursor at the end, suggestions open. */
  put(text, at, focus = true) {
    this.input.value = text;
    if (focus) {
      this.input.focus();
      this.input.setSelectionRange(at ?? text.length, at ?? text.length);
    }
    this.changed();
  }

  changed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
    this.send.disabled = !this.input.value.trim() && !this.files.length;
    this.suggest.update();
  }

  keydown(event) {
    if (this.suggest.keydown(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    // On a phone Enter makes a line, except after a command.
    if (window.matchMedia("(pointer: coarse)").matches && !this.input.value.startsWith("/")) return;
    event.preventDefault();
    this.submit();
  }

  paste(event) {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      [...event.clipboardData.files].forEach((file) => this.upload(file));
    }
  }

  take() {
    const files = [...this.picker.files];
    this.picker.value = "";
    files.forEach((file) => this.upload(file));
  }

  async upload(file) {
    const item = { name: file.name };
    const row = fileRow(file.name, file.size, () => {
      this.files = this.files.filter((one) => one !== item);
      row.node.remove();
      this.changed();
    });
    this.rows.append(row.node);
    this.files.push(item);
    this.changed();
    item.ready = api.upload(store.user, file, row.progress);
    const answer = await item.ready;
    if (answer.ok) {
      item.id = answer.file.id;
      row.done();
    } else {
      row.fail(answer.error || "The file could not be uploaded.");
      this.files = this.files.filter((one) => one !== item);
    }
  }

  shortcuts(anchor) {
    openMenu(anchor, store.shortcuts("global").map((shortcut) => ({
      label: shortcut.name, description: shortcut.description, testid: `shortcut-${shortcut.callback_id}`,
      run: async () => {
        const result = await api.shortcut(store.user, shortcut.callback_id);
        if (!result.ok) toast(result.error || `“${shortcut.name}” did not work. Try again.`, "error");
        store.hint({ type: "views" });
      },
    })), "Shortcuts");
  }

  async submit() {
    const text = this.input.value.trim();
    if ((!text && !this.files.length) || this.sending) return;
    const command = /^\/[\w-]+/.exec(text);
    if (command && this.options.thread()) {
      this.options.note(`${command[0]} is not supported in threads. Sorry!`);
      return;
    }
    this.sending = true;
    this.form.setAttribute("aria-busy", "true");
    const { key } = this;
    const channel = store.place.id;
    const error = command ? await this.command(channel, text) : await this.message(channel, text);
    this.sending = false;
    this.form.removeAttribute("aria-busy");
    if (error) {
      if (this.key === key && !this.input.value) this.put(text, undefined, false);
      if (command) noteLocally(channel, error);
      else toast(error, "error");
    }
    this.options.sent();
    store.hint({ type: "message", channel });
    store.hint({ type: "views" });
  }

  clear() {
    this.files = [];
    this.rows.replaceChildren();
    this.put("", undefined, false);
  }

  async command(channel, text) {
    this.put("", undefined, false);
    const result = await api.command(store.user, channel, text);
    return result.ok ? null : result.error || `${text.split(" ")[0]} failed. Try again.`;
  }

  async message(channel, text) {
    const answers = await Promise.all(this.files.map((item) => item.ready));
    const file_ids = answers.filter((answer) => answer?.ok).map((answer) => answer.file.id);
    const thread = this.options.thread();
    const extra = { file_ids: file_ids.length ? file_ids : undefined, thread_ts: thread || undefined };
    const result = await api.message(store.user, channel, text, extra);
    if (!result.ok) return result.error || "The message could not be sent.";
    this.clear();
    return null;
  }
}
