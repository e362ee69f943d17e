// Knows Slack's mrkdwn: turns a string into DOM nodes, with people, channels, dates and links resolved.
import { el } from "./dom.js";
import { fillDateFormat } from "./dates.js";

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", warning: "⚠️", x: "❌", wave: "👋", eyes: "👀", clock9: "🕘",
  calendar: "📅", memo: "📝", paperclip: "📎", bell: "🔔", tada: "🎉", thumbsup: "👍", "+1": "👍", red_circle: "🔴",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_blue_circle: "🔵", slightly_smiling_face: "🙂", hourglass: "⌛",
  chart_with_upwards_trend: "📈", rotating_light: "🚨", pray: "🙏", bulb: "💡", lock: "🔒", mag: "🔍", information_source: "ℹ️",
};

/** A known :code: as its character, any other left as it was typed. */
export function emojiText(name) {
  return EMOJI[name] || `:${name}:`;
}

export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Only links that cannot run script; anything else stays text. */
export function link(url, label) {
  const text = label || url.replace(/^mailto:/, "");
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(url)) return document.createTextNode(text);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

function mention(text) {
  return el("span", { class: "mention" }, text);
}

/** <...>: a person, a channel, a special mention, a date or a link. */
function angle(body, ctx) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (target.startsWith("@")) return mention(`@${ctx.personName(target.slice(1)) || label || target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${ctx.channelName(target.slice(1)) || label || target.slice(1)}`);
  if (target.startsWith("!date^")) return dateNode(target, label, ctx);
  if (target.startsWith("!subteam^")) return mention(label || "@group");
  if (target.startsWith("!")) return mention(`@${label || target.slice(1)}`);
  // A bare <word> is no link in Slack's form; it is shown as it stands.
  if (bar < 0 && !/^[a-z][a-z0-9+.-]*:/i.test(target)) return document.createTextNode(`<${unescape(target)}>`);
  return link(unescape(target), label);
}

function dateNode(target, label, ctx) {
  const [, seconds, pattern, url] = target.split("^");
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || !pattern) return document.createTextNode(label);
  const text = fillDateFormat(unescape(pattern), date, ctx.zone(), ctx.now());
  return url ? link(unescape(url), text) : el("time", { datetime: date.toISOString(), title: label }, text);
}

const STYLES = { "*": "strong", _: "em", "~": "s" };
const INLINE = new RegExp(
  [
    "<([^<>\\n]+)>",
    "`([^`\\n]+)`",
    "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]*[^\\s*])\\*(?![\\w*])",
    "(?<![\\w_])_(?=[^\\s_])([^_\\n]*[^\\s_])_(?![\\w_])",
    "(?<![\\w~])~(?=[^\\s~])([^~\\n]*[^\\s~])~(?![\\w~])",
    ":([a-z0-9_+'-]+):",
    "(https?:\\/\\/[^\\s<>|]+[^\\s<>|.,;:!?)\\]'\"*_~])",
  ].join("|"),
);

/** One line of mrkdwn as nodes. */
export function inline(text, ctx) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const match = INLINE.exec(rest);
    if (!match) {
      nodes.push(document.createTextNode(unescape(rest)));
      break;
    }
    if (match.index) nodes.push(document.createTextNode(unescape(rest.slice(0, match.index))));
    nodes.push(inlineNode(match, ctx));
    rest = rest.slice(match.index + match[0].length);
  }
  return nodes;
}

function inlineNode(match, ctx) {
  if (match[1] !== undefined) return angle(match[1], ctx);
  if (match[2] !== undefined) return el("code", {}, unescape(match[2]));
  for (const group of [3, 4, 5]) {
    if (match[group] !== undefined) return el(STYLES[match[0][0]], {}, inline(match[group], ctx));
  }
  if (match[6] !== undefined) return document.createTextNode(emojiText(match[6]));
  return link(unescape(match[7]));
}

function lines(chunk, ctx) {
  const out = [];
  let quote = null;
  const all = chunk.split("\n");
  all.forEach((line, index) => {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) out.push((quote = el("blockquote")));
      else quote.append(el("br"));
      quote.append(...inline(quoted[1], ctx));
      return;
    }
    if (index > 0 && !quote) out.push(el("br"));
    quote = null;
    out.push(...inline(line, ctx));
  });
  return out;
}

/** A whole mrkdwn string: code fences, quotes, lines. */
export function mrkdwn(text, ctx) {
  const out = [];
  String(text ?? "").split("```").forEach((chunk, index, chunks) => {
    if (index % 2 === 1 && index < chunks.length - 1) out.push(el("pre", {}, unescape(chunk.replace(/^\n/, ""))));
    else if (chunk) out.push(...lines(index % 2 === 1 ? `\`\`\`${chunk}` : chunk, ctx));
  });
  return out;
}

/** Plain text: emoji codes unless switched off; nothing else is parsed. */
export function plain(object) {
  const text = String(object?.text ?? "");
  if (object?.emoji === false) return text;
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI[name] || whole);
}

/** Any text object. */
export function textObject(object, ctx) {
  if (!object) return [];
  if (typeof object === "string") return [document.createTextNode(object)];
  if (object.type === "mrkdwn") return mrkdwn(object.text, ctx);
  return plain(object).split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}
