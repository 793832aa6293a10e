// Sales of all offers: the totals, by day, the best sellers and where buyers came from.
import { get, mayPass } from "./api.js";
import { salesByDay } from "./chart.js";
import { card, choice, element } from "./dom.js";
import { bars } from "./figures.js";
import { day, money, number } from "./format.js";
import { keeping, reason, unknown } from "./keep.js";
import { nameOf, readable } from "./names.js";
import { periods } from "./offers.js";
import { salesOf } from "./range.js";
import { say } from "./words.js";

const best = 15;
const mostDays = 3660; // that may be asked for at once
let chosen = null; // {from, to}: days that the reader chose; kept while he is signed in

function totals(sales) {
  return sales.totals.map((total) => element("dl", { class: "cards" },
    card(say("net"), money(total.net_cents, total.currency)),
    card(say("revenue"), money(total.revenue_cents, total.currency)),
    card(say("orders"), number(total.orders)),
    card(say("average_order"), total.orders ? money(Math.round(total.revenue_cents / total.orders), total.currency) : "–"),
    card(say("refunds"), number(total.refunds), money(total.refunded_cents, total.currency))));
}

const named = {
  offer: ({ offer_id: id, name }) => (id ? element("a", { href: `#/offers/${encodeURIComponent(id)}` }, nameOf(name)) : say("offer_elsewhere")),
  source: ({ source }) => (!source || source === "direct" ? say("direct") : readable(source)),
};

/** The best of each currency: a page has one currency after the other. */
async function bestOf(by, days, signal) {
  const ask = (more) => get("/v1/analytics/best-sellers", { by, ...days, limit: best, ...more }, signal);
  const first = await ask({});
  const others = first.totals.map(({ currency }) => currency).filter((currency) => currency && currency !== first.items[0].currency);
  const more = await Promise.all(others.map((currency) => ask({ currency })));
  const own = first.items.filter(({ currency }) => !others.includes(currency));
  return { ...first, items: [...own, ...more.flatMap(({ items }) => items)] };
}

function ranking(by, { items }) {
  const currencies = [...new Set(items.map(({ currency }) => currency))];
  return currencies.map((currency) => {
    const rows = items.filter((item) => item.currency === currency).slice(0, best).map((item) => ({
      name: named[by](item), cents: item.revenue_cents, currency, share: item.share === null ? null : 100 * item.share,
    }));
    const title = say(by === "offer" ? "best_sellers" : "traffic");
    return bars(currencies.length > 1 ? `${title} (${currency})` : title, say(by), rows);
  });
}

/** Why there is no answer for these days. */
function refusal(error, { from, to }) {
  if (from && (Date.parse(to) - Date.parse(from)) / 86_400_000 >= mostDays) return say("range_too_long", { most: number(mostDays) });
  return error.faults?.length ? error.faults.map(({ detail }) => detail).join(" · ") : reason(error);
}

export function show({ signal, period, remember }) {
  const summary = element("div", {}, element("p", { class: "note" }, say("loading")));
  const sellers = element("div");
  const sources = element("div");
  let shown = null; // the days on the page
  const fault = element("p", { class: "error", role: "alert" });
  const asked = () => chosen ?? { period: period() };

  const load = keeping(async () => {
    const question = asked();
    const found = await salesOf("/v1/sales", question, signal);
    const [offers, origins] = await Promise.all(["offer", "source"].map((by) =>
      bestOf(by, found.asked, signal)));
    if (JSON.stringify(question) !== JSON.stringify(asked())) {
      load.soon();
      return;
    }
    shown = question;
    fault.textContent = "";
    summary.replaceChildren(...(found.note ? [found.note] : []),
      ...(found.sold ? [...totals(found.sales), element("h2", {}, say("by_day")), element("p", { class: "note" }, say("by_day_note")), salesByDay(found.sales)]
        : [element("p", {}, say("no_sales_between", { begin: day(found.sales.from), end: day(found.sales.to) }))]));
    sellers.replaceChildren(...(offers.items.length ? [element("h2", {}, say("best_sellers")), ...ranking("offer", offers)] : []));
    sources.replaceChildren(...(origins.items.length ? [element("h2", {}, say("traffic")), ...ranking("source", origins)] : []));
  }, { signal, calm: 300, onError: (error) => {
    const refused = !mayPass(error);
    fault.textContent = refused ? refusal(error, asked()) : "";
    if (shown && !refused) return; // it is told over the page, with its age
    shown = null; // figures of other days never stand under these
    summary.replaceChildren(...(refused ? [] : [unknown(error)]));
    sellers.replaceChildren();
    sources.replaceChildren();
  } });

  const dates = element("div", { class: "dates", hidden: !chosen });
  const dateField = (label, name) => {
    const input = element("input", { type: "date", value: chosen?.[name] ?? null, onchange: () => {
      const [from, to] = [...dates.querySelectorAll("input")].map(({ value }) => value);
      if (!from || !to) return;
      chosen = from <= to ? { from, to } : { from: to, to: from };
      [...dates.querySelectorAll("input")].forEach((field, at) => {
        field.value = at ? chosen.to : chosen.from;
      });
      load.soon();
    } });
    return element("label", { class: "field" }, element("span", {}, say(label)), input);
  };
  dates.append(dateField("from_day", "from"), dateField("to_day", "to"));
  const choose = (value) => {
    dates.hidden = value !== "own";
    if (value === "own") {
      dates.querySelector("input").focus();
      return;
    }
    chosen = null;
    remember(value);
    load.soon();
  };

  load.now();
  return {
    title: say("sales"),
    nodes: [
      element("div", { class: "heading" }, element("h1", { tabindex: "-1" }, say("sales")),
        element("div", { class: "range" }, dates,
          choice(say("period"), [...periods.map((name) => [name, say(name)]), ["own", say("own_days")]], chosen ? "own" : period(), choose))),
      fault, summary, sellers, sources,
    ],
    onEvent: (event) => event.type.startsWith("Clubify") && load.soon(),
  };
}

export const forget = () => {
  chosen = null;
};
