// Price lists: what they hold, made, changed and deleted by whoever may.
import { get, mayChange } from "./api.js";
import { commandDialog, textField } from "./dialogs.js";
import { element } from "./dom.js";
import { amountText, centsOf, money, number } from "./format.js";
import { moment, until, whole } from "./given.js";
import { pagedList } from "./list.js";
import "./shop_words.js";
import { say } from "./words.js";

const mostPrices = 5; // of a list that are shown
const button = (text, onclick, kind = "small") => element("button", { type: "button", class: kind, onclick }, text);

/** What a list's first prices are; how many more there are. */
function pricesOf({ entries, currency }, names) {
  const lines = entries.slice(0, mostPrices).map((entry) => element("li", {},
    `${names.get(entry.product_id) ?? entry.product_id}: ${money(entry.price_cents, currency)}`,
    entry.min_quantity > 1 ? ` ${say("from_quantity", { count: number(entry.min_quantity) })}` : ""));
  const more = entries.length - mostPrices;
  return element("ul", { class: "plain" }, lines, more > 0 ? element("li", {}, say("more_prices", { count: number(more) })) : null);
}

export function priceLists({ signal }) {
  const names = new Map(); // by product
  const skus = new Map(); // product by SKU
  const done = (answer) => list.reload(answer?.position ?? 0, answer ? [answer.pricelist_id] : []);

  /** "MUG-1; 19.90; 10" a line: SKU, price, from how many on. */
  function entriesOf(text) {
    const lines = text.split("\n").map((line) => line.trim());
    return lines.map((line, at) => {
      if (!line) return null;
      const parts = line.split(";").map((part) => part.trim());
      const cents = centsOf(parts[1] ?? "");
      const least = parts[2] ? Number(parts[2]) : undefined;
      if (!parts[0] || cents === null || parts.length > 3 || (parts[2] && !/^\d{1,7}$/.test(parts[2]))) throw new Error(say("no_price_line", { line: number(at + 1) }));
      const product = skus.get(parts[0]) ?? (names.has(parts[0]) ? parts[0] : null);
      if (!product) throw new Error(say("no_such_sku", { line: number(at + 1), sku: parts[0] }));
      return { product_id: product, price_cents: cents, min_quantity: least };
    }).filter(Boolean);
  }
  const lineOf = ({ product_id: product, price_cents: cents, min_quantity: least }) => {
    const sku = [...skus].find(([, id]) => id === product)?.[0] ?? product;
    return [sku, amountText(cents), ...(least > 1 ? [String(least)] : [])].join("; ");
  };
  /** An instant as the reader's clock has it. */
  const local = (text) => (text ? new Date(new Date(text) - new Date(text).getTimezoneOffset() * 60_000).toISOString().slice(0, 19) : "");

  const edit = (item = null) => {
    let { version } = item ?? {};
    commandDialog({
      title: item ? say("price_list_of", { name: item.name }) : say("new_price_list"),
      fields: [
        item ? null : textField({ name: "name", label: say("price_list_name"), note: say("price_list_name_note"), maxlength: 50, required: true }),
        textField({ name: "currency", label: say("price_list_currency"), value: item?.currency ?? "BRL", maxlength: 3, required: true }),
        textField({ name: "priority", label: say("priority"), note: say("price_list_priority_note"), value: item?.priority === undefined ? "" : String(item.priority), inputmode: "numeric", read: whole }),
        textField({ name: "segment", label: say("price_list_segment"), note: say("price_list_segment_note"), value: item?.segment ?? "", maxlength: 100 }),
        textField({ name: "valid_from", label: say("price_list_start"), type: "datetime-local", step: 1, value: local(item?.valid_from), read: moment }),
        textField({ name: "valid_to", label: say("price_list_end"), type: "datetime-local", step: 1, value: local(item?.valid_to), read: moment }),
        textField({ name: "entries", label: say("price_list_entries"), note: say("price_list_entries_note"), rows: 6, value: item?.entries.map(lineOf).join("\n") ?? "", read: entriesOf }),
      ].filter(Boolean),
      submit: say("save"),
      request: ({ name, ...body }) => ({ method: "PUT", path: `/v1/price-lists/${encodeURIComponent(item?.name ?? name ?? "")}`, body, version }),
      onDone: done,
      onStale: () => {
        list.reload();
        version = list.item(item.pricelist_id)?.version ?? version;
      },
    });
  };
  const remove = (item) => commandDialog({
    title: say("delete_price_list_title"),
    intro: [element("p", {}, say("delete_price_list_text", { name: item.name }))],
    fields: [textField({ name: "reason", label: say("reason_field"), maxlength: 500 })],
    submit: say("delete_price_list"),
    final: true,
    request: (body) => ({ method: "DELETE", path: `/v1/price-lists/${encodeURIComponent(item.name)}`, body }),
    onDone: done,
    onStale: done,
  });
  const list = pagedList({
    caption: say("price_lists"),
    path: "/v1/price-lists",
    id: "pricelist_id",
    signal,
    filters: () => ({}),
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => item.name },
      { text: say("for_whom"), kind: "text", cell: (item) => item.segment ?? say("for_everyone") },
      { text: say("priority"), kind: "figure", cell: (item) => number(item.priority) },
      { text: say("validity"), kind: "text", cell: until },
      { text: say("prices"), kind: "text", cell: (item) => pricesOf(item, names) },
      ...(mayChange() ? [{ text: say("what_to_do"), kind: "todo", cell: (item) => element("div", { class: "actions" },
        button(say("edit"), () => edit(item)), button(say("delete_price_list"), () => remove(item), "small quiet")) }] : []),
    ],
  });
  get("/v1/products", { limit: 1000 }, signal).catch(() => ({ items: [] })).then(({ items }) => {
    for (const product of items) {
      names.set(product.product_id, product.name);
      if (product.sku) skus.set(product.sku, product.product_id);
    }
    list.load();
  });
  return {
    node: element("section", {},
      element("h2", {}, say("price_lists")),
      element("p", { class: "note" }, say("price_lists_note")),
      mayChange() ? element("div", { class: "actions" }, button(say("new_price_list"), () => edit(), "primary")) : null,
      list.node),
    reload: (position) => list.reload(position),
  };
}
