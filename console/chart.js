// Sales by day as bars, and the same numbers as a table.
import { element, table, tableRow } from "./dom.js";
import { day, money, number } from "./format.js";
import { language, say } from "./words.js";

const namespace = "http://www.w3.org/2000/svg";
const height = 220; // px, as all below
const [left, right, top, bottom] = [56, 8, 10, 26];
const dayLength = 86_400_000; // ms
const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });

function svg(tag, attributes, ...children) {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const at = (text) => Date.parse(`${text}T00:00:00Z`);
const nothing = { orders: 0, revenue_cents: 0, refunds: 0, refunded_cents: 0, net_cents: 0 };

/** Every day asked about, those without sales too. */
function filled(days, { from, to }) {
  const known = new Map(days.map((each) => [each.day, each]));
  const all = [];
  for (let time = at(from); time <= at(to); time += dayLength) {
    const name = new Date(time).toISOString().slice(0, 10);
    all.push(known.get(name) ?? { ...nothing, day: name });
  }
  return all;
}

/** Round values from low to high, some four of them. */
function ticksOf(low, high) {
  const rough = Math.max(high - low, 100) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const ticks = [];
  for (let value = Math.floor(low / step) * step; value < high + step; value += step) ticks.push(value);
  return ticks;
}

function drawn(days, currency, total) {
  const label = say("chart_label", { currency: currency ?? "–", total: money(total.net_cents, currency) });
  const told = element("p", { class: "told", "aria-hidden": "true" });
  const box = element("div", { class: "chart" });
  const values = days.map(({ net_cents: net }) => net);
  const ticks = ticksOf(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [ticks[0], ticks.at(-1)];

  function tell(each) {
    told.textContent = `${day(each.day)} · ${money(each.net_cents, currency)} · ${say("orders")}: ${number(each.orders)}`;
  }

  function draw(width) {
    const step = (width - left - right) / days.length;
    const y = (cents) => top + ((high - cents) / (high - low)) * (height - top - bottom);
    const x = (index) => left + index * step;
    const lines = ticks.flatMap((cents) => [
      svg("line", { x1: left, x2: width - right, y1: y(cents), y2: y(cents), class: cents === 0 ? "axis" : "grid" }),
      svg("text", { x: left - 8, y: y(cents) + 4, "text-anchor": "end" }, compact.format(cents / 100)),
    ]);
    const every = Math.max(1, Math.ceil(72 / step));
    const dates = days.flatMap((each, index) => (index % every === 0 && x(index) + 36 < width + step
      ? [svg("text", { x: Math.min(x(index) + step / 2, width - 24), y: height - 8, "text-anchor": "middle" }, shortDay.format(at(each.day)))] : []));
    const thick = Math.max(1, Math.min(step * 0.72, 40));
    const bars = days.map((each, index) => svg("rect", {
      x: x(index) + (step - thick) / 2, width: thick, rx: Math.min(3, thick / 4), class: each.net_cents < 0 ? "bar-day below" : "bar-day",
      y: y(Math.max(0, each.net_cents)), height: Math.abs(y(0) - y(each.net_cents)),
    }));
    const picture = svg("svg", { width, height, role: "img", "aria-label": label }, ...lines, ...dates, ...bars);
    let marked = null;
    picture.addEventListener("pointermove", (event) => {
      const index = Math.floor((event.offsetX - left) / step);
      if (!days[index]) return;
      marked?.classList.remove("marked");
      marked = bars[index];
      marked.classList.add("marked");
      tell(days[index]);
    });
    box.replaceChildren(told, picture);
  }

  const best = days.reduce((most, each) => (each.net_cents > most.net_cents ? each : most), days[0]);
  tell(best);
  let drawnFor = 0;
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width > 0 && Math.abs(width - drawnFor) >= 1) draw(drawnFor = width);
  }).observe(box);
  return box;
}

function numbers(days, currency) {
  const heads = [{ text: say("day"), heading: true }, ...["orders", "revenue", "refunds", "net"].map((name) => ({ text: say(name), kind: "figure" }))];
  const rows = days.map((each) => tableRow(heads, [
    day(each.day), number(each.orders), money(each.revenue_cents, currency), money(each.refunded_cents, currency), money(each.net_cents, currency),
  ]));
  return element("details", {}, element("summary", {}, say("as_table")), table(say("by_day"), heads, element("tbody", {}, rows)));
}

/** An answer of /v1/sales: a chart and a table for each currency. */
export function salesByDay(sales) {
  return element("div", {}, sales.totals.map((total) => {
    const days = filled(sales.days.filter((each) => each.currency === total.currency), sales);
    return [drawn(days, total.currency, total), numbers(days, total.currency)];
  }).flat());
}
