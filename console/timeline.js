// An offer's events in their order, each with its data.
import { get, offerPath } from "./api.js";
import { element } from "./dom.js";
import { facts } from "./facts.js";
import { time } from "./format.js";
import { say } from "./words.js";

const page = 200;

/** `onVersion(n)` is called when the reader wants the state at an event. */
export function timeline(id, { signal, onVersion }) {
  const list = element("ol", { class: "timeline" });
  const more = element("button", { type: "button", hidden: true, onclick: () => load() }, say("more"));
  const seen = new Set();
  let cursor = null;
  let currency;

  function entry(event) {
    const own = event.subject === `offer-${id}`; // otherwise an attempt that failed, in its command's stream
    const version = Number(event.streamversion);
    currency = event.data.currency ?? currency;
    const ids = { [say("event_id")]: event.id, [say("command_id")]: event.commandid, [say("correlation_id")]: event.correlationid, [say("position")]: event.position };
    return element("li", { class: own ? null : "failed", "data-version": own ? version : null },
      element("div", { class: "what" },
        element("strong", {}, say(event.type)),
        own ? null : element("span", { class: "badge failed" }, say("failed_attempt")),
        own ? element("button", { type: "button", class: "small", "aria-label": `v${version}: ${say("show_state", { version })}`, onclick: () => onVersion(version) }, `v${version}`) : null),
      element("time", { datetime: event.time }, time(event.time)),
      element("details", {}, element("summary", {}, say("event_data")),
        facts(event.data, { currency }),
        facts(Object.fromEntries(Object.entries(ids).filter(([, value]) => value)))));
  }

  function add(event) {
    if (seen.has(event.position)) return;
    seen.add(event.position);
    list.append(entry(event));
  }

  async function load() {
    const answer = await get(`${offerPath(id)}/events`, { limit: page, cursor }, signal);
    answer.events.forEach(add);
    cursor = answer.next_cursor;
    more.hidden = !cursor;
  }

  return {
    node: element("section", { "aria-labelledby": "timeline-title" },
      element("h2", { id: "timeline-title" }, say("timeline")), list, more),
    load,
    /** One that just happened. While older ones are still to be loaded it comes with them. */
    add: (event) => cursor || add(event),
    mark: (version) => {
      for (const item of list.children) {
        const here = item.dataset.version === String(version);
        item.classList.toggle("here", here);
        if (here) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      }
    },
  };
}
