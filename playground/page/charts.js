// Knows data_visualization: pie, bar, line and area as labelled SVG, each with its figures as a table.
import { el, svg, uid } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 260;
const GLYPH = 8.6; // the width of a character at the larger size that a phone has
const BOX = { left: 46, right: 12, top: 14, bottom: 46 };

function colour(index) {
  return `var(--series-${index % 8})`;
}

function figure(number) {
  return Number.isInteger(number) ? String(number) : String(Math.round(number * 100) / 100);
}

/** Round steps that cover the values: [low, ..., high]. */
export function ticks(low, high) {
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const out = [];
  for (let value = Math.floor(low / step) * step; value < high + step; value += step) {
    out.push(Math.round(value * 1e6) / 1e6);
    if (value >= high) break;
  }
  return out;
}

function valueOf(series, category) {
  return series.data.find((point) => point.label === category)?.value ?? 0;
}

function label(x, y, text, anchor = "middle", extra = {}) {
  return svg("text", { x, y, "text-anchor": anchor, class: "chart-text", ...extra }, text);
}

function shorten(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function frame(chart, scale, steps, categories) {
  const axis = chart.axis_config || {};
  const slot = (WIDTH - BOX.left - BOX.right) / categories.length;
  const every = Math.ceil(categories.length / 10);
  const named = categories.map((name, i) => [name, i]).filter(([, i]) => i % every === 0);
  // Names too long to stand side by side stand in two rows in turn, as long as no title of the axis needs the room.
  const rows = !axis.x_label && named.some(([name]) => name.length * GLYPH > slot * every) ? 2 : 1;
  const most = Math.max(4, Math.floor((slot * every * (rows === 2 ? 1.5 : 1)) / GLYPH));
  const name = ([text, i], nth) => {
    const shown = shorten(text, most);
    const half = (shown.length * GLYPH) / 2;
    const x = Math.min(Math.max(BOX.left + slot * (i + 0.5), half), WIDTH - half);
    return label(x, HEIGHT - BOX.bottom + 17 + (nth % rows) * 19, shown);
  };
  return [
    steps.map((value) => [
      svg("line", { x1: BOX.left, x2: WIDTH - BOX.right, y1: scale(value), y2: scale(value), class: value === 0 ? "axis" : "gridline" }),
      label(BOX.left - 6, scale(value) + 4, figure(value), "end"),
    ]),
    named.map(name),
    axis.x_label && label((WIDTH + BOX.left) / 2, HEIGHT - 8, axis.x_label, "middle", { class: "chart-text strong" }),
    axis.y_label && label(0, 0, axis.y_label, "middle", { class: "chart-text strong", transform: `translate(12 ${(HEIGHT - BOX.bottom) / 2}) rotate(-90)` }),
  ];
}

function bars(chart, scale, categories) {
  const slot = (WIDTH - BOX.left - BOX.right) / categories.length;
  const width = Math.min(46, (slot * 0.76) / chart.series.length);
  return chart.series.map((series, s) => categories.map((name, i) => {
    const value = valueOf(series, name);
    const x = BOX.left + slot * (i + 0.5) + (s - chart.series.length / 2) * width;
    const [top, bottom] = [scale(Math.max(0, value)), scale(Math.min(0, value))];
    return [
      svg("rect", { x: x + 1, y: top, width: Math.max(1, width - 2), height: Math.max(1, bottom - top), rx: 2, fill: colour(s) }, svg("title", {}, `${series.name}, ${name}: ${figure(value)}`)),
      width > 15 && label(x + width / 2, value >= 0 ? top - 4 : bottom + 12, figure(value), "middle", { class: "chart-text value" }),
    ];
  }));
}

/** A different mark for each series, so that colour is never the only difference. */
function mark(index, x, y, title) {
  const fill = colour(index);
  const shapes = [
    () => svg("circle", { cx: x, cy: y, r: 4, fill }, title),
    () => svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8, fill }, title),
    () => svg("path", { d: `M${x} ${y - 5}l5 9h-10z`, fill }, title),
    () => svg("path", { d: `M${x} ${y - 5}l5 5-5 5-5-5z`, fill }, title),
  ];
  return shapes[index % shapes.length]();
}

