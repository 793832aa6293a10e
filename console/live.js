// Live figures of offers, as Clubify has them; what it no longer answers is kept with its age.
import { get } from "./api.js";
import { dash, element } from "./dom.js";
import { ago, day, time } from "./format.js";
import { say } from "./words.js";

const batch = 100; // ids that one question may have

export const isKnown = (live) => Boolean(live) && live.status !== "unavailable";

/** The newer figures, or the older ones if the newer are not known; both are of one offer and period. */
export const newest = (now, before) => (isKnown(now) || !isKnown(before) ? now : { ...before, status: "stale", code: now?.code });

// What there is to say of a failure, by its code. With other codes the platform does not answer, as far as sellers are concerned.
const spoken = { "missing-on-clubify": "missing", "no-figures": "no_figures", credentials: "credentials", refused: "refused" };
const whyOf = ({ code }) => `why_${spoken[code] ?? "away"}`;
const fails = ({ status }) => status === "unavailable" || status === "stale";

let away = false;
const heads = new Set();

/** Calls `told(away)` when the platform stops answering for live figures, and when it answers again. */
export function watchPlatform(told, signal) {
  heads.add(told);
  told(away);
  signal.addEventListener("abort", () => heads.delete(told));
}

/** What an answer's live figures tell of the platform; of nothing it tells nothing. */
export function heardOf(all) {
  const seen = all.filter(Boolean);
  if (!seen.length) return;
  away = seen.some((live) => fails(live) && !spoken[live.code]);
  for (const told of heads) told(away);
}

/** The live figures of offers, by id. */
export async function performance(ids, period, signal) {
  const found = new Map();
  for (let first = 0; first < ids.length; first += batch) {
    const part = ids.slice(first, first + batch);
    const answer = await get("/v1/offers/performance", { ids: part.join(","), period }, signal);
    for (const offer of answer.offers) found.set(offer.offer_id, offer.live);
  }
  heardOf([...found.values()]);
  return found;
}

/** A live figure, or a dash that says why there is none. */
export const figure = (live, text) => (isKnown(live) ? text(live) : dash(live ? sourceOf(live) : say("loading")));

/** Where figures come from and how old they are, in words. */
export function sourceOf(live) {
  const why = say(whyOf(live));
  if (live.status === "stale") return say("source_stale", { time: time(live.as_of), ago: ago(live.as_of), why });
  return say(`source_${live.status}`, { why });
}

/** The days that live figures are of, said by `word`. */
export function windowOf(live, word) {
  if (!isKnown(live) || !live.period_start) return null;
  const [begin, end] = [live.period_start, live.period_end].map((text) => day(text.slice(0, 10)));
  return element("p", { class: "note" }, say(word, { begin, end }));
}

/** A note over a list of figures: nothing while all are fresh. */
export function noteOf(all) {
  const missing = all.filter((live) => !isKnown(live)).length;
  const stale = all.filter(({ status }) => status === "stale").map(({ as_of: at }) => at).sort();
  if (!missing && !stale.length) return null;
  const whys = new Set(all.filter((live) => !live || fails(live)).map((live) => say(`${whyOf(live ?? {})}_long`)));
  const parts = [...whys];
  if (stale.length) parts.push(say("source_stale_long", { time: time(stale[0]), ago: ago(stale[0]) }));
  if (missing) parts.push(say("source_missing_long"));
  return element("p", { class: "notice", role: "status" }, parts.join(" "));
}
