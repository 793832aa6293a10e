"""Two tenants with the same slugs, keys and ids never meet."""

from harness import EndToEnd, main


class Tenants(EndToEnd):
    def setUp(self):
        super().setUp()
        self.one, self.other = self.api, self.new_tenant()

    def create(self, api, name):
        product = api.must(201, "POST", "/v1/products", {"name": name, "price_cents": 1},
                           headers={"Idempotency-Key": "p"}).json  # fmt: skip
        body = {"name": name, "slug": "same", "products": [{"product_id": product["product_id"]}]}
        offer = api.must(201, "POST", "/v1/offers", body, headers={"Idempotency-Key": "o"})
        self.assertNotIn("Idempotency-Replayed", offer.headers)
        return product["product_id"], offer.json["offer_id"]

    def test_the_same_slug_and_keys_are_two_offers(self):
        _, mine = self.create(self.one, "Mine")
        _, theirs = self.create(self.other, "Theirs")
        self.assertNotEqual(mine, theirs)
        for api, offer, name in ((self.one, mine, "Mine"), (self.other, theirs, "Theirs")):
            position = api.must(200, "GET", f"/v1/offers/{offer}/events").json["events"][-1]["position"]
            self.assertEqual(api.must(200, "GET", f"/v1/offers/{offer}?at_least={position}").json["name"], name)
            self.assertEqual(api.must(200, "GET", "/v1/offers?slug=same").json["offer_id"], offer)
            listed = api.must(200, "GET", "/v1/offers?limit=1000").json["items"]
            self.assertEqual([item["name"] for item in listed], [name])

    def test_anothers_ids_are_404_on_every_route(self):
        product, offer = self.create(self.one, "Mine")
        command = self.one.must(200, "GET", "/v1/events?from=1").json["events"][-1]["commandid"]
        for method, target, body in (
            ("GET", f"/v1/offers/{offer}", None),
            ("GET", f"/v1/offers/{offer}/analytics", None),
            ("GET", f"/v1/offers/{offer}/events", None),
            ("GET", f"/v1/offers/{offer}/checkout-url", None),
            ("GET", f"/v1/products/{product}", None),
            ("GET", f"/v1/commands/{command}", None),
            ("PATCH", f"/v1/products/{product}", {"name": "Tea"}),
            ("PATCH", f"/v1/offers/{offer}", {"name": "Tea"}),
            ("POST", f"/v1/offers/{offer}/activate", None),
            ("POST", f"/v1/offers/{offer}/archive", None),
            ("POST", f"/v1/offers/{offer}/products", {"clubify_product_id": "p" * 24}),
            ("DELETE", f"/v1/offers/{offer}/products/{product}", None),
        ):
            with self.subTest(f"{method} {target}"):
                answer = self.other.request(method, target, body)
                self.assert_problem(answer, 404, "not-found")
                unknown = "01890000-0000-7000-8000-000000000000"
                ghost = self.other.request(method, target.replace(offer, unknown).replace(product, unknown)
                                           .replace(command, unknown), body)  # fmt: skip
                mine, theirs = answer.json, ghost.json
                mine.pop("instance", None), theirs.pop("instance", None)
                self.assertEqual(str(mine).replace(offer, unknown).replace(product, unknown)
                                 .replace(command, unknown), str(theirs), "it would reveal that it exists")  # fmt: skip
        self.assertEqual(self.one.types(offer), ["OfferCreated"])

    def test_anothers_product_cannot_be_put_into_an_offer(self):
        product, _ = self.create(self.one, "Mine")
        answer = self.other.post("/v1/offers", {"name": "Tea", "products": [{"product_id": product}]})
        self.assert_problem(answer, 422, pointers=["/products/0/product_id"])

    def test_lists_feeds_and_batches_hold_only_the_tenants_own(self):
        _, mine = self.create(self.one, "Mine")
        self.create(self.other, "Theirs")
        events = self.other.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.assertEqual({event["source"] for event in events}, {f"/tenants/{self.tenant}"})
        self.assertNotIn("Mine", str(events))
        rows = self.other.must(200, "GET", f"/v1/offers/performance?ids={mine}").json
        self.assertNotIn("Mine", str(rows))
        self.assertIn("not-found", str(rows))
        self.assertEqual(self.other.must(200, "GET", "/v1/offers?q=Mine").json["items"], [])
        position = int(events[-1]["position"])
        products = self.other.must(200, "GET", f"/v1/products?at_least={position}").json["items"]
        self.assertEqual([item["name"] for item in products], ["Theirs"])

    def test_equal_requests_at_the_platform_are_not_shared(self):
        for api, name in ((self.one, "Mine"), (self.other, "Theirs")):
            _, offer = self.create(api, name)
            position = api.must(200, "GET", f"/v1/offers/{offer}/events").json["events"][-1]["position"]
            api.must(200, "GET", f"/v1/offers/{offer}/checkout-url?at_least={position}")
        asked = [request for request in self.sandbox.requests() if request["path"].endswith("/generate-url")]
        tenants = [{name.lower(): value for name, value in request["headers"].items()}["x-tenant-id"]
                   for request in asked[-2:]]  # fmt: skip
        self.assertEqual(len(set(tenants)), 2, asked[-2:])


if __name__ == "__main__":
    main()
