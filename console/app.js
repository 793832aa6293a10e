// The page: who is signed in, which section is shown, and what happens meanwhile.
import { forgetKey, get, keepKey } from "./api.js";
import { element } from "./dom.js";
import { follow } from "./stream.js";
import { language, otherLanguage, say } from "./words.js";

const main = document.getElementById("main");
const bar = document.getElementById("bar");
const announcer = document.getElementById("announcer");
const fetchPages = () => import("./pages.js"); // once; the same module afterwards

let session = null; // {leave: AbortController, pages: module, links: Map}
let view = null; // {leave: AbortController, onEvent}
let period = "30_days";

function announce(text) {
  announcer.textContent = text;
}

function signInForm(message) {
  const key = element("input", { id: "key", type: "password", autocomplete: "off", required: true, spellcheck: "false", "aria-describedby": "key-note" });
  const trouble = element("p", { class: "error", role: "alert" }, message);
  const form = element("form", { class: "sign-in panel", onsubmit: (event) => {
    event.preventDefault();
    const given = key.value.trim();
    key.value = "";
    trouble.textContent = "";
    signIn(given).catch((error) => {
      trouble.textContent = error.status === 401 ? say("key_refused") : error.status ? error.message : say("unreachable");
      key.focus();
    });
  } },
  element("h1", {}, "Vitrine"),
  element("label", { class: "field", for: "key" }, element("span", {}, say("api_key"))), key,
  element("p", { class: "note", id: "key-note" }, say("key_note")),
  trouble,
  element("button", { type: "submit", class: "primary" }, say("sign_in")),
  element("a", { class: "note", href: `?lang=${otherLanguage.code}${location.hash}`, lang: otherLanguage.code, hreflang: otherLanguage.code }, otherLanguage.name));
  main.replaceChildren(form);
  document.title = `Vitrine · ${say("sign_in")}`;
  key.focus();
}

function showBar(sections, state) {
  const links = new Map(Object.keys(sections).map((name) => [name, element("a", { href: `#/${name}` }, say(name))]));
  bar.replaceChildren(
    element("span", { class: "brand" }, "Vitrine"),
    element("nav", { "aria-label": say("navigation") }, [...links.values()]),
    state,
    element("button", { type: "button", onclick: () => signOut() }, say("sign_out")));
  bar.hidden = false;
  return links;
}

async function signIn(key) {
  keepKey(key, () => session && signOut(say("key_refused")));
  const asked = [get("/v1/projections"), fetchPages()]; // the first also tells whether the key is good
  const [{ head }, pages] = await Promise.all(asked);
  const leave = new AbortController();
  const state = element("span", { class: "connection", role: "status" }, say("connecting"));
  session = { leave, pages, links: showBar(pages.sections, state) };
  follow(head, {
    signal: leave.signal,
    onEvent: (event) => {
      announce(`${say(event.type)}${event.data.name ? `: ${event.data.name}` : ""}`);
      view?.onEvent?.(event);
    },
    onState: (name) => {
      if (leave.signal.aborted) return;
      state.textContent = say(name);
      state.className = `connection ${name}`;
    },
  });
  navigate();
}

function leaveView() {
  view?.leave.abort();
  view = null;
}

function signOut(message = null) {
  forgetKey();
  session.leave.abort();
  session = null;
  leaveView();
  bar.hidden = true;
  bar.replaceChildren();
  announce("");
  signInForm(message);
}

async function navigate() {
  if (!session) return;
  leaveView();
  const leave = new AbortController();
  const mine = { leave };
  view = mine;
  const [name = "offers", id] = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  for (const [section, link] of session.links) {
    if (section === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const missed = []; // what happens while the view is being made
  mine.onEvent = (event) => missed.push(event);
  const shown = id && name === "offers" ? session.pages.offer : id ? null : session.pages.sections[name];
  try {
    if (!shown) throw new Error(say("page_missing"));
    const made = await shown.show({
      signal: leave.signal,
      period: () => period,
      remember: (value) => {
        period = value;
      },
    }, id);
    if (view !== mine) return;
    main.replaceChildren(...made.nodes);
    document.title = `${made.title} · Vitrine`;
    mine.onEvent = made.onEvent;
    missed.forEach((event) => made.onEvent?.(event));
  } catch (error) {
    if (view !== mine) return;
    main.replaceChildren(element("h1", { tabindex: "-1" }, error.title ?? say("page_missing")),
      element("p", { class: "error", role: "alert" }, error.message));
  }
  main.querySelector("h1")?.focus();
}

document.documentElement.lang = language;
const skip = document.getElementById("skip");
skip.textContent = say("skip");
skip.hidden = false;
skip.addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener("hashchange", navigate);
signInForm(null);
fetchPages().catch(() => {}); // whoever signs in is told
