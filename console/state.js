// An offer as it was at any version, chosen by a slider.
import { get, offerPath } from "./api.js";
import { element } from "./dom.js";
import { facts } from "./facts.js";
import { keeping, unknown } from "./keep.js";
import { say } from "./words.js";

const unremarkable = new Set(["offer_id", "version", "position", "updated_at"]); // every version has or changes them

/** `onShown(version)` is called when a state is on the page. */
export function stateAsOf(id, { signal, onShown }) {
  const states = new Map();
  const title = element("h2", { id: "state-title" }, say("state"));
  const place = element("div", { id: "state" });
  const slider = element("input", { type: "range", id: "slider", min: 1, max: 1, step: 1, value: 1, "aria-describedby": "slider-help", oninput: () => show(Number(slider.value)) });
  let newest = 0;
  let wanted = 0;

  function at(version) {
    if (version < 1) return {};
    if (!states.has(version)) {
      const asked = get(offerPath(id), { as_of_version: version }, signal);
      asked.catch(() => states.delete(version));
      states.set(version, asked);
    }
    return states.get(version);
  }

  const load = keeping(async () => {
    const version = wanted;
    const [state, before] = await Promise.all([at(version), at(version - 1)]);
    if (wanted !== version) {
      load.soon();
      return;
    }
    const told = Object.fromEntries(Object.entries(state).filter(([name]) => !unremarkable.has(name)));
    if (!state.products?.length) delete told.total_cents; // of nothing there is no price
    const marked = new Set(version === 1 ? [] : Object.keys(told).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(before[name])));
    title.textContent = say("state_as_of", { version, newest });
    place.replaceChildren(facts(told, { marked, currency: state.currency }));
    onShown(version);
  }, { signal, calm: 0, onError: (error) => place.replaceChildren(unknown(error)) });

  function show(version) {
    wanted = version;
    slider.value = version;
    slider.setAttribute("aria-valuetext", say("state_as_of", { version, newest }));
    load.soon();
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
