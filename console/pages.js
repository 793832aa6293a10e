// What there is to see once somebody has signed in; fetched while the key is being typed.
import { closeDialogs } from "./dialogs.js";
import { ago, time } from "./format.js";
import { forgetNames } from "./names.js";
import * as offer from "./offer.js";
import * as offers from "./offers.js";
import * as operations from "./operations.js";
import * as product from "./product.js";
import * as products from "./products.js";
import * as sales from "./sales.js";
import { say } from "./words.js";

export const sections = { offers, products, sales, operations };
export const details = { offers: offer, products: product, operations };
export { closeDialogs };
export { doubt, hope, ofWhen, watchBlank } from "./keep.js";
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
