// Sales by day as bars (uPlot), and the same numbers as a table.
import { element, table } from "./dom.js";
import { day, money, number } from "./format.js";
import { language, say } from "./words.js";

const seconds = (text) => Date.parse(`${text}T00:00:00Z`) / 1000;
const dayLength = 86_400; // s
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });

/** Every day of the period, those without sales as 0: [times, cents / 100]. */
function filled(days, { period_start: begin, period_end: end }) {
  const known = new Map(days.map((each) => [seconds(each.day), each.net_cents / 100]));
  const first = Math.min(seconds(begin.slice(0, 10)), ...known.keys());
  const last = Math.max(seconds(end.slice(0, 10)), ...known.keys());
  const times = [];
  for (let at = first; at <= last; at += dayLength) times.push(at);
  return [times, times.map((at) => known.get(at) ?? 0)];
}

function options(width, currency) {
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
  const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  return {
    width,
    height: 220,
    padding: [null, 36, null, null], // room for half of the last day
    tzDate: (at) => window.uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    legend: { live: true },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { range: (_, low, high) => [low - dayLength, high + dayLength] }, y: { range: (_, low, high) => [Math.min(0, low), Math.max(high * 1.1, 1)] } },
    axes: [
      { ...axis, incrs: [1, 2, 7, 14, 28].map((days) => days * dayLength), space: 80, grid: { show: false }, values: (_, times) => times.map((at) => shortDay.format(at * 1000)) },
      { ...axis, size: 64, values: (_, values) => values.map((value) => short.format(value)) },
    ],
    series: [
      { label: say("day"), value: (_, at) => (at === null ? "–" : shortDay.format(at * 1000)) },
      { label: say("net"), stroke: colour("--accent"), fill: colour("--accent"), width: 0, points: { show: false },
        paths: window.uPlot.paths.bars({ size: [0.7, 40] }), value: (_, value) => (value === null ? "–" : money(Math.round(value * 100), currency)) },
    ],
  };
}

function drawn(data, currency, total, signal) {
  const label = say("chart_label", { currency: currency ?? "–", total: money(total.net_cents, currency) });
  const box = element("div", { class: "chart", role: "img", "aria-label": label });
  let plot = null;
  const draw = () => {
    if (!window.uPlot || !box.clientWidth) return;
    plot?.destroy();
    plot = new window.uPlot(options(box.clientWidth, currency), data, box);
  };
  const sized = new ResizeObserver(() => {
    if (plot && box.clientWidth) plot.setSize({ width: box.clientWidth, height: 220 });
    else draw();
  });
  sized.observe(box);
  addEventListener("load", draw, { once: true, signal }); // the library, if it is still on its way
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw, { signal });
  signal.addEventListener("abort", () => {
    sized.disconnect();
    plot?.destroy();
  });
  return box;
}

function numbers(days, currency) {
  const heads = [{ text: say("day") }, ...["orders", "revenue", "refunds", "net"].map((name) => ({ text: say(name), kind: "figure" }))];
  const rows = days.map((each) => element("tr", {}, element("th", { scope: "row" }, day(each.day)),
    [number(each.orders), money(each.revenue_cents, currency), money(each.refunded_cents, currency), money(each.net_cents, currency)]
      .map((text) => element("td", { class: "figure" }, text))));
  return element("details", {}, element("summary", {}, say("as_table")), table(say("by_day"), heads, element("tbody", {}, rows)));
}

/** An answer of /v1/sales: a chart and a table for each currency. */
export function salesByDay(sales, signal) {
  return element("div", {}, sales.totals.map((total) => {
    const days = sales.days.filter((each) => each.currency === total.currency);
    return [drawn(filled(days, sales), total.currency, total, signal), numbers(days, total.currency)];
  }).flat());
}
