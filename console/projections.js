// How far the read models are, and what is parked.
import { get } from "./api.js";
import { card, element, table, tableRow } from "./dom.js";
import { decimal, number, percent } from "./format.js";
import { keeping } from "./keep.js";
import { language, say } from "./words.js";

const refreshEvery = 5000; // ms

async function parkedEvents(projections, signal) {
  const lists = await Promise.all(projections.map(({ name }) =>
    get(`/v1/projections/${encodeURIComponent(name)}/parked`, { all: true }, signal)));
  return lists.flatMap(({ projection, parked }) => parked.map((event) => ({ projection, ...event })));
}

/** Whether the service can serve; it says so without a key, with 503 where it cannot. */
async function readiness(signal) {
  return (await fetch("/readyz", { signal, headers: { "Accept-Language": language } })).json();
}

/** Of a build that is under way, else nothing. */
function progress(build) {
  if (!build) return null;
  const share = percent(build.total ? (100 * build.done) / build.total : 100);
  return element("small", {}, ` ${say(`build_${build.phase}`, { share })}`);
}

function projectionRows(heads, projections) {
  return projections.map((each) => tableRow(heads, [
    each.name,
    [element("span", { class: `badge ${each.state}` }, say(each.state)), progress(each.build)],
    number(each.position),
    each.lag === 0 ? say("up_to_date") : say("lag_text", { count: number(each.lag), seconds: decimal(each.lag_seconds) }),
    element("span", { class: each.parked ? "alert" : null }, number(each.parked)),
    each.version,
  ]));
}

function parkedTable(events) {
  if (!events.length) return element("p", {}, say("parked_none"));
  const kinds = { stream: "id", reason: "text" };
  const heads = ["projection", "stream", "type", "state", "reason", "position"].map((name) => ({ text: say(name), kind: kinds[name] }));
  const rows = events.map((event) => tableRow(heads, [
    event.projection, element("code", {}, event.stream), say(event.type), say(`parked_${event.state}`), event.reason, number(event.position),
  ]));
  return table(say("parked"), heads, element("tbody", {}, rows));
}

export function show({ signal }) {
  const cards = element("dl", { class: "cards" });
  const body = element("tbody");
  const parked = element("div");
  const heads = [
    { text: say("projection"), heading: true, kind: "name" }, { text: say("state") }, { text: say("position"), kind: "figure" },
    { text: say("lag"), kind: "figure" }, { text: say("parked_count"), kind: "figure" }, { text: say("version"), kind: "figure" },
  ];

  const load = keeping(async () => {
    const { projections, head } = await get("/v1/projections", {}, signal);
    const [ready, events] = await Promise.all([readiness(signal), parkedEvents(projections, signal)]);
    const why = [...(ready.reasons ?? []), ...(ready.warnings ?? [])].join(" · ");
    cards.replaceChildren(card(say("readiness"), say(ready.status), why || null), card(say("head"), number(head)));
    body.replaceChildren(...projectionRows(heads, projections));
    parked.replaceChildren(parkedTable(events));
  }, { signal, every: refreshEvery });
  load.now();
  return {
    title: say("projections"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("projections")), cards, table(say("projections"), heads, body),
      element("section", { "aria-labelledby": "parked-title" }, element("h2", { id: "parked-title" }, say("parked")),
        element("p", { class: "note" }, say("parked_note")), parked),
    ],
    onEvent: load.soon,
  };
}
