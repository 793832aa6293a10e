// The stock of SKUs: what there is, what is promised of it, what changed it; set and adjusted by whoever may.
import { mayChange } from "./api.js";
import { commandDialog, textField } from "./dialogs.js";
import { element, searchField } from "./dom.js";
import { exactTime, number } from "./format.js";
import { pagedList } from "./list.js";
import { nameOf } from "./names.js";
import "./shop_words.js";
import { say } from "./words.js";

const place = "/v1/stock";
const path = (sku, rest = "") => `${place}/${encodeURIComponent(sku)}${rest}`;
const button = (text, onclick, kind = "small") => element("button", { type: "button", class: kind, onclick }, text);

/** Whole units as they are written; what is none goes to the service as it is, which says what is wrong. */
const units = (text) => {
  const trimmed = text.trim();
  if (!trimmed) return undefined;
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
};

const unitsField = (name, label, value = "", more = {}) =>
  textField({ name, label, inputmode: "numeric", value: String(value), read: units, ...more });

export function show({ signal }) {
  const chosen = { q: "" };
  const below = element("section", { "aria-live": "polite" });
  const reload = (answer) => list.reload(answer?.position ?? 0, answer ? [answer.sku] : []);
  const done = (answer) => {
    reload(answer);
    if (below.dataset.sku === answer.sku) history({ sku: answer.sku }, answer.position);
  };

  const setDialog = (item = null) => commandDialog({
    title: say(item ? "set_stock_of" : "set_stock", { sku: item?.sku ?? "" }),
    fields: [
      item ? null : textField({ name: "sku", label: say("sku"), maxlength: 50, required: true }),
      unitsField("on_hand", say("on_hand"), item?.on_hand ?? ""),
      unitsField("backorder_limit", say("backorder_limit"), item?.backorder_limit ?? "", { note: say("backorder_limit_note") }),
      unitsField("safety", say("safety"), item?.safety ?? "", { note: say("safety_note") }),
    ].filter(Boolean),
    submit: say("save"),
    request: ({ sku, ...body }) => ({ method: "PUT", path: path(item?.sku ?? sku ?? ""), body, version: item ? versionOf(item) : null }),
    onDone: done,
    onStale: reload,
  });
  const adjustDialog = (item) => commandDialog({
    title: say("adjust_stock_of", { sku: item.sku }),
    fields: [
      unitsField("delta", say("delta"), "", { note: say("delta_note") }),
      textField({ name: "reason", label: say("stock_reason"), maxlength: 500, required: true }),
    ],
    submit: say("save"),
    request: (body) => ({ method: "POST", path: path(item.sku, "/adjust"), body, version: versionOf(item) }),
    onDone: done,
    onStale: reload,
  });

  const list = pagedList({
    caption: say("stock"),
    path: place,
    id: "sku",
    empty: "no_stock",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("sku"), heading: true, kind: "name", cell: (item) => nameOf(item.sku) },
      { text: say("available"), kind: "figure", cell: (item) => (item.policy === "tracked" ? number(item.available) : say("untracked")) },
      { text: say("on_hand"), kind: "figure", cell: (item) => number(item.on_hand) },
      { text: say("reserved"), kind: "figure", cell: (item) => number(item.reserved) },
      { text: say("allocated"), kind: "figure", cell: (item) => number(item.allocated) },
      { text: say("what_to_do"), kind: "todo", cell: (item) => element("div", { class: "actions" },
        button(say("stock_events"), () => history(item)),
        mayChange() ? button(say("adjust"), () => adjustDialog(item)) : null,
        mayChange() ? button(say("edit"), () => setDialog(item)) : null) },
    ],
  });
  const versionOf = ({ sku, version }) => list.item(sku)?.version ?? version; // the one that is on the page now

  /** What happened to one SKU. */
  let entries = null;
  function history({ sku }, position = 0) {
    const isNew = below.dataset.sku !== sku;
    below.dataset.sku = sku;
    if (!isNew && entries) return entries.reload(position);
    entries = pagedList({
      caption: say("stock_history", { sku }),
      path: path(sku, "/history"),
      id: "version",
      signal,
      filters: () => ({}),
      columns: [
        { text: say("when"), heading: true, kind: "line", cell: (entry) => element("time", { datetime: entry.at }, exactTime(entry.at)) },
        { text: say("event"), kind: "name", cell: (entry) => say(entry.type) },
        { text: say("quantity"), kind: "figure", cell: (entry) => (entry.quantity === undefined ? "–" : number(entry.quantity)) },
        { text: say("on_hand"), kind: "figure", cell: (entry) => number(entry.on_hand) },
        { text: say("allocated"), kind: "figure", cell: (entry) => number(entry.allocated) },
        { text: say("reason"), kind: "text", cell: (entry) => entry.reason ?? (entry.reservation_id ? element("code", {}, entry.reservation_id) : "–") },
      ],
    });
    const heading = element("h2", { tabindex: "-1" }, say("stock_history", { sku }));
    below.replaceChildren(heading, entries.node);
    entries.load();
    heading.focus();
  }

  list.load();
  return {
    title: say("stock"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("stock")),
      element("p", { class: "note" }, say("stock_note")),
      element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
        searchField(say("search_stock"), (value) => {
          chosen.q = value;
          list.restart();
        })),
      mayChange() ? element("div", { class: "actions" }, button(say("set_stock"), () => setDialog(), "primary")) : null,
      list.node,
      below,
    ].filter(Boolean),
    onEvent: (event) => {
      const sku = /^stock-(.+)$/.exec(event.subject)?.[1];
      if (!sku) return;
      list.reload(Number(event.position), [sku]);
      if (below.dataset.sku === sku) entries?.reload(Number(event.position));
    },
  };
}
