// What became of the platform's webhooks: those that were not understood, or all of an outcome.
import { choice, element } from "./dom.js";
import { exactTime } from "./format.js";
import { pagedList } from "./list.js";
import { readable } from "./names.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const outcomes = ["unclear", "ignored", "accepted"];
const refreshEvery = 10_000; // ms

export function show({ signal }) {
  const chosen = { outcome: outcomes[0] };
  const list = pagedList({
    caption: say("webhooks"),
    path: "/v1/webhooks",
    id: "position",
    every: refreshEvery,
    signal,
    filters: () => chosen,
    columns: [
      { text: say("event"), heading: true, kind: "name", cell: (item) => readable(item.event) },
      { text: say("outcome"), cell: (item) => badge(item.outcome) },
      { text: say("reason"), kind: "text", cell: (item) => (item.reason ? readable(item.reason, "–") : "–") },
      { text: say("received"), kind: "when", cell: (item) => exactTime(item.received_at) },
      { text: say("delivery"), kind: "id", cell: (item) => element("code", {}, readable(item.delivery_id)) },
      { text: say("position"), kind: "figure", cell: (item) => String(item.position) },
    ],
  });
  list.load();
  return {
    title: say("webhooks"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("webhooks")),
      element("p", { class: "note" }, say("webhooks_note")),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("outcome"), outcomes.map((name) => [name, say(`outcome_${name}`)]), chosen.outcome, (value) => {
          chosen.outcome = value;
          list.restart();
        })),
      list.node,
    ],
    onEvent: (event) => event.type.startsWith("Clubify") && list.reload(),
  };
}
