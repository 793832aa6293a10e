"""Many tenants that hold equal slugs, keys and ids: every route, tried with every other tenant's ids, finds nothing.

The routes come from /openapi.json: one that is not tried here fails the test. The order is random; the seed is
printed, and ISOLATION_SEED repeats a run.
"""

import hashlib
import hmac
import json
import os
import random
import re
import socket
import time

from harness import PATIENCE, EndToEnd, Http, main

TENANTS = 4
GHOST = "01890000-0000-7000-8000-000000000000"
WEBHOOK_SECRET = "whsec_of_{}"

# What a route does when it is asked for what belongs to another tenant: see the methods of these names.
HIDES = "hides"  # 404, as for what does not exist
LISTS = "lists"  # 200, of its own only
REFUSES = "refuses"  # 422: the body names what is another's
OWN_COPY = "own_copy"  # the same key and body as another's: one's own
OPEN = "open"  # needs no key; tells nothing of any tenant's data
SIGNED = "signed"  # by the tenant's own webhook secret
STREAMS = "streams"
QUOTES = "quotes"  # 422: the body asks about what is another's, as about what nobody has
SETS = "sets"  # one's own is said again
UNTRACKED = "untracked"  # 200: as of what nobody has, which is not tracked
ASKS = "asks"  # the body asks for what is another's, and it is told not to exist

