// Knows how to build safe DOM: every text goes through textContent, never through HTML parsing.

const SVG_NS = "http://www.w3.org/2000/svg";
let counter = 0;

/** A fresh id for label/for and aria-* pairs. */
export function uid(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

function apply(node, attrs) {
  for (const [key, value] of Object.entries(attrs || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.setAttribute("class", value);
    else if (key === "style") Object.assign(node.style, value);
    else if (key === "testid") node.dataset.testid = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, String(value));
  }
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** el("p", {class: "hint"}, "text", node): an element; strings become text nodes. */
export function el(tag, attrs, ...children) {
  const node = document.createElement(tag);
  apply(node, attrs);
  return append(node, children);
}

/** The same for SVG. */
export function svg(tag, attrs, ...children) {
  const node = document.createElementNS(SVG_NS, tag);
  apply(node, attrs);
  return append(node, children);
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const ICONS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  send: "M3 10l14-6-5 13-3-5zM9 12l8-8",
  plus: "M10 4v12M4 10h12",
  bolt: "M11 2L5 11h4l-1 7 7-10h-4z",
  clip: "M14 6l-6.5 6.5a2 2 0 003 3L17 9a4 4 0 00-6-6L4 10a6 6 0 008.5 8.5",
  dots: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M4 4h12v9H9l-4 3v-3H4z",
  clock: "M10 3a7 7 0 100 14 7 7 0 000-14zM10 6v4l3 2",
  home: "M3 10l7-6 7 6M5 9v7h10V9M8.5 16v-4h3v4",
  hash: "M7.5 3L6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v7H5zM7 9V6a3 3 0 016 0v3",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  down: "M5 8l5 5 5-5",
  pulse: "M2 10h4l2-5 4 10 2-5h4",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 8a2 2 0 100 4 2 2 0 000-4z",
  help: "M10 3a7 7 0 100 14 7 7 0 000-14zM8 8a2 2 0 114 0c0 1.5-2 1.5-2 3M10 14h.01",
  at: "M13 7v4.5a2 2 0 004 0V10a7 7 0 10-3 5.700M10 7a3 3 0 100 6 3 3 0 000-6z",
  check: "M4 10l4 4 8-9",
  people: "M7 4a3 3 0 100 6 3 3 0 000-6zM2 16c0-3 2-4.5 5-4.5s5 1.5 5 4.5M13 4.5a2.5 2.5 0 010 5M14 11.700c2.5.3 4 1.800 4 4.300",
};

/** A small line drawing; decorative, so hidden from screen readers. */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name], "stroke-width": name === "dots" ? 3 : undefined }),
  );
}

/** A button that shows only an icon; label is what is read out and shown as a tooltip. */
export function iconButton(name, label, attrs) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...attrs }, icon(name));
}

/** A short notice at the bottom of the page; errors are read out at once. */
export function toast(text, kind = "info") {
  const host = document.getElementById("toasts");
  for (const old of document.querySelectorAll(".toast")) if (old.textContent === text) old.remove();
  const note = el(
    "div",
    { class: `toast ${kind}`, role: kind === "error" ? "alert" : "status", testid: "toast" },
    el("span", {}, text),
    iconButton("close", "Dismiss", { onclick: () => note.remove() }),
  );
  // A toast must be seen over an open dialog, whose top layer would otherwise cover it.
  const dialogs = document.querySelectorAll("dialog[open]");
  (dialogs.length ? dialogs[dialogs.length - 1] : host).append(note);
  setTimeout(() => note.remove(), kind === "error" ? 9000 : 4500);
}

/** Runs fn at most once per wait milliseconds, with the last call always honoured. */
export function debounce(fn, wait) {
  let timer = null;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = null;
      fn();
    }, wait);
  };
}

/** Initials and a steady colour for a person's avatar. */
export function avatar(name, id, isApp = false) {
  const words = String(name || "?").trim().split(/\s+/);
  const initials = (words.length > 1 ? words[0][0] + words[words.length - 1][0] : words[0].slice(0, 1)).toUpperCase();
  let hash = 0;
  for (const char of String(id || name)) hash = (hash * 31 + char.charCodeAt(0)) % 360;
  return el("span", { class: isApp ? "avatar app" : "avatar", "aria-hidden": "true", style: isApp ? {} : { background: `hsl(${hash} 42% 32%)` } }, initials);
}
