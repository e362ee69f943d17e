// Knows the newer blocks that hold others: card, carousel, container, alert, plan and task_card.
import { el, iconButton, uid } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { element } from "./elements.js";

function words(value, ctx) {
  return value?.type === "rich_text" ? richText(value, ctx) : textObject(value, ctx);
}

export function card(block, ctx) {
  const picture = (image, name) => image && el("img", { class: name, src: image.image_url || ctx.slackFile(image.slack_file), alt: image.alt_text || "" });
  return el("article", { class: "card", testid: "card" },
    picture(block.hero_image, "hero"),
    el("div", { class: "card-head" }, picture(block.icon, "card-icon"),
      el("div", {}, block.title && el("h4", {}, words(block.title, ctx)), block.subtitle && el("p", { class: "subtitle" }, words(block.subtitle, ctx)))),
    block.body && el("div", { class: "card-text" }, words(block.body, ctx)),
    block.actions?.length && el("div", { class: "actions" }, block.actions.map((item) => element(ctx, block.block_id, item))));
}

export function carousel(block, ctx) {
  const strip = el("div", { class: "carousel-strip", tabindex: 0 }, (block.elements || []).map((item, i) =>
    card({ ...item, block_id: item.block_id || `${block.block_id}-${i}` }, ctx)));
  const step = (sign) => strip.scrollBy({ left: sign * strip.clientWidth * 0.85, behavior: "smooth" });
  return el("div", { class: "carousel", role: "group", "aria-label": "Cards", testid: "carousel" }, strip,
    el("div", { class: "carousel-buttons" }, iconButton("back", "Previous card", { onclick: () => step(-1) }), iconButton("back", "Next card", { class: "icon-button flip", onclick: () => step(1) })));
}

export function container(block, ctx, render) {
  const title = el("span", { class: "container-title" }, block.rich_text_title ? richText(block.rich_text_title, ctx) : textObject(block.title, ctx));
  const subtitle = block.subtitle && el("span", { class: "subtitle" }, words(block.subtitle, ctx));
  const inside = el("div", { class: block.has_header_divider ? "container-body divided" : "container-body" }, render(block.child_blocks || []));
  const attrs = { class: `container ${block.width || "standard"}`, testid: "container" };
  if (!block.is_collapsible) return el("section", attrs, el("div", { class: "container-head" }, title, subtitle), inside);
  return el("details", { ...attrs, open: !block.default_collapsed }, el("summary", { class: "container-head" }, title, subtitle), inside);
}

const LEVELS = { info: "Note", warning: "Warning", error: "Error", success: "Done" };

export function alert(block, ctx) {
  const level = block.level || "default";
  return el("div", { class: `alert ${level}`, role: level === "error" ? "alert" : "note", testid: "alert" },
    LEVELS[level] && el("strong", { class: "alert-level" }, LEVELS[level]), el("div", {}, words(block.text, ctx)));
}

const STATES = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Error" };

export function taskCard(block, ctx) {
  const id = uid("task");
  return el("section", { class: "card task", "aria-labelledby": id },
    el("p", { id }, el("strong", {}, block.title), ` (${STATES[block.status] || "Pending"})`),
    block.details && richText(block.details, ctx), block.output && richText(block.output, ctx));
}

export function plan(block, ctx) {
  return el("section", { class: "container standard" }, el("div", { class: "container-head" }, el("span", { class: "container-title" }, block.title)),
    el("div", { class: "container-body" }, (block.tasks || []).map((task) => taskCard(task, ctx))));
}
