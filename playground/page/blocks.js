// Knows every block: which nodes it becomes, and how a list of blocks is re-rendered without losing what is typed.
import { el, icon, uid } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { element } from "./elements.js";
import { alert, card, carousel, container, plan, taskCard } from "./cards.js";
import { chart } from "./charts.js";
import { dataTable, table } from "./tables.js";
import { fileCard } from "./files.js";

function section(block, ctx) {
  const label = block.text ? plain(block.text).replace(/[*_~`]/g, "").slice(0, 80) : "";
  return el("div", { class: "section" },
    el("div", { class: "section-text" }, block.text && el("div", { class: "text" }, textObject(block.text, ctx)),
      block.fields && el("div", { class: "fields" }, block.fields.map((field) => el("div", { class: "field" }, textObject(field, ctx))))),
    block.accessory && el("div", { class: "accessory" }, element(ctx, block.block_id, block.accessory, { label })));
}

function header(block, ctx) {
  const level = Math.min(Math.max(block.level || 1, 1), 4);
  return el(`h${level + 1}`, { class: `header level-${block.level || 2}` }, textObject(block.text, ctx));
}

function image(block, ctx) {
  const picture = el("img", { src: block.image_url || ctx.slackFile(block.slack_file), alt: block.alt_text || "", loading: "lazy" });
  picture.addEventListener("error", () => picture.replaceWith(el("p", { class: "missing" }, `Picture: ${block.alt_text || "not available"}`)));
  return el("figure", { class: "image" }, block.title && el("figcaption", {}, textObject(block.title, ctx)), picture);
}

function context(block, ctx) {
  return el("div", { class: "context" }, (block.elements || []).map((item) =>
    (item.type === "image" ? element(ctx, block.block_id, item) : el("span", {}, textObject(item, ctx)))));
}

function actions(block, ctx) {
  return el("div", { class: "actions" }, (block.elements || []).map((item) =>
    element(ctx, block.block_id, item, { label: plain(item.placeholder) || plain(item.text) })));
}

const GROUPED = ["checkboxes", "radio_buttons", "file_input"];

function input(block, ctx) {
  const item = block.element;
  const controlId = uid("field");
  const [hintId, errorId] = [`${controlId}-hint`, `${controlId}-error`];
  const label = plain(block.label);
  const problem = ctx.errors?.[block.block_id];
  // Both notes are named from the start: an error line that appears later must be read out with its field.
  const given = {
    controlId, label, labelled: !GROUPED.includes(item.type), required: !block.optional, clearable: Boolean(block.optional),
    describedBy: block.hint ? `${hintId} ${errorId}` : errorId, dispatches: Boolean(block.dispatch_action),
  };
  return el("div", { class: problem ? "input invalid" : "input", testid: `field-${block.block_id}` },
    el("label", { for: GROUPED.includes(item.type) ? undefined : controlId, class: "input-label" }, textObject(block.label, ctx),
      block.optional && el("span", { class: "optional" }, " (optional)")),
    element(ctx, block.block_id, item, given),
    el("p", { id: errorId, class: "field-error", testid: `error-${block.block_id}`, role: problem ? "alert" : undefined }, problem),
    block.hint && el("p", { id: hintId, class: "hint" }, textObject(block.hint, ctx)));
}

function video(block, ctx) {
  return el("div", { class: "video" }, el("strong", {}, textObject(block.title, ctx)), el("p", { class: "subtitle" }, `Video: ${block.alt_text || "plays in Slack"}`));
}

const RENDER = {
  section, header, image, context, actions, input, video, alert, card, carousel, plan, task_card: taskCard, table, data_table: dataTable,
  context_actions: actions,
  divider: () => el("hr", { class: "divider" }),
  rich_text: (block, ctx) => el("div", { class: "text" }, richText(block, ctx)),
  markdown: (block) => el("div", { class: "text markdown" }, markdown(block.text)),
  container: (block, ctx) => container(block, ctx, (children) => children.map((child) => renderBlock(child, ctx))),
  data_visualization: (block) => chart(block),
  file: (block, ctx) => fileCard({ id: block.external_id || block.file_id, name: "File" }, ctx),
};

/** One block as a node; an unknown type is said, never left out in silence. */
export function renderBlock(block, ctx) {
  const make = RENDER[block.type];
  const node = make ? make(block, ctx) : el("p", { class: "unknown" }, icon("eye"), `Block “${block.type}” is not shown in the playground.`);
  node.dataset.block = block.block_id || "";
  return node;
}

/** Blocks into host; a block that did not change keeps its node, and with it focus, cursor and open menus. */
export function renderBlocks(host, blocks, ctx) {
  const old = host.blockNodes || new Map();
  const fresh = new Map();
  const nodes = (blocks || []).map((block, index) => {
    const key = JSON.stringify([block.block_id ?? index, block, ctx.errors?.[block.block_id]]);
    const node = old.get(key) || renderBlock(block, ctx);
    fresh.set(key, node);
    return node;
  });
  host.blockNodes = fresh;
  const same = nodes.length === host.children.length && nodes.every((node, i) => node === host.children[i]);
  if (!same) place(host, nodes);
}

/** Moves as little as possible, because a node that is taken out loses its focus. */
function place(host, nodes) {
  const keep = new Set(nodes);
  const held = document.activeElement?.closest("[data-testid^='element-'], [data-testid^='button-']");
  const mark = held && host.contains(held) ? { block: held.closest("[data-block]").dataset.block, id: held.dataset.testid, at: held.selectionStart } : null;
  for (const child of [...host.children]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (host.children[i] !== node) host.insertBefore(node, host.children[i] || null);
  });
  if (!mark || host.contains(document.activeElement)) return;
  const again = host.querySelector(`[data-block="${CSS.escape(mark.block)}"] [data-testid="${CSS.escape(mark.id)}"]`);
  again?.focus();
  if (typeof mark.at === "number" && again?.setSelectionRange) again.setSelectionRange(mark.at, mark.at);
}
