// Where the shop's events are sent: webhook endpoints, their secrets, and what became of each message.
import { mayChange, send, session } from "./api.js";
import { commandDialog, once, openDialog, outcomeOf, textField } from "./dialogs.js";
import { choice, element } from "./dom.js";
import { exactTime, number } from "./format.js";
import { pagedList } from "./list.js";
import { linkTo } from "./names.js";
import { badge } from "./offers.js";
import { say } from "./words.js";

const place = "/v1/webhook-endpoints";
const refreshEvery = 10_000; // ms
const states = ["pending", "dead", "taken"];
const path = (id, rest = "") => `${place}/${encodeURIComponent(id)}${rest}`;
const isAdmin = () => session.me?.role === "admin";
const button = (text, onclick, kind = "small") => element("button", { type: "button", class: kind, onclick }, text);

const typesOf = (text) => {
  const types = text.split(/[\s,]+/).filter(Boolean);
  return types.length ? types : ["*"];
};

const fields = (endpoint = null) => [
  textField({ name: "url", label: say("endpoint_url"), note: say("endpoint_url_note"), type: "url", maxlength: 2000, required: true, value: endpoint?.url ?? "" }),
  textField({ name: "types", label: say("endpoint_types"), note: say("endpoint_types_note"), value: endpoint?.types.join(", ") ?? "*", read: typesOf }),
  textField({ name: "description", label: say("endpoint_description"), maxlength: 500, value: endpoint?.description ?? "",
    read: (text) => text.trim() || (endpoint?.description ? null : undefined) }),
];

/** In the reader's language, where it is the service's own. */
function reasonOf(text) {
  const [, event] = /^410 Gone: (\S+)$/.exec(text) ?? [];
  return event ? say("endpoint_gone", { event }) : text;
}

function positionOf(text) {
  if (!text.trim()) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text.trim())) throw new Error(say("not_a_position"));
  return Number(text);
}

/** A link where there is a page of what the event is about. */
function about(stream) {
  const [, kind, id] = /^(offer|schedule|product)-(.+)$/.exec(stream) ?? [];
  return kind ? linkTo(kind === "product" ? "product" : "offer", id) : element("code", {}, stream);
}

/** It is shown here and never again, so the window says so and does not close by itself. */
function showSecret({ secret }) {
  if (!secret) return;
  const text = element("input", { class: "secret", readonly: true, value: secret, "aria-label": say("secret"), onfocus: () => text.select() });
  const told = element("p", { class: "note", role: "status" });
  const copy = button(say("copy"), async () => {
    try {
      await navigator.clipboard.writeText(secret);
      told.textContent = say("copied");
    } catch {
      text.select();
    }
  }, "primary");
  const close = openDialog(say("secret"), element("p", {}, say("secret_note")), text, told,
    element("div", { class: "actions" }, button(say("close"), () => close(), null), copy));
}

/** Sends a test message and says what the receiver made of it. */
async function test(endpoint, pressed, trouble) {
  pressed.disabled = true;
  trouble.textContent = say("carrying_out");
  try {
    const { json } = await send(path(endpoint.endpoint_id, "/test"), { method: "POST" });
    trouble.textContent = say(json.outcome === "taken" ? "test_taken" : "test_failed",
      { status: json.status ?? "–", took: number(json.took_ms), detail: json.detail ?? "" });
  } catch (error) {
    trouble.textContent = outcomeOf(error);
  } finally {
    pressed.disabled = false;
  }
}

