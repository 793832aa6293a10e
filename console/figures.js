// An offer's figures of a period: live ones, sales by day, prices.
import { get, offerPath } from "./api.js";
import { salesByDay } from "./chart.js";
import { card, choice, element, table } from "./dom.js";
import { day, duration, money, number, percent, time } from "./format.js";
import { periods } from "./offers.js";
import { say } from "./words.js";

function cards({ live, read_model: known }) {
  const source = say(`source_${live.status}`);
  const has = live.status !== "unavailable";
  return element("dl", { class: "cards" },
    card(say("live_revenue"), has ? money(live.revenue_cents ?? 0, live.currency) : "–", source),
    card(say("orders"), has ? number(live.orders ?? 0) : "–"),
    card(say("views"), has ? number(live.views ?? 0) : "–"),
    card(say("conversion"), has ? percent(live.conversion_rate ?? 0) : "–"),
    card(say("in_status"), duration((Date.now() - Date.parse(known.status_since)) / 1000), say(known.status)),
    card(say("failures"), number(known.failures.count)));
}

const sourceName = ({ source, medium, campaign }) =>
  [!source || source === "direct" ? say("direct") : source, medium, campaign].filter(Boolean).join(" · ");

/** Rows with a bar each: [{name, cents, currency, cells: […]}], the largest first. */
export function bars(caption, first, rows) {
  const most = Math.max(...rows.map(({ cents }) => cents), 1);
  const heads = [{ text: first }, { text: say("revenue"), kind: "figure" }, { text: say("share"), kind: "wide" }];
  const body = element("tbody", {}, rows.map(({ name, cents, currency }) => {
    const bar = element("span", { class: "bar-fill" });
    bar.style.inlineSize = `${(100 * cents) / most}%`;
    return element("tr", {}, element("th", { scope: "row", class: "name" }, name),
      element("td", { class: "figure" }, money(cents, currency)),
      element("td", { class: "wide", "aria-hidden": "true" }, bar));
  }));
  return table(caption, heads, body);
}

function traffic(live) {
  if (!live.traffic?.length) return [];
  const rows = live.traffic.map((each) => ({ name: sourceName(each), cents: each.revenue_cents, currency: live.currency }));
  rows.sort((a, b) => b.cents - a.cents);
  return [element("h3", {}, say("traffic")), bars(say("traffic"), say("source"), rows)];
}

function prices(history) {
  if (!history?.length) return [];
  const heads = [{ text: say("product") }, { text: say("price"), kind: "figure" }, { text: say("since") }];
  const rows = history.map((each) => element("tr", {},
    element("td", {}, element("code", {}, each.product_id ?? each.clubify_product_id)),
    element("td", { class: "figure" }, each.price_cents === null ? "–" : money(each.price_cents, each.currency)),
    element("td", {}, element("time", { datetime: each.since }, time(each.since)))));
  return [element("details", {}, element("summary", {}, say("price_history")),
    table(say("price_history"), heads, element("tbody", {}, rows)))];
}

function windowOf(live) {
  if (!live.period_start) return null;
  const [begin, end] = [live.period_start, live.period_end].map((text) => day(text.slice(0, 10)));
  return element("p", { class: "note" }, say("window", { begin, end }));
}

export function figures(id, { signal, period, remember }) {
  const place = element("div", { "aria-busy": "true" }, element("p", { class: "note" }, say("loading")));

  async function load() {
    const asked = period();
    try {
      const [answer, sales] = await Promise.all([
        get(`${offerPath(id)}/analytics`, { period: asked }, signal),
        get(`${offerPath(id)}/sales`, { period: asked }, signal),
      ]);
      if (asked !== period()) return;
      place.replaceChildren(cards(answer), ...[windowOf(answer.live)].filter(Boolean),
        ...(sales.days.length ? [element("h3", {}, say("by_day")), salesByDay(sales, signal)] : []),
        ...traffic(answer.live), ...prices(answer.read_model.price_history));
    } catch (error) {
      if (!signal.aborted) place.replaceChildren(element("p", { class: "error" }, error.message));
    }
    place.setAttribute("aria-busy", "false");
  }

  return {
    node: element("section", { "aria-labelledby": "figures-title" },
      element("div", { class: "heading" }, element("h2", { id: "figures-title" }, say("figures")),
        choice(say("period"), periods.map((name) => [name, say(name)]), period(), (value) => {
          remember(value);
          load();
        })),
      place),
    load,
  };
}
