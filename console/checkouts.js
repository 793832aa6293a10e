// Checkouts: where their money is, what waits for a person's decision, and of one what was done for it, step by step.
import { get, session } from "./api.js";
import { commandDialog, outcomeOf, textField } from "./dialogs.js";
import { card, choice, element, pairs, table, tableRow } from "./dom.js";
import { duration, exactTime, money, time } from "./format.js";
import { keeping, unknown } from "./keep.js";
import { pagedList } from "./list.js";
import { linkTo, readable } from "./names.js";
import { badge } from "./offers.js";
import "./shop_words.js";
import { say } from "./words.js";

const place = "/v1/checkouts";
const statuses = ["opened", "paying", "pending_payment", "declined", "paid", "completed", "failed", "expired", "cancelled", "review"];
const parts = ["captured", "fulfilled", "held", "refunding", "refunded", "blocked"]; // the first is the sum of the others
const decisions = ["retry", "done", "accept_loss"];
const told = (prefix, name) => say(`${prefix}_${name}`);
const statusOf = (name) => badge(name, statuses.includes(name) ? told("checkout", name) : readable(name));
const path = (id, rest = "") => `${place}/${encodeURIComponent(id)}${rest}`;
const button = (text, onclick, kind = "small") => element("button", { type: "button", class: kind, onclick }, text);
const when = (at) => element("time", { datetime: at }, exactTime(at));

/** What happens to a step that waits for a person, with what bears it out. */
function decide(checkout, step, amount, onDone) {
  let action = decisions[0];
  commandDialog({
    title: say("decide_step", { step: readable(step) }),
    intro: [
      element("p", {}, say("decide_amount", { amount })),
      choice(say("decision"), decisions.map((name) => [name, told("decision", name)]), action, (value) => {
        action = value;
      }),
    ],
    fields: [textField({ name: "evidence", label: say("evidence"), note: say("evidence_note"), maxlength: 1000, required: true, rows: 3 })],
    submit: say("decide"),
    sure: () => (action === "accept_loss" ? say("sure_of_loss") : null),
    request: ({ evidence }) => ({ method: "POST", path: path(checkout, "/resolve"), body: { step, action, evidence } }),
    onDone,
    onStale: () => {},
  });
}

const cardsOf = ({ items }) => items.map((money_of) => element("section", {},
  items.length > 1 ? element("h3", {}, money_of.currency) : null,
  element("dl", { class: "cards" }, parts.map((name) => card(told("money", name), money(money_of[`${name}_cents`], money_of.currency))))));

function riskTable({ items }, onDone) {
  if (!items.length) return element("p", { class: "note" }, say("no_money_at_risk"));
  const heads = [
    { text: say("checkout_word"), heading: true, kind: "name" },
    { text: say("amount"), kind: "figure" },
    { text: say("step"), kind: "text" },
    { text: say("risk_reason"), kind: "text" },
    { text: say("risk_owner"), kind: "text" },
    { text: say("risk_age"), kind: "text" },
    { text: say("what_to_do"), kind: "todo" },
  ];
  const rows = items.map((item) => tableRow(heads, [
    element("code", {}, item.checkout_id), money(item.amount_cents, item.currency), readable(item.step), readable(item.reason), readable(item.owner), duration(item.age_seconds),
    session.me?.role === "admin" ? button(say("decide"), () => decide(item.checkout_id, item.step, money(item.amount_cents, item.currency), onDone)) : "–",
  ]));
  return table(say("money_at_risk"), heads, element("tbody", {}, rows));
}

const spanOf = (step) => (step.ended_at ? (new Date(step.ended_at) - new Date(step.intended_at)) / 1000 : null);

function stepEntry(step) {
  const span = spanOf(step);
  const line = [
    say("tries", { count: step.attempts }),
    span === null ? null : say("step_took", { time: span < 1 ? say("less_than_a_second") : duration(span) }),
    step.next_at ? say("step_next", { time: exactTime(step.next_at) }) : null,
  ].filter(Boolean).join(" · ");
  return element("li", { class: ["refused", "unknown"].includes(step.outcome) ? "failed" : null, "data-step": step.key },
    element("div", { class: "what" }, element("strong", {}, readable(step.step)), badge(step.state, told("step", step.state)), element("span", { class: "note" }, told("step_kind", step.kind))),
    element("p", { class: "when" }, when(step.intended_at), ` · ${line}`),
    step.summary ? element("p", { class: "why" }, step.summary) : null,
    step.detail ? element("p", { class: "why" }, step.detail) : null,
    step.compensation ? element("p", { class: "note" }, say("undone_by", { step: readable(step.compensation) })) : null);
}

/** The steps up to the one that the reader stands at: what was known then. */
function sagaOf(saga) {
  const steps = [...saga.steps].sort((one, other) => one.intended_at.localeCompare(other.intended_at));
  const list = element("ol", { class: "timeline", "aria-live": "polite" });
  const at = element("output", {});
  const slider = element("input", { type: "range", min: 1, max: steps.length, value: steps.length, "aria-label": say("saga_scrubber"), oninput: () => stand() });
  function stand() {
    const count = Number(slider.value);
    list.replaceChildren(...steps.slice(0, count).map(stepEntry));
    at.textContent = steps.length ? say("saga_at", { count, all: steps.length, time: exactTime(steps[count - 1].intended_at) }) : "";
  }
  if (steps.length) stand();
  const waits = saga.state === "done" ? say("saga_done") : saga.waits_for ?? say("saga_goes_on");
  return [
    element("h3", {}, say("saga_title")),
    element("p", {}, badge(saga.state, say(`process_${saga.state}`)), ` ${waits}`, saga.due_at ? ` · ${say("step_next", { time: exactTime(saga.due_at) })}` : ""),
    steps.length > 1 ? element("label", { class: "field" }, at, slider) : null,
    steps.length ? list : element("p", { class: "note" }, say("saga_empty")),
  ].filter(Boolean);
}

