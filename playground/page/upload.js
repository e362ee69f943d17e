// Knows file_input and the file rows: choosing, uploading with progress, removing, and what Slack refuses.
import { el, icon, iconButton, uid } from "./dom.js";
import { api } from "./api.js";
import { plain } from "./mrkdwn.js";

const MOST_BYTES = 10 * 1024 * 1024;

export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** One file with its state; remove is called when the person takes it out. */
export function fileRow(name, size, remove) {
  const bar = el("progress", { max: 1, value: 0, "aria-label": `Uploading ${name}` });
  const note = el("span", { class: "file-note" }, sizeText(size));
  const node = el("div", { class: "file-row", testid: "file-row" }, icon("file"),
    el("span", { class: "file-name" }, name), note, bar, iconButton("close", `Remove ${name}`, { onclick: remove }));
  return {
    node,
    progress: (part) => (bar.value = part),
    done: () => bar.remove(),
    fail: (text) => {
      bar.remove();
      node.classList.add("failed");
      note.textContent = text;
    },
  };
}

function refusal(element, file, count) {
  const most = element.max_files || 10;
  const kind = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
  if (count >= most) return `Only ${most} file${most === 1 ? "" : "s"} can be added here.`;
  if (element.filetypes?.length && !element.filetypes.includes(kind)) return `This form takes ${element.filetypes.join(", ")} files.`;
  if (file.size > MOST_BYTES) return "Files can be at most 10 MB.";
  if (file.size === 0) return "This file is empty.";
  return null;
}

/** Files held in slot.value() as [{id, name, size}]; state.files carries their ids when sent. */
export function fileInput(slot, element) {
  const rows = el("div", { class: "file-rows" });
  const inputId = slot.controlId || uid("files");
  const input = el("input", {
    type: "file", id: inputId, class: "visually-hidden", testid: `element-${element.action_id}`, multiple: (element.max_files || 10) > 1,
    accept: element.filetypes?.map((kind) => `.${kind}`).join(",") || undefined, "aria-describedby": slot.describedBy, "aria-label": slot.label,
  });
  const held = () => slot.value() || [];
  const add = (file) => {
    const row = fileRow(file.name, file.size, () => {
      slot.set(held().filter((one) => one.id !== file.id));
      row.node.remove();
    });
    rows.append(row.node);
    return row;
  };
  const take = async (file) => {
    const item = { name: file.name, size: file.size };
    const row = add(item);
    const no = refusal(element, file, held().length);
    if (no) return row.fail(no);
    slot.busy(1);
    const answer = await api.upload(slot.ctx.me(), file, row.progress);
    slot.busy(-1);
    if (!answer.ok) return row.fail(answer.error || "The file could not be uploaded.");
    item.id = answer.file.id;
    if (!row.node.isConnected) return undefined;
    slot.set([...held(), { id: answer.file.id, name: file.name, size: file.size }]);
    return row.done();
  };
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await take(file);
  });
  for (const file of held()) add(file).done();
  const text = element.max_files === 1 ? "Add a file" : "Add files";
  return el("div", { class: "file-input" }, input, el("label", { for: inputId, class: "button" }, icon("clip"), plain(element.placeholder) || text), rows);
}
