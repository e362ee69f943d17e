// Knows table and data_table: sorting, pages, captions and row headers.
import { el } from "./dom.js";
import { richText, toPlain } from "./richtext.js";

function words(cell) {
  return cell?.type === "rich_text" ? toPlain(cell) : String(cell?.text ?? cell?.value ?? "");
}

function content(cell, ctx) {
  return cell?.type === "rich_text" ? richText(cell, ctx) : words(cell);
}

function isNumber(rows, column) {
  return rows.every((row) => row[column]?.type === "raw_number");
}

/** Long words get room; otherwise a narrow screen would stack them one a line. */
function width(cell) {
  return words(cell).length > 24 ? "long" : "";
}

function scroll(table, label) {
  return el("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": label }, table);
}

/** The plain table block: no sorting, column alignment as set. */
export function table(block, ctx) {
  const settings = block.column_settings || [];
  const [head, ...body] = block.rows || [[]];
  const cell = (tag, attrs) => (item, i) => el(tag, { ...attrs, class: `${settings[i]?.align || "left"} ${width(item)}` }, content(item, ctx));
  return scroll(el("table", { class: "grid", testid: "table" },
    el("thead", {}, el("tr", {}, head.map(cell("th", { scope: "col" })))),
    el("tbody", {}, body.map((row) => el("tr", {}, row.map(cell("td", {})))))), "Table");
}

function compare(column, numeric, direction) {
  return (a, b) => {
    const order = numeric ? a[column].value - b[column].value : words(a[column]).localeCompare(words(b[column]), "en-GB", { numeric: true });
    return order * direction;
  };
}

/** The data_table block: sortable by any column, paged by page_size. */
export function dataTable(block, ctx) {
  const [head, ...all] = block.rows || [[]];
  const size = block.page_size || 5;
  const header = block.row_header_column_index ?? 0;
  const body = el("tbody");
  const count = el("span", { class: "page-count", "aria-live": "polite" });
  const turn = (step, text) => el("button", {
    type: "button", class: "button small",
    onclick: () => {
      page += step;
      show();
    },
  }, text);
  const [back, next] = [turn(-1, "Previous"), turn(1, "Next")];
  let sorted = { column: -1, direction: 1 };
  let rows = all;
  let page = 0;
  const numeric = head.map((_, column) => isNumber(all, column));
  const sortBy = (column) => {
    const direction = sorted.column === column ? -sorted.direction : 1;
    sorted = { column, direction };
    rows = [...all].sort(compare(column, numeric[column], direction));
    page = 0;
    show();
  };
  const heads = head.map((cell, column) => el("th", { scope: "col", class: numeric[column] ? "number" : "" },
    el("button", { type: "button", class: "sort", onclick: () => sortBy(column) }, words(cell))));
  const show = () => {
    const pages = Math.max(1, Math.ceil(rows.length / size));
    body.replaceChildren(...rows.slice(page * size, (page + 1) * size).map((row) => el("tr", {}, row.map((cell, i) =>
      el(i === header ? "th" : "td", { scope: i === header ? "row" : undefined, class: numeric[i] ? "number" : width(cell) }, content(cell, ctx))))));
    heads.forEach((th, i) => th.setAttribute("aria-sort", i !== sorted.column ? "none" : sorted.direction > 0 ? "ascending" : "descending"));
    count.textContent = `${rows.length ? page * size + 1 : 0} to ${Math.min(rows.length, (page + 1) * size)} of ${rows.length}`;
    back.disabled = page === 0;
    next.disabled = page >= pages - 1;
  };
  show();
  return el("div", { class: "data-table", testid: "data-table" },
    scroll(el("table", { class: "grid" }, el("caption", {}, block.caption), el("thead", {}, el("tr", {}, heads)), body), block.caption),
    el("div", { class: "pager" }, count, rows.length > size && [back, next]));
}
