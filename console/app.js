// The page: who is signed in, which section is shown, and what happens meanwhile.
import { forgetKey, get, keepKey, mayPass, NoAnswer, rememberedKey, rememberKey, session as identity } from "./api.js";
import { element } from "./dom.js";
import { follow } from "./stream.js";
import { language, otherLanguage, say } from "./words.js";

const main = document.getElementById("main");
const bar = document.getElementById("bar");
const announcer = document.getElementById("announcer");
const fetchPages = () => import("./pages.js"); // once; the same module afterwards
const mostKept = 20; // pages
const moved = { commands: "operations/commands", projections: "operations/projections" }; // where sections are now

let session = null; // {leave: AbortController, pages: module, links: Map}
let view = null; // {leave: AbortController, onEvent}
const before = new Map(); // by address: {at, nodes}, what a page had when it was left
let period = "30_days";

function announce(text) {
  announcer.textContent = text;
}

function languageLink() {
  const href = () => `?lang=${otherLanguage.code}${location.hash}`;
  const link = element("a", { class: "language", href: href(), lang: otherLanguage.code, hreflang: otherLanguage.code, onclick: () => {
    link.href = href();
  } }, otherLanguage.name);
  return link;
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
      forgetKey();
      trouble.textContent = error.status === 401 ? say("key_refused") : error.status ? error.message : say(`no_answer_${error.kind ?? "network"}`);
      key.focus();
    });
  } },
  element("h1", {}, "Vitrine"),
  element("label", { class: "field", for: "key" }, element("span", {}, say("api_key"))), key,
  element("p", { class: "note", id: "key-note" }, say("key_note")),
  trouble,
  element("button", { type: "submit", class: "primary" }, say("sign_in")),
  languageLink());
  main.replaceChildren(form);
  document.title = `Vitrine · ${say("sign_in")}`;
  key.focus();
}

/** Whether changes are shown as they happen; what that means stands in what opens from it. */
function connection() {
  const text = element("span", { role: "status" }, say("connecting"));
  const meaning = element("p", {}, say("connecting_means"));
  const more = element("div", { id: "connection-means", class: "panel means", popover: "auto" }, meaning);
  const button = element("button", { type: "button", class: "connection", popovertarget: "connection-means" }, text);
  let current = "connecting";
  let away = false;
  const shown = {
    nodes: [button, more],
    show: (state) => {
      current = state ?? current;
      const name = current === "live" && away ? "live_away" : current;
      text.textContent = say(name);
      meaning.textContent = say(`${name}_means`);
      button.title = say(`${name}_means`);
      button.className = `connection ${current}${name === "live_away" ? " away" : ""}`;
    },
    platform: (isAway) => {
      if (away === isAway) return;
      away = isAway;
      shown.show();
    },
  };
  return shown;
}

function showBar(sections, connected) {
  const { me } = identity;
  const links = new Map(Object.keys(sections).map((name) => [name, element("a", { href: `#/${name}` }, say(name))]));
  bar.replaceChildren(
    element("span", { class: "brand" }, element("bdi", { class: "shop", title: me.name }, me.name),
      me.environment === "test" ? element("span", { class: "badge test", title: say("test_means") }, say("test")) : null),
    element("nav", { "aria-label": say("navigation") }, [...links.values()]),
    ...connected.nodes, languageLink(),
    element("button", { type: "button", onclick: () => signOut() }, say("sign_out")));
  bar.hidden = false;
  return links;
}

async function signIn(key) {
  keepKey(key, () => session && signOut(say("key_refused")));
  const asked = [get("/v1/me"), get("/v1/projections"), fetchPages()]; // the first tells whether the key is good
  const [me, { head }, pages] = await Promise.all(asked);
  identity.me = me;
  rememberKey();
  const leave = new AbortController();
  const connected = connection();
  session = { leave, pages, links: showBar(pages.sections, connected) };
  pages.watchPlatform(connected.platform, leave.signal);
  follow(head, {
    signal: leave.signal,
    onEvent: (event) => {
      pages.learn(event);
      if (/^(offer|product|command)-/.test(event.subject)) {
        announce(`${say(event.type)}${event.data?.name ? `: ${pages.readable(event.data.name)}` : ""}`);
      }
      view?.onEvent?.(event);
    },
    onState: (name) => {
      if (leave.signal.aborted) return;
      connected.show(name);
      if (name === "live") pages.hope();
      else pages.doubt();
    },
  });
  navigate();
}

/** With the key that this tab has; as long as there is no answer it is tried again. */
async function resume(key) {
  main.replaceChildren(element("h1", { tabindex: "-1" }, "Vitrine"), element("p", { class: "note" }, say("loading")));
  const leave = new AbortController();
  const { keeping } = await import("./keep.js");
  const again = keeping(async () => {
    await signIn(key);
    leave.abort();
  }, { signal: leave.signal, onError: (error) => {
    if (mayPass(error)) {
      main.replaceChildren(element("h1", { tabindex: "-1" }, "Vitrine"), element("p", { class: "note" }, say("unknown_yet")),
        element("button", { type: "button", onclick: () => {
          leave.abort();
          forgetKey();
          signInForm(null);
        } }, say("sign_out")));
      return;
    }
    leave.abort();
    forgetKey();
    signInForm(error.status === 401 ? say("key_refused") : error.message);
  } });
  again.now();
}

