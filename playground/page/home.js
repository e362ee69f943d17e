// Knows the Home tab of the app: fetched when opened, kept fresh by hints.
import { api } from "./api.js";
import { el, toast } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { Values } from "./values.js";
import { store, surface } from "./store.js";

export class Home {
  constructor(host) {
    this.host = host;
    this.blocks = el("div", { class: "blocks home-blocks", testid: "home" });
    this.empty = el("p", { class: "empty" }, "Loading");
    host.append(this.empty, this.blocks);
    this.turn = 0;
    this.values = new Map();
  }

  /** quiet: do not tell the bot that the person opened Home. */
  async refresh(quiet) {
    const turn = (this.turn += 1);
    const user = store.user;
    const answer = await api.home(user, quiet);
    if (turn !== this.turn || user !== store.user) return;
    const { view } = answer;
    this.empty.hidden = Boolean(view);
    this.empty.textContent = `${store.state.app.name} has not published a Home yet. It appears here as soon as it does.`;
    renderBlocks(this.blocks, view ? view.blocks : [], view && this.context(view));
  }

  context(view) {
    const key = `${store.user}\n${view.root_view_id || view.id}`;
    if (!this.values.has(key)) this.values.set(key, new Values(view.state?.values));
    const values = this.values.get(key);
    return surface({
      values,
      options: (blockId, element, value) => api.options({ user: store.user, view_id: view.id, block_id: blockId, action_id: element.action_id, value }),
      act: async (blockId, element, payload) => {
        const state = { values: values.toJSON(view.blocks) };
        const result = await api.action({
          user: store.user, container: { view_id: view.id }, block_id: blockId, action_id: element.action_id, ...payload, state,
        });
        if (!result.ok) toast(result.error || "That did not work. Try again.", "error");
        store.hint({ type: "views" });
      },
    });
  }
}