ROUTES = {
    "GET /": OPEN,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": OPEN,
    "GET /openapi.json": OPEN,
    "GET /docs": OPEN,
    "GET /console": OPEN,
    "GET /console/{file}": OPEN,
    "GET /problems": OPEN,
    "GET /docs/{page_file}": OPEN,
    "GET /problems/{name}": OPEN,
    "POST /v1/webhooks/clubify/{tenant}": SIGNED,
    "POST /v1/hooks/pagarme/{tenant}": SIGNED,
    "POST /v1/products": OWN_COPY,
    "POST /v1/offers": OWN_COPY,
    "PATCH /v1/products/{id}": HIDES,
    "PATCH /v1/offers/{id}": HIDES,
    "POST /v1/offers/{id}/activate": HIDES,
    "POST /v1/offers/{id}/pause": HIDES,
    "POST /v1/offers/{id}/archive": HIDES,
    "POST /v1/products/{id}/archive": HIDES,
    "POST /v1/offers/{id}/products": HIDES,
    "PUT /v1/offers/{id}/products/{product_id}": HIDES,
    "DELETE /v1/offers/{id}/products/{product_id}": HIDES,
    "POST /v1/adoptions": LISTS,
    "GET /v1/activity": LISTS,
    "GET /v1/webhooks": LISTS,
    "GET /v1/me": LISTS,
    "GET /v1/offers": LISTS,
    "GET /v1/offers/performance": LISTS,
    "POST /v1/offers/performance": ASKS,
    "GET /v1/offers/{id}": HIDES,
    "GET /v1/offers/{id}/analytics": HIDES,
    "GET /v1/offers/{id}/events": HIDES,
    "GET /v1/offers/{id}/checkout-url": HIDES,
    "GET /v1/offers/{id}/price-history": HIDES,
    "GET /v1/offers/{id}/sales": HIDES,
    "GET /v1/sales": LISTS,
    "GET /v1/analytics/best-sellers": LISTS,
    "POST /v1/coupons": OWN_COPY,
    "POST /v1/coupons/{code}/disable": HIDES,
    "GET /v1/coupons": LISTS,
    "GET /v1/coupons/{code}": HIDES,
    "PUT /v1/customers": OWN_COPY,
    "PATCH /v1/customers/{id}": HIDES,
    "PUT /v1/customers/{id}/tags/{tag}": HIDES,
    "DELETE /v1/customers/{id}/tags/{tag}": HIDES,
    "POST /v1/customers/{id}/consents": HIDES,
    "POST /v1/customers/{id}/merge": HIDES,
    "POST /v1/customers/{id}/erase": HIDES,
    "GET /v1/customers": LISTS,
    "GET /v1/customers/{id}": HIDES,
    "POST /v1/customers/{id}/show": HIDES,
    "GET /v1/customers/{id}/export": HIDES,
    "GET /v1/customers/{id}/orders": HIDES,
    "GET /v1/orders": LISTS,
    "GET /v1/orders/{id}": HIDES,
    "POST /v1/checkouts": OWN_COPY,
    "PATCH /v1/checkouts/{id}": HIDES,
    "POST /v1/checkouts/{id}/pay": HIDES,
    "POST /v1/checkouts/{id}/cancel": HIDES,
    "POST /v1/checkouts/{id}/refunds": HIDES,
    "POST /v1/checkouts/{id}/resolve": HIDES,
    "GET /v1/checkouts": LISTS,
    "GET /v1/checkouts/{id}": HIDES,
    "GET /v1/checkouts/{id}/saga": HIDES,
    "GET /v1/money": LISTS,
    "GET /v1/money/at-risk": LISTS,
    "PUT /v1/price-lists/{name}": SETS,
    "DELETE /v1/price-lists/{name}": HIDES,
    "GET /v1/price-lists": LISTS,
    "GET /v1/price-lists/{name}": HIDES,
    "PUT /v1/installments": SETS,
    "GET /v1/installments": LISTS,
    "PUT /v1/rounding": SETS,
    "GET /v1/rounding": LISTS,
    "POST /v1/quotes": QUOTES,
    "PUT /v1/stock/{sku}": OWN_COPY,
    "POST /v1/stock/{sku}/adjust": HIDES,
    "GET /v1/stock": LISTS,
    "PUT /v1/inventory/{receiver}": OWN_COPY,
    "GET /v1/stock/{sku}": UNTRACKED,
    "GET /v1/reservations/{id}": HIDES,
    "GET /v1/stock/{sku}/history": HIDES,
    "POST /v1/reservations": OWN_COPY,
    "POST /v1/reservations/{id}/confirm": HIDES,
    "POST /v1/reservations/{id}/fulfil": HIDES,
    "DELETE /v1/reservations/{id}": HIDES,
    "PUT /v1/offers/{id}/schedule": HIDES,
    "DELETE /v1/offers/{id}/schedule": HIDES,
    "GET /v1/offers/{id}/schedule": HIDES,
    "PUT /v1/offers/{id}/bumps/{bump}": HIDES,
    "DELETE /v1/offers/{id}/bumps/{bump}": HIDES,
    "GET /v1/offers/{id}/bumps": HIDES,
    "POST /v1/offers/{id}/bumps/evaluate": HIDES,
    "POST /v1/offers/{id}/revisions": HIDES,
    "GET /v1/offers/{id}/revisions": HIDES,
    "GET /v1/offers/{id}/revisions/{revision}": HIDES,
    "GET /v1/offers/{id}/revisions/{revision}/diff/{other}": HIDES,
    "GET /v1/checkouts/{id}/bumps": HIDES,
    "POST /v1/checkouts/{id}/bumps/displayed": HIDES,
    "POST /v1/checkouts/{id}/bumps/{bump}/accept": HIDES,
    "POST /v1/checkouts/{id}/bumps/{bump}/decline": HIDES,
    "GET /v1/checkouts/{id}/receipts": HIDES,
    "GET /v1/processes": LISTS,
    "GET /v1/processes/{kind}/{id}": HIDES,
    "POST /v1/webhook-endpoints": OWN_COPY,
    "GET /v1/webhook-endpoints": LISTS,
    "GET /v1/webhook-endpoints/{id}": HIDES,
    "PATCH /v1/webhook-endpoints/{id}": HIDES,
    "DELETE /v1/webhook-endpoints/{id}": HIDES,
    "POST /v1/webhook-endpoints/{id}/rotate": HIDES,
    "POST /v1/webhook-endpoints/{id}/replay": HIDES,
    "POST /v1/webhook-endpoints/{id}/test": HIDES,
    "GET /v1/webhook-endpoints/{id}/deliveries": HIDES,
    "POST /v1/webhook-endpoints/{id}/deliveries/{event_id}/retry": HIDES,
    "POST /v1/webhook-endpoints/{id}/deliveries/{event_id}/dismiss": HIDES,
    "GET /v1/products": LISTS,
    "GET /v1/products/{id}": HIDES,
    "GET /v1/products/{id}/events": HIDES,
    "GET /v1/events": STREAMS,
    "GET /v1/commands": LISTS,
    "GET /v1/commands/{command_id}": HIDES,
    "GET /v1/projections": LISTS,
    "GET /v1/deliveries": LISTS,
    "GET /v1/projections/{name}/parked": LISTS,
    "POST /v1/projections/{name}/parked/{stream}/retry": HIDES,
    "POST /v1/projections/{name}/parked/{stream}/dismiss": HIDES,
}