function detail(checkout, saga, onDone) {
  const amount = (cents) => (cents ? money(cents, checkout.currency) : null);
  const refunds = checkout.refunds.map((refund) => element("li", {}, `${money(refund.amount_cents, checkout.currency)} · ${readable(refund.reason ?? "–")} · ${say(refund.done ? "refund_done" : "refund_begun")}`));
  const blocked = checkout.blocked.map(({ step, problem, amount_cents: cents }) => element("li", {}, `${readable(step)}: ${readable(problem)} · ${money(cents ?? 0, checkout.currency)} `,
    session.me?.role === "admin" ? button(say("decide"), () => decide(checkout.checkout_id, step, money(cents ?? 0, checkout.currency), onDone)) : null));
  return [
    pairs([
      [say("status"), statusOf(checkout.status)],
      [say("offer"), linkTo("offer", checkout.offer_id)],
      [say("order_heading"), checkout.order_id ? element("code", {}, readable(checkout.order_id)) : null],
      [say("order_total"), element("strong", {}, money(checkout.total_cents, checkout.currency))],
      [say("payment_method"), checkout.payment_method ? readable(checkout.payment_method) : null],
      ...parts.map((name) => [told("money", name), amount(checkout[`${name}_cents`])]),
      [say("checkout_expires"), checkout.status === "opened" ? when(checkout.expires_at) : null],
      [say("risk_reason"), checkout.problem ? readable(checkout.problem) : null],
    ]),
    refunds.length ? element("h3", {}, say("order_refunds")) : null,
    refunds.length ? element("ul", {}, refunds) : null,
    blocked.length ? element("h3", {}, say("money_at_risk")) : null,
    blocked.length ? element("ul", {}, blocked) : null,
    ...sagaOf(saga),
  ].filter(Boolean);
}

export function show({ signal }) {
  const chosen = { status: "" };
  const sums = element("div", {}, element("p", { class: "note" }, say("loading")));
  const risk = element("div", {});
  const below = element("section", { "aria-live": "polite" });
  const trouble = element("p", { class: "notice", role: "status" });
  const changed = () => {
    ledger.soon();
    list.reload(0);
    if (below.dataset.id) open(below.dataset.id, false);
  };

  const ledger = keeping(async () => {
    const [all, atRisk] = await Promise.all([get("/v1/money", {}, signal), get("/v1/money/at-risk", {}, signal)]);
    sums.replaceChildren(...(all.items.length ? cardsOf(all) : [element("p", { class: "note" }, say("no_money_yet"))]));
    risk.replaceChildren(riskTable(atRisk, changed));
  }, { signal, onError: (error) => sums.replaceChildren(unknown(error)) });

  async function open(id, focuses = true) {
    trouble.textContent = "";
    try {
      const [checkout, saga] = await Promise.all([get(path(id), {}, signal), get(path(id, "/saga"), {}, signal)]);
      const heading = element("h2", { tabindex: "-1" }, say("checkout_of", { id }));
      below.replaceChildren(heading, ...detail(checkout, saga, changed));
      below.dataset.id = id;
      if (focuses) heading.focus();
    } catch (error) {
      trouble.textContent = outcomeOf(error);
    }
  }

  const list = pagedList({
    caption: say("checkouts"),
    path: place,
    id: "checkout_id",
    empty: "no_checkouts",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("checkout_word"), heading: true, kind: "name", cell: (item) => linkTo("offer", item.offer_id) },
      { text: say("checkout_begun"), kind: "line", cell: (item) => element("time", { datetime: item.created_at }, time(item.created_at)) },
      { text: say("status"), cell: (item) => statusOf(item.status) },
      { text: say("order_total"), kind: "figure", cell: (item) => money(item.total_cents, item.currency) },
      { text: say("money_captured"), kind: "figure", cell: (item) => (item.captured_cents ? money(item.captured_cents, item.currency) : "–") },
      { text: say("payment_method"), kind: "text", cell: (item) => (item.payment_method ? readable(item.payment_method) : "–") },
      { text: say("what_to_do"), kind: "todo", cell: (item) => button(say("whole_checkout"), () => open(item.checkout_id)) },
    ],
  });
  ledger.soon();
  list.load();
  return {
    title: say("checkouts"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("checkouts")),
      element("h2", {}, say("money_title")),
      element("p", { class: "note" }, say("money_note")),
      sums,
      element("h2", {}, say("money_at_risk")),
      risk,
      element("h2", {}, say("every_checkout")),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("status"), [["", say("any_state")], ...statuses.map((name) => [name, told("checkout", name)])], "", (value) => {
          chosen.status = value;
          list.restart();
        })),
      trouble,
      list.node,
      below,
    ],
    onEvent: (event) => {
      if (!event.subject.startsWith("sale-")) return;
      list.reload(Number(event.position), [event.subject.slice("sale-".length)]);
      ledger.soon();
      if (below.dataset.id && event.subject === `sale-${below.dataset.id}`) open(below.dataset.id, false);
    },
  };
}
