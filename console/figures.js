// An offer's figures of a period: live ones, sales by day, prices over time.
import { get, offerPath } from "./api.js";
import { salesByDay } from "./chart.js";
import { card, choice, dash, element, table, tableRow } from "./dom.js";
import { duration, money, number, percent, portion, time } from "./format.js";
import { keeping, unknown } from "./keep.js";
import { heardOf, isKnown, newest, noteOf, sourceOf, windowOf } from "./live.js";
import { linkTo, readable } from "./names.js";
import { periods } from "./offers.js";
import { salesOf } from "./range.js";
import { say } from "./words.js";

const refresh = 60_000; // ms

function cards(live, known) {
  const of = (text) => (isKnown(live) ? text() : dash(sourceOf(live)));
  return element("dl", { class: "cards" },
    card(say("live_revenue"), of(() => money(live.revenue_cents ?? 0, live.currency)), sourceOf(live)),
    card(say("orders"), of(() => number(live.orders ?? 0))),
    card(say("views"), of(() => number(live.views ?? 0))),
    card(say("conversion"), of(() => (live.views ? percent(live.conversion_rate ?? 0) : "–"))),
    card(say("in_status"), duration((Date.now() - Date.parse(known.status_since)) / 1000), say(known.status)),
    card(say("failures"), number(known.failures.count)));
}

const sourceName = ({ source, medium, campaign }) =>
  [!source || source === "direct" ? say("direct") : readable(source), ...[medium, campaign].filter(Boolean).map((each) => readable(each))].join(" · ");

/** Rows with a bar each: [{name, cents, currency, share}], the largest first; `share` is of the total, in percent. */
export function bars(caption, first, rows) {
  const heads = [{ text: first, heading: true, kind: "name" }, { text: say("revenue"), kind: "figure" }, { text: say("share"), kind: "figure" }, { text: "", kind: "bars", picture: true }];
  const most = Math.max(1, ...rows.map(({ cents }) => cents));
  const body = element("tbody", {}, rows.map(({ name, cents, currency, share }) => {
    const bar = element("span", { class: "bar-fill" });
    bar.style.inlineSize = `${(100 * Math.max(0, cents)) / most}%`;
    return tableRow(heads, [name, money(cents, currency), share === null ? "–" : portion(share), bar]);
  }));
  return table(caption, heads, body);
}

function traffic(live) {
  if (!isKnown(live) || !live.traffic?.length) return [];
  const total = live.traffic.reduce((sum, each) => sum + each.revenue_cents, 0);
  const rows = live.traffic.map((each) => ({
    name: sourceName(each), cents: each.revenue_cents, currency: live.currency, share: total ? (100 * each.revenue_cents) / total : null,
  }));
  rows.sort((a, b) => b.cents - a.cents);
  return [element("h3", {}, say("traffic")), bars(say("traffic"), say("source"), rows)];
}

function prices(history) {
  if (!history?.length) return [];
  const heads = [{ text: say("product"), heading: true }, { text: say("price"), kind: "figure" }, { text: say("since") }];
  const rows = history.map((each) => tableRow(heads, [
    each.product_id ? linkTo("product", each.product_id) : readable(each.clubify_product_id),
    each.price_cents === null ? "–" : money(each.price_cents, each.currency),
    element("time", { datetime: each.since }, time(each.since)),
  ]));
  return [element("details", {}, element("summary", {}, say("price_history")),
    table(say("price_history"), heads, element("tbody", {}, rows)))];
}

export function figures(id, { signal, period, remember }) {
  const liveOnes = element("div", {}, element("p", { class: "note" }, say("loading")));
  const byDay = element("div");
  let last = null; // {period, live}

  const live = keeping(async () => {
    const asked = period();
    const answer = await get(`${offerPath(id)}/analytics`, { period: asked }, signal);
    heardOf([answer.live]);
    if (asked !== period()) return;
    const now = newest(answer.live, last?.period === asked ? last.live : null);
    last = { period: asked, live: now };
    liveOnes.replaceChildren(...[noteOf([now])].filter(Boolean), cards(now, answer.read_model), ...[windowOf(now, "window")].filter(Boolean),
      ...traffic(now), ...prices(answer.read_model.price_history));
  }, { signal, every: refresh, onError: (error) => last ?? liveOnes.replaceChildren(unknown(error)) });

  const sales = keeping(async () => {
    const asked = period();
    const found = await salesOf(`${offerPath(id)}/sales`, { period: asked }, signal);
    if (asked !== period()) return;
    byDay.replaceChildren(element("h3", {}, say("by_day")), ...(found.note ? [found.note] : []),
      found.sold ? salesByDay(found.sales) : element("p", { class: "note" }, say("no_sales")));
  }, { signal, onError: (error) => byDay.hasChildNodes() || byDay.replaceChildren(unknown(error)) });

  const soon = () => {
    live.soon();
    sales.soon();
  };
  return {
    node: element("section", { "aria-labelledby": "figures-title" },
      element("div", { class: "heading" }, element("h2", { id: "figures-title" }, say("figures")),
        choice(say("period"), periods.map((name) => [name, say(name)]), period(), (value) => {
          remember(value);
          soon();
        })),
      liveOnes, byDay),
    load: () => {
      live.now();
      sales.now();
    },
    soon,
  };
}