BODIES = {
    "PATCH /v1/products/{id}": {"name": "Taken"},
    "PATCH /v1/offers/{id}": {"name": "Taken"},
    "PATCH /v1/webhook-endpoints/{id}": {"description": "Taken"},
    "POST /v1/webhook-endpoints/{id}/replay": {"from": 1},
    "POST /v1/offers/{id}/products": {"clubify_product_id": "p" * 24},
    "PUT /v1/offers/{id}/products/{product_id}": {"quantity": 7},
    "PATCH /v1/customers/{id}": {"name": "Taken"},
    "POST /v1/customers/{id}/consents": {"purpose": "p", "granted": True, "text_version": "1", "channel": "c"},
    "POST /v1/customers/{id}/merge": {"into": GHOST},
    "POST /v1/customers/{id}/erase": {"reason": "Taken"},
    "POST /v1/stock/{sku}/adjust": {"delta": -1, "reason": "Taken"},
    "PUT /v1/offers/{id}/schedule": {"archive_at": "2036-12-01T00:00:00Z"},
    "PUT /v1/offers/{id}/bumps/{bump}": {"product_id": GHOST},
    "POST /v1/offers/{id}/bumps/evaluate": {"cart": {}},
    "POST /v1/checkouts/{id}/bumps/displayed": {"bumps": ["capa"]},
    "POST /v1/checkouts/{id}/pay": {"method": "pix"},
    "POST /v1/checkouts/{id}/refunds": {"reason": "Taken"},
    "POST /v1/checkouts/{id}/resolve": {"step": "refund", "action": "done", "evidence": "Taken"},
}

# What is set is created without saying so.
SET_ONLY = ("/v1/stock/", "/v1/inventory/")

# What they are about need not be there yet: a version that it is to have is refused before that is looked at.
BEGIN = {"PUT /v1/offers/{id}/schedule", "PUT /v1/offers/{id}/bumps/{bump}", "POST /v1/offers/{id}/revisions",
         "POST /v1/offers/{id}/bumps/evaluate"}

# Parameters of lists that can name what is another's.
PARAMETERS = {
    "GET /v1/activity": ["offer_id={offer}", "actor=key:{prefix}", "q={marker}"],
    "GET /v1/offers": ["q={marker}", "cursor={cursor}", "sort=name"],
    "GET /v1/offers/performance": ["ids={offer}"],
    "GET /v1/coupons": ["q={marker}", "status=active"],
    "GET /v1/customers": ["q={marker}", "email=same%40example.com", "document=529.982.247-25", "tag=t{marker}", "phone=%2B5511987654321"],
    "GET /v1/price-lists": ["q={marker}"],
    "GET /v1/orders": ["offer_id={offer}", "customer_id={customer}"],
    "GET /v1/checkouts": ["offer_id={offer}", "customer_id={customer}", "status=opened"],
    "GET /v1/stock": ["q={marker}", "policy=tracked"],
    "GET /v1/processes": ["kind=offer-schedule", "state=waiting"],
    "GET /v1/webhook-endpoints": ["q={marker}", "status=enabled"],
    "GET /v1/products": ["q={marker}", "cursor={product_cursor}"],
    "GET /v1/events": ["from={position}", "category=tenant", "type=TenantRegistered"],
    "GET /v1/commands": ["state=succeeded", "state=failed"],
    "POST /v1/adoptions": ["dry_run=true"],
}


