// Prices: the quote calculator, coupons, price lists, and what is offered in instalments.
import { get, mayChange } from "./api.js";
import { commandDialog, textField } from "./dialogs.js";
import { choice, element } from "./dom.js";
import { centsOf, decimal, money, number, percent } from "./format.js";
import { amount, moment, until, whole } from "./given.js";
import { pagedList } from "./list.js";
import { badge } from "./offers.js";
import { priceLists } from "./price_lists.js";
import { calculator } from "./quote.js";
import "./shop_words.js";
import { say } from "./words.js";

const button = (text, onclick, kind = "small") => element("button", { type: "button", class: kind, onclick }, text);

/** "10 %" is a percentage, "10,00" an amount off. */
export function discountOf(text) {
  const share = /^\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*%\s*$/.exec(text)?.[1];
  if (share) return { type: "percentage", value: Number(share.replace(",", ".")) };
  const cents = centsOf(text);
  if (cents === null) throw new Error(say("no_discount"));
  return { type: "fixed", value: cents };
}

const discountText = ({ type, value }) => (type === "percentage" ? percent(value) : money(value));

function couponUse({ used, locked, max_uses: most }) {
  const text = most === undefined ? number(used) : say("of_most", { count: number(used), most: number(most) });
  return locked ? `${text} ${say("coupons_held", { count: number(locked) })}` : text;
}

function coupons({ signal }) {
  const chosen = { status: "" };
  const done = (answer) => list.reload(answer?.position ?? 0, answer ? [answer.coupon_id] : []);
  const create = () => commandDialog({
    title: say("new_coupon"),
    fields: [
      textField({ name: "code", label: say("coupon_code"), note: say("coupon_code_note"), maxlength: 50, required: true }),
      textField({ name: "discount", label: say("discount"), note: say("coupon_discount_note"), required: true, read: discountOf }),
      textField({ name: "min_cart_cents", label: say("coupon_min_cart"), inputmode: "decimal", read: amount }),
      textField({ name: "max_uses", label: say("coupon_max_uses"), inputmode: "numeric", read: whole }),
      textField({ name: "max_uses_per_customer", label: say("coupon_max_each"), inputmode: "numeric", read: whole }),
      textField({ name: "valid_to", label: say("coupon_end"), type: "datetime-local", read: moment }),
    ],
    submit: say("create"),
    request: (body) => ({ path: "/v1/coupons", body }),
    onDone: done,
    onStale: done,
  });
  const disable = (coupon) => commandDialog({
    title: say("disable_coupon_title"),
    intro: [element("p", {}, say("disable_coupon_text", { code: coupon.code }))],
    fields: [textField({ name: "reason", label: say("reason_field"), maxlength: 500 })],
    submit: say("disable_coupon"),
    final: true,
    request: (body) => ({ path: `/v1/coupons/${encodeURIComponent(coupon.coupon_id)}/disable`, body }),
    onDone: done,
    onStale: done,
  });
  const list = pagedList({
    caption: say("coupons"),
    path: "/v1/coupons",
    id: "coupon_id",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("coupon_code"), heading: true, kind: "name", cell: (item) => element("code", {}, item.code) },
      { text: say("discount"), kind: "figure", cell: (item) => discountText(item.discount) },
      { text: say("coupon_used"), kind: "figure", cell: couponUse },
      { text: say("validity"), kind: "text", cell: until },
      { text: say("state"), cell: (item) => badge(item.status, say(`coupon_${item.status}`)) },
      ...(mayChange() ? [{ text: say("what_to_do"), kind: "todo", cell: (item) => (item.status === "active" ? button(say("disable_coupon"), () => disable(item), "small quiet") : "–") }] : []),
    ],
  });
  list.load();
  return {
    node: element("section", {},
      element("h2", {}, say("coupons")),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("state"), [["", say("all_states")], ["active", say("coupon_active")], ["disabled", say("coupon_disabled")]], "", (value) => {
          chosen.status = value;
          list.restart();
        })),
      mayChange() ? element("div", { class: "actions" }, button(say("new_coupon"), create, "primary")) : null,
      list.node),
    reload: (position) => list.reload(position),
  };
}

/** What is offered in instalments, in a sentence. */
function instalments({ signal }) {
  const told = element("p", {});
  const section = element("section", {}, element("h2", {}, say("payment_plans")), told);
  const read = async (position = 0) => {
    try {
      const said = await get("/v1/installments", { at_least: position || null }, signal);
      told.textContent = said.max === 1 ? say("one_payment") : say(said.monthly_rate_ppm && said.interest_free < said.max ? "plans_with_interest" : "plans_free", {
        max: number(said.max), free: number(Math.max(said.interest_free, 1)), rate: `${decimal(said.monthly_rate_ppm / 10_000)} %`,
      });
    } catch {
      told.textContent = say("unknown_yet");
    }
  };
  const change = async () => {
    const said = await get("/v1/installments", {}, signal);
    const field = (name, label, how) => textField({ name, label, value: String(said[name]), inputmode: "numeric", ...how });
    commandDialog({
      title: say("set_installments_title"),
      fields: [
        field("max", say("plans_max"), { read: whole }),
        field("interest_free", say("plans_interest_free"), { read: whole }),
        field("monthly_rate_ppm", say("plans_rate"), { note: say("plans_rate_note"), read: whole }),
        field("min_installment_cents", say("plans_min"), { value: decimal(said.min_installment_cents / 100), inputmode: "decimal", read: amount }),
      ],
      submit: say("save"),
      request: (body) => ({ method: "PUT", path: "/v1/installments", body }),
      onDone: (answer) => read(answer.position),
      onStale: () => read(),
    });
  };
  if (mayChange()) section.append(element("div", { class: "actions" }, button(say("change_plans"), change)));
  read();
  return { node: section, reload: read };
}

export function show({ signal }) {
  const parts = [coupons({ signal }), priceLists({ signal }), instalments({ signal })];
  return {
    title: say("prices"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("prices")),
      calculator({ signal }),
      ...parts.map(({ node }) => node),
    ],
    onEvent: (event) => {
      const kind = /^(coupon|pricelist|pricing)-/.exec(event.subject)?.[1];
      const part = { coupon: parts[0], pricelist: parts[1], pricing: parts[2] }[kind];
      part?.reload(Number(event.position));
    },
  };
}
