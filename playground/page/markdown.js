// Knows the small part of Markdown that the markdown block is used for, built as DOM nodes.
import { el } from "./dom.js";
import { link } from "./mrkdwn.js";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|~~([^~]+)~~|\*([^*\s][^*]*)\*|_([^_\s][^_]*)_|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+)|\\([\\`*_~[\]()#+\-.!|>])/;

function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const match = INLINE.exec(rest);
    if (!match) {
      nodes.push(document.createTextNode(rest));
      break;
    }
    if (match.index) nodes.push(document.createTextNode(rest.slice(0, match.index)));
    nodes.push(inlineNode(match));
    rest = rest.slice(match.index + match[0].length);
  }
  return nodes;
}

function inlineNode(m) {
  if (m[1]) return el("code", {}, m[1]);
  if (m[2] || m[3]) return el("strong", {}, inline(m[2] || m[3]));
  if (m[4]) return el("s", {}, inline(m[4]));
  if (m[5] || m[6]) return el("em", {}, inline(m[5] || m[6]));
  if (m[7]) return link(m[8], m[7]);
  if (m[9]) return link(m[9]);
  return document.createTextNode(m[10]);
}

function cells(row) {
  return row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function table(rows) {
  const [head, , ...body] = rows;
  return el("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Table" }, el("table", { class: "grid" },
    el("thead", {}, el("tr", {}, cells(head).map((cell) => el("th", { scope: "col" }, inline(cell))))),
    el("tbody", {}, body.map((row) => el("tr", {}, cells(row).map((cell) => el("td", {}, inline(cell))))))));
}

function list(items, ordered) {
  return el(ordered ? "ol" : "ul", {}, items.map((item) => {
    const task = /^\[([ xX])\]\s+(.*)$/.exec(item);
    return el("li", {}, task ? [task[1] === " " ? "Not done: " : "Done: ", inline(task[2])] : inline(item));
  }));
}

const RULES = [
  [/^\s*[-*+]\s+/, (rows) => list(rows.map((row) => row.replace(/^\s*[-*+]\s+/, "")), false)],
  [/^\s*\d+[.)]\s+/, (rows) => list(rows.map((row) => row.replace(/^\s*\d+[.)]\s+/, "")), true)],
  [/^>\s?/, (rows) => el("blockquote", {}, markdown(rows.map((row) => row.replace(/^>\s?/, "")).join("\n")))],
  [/^\|/, (rows) => (rows.length > 1 ? table(rows) : el("p", {}, inline(rows[0])))],
];

function single(line) {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return el(`h${Math.min(heading[1].length + 2, 6)}`, { class: "md-heading" }, inline(heading[2]));
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return el("hr");
  return null;
}

/** A Markdown string as block nodes. */
export function markdown(text) {
  const rows = String(text ?? "").split("\n");
  const out = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) out.push(el("p", {}, paragraph.flatMap((row, i) => (i ? [el("br"), ...inline(row)] : inline(row)))));
    paragraph = [];
  };
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i];
    const rule = RULES.find(([start]) => start.test(row));
    const alone = single(row);
    if (row.startsWith("```")) {
      flush();
      const end = rows.findIndex((line, at) => at > i && line.startsWith("```"));
      const stop = end < 0 ? rows.length : end;
      out.push(el("pre", {}, rows.slice(i + 1, stop).join("\n")));
      i = stop;
    } else if (alone) {
      flush();
      out.push(alone);
    } else if (rule) {
      flush();
      let end = i;
      while (end < rows.length && rule[0].test(rows[end]) && !single(rows[end])) end += 1;
      out.push(rule[1](rows.slice(i, end)));
      i = end - 1;
    } else if (row.trim()) {
      paragraph.push(row);
    } else {
      flush();
    }
  }
  flush();
  return out;
}
