// Knows every interactive element: which control it gets, and how a press or a change goes to the app.
import { el, icon, uid } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";
import { dateInput, dateTimeInput, richInput, textInput, timeInput, typedInput } from "./inputs.js";
import { checkboxes, radioButtons } from "./choices.js";
import { select } from "./picker.js";
import { fileInput } from "./upload.js";
import { openMenu } from "./popup.js";
import { ask } from "./dialog.js";
import { isStateful } from "./values.js";

const CONTROLS = {
  plain_text_input: textInput, number_input: typedInput, email_text_input: typedInput, url_text_input: typedInput, rich_text_input: richInput,
  datepicker: dateInput, timepicker: timeInput, datetimepicker: dateTimeInput, checkboxes, radio_buttons: radioButtons, file_input: fileInput,
  static_select: select, external_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: select, multi_external_select: select, multi_users_select: select, multi_conversations_select: select, multi_channels_select: select,
};

async function send(ctx, blockId, element, payload, control) {
  if (element.confirm && !(await ask(element.confirm, ctx))) return;
  control?.setAttribute("aria-busy", "true");
  control?.classList.add("busy");
  try {
    await ctx.act(blockId, element, { type: element.type, ...payload });
  } finally {
    control?.removeAttribute("aria-busy");
    control?.classList.remove("busy");
  }
}

function button(ctx, blockId, element) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(ctx.me())) return null;
  const attrs = {
    class: `button ${element.style || ""}`.trim(), testid: `button-${element.action_id}`, "aria-label": element.accessibility_label,
  };
  const press = () => {
    if (!control.classList.contains("busy")) send(ctx, blockId, element, { value: element.value, text: element.text }, control);
  };
  const isLink = /^https?:\/\//i.test(element.url || "");
  const control = isLink
    ? el("a", { ...attrs, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, textObject(element.text, ctx))
    : el("button", { ...attrs, type: "button", onclick: press }, textObject(element.text, ctx));
  return control;
}

function overflow(ctx, blockId, element) {
  const control = el("button", {
    type: "button", class: "button square", testid: `button-${element.action_id}`, "aria-label": element.accessibility_label || "More actions",
    "aria-haspopup": "menu", "aria-expanded": "false",
  }, icon("dots"));
  control.addEventListener("click", () => openMenu(control, (element.options || []).map((option) => ({
    label: plain(option.text), description: option.description && plain(option.description),
    run: () => {
      if (/^https?:\/\//i.test(option.url || "")) window.open(option.url, "_blank", "noopener");
      send(ctx, blockId, element, { selected_option: option }, control);
    },
  })), "More actions"));
  return control;
}

/** What a control needs to know: its value, its label, and whether a change is sent at once. */
function slotFor(ctx, blockId, element, given) {
  const slot = {
    ctx, controlId: uid("control"), labelled: false, label: "", required: false, describedBy: undefined, clearable: false, dispatches: true, ...given,
    value: () => ctx.values.value(blockId, element),
    set: (value) => {
      ctx.values.set(blockId, element, value);
      ctx.changed?.(blockId);
    },
    dispatch: () => send(ctx, blockId, element, ctx.values.get(blockId, element), document.getElementById(slot.controlId)),
    options: (query) => ctx.options(blockId, element, query),
    submit: ctx.submit,
    busy: (step) => ctx.busy?.(step),
  };
  return slot;
}

/** One element as a node; given = {controlId, label, labelled, required, describedBy, dispatches} from its block. */
export function element(ctx, blockId, item, given = {}) {
  if (item.type === "button" || item.type === "workflow_button" || item.type === "icon_button") return button(ctx, blockId, item);
  if (item.type === "overflow") return overflow(ctx, blockId, item);
  if (item.type === "image") {
    return el("img", { class: "thumb", src: item.image_url || ctx.slackFile(item.slack_file), alt: item.alt_text || "" });
  }
  if (item.type === "feedback_buttons") return [item.positive_button, item.negative_button].map((one) => one && button(ctx, blockId, { ...item, ...one, type: item.type }));
  if (!isStateful(item)) return el("span", { class: "unknown" }, `Element “${item.type}” is not shown here.`);
  return CONTROLS[item.type](slotFor(ctx, blockId, item, given), item);
}