def operations(document):
    return {
        f"{method.upper()} {pattern}"
        for pattern, methods in document["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete", "head")
    }


def not_covered(document):
    return sorted(operations(document) ^ set(ROUTES))


class Shop:
    """A tenant and all that is its own."""

    def __init__(self, test, number):
        self.marker = f"zqx{number}{random.Random(number).getrandbits(64):016x}"
        self.api = test.new_tenant()
        self.tenant, self.key = test.tenant, self.api.api_key
        self.prefix = "_".join(self.key.split("_")[:2])
        self.secret = WEBHOOK_SECRET.format(self.marker)
        test.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", "--domain", f"{self.marker}.example",
                        stdin=self.secret + "\n", check=0)  # fmt: skip
        made = self.create("/v1/products", {"name": f"Product {self.marker}", "price_cents": 1990, "sku": "same-sku"}, "p")
        self.product, self.remote_product = made["product_id"], made["clubify_product_id"]
        made = self.create("/v1/offers", {"name": f"Offer {self.marker}", "slug": "same-slug", "activate": True,
                                          "products": [{"product_id": self.product}]}, "o")  # fmt: skip
        self.offer, self.remote, self.command = made["offer_id"], made["clubify_offer_id"], made["command_id"]
        self.second = self.create("/v1/offers", {"name": f"Draft {self.marker}", "slug": "same-slug-2"}, "o2")["offer_id"]
        self.api.must(200, "PUT", f"/v1/offers/{self.offer}/schedule", {"pause_at": "2036-12-01T00:00:00Z"})
        self.api.must(200, "PUT", f"/v1/offers/{self.offer}/bumps/capa", {"product_id": self.product})
        self.api.must(200, "POST", f"/v1/offers/{self.offer}/revisions")
        for code, key in ((f"c{self.marker}", "c"), ("SAME-CODE", "c2")):
            made = self.create("/v1/coupons", {"code": code, "discount": {"type": "fixed", "value": 100}}, key)
            self.coupon = self.coupon if key == "c2" else made["coupon_id"]
        made = self.create("/v1/customers", self.customer_body(), "k", "PUT")
        self.customer, self.remote_customer = made["customer_id"], made["clubify_customer_id"]
        self.price_list = f"list-{self.marker}"
        for target, body in self.settings().items():
            self.api.must(200, "PUT", target, body)
        made = self.create("/v1/webhook-endpoints", self.endpoint_body(), "e")
        self.endpoint, self.endpoint_secret = made["endpoint_id"], made["secret"]
        self.sku = f"sku-{self.marker}"
        self.create(f"/v1/stock/{self.sku}", {"on_hand": 10}, "s", "PUT")
        self.create("/v1/stock/same-sku", {"on_hand": 10}, "s2", "PUT")
        self.create("/v1/inventory/clubify", {"enabled": True}, "i", "PUT")
        self.reservation = self.create("/v1/reservations", self.reservation_body(), "r")["reservation_id"]
        priced = f"at_least={self.feed()[-1]['position']}"
        self.api.must(200, "POST", f"/v1/quotes?{priced}", {"offer_id": self.offer})
        self.api.must(200, "GET", f"/v1/customers/{self.customer}?{priced}")
        self.checkout = self.create("/v1/checkouts", self.checkout_body(), "h")["checkout_id"]
        test.assertEqual(self.deliver(test, self.secret, self.remote).status, 200)
        events = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.position = int(events[-1]["position"])
        self.stream = f"offer-{self.offer}"
        at_least = f"at_least={self.position}"
        self.cursor = self.api.must(200, "GET", f"/v1/offers?limit=1&{at_least}").json["next_cursor"]
        self.create("/v1/products", {"name": f"Other {self.marker}", "price_cents": 1}, "p2")
        self.position = int(self.feed()[-1]["position"])
        self.order = self.api.must(200, "GET", f"/v1/orders?at_least={self.position}").json["items"][0]["order_id"]
        self.product_cursor = self.api.must(200, "GET", f"/v1/products?limit=1&at_least={self.position}").json["next_cursor"]
        for model in ("/v1/offers", "/v1/activity", "/v1/coupons", "/v1/customers", "/v1/price-lists", "/v1/webhook-endpoints", "/v1/stock", "/v1/checkouts",
                      "/v1/orders"):
            self.api.must(200, "GET", f"{model}?at_least={self.position}")

    def create(self, target, body, key, method="POST"):
        status = 200 if target.startswith(SET_ONLY) else 201
        return self.api.must(status, method, target, body, headers={"Idempotency-Key": f"same-key-{key}",
                                                                 "X-Correlation-Id": "same-correlation"}).json  # fmt: skip

    def customer_body(self):
        return {"email": "same@example.com", "name": f"Ana {self.marker}", "phone": "(11) 98765-4321", "document": "529.982.247-25",
                "tags": [f"t{self.marker}"]}  # fmt: skip

    def settings(self):
        """What it has said: a price list of a name that all have too."""
        entries = [{"product_id": self.product, "price_cents": 1790}]
        return {
            f"/v1/price-lists/{self.price_list}": {"currency": "BRL", "entries": entries},
            "/v1/price-lists/same-list": {"currency": "BRL", "entries": entries},
            "/v1/installments": {"max": 6}, "/v1/rounding": {"rounding": "half_even"},
        }  # fmt: skip

    def reservation_body(self):
        return {"items": [{"sku": "same-sku", "quantity": 1}], "reference": f"cart-{self.marker}"}

    def checkout_body(self):
        return {"offer_id": self.offer, "customer_id": self.customer}

    def endpoint_body(self):
        return {"url": f"https://{self.marker}.example/", "types": ["OfferPaused"]}

    def deliver(self, test, secret, remote, order="same-order", delivery="evt_same"):
        body = json.dumps({"id": delivery, "event": "order.paid", "timestamp": int(time.time()),
                           "data": {"orderId": order, "offerId": remote, "total": 1990, "currency": "BRL"}}).encode()  # fmt: skip
        headers = {"X-Clubify-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
                   "X-Clubify-Timestamp": str(int(time.time()))}  # fmt: skip
        return self.api.request("POST", f"/v1/webhooks/clubify/{self.tenant}", body, headers=headers)

    def feed(self):
        return self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]

    def as_ghost(self, text):
        """With ids that nobody has in place of its own."""
        for word in (self.offer, self.product, self.command, self.coupon, self.customer, self.price_list, self.endpoint,
                     self.sku, self.reservation, self.order, self.checkout):
            text = text.replace(word, GHOST)
        return text

    def own_words(self):
        """What stands in no other tenant's answers."""
        return [self.marker, self.offer, self.second, self.product, self.remote, self.remote_product, self.command, self.coupon,
                self.customer, self.remote_customer, self.endpoint, self.endpoint_secret, self.sku, self.reservation, self.order, self.checkout,
                self.tenant, self.prefix, self.key, self.secret]  # fmt: skip


