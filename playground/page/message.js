// Knows one message: author, time, words, blocks, files, thread line, and the tools a person has on it.
import { api } from "./api.js";
import { avatar, el, iconButton, toast } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { renderBlocks } from "./blocks.js";
import { fileCard } from "./files.js";
import { Values } from "./values.js";
import { say } from "./dates.js";
import { openMenu } from "./popup.js";
import { store, surface } from "./store.js";

const remembered = new Map();

function valuesOf(channel, message) {
  const key = `${store.user} ${channel} ${message.ts}`;
  if (!remembered.has(key)) remembered.set(key, new Values());
  return remembered.get(key);
}

function context(channel, message) {
  const values = valuesOf(channel, message);
  return surface({
    values,
    options: (blockId, element, value) =>
      api.options({ user: store.user, channel, ts: message.ts, block_id: blockId, action_id: element.action_id, value }),
    act: async (blockId, element, payload) => {
      const state = { values: values.toJSON(message.blocks) };
      const result = await api.action({
        user: store.user, container: { channel, ts: message.ts }, block_id: blockId, action_id: element.action_id, ...payload, state,
      });
      if (!result.ok) toast(result.error || "That did not work. Try again.", "error");
      store.hint({ type: "views" });
    },
  });
}

export function when(message) {
  return new Date(Number(message.ts) * 1000);
}

export function author(message) {
  return message.username || store.personName(message.user) || "Somebody";
}

function attachments(message, ctx) {
  return (message.attachments || []).map((item) => {
    const host = el("div", { class: "blocks" });
    if (item.blocks) renderBlocks(host, item.blocks, ctx);
    return el("div", { class: "attachment" }, item.title && el("strong", {}, item.title), item.blocks ? host : mrkdwn(item.text || item.fallback, ctx));
  });
}

function body(message, ctx) {
  const host = el("div", { class: "blocks" });
  if (message.blocks?.length) renderBlocks(host, message.blocks, ctx);
  else if (message.text) host.append(el("div", { class: "text" }, mrkdwn(message.text, ctx)));
  return [host, attachments(message, ctx), message.files?.length && el("div", { class: "files" }, message.files.map((file) => fileCard(file, ctx)))];
}

async function runShortcut(shortcut, channel, message) {
  const result = await api.messageShortcut(store.user, shortcut.callback_id, channel, message.ts);
  if (!result.ok) toast(result.error || `“${shortcut.name}” did not work. Try again.`, "error");
  store.hint({ type: "views" });
}

function tools(message, channel, openThread) {
  const items = [
    openThread && { label: "Reply in thread", testid: "menu-reply", run: () => openThread(message) },
    ...store.shortcuts("message").map((shortcut) => ({
      label: shortcut.name, description: shortcut.description, testid: `message-shortcut-${shortcut.callback_id}`, run: () => runShortcut(shortcut, channel, message),
    })),
    { label: "Copy text", run: () => navigator.clipboard?.writeText(message.text || "").catch(() => toast("This browser does not allow copying.", "error")) },
  ].filter(Boolean);
  const more = iconButton("dots", "More actions", { testid: "message-menu", "aria-haspopup": "menu", "aria-expanded": "false" });
  more.addEventListener("click", () => openMenu(more, items, "Message actions"));
  const reply = openThread && iconButton("reply", "Reply in thread", { testid: "message-reply", onclick: () => openThread(message) });
  return { node: el("div", { class: "message-tools" }, reply, more), open: () => more.click() };
}

/** options: {compact, openThread (absent inside a thread)}. */
export function messageNode(message, channel, { compact, openThread }) {
  const ctx = context(channel, message);
  const name = author(message);
  const date = when(message);
  const isApp = store.isApp(message.user) || Boolean(message.bot_id);
  const clock = el("time", { datetime: date.toISOString(), title: say.long(date, store.zone()), class: "message-time" }, say.time(date, store.zone()));
  const menu = message.ephemeral ? null : tools(message, channel, openThread);
  const node = el("article", {
    class: ["message", compact && "compact", message.ephemeral && "ephemeral", message.local && "local"].filter(Boolean).join(" "),
    testid: "message", "data-ts": message.ts, "data-ephemeral": message.ephemeral ? "1" : undefined, "aria-label": `${name}, ${say.time(date, store.zone())}`,
  },
  message.ephemeral && el("p", { class: "only-you" }, "Only visible to you"),
  el("div", { class: "gutter" }, compact ? clock : avatar(name, message.user, isApp)),
  el("div", { class: "message-main" },
    !compact && el("p", { class: "message-head" }, el("strong", { class: "author" }, name), isApp && el("span", { class: "badge" }, "APP"), clock),
    message.thread_ts && message.thread_ts !== message.ts && openThread
      && el("button", { type: "button", class: "link-button", onclick: () => openThread({ ...message, ts: message.thread_ts }) }, "replied to a thread"),
    body(message, ctx), message.edited && el("span", { class: "edited" }, "(edited)"),
    message.reply_count > 0 && openThread && el("button", { type: "button", class: "thread-link", testid: "thread-link", onclick: () => openThread(message) },
      `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`)),
  menu?.node);
  // A long press is the phone's way to the same menu.
  if (menu) {
    node.addEventListener("contextmenu", (event) => {
      if (!window.matchMedia("(pointer: coarse)").matches || event.target.closest("a, img")) return;
      event.preventDefault();
      menu.open();
    });
  }
  return node;
}
