// The list of products.
import { element } from "./dom.js";
import { money, time } from "./format.js";
import { pagedList } from "./list.js";
import { say } from "./words.js";

export async function show({ signal }) {
  const chosen = { q: "" };
  const list = pagedList({
    caption: say("products"),
    path: "/v1/products",
    id: "product_id",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => item.name },
      { text: say("price"), kind: "figure", cell: (item) => money(item.price_cents, item.currency) },
      { text: say("type"), cell: (item) => say(item.type) },
      { text: say("sku"), kind: "wide", cell: (item) => item.sku ?? "–" },
      { text: say("version"), kind: "figure wide", cell: (item) => item.version },
      { text: say("updated"), kind: "wide", cell: (item) => element("time", { datetime: item.updated_at }, time(item.updated_at)) },
    ],
  });
  const search = element("input", {
    type: "search",
    oninput: () => {
      chosen.q = search.value.trim();
      list.restart();
    },
  });
  await list.load();
  return {
    title: say("products"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("products")),
      element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
        element("label", { class: "field grow" }, element("span", {}, say("search")), search)),
      list.node,
    ],
    onEvent: (event) => {
      const id = /^product-(.+)$/.exec(event.subject)?.[1];
      if (id) list.reload(Number(event.position), [id]);
    },
  };
}
