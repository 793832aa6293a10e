// The shop's orders, whoever told of them: a list, and of one its lines, refunds, and who bought it, masked.
import { get } from "./api.js";
import { outcomeOf } from "./dialogs.js";
import { choice, element, pairs, searchField, table, tableRow } from "./dom.js";
import { exactTime, money, number, time } from "./format.js";
import { pagedList } from "./list.js";
import { nameOf, readable } from "./names.js";
import { badge } from "./offers.js";
import "./shop_words.js";
import { say } from "./words.js";

const place = "/v1/orders";
const statuses = ["pending", "paid", "completed", "cancelled", "refunded", "returned"];
const states = { pending: "order_pending", paid: "order_paid", completed: "order_completed", cancelled: "order_cancelled", refunded: "order_refund_state", returned: "order_return_state" };
const stateOf = (status) => (Object.hasOwn(states, status) ? say(states[status]) : readable(status, "–"));
const tellers = { adopt: "order_adopted", import: "order_import", checkout: "order_checkout", webhook: "order_webhook" };
const tellerOf = (source) => (Object.hasOwn(tellers, source) ? say(tellers[source]) : readable(source, "–"));
const amountOf = (cents, { currency }) => (cents ? money(cents, currency ?? undefined) : "–");
const numberOf = (order) => readable(order.clubify_order_id ?? order.order_id);
const dayField = (label, onchange) => element("label", { class: "field" }, element("span", {}, label),
  element("input", { type: "date", onchange: (event) => onchange(event.target.value) }));

/** Who bought, as far as a passer-by may see it. */
async function buyerOf(order, signal) {
  if (!order.customer_id) return say("order_guest");
  const customer = await get(`/v1/customers/${encodeURIComponent(order.customer_id)}`, { masked: true }, signal).catch(() => ({}));
  return [customer.name, customer.email].filter(Boolean).join(" · ") || element("code", {}, order.customer_id);
}

function linesOf(order) {
  const heads = [
    { text: say("product"), heading: true, kind: "name" },
    { text: say("sku"), kind: "text" },
    { text: say("quantity"), kind: "figure" },
    { text: say("amount"), kind: "figure" },
  ];
  const rows = order.lines.map((line) => tableRow(heads, [
    nameOf(line.name ?? line.product_id ?? "–"), line.sku ? element("code", {}, readable(line.sku)) : "–", number(line.quantity), money(line.amount_cents, order.currency ?? undefined),
  ]));
  return rows.length ? table(say("order_lines", { id: numberOf(order) }), heads, element("tbody", {}, rows)) : null;
}

function refundsOf(order) {
  if (!order.refunds?.length) return null;
  const told = order.refunds.map((refund) => {
    const cents = refund.amount_cents ?? refund.refunded_so_far_cents;
    const text = cents === null ? say("order_refund_all") : say("order_refund", { amount: money(cents, order.currency ?? undefined) });
    const lines = refund.lines.map((line) => `${number(Math.abs(line.quantity))} × ${readable(line.name ?? line.product_id ?? "–")}`).join(", ");
    return element("li", {}, text, lines ? ` (${lines})` : "");
  });
  return [element("h3", {}, say("order_refunds")), element("ul", {}, told)];
}

async function detail(order, signal) {
  const utm = Object.values(order.utm ?? {}).filter(Boolean).map((tag) => readable(tag)).join(" · ");
  return [
    pairs([
      [say("status"), badge(order.status, stateOf(order.status))],
      [say("order_placed"), order.placed_at && exactTime(order.placed_at)],
      [say("order_customer"), await buyerOf(order, signal)],
      [say("payment_method"), order.payment_method && readable(order.payment_method)],
      [say("order_source"), tellerOf(order.source)],
      [say("order_utm"), utm || null],
    ]),
    linesOf(order),
    pairs([
      [say("order_discount"), order.discount_cents ? money(-order.discount_cents, order.currency ?? undefined) : null],
      [say("shipping"), order.shipping_cents ? money(order.shipping_cents, order.currency ?? undefined) : null],
      [say("order_total"), element("strong", {}, money(order.total_cents, order.currency ?? undefined))],
      [say("order_refunded"), order.refunded_cents ? money(order.refunded_cents, order.currency ?? undefined) : null],
      [say("order_returned"), order.returned_cents ? money(order.returned_cents, order.currency ?? undefined) : null],
    ]),
    order.unexplained_cents ? element("p", { class: "notice" }, say("order_unexplained", { amount: money(order.unexplained_cents, order.currency ?? undefined) })) : null,
    ...(refundsOf(order) ?? []),
  ].filter(Boolean);
}

export function show({ signal }) {
  const chosen = { status: "", from: "", to: "" };
  const below = element("section", { "aria-live": "polite" });
  const trouble = element("p", { class: "notice", role: "status" });

  async function open(id) {
    trouble.textContent = "";
    try {
      const order = await get(`${place}/${encodeURIComponent(id)}`, {}, signal);
      const heading = element("h2", { tabindex: "-1" }, say("order_of", { id: numberOf(order) }));
      below.replaceChildren(heading, ...await detail(order, signal));
      below.dataset.id = order.order_id;
      heading.focus();
    } catch (error) {
      below.replaceChildren();
      trouble.textContent = error.status === 404 ? say("order_unknown", { id: readable(id) }) : outcomeOf(error);
    }
  }

  const list = pagedList({
    caption: say("orders"),
    path: place,
    id: "order_id",
    empty: "no_orders",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("order_heading"), heading: true, kind: "name", cell: (item) => element("code", {}, numberOf(item)) },
      { text: say("order_placed"), kind: "line", cell: (item) => (item.placed_at ? element("time", { datetime: item.placed_at }, time(item.placed_at)) : "–") },
      { text: say("status"), cell: (item) => badge(item.status, stateOf(item.status)) },
      { text: say("order_total"), kind: "figure", cell: (item) => money(item.total_cents, item.currency ?? undefined) },
      { text: say("order_refunded"), kind: "figure", cell: (item) => amountOf(item.refunded_cents, item) },
      { text: say("order_source"), kind: "text", cell: (item) => tellerOf(item.source) },
      { text: say("what_to_do"), kind: "todo", cell: (item) => element("button", { type: "button", class: "small", onclick: () => open(item.order_id) }, say("whole_order")) },
    ],
  });
  const restart = (name) => (value) => {
    chosen[name] = value;
    list.restart();
  };
  let sought = "";
  list.load();
  return {
    title: say("orders"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("orders")),
      element("p", { class: "note" }, say("orders_note")),
      element("form", { class: "controls", role: "search", onsubmit: (event) => {
        event.preventDefault();
        if (sought) open(sought);
      } },
      searchField(say("order_number_search"), (value) => {
        sought = value;
      }),
      choice(say("status"), [["", say("any_state")], ...statuses.map((name) => [name, stateOf(name)])], "", restart("status")),
      dayField(say("placed_from"), restart("from")),
      dayField(say("placed_to"), restart("to"))),
      trouble,
      list.node,
      below,
    ],
    onEvent: (event) => {
      if (/^(order|payment)-/.test(event.subject)) list.reload(Number(event.position));
    },
  };
}
