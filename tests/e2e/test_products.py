"""Products as a seller changes them: SKUs that are unique, what null takes away, archiving, and money that makes sense."""

import json
import threading

from harness import EndToEnd, main


class Products(EndToEnd):
    def edit(self, product, status=200, **body):
        return self.api.must(status, "PATCH", f"/v1/products/{product['product_id']}", body)

    def read(self, product, position):
        return self.api.must(200, "GET", f"/v1/products/{product['product_id']}?at_least={position}").json

    def listed(self, query, position):
        page = self.api.must(200, "GET", f"/v1/products?{query}&at_least={position}").json
        return [item["product_id"] for item in page["items"]]

    def events(self, type_):
        found = self.api.must(200, "GET", f"/v1/events?from=1&type={type_}&limit=1000").json["events"]
        return [event["data"] for event in found]

    def problem(self, answer):
        return answer.json["type"].rsplit("/", 1)[-1]

    def test_a_sku_is_one_products_and_found_by_it(self):
        first = self.api.create_product(sku="CAFÉ-1")
        answer = self.api.must(409, "POST", "/v1/products", {"name": "Chá", "price_cents": 1, "sku": "CAFÉ-1"})
        self.assertEqual(self.problem(answer), "sku-taken")
        dry = self.api.must(409, "POST", "/v1/products?dry_run=true", {"name": "Chá", "price_cents": 1, "sku": "CAFÉ-1"})
        self.assertEqual(self.problem(dry), "sku-taken")
        second = self.api.create_product(name="Chá", sku="CHA-1")
        position = second["position"]
        self.assertEqual(self.listed("sku=CAF%C3%89-1", position), [first["product_id"]])
        self.assertEqual(self.listed("sku=caf%C3%A9-1", position), [])
        self.assertEqual(self.listed("q=cha-1", position), [second["product_id"]])
        self.assertEqual(self.listed("sku=CHA-1&type=physical", position), [])

    def test_many_at_once_make_one_product_of_a_sku(self):
        statuses = []

        def create():
            with_own = type(self.api)(self.server.port, self.api.api_key)
            body = {"name": "Café", "price_cents": 1, "sku": "SAME"}
            statuses.append(with_own.post("/v1/products", body).status)
            with_own.close()

        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [201] + [409] * 7)
        self.assertEqual(len(self.sandbox.state("products", tenantId=self.clubify_tenant_id)), 1)

    def test_a_sku_changes_here_alone_and_frees_the_former_one(self):
        product = self.api.create_product(sku="A")
        before = self.sandbox.count("PATCH", f"/products/{product['clubify_product_id']}")
        answer = self.edit(product, sku="B")
        self.assertEqual(answer.json["position"], int(answer.headers["X-Vitrine-Position"]))
        self.assertEqual(self.read(product, answer.json["position"])["sku"], "B")
        self.assertEqual(self.sandbox.count("PATCH", f"/products/{product['clubify_product_id']}"), before)
        self.api.create_product(sku="A")
        self.assertEqual(self.problem(self.edit(product, 409, sku="A")), "sku-taken")
        answer = self.edit(product, sku=None)
        self.assertNotIn("sku", self.read(product, answer.json["position"]))
        self.assertEqual([e.get("sku") for e in self.events("ProductEdited")], ["B", None])
        self.api.create_product(sku="B")

    def test_skus_are_claimed_after_a_restart_too(self):
        self.api.create_product(sku="KEPT")
        self.server.kill()
        self.server.start()
        self.api.port = self.server.port
        self.api.close()
        answer = self.api.must(409, "POST", "/v1/products", {"name": "Chá", "price_cents": 1, "sku": "KEPT"})
        self.assertEqual(self.problem(answer), "sku-taken")

    def test_null_takes_away_what_is_optional(self):
        product = self.api.create_product(description="Forte", sku="N", metadata={"a": 1})
        answer = self.edit(product, description=None, metadata=None)
        read = self.read(product, answer.json["position"])
        self.assertEqual(read["sku"], "N")
        self.assertNotIn("description", read)
        self.assertNotIn("metadata", read)
        event = self.events("ProductEdited")[-1]
        self.assertEqual({name: event[name] for name in ("description", "metadata")}, {"description": None, "metadata": None})
        there = self.sandbox.state("products", _id=product["clubify_product_id"])[0]
        self.assertIsNone(there["description"])
        self.assertEqual(list(there["metadata"]), ["vitrine"])
        self.assertEqual(self.edit(product, description=None).json["version"], 2)
        self.assertEqual(self.edit(product, 422, name=None).pointers, ["/name"])
        self.assertEqual(self.edit(product, 422, price_cents=None).pointers, ["/price_cents"])

    def test_null_takes_away_what_an_offer_may_lack_and_the_past_keeps_it(self):
        offer = self.api.create_offer(
            description="Fresca",
            metadata={"a": 1},
            configuration={"theme": {"name": "dark"}, "seo": {"title": "x"}, "settings": {"a": 1}},
        )
        target = f"/v1/offers/{offer['offer_id']}"
        answer = self.api.must(200, "PATCH", target, {"description": None, "configuration": {"theme": None}}).json
        read = self.api.must(200, "GET", f"{target}?at_least={answer['position']}").json
        self.assertNotIn("description", read)
        self.assertEqual(read["configuration"], {"seo": {"title": "x"}, "settings": {"a": 1}})
        there = self.sandbox.state("offers", _id=offer["clubify_offer_id"])[0]
        self.assertEqual((there["description"], there["theme"], there["seo"]), (None, None, {"title": "x"}))
        answer = self.api.must(200, "PATCH", target, {"configuration": None, "metadata": None}).json
        read = self.api.must(200, "GET", f"{target}?at_least={answer['position']}").json
        self.assertNotIn("configuration", read)
        self.assertNotIn("metadata", read)
        edits = [event["data"] for event in self.api.history(offer["offer_id"]) if event["type"] == "OfferEdited"]
        self.assertEqual(edits[0]["configuration"], {"theme": None})
        self.assertEqual(edits[1]["configuration"], {"settings": None, "seo": None})
        versions = [self.api.must(200, "GET", f"{target}?as_of_version={n}").json for n in (1, 2, 3)]
        self.assertEqual(versions[0]["description"], "Fresca")
        self.assertNotIn("description", versions[1])
        self.assertEqual(versions[1]["configuration"], {"seo": {"title": "x"}, "settings": {"a": 1}})
        self.assertEqual(versions[1]["metadata"], {"a": 1})
        self.assertEqual([name in versions[2] for name in ("description", "configuration", "metadata")], [False] * 3)

    def test_an_archived_product_is_sold_no_more(self):
        product = self.api.create_product(sku="OLD")
        line = {"product_id": product["product_id"]}
        offer = self.api.create_offer(name="Oferta viva", products=[line], activate=True)
        archive = f"/v1/products/{product['product_id']}/archive"
        answer = self.api.must(409, "POST", archive)
        self.assertEqual(self.problem(answer), "product-in-use")
        self.assertIn("Oferta viva", answer.json["detail"])
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/pause")
        dry = self.api.must(200, "POST", f"{archive}?dry_run=true").json
        self.assertEqual([event["type"] for event in dry["events"]], ["ProductArchived"])
        done = self.api.must(200, "POST", archive, {"reason": "Fora de linha"})
        self.assertEqual(done.json["status"], "archived")
        self.assertEqual(self.read(product, done.json["position"])["status"], "archived")
        there = self.sandbox.state("products", _id=product["clubify_product_id"])[0]
        self.assertEqual((there["isActive"], there["metadata"]["vitrine"]["edited_by"]), (False, done.json["command_id"]))
        self.assertEqual(self.events("ProductArchived"), [{"product_id": product["product_id"], "reason": "Fora de linha"}])
        other = self.api.create_product()
        position = other["position"]
        self.assertEqual(self.listed("status=archived", position), [product["product_id"]])
        self.assertEqual(self.listed("status=active", position), [other["product_id"]])
        self.assertEqual(len(self.listed("limit=10", position)), 2)
        self.api.must(422, "GET", "/v1/products?status=draft")
        for again in (("POST", archive, None), ("PATCH", archive.removesuffix("/archive"), {"name": "Outro"})):
            self.assertEqual(self.problem(self.api.must(409, *again)), "illegal-transition")
        codes = []
        for method, target, body in (
            ("POST", "/v1/offers", {"name": "Nova", "products": [line]}),
            ("POST", f"/v1/offers/{self.api.create_offer()['offer_id']}/products", line),
            ("POST", f"/v1/offers/{offer['offer_id']}/activate", None),
        ):
            codes += [fault["code"] for fault in self.api.must(422, method, target, body).json["errors"]]
        self.assertEqual(codes, ["archived_product"] * 3)
        shown = json.loads(self.server.cli(
            "replay", "--tenant", self.tenant, "--state", f"product-{product['product_id']}", check=0
        ).stdout)  # fmt: skip
        self.assertEqual((shown["status"], shown["sku"]), ("archived", "OLD"))

    def test_archiving_that_clubify_refuses_is_a_fact_of_its_own(self):
        product = self.api.create_product()
        path = f"/products/{product['clubify_product_id']}"
        self.sandbox.faults({"method": "PATCH", "path": path, "times": 1, "action": {"status": 400}})
        self.api.must(422, "POST", f"/v1/products/{product['product_id']}/archive")
        self.assertEqual([event["class"] for event in self.events("ProductArchiveFailed")], ["refused"])
        self.sandbox.faults({"method": "PATCH", "path": path, "times": 1, "action": {"drop": "after"}})
        done = self.api.must(200, "POST", f"/v1/products/{product['product_id']}/archive").json
        self.assertEqual(done["version"], 2)

    def codes(self, answer):
        return [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]]

    def test_a_product_has_the_currency_of_its_offer(self):
        dollars = self.api.create_product(currency="USD")
        offer = self.api.create_offer()
        for name in ("product_id", "clubify_product_id"):
            line = {name: dollars[name]}
            answer = self.api.must(422, "POST", "/v1/offers", {"name": "Oferta", "products": [line]})
            self.assertEqual(self.codes(answer), [(f"/products/0/{name}", "currency")])
            answer = self.api.must(422, "POST", f"/v1/offers/{offer['offer_id']}/products", line)
            self.assertEqual(self.codes(answer), [(f"/{name}", "currency")])
        self.api.create_offer(currency="USD", products=[{"product_id": dollars["product_id"]}])

    def test_no_discount_is_above_the_price_however_it_comes_about(self):
        product = self.api.create_product(price_cents=1000)
        line = {"product_id": product["product_id"], "discount": {"type": "fixed", "value": 1001}}
        answer = self.api.must(422, "POST", "/v1/offers", {"name": "Oferta", "products": [line]})
        self.assertEqual(self.codes(answer), [("/products/0/discount/value", "above_price")])
        line["discount"]["value"] = 800
        offer = self.api.create_offer(name="Com desconto", products=[line])
        target = f"/v1/offers/{offer['offer_id']}/products/{product['product_id']}"
        answer = self.api.must(422, "PUT", target, {"price_cents": 799})
        self.assertEqual(self.codes(answer), [("/price_cents", "above_price")])
        answer = self.edit(product, 422, price_cents=799)
        self.assertEqual(self.codes(answer), [("/price_cents", "above_price")])
        self.assertIn("Com desconto", answer.json["errors"][0]["detail"])
        self.api.must(200, "PUT", target, {"price_cents": 900})
        self.edit(product, price_cents=799)  # the offer has a price of its own
        answer = self.api.must(422, "PUT", target, {"price_cents": None})
        self.assertEqual(self.codes(answer), [("/price_cents", "above_price")])

    def test_amounts_do_not_run_over(self):
        product = self.api.create_product(price_cents=1000000000000)
        line = {"product_id": product["product_id"], "quantity": 1000000}
        answer = self.api.must(422, "POST", "/v1/offers", {"name": "Oferta", "products": [line]})
        self.assertEqual(self.codes(answer), [("/products/0/quantity", "too_much")])

    def test_an_active_offer_keeps_a_product(self):
        first, second = self.api.create_product(), self.api.create_product()
        lines = [{"product_id": product["product_id"]} for product in (first, second)]
        offer = self.api.create_offer(products=lines, activate=True)
        target = f"/v1/offers/{offer['offer_id']}/products/"
        self.api.must(200, "DELETE", target + first["product_id"])
        answer = self.api.must(409, "DELETE", target + second["product_id"])
        self.assertEqual((self.problem(answer), answer.json["current_version"]), ("illegal-transition", 3))
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/pause")
        self.api.must(200, "DELETE", target + second["product_id"])


if __name__ == "__main__":
    main()
