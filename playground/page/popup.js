// Knows how a small list opens beside its button: placed in the top layer, closed by Escape, a click outside or a choice.
import { el } from "./dom.js";

function place(panel, anchor) {
  if (window.matchMedia("(max-width: 640px)").matches) return;
  const box = anchor.getBoundingClientRect();
  const width = Math.max(box.width, panel.dataset.wide ? 260 : 0);
  panel.style.minWidth = `${Math.min(width, window.innerWidth - 16)}px`;
  const size = panel.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - 12;
  const top = size.height <= below || box.top < below ? box.bottom + 4 : Math.max(8, box.top - size.height - 4);
  panel.style.maxHeight = `${Math.max(160, top > box.top ? below : box.top - 12)}px`;
  panel.style.top = `${top}px`;
  panel.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - size.width - 8))}px`;
}

/** Opens content beside anchor; answers close(). role: what the panel is, where the content does not say it. One popup is open at a time; onClose runs once. */
export function openPopup(anchor, content, { onClose, wide, label, role } = {}) {
  const panel = el("div", { class: "popup", popover: "manual", testid: "popup", role, "aria-label": role && label }, content);
  if (wide) panel.dataset.wide = "1";
  // Inside the dialog (if any), because everything outside an open dialog is inert.
  (anchor.closest("dialog") || document.body).append(panel);
  panel.showPopover();
  place(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  let open = true;
  const close = (refocus = true) => {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    window.removeEventListener("resize", follow);
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (refocus && anchor.isConnected) anchor.focus();
    onClose?.();
  };
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close(false);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const follow = () => place(panel, anchor);
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  window.addEventListener("resize", follow);
  return close;
}

/** A menu of items [{label, description?, testid?, danger?, run}] beside anchor, with arrow keys. */
export function openMenu(anchor, items, label) {
  let close = null;
  const rows = items.map((item) =>
    el("button", {
      type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", testid: item.testid,
      onclick: () => {
        close();
        item.run();
      },
    }, el("span", {}, item.label), item.description && el("span", { class: "menu-description" }, item.description)));
  const menu = el("div", { role: "menu", "aria-label": label, class: "menu" }, rows.length ? rows : el("p", { class: "empty" }, "Nothing here."));
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    rows[(at + step + rows.length) % rows.length]?.focus();
  });
  close = openPopup(anchor, menu, { wide: true, label });
  rows[0]?.focus();
  return close;
}
