// Knows rich_text: sections, lists, quotes and preformatted text, as DOM nodes.
import { el } from "./dom.js";
import { emojiText, link } from "./mrkdwn.js";
import { fillDateFormat } from "./dates.js";

const TAGS = [["code", "code"], ["strike", "s"], ["underline", "u"], ["italic", "em"], ["bold", "strong"]];

function styled(node, style) {
  let out = node;
  for (const [name, tag] of TAGS) if (style?.[name]) out = el(tag, {}, out);
  return out;
}

function breakLines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

function mention(text) {
  return el("span", { class: "mention" }, text);
}

function leaf(item, ctx) {
  switch (item.type) {
    case "text":
      return el("span", {}, breakLines(String(item.text ?? "")));
    case "link":
      return link(String(item.url ?? ""), item.text);
    case "user":
      return mention(`@${ctx.personName(item.user_id) || item.user_id}`);
    case "channel":
      return mention(`#${ctx.channelName(item.channel_id) || item.channel_id}`);
    case "usergroup":
      return mention("@group");
    case "broadcast":
      return mention(`@${item.range}`);
    case "emoji":
      return document.createTextNode(emojiText(item.name));
    case "color":
      return el("span", {}, el("span", { class: "swatch", style: { background: item.value } }), item.value);
    case "date": {
      const date = new Date(item.timestamp * 1000);
      const text = fillDateFormat(item.format || "{date} {time}", date, ctx.zone(), ctx.now());
      return item.url ? link(item.url, text) : el("time", { datetime: date.toISOString() }, text);
    }
    default:
      return document.createTextNode(item.text || item.fallback || "");
  }
}

function leaves(items, ctx) {
  return (items || []).map((item) => styled(leaf(item, ctx), item.style));
}

function part(item, ctx) {
  switch (item.type) {
    case "rich_text_list": {
      const tag = item.style === "ordered" ? "ol" : "ul";
      const attrs = { class: `indent-${Math.min(item.indent || 0, 4)}`, start: item.offset ? item.offset + 1 : undefined };
      return el(tag, attrs, (item.elements || []).map((row) => el("li", {}, leaves(row.elements, ctx))));
    }
    case "rich_text_quote":
      return el("blockquote", {}, leaves(item.elements, ctx));
    case "rich_text_preformatted":
      return el("pre", {}, leaves(item.elements, ctx));
    default:
      return el("p", {}, leaves(item.elements, ctx));
  }
}

/** A rich_text value as block nodes. */
export function richText(value, ctx) {
  return (value?.elements || []).map((item) => part(item, ctx));
}

/** What a plain textarea holds, as the rich_text value an app receives. */
export function fromPlain(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

/** The words of a rich_text value, for a plain textarea and for sorting. */
export function toPlain(value) {
  const leafText = (item) => item.text || item.name || item.url || item.user_id || item.channel_id || item.fallback || "";
  const walk = (item) => (item.elements ? item.elements.map(walk).join(item.type === "rich_text_list" ? "\n" : "") : leafText(item));
  return (value?.elements || []).map(walk).join("\n");
}
