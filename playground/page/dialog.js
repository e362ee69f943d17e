// Knows the dialogs of the page itself: confirm questions, lists to choose from, notices.
import { el, iconButton, uid } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** Shows a native dialog (focus stays inside, Escape closes it); answers {dialog, close}. must: only its own buttons close it. */
export function openDialog({ title, body, footer, testid, wide, onClose, must }) {
  const titleId = uid("title");
  const dialog = el("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": titleId, testid },
    el("header", { class: "dialog-head" }, el("h2", { id: titleId }, title), !must && iconButton("close", "Close", { onclick: () => dialog.close(), testid: "dialog-close" })),
    el("div", { class: "dialog-body" }, body),
    footer && el("footer", { class: "dialog-foot" }, footer));
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose?.();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !must) dialog.close();
  });
  dialog.addEventListener("cancel", (event) => must && event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close: () => dialog.close() };
}

/** Slack's confirm object as a question; answers true only when the person confirms. */
export function ask(confirm, ctx) {
  return new Promise((resolve) => {
    let yes = false;
    const words = (object, fallback) => (object ? textObject(object, ctx) : fallback);
    const accept = el("button", {
      type: "button", class: confirm.style === "danger" ? "button danger" : "button primary", testid: "confirm-yes",
      onclick: () => {
        yes = true;
        close();
      },
    }, words(confirm.confirm, "Yes"));
    const deny = el("button", { type: "button", class: "button", testid: "confirm-no", onclick: () => close() }, words(confirm.deny, "Cancel"));
    const { close } = openDialog({
      title: words(confirm.title, "Are you sure?"), body: el("p", {}, words(confirm.text, "")), footer: [deny, accept], testid: "confirm", onClose: () => resolve(yes),
    });
    deny.focus();
  });
}