function lines(chart, scale, categories) {
  const slot = (WIDTH - BOX.left - BOX.right) / categories.length;
  const xOf = (i) => BOX.left + slot * (i + 0.5);
  return chart.series.map((series, s) => {
    const points = categories.map((name, i) => [xOf(i), scale(valueOf(series, name))]);
    const path = points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("");
    const close = `L${points[points.length - 1][0]} ${scale(0)}L${points[0][0]} ${scale(0)}Z`;
    return [
      chart.type === "area" && svg("path", { d: path + close, fill: colour(s), opacity: 0.22 }),
      svg("path", { d: path, fill: "none", stroke: colour(s), "stroke-width": 2.5, "stroke-linejoin": "round" }),
      points.map(([x, y], i) => mark(s, x, y, svg("title", {}, `${series.name}, ${categories[i]}: ${figure(valueOf(series, categories[i]))}`))),
      chart.series.length === 1 && categories.length <= 12
        && points.map(([x, y], i) => label(x, y - 9, figure(valueOf(series, categories[i])), "middle", { class: "chart-text value" })),
    ];
  });
}

function plot(chart) {
  const categories = chart.axis_config?.categories || chart.series[0].data.map((point) => point.label);
  const values = chart.series.flatMap((series) => categories.map((name) => valueOf(series, name)));
  const steps = ticks(Math.min(0, ...values), Math.max(0, ...values, 1e-6));
  const [low, high] = [steps[0], steps[steps.length - 1]];
  const scale = (value) => HEIGHT - BOX.bottom - ((value - low) / (high - low)) * (HEIGHT - BOX.bottom - BOX.top);
  const marks = chart.type === "bar" ? bars(chart, scale, categories) : lines(chart, scale, categories);
  return { drawing: [frame(chart, scale, steps, categories), marks], names: chart.series.map((series) => series.name), box: `0 0 ${WIDTH} ${HEIGHT}` };
}

function pie(chart) {
  const total = chart.segments.reduce((sum, part) => sum + part.value, 0);
  const [cx, cy, radius] = [110, 110, 100];
  let turn = -Math.PI / 2;
  const point = (angle, r = radius) => [cx + r * Math.cos(angle), cy + r * Math.sin(angle)];
  const drawing = chart.segments.map((part, i) => {
    const share = part.value / total;
    const [from, to] = [turn, turn + share * Math.PI * 2];
    turn = to;
    const [x1, y1] = point(from);
    const [x2, y2] = point(to);
    const [lx, ly] = point((from + to) / 2, radius * 0.64);
    const title = svg("title", {}, `${part.label}: ${figure(part.value)}`);
    const slice = share > 0.9999
      ? svg("circle", { cx, cy, r: radius, fill: colour(i), class: "slice" }, title)
      : svg("path", { d: `M${cx} ${cy}L${x1} ${y1}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${x2} ${y2}Z`, fill: colour(i), class: "slice" }, title);
    return [slice, share > 0.06 && label(share > 0.9999 ? cx : lx, (share > 0.9999 ? cy : ly) + 5, figure(part.value), "middle", { class: "chart-text on-slice" })];
  });
  const names = chart.segments.map((part) => `${part.label}: ${figure(part.value)} (${Math.round((part.value / total) * 100)}%)`);
  return { drawing, names, box: "0 0 220 220" };
}

function figuresTable(chart) {
  const head = (cells) => el("tr", {}, cells.map((cell) => el("th", { scope: "col" }, cell)));
  if (chart.type === "pie") {
    return el("table", { class: "grid" }, el("thead", {}, head(["Part", "Value"])),
      el("tbody", {}, chart.segments.map((part) => el("tr", {}, el("th", { scope: "row" }, part.label), el("td", { class: "number" }, figure(part.value))))));
  }
  const categories = chart.axis_config?.categories || chart.series[0].data.map((point) => point.label);
  return el("table", { class: "grid" }, el("thead", {}, head([chart.axis_config?.x_label || "", ...chart.series.map((series) => series.name)])),
    el("tbody", {}, categories.map((name) => el("tr", {}, el("th", { scope: "row" }, name),
      chart.series.map((series) => el("td", { class: "number" }, figure(valueOf(series, name))))))));
}

/** A data_visualization block as a figure. */
export function chart(block) {
  const data = block.chart || {};
  const { drawing, names, box } = data.type === "pie" ? pie(data) : plot(data);
  const titleId = uid("chart");
  return el("figure", { class: `chart ${data.type}`, testid: "chart" },
    el("figcaption", { id: titleId }, block.title),
    el("div", { class: "chart-body" },
      svg("svg", { viewBox: box, role: "img", "aria-label": `${block.title}. ${data.type} chart. ${names.join(", ")}` }, drawing),
      (data.type === "pie" || names.length > 1) && el("ul", { class: "legend" }, names.map((name, i) => el("li", {},
        svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, data.type === "line" || data.type === "area" ? mark(i, 6, 6) : svg("rect", { width: 12, height: 12, rx: 3, fill: colour(i) })), name)))),
    el("details", { class: "figures" }, el("summary", {}, "Figures"), figuresTable(data)));
}
