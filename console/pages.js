// What there is to see once somebody has signed in; fetched while the key is being typed.
import { closeDialogs } from "./dialogs.js";
import { ago, time } from "./format.js";
import { forgetNames } from "./names.js";
import * as offer from "./offer.js";
import * as offers from "./offers.js";
import * as product from "./product.js";
import * as products from "./products.js";
import * as sales from "./sales.js";
import { say } from "./words.js";

/** A section that is fetched when it is opened; what is seen first does not wait for it. */
const whenOpened = (fetch) => ({ fetch });
const operations = whenOpened(() => import("./operations.js"));

export const sections = {
  offers, products,
  stock: whenOpened(() => import("./stock.js")),
  prices: whenOpened(() => import("./prices.js")),
  customers: whenOpened(() => import("./customers.js")),
  orders: whenOpened(() => import("./orders.js")),
  checkouts: whenOpened(() => import("./checkouts.js")),
  sales, operations,
};
export const details = { offers: offer, products: product, operations };
export { closeDialogs };
export { doubt, hope, keeping, ofWhen, watchBlank } from "./keep.js";
export { watchPlatform } from "./live.js";
export { learn, readable } from "./names.js";

/** Of when what was seen before is. */
export const seen = (at) => say("seen_before", { time: time(at), ago: ago(at) });

/** What was kept while somebody was signed in. */
export function forget() {
  closeDialogs();
  forgetNames();
  sales.forget();
}
