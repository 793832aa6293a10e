// A quote: what an offer's products cost, and in words each thing that the price is made of.
import { get, Problem, send } from "./api.js";
import { outcomeOf, textField } from "./dialogs.js";
import { choice, element, table, tableRow } from "./dom.js";
import { amountText, money, number, percent, time } from "./format.js";
import { amount, whole } from "./given.js";
import { nameOf, readable } from "./names.js";
import "./shop_words.js";
import { say } from "./words.js";

const methods = ["credit_card", "pix", "boleto"];
const mostOffers = 200;

const lineName = (line) => readable(line.name ?? line.clubify_product_id, line.sku);

/** One stage, as a person would say it. */
export function inWords(stage, quote) {
  const line = quote.lines[stage.line];
  const rule = stage.rule.slice(stage.rule.indexOf("-") + 1);
  const values = {
    name: line ? lineName(line) : "", quantity: line ? number(line.quantity) : "", rule,
    base: money(stage.base_cents, quote.currency),
  };
  return say(`stage_${stage.stage}`, values) + (stage.capped ? ` ${say("stage_capped")}` : "");
}

/** A payment plan in words: "3 × R$ 33.33 (first R$ 33.34), without interest". */
function planInWords(plan, currency) {
  const first = plan.first_cents === plan.each_cents ? "" : ` ${say("plan_first", { amount: money(plan.first_cents, currency) })}`;
  const cost = plan.monthly_rate_ppm
    ? say("plan_interest", { rate: percent(plan.monthly_rate_ppm / 10_000), total: money(plan.total_cents, currency) })
    : say("plan_free");
  return `${number(plan.count)} × ${money(plan.each_cents, currency)}${first}, ${cost}`;
}

function shown(quote) {
  const heads = [
    { text: say("made_of"), heading: true, kind: "text" },
    { text: say("rule_and_revision"), kind: "text" },
    { text: say("amount"), kind: "figure" },
  ];
  const rows = quote.stages.map((stage) => tableRow(heads, [
    inWords(stage, quote),
    stage.rule === "given" ? say("given_by_shop") : element("code", {}, `${stage.rule} @${stage.revision}`),
    money(stage.delta_cents, quote.currency),
  ]));
  const total = tableRow(heads, [element("strong", {}, say("total")), "", element("strong", {}, money(quote.total_cents, quote.currency))]);
  return [
    element("h3", { tabindex: "-1" }, say("to_be_paid", { total: money(quote.total_cents, quote.currency) })),
    table(say("made_of"), heads, element("tbody", {}, rows, total)),
    element("p", { class: "note" }, say("quote_holds", { time: time(quote.valid_until) }), " ", say(`rounding_${quote.rounding}`)),
    quote.installments.length
      ? element("details", {}, element("summary", {}, say("payment_plans")),
        element("ul", {}, quote.installments.map((plan) => element("li", {}, planInWords(plan, quote.currency)))))
      : element("p", { class: "note" }, say("quote_is_free")),
  ];
}

/** The form, and below it what it comes to. */
export function calculator({ signal }) {
  const result = element("div", { "aria-live": "polite" });
  const trouble = element("p", { class: "error", role: "alert" });
  const lines = element("div", { class: "quote-lines" });
  const quantities = new Map(); // field by product
  const coupon = textField({ name: "coupon", label: say("coupon_code"), maxlength: 50 });
  const shipping = textField({ name: "shipping_cents", label: say("shipping"), inputmode: "decimal", placeholder: amountText(0), read: amount });
  const count = textField({ name: "installments", label: say("payments_count"), inputmode: "numeric", placeholder: "1", read: whole });
  const fields = [coupon, shipping, count];
  const chosen = { offer: "", method: "" };

  async function showLines() {
    quantities.clear();
    lines.replaceChildren();
    result.replaceChildren();
    trouble.textContent = "";
    if (!chosen.offer) return;
    try {
      const offer = await get(`/v1/offers/${encodeURIComponent(chosen.offer)}`, {}, signal);
      for (const product of offer.products.filter(({ product_id: id }) => id)) {
        const field = textField({ name: product.product_id, label: nameOf(product.name ?? product.product_id), inputmode: "numeric",
          value: product.required === false ? "" : String(product.quantity), read: whole });
        quantities.set(product.product_id, field);
        lines.append(field.node);
      }
    } catch (error) {
      trouble.textContent = outcomeOf(error);
    }
  }

  /** Beside the field that it is about, where there is one. */
  function blame(problem, items) {
    const rest = [];
    for (const { pointer, detail } of problem.faults) {
      const at = /^\/items\/(\d+)/.exec(pointer)?.[1];
      const field = at ? quantities.get(items[at]?.product_id) : fields.find(({ name }) => pointer === `/${name}`);
      if (field) field.blame(detail);
      else rest.push(detail);
    }
    trouble.textContent = problem.faults.length ? rest.join(" · ") : outcomeOf(problem);
  }

  async function work(event) {
    event.preventDefault();
    const all = [...fields, ...quantities.values()];
    all.forEach((field) => field.blame(null));
    trouble.textContent = "";
    const values = {};
    try {
      for (const field of all) {
        try {
          values[field.name] = field.read();
        } catch (fault) {
          field.blame(fault.message);
          field.focus();
          throw fault;
        }
      }
    } catch {
      return;
    }
    if (!chosen.offer) {
      trouble.textContent = say("choose_offer");
      return;
    }
    const items = [...quantities.keys()].filter((id) => values[id]).map((id) => ({ product_id: id, quantity: values[id] }));
    const body = {
      offer_id: chosen.offer, items: items.length ? items : undefined, payment_method: chosen.method || undefined,
      ...Object.fromEntries(fields.map(({ name }) => [name, values[name]])),
    };
    try {
      const { json } = await send("/v1/quotes", { method: "POST", body, signal });
      result.replaceChildren(...shown(json));
      result.querySelector("h3").focus();
    } catch (error) {
      result.replaceChildren();
      if (error instanceof Problem) blame(error, items);
      else trouble.textContent = outcomeOf(error);
    }
  }

  const offers = element("div", {});
  get("/v1/offers", { limit: mostOffers, sort: "name" }, signal).then(({ items }) => {
    const there = items.filter(({ status }) => status !== "archived");
    offers.replaceChildren(choice(say("offer"), [["", say("choose_offer")], ...there.map((offer) => [offer.offer_id, nameOf(offer.name, offer.slug)])], "", (value) => {
      chosen.offer = value;
      showLines();
    }));
  }, (error) => {
    trouble.textContent = outcomeOf(error);
  });

  return element("section", {},
    element("h2", {}, say("quote_calculator")),
    element("p", { class: "note" }, say("quote_note")),
    element("form", { class: "panel", onsubmit: work, novalidate: true },
      offers, lines,
      element("div", { class: "controls" },
        choice(say("payment_method"), [["", say("any_method")], ...methods.map((name) => [name, say(`method_${name}`)])], "", (value) => {
          chosen.method = value;
        })),
      fields.map(({ node }) => node), trouble,
      element("div", { class: "actions" }, element("button", { type: "submit", class: "primary" }, say("work_out")))),
    result);
}
