// What is on the page is kept true: asked for again when something changed, and after a failure with growing pauses. While
// something fails the page says so, and how old what it shows is.
import { NoAnswer, mayPass } from "./api.js";
import { calmly, element } from "./dom.js";
import { ago, time } from "./format.js";
import { say } from "./words.js";

const firstPause = 1000; // ms
const longestPause = 60_000;
const slow = 4000;
const aging = 15_000; // how often the age is said anew

const spoken = { // by the name of the problem
  "clubify-unavailable": "clubify_away",
  "clubify-credentials": "clubify_credentials",
  overloaded: "too_many",
  "not-ready": "starting",
  "shutting-down": "starting",
  "internal-error": "failing",
  "storage-unavailable": "failing",
  "disk-full": "failing",
  "stream-unreadable": "failing",
};
const bar = document.getElementById("trouble");
const announcer = document.getElementById("announcer");
const failing = new Set(); // loaders, each {load, error, at}
const waiting = new Set(); // those whose answer takes long
const active = new Set(); // all that the page has
const blanks = new Set(); // who hears whether something on the page could not be loaded at all
let pause = firstPause;
let timer = null;

/** Why there is no answer, in a sentence. */
export function reason(error) {
  if (error instanceof NoAnswer) return say(`no_answer_${error.kind}`);
  if (error.status === 429) return say("too_many");
  if (error.status === 403) return say("role_missing");
  const known = spoken[error.name];
  if (known) return say(known);
  const sentence = /[.!?…]$/.test(error.message) ? error.message : `${error.message}.`;
  return error.status && error.status < 500 ? sentence : say("not_now", { detail: sentence });
}

const oldest = () => [...failing].reduce((old, each) => (old && (old.at ?? 0) <= (each.at ?? 0) ? old : each), null);

/**
 * Calls `told(blank)` whenever it may have changed whether something of the page never came; its answer: whether older
 * figures stand there instead.
 */
export function watchBlank(told, signal) {
  blanks.add(told);
  signal.addEventListener("abort", () => blanks.delete(told));
}

/** Of when what is on the page is, and whether all of it came; null: nothing did. */
export function ofWhen() {
  const all = [...active].filter(({ asked }) => asked);
  if (!all.some(({ at }) => at)) return null;
  return { at: Math.min(Date.now(), ...[...failing].map(({ at }) => at).filter(Boolean)), whole: all.every(({ at }) => at) };
}

/** What is said is replaced only when it is another thing, so that it is not read out again and again. */
function showBar() {
  const found = oldest();
  const why = found ? reason(found.error) : waiting.size ? say("slow") : null;
  const blank = [...failing].some(({ at }) => !at);
  const older = [...blanks].map((told) => told(blank)).some(Boolean);
  bar.hidden = why === null;
  if (bar.dataset.why !== String(why)) {
    bar.dataset.why = String(why);
    bar.className = found ? "trouble" : "trouble slow";
    announcer.textContent = why ?? "";
    bar.replaceChildren(...(why === null ? [] : [element("p", {}, element("strong", {}, why), " ", element("span", { class: "age" }))]),
      ...(found ? [element("button", { type: "button", onclick: () => tryNow() }, say("try_now"))] : []));
  }
  if (!found) return;
  const age = found.at ? say("as_of", { time: time(found.at), ago: ago(found.at) }) : say(older ? "older_shown" : [...active].some(({ at }) => at) ? "partly_known" : "nothing_known");
  bar.querySelector(".age").textContent = `${age} ${say("again_by_itself")}`;
}

function plan(retryAfter) {
  if (timer !== null) return;
  const milliseconds = Math.max(pause * (0.8 + Math.random() * 0.4), (retryAfter ?? 0) * 1000);
  pause = Math.min(pause * 2, longestPause);
  timer = setTimeout(tryNow, milliseconds);
}

/** One is asked; only when that is answered the others are, too. */
async function tryNow() {
  clearTimeout(timer);
  timer = null;
  const [first] = failing;
  if (!first) return;
  await first.again();
  if (failing.has(first)) return;
  pause = firstPause;
  for (const each of [...failing]) each.again();
}

/** Something hints that the service is away: one loader finds out. */
export function doubt() {
  const [first] = active;
  if (!failing.size) first?.again();
}

/** Something hints that it is back. */
export const hope = () => failing.size && tryNow();

setInterval(() => bar.hidden || showBar(), aging);
addEventListener("online", hope);
document.addEventListener("visibilitychange", () => document.hidden || hope());

/**
 * A function that asks for `load` to be done, soon and never twice at a time. What may pass is told and tried again; other
 * errors go to `onError`. `every` milliseconds it is asked anew, while the page is seen.
 */
export function keeping(load, { signal, every = null, calm = 150, onError = () => {} }) {
  const loader = { at: null, error: null };
  const work = async () => {
    if (signal.aborted) return;
    loader.asked = true;
    const late = setTimeout(() => {
      waiting.add(loader);
      showBar();
    }, slow);
    try {
      await load();
      loader.at = Date.now();
      failing.delete(loader);
      if (!failing.size) pause = firstPause;
    } catch (error) {
      if (signal.aborted) return;
      if (mayPass(error)) {
        loader.error = error;
        failing.add(loader);
        plan(error.retryAfter);
      } else {
        failing.delete(loader);
        console.assert(error.status, error); // a fault of this page, not an answer
      }
      onError(error);
    } finally {
      clearTimeout(late);
      waiting.delete(loader);
      showBar();
    }
  };
  const soon = calmly(work, calm);
  loader.again = work;
  active.add(loader);
  if (every) {
    const interval = setInterval(() => document.hidden || failing.has(loader) || soon(), every);
    signal.addEventListener("abort", () => clearInterval(interval));
  }
  signal.addEventListener("abort", () => {
    active.delete(loader);
    failing.delete(loader);
    waiting.delete(loader);
    showBar();
  });
  return { soon, now: work };
}

/** What stands in a place of which nothing is known yet. */
export const unknown = (error) => element("p", { class: "note" }, mayPass(error) ? say("unknown_yet") : reason(error));
