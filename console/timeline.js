// What happened to an offer or a product, in its order: what, who, why, and the data.
import { get, session } from "./api.js";
import { element } from "./dom.js";
import { facts } from "./facts.js";
import { exactTime } from "./format.js";
import { keeping, unknown } from "./keep.js";
import { who } from "./names.js";
import { say } from "./words.js";

const page = 200;
const failures = { unavailable: "clubify_was_away", credentials: "clubify_credentials", missing: "missing_there", conflict: "taken_there" }; // by class
const own = new Set(["offer_id", "reason", "class", "correlation_id"]); // said otherwise

/** Of what is at `path`; `subject` is what its own events are about. `onVersion(n)`: the reader wants the state at an event. */
export function timeline(path, subject, { signal, onVersion = null, onLoaded = () => {} }) {
  const list = element("ol", { class: "timeline" });
  const place = element("div", {}, element("p", { class: "note" }, say("loading")));
  const more = element("button", { type: "button", hidden: true, onclick: () => load.soon() }, say("more"));
  const seen = new Set();
  let cursor; // undefined: nothing was read yet
  let currency;

  function entry(event) {
    const succeeded = event.subject === subject; // otherwise an attempt that failed, in its command's stream
    const version = Number(event.streamversion);
    const data = event.data ?? {};
    currency = data.currency ?? currency;
    const by = who(event.actor, session.me?.actor);
    const spoken = failures[data.class]; // the reason is a program's words then, and in English
    const technical = { technical_reason: spoken ? data.reason : null, event_id: event.id, command_id: event.commandid, correlation_id: event.correlationid };
    const told = Object.fromEntries(Object.entries(data).filter(([name]) => !own.has(name) && `product-${data[name]}` !== subject));
    return element("li", { class: succeeded ? null : "failed", "data-version": succeeded ? version : null },
      element("div", { class: "what" },
        element("strong", {}, say(event.type)),
        succeeded ? null : element("span", { class: "badge failed" }, say("failed_attempt")),
        succeeded && onVersion ? element("button", { type: "button", class: "small", "aria-label": `v${version}: ${say("show_state", { version })}`, onclick: () => onVersion(version) }, `v${version}`) : null),
      element("p", { class: "when" }, element("time", { datetime: event.time }, exactTime(event.time)), by ? ` · ${say("by", { who: by })}` : null),
      data.reason ? element("p", { class: "why" }, say("why", { reason: spoken ? say(spoken) : data.reason })) : null,
      element("details", {}, element("summary", {}, say("event_data")),
        facts(told, { currency, of: subject.split("-")[0] }),
        facts(Object.fromEntries(Object.entries(technical).filter(([, value]) => value).map(([name, value]) => [say(name), value])))));
  }

  function add(event) {
    if (seen.has(event.position)) return;
    seen.add(event.position);
    list.append(entry(event));
  }

  const load = keeping(async () => {
    const answer = await get(path, { limit: page, cursor }, signal);
    if (cursor === undefined) place.replaceChildren(list);
    answer.events.forEach(add);
    cursor = answer.next_cursor;
    more.hidden = !cursor;
    onLoaded();
  }, { signal, onError: (error) => cursor === undefined && place.replaceChildren(unknown(error)) });

  return {
    node: element("section", { "aria-labelledby": "timeline-title" },
      element("h2", { id: "timeline-title" }, say("timeline")), place, more),
    load: load.now,
    /** One that just happened. While older ones are still to be loaded it comes with them. */
    add: (event) => cursor === null && add(event),
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
