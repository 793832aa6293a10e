// Sales of all offers: by day, and the best sellers.
import { get } from "./api.js";
import { salesByDay } from "./chart.js";
import { calmly, card, choice, element } from "./dom.js";
import { bars } from "./figures.js";
import { money, number } from "./format.js";
import { performance, periods } from "./offers.js";
import { say } from "./words.js";

const asked = 200; // offers whose live figures are asked for
const best = 15;

function totals(sales) {
  return sales.totals.map((total) => element("dl", { class: "cards" },
    card(say("net"), money(total.net_cents, total.currency), total.currency),
    card(say("revenue"), money(total.revenue_cents, total.currency)),
    card(say("orders"), number(total.orders)),
    card(say("refunds"), number(total.refunds), money(total.refunded_cents, total.currency))));
}

async function bestSellers(period, signal) {
  const { items } = await get("/v1/offers", { limit: asked }, signal);
  const found = await performance(items.map((item) => item.offer_id), period, signal);
  const rows = [...found.values()]
    .filter(({ live }) => live && live.revenue_cents > 0)
    .map(({ offer_id: id, name, live }) => ({ name: element("a", { href: `#/offers/${id}` }, name), cents: live.revenue_cents, currency: live.currency }))
    .sort((a, b) => b.cents - a.cents);
  return [
    element("p", { class: "note" }, say("best_sellers_note", { count: number(items.length) })),
    rows.length ? bars(say("best_sellers"), say("name"), rows.slice(0, best)) : element("p", {}, say("nothing")),
  ];
}

export async function show({ signal, period, remember }) {
  const days = element("div");
  const sellers = element("div", {}, element("p", { class: "note" }, say("loading")));

  const fill = async (place, make) => {
    const name = period();
    try {
      const nodes = await make(name);
      if (name === period()) place.replaceChildren(...nodes);
    } catch (error) {
      if (!signal.aborted) place.replaceChildren(element("p", { class: "error" }, error.message));
    }
  };
  const loadDays = () => fill(days, async (name) => {
    const sales = await get("/v1/sales", { period: name }, signal);
    return sales.days.length ? [...totals(sales), salesByDay(sales, signal)] : [element("p", {}, say("no_sales"))];
  });
  const loadSellers = () => fill(sellers, (name) => bestSellers(name, signal));
  const refresh = calmly(loadDays, 1000);

  await loadDays();
  loadSellers();
  return {
    title: say("sales"),
    nodes: [
      element("div", { class: "heading" }, element("h1", { tabindex: "-1" }, say("sales")),
        choice(say("period"), periods.map((name) => [name, say(name)]), period(), (value) => {
          remember(value);
          loadDays();
          loadSellers();
        })),
      element("section", { "aria-labelledby": "days-title" }, element("h2", { id: "days-title" }, say("by_day")),
        element("p", { class: "note" }, say("by_day_note")), days),
      element("section", { "aria-labelledby": "best-title" }, element("h2", { id: "best-title" }, say("best_sellers")), sellers),
    ],
    onEvent: (event) => event.type.startsWith("Clubify") && refresh(),
  };
}
