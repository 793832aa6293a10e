// The list of offers with their status and live figures.
import { get } from "./api.js";
import { choice, element } from "./dom.js";
import { money, number, percent, time } from "./format.js";
import { pagedList } from "./list.js";
import { say } from "./words.js";

export const periods = ["today", "7_days", "30_days", "90_days", "current_month", "previous_month"];
const batch = 100; // ids that one question may have
const refresh = 30_000; // ms

export const badge = (status) => element("span", { class: `badge ${status}` }, say(status));

/** The live figures of offers, by id. */
export async function performance(ids, period, signal) {
  const found = new Map();
  for (let first = 0; first < ids.length; first += batch) {
    const part = ids.slice(first, first + batch);
    const answer = await get("/v1/offers/performance", { ids: part.join(","), period }, signal);
    for (const offer of answer.offers) found.set(offer.offer_id, offer);
  }
  return found;
}

export async function show({ signal, period, remember }) {
  const chosen = { q: "", status: "", sort: "-created_at" };
  let figures = new Map();
  let listed = [];

  const figure = (item, text) => {
    const live = figures.get(item.offer_id)?.live;
    return live && live.status !== "unavailable" ? text(live) : "–";
  };
  const cells = {
    revenue: (item) => figure(item, (live) => money(live.revenue_cents ?? 0, live.currency ?? item.currency)),
    orders: (item) => figure(item, (live) => number(live.orders ?? 0)),
    conversion: (item) => figure(item, (live) => percent(live.conversion_rate ?? 0)),
  };
  const list = pagedList({
    caption: say("offers"),
    path: "/v1/offers",
    id: "offer_id",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => element("a", { href: `#/offers/${item.offer_id}` }, item.name) },
      { text: say("status"), cell: (item) => badge(item.status) },
      { text: say("live_revenue"), kind: "figure revenue", cell: cells.revenue },
      { text: say("orders"), kind: "figure orders wide", cell: cells.orders },
      { text: say("conversion"), kind: "figure conversion wide", cell: cells.conversion },
      { text: say("type"), kind: "wide", cell: (item) => say(item.type) },
      { text: say("updated"), kind: "wide", cell: (item) => element("time", { datetime: item.updated_at }, time(item.updated_at)) },
    ],
    onShown: (items) => {
      const unknown = items.filter((item) => !figures.has(item.offer_id));
      listed = items;
      if (unknown.length) ask(unknown);
    },
  });

  async function ask(items) {
    const asked = period();
    try {
      const found = await performance(items.map((item) => item.offer_id), asked, signal);
      if (asked !== period()) return;
      for (const [id, offer] of found) figures.set(id, offer);
      for (const item of items) {
        const row = list.row(item.offer_id);
        if (!row) continue;
        for (const [kind, text] of Object.entries(cells)) row.querySelector(`.${kind}`).textContent = text(item);
      }
    } catch {
      // The list stands without live figures; they are asked for again soon.
    }
  }

  const search = element("input", {
    type: "search",
    oninput: () => {
      chosen.q = search.value.trim();
      list.restart();
    },
  });
  const filter = (name) => (value) => {
    chosen[name] = value;
    list.restart();
  };
  const statuses = ["draft", "active", "paused", "archived"];
  const controls = element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
    element("label", { class: "field grow" }, element("span", {}, say("search")), search),
    choice(say("status"), [["", say("any")], ...statuses.map((name) => [name, say(name)])], "", filter("status")),
    choice(say("order"), [["-created_at", say("newest")], ["-updated_at", say("changed")], ["name", say("by_name")]],
      chosen.sort, filter("sort")),
    choice(say("period"), periods.map((name) => [name, say(name)]), period(), (value) => {
      remember(value);
      figures = new Map();
      ask(listed);
    }));

  const timer = setInterval(() => document.hidden || ask(listed), refresh);
  signal.addEventListener("abort", () => clearInterval(timer));
  await list.load();
  return {
    title: say("offers"),
    nodes: [element("h1", { tabindex: "-1" }, say("offers")), controls, list.node],
    onEvent: (event) => {
      const id = /^offer-(.+)$/.exec(event.subject)?.[1];
      if (id) list.reload(Number(event.position), [id]);
    },
  };
}
