// A product: what it is, what it costs, the offers that hold it, and what happened to it.
import { get, mayChange, productPath } from "./api.js";
import { changePrice } from "./actions.js";
import { card, element } from "./dom.js";
import { facts } from "./facts.js";
import { money, time } from "./format.js";
import { keeping, reason } from "./keep.js";
import { pagedList } from "./list.js";
import { nameOf, readable } from "./names.js";
import { badge, priceOf } from "./offers.js";
import { productBadge } from "./products.js";
import { timeline } from "./timeline.js";
import { say } from "./words.js";

const told = new Set(["product_id", "clubify_product_id", "name", "price_cents", "currency", "sku", "status", "type", "version", "position", "updated_at"]);

export function show({ signal, retitle }, id) {
  let product = null;
  let position = 0;
  const title = element("h1", { tabindex: "-1" }, say("loading"));
  const under = element("p", { class: "under" });
  const cards = element("dl", { class: "cards" });
  const actions = element("div", { class: "actions" });
  const trouble = element("p", { class: "error", role: "alert" });
  const more = element("div");
  const body = element("div", { hidden: true });
  const events = timeline(`${productPath(id)}/events`, `product-${id}`, { signal });
  const offers = pagedList({
    caption: say("offers_with_it"),
    path: "/v1/offers",
    id: "offer_id",
    empty: "no_offers_with_it",
    signal,
    filters: () => ({ product_id: id, sort: "name" }),
    columns: [
      { text: say("offer"), heading: true, kind: "name", cell: (item) => element("a", { href: `#/offers/${item.offer_id}` }, nameOf(item.name, item.slug)) },
      { text: say("status"), cell: (item) => badge(item.status) },
      { text: say("price"), kind: "figure", cell: (item) => priceOf(item) ?? "–" },
    ],
  });

  const load = keeping(async () => {
    product = await get(productPath(id), { at_least: position || null }, signal);
    const name = readable(product.name, product.sku);
    title.textContent = name;
    title.title = name;
    retitle(name);
    under.replaceChildren(productBadge(product), ` ${say(product.type)}`);
    cards.replaceChildren(
      card(say("price"), money(product.price_cents, product.currency)),
      card(say("sku"), product.sku ? nameOf(product.sku) : "–"),
      card(say("updated"), time(product.updated_at)));
    actions.replaceChildren(...(mayChange() && product.status !== "archived"
      ? [element("button", { type: "button", class: "primary", onclick: () => changePrice({ product: () => product, reload: () => load.now(), trouble }) }, say("change_price"))]
      : []));
    const rest = Object.fromEntries(Object.entries(product).filter(([member]) => !told.has(member)));
    more.replaceChildren(facts(rest, { currency: product.currency, of: "product" }));
    body.hidden = false;
  }, { signal, onError: (error) => {
    if (product) return;
    title.textContent = error.status === 404 ? say("product_missing") : say("unknown_yet");
    under.textContent = error.status === 404 ? "" : reason(error);
  } });

  load.now();
  offers.load();
  events.load();
  body.append(actions, trouble, cards, more,
    element("section", { "aria-labelledby": "holders-title" }, element("h2", { id: "holders-title" }, say("offers_with_it")), offers.node),
    events.node);
  return {
    title: say("products"),
    nodes: [
      element("nav", { class: "back", "aria-label": say("back_to_products") }, element("a", { href: "#/products" }, `← ${say("back_to_products")}`)),
      title, under, body,
    ],
    onEvent: (event) => {
      if (event.subject === `product-${id}` || event.data?.product_id === id) {
        position = Math.max(position, Number(event.position));
        load.soon();
      }
      if (event.subject === `product-${id}`) events.add(event);
      if (event.subject.startsWith("offer-")) offers.reload(Number(event.position), []);
    },
  };
}
