// Names as people can read them, whatever they are made of, and the names of what events tell by id only.
import { get, offerPath, productPath } from "./api.js";
import { element } from "./dom.js";
import { say } from "./words.js";

const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu; // would turn around what stands beside it
const unseen = /[\p{White_Space}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** The name in one line; where nothing of it can be seen, what else there is. */
export function readable(name, otherwise = "") {
  const text = String(name ?? "").replace(directions, "").replace(/[\p{White_Space}\p{Cc}]+/gu, " ").trim();
  if (text.replace(unseen, "") !== "") return text;
  return say("no_name", { otherwise: otherwise || "–" });
}

/** Bounded by the style sheet, whole in its title, and whatever its writing direction apart from the rest. */
export function nameOf(name, otherwise) {
  const text = readable(name, otherwise);
  return element("bdi", { class: "called", title: text.length > 60 ? text : null }, text);
}

const known = new Map(); // "offer-<id>" or "product-<id>" to a promise of the name

function ask(kind, id) {
  const place = `${kind}-${id}`;
  if (!known.has(place)) {
    const asked = get(kind === "offer" ? offerPath(id) : productPath(id)).then(({ name, slug, sku }) => readable(name, slug ?? sku));
    asked.catch(() => known.delete(place));
    known.set(place, asked);
  }
  return known.get(place);
}

/** What an event tells of a name. */
export function learn(event) {
  if (event.data?.name && /^(offer|product)-/.test(event.subject)) {
    known.set(event.subject, Promise.resolve(readable(event.data.name, event.data.slug ?? event.data.sku)));
  }
}

export const forgetNames = () => known.clear();

/** A link to an offer ("offer") or product ("product") that is called by its name as soon as that is known. */
export function linkTo(kind, id, name) {
  const text = nameOf(name ?? say("loading"));
  const link = element("a", { href: `#/${kind}s/${encodeURIComponent(id)}` }, text);
  if (name === undefined) {
    ask(kind, id).then((found) => {
      text.textContent = found;
    }, () => {
      text.textContent = say(`${kind}_unknown`); // it is not there, or there is no answer now
    });
  }
  return link;
}

/** Who did something, as events name it. */
export function who(actor, me) {
  if (!actor) return null;
  if (actor === me) return say("you");
  const [kind, ...rest] = actor.split(":");
  const name = readable(rest.join(":"));
  if (kind === "key") return say("by_key", { name });
  if (kind === "cli") return rest.length ? say("by_operator", { name }) : say("by_operator_unnamed");
  if (kind === "process") return say(name === "offer-schedule" ? "by_schedule" : "by_itself");
  if (kind === "clubify") return "Clubify";
  return readable(actor);
}
