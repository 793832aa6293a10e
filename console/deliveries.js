// What is carried to receivers outside: how far each has come, and what waits or was given up.
import { get, mayChange } from "./api.js";
import { element, table, tableRow } from "./dom.js";
import { exactTime, number } from "./format.js";
import { keeping } from "./keep.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const refreshEvery = 5000; // ms
const most = 1000; // the service's longest page
const pages = { webhook: "#/operations/endpoints" }; // where receivers of a kind are looked after

const standing = (each) => (!each.enabled ? "delivery_off" : each.paused ? "delivery_paused" : each.replays.length ? "delivery_replaying" : "delivery_on");

/** `addresses` of receivers by their ids, as far as they are known. */
function receiverRows(heads, receivers, addresses) {
  const lagOf = ({ lag }) => say(["up_to_date", "delivery_lag_one"][lag] ?? "delivery_lag", { count: number(lag) });
  const named = ({ id }) => element("code", {}, addresses.get(id) ?? id);
  return receivers.map((each) => tableRow(heads, [
    pages[each.kind] ? element("a", { href: pages[each.kind] }, named(each)) : named(each),
    badge(standing(each).replace("delivery_", ""), say(standing(each))),
    number(each.position),
    lagOf(each),
    number(each.pending),
    element("span", { class: each.dead ? "alert" : null }, number(each.dead)),
    each.oldest ? exactTime(each.oldest) : "–",
  ]));
}

export function show({ signal }) {
  const body = element("tbody");
  const none = element("p", { hidden: true }, say("receivers_none"));
  const heads = [
    { text: say("receiver"), heading: true, kind: "text" }, { text: say("state") }, { text: say("position"), kind: "figure" },
    { text: say("lag"), kind: "figure" }, { text: say("delivery_pending"), kind: "figure" },
    { text: say("delivery_dead"), kind: "figure" }, { text: say("delivery_oldest"), kind: "when" },
  ];
  const whole = table(say("deliveries"), heads, body);
  whole.hidden = true; // until something is known
  const addresses = new Map();

  async function learn(receivers) {
    const unknown = receivers.filter(({ kind, id }) => kind === "webhook" && !addresses.has(id));
    if (!unknown.length || !mayChange()) return;
    for (const { id } of unknown) addresses.set(id, null); // it may be gone
    const { items } = await get("/v1/webhook-endpoints", { limit: most }, signal);
    for (const { endpoint_id: id, url } of items) addresses.set(id, url);
  }

  const load = keeping(async () => {
    const { items } = await get("/v1/deliveries", {}, signal);
    await learn(items);
    none.hidden = items.length > 0;
    whole.hidden = items.length === 0;
    body.replaceChildren(...receiverRows(heads, items, addresses));
  }, { signal, every: refreshEvery });
  load.now();
  return {
    title: say("deliveries"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("deliveries")), element("p", { class: "note" }, say("deliveries_note")), none, whole,
    ],
    onEvent: (event) => {
      if (event.type.startsWith("Endpoint")) addresses.clear();
      load.soon();
    },
  };
}
