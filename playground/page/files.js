// Knows how a file looks in a message: a picture where it is one, else a named card to download.
import { el, icon } from "./dom.js";
import { sizeText } from "./upload.js";

/** A file object of a message as a node. */
export function fileCard(file, ctx) {
  const url = ctx.slackFile({ id: file.id });
  const name = file.title || file.name || "File";
  const chip = el("a", { class: "file-card", href: url, download: name, testid: "file" }, icon("file"),
    el("span", {}, el("span", { class: "file-name" }, name), el("span", { class: "file-note" }, [file.pretty_type || file.filetype, sizeText(file.size)].filter(Boolean).join(", "))));
  if (!/^image\/(png|jpe?g|gif|webp)$/.test(file.mimetype || "")) return chip;
  const picture = el("img", { src: url, alt: file.alt_txt || name, loading: "lazy" });
  const figure = el("a", { class: "file-picture", href: url, target: "_blank", rel: "noopener", testid: "file" }, picture, el("span", { class: "file-note" }, name));
  picture.addEventListener("error", () => figure.replaceWith(chip));
  return figure;
}
