"""Taking in what a seller has on the platform, and telling what differs: adopt, reconcile."""

import json

from harness import EndToEnd, Later, main, wait_until

PRODUCT = {"name": "Curso de Café", "type": "digital", "description": "Um curso", "metadata": {"a": 1}}


class Adoption(EndToEnd):
    def setUp(self):
        super().setUp()
        self.there = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(self.there.close)

    def make(self, method, path, body):
        answer = self.there.request(method, f"/api/v1{path}", body)
        self.assertLess(answer.status, 300, answer)
        json_ = answer.json
        return json_.get("data", json_)

    def seller_has(self):
        """Two products and three offers that Vitrine does not know."""
        product = self.make("POST", "/products", PRODUCT)["_id"]
        self.make("PATCH", f"/products/{product}", {"pricing": {"price": 19990, "currency": "BRL"}})
        other = self.make("POST", "/products", {"name": "Xícara", "type": "physical"})["_id"]
        lines = [{"productId": product, "quantity": 2, "position": 0, "isOptional": True, "customPrice": 15000}]
        draft = self.make("POST", "/offers", {"name": "Rascunho", "slug": "rascunho", "type": "combo",
                                              "products": lines, "settings": {"x": 1}, "metadata": {"b": 2}})  # fmt: skip
        active = self.make("POST", "/offers", {"name": "Ativa", "slug": "ativa", "type": "single"})
        self.make("POST", f"/offers/{active['_id']}/products", {"productId": other})
        self.make("POST", f"/offers/{active['_id']}/publish", {})
        archived = self.make("POST", "/offers", {"name": "Velha", "slug": "velha", "type": "single"})
        self.make("PUT", f"/offers/{archived['_id']}/status", {"status": "archived"})
        return product, draft["_id"]

    def adopt(self, *flags, check=0):
        return json.loads(self.server.cli("adopt", "--tenant", self.tenant, "--json", *flags, check=check).stdout)

    def reconcile(self, check=0):
        reports = self.server.cli("reconcile", "--tenant", self.tenant, "--json", check=check).stdout
        return json.loads(reports)["differences"]

    def test_what_cannot_be_adopted_says_why_in_the_callers_language(self):
        ours = self.api.create_offer(name="Café", slug="cafe")
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        self.assertEqual(platform.request("DELETE", f"/api/v1/offers/{ours['clubify_offer_id']}").status, 204)
        self.make("POST", "/offers", {"name": "Outro", "slug": "cafe", "type": "single"})
        for language, told in (("en", 'The slug "cafe" belongs to another offer.'),
                               ("pt-BR", 'O slug "cafe" pertence a outra oferta.')):  # fmt: skip
            answer = self.api.must(200, "POST", "/v1/adoptions?dry_run=true", headers={"Accept-Language": language})
            self.assertEqual([item.get("fault") for item in answer.json["items"]], [told])
            self.assertEqual(answer.headers["Content-Language"], language)

    def listed(self, collection):
        position = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["next_position"] - 1
        return self.api.must(200, "GET", f"/v1/{collection}?at_least={position}").json["items"]

    def offers(self):
        return {item["slug"]: self.api.must(200, "GET", f"/v1/offers/{item['offer_id']}").json
                for item in self.listed("offers")}  # fmt: skip

    def test_what_is_there_is_taken_in_with_its_status_slug_and_products(self):
        product, _ = self.seller_has()
        writes = sum(request["method"] not in ("GET", "HEAD") for request in self.sandbox.requests())
        dry = self.adopt("--dry-run")
        self.assertEqual((dry["products"]["adopted"], dry["offers"]["adopted"]), (2, 3))
        self.assertEqual(self.offers(), {})
        report = self.adopt()
        self.assertEqual(report["products"], {"adopted": 2, "known": 0, "failed": 0})
        self.assertEqual(report["offers"], {"adopted": 3, "known": 0, "failed": 0})
        offers = self.offers()
        self.assertEqual({slug: offer["status"] for slug, offer in offers.items()},
                         {"rascunho": "draft", "ativa": "active", "velha": "archived"})  # fmt: skip
        self.assertEqual(offers["rascunho"]["type"], "combo")
        self.assertEqual(offers["rascunho"]["configuration"], {"settings": {"x": 1}})
        self.assertEqual(offers["rascunho"]["metadata"], {"b": 2})
        line = offers["rascunho"]["products"][0]
        products = {item["clubify_product_id"]: item for item in self.listed("products")}
        self.assertEqual(line["product_id"], products[product]["product_id"])
        self.assertEqual((line["quantity"], line["required"], line["price_cents"]), (2, False, 15000))
        self.assertEqual((products[product]["price_cents"], products[product]["metadata"]), (19990, {"a": 1}))
        (unpriced,) = [item for item in products.values() if item["name"] == "Xícara"]
        self.assertIsNone(unpriced["price_cents"])
        sign_ins = writes + sum(request["path"].endswith("/token") for request in self.sandbox.requests())
        self.assertLessEqual(
            sum(request["method"] not in ("GET", "HEAD") for request in self.sandbox.requests()), sign_ins
        )
        self.assertEqual(self.reconcile(), [])

    def test_asked_again_it_finds_nothing_new_on_a_running_and_a_stopped_server(self):
        self.seller_has()
        first = self.adopt()
        again = self.api.must(200, "POST", "/v1/adoptions").json
        self.assertEqual(again["products"], {"adopted": 0, "known": first["products"]["adopted"], "failed": 0})
        self.server.stop()
        url = f"http://127.0.0.1:{self.sandbox.port}"
        again = self.adopt("--clubify-url", url)
        self.assertEqual(again["offers"], {"adopted": 0, "known": first["offers"]["adopted"], "failed": 0})

    def test_a_platform_that_fails_halfway_is_gone_on_with(self):
        self.seller_has()
        self.sandbox.faults({"method": "GET", "path": "/offers", "action": {"status": 503}})
        answer = self.api.request("POST", "/v1/adoptions")
        self.assert_problem(answer, 503, "clubify-unavailable")
        self.assertIn("2 adopted so far", answer.json["detail"])
        self.sandbox.no_faults()
        report = self.adopt()
        self.assertEqual((report["products"]["known"], report["offers"]["adopted"]), (2, 3))

    def test_an_adopted_offer_goes_on_as_if_it_had_been_created_here(self):
        self.seller_has()
        self.adopt()
        offers = self.offers()
        draft = offers["rascunho"]["offer_id"]
        self.api.must(200, "PATCH", f"/v1/offers/{draft}", {"name": "Novo nome"})
        self.api.must(200, "POST", f"/v1/offers/{draft}/activate")
        self.assertEqual(self.api.request("POST", f"/v1/offers/{offers['ativa']['offer_id']}/activate").status, 409)
        self.assert_problem(self.api.post("/v1/offers", {"name": "x y", "slug": "ativa"}), 409, "slug-taken")
        self.assertEqual(self.reconcile(), [])
        self.assertEqual(self.api.types(draft), ["OfferAdopted", "OfferEdited", "OfferActivated"])

    def test_ours_are_not_taken_in_a_second_time(self):
        self.api.create_active_offer()
        report = self.adopt()
        self.assertEqual(report["products"], {"adopted": 0, "known": 1, "failed": 0})
        self.assertEqual(report["offers"], {"adopted": 0, "known": 1, "failed": 0})

    def test_every_kind_of_difference_is_told_and_nothing_is_changed(self):
        mine = self.api.create_active_offer()
        offer = self.api.must(200, "GET", f"/v1/offers/{mine['offer_id']}?at_least={mine['position']}").json
        self.assertEqual(self.reconcile(), [])
        self.make("PUT", f"/offers/{offer['clubify_offer_id']}", {"name": "Outro nome"})
        self.make("POST", f"/offers/{offer['clubify_offer_id']}/unpublish", {})
        foreign = self.make("POST", "/products", PRODUCT)["_id"]
        gone = self.api.create_offer(name="Some")
        self.there.request("DELETE", f"/api/v1/offers/{gone['clubify_offer_id']}")
        found = {(d["difference"], d.get("field"), d["clubify_id"]) for d in self.reconcile(check=1)}
        self.assertEqual(found, {
            ("differs", "name", offer["clubify_offer_id"]),
            ("differs", "status", offer["clubify_offer_id"]),
            ("missing_here", None, foreign),
            ("missing_there", None, gone["clubify_offer_id"]),
        })  # fmt: skip
        self.assertEqual(self.api.must(200, "GET", f"/v1/offers/{mine['offer_id']}").json, offer)

    def test_customers_are_taken_in_by_their_address_and_known_from_then_on(self):
        ana = self.make("POST", "/customers", {"name": "Ana", "email": "ANA@example.com", "phone": "11987654321", "document": "52998224725",
                                               "tags": ["vip"], "metadata": {"erp": 1}})  # fmt: skip
        self.make("POST", "/customers", {"name": "Bia", "email": "bia@localhost"})
        mine = self.api.must(201, "PUT", "/v1/customers", {"email": "eva@example.com", "name": "Eva"}).json
        dry = self.adopt("--only", "customers", "--dry-run", check=1)
        self.assertEqual(dry["customers"], {"adopted": 1, "known": 1, "failed": 1})
        self.assertEqual(self.listed("customers")[0]["customer_id"], mine["customer_id"])
        report = self.adopt("--only", "customers", check=1)
        self.assertEqual(report["customers"], {"adopted": 1, "known": 1, "failed": 1})
        self.assertEqual(report["products"], {"adopted": 0, "known": 0, "failed": 0})
        (found,) = [item for item in self.listed("customers") if item["clubify_customer_id"] == ana["_id"]]
        self.assertEqual((found["email"], found["phone"], found["document_type"]), ("ana@example.com", "+5511987654321", "cpf"))
        self.assertEqual((found["tags"], found["metadata"], found["source"]), (["vip"], {"erp": 1}, "clubify"))
        known = self.api.must(200, "PUT", "/v1/customers", {"email": "ana@example.com", "name": "Ana Lima"}).json
        self.assertEqual((known["customer_id"], known["clubify_customer_id"]), (found["customer_id"], ana["_id"]))
        self.server.stop()
        again = self.adopt("--only", "customers", "--clubify-url", f"http://127.0.0.1:{self.sandbox.port}", check=1)
        self.assertEqual(again["customers"], {"adopted": 0, "known": 2, "failed": 1})
        self.server.start()
        self.api = self.client(self.api.api_key)
        self.assert_problem(self.api.request("POST", "/v1/adoptions?only=people"), 422, pointers=["/only"])

    def sells(self, *lines):
        """Orders of an offer of this tenant alone, as the sandbox's CSV has them."""
        if not self.sandbox.state("offers", slug=self.tenant):
            self.make("POST", "/offers", {"name": "Vendida", "slug": self.tenant, "type": "single"})
        header = ("order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status,"
                  "customer,name,email,shipping_cents\n")  # fmt: skip
        told = header + "".join(f"{line}\n" for line in lines).replace("OFFER", self.tenant)
        added = self.sandbox.control("POST", "/orders", told.encode())
        self.assertEqual(added["added"], len(lines))

    def test_orders_are_taken_in_once_with_their_customers_and_told_when_they_differ(self):
        self.sells(
            "o1,2026-03-01T10:00:00Z,OFFER,p1,2,1000,mail,,,completed,17850,Ana,ana@example.com,250",
            "o1,2026-03-01T10:00:00Z,OFFER,p2,1,500,mail,,,completed,17850,,,",
            "o2,2026-03-02T10:00:00Z,OFFER,p1,1,700,direct,,,cancelled,17851,Bia,,",
        )
        dry = self.adopt("--dry-run")
        self.assertEqual(dry["orders"], {"adopted": 2, "known": 0, "failed": 0, "changed": 0})
        self.assertEqual(self.api.must(200, "GET", "/v1/events?type=OrderRecorded").json["events"], [])
        report = self.adopt()
        self.assertEqual(report["customers"], {"adopted": 2, "known": 0, "failed": 0})
        self.assertEqual(report["orders"], {"adopted": 2, "known": 0, "failed": 0, "changed": 0})
        told = self.api.must(200, "GET", "/v1/events?type=OrderRecorded").json["events"]
        first = {event["data"]["order_id"]: event["data"] for event in told}["o1"]
        self.assertEqual((first["total_cents"], first["shipping_cents"], len(first["lines"])), (1750, 250, 2))
        (ana,) = self.api.must(200, "GET", "/v1/customers?email=ana@example.com").json["items"]
        self.assertEqual((first["customer_id"], first["clubify_customer_id"]), (ana["customer_id"], "17850"))
        position = int(told[-1]["position"])
        exported = self.api.must(200, "GET", f"/v1/customers/{ana['customer_id']}/export?at_least={position}").json
        self.assertEqual([order["total_cents"] for order in exported["orders"]], [1750])
        self.assertEqual(self.reconcile(), [])
        again = self.adopt()
        self.assertEqual(again["orders"], {"adopted": 0, "known": 2, "failed": 0, "changed": 0})
        self.assertEqual(self.api.must(200, "GET", "/v1/events?type=OrderRecorded").json["events"], told)
        self.make("POST", "/payments/txn_o1/refund", {})
        self.make("PUT", "/customers/17850", {"name": "Ana Lima"})
        self.sells("o3,2026-03-03T10:00:00Z,OFFER,p1,1,300,direct,,,completed,,,,")
        differences = self.reconcile(check=1)
        found = {(d["difference"], d["entity"], d.get("field"), d["clubify_id"]) for d in differences}
        self.assertEqual(found, {
            ("differs", "order", "status", "o1"),
            ("differs", "order", "refunded_cents", "o1"),
            ("differs", "customer", "name", "17850"),
            ("missing_here", "order", None, "o3"),
        })  # fmt: skip
        self.assertNotIn("Ana", json.dumps(differences))
        later = self.adopt("--only", "orders")
        self.assertEqual(later["orders"], {"adopted": 1, "known": 1, "failed": 0, "changed": 1})

    def test_an_adoption_of_orders_that_is_cut_off_goes_on(self):
        self.sells(*(f"cut{i},2026-03-01T10:00:00Z,OFFER,p1,1,{i},direct,,,completed,,,," for i in range(1, 251)))
        self.sandbox.faults({"method": "GET", "path": "/orders", "action": {"delay_ms": 150}})
        adopting = Later(lambda: self.client(self.api.api_key).request("POST", "/v1/adoptions?only=orders"))
        wait_until(
            lambda: self.api.must(200, "GET", "/v1/events?type=OrderRecorded&limit=1").json["events"], "the first page"
        )
        self.server.kill()
        adopting.join()
        self.sandbox.no_faults()
        self.server.start()
        self.api = self.client(self.api.api_key)
        orders = self.adopt()["orders"]
        self.assertEqual(orders["adopted"] + orders["known"], 250)
        self.assertGreaterEqual(orders["known"], 100)
        told = self.api.must(200, "GET", "/v1/events?type=OrderRecorded&limit=1000").json["events"]
        self.assertEqual(len({event["data"]["order_id"] for event in told}), len(told))
        self.assertEqual(len(told), 250)

    def test_readers_may_not_adopt_and_an_unknown_tenant_is_an_error(self):
        answer = self.server.cli("key", "add", self.tenant, "--role", "reader", check=0)
        reader = self.client(json.loads(answer.stdout)["api_key"])
        self.assert_problem(reader.post("/v1/adoptions"), 403, "forbidden")
        self.assertIn("there is no tenant", self.server.cli("adopt", "--tenant", "nobody", check=1).stderr)


if __name__ == "__main__":
    main()
