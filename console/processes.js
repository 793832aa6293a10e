// What goes on by itself: each process with what it waits for, and when it goes on.
import { choice, element } from "./dom.js";
import { exactTime } from "./format.js";
import { pagedList } from "./list.js";
import { linkTo } from "./names.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const states = ["blocked", "open", "waiting", "done"];
const refreshEvery = 10_000; // ms

/** A link where there is a page of what it is about. */
const subject = ({ kind, id }) => (kind === "offer-schedule" ? linkTo("offer", id) : element("code", {}, id));

const when = (time) => (time ? element("time", { datetime: time }, exactTime(time)) : "–");

export function show({ signal }) {
  const chosen = { state: "" };
  const list = pagedList({
    caption: say("processes"),
    path: "/v1/processes",
    id: "id",
    every: refreshEvery,
    signal,
    filters: () => chosen,
    columns: [
      { text: say("process"), heading: true, kind: "name", cell: (item) => say(item.kind) },
      { text: say("about"), kind: "name", cell: subject },
      { text: say("state"), cell: (item) => badge(item.state, say(`process_${item.state}`)) },
      { text: say("waits_for"), kind: "text", cell: (item) => item.waits_for ?? "–" },
      { text: say("next_due"), kind: "when", cell: (item) => when(item.next_due) },
      { text: say("updated"), kind: "when", cell: (item) => when(item.changed_at) },
    ],
  });
  list.load();
  return {
    title: say("processes"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("processes")),
      element("p", { class: "note" }, say("processes_note")),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("state"), [["", say("any_state")], ...states.map((name) => [name, say(`process_${name}`)])], chosen.state, (value) => {
          chosen.state = value;
          list.restart();
        })),
      list.node,
    ],
    onEvent: (event) => event.type.startsWith("Process") && list.reload(Number(event.position), [event.subject.replace(/^[^-]*-/, "")]),
  };
}
