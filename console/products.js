// The list of products.
import { element, searchField } from "./dom.js";
import { money, time } from "./format.js";
import { pagedList } from "./list.js";
import { nameOf } from "./names.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

export const productBadge = ({ status = "active" }) => badge(status, say(`product_${status}`));

export function show({ signal }) {
  const chosen = { q: "" };
  const list = pagedList({
    caption: say("products"),
    path: "/v1/products",
    id: "product_id",
    empty: "no_products",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => element("a", { href: `#/products/${item.product_id}` }, nameOf(item.name, item.sku)) },
      { text: say("price"), kind: "figure", cell: (item) => money(item.price_cents, item.currency) },
      { text: say("status"), cell: (item) => productBadge(item) },
      { text: say("sku"), cell: (item) => (item.sku ? nameOf(item.sku) : "–") },
      { text: say("type"), cell: (item) => say(item.type) },
      { text: say("updated"), kind: "line", cell: (item) => element("time", { datetime: item.updated_at }, time(item.updated_at)) },
    ],
  });
  list.load();
  return {
    title: say("products"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("products")),
      element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
        searchField(say("search_products"), (value) => {
          chosen.q = value;
          list.restart();
        })),
      list.node,
    ],
    onEvent: (event) => {
      const id = /^product-(.+)$/.exec(event.subject)?.[1];
      if (id) list.reload(Number(event.position), [id]);
    },
  };
}
