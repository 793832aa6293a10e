// An offer: what it is, its figures, its state at any version, and its timeline.
import { get, offerPath } from "./api.js";
import { calmly, element } from "./dom.js";
import { figures } from "./figures.js";
import { badge } from "./offers.js";
import { stateAsOf } from "./state.js";
import { timeline } from "./timeline.js";
import { say } from "./words.js";

export async function show({ signal, period, remember }, id) {
  let offer = await get(offerPath(id), {}, signal);
  const title = element("h1", { tabindex: "-1" });
  const under = element("p", { class: "under" });
  const head = () => {
    title.textContent = offer.name;
    under.replaceChildren(badge(offer.status), ` ${say(offer.type)} · ${offer.currency} · `, element("code", {}, offer.slug));
  };
  head();

  const events = timeline(id, { signal, onVersion: (version) => state.show(version) });
  const state = stateAsOf(id, { newest: offer.version, signal, onShown: events.mark });
  const numbers = figures(id, { signal, period, remember });
  await events.load();
  await state.show(offer.version);
  numbers.load();

  let position = 0;
  const refresh = calmly(async () => {
    offer = await get(offerPath(id), { at_least: position }, signal).catch(() => offer);
    head();
    state.grow(offer.version);
    numbers.load();
  });
  return {
    title: offer.name,
    nodes: [
      element("nav", { class: "back", "aria-label": say("back_to_offers") }, element("a", { href: "#/offers" }, `← ${say("back_to_offers")}`)),
      title, under, numbers.node,
      element("div", { class: "columns" }, state.node, events.node),
    ],
    onEvent: (event) => {
      if (event.subject !== `offer-${id}` && event.data.offer_id !== id) return;
      events.add(event);
      position = Math.max(position, Number(event.position));
      refresh();
    },
  };
}
