// What there is to see once somebody has signed in; fetched while the key is being typed.
import * as commands from "./commands.js";
import * as offers from "./offers.js";
import * as products from "./products.js";
import * as projections from "./projections.js";
import * as sales from "./sales.js";

export * as offer from "./offer.js";
export const sections = { offers, products, sales, commands, projections };