/** What a page shows, without what can be done there. */
function snapshot() {
  const copy = main.cloneNode(true);
  const asked = [...main.querySelectorAll("select, input[type=date], input[type=search]")].filter((each) => each.checkVisibility())
    .map((each) => [each.closest("label")?.firstChild.textContent, each.selectedOptions?.[0].text ?? each.value]).filter(([name, text]) => name && text);
  copy.querySelectorAll("form, nav, select, button, input, label, .seen, .notice, [role=alert], [hidden]").forEach((each) => each.remove());
  copy.querySelectorAll("[id]").forEach((each) => each.removeAttribute("id"));
  copy.querySelectorAll("[aria-labelledby], [aria-describedby], [tabindex], [role=status]").forEach((each) =>
    ["aria-labelledby", "aria-describedby", "tabindex", "role"].forEach((name) => each.removeAttribute(name)));
  copy.querySelectorAll("h1").forEach((each) => each.replaceWith(element("h2", {}, each.textContent)));
  copy.prepend(element("p", { class: "note" }, asked.map(([name, text]) => `${name}: ${text}`).join(" · ")));
  return [...copy.childNodes];
}

/** While something of a page cannot be loaded, what was there when it was last seen stands below, with its age. */
function showBefore(place, address) {
  session.pages.watchBlank((blank) => {
    const known = blank ? before.get(address) : null;
    place.hidden = !known;
    if (!known) {
      place.replaceChildren();
      return false;
    }
    if (!place.hasChildNodes()) place.append(element("p", { class: "notice" }), ...known.nodes.map((each) => each.cloneNode(true)));
    place.firstChild.textContent = session.pages.seen(known.at);
    return true;
  }, view.leave.signal);
}

function keepView() {
  const { at, whole } = (view?.address && session?.pages.ofWhen()) || {};
  if (!at || (!whole && before.has(view.address))) return;
  before.delete(view.address);
  before.set(view.address, { at, nodes: snapshot() });
  if (before.size > mostKept) before.delete(before.keys().next().value);
}

function leaveView() {
  keepView();
  view?.leave.abort();
  view = null;
  session?.pages.closeDialogs();
}

function signOut(message = null) {
  forgetKey();
  session.leave.abort();
  leaveView();
  before.clear();
  session.pages.forget();
  session = null;
  bar.hidden = true;
  bar.replaceChildren();
  announce("");
  signInForm(message);
}

function navigate() {
  if (!session) return;
  leaveView();
  const leave = new AbortController();
  const mine = { leave };
  view = mine;
  let path;
  try {
    path = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    path = ["?"];
  }
  const [name = "offers", id, ...rest] = path;
  if (moved[name]) {
    location.replace(`#/${moved[name]}`);
    return;
  }
  for (const [section, link] of session.links) {
    if (section === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const { sections, details } = session.pages;
  const page = rest.length ? null : Object.hasOwn(id ? details : sections, name) ? (id ? details : sections)[name] : null;
  if (page?.fetch) fetchPage(page, mine, name, id);
  else open(page, mine, name, id);
}

/** As long as there is no answer it is tried again. */
function fetchPage(page, mine, name, id) {
  main.replaceChildren(element("h1", { tabindex: "-1" }, say(name)), element("p", { class: "note" }, say("loading")));
  document.title = `${say(name)} · Vitrine`;
  main.querySelector("h1").focus();
  session.pages.keeping(async () => {
    const fetched = await page.fetch().catch(() => { throw new NoAnswer("network"); });
    if (view === mine) open(fetched, mine, name, id);
  }, { signal: mine.leave.signal, onError: () => main.querySelector(".note")?.replaceChildren(say("unknown_yet")) }).now();
}

function open(page, mine, name, id) {
  const made = page?.show({
    signal: mine.leave.signal,
    period: () => period,
    remember: (value) => {
      period = value;
    },
    retitle: (title) => {
      if (view === mine) document.title = `${title} · Vitrine`;
    },
  }, id);
  if (made) {
    const place = element("div", { class: "seen", hidden: true });
    main.replaceChildren(...made.nodes, place);
    mine.address = [name, id].filter(Boolean).join("/");
    showBefore(place, mine.address);
    document.title = `${made.title} · Vitrine`;
    mine.onEvent = made.onEvent;
  } else {
    main.replaceChildren(element("h1", { tabindex: "-1" }, say("page_missing")),
      element("p", {}, element("a", { href: "#/offers" }, say("back_to_offers"))));
    document.title = "Vitrine";
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
const known = rememberedKey();
if (known) resume(known);
else signInForm(null);
fetchPages().catch(() => {}); // whoever signs in is told