export function show({ signal }) {
  const trouble = element("p", { class: "notice", role: "status" });
  const below = element("section", { "aria-live": "polite" });
  const reload = (answer) => list.reload(answer?.position ?? 0, answer ? [answer.endpoint_id] : []);
  const versionOf = ({ endpoint_id: id, version }) => list.item(id)?.version ?? version; // the one that is on the page now
  const done = (answer) => {
    reload(answer);
    if (answer.from) trouble.textContent = say("replay_begun", { from: number(answer.from) });
    showSecret(answer);
  };

  function ask(endpoint, name, { method = "POST", rest = "", body = {}, final = false, asks = [] } = {}) {
    commandDialog({
      title: say(`${name}_title`),
      intro: [element("p", {}, say(`${name}_text`, { url: endpoint.url }))],
      fields: asks,
      submit: say(name),
      final,
      request: (values) => ({ method, path: path(endpoint.endpoint_id, rest), body: { ...body, ...values }, version: versionOf(endpoint) }),
      onDone: done,
      onStale: reload,
    });
  }

  const replayFields = () => [
    textField({ name: "from", label: say("replay_from"), inputmode: "numeric", required: true, value: "1", read: positionOf }),
    textField({ name: "to", label: say("replay_to"), note: say("replay_to_note"), inputmode: "numeric", read: positionOf }),
  ];
  const reasonField = () => textField({ name: "reason", label: say("reason_field"), maxlength: 500 });
  const edit = (endpoint) => commandDialog({
    title: say("edit_endpoint_title"),
    fields: fields(endpoint),
    submit: say("save"),
    request: (body) => ({ method: "PATCH", path: path(endpoint.endpoint_id), body, version: versionOf(endpoint) }),
    onDone: done,
    onStale: reload,
  });
  const create = () => commandDialog({
    title: say("new_endpoint"),
    fields: fields(),
    submit: say("create"),
    request: (body) => ({ path: place, body }),
    onDone: done,
    onStale: reload,
  });

  function actions(endpoint) {
    const turn = endpoint.status === "enabled"
      ? button(say("disable_endpoint"), () => ask(endpoint, "disable_endpoint", { method: "PATCH", body: { enabled: false }, asks: [reasonField()] }))
      : button(say("enable_endpoint"), () => ask(endpoint, "enable_endpoint", { method: "PATCH", body: { enabled: true } }));
    return element("div", { class: "actions" },
      button(say("deliveries"), () => deliveries(endpoint)),
      button(say("test_endpoint"), (event) => test(endpoint, event.currentTarget, trouble)),
      button(say("edit"), () => edit(endpoint)),
      turn,
      button(say("replay_endpoint"), () => ask(endpoint, "replay_endpoint", { rest: "/replay", asks: replayFields() })),
      isAdmin() ? button(say("rotate_endpoint"), () => ask(endpoint, "rotate_endpoint", { rest: "/rotate" })) : null,
      isAdmin() ? button(say("delete_endpoint"), () => ask(endpoint, "delete_endpoint", { method: "DELETE", final: true }), "small quiet") : null);
  }

  const list = pagedList({
    caption: say("endpoints"),
    path: place,
    id: "endpoint_id",
    every: refreshEvery,
    signal,
    filters: () => ({}),
    columns: [
      { text: say("endpoint_url"), heading: true, kind: "text", cell: (item) => [element("code", {}, item.url), item.description ? element("small", {}, ` ${item.description}`) : null] },
      { text: say("endpoint_types"), kind: "text", cell: (item) => (item.types[0] === "*" ? say("all_types") : item.types.join(", ")) },
      { text: say("state"), cell: (item) => [badge(item.status), item.reason ? element("small", {}, ` ${reasonOf(item.reason)}`) : null] },
      { text: say("what_to_do"), kind: "todo", cell: actions },
    ],
  });

  /** What became of each message to one endpoint. */
  function deliveries(endpoint) {
    const chosen = { state: states[0] };
    const said = element("p", { class: "notice", role: "status" });
    const decide = (item, what) => {
      const carryOut = once(() => ({ path: path(endpoint.endpoint_id, `/deliveries/${encodeURIComponent(item.event_id)}/${what}`) }));
      return button(say(`${what}_delivery`), async (event) => {
        const pressed = event.currentTarget;
        pressed.disabled = true;
        try {
          await carryOut();
          said.textContent = "";
          messages.reload();
        } catch (error) {
          said.textContent = outcomeOf(error);
        } finally {
          pressed.disabled = false;
        }
      }, what === "dismiss" ? "small quiet" : "small");
    };
    const messages = pagedList({
      caption: say("deliveries"),
      path: path(endpoint.endpoint_id, "/deliveries"),
      id: "event_id",
      every: refreshEvery,
      signal,
      filters: () => chosen,
      columns: [
        { text: say("event"), heading: true, kind: "name", cell: (item) => say(item.type) },
        { text: say("about"), kind: "name", cell: ({ stream }) => about(stream) },
        { text: say("attempts"), kind: "figure", cell: (item) => number(item.attempts) },
        { text: say("last_attempt"), cell: (item) => (item.attempted_at ? exactTime(item.attempted_at) : "–") },
        { text: say("next_attempt"), cell: (item) => (item.due ? exactTime(item.due) : "–") },
        { text: say("reason"), kind: "text", cell: (item) => item.detail ?? "–" },
        { text: say("what_to_do"), kind: "todo", cell: (item) => (item.state === "taken" ? "–"
          : element("div", { class: "actions" }, decide(item, "retry"), decide(item, "dismiss"))) },
      ],
    });
    below.replaceChildren(
      element("h2", { tabindex: "-1" }, say("deliveries_to", { url: endpoint.url })),
      element("form", { class: "controls", onsubmit: (event) => event.preventDefault() },
        choice(say("state"), states.map((name) => [name, say(`delivery_${name}`)]), chosen.state, (value) => {
          chosen.state = value;
          messages.restart();
        })),
      said, messages.node);
    messages.load();
    below.querySelector("h2").focus();
  }

  if (mayChange()) list.load();
  return {
    title: say("endpoints"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("endpoints")),
      element("p", { class: "note" }, say(mayChange() ? "endpoints_note" : "endpoints_not_yours")),
      isAdmin() ? element("div", { class: "actions" }, button(say("new_endpoint"), create, "primary")) : null,
      trouble,
      mayChange() ? list.node : null,
      below,
    ].filter(Boolean),
    onEvent: (event) => event.type.startsWith("Endpoint") && mayChange() && list.reload(),
  };
}
