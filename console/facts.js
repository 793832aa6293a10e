// JSON that people can read: members with their values, nested as they are.
import { element } from "./dom.js";
import { decimal, exactTime, money } from "./format.js";
import { linkTo, readable as clean } from "./names.js";
import { member, say } from "./words.js";

const spoken = new Set(["status", "type"]); // members whose values have words
const named = new Set(["name", "slug", "sku"]);

/** The platform's ids say nothing to people where there is a name; of a product in an offer the link says which. */
function hidden(object, name) {
  if (name === "clubify_offer_id") return true;
  if (name === "clubify_product_id") return object.product_id || object.name;
  const inOffer = object.product_id && object.quantity !== undefined;
  return inOffer && ["name", "currency", "position"].includes(name);
}

const isTime = (name, value) => typeof value === "string" && /(_at|since)$/.test(name) && !Number.isNaN(Date.parse(value));

function plain(name, value, currency) {
  if (value === null || value === undefined || value === "") return say("none");
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "number") return name.endsWith("_cents") ? money(value, currency) : decimal(value);
  if (isTime(name, value)) return element("time", { datetime: value }, exactTime(value));
  if (name === "product_id") return linkTo("product", value);
  if (name === "offer_id") return linkTo("offer", value);
  if (spoken.has(name)) return say(value);
  return element("bdi", {}, named.has(name) ? clean(value) : String(value));
}

function readable(name, value, currency) {
  if (Array.isArray(value)) {
    if (value.length === 0) return say("none");
    return element("ol", { class: "values" }, value.map((item) => element("li", {}, readable("", item, currency))));
  }
  if (value !== null && typeof value === "object") {
    return Object.keys(value).length ? facts(value, { currency }) : say("none");
  }
  return plain(name, value, currency);
}

/** A list of the members; those whose names are in `marked` are said to be new. */
export function facts(object, { currency = object.currency, marked = new Set(), of = "offer" } = {}) {
  const told = Object.entries(object).filter(([name]) => !hidden(object, name));
  const entries = told.map(([name, value]) => element("div", { class: marked.has(name) ? "marked" : null },
    element("dt", {}, member(name, of),
      marked.has(name) ? element("span", { class: "hidden" }, ` (${say("changed_here")})`) : null),
    element("dd", {}, readable(name, value, currency))));
  return element("dl", { class: "facts" }, entries);
}
