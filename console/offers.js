// The list of offers with their status and what they sell.
import { get } from "./api.js";
import { choice, element, searchField } from "./dom.js";
import { day, money, number, percent, time } from "./format.js";
import { keeping } from "./keep.js";
import { pagedList } from "./list.js";
import { figure, newest, noteOf, performance, windowOf } from "./live.js";
import { nameOf } from "./names.js";
import { say } from "./words.js";

export const periods = ["today", "7_days", "30_days", "90_days", "current_month", "previous_month"];
const refresh = 30_000; // ms
const revenueSort = "-revenue_cents";

export const badge = (status, text = say(status)) => element("span", { class: `badge ${status}` }, text);

/** What an offer costs; null: it cannot be told, or there is nothing in it. */
export const priceOf = ({ total_cents: cents, currency, products, product_count: count = products?.length }) =>
  (Number.isInteger(cents) && count !== 0 ? money(cents, currency) : null);

export function show({ signal, period, remember }) {
  const chosen = { q: "", status: "", sort: "-created_at" }; // and the period that a sort by revenue is of
  let figures = new Map();
  let listed = [];
  const note = element("div");
  const rankNote = element("div");

  const cell = (text) => (item) => figure(figures.get(item.offer_id), (live) => text(live, item));
  const liveRevenue = cell((live, item) => money(live.revenue_cents ?? 0, live.currency ?? item.currency));
  const reported = ({ revenue_cents: cents, currency }) => (chosen.sort === revenueSort && Number.isInteger(cents)
    ? element("small", {}, say("reported", { amount: money(cents, currency) })) : null); // what the order is made of
  const cells = {
    revenue: (item) => element("span", {}, liveRevenue(item), reported(item)),
    orders: cell((live) => number(live.orders ?? 0)),
    conversion: cell((live) => (live.views ? percent(live.conversion_rate ?? 0) : "–")),
  };
  const list = pagedList({
    caption: say("offers"),
    path: "/v1/offers",
    id: "offer_id",
    empty: "no_offers",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => element("a", { href: `#/offers/${item.offer_id}` }, nameOf(item.name, item.slug)) },
      { text: say("status"), cell: (item) => badge(item.status) },
      { text: say("price"), kind: "figure", cell: (item) => priceOf(item) ?? "–" },
      { text: say("live_revenue"), kind: "figure revenue", cell: cells.revenue },
      { text: say("orders"), kind: "figure orders", cell: cells.orders },
      { text: say("conversion"), kind: "figure conversion", cell: cells.conversion },
      { text: say("updated"), kind: "line", cell: (item) => element("time", { datetime: item.updated_at }, time(item.updated_at)) },
    ],
    onShown: (items) => {
      listed = items;
      if (items.some((item) => !figures.has(item.offer_id))) live.soon();
    },
  });

  const live = keeping(async () => {
    const [asked, items] = [period(), listed];
    if (!items.length) return;
    const found = await performance(items.map((item) => item.offer_id), asked, signal);
    if (asked !== period()) return;
    for (const [id, now] of found) figures.set(id, newest(now, figures.get(id)));
    for (const item of items) {
      const row = list.row(item.offer_id);
      for (const [kind, text] of row ? Object.entries(cells) : []) row.querySelector(`.${kind}`).replaceChildren(text(item));
    }
    const known = items.map((item) => figures.get(item.offer_id)).filter(Boolean);
    note.replaceChildren(...[noteOf(known), windowOf(known.find((each) => each.period_start), "live_window")].filter(Boolean));
  }, { signal, every: refresh, calm: 10 });

  const rank = keeping(async () => {
    const name = period();
    const byRevenue = chosen.sort === revenueSort;
    const found = byRevenue ? await get("/v1/sales", { period: name }, signal) : null;
    if (name !== period() || byRevenue !== (chosen.sort === revenueSort)) return;
    const some = found?.totals.some(({ orders, refunds }) => orders || refunds);
    chosen.period = some ? name : undefined; // without one it is of all sales
    rankNote.replaceChildren(...(found ? [element("p", { class: "note" }, some
      ? say("sorted_of_period", { begin: day(found.from), end: day(found.to) }) : say("sorted_of_all", { begin: day(found.from), end: day(found.to) }))] : []));
    list.restart();
  }, { signal, calm: 0 });

  const filter = (name) => (value) => {
    chosen[name] = value;
    list.restart();
  };
  const statuses = ["draft", "active", "paused", "archived"];
  const sorts = [["-created_at", "newest"], [revenueSort, "by_revenue"], ["-updated_at", "changed"], ["name", "by_name"]];
  const controls = element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
    searchField(say("search"), filter("q")),
    choice(say("status"), [["", say("any")], ...statuses.map((name) => [name, say(name)])], "", filter("status")),
    choice(say("order"), sorts.map(([name, text]) => [name, say(text)]), chosen.sort, (value) => {
      chosen.sort = value;
      rank.soon();
    }),
    choice(say("period"), periods.map((name) => [name, say(name)]), period(), (value) => {
      remember(value);
      figures = new Map();
      live.soon();
      if (chosen.sort === revenueSort) rank.soon();
    }));

  list.load();
  return {
    title: say("offers"),
    nodes: [element("h1", { tabindex: "-1" }, say("offers")), controls, rankNote, note, list.node],
    onEvent: (event) => {
      const id = /^offer-(.+)$/.exec(event.subject)?.[1];
      if (id) list.reload(Number(event.position), [id]);
    },
  };
}
