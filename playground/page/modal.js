// Knows the person's stack of modals: the top view on show, its values, its field errors and its submit.
import { api } from "./api.js";
import { el, icon, iconButton, toast } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { renderBlocks } from "./blocks.js";
import { Values, check } from "./values.js";
import { store, surface } from "./store.js";

const TROUBLE = "We had some trouble connecting. Try again?";

export class Modal {
  constructor(refresh) {
    this.refresh = refresh;
    this.stack = [];
    this.memory = new Map();
    this.uploads = 0;
    this.build();
  }

  build() {
    this.title = el("h2", { id: "modal-title", tabindex: -1 });
    this.backButton = iconButton("back", "Back to the form before", { testid: "modal-back", onclick: () => this.close(false) });
    this.closeButton = iconButton("close", "Close", { testid: "modal-close", onclick: () => this.close(true) });
    this.banner = el("p", { class: "modal-banner", role: "alert", hidden: true, testid: "modal-error" });
    this.blocks = el("div", { class: "blocks" });
    this.cancel = el("button", { type: "button", class: "button", testid: "modal-cancel", onclick: () => this.close(false) });
    this.submitButton = el("button", { type: "submit", class: "button primary", testid: "modal-submit" });
    this.body = el("div", { class: "modal-body" }, this.banner, this.blocks);
    this.form = el("form", { novalidate: true, class: "modal-form" },
      el("header", { class: "modal-head" }, this.backButton, el("span", { class: "avatar app small", "aria-hidden": "true" }, icon("bolt")), this.title, this.closeButton),
      this.body,
      el("footer", { class: "modal-foot" }, this.cancel, this.submitButton));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog = el("dialog", { class: "modal", "aria-labelledby": "modal-title", testid: "modal" }, this.form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close(false);
    });
    document.body.append(this.dialog);
  }

  get view() {
    return this.stack[this.stack.length - 1];
  }

  /** The stack as the stand-in holds it now. */
  show(stack) {
    const before = this.view;
    this.stack = stack;
    for (const id of [...this.memory.keys()]) if (!stack.some((view) => view.id === id)) this.memory.delete(id);
    for (const view of stack) this.remembered(view).values.keep(view.blocks);
    if (!stack.length) {
      this.blocks.blockNodes = null;
      this.blocks.replaceChildren();
      if (this.dialog.open) this.dialog.close();
      return;
    }
    const isNew = before?.id !== this.view.id;
    if (isNew) this.say("");
    this.render(isNew);
    if (!this.dialog.open) this.dialog.showModal();
    if (isNew) this.focusFirst();
  }

  remembered(view) {
    if (!this.memory.has(view.id)) {
      const values = new Values(view.state?.values);
      values.currentConversation = store.place.id;
      this.memory.set(view.id, { values, errors: {} });
    }
    return this.memory.get(view.id);
  }

  context(view) {
    const { values, errors } = this.remembered(view);
    return surface({
      values, errors,
      act: (blockId, element, payload) => this.act(view, blockId, element, payload),
      options: (blockId, element, value) => api.options({ user: store.user, view_id: view.id, block_id: blockId, action_id: element.action_id, value }),
      submit: () => this.submit(),
      changed: (blockId) => this.clearError(view, blockId),
      busy: (step) => {
        this.uploads += step;
        this.submitButton.disabled = this.uploads > 0;
      },
    });
  }

  render(isNew) {
    const { view } = this;
    if (isNew) {
      this.blocks.blockNodes = null;
      this.blocks.replaceChildren();
      this.body.scrollTop = 0;
      this.uploads = 0;
    }
    this.title.textContent = plain(view.title) || store.state.app.name;
    this.backButton.hidden = this.stack.length < 2;
    this.cancel.textContent = plain(view.close) || (view.submit ? "Cancel" : "Close");
    this.submitButton.hidden = !view.submit;
    this.submitButton.textContent = plain(view.submit);
    renderBlocks(this.blocks, view.blocks, this.context(view));
  }

  focusFirst() {
    const wanted = this.blocks.querySelector("[autofocus]");
    const first = this.blocks.querySelector("input, textarea, button.control, .choices input");
    const isTouch = window.matchMedia("(pointer: coarse)").matches;
    (wanted || (isTouch ? this.title : first) || this.title).focus();
  }

  say(text) {
    this.banner.textContent = text;
    this.banner.hidden = !text;
  }

  clearError(view, blockId) {
    const { errors } = this.remembered(view);
    if (!errors[blockId]) return;
    delete errors[blockId];
    // The note goes at once; the field itself is not rebuilt while somebody types in it.
    const field = this.blocks.querySelector(`[data-testid="field-${CSS.escape(blockId)}"]`);
    field?.classList.remove("invalid");
    field?.querySelector(".field-error")?.replaceChildren();
    field?.querySelector(".field-error")?.removeAttribute("role");
  }

  setErrors(errors) {
    const memory = this.remembered(this.view);
    memory.errors = errors;
    this.blocks.blockNodes = null;
    renderBlocks(this.blocks, this.view.blocks, this.context(this.view));
    const known = new Set(this.view.blocks.map((block) => block.block_id));
    this.say(Object.entries(errors).filter(([id]) => !known.has(id)).map(([, text]) => text).join(" "));
    const field = this.blocks.querySelector(".input.invalid");
    field?.scrollIntoView({ block: "nearest" });
    field?.querySelector("input, textarea, button")?.focus();
  }

  async act(view, blockId, element, payload) {
    const state = { values: this.remembered(view).values.toJSON(view.blocks) };
    const result = await api.action({
      user: store.user, container: { view_id: view.id }, block_id: blockId, action_id: element.action_id, ...payload, state,
    });
    if (!result.ok) this.say(result.error || TROUBLE);
    else this.say("");
    await this.refresh();
  }

  async submit() {
    const { view } = this;
    if (!view?.submit || this.submitButton.disabled) return;
    const { values } = this.remembered(view);
    this.say("");
    const problems = check(view.blocks, values);
    if (Object.keys(problems).length) {
      this.setErrors(problems);
      return;
    }
    this.working(true);
    try {
      const result = await api.submit(store.user, view.id, values.toJSON(view.blocks));
      if (Object.keys(result.errors || {}).length) this.setErrors(result.errors);
      else if (!result.ok) this.say(result.error || TROUBLE);
      else await this.refresh();
    } finally {
      this.working(false);
    }
  }

  working(on) {
    this.submitButton.disabled = on;
    this.submitButton.classList.toggle("busy", on);
    this.form.setAttribute("aria-busy", String(on));
  }

  async close(all) {
    if (!this.view) return;
    const result = await api.close(store.user, this.view.id, all && this.stack.length > 1 ? true : undefined);
    if (!result.ok) toast(result.error || TROUBLE, "error");
    await this.refresh();
  }
}
