// An offer: what it is, what can be done with it, its figures, its products, its state at any version, and its timeline.
import { get, mayChange, offerPath } from "./api.js";
import { changePriceInOffer, offerActions } from "./actions.js";
import { element, table, tableRow } from "./dom.js";
import { figures } from "./figures.js";
import { money, number } from "./format.js";
import { keeping, reason } from "./keep.js";
import { linkTo, readable } from "./names.js";
import { badge, priceOf } from "./offers.js";
import { schedule } from "./schedule.js";
import { stateAsOf } from "./state.js";
import { timeline } from "./timeline.js";
import { say } from "./words.js";

function products(offer, reload, onLeft) {
  const lines = offer().products ?? [];
  if (!lines.length) return element("p", { class: "note" }, say("no_products_in_offer"));
  const { currency, status } = offer();
  const may = mayChange() && status !== "archived";
  const cents = (value) => (Number.isInteger(value) ? money(value, currency) : "–");
  const heads = [
    { text: say("product"), heading: true, kind: "name" }, { text: say("quantity"), kind: "figure" }, { text: say("unit_price"), kind: "figure price" },
    { text: say("discount"), kind: "figure" }, { text: say("total"), kind: "figure" },
  ];
  const rows = lines.map((line) => tableRow(heads, [
    line.product_id ? linkTo("product", line.product_id, line.name) : readable(line.name, line.clubify_product_id),
    number(line.quantity),
    [element("span", {}, cents(line.unit_cents)), may && line.product_id
      ? element("button", { type: "button", class: "small", onclick: () => changePriceInOffer({ offer, line, reload, onLeft }) }, say("change_price"))
      : null],
    line.discount_cents ? cents(-line.discount_cents) : "–",
    cents(line.total_cents),
  ]));
  return table(say("products"), heads, element("tbody", {}, rows));
}

export function show({ signal, period, remember, retitle }, id) {
  let offer = null;
  let position = 0;
  const title = element("h1", { tabindex: "-1" }, say("loading"));
  const under = element("p", { class: "under" });
  const inside = element("div");
  const body = element("div", { hidden: true });
  const actions = offerActions({ offer: () => offer, reload: () => load.now(), signal });
  const events = timeline(`${offerPath(id)}/events`, `offer-${id}`, { signal, onVersion: (version) => state.show(version), onLoaded: () => events.mark(shown) });
  let shown = 0;
  const state = stateAsOf(id, { signal, onShown: (version) => {
    shown = version;
    events.mark(version);
  } });
  const planned = schedule(id, { signal, status: () => offer?.status, onLeft: actions.onLeft, changed: () => load.soon() });
  const numbers = figures(id, { signal, period, remember });

  const load = keeping(async () => {
    offer = await get(offerPath(id), { at_least: position || null }, signal);
    const name = readable(offer.name, offer.slug);
    title.textContent = name;
    title.title = name;
    retitle(name);
    const price = priceOf(offer) ?? "–";
    under.replaceChildren(badge(offer.status), ` ${say(offer.type)} · ${price} · `, element("code", {}, offer.slug));
    body.hidden = false;
    actions.show();
    planned.show();
    inside.replaceChildren(products(() => offer, () => load.now(), actions.onLeft));
    state.grow(offer.version);
  }, { signal, onError: (error) => {
    if (offer) return;
    title.textContent = error.status === 404 ? say("offer_missing") : say("unknown_yet");
    under.textContent = error.status === 404 ? "" : reason(error);
  } });

  load.now();
  events.load();
  numbers.load();
  planned.load();
  body.append(actions.node, numbers.node,
    element("section", { "aria-labelledby": "inside-title" }, element("h2", { id: "inside-title" }, say("products_and_prices")), inside),
    planned.node,
    element("div", { class: "columns" }, state.node, events.node));
  return {
    title: say("offers"),
    nodes: [
      element("nav", { class: "back", "aria-label": say("back_to_offers") }, element("a", { href: "#/offers" }, `← ${say("back_to_offers")}`)),
      title, under, body,
    ],
    onEvent: (event) => {
      planned.onEvent(event);
      if (event.subject.startsWith("schedule-")) return;
      const mine = event.subject === `offer-${id}` || event.data?.offer_id === id;
      const concerns = event.subject.startsWith("product-") && offer?.products?.some((line) => `product-${line.product_id}` === event.subject);
      if (!mine && !concerns) return;
      if (mine) events.add(event);
      position = Math.max(position, Number(event.position));
      load.soon();
      if (mine) numbers.soon();
    },
  };
}
