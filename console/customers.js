// The shop's customers: masked, so that nobody reads them over a shoulder; shown one by one, which is noted.
import { send } from "./api.js";
import { outcomeOf } from "./dialogs.js";
import { choice, element, searchField } from "./dom.js";
import { exactTime, time } from "./format.js";
import { pagedList } from "./list.js";
import { badge } from "./offers.js";
import "./shop_words.js";
import { say } from "./words.js";

const place = "/v1/customers";
const statuses = ["", "active", "merged", "erased"];
const text = (value) => value || "–";

/** What was shown goes with the page: nothing of it is kept. */
function detail(customer) {
  const { address = {}, consents = [] } = customer;
  const lines = [
    [say("email"), customer.email],
    [say("phone"), customer.phone],
    [say("document"), customer.document && `${customer.document} (${customer.document_type.toUpperCase()})`],
    [say("address"), [address.street, address.number, address.complement, address.neighborhood, address.city, address.state, address.zip_code, address.country].filter(Boolean).join(", ")],
    [say("tags"), customer.tags?.join(", ")],
    [say("consents"), consents.map((each) => say(each.granted ? "consent_granted" : "consent_withdrawn", { ...each, at: exactTime(each.at) })).join("; ")],
    [say("customer_since"), exactTime(customer.created_at)],
  ];
  return element("dl", { class: "facts" }, ...lines.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, text(value)))));
}

export function show({ signal }) {
  const chosen = { masked: "true", q: "", status: "" };
  const shown = element("section", { "aria-live": "polite" });
  const trouble = element("p", { class: "notice", role: "status" });

  async function reveal(id, pressed) {
    pressed.disabled = true;
    trouble.textContent = "";
    try {
      const { json } = await send(`${place}/${encodeURIComponent(id)}/show`, { method: "POST" });
      const title = element("h2", { tabindex: "-1" }, text(json.name));
      shown.replaceChildren(title, element("p", { class: "note" }, say("customer_shown_note")), detail(json),
        element("div", { class: "actions" }, element("button", { type: "button", onclick: () => shown.replaceChildren() }, say("hide"))));
      title.focus();
    } catch (error) {
      trouble.textContent = outcomeOf(error);
    } finally {
      pressed.disabled = false;
    }
  }

  const list = pagedList({
    caption: say("customers"),
    path: place,
    id: "customer_id",
    empty: "no_customers",
    signal,
    filters: () => chosen,
    columns: [
      { text: say("name"), heading: true, kind: "name", cell: (item) => text(item.name) },
      { text: say("email"), kind: "text", cell: (item) => text(item.email) },
      { text: say("status"), cell: (item) => badge(item.status, say(`customer_${item.status}`)) },
      { text: say("tags"), kind: "text", cell: (item) => text(item.tags?.join(", ")) },
      { text: say("updated"), kind: "line", cell: (item) => element("time", { datetime: item.updated_at }, time(item.updated_at)) },
      { text: say("what_to_do"), kind: "todo", cell: (item) => (item.status === "active"
        ? element("button", { type: "button", class: "small", onclick: (event) => reveal(item.customer_id, event.currentTarget) }, say("show"))
        : "–") },
    ],
  });
  list.load();
  return {
    title: say("customers"),
    nodes: [
      element("h1", { tabindex: "-1" }, say("customers")),
      element("p", { class: "note" }, say("customers_note")),
      element("form", { class: "controls", role: "search", onsubmit: (event) => event.preventDefault() },
        searchField(say("search_customers"), (value) => {
          chosen.q = value;
          list.restart();
        }),
        choice(say("status"), statuses.map((name) => [name, say(name ? `customer_${name}` : "any_state")]), chosen.status, (value) => {
          chosen.status = value;
          list.restart();
        })),
      list.node,
      trouble,
      shown,
    ],
    onEvent: (event) => {
      const id = /^customer-(.+)$/.exec(event.subject)?.[1];
      if (id) list.reload(Number(event.position), [id]);
    },
  };
}
