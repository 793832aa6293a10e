// An offer as it was at any version, chosen by a slider.
import { get, offerPath } from "./api.js";
import { element } from "./dom.js";
import { facts } from "./facts.js";
import { say } from "./words.js";

const unremarkable = new Set(["version", "position", "updated_at"]); // every version changes them

/** `onShown(version)` is called when a state is on the page. */
export function stateAsOf(id, { newest, signal, onShown }) {
  const states = new Map();
  const title = element("h2", { id: "state-title" }, say("state"));
  const place = element("div", { id: "state" });
  const slider = element("input", { type: "range", id: "slider", min: 1, max: newest, step: 1, value: newest, "aria-describedby": "slider-help", oninput: () => show(Number(slider.value)) });
  let wanted = newest;

  function at(version) {
    if (version < 1) return {};
    if (!states.has(version)) {
      const asked = get(offerPath(id), { as_of_version: version }, signal);
      asked.catch(() => states.delete(version));
      states.set(version, asked);
    }
    return states.get(version);
  }

  async function show(version) {
    wanted = version;
    slider.value = version;
    slider.setAttribute("aria-valuetext", say("state_as_of", { version, newest }));
    try {
      const [state, before] = await Promise.all([at(version), at(version - 1)]);
      if (wanted !== version) return; // the slider has moved on
      const marked = new Set(version === 1 ? [] : Object.keys(state).filter((name) =>
        !unremarkable.has(name) && JSON.stringify(state[name]) !== JSON.stringify(before[name])));
      title.textContent = say("state_as_of", { version, newest });
      place.replaceChildren(facts(state, { marked }));
      onShown(version);
    } catch (error) {
      if (!signal.aborted) place.replaceChildren(element("p", { class: "error" }, error.message));
    }
  }

  return {
    node: element("section", { class: "panel", "aria-labelledby": "state-title" }, title,
      element("label", { class: "field", for: "slider" }, element("span", {}, say("slider"))), slider,
      element("p", { class: "note", id: "slider-help" }, say("slider_help")), place),
    show,
    /** There is a newer version: shown at once, unless the reader looks at an older one. */
    grow: (version) => {
      if (version <= newest) return;
      const followed = wanted === newest;
      newest = version;
      slider.max = version;
      show(followed ? version : wanted);
    },
  };
}
