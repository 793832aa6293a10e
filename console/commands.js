// The tenant's commands: those that are unfinished, or those in a state.
import { choice, element } from "./dom.js";
import { exactTime } from "./format.js";
import { pagedList } from "./list.js";
import { linkTo } from "./names.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const states = ["running", "retryable", "failed", "succeeded"];
const refreshEvery = 2000; // ms: that a command was accepted is no event of the log

/** What the command is about; a link where there is a page of it. */
function subject({ stream, name, state }) {
  const [, kind, id] = /^(offer|product)-(.+)$/.exec(stream) ?? [];
  const exists = !name.startsWith("Create") || state === "succeeded";
  return kind && exists ? linkTo(kind, id) : element("code", {}, stream);
}

function answer({ answer: given }) {
  if (!given) return "–";
  const { title, detail } = given.body ?? {};
  return [given.status, [title, detail].filter(Boolean).join(": ")].filter(Boolean).join(" · ");
}

export function show({ signal }) {
  const chosen = { state: "" };
  const list = pagedList({
    caption: say("commands"),
    path: "/v1/commands",
    id: "command_id",
    empty: chosen.state ? "nothing" : "nothing_unfinished",
    every: refreshEvery,
    signal,
    filters: () => chosen,
    columns: [
      { text: say("command"), heading: true, kind: "name", cell: (item) => say(item.name) },
      { text: say("state"), cell: (item) => badge(item.state) },
      { text: say("answer"), kind: "text", cell: answer },
      { text: say("accepted"), kind: "when", cell: (item) => element("time", { datetime: item.accepted_at }, exactTime(item.accepted_at)) },
      { text: say("about"), kind: "name", cell: subject },
      { text: say("command_id"), kind: "id", cell: (item) => element("code", {}, item.command_id) },
    ],
  });
  list.load();
  return {
    title: say("commands"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("commands")),
      element("p", { class: "note" }, say("commands_note")),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("state"), [["", say("unfinished")], ...states.map((name) => [name, say(name)])], "", (value) => {
          chosen.state = value;
          list.restart();
        })),
      list.node,
    ],
    onEvent: () => list.reload(),
  };
}
