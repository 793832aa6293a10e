// What a seller does with an offer or a product: the buttons and their forms.
import { get, mayChange, mayPass, offerPath, productPath } from "./api.js";
import { commandDialog, once, openDialog, outcomeOf, patience, textField } from "./dialogs.js";
import { element } from "./dom.js";
import { amountText, centsOf, money } from "./format.js";
import { keeping, reason } from "./keep.js";
import { readable } from "./names.js";
import { qrField } from "./qr.js";
import { say } from "./words.js";

const svg = "http://www.w3.org/2000/svg";

/** What stands at the page of a request whose window was closed before it was answered. */
const leftTo = (place, reload) => (going) => {
  place.textContent = say("under_way");
  going.then(() => {
    place.textContent = "";
    reload();
  }, (error) => {
    place.textContent = outcomeOf(error);
    reload();
  });
};

const mostCents = 1_000_000_000_000; // as the service has it
const reasonField = () => textField({ name: "reason", label: say("reason_field"), maxlength: 500 });

/** `offer()` is the offer as it is known now; `reload()` asks for it anew. */
export function offerActions({ offer, reload, signal }) {
  const node = element("div", { class: "actions" });
  const trouble = element("p", { class: "error", role: "alert" });
  const onLeft = leftTo(trouble, reload);
  const command = (name, values = {}) => ({ path: `${offerPath(offer().offer_id)}/${name}`, body: values, version: offer().version });

  const activate = once(() => command("activate"));
  async function onActivate(event) {
    const button = event.currentTarget;
    button.disabled = true;
    trouble.textContent = "";
    const late = setTimeout(() => {
      trouble.textContent = say("under_way");
    }, patience);
    try {
      await activate();
      trouble.textContent = "";
    } catch (error) {
      trouble.textContent = outcomeOf(error);
      if (error.faults?.length) trouble.textContent = error.faults.map(({ detail }) => detail).join(" · ");
    } finally {
      clearTimeout(late);
      button.disabled = false;
      reload();
    }
  }
  const ask = (name, submit, final) => commandDialog({
    title: say(`${name}_title`),
    intro: [element("p", {}, say(`${name}_text`, { name: readable(offer().name, offer().slug) }))],
    fields: [reasonField()],
    submit: say(submit),
    final,
    request: (values) => command(name, values),
    onLeft,
    onDone: reload,
    onStale: reload,
  });
  const button = (text, onclick, kind = null) => element("button", { type: "button", class: kind, onclick }, text);

  return {
    node: element("div", {}, node, trouble),
    onLeft,
    show: () => {
      const { status } = offer();
      const focused = node.contains(document.activeElement);
      const buttons = [];
      if (mayChange()) {
        if (status === "draft" || status === "paused") buttons.push(button(say("activate"), onActivate, "primary"));
        if (status === "active") buttons.push(button(say("pause"), () => ask("pause", "pause", false)));
      }
      buttons.push(button(say("checkout_link"), () => checkoutLink(offer(), signal)));
      if (mayChange() && status !== "archived") buttons.push(button(say("archive"), () => ask("archive", "archive_now", true), "quiet"));
      node.replaceChildren(...buttons);
      if (focused) buttons[0].focus();
    },
  };
}

function priceField(cents, currency) {
  return textField({
    name: "price_cents",
    label: say("new_price", { currency }),
    note: say("price_note", { example: amountText(1990) }),
    value: Number.isInteger(cents) ? amountText(cents) : "",
    inputmode: "decimal",
    required: true,
    read: (text) => {
      const value = centsOf(text);
      const large = text.replace(/\D/g, "").length > String(mostCents).length;
      if (value === null && !large) throw new Error(say("price_unclear", { example: amountText(1990) }));
      if (value === null || value < 0 || value > mostCents) throw new Error(say("price_bounds", { least: money(0, currency), most: money(mostCents, currency) }));
      return value;
    },
  });
}

