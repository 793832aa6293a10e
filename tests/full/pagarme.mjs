// node pagarme.mjs PORT: the SDK's requests to api.pagar.me go to that port of this machine, by plain HTTP; nothing else is changed.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const http = require("node:http");
const https = require("node:https");
const port = Number(process.argv[2]);

https.request = (options, done) => {
  if (options.hostname !== "api.pagar.me") throw new Error(`it asked ${options.hostname}`);
  const { agent, agents, ...rest } = options;
  return http.request({ ...rest, protocol: "http:", hostname: "127.0.0.1", host: "127.0.0.1", port }, done);
};

const { Client, OrdersController, ChargesController } = require("@pagarme/pagarme-nodejs-sdk");
const client = new Client({ basicAuthCredentials: { username: "sk_test_sdk", password: "" }, timeout: 5000 });
const orders = new OrdersController(client);
const charges = new ChargesController(client);

function same(what, is, expected) {
  if (JSON.stringify(is) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
}

const order = (code, payment) => ({
  code,
  closed: true,
  items: [{ amount: 2990, description: "Curso", quantity: 1, category: "curso", code: "p1" }],
  customer: {
    name: "Maria Souza", email: "m@example.com", document: "52998224725", type: "individual", code: "cus_1", metadata: {},
    address: { street: "Rua A", number: "1", zipCode: "01310100", neighborhood: "Centro", city: "São Paulo", state: "SP", country: "BR", complement: "", metadata: {}, line1: "1, Rua A", line2: "" },
    phones: { mobilePhone: { countryCode: "55", areaCode: "11", number: "999999999" } },
  },
  payments: [payment],
  metadata: { saga_id: code },
});
const card = (cardToken) => ({ paymentMethod: "credit_card", creditCard: { cardToken, installments: 1, capture: false } });
const pix = { paymentMethod: "pix", pix: { expiresIn: 3600, additionalInformation: [{ name: "Pedido", value: "1" }] } };

const made = (await orders.createOrder(order("one", card("tok_approved_1")), "key-1")).result;
const [charge] = made.charges;
same("authorised", [made.status, charge.status, charge.lastTransaction.status], ["pending", "pending", "authorized_pending_capture"]);
const again = (await orders.createOrder(order("one", card("tok_approved_1")), "key-1")).result;
same("the same key", again.id, made.id);

const captured = (await charges.captureCharge(charge.id, { amount: 2990, code: "one", operationReference: "one" }, "key-2")).result;
same("captured", [captured.status, captured.paidAmount], ["paid", 2990]);
const given = (await charges.cancelCharge(charge.id, { amount: 1000, operationReference: "one" }, "key-3")).result;
same("given back", given.canceledAmount, 1000);

const declined = (await orders.createOrder(order("two", card("tok_declined_1")), "key-4")).result;
same("a decline", [declined.status, declined.charges[0].lastTransaction.success], ["failed", false]);

const voided = (await orders.createOrder(order("three", card("tok_approved_2")), "key-5")).result.charges[0];
same("voided", (await charges.cancelCharge(voided.id, undefined, "key-6")).result.status, "canceled");

const waits = (await orders.createOrder(order("four", pix), "key-7")).result;
same("a Pix waits", waits.charges[0].lastTransaction.status, "waiting_payment");
if (!waits.charges[0].lastTransaction.qrCode) throw new Error("there is nothing to pay the Pix by");
await orders.createOrder(order("five", { ...card("tok_approved_3"), creditCard: { cardToken: "tok_approved_3", capture: true } }), "key-8");

same("read", (await orders.getOrder(made.id)).result.charges[0].canceledAmount, 1000);
same("read a charge", (await charges.getCharge(voided.id)).result.status, "canceled");
const listed = (await orders.getOrders(1, 10, "four")).result;
same("found by its code", listed.data.map((each) => each.id), [waits.id]);

let refused = 0;
await orders.createOrder({ ...order("six", pix), items: [] }, "key-9").catch((error) => {
  same("a wrong order", error.statusCode, 422);
  refused += 1;
});
await charges.captureCharge(voided.id, { amount: 1, code: "x", operationReference: "x" }, "key-10").catch((error) => {
  same("a capture that cannot be", error.statusCode, 412);
  refused += 1;
});
same("refused", refused, 2);
console.log(JSON.stringify({ orders: 5, refused }));