class Isolation(EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seed = int(os.environ.get("ISOLATION_SEED") or random.SystemRandom().getrandbits(32))
        print(f"isolation: ISOLATION_SEED={cls.seed}", flush=True)

    def setUp(self):
        super().setUp()
        self.random = random.Random(self.seed)
        self.document = self.api.get("/openapi.json").json

    def test_a_route_that_is_not_tried_is_a_fault(self):
        self.assertEqual(not_covered(self.document), [])
        more = {"paths": {**self.document["paths"], "/v1/new/{id}": {"get": {}}}}
        self.assertEqual(not_covered(more), ["GET /v1/new/{id}"])

    def test_a_leak_would_be_found(self):
        shop = Shop(self, 0)
        other = Shop(self, 1)
        with self.assertRaises(AssertionError):
            self.assert_nothing_of(shop, other.api.get(f"/v1/offers/{shop.second}?x={shop.offer}"))
        with self.assertRaises(AssertionError):
            self.assert_nothing_of(shop, shop.api.get(f"/v1/offers/{shop.offer}"))

    def test_every_route_with_every_other_tenants_ids_and_keys(self):
        shops = [Shop(self, number) for number in range(TENANTS)]
        self.assertEqual(len({shop.offer for shop in shops}), TENANTS)
        before = [shop.feed() for shop in shops]
        tries = [(route, me, other) for route in ROUTES for me in shops for other in shops if me is not other]
        self.random.shuffle(tries)
        for route, me, other in tries:
            with self.subTest(route=route, seed=self.seed):
                getattr(self, ROUTES[route])(route, me, other)
        for shop, events in zip(shops, before):
            self.assertEqual(shop.feed(), events)

    def test_a_delivery_that_names_anothers_offer_counts_nothing_there(self):
        me, other = Shop(self, 0), Shop(self, 1)

        def sales(parameters=""):
            found = [other.api.must(200, "GET", target + parameters).json
                     for target in (f"/v1/offers/{other.offer}/sales", "/v1/sales")]  # fmt: skip
            moving = ("position", "period_start", "period_end", "as_of")
            return [{name: value for name, value in each.items() if name not in moving} for each in found]

        before = sales()
        self.assertIn("1990", json.dumps(before))
        answer = me.deliver(self, me.secret, other.remote, order="order-of-another", delivery="evt_of_another")
        self.assertEqual(answer.status, 200)  # the platform may say so: it is kept, among one's own
        self.assertEqual(sales(f"?at_least={int(me.feed()[-1]['position'])}"), before)

    def test_no_key_and_no_altered_key_opens_a_route(self):
        shop = Shop(self, 0)
        altered = shop.key[:-1] + ("A" if shop.key[-1] != "A" else "B")
        mixed = shop.prefix + "_" + self.new_tenant().api_key.split("_", 2)[2]
        for route, kind in ROUTES.items():
            if kind in (OPEN, SIGNED):
                continue
            method, target = self.target(route, shop)
            for header in (None, "", "Bearer", f"Bearer {altered}", f"Bearer {mixed}", f"Basic {shop.key}",
                           f"Bearer {shop.prefix}", f"Bearer {shop.key}x", f"Bearer {shop.tenant}"):  # fmt: skip
                with self.subTest(route=route, header=header):
                    answer = shop.api.request(method, target, BODIES.get(route), headers={"Authorization": header})
                    self.assert_problem(answer, 401, "unauthorized")
                    self.assert_nothing_of(shop, answer, sent=target)

    def target(self, route, of, parameters=""):
        method, pattern = route.split(" ")
        kinds = {"/v1/products": of.product, "/v1/customers": of.customer, "/v1/webhook-endpoints": of.endpoint,
                 "/v1/reservations": of.reservation, "/v1/orders": of.order, "/v1/checkouts": of.checkout}
        id_ = next((own for prefix, own in kinds.items() if pattern.startswith(prefix)), of.offer)
        name = of.price_list if pattern.startswith("/v1/price-lists") else "offers"
        names = {"id": id_, "product_id": of.product, "command_id": of.command, "code": of.coupon, "sku": of.sku, "receiver": "clubify",
                 "stream": of.stream, "name": name, "tenant": of.tenant, "kind": "offer-schedule", "event_id": GHOST, "tag": "t",
                 "bump": "capa", "revision": "1", "other": "1"}  # fmt: skip
        path = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], pattern)
        return method, path + ("?" + parameters if parameters else "")

    def assert_nothing_of(self, other, answer, sent=""):
        """Neither in the body nor in the headers, but for what was sent in."""
        said = answer.raw.decode(errors="replace") + str(answer.headers)
        for word in other.own_words():
            if word not in sent:
                self.assertNotIn(word, said)

    def hides(self, route, me, other):
        method, target = self.target(route, other)
        body = BODIES.get(route)
        answer = me.api.request(method, target, body)
        self.assert_problem(answer, 404, "not-found")
        self.assert_nothing_of(other, answer, sent=target)
        unknown = me.api.request(method, other.as_ghost(target), body)
        said = other.as_ghost(answer.raw.decode())
        self.assertEqual(said, unknown.raw.decode(), "it would reveal that it exists")
        self.assertEqual(sorted(answer.headers), sorted(unknown.headers))
        if "{product_id}" in route:  # of an offer of its own
            _, own = self.target(route.replace("{id}", me.offer), other)
            answer = me.api.request(method, own, body)
            self.assert_problem(answer, 404)
            self.assert_nothing_of(other, answer, sent=own)
        if method != "GET":
            for headers in ({"If-Match": '"1"'}, {"Idempotency-Key": "same-key-o2x"}):
                status = 412 if route in BEGIN and "If-Match" in headers else 404
                self.assertEqual(me.api.request(method, target, body, headers=headers).status, status)

    def untracked(self, route, me, other):
        method, target = self.target(route, other)
        answer = me.api.must(200, method, target)
        self.assertEqual(answer.json["policy"], "untracked")
        self.assert_nothing_of(other, answer, sent=target)
        unknown = me.api.request(method, other.as_ghost(target))
        self.assertEqual(other.as_ghost(answer.raw.decode()), unknown.raw.decode(), "it would reveal that it exists")

    def lists(self, route, me, other):
        method, bare = self.target(route, other)
        for parameters in ("", *PARAMETERS.get(route, [])):
            filled = parameters.format(**vars(other))
            if method == "POST" and not filled:
                continue  # the adoption itself changes: only its dry run is tried
            target = bare + ("?" + filled if filled else "")
            answer = me.api.request(method, target)
            self.assertIn(answer.status, (200, 400, 422), answer)  # a cursor of another may be none of its own
            self.assert_nothing_of(other, answer, sent=target)

    def asks(self, route, me, other):
        method, target = self.target(route, other)
        answer = me.api.must(200, method, target, {"ids": [other.offer, me.offer]})
        self.assert_nothing_of(other, answer, sent=other.offer)
        self.assertEqual(["error" in each for each in answer.json["offers"]], [True, False])

    def own_copy(self, route, me, other):
        """The keys are equal, the bodies are the tenant's own; another's ids in a body are refused."""
        method, target = self.target(route, other)
        if target == "/v1/products":
            body = {"name": f"Product {me.marker}", "price_cents": 1990, "sku": "same-sku"}
            headers = {"Idempotency-Key": "same-key-p"}
        elif target == "/v1/coupons":
            body = {"code": f"c{me.marker}", "discount": {"type": "fixed", "value": 100}}
            headers = {"Idempotency-Key": "same-key-c"}
            for member, wrong in (("offers", other.offer), ("products", other.product)):
                refused = me.api.post(target, {**body, "code": "taken", member: [wrong]})
                self.assert_problem(refused, 422, pointers=[f"/{member}/0"])
                self.assert_nothing_of(other, refused, sent=wrong)
        elif target == "/v1/customers":
            body = me.customer_body()
            headers = {"Idempotency-Key": "same-key-k"}
        elif target == "/v1/webhook-endpoints":
            body = me.endpoint_body()
            headers = {"Idempotency-Key": "same-key-e"}
        elif target == "/v1/checkouts":
            body, headers = me.checkout_body(), {"Idempotency-Key": "same-key-h"}
            refused = me.api.post(target, {"offer_id": other.offer})
            self.assert_problem(refused, 422, pointers=["/offer_id"])
            self.assert_nothing_of(other, refused, sent=other.offer)
        elif target == "/v1/reservations":
            body, headers = me.reservation_body(), {"Idempotency-Key": "same-key-r"}
        elif target == "/v1/inventory/clubify":
            body, headers = {"enabled": True}, {"Idempotency-Key": "same-key-i"}
        elif target.startswith("/v1/stock/"):
            target = f"/v1/stock/{me.sku}"
            body, headers = {"on_hand": 10}, {"Idempotency-Key": "same-key-s"}
        else:
            body = {"name": f"Offer {me.marker}", "slug": "same-slug", "activate": True,
                    "products": [{"product_id": me.product}]}  # fmt: skip
            headers = {"Idempotency-Key": "same-key-o"}
            for wrong in ({"product_id": other.product}, {"product_id": GHOST}):
                refused = me.api.post(target, {"name": "Taken", "products": [wrong]})
                self.assert_problem(refused, 422, pointers=["/products/0/product_id"])
                self.assert_nothing_of(other, refused, sent=other.product)
        answer = me.api.request(method, target, body, headers=headers)
        wanted = (200 if target.startswith(SET_ONLY) else 201, "true")
        self.assertEqual((answer.status, answer.headers.get("Idempotency-Replayed")), wanted, answer)
        own = {f"/v1/stock/{me.sku}": me.sku, "/v1/reservations": me.reservation, "/v1/checkouts": me.checkout, "/v1/inventory/clubify": "clubify",
               "/v1/products": me.product, "/v1/coupons": me.coupon, "/v1/customers": me.customer, "/v1/webhook-endpoints": me.endpoint}.get(target, me.offer)
        self.assertIn(own, answer.raw.decode())
        self.assert_nothing_of(other, answer)

    def sets(self, route, me, other):
        """What is said again is so already; another's ids in a body are refused."""
        for target, body in me.settings().items():
            if not target.startswith(route.split(" ")[1].split("{")[0]):
                continue
            self.assert_nothing_of(other, me.api.must(200, "PUT", target, body))
            if "entries" in body:
                refused = me.api.request("PUT", target, {**body, "entries": [{"product_id": other.product, "price_cents": 1}]})
                self.assert_problem(refused, 422, pointers=["/entries/0/product_id"])
                self.assert_nothing_of(other, refused, sent=other.product)

    def quotes(self, route, me, other):
        """About another's offer, coupon and product, as about what nobody has."""
        method, target = self.target(route, other)
        items = [{"product_id": other.product}]
        answers = []
        for offer, coupon in ((other.offer, other.coupon), (GHOST, GHOST)):
            answer = me.api.request(method, target, {"offer_id": offer, "coupon": coupon, "items": items})
            self.assert_problem(answer, 422, pointers=["/coupon", "/offer_id"])
            self.assert_nothing_of(other, answer)
            answers.append(answer.raw)
        self.assertEqual(answers[0], answers[1], "it would reveal that it exists")
        target += f"?at_least={me.position}"
        own = {"offer_id": me.offer, "items": items}
        self.assert_problem(me.api.request(method, target, own), 422, pointers=["/items/0/product_id"])
        own = {"offer_id": me.offer, "coupon": "SAME-CODE"}
        quote = me.api.must(200, method, target, own)
        self.assertEqual(quote.json["lines"][0]["product_id"], me.product)
        self.assert_nothing_of(other, quote)

    def open(self, route, me, other):
        names = {"file": "app.js", "page_file": "docs.js", "name": "not-found"}
        method, pattern = route.split(" ")
        target = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], pattern)
        for headers in ({"Authorization": None}, {}):
            http = Http(self.server.port, {**me.api.headers, **headers})
            answer = http.request(method, target)
            http.close()
            self.assertEqual(answer.status, 200, answer)
            # /metrics names tenants, for whoever runs the service.
            self.assert_nothing_of(other, answer, sent=other.tenant if target == "/metrics" else "")

    def signed(self, route, me, other):
        answer = me.deliver(self, other.secret, other.remote, delivery="evt_forged")
        self.assert_problem(answer, 401)
        self.assert_nothing_of(other, answer)

    def streams(self, route, me, other):
        self.lists(route, me, other)
        wanted = len(me.feed())
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as peer:
            peer.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nLast-Event-ID: 0\r\n"
                         f"Authorization: Bearer {me.key}\r\n\r\n".encode())  # fmt: skip
            said = b""
            while said.count(b"\ndata:") < wanted:
                more = peer.recv(65536)
                self.assertTrue(more, said)
                said += more
        text = said.decode()
        self.assertIn(me.offer, text)
        sources = set(re.findall(r'"specversion":"1\.0","id":"[^"]*","source":"([^"]*)"', text))
        self.assertEqual(sources, {f"/tenants/{me.tenant}"})
        for word in other.own_words():
            self.assertNotIn(word, text)


if __name__ == "__main__":
    main()