/** `product()` as for offers. */
export function changePrice({ product, reload, trouble }) {
  const { name, sku, price_cents: cents, currency } = product();
  commandDialog({
    title: say("change_price"),
    intro: [element("p", {}, say("change_price_text", { name: readable(name, sku), price: money(cents, currency) }))],
    fields: [priceField(cents, currency)],
    sure: ({ price_cents: wanted }) => (wanted === 0 && cents !== 0 ? say("free_product", { name: readable(name, sku) }) : null),
    submit: say("change_price"),
    request: (values) => ({ method: "PATCH", path: productPath(product().product_id), body: values, version: product().version }),
    onLeft: leftTo(trouble, reload),
    onDone: reload,
    onStale: reload,
  });
}

/** The price of a product (`line` of its products) in an offer only. */
export function changePriceInOffer({ offer, line, reload, onLeft }) {
  const { product_id: id, name, unit_cents: cents } = line;
  commandDialog({
    title: say("change_price_here"),
    intro: [element("p", {}, say("change_price_here_text", { name: readable(name) }))],
    fields: [priceField(cents, offer().currency)],
    sure: ({ price_cents: wanted }) => (wanted === 0 && cents !== 0
      ? say(offer().status === "active" ? "free_in_active" : "free_in_offer", { name: readable(name) }) : null),
    submit: say("change_price"),
    request: (values) => ({ method: "PUT", path: `${offerPath(offer().offer_id)}/products/${encodeURIComponent(id)}`, body: values, version: offer().version }),
    onLeft,
    onDone: reload,
    onStale: reload,
  });
}

function drawn(field, label) {
  const size = field.length + 8; // with the quiet zone
  const make = (tag, attributes) => {
    const made = document.createElementNS(svg, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const path = field.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const image = make("svg", { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": label, "shape-rendering": "crispEdges", xmlns: svg });
  image.append(make("rect", { width: size, height: size, fill: "#fff" }), make("path", { d: path, fill: "#000" }));
  return image;
}

/** The platform's picture where it comes with the answer; where it is an address elsewhere, the same code drawn here. */
function qrCode({ checkout_url: url, qr_code: given }) {
  const label = say("qr_label");
  if (given?.startsWith("data:image/")) return element("img", { src: given, class: "qr", alt: label });
  const field = qrField(url);
  return field ? drawn(field, label) : null;
}

function download(picture, name) {
  const url = picture.src ?? `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  return element("a", { class: "button", href: url, download: `${name}${picture.src ? "" : ".svg"}` }, say("download_qr"));
}

async function copy(input, said) {
  input.select();
  const done = await navigator.clipboard?.writeText(input.value).then(() => true, () => false);
  said.textContent = say(done || document.execCommand("copy") ? "copied" : "copy_yourself");
}

function checkoutLink(offer, pageSignal) {
  const leave = new AbortController();
  const place = element("div", {}, element("p", { class: "note" }, say("loading")));
  pageSignal.addEventListener("abort", () => leave.abort());

  function show(answer) {
    const input = element("input", { type: "url", readonly: true, value: answer.checkout_url, "aria-label": say("checkout_link") });
    const said = element("p", { class: "note", role: "status" });
    const picture = qrCode(answer);
    const copying = element("button", { type: "button", class: "primary", onclick: () => copy(input, said) }, say("copy"));
    place.replaceChildren(
      element("div", { class: "copied" }, input, copying),
      said,
      ...(offer.status === "active" ? [] : [element("p", { class: "notice" }, say("link_not_active"))]),
      ...(picture ? [picture, element("div", { class: "actions" }, download(picture, `qr-${offer.slug}`))] : []));
    copying.focus();
  }

  const load = keeping(async () => show(await get(`${offerPath(offer.offer_id)}/checkout-url`, {}, leave.signal)), {
    signal: leave.signal,
    onError: (error) => place.replaceChildren(element("p", { class: "notice", role: "status" },
      mayPass(error) ? `${reason(error)} ${say("again_by_itself")}` : reason(error))),
  });
  const close = openDialog(say("checkout_link"), place,
    element("div", { class: "actions" }, element("button", { type: "button", onclick: () => close() }, say("close"))));
  place.closest("dialog").addEventListener("close", () => leave.abort());
  load.now();
}
