// A tour with a client that others' programs made of /openapi.json: as a new user would write it, without one cast.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

const client = createClient<paths>({
  baseUrl: process.env["U"] ?? "",
  headers: { Authorization: `Bearer ${process.env["K"] ?? ""}` },
});

function fail(what: string): never {
  throw new Error(what);
}

const product = await client.POST("/v1/products", {
  body: { name: "Curso de Fotografia", price_cents: 19900, metadata: { shelf: 7 } },
  params: { header: { "Idempotency-Key": "tour-product" } },
});
if (!product.data || !("product_id" in product.data) || "dry_run" in product.data) fail("no product");
const productId: string = product.data.product_id;

const dry = await client.POST("/v1/offers", {
  params: { query: { dry_run: true } },
  body: { name: "Fotografia do Zero", products: [{ product_id: productId }] },
});
if (!dry.data || !("dry_run" in dry.data)) fail("no dry run");
if (dry.data.events.length !== 1) fail("a dry run tells one event");

const offer = await client.POST("/v1/offers", {
  body: { name: "Fotografia do Zero", type: "single", products: [{ product_id: productId, quantity: 1 }] },
});
if (!offer.data || !("slug" in offer.data)) fail("no offer");
const offerId: string = offer.data.offer_id;
const slug: string = offer.data.slug;
if (offer.data.status !== "draft") fail(`${slug} is ${offer.data.status}`);

const active = await client.POST("/v1/offers/{id}/activate", {
  params: { path: { id: offerId }, header: { "If-Match": `"${offer.data.version}"` } },
  body: { reason: "tour" },
});
if (!active.data || !("version" in active.data)) fail("not active");
const position: number | undefined = active.data.position;

const list = await client.GET("/v1/offers", {
  params: { query: { status: "active", limit: 10, ...(position === undefined ? {} : { at_least: position }) } },
});
if (!list.data || !("items" in list.data)) fail("no list");
const names: string[] = list.data.items.map((item) => `${item.name}: ${item.status}`);
if (!names.includes("Fotografia do Zero: active")) fail(names.join());
const next: string | null = list.data.next_cursor;
if (next !== null) fail("one page is all");

const analytics = await client.GET("/v1/offers/{id}/analytics", {
  params: { path: { id: offerId }, query: { period: "30_days" } },
});
if (!analytics.data) fail("no analytics");
const live: "live" | "cached" | "stale" | "unavailable" = analytics.data.live.status;
const revenue: number = analytics.data.live.revenue_cents ?? 0;
if (live !== "live" || revenue !== 0) fail(`figures are ${live}, revenue ${revenue}`);

const feed = await client.GET("/v1/events", { params: { query: { from: 1, limit: 10 } } });
if (!feed.data || typeof feed.data === "string") fail("no events");
const types = feed.data.events.map((event) => event.type);
if (types.join() !== "ProductCreated,OfferCreated,OfferActivated") fail(types.join());

const refused = await client.POST("/v1/products", { body: { name: "x", price_cents: -1 } });
if (!refused.error) fail("taken");
const pointers: string[] = (refused.error.errors ?? []).map((fault) => fault.pointer);
if (refused.error.type !== "/problems/validation-failed" || pointers.length !== 2) fail(pointers.join());
const missing = await client.GET("/v1/offers/{id}", { params: { path: { id: "none" } } });
if (missing.response.status !== 404 || missing.error?.status !== 404) fail("found");

console.log(JSON.stringify({ offer: slug, events: types.length, live }));
