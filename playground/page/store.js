// Knows what the page has been told about the workspace, and answers the questions that rendering asks of it.
import { api } from "./api.js";

export const store = {
  state: null,
  user: null,
  place: { kind: "none" },
  offset: 0,

  /** Fetches the state for the chosen person (or for nobody yet). */
  async load() {
    const state = await api.state(this.user);
    this.state = state;
    this.offset = Date.parse(state.clock.now) - Date.now();
    return state;
  },

  me() {
    return this.user;
  },

  self() {
    return this.state?.me;
  },

  zone() {
    return this.state?.me?.tz || "Europe/London";
  },

  /** Now on the stand-in's clock. */
  now() {
    return new Date(Date.now() + this.offset);
  },

  person(id) {
    return this.state?.users.find((one) => one.id === id);
  },

  personName(id) {
    const found = this.person(id);
    if (found) return found.real_name || found.name;
    return id === this.state?.app.bot_user_id ? this.state.app.name : null;
  },

  channelName(id) {
    return this.state?.channels.find((one) => one.id === id)?.name;
  },

  /** People (never apps), for the chooser and for users_select. */
  people() {
    return (this.state?.users || []).filter((one) => !one.is_bot && !one.deleted && one.id !== this.state.app.bot_user_id);
  },

  channels() {
    return (this.state?.channels || []).filter((one) => one.is_member !== false);
  },

  directMessages() {
    return this.state?.ims || [];
  },

  /** The person's conversation with the app. */
  appIm() {
    return this.directMessages().find((one) => one.user === this.state.app.bot_user_id);
  },

  isApp(id) {
    return id === this.state?.app.bot_user_id;
  },

  /** {kind, name, id} of the conversation on show. */
  conversation() {
    if (this.place.kind !== "channel") return null;
    const channel = this.channels().find((one) => one.id === this.place.id);
    if (channel) return { kind: channel.is_private ? "lock" : "hash", name: channel.name, id: channel.id };
    const im = this.state.ims.find((one) => one.id === this.place.id);
    return im ? { kind: this.isApp(im.user) ? "app" : "im", name: im.name, id: im.id } : null;
  },

  shortcuts(type) {
    return (this.state?.app.shortcuts || []).filter((one) => one.type === type);
  },

  /** Where the page can fetch a Slack file: {id} or {url} holding the id. */
  slackFile(file) {
    if (!file) return "";
    const id = file.id || (/-(F[A-Z0-9]+)/.exec(file.url || "") || [])[1] || "";
    return api.fileUrl(this.user, id);
  },
};

/** What blocks need: the store's answers, plus the surface's own values and actions. */
export function surface(own) {
  return Object.assign(Object.create(store), own);
}
