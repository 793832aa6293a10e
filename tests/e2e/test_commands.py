"""Every command of the contract: its answer, its event, what Clubify has afterwards, and what our rules refuse."""


from harness import EndToEnd, main, short


class Commands(EndToEnd):
    def remote(self, kind, item):
        """What the platform has of one of our offers or products."""
        kept = self.sandbox.state(kind)
        mine = [one for one in kept if one["_id"] == item[f"clubify_{kind[:-1]}_id"]]
        self.assertEqual(len(mine), 1, f"{item} in {kept}")
        return mine[0]

    def event(self, target, index=-1):
        return self.api.must(200, "GET", target).json["events"][index]

    def offer(self, offer_id):
        """As the read model has it after all that was done."""
        position = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["next_position"] - 1
        return self.api.must(200, "GET", f"/v1/offers/{offer_id}?at_least={position}").json

    def assert_success(self, answer, code, version, **members):
        self.assertEqual(answer.status, code, answer)
        self.assertEqual(answer.headers["ETag"], f'"{version}"')
        self.assertEqual(answer.headers["X-Vitrine-Position"], str(answer.json["position"]))
        self.assertEqual(answer.json["version"], version)
        self.assertTrue(answer.json["command_id"])
        for name, value in members.items():
            self.assertEqual(answer.json[name], value, answer)


class Products(Commands):
    def test_a_product_is_created_here_and_there_with_its_price(self):
        body = {
            "name": "Café Açaí ☕",
            "type": "physical",
            "description": 'With "quotes" and / slashes',
            "price_cents": 10**12,
            "currency": "USD",
            "sku": "C-1",
            "metadata": {"colour": ["red", {"deep": 1.5}]},
        }
        answer = self.api.post("/v1/products", body)
        self.assert_success(answer, 201, 1)
        product_id = answer.json["product_id"]
        self.assertEqual(answer.headers["Location"], f"/v1/products/{product_id}")
        event = self.event("/v1/events?from=1")
        self.assertEqual(event["type"], "ProductCreated")
        self.assertEqual(event["subject"], f"product-{product_id}")
        self.assertEqual(event["streamversion"], "1")
        for name, value in body.items():
            self.assertEqual(event["data"][name], value)
        remote = self.remote("products", event["data"])
        self.assertEqual((remote["name"], remote["type"]), (body["name"], "physical"))
        self.assertEqual(remote["pricing"]["price"], 10**12)
        self.assertEqual(remote["pricing"]["currency"], "USD")
        self.assertEqual(remote["metadata"]["colour"], body["metadata"]["colour"])

    def test_defaults_of_a_product_are_those_of_the_contract(self):
        self.api.create_product(price_cents=0)
        data = self.event("/v1/events?from=1")["data"]
        self.assertEqual((data["type"], data["currency"], data["price_cents"]), ("digital", "BRL", 0))

    def test_an_edit_of_name_and_price_gives_both_events_and_reaches_clubify(self):
        product = self.api.create_product()
        target = f"/v1/products/{product['product_id']}"
        answer = self.api.request("PATCH", target, {"name": "Tea", "price_cents": 500})
        self.assert_success(answer, 200, 3, product_id=product["product_id"])
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual(
            sorted(event["type"] for event in events),
            ["ProductCreated", "ProductEdited", "ProductPriceChanged"],
        )
        remote = self.remote("products", events[0]["data"])
        self.assertEqual((remote["name"], remote["pricing"]["price"]), ("Tea", 500))

    def test_a_price_alone_changes_only_the_price(self):
        product = self.api.create_product()
        self.api.must(200, "PATCH", f"/v1/products/{product['product_id']}", {"price_cents": 1})
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual([event["type"] for event in events], ["ProductCreated", "ProductPriceChanged"])


class CreateOffer(Commands):
    def test_an_offer_is_created_as_a_draft_with_everything_given(self):
        product = self.api.create_product(currency="GBP")
        body = {
            "name": "Combo de Café",
            "type": "combo",
            "slug": "combo-de-cafe",
            "description": "Two of them",
            "currency": "GBP",
            "products": [
                {
                    "product_id": product["product_id"],
                    "quantity": 2,
                    "position": 3,
                    "required": False,
                    "price_cents": 999,
                    "discount": {"type": "percentage", "value": 12.5},
                    "rules": {"max": {"a": [1]}},
                }
            ],
            "configuration": {
                "settings": {"maxQuantity": 3},
                "theme": {"name": "dark"},
                "layout": {"structure": "two-column"},
                "seo": {"title": "Café"},
                "tracking": {"facebookPixelId": "1"},
            },
            "metadata": {"season": "summer"},
        }
        answer = self.api.post("/v1/offers", body)
        self.assert_success(answer, 201, 1, status="draft")
        offer_id = answer.json["offer_id"]
        self.assertEqual(answer.headers["Location"], f"/v1/offers/{offer_id}")
        self.assertEqual(self.api.types(offer_id), ["OfferCreated"])
        data = self.api.history(offer_id)[0]["data"]
        for name in ("name", "type", "slug", "description", "currency", "configuration", "metadata"):
            self.assertEqual(data[name], body[name])
        self.assertEqual(data["offer_id"], offer_id)
        for name, value in body["products"][0].items():
            self.assertEqual(data["products"][0][name], value)
        remote = self.remote("offers", data)
        self.assertEqual((remote["slug"], remote["type"], remote["status"]), ("combo-de-cafe", "combo", "draft"))
        for name, value in body["configuration"].items():
            self.assertEqual(remote[name], value)
        line = remote["products"][0]
        self.assertEqual(
            (line["quantity"], line["position"], line["isOptional"], line["customPrice"]), (2, 3, True, 999)
        )
        self.assertEqual((line["discountType"], line["discountValue"]), ("percentage", 12.5))
        self.assertEqual(line["rules"], body["products"][0]["rules"])
        self.assertEqual(remote["metadata"]["season"], "summer")
        self.assertEqual(remote["metadata"]["vitrine"]["command_id"], answer.json["command_id"])

    def test_activate_publishes_it_in_the_same_command(self):
        offer = self.api.create_active_offer()
        self.assertEqual((offer["status"], offer["version"]), ("active", 2))
        self.assertEqual(self.api.types(offer["offer_id"]), ["OfferCreated", "OfferActivated"])
        remote = self.remote("offers", self.api.history(offer["offer_id"])[0]["data"])
        self.assertEqual(remote["status"], "active")

    def test_spellings_of_the_type_are_normalised(self):
        for given, stored, wire in (
            ("single_product", "single", "single"),
            ("complex_funnel", "funnel", "single"),
            ("funnel", "funnel", "single"),
            ("bundle", "bundle", "bundle"),
            ("subscription", "subscription", "subscription"),
        ):
            with self.subTest(given):
                offer = self.api.create_offer(type=given)
                data = self.api.history(offer["offer_id"])[0]["data"]
                self.assertEqual(data["type"], stored)
                remote = self.remote("offers", data)
                self.assertEqual(remote["type"], wire)
                if stored == "funnel":
                    self.assertEqual(remote["metadata"]["vitrine"]["type"], "funnel")

    def test_a_slug_is_made_from_the_name_and_numbered_when_taken(self):
        slugs = []
        for _ in range(3):
            offer = self.api.create_offer(name="Promoção de Verão!")
            slugs.append(self.api.history(offer["offer_id"])[0]["data"]["slug"])
        self.assertEqual(slugs, ["promocao-de-verao", "promocao-de-verao-2", "promocao-de-verao-3"])

    def test_a_given_slug_that_is_taken_is_refused(self):
        self.api.create_offer(slug="mine")
        answer = self.api.post("/v1/offers", {"name": "Other", "slug": "mine"})
        self.assert_problem(answer, 409, "slug-taken")

    def test_an_archived_offer_keeps_its_slug(self):
        offer = self.api.create_offer(slug="kept")
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/archive")
        self.assert_problem(self.api.post("/v1/offers", {"name": "Other", "slug": "kept"}), 409, "slug-taken")

    def test_a_product_known_only_to_clubify_may_be_used(self):
        self.api.create_product()
        clubify_id = self.event("/v1/events?from=1")["data"]["clubify_product_id"]
        offer = self.api.create_offer(products=[{"clubify_product_id": clubify_id}])
        remote = self.remote("offers", self.api.history(offer["offer_id"])[0]["data"])
        self.assertEqual(remote["products"][0]["productId"], clubify_id)

    def test_a_product_twice_in_the_body_is_refused(self):
        product = {"product_id": self.api.create_product()["product_id"]}
        answer = self.api.post("/v1/offers", {"name": "Tea", "products": [product, product]})
        self.assertIn(answer.status, (409, 422), answer)
        self.assert_problem(answer, answer.status)

    def test_the_platform_is_asked_for_the_slug_before_it_is_created_there(self):
        before = len(self.sandbox.requests())
        self.api.create_offer(slug="asked-first")
        calls = [
            (request["method"], short(request["path"]))
            for request in self.sandbox.requests()[before:]
            if "/auth/" not in request["path"] and not request["path"].endswith("/health")
        ]
        self.assertEqual(calls, [("GET", "/offers/slug/asked-first"), ("POST", "/offers")])


class Lifecycle(Commands):
    def command(self, offer, verb, body=None, **headers):
        return self.api.post(f"/v1/offers/{offer['offer_id']}/{verb}", body, headers=headers or None)

    def test_an_offer_goes_its_way_and_clubify_with_it(self):
        product = self.api.create_product()
        offer = self.api.create_offer(products=[{"product_id": product["product_id"]}])
        data = self.api.history(offer["offer_id"])[0]["data"]
        version = 1
        for verb, event, status in (
            ("activate", "OfferActivated", "active"),
            ("pause", "OfferPaused", "paused"),
            ("activate", "OfferActivated", "active"),
            ("archive", "OfferArchived", "archived"),
        ):
            version += 1
            answer = self.command(offer, verb, {"reason": f"to {verb}"})
            self.assert_success(answer, 200, version, status=status, offer_id=offer["offer_id"])
            last = self.api.history(offer["offer_id"])[-1]
            self.assertEqual((last["type"], last["data"]["reason"]), (event, f"to {verb}"))
            self.assertEqual(self.remote("offers", data)["status"], status)
            self.assertEqual(self.offer(offer["offer_id"])["status"], status)

    def test_transitions_that_are_not_allowed_are_refused(self):
        refused = {
            "draft": ("pause",),
            "active": ("activate",),
            "paused": ("pause",),
            "archived": ("activate", "pause", "archive"),
        }
        for state, verbs in refused.items():
            offer = self.api.create_active_offer() if state != "draft" else self.api.create_offer()
            if state in ("paused", "archived"):
                self.assertEqual(self.command(offer, {"paused": "pause", "archived": "archive"}[state]).status, 200)
            before = self.api.types(offer["offer_id"])
            for verb in verbs:
                with self.subTest(state=state, verb=verb):
                    answer = self.command(offer, verb)
                    self.assert_problem(answer, 409, "illegal-transition")
                    self.assertEqual(answer.json["current_version"], len(before))
            self.assertEqual(self.api.types(offer["offer_id"]), before)

    def test_an_archived_offer_can_no_longer_be_changed(self):
        offer = self.api.create_active_offer()
        self.command(offer, "archive")
        target = f"/v1/offers/{offer['offer_id']}"
        product = self.api.history(offer["offer_id"])[0]["data"]["products"][0]["product_id"]
        for method, path, body in (
            ("PATCH", "", {"name": "Tea"}),
            ("POST", "/products", {"clubify_product_id": "p" * 24}),
            ("PUT", f"/products/{product}", {"quantity": 2}),
            ("DELETE", f"/products/{product}", None),
        ):
            with self.subTest(f"{method} {path}"):
                answer = self.api.request(method, target + path, body)
                self.assert_problem(answer, 409, "illegal-transition")

    def test_an_offer_without_a_product_cannot_be_activated(self):
        answer = self.command(self.api.create_offer(), "activate")
        self.assertIn(answer.status, (409, 422), answer)
        self.assert_problem(answer, answer.status)

    def test_an_edit_stores_what_changed_and_sends_one_put(self):
        offer = self.api.create_active_offer(name="Café", metadata={"a": 1})
        before = len(self.sandbox.requests())
        answer = self.api.request(
            "PATCH", f"/v1/offers/{offer['offer_id']}",
            {"name": "Café", "description": "New", "configuration": {"theme": {"name": "dark"}}},
        )  # fmt: skip
        self.assert_success(answer, 200, 3)
        event = self.api.history(offer["offer_id"])[-1]
        self.assertEqual(event["type"], "OfferEdited")
        self.assertEqual(event["data"]["description"], "New")
        self.assertEqual(event["data"]["configuration"], {"theme": {"name": "dark"}})
        self.assertNotIn("name", event["data"])
        writes = [r for r in self.sandbox.requests()[before:] if r["method"] not in ("GET", "POST")]
        self.assertEqual([r["method"] for r in writes], ["PUT"])
        remote = self.remote("offers", self.api.history(offer["offer_id"])[0]["data"])
        self.assertEqual((remote["description"], remote["theme"]["name"]), ("New", "dark"))
        self.assertEqual(remote["metadata"]["a"], 1)
        self.assertEqual(remote["metadata"]["vitrine"]["command_id"], offer["command_id"])

    def test_products_of_an_offer_are_added_changed_and_removed(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}/products"
        product = self.api.create_product(name="Tea")
        answer = self.api.post(target, {"product_id": product["product_id"], "quantity": 2})
        self.assert_success(answer, answer.status, 3)
        self.assertIn(answer.status, (200, 201))
        answer = self.api.request("PUT", f"{target}/{product['product_id']}", {"quantity": 5, "price_cents": 100})
        self.assert_success(answer, 200, 4)
        data = self.api.history(offer["offer_id"])[0]["data"]
        line = self.remote("offers", data)["products"][1]
        self.assertEqual((line["quantity"], line["customPrice"]), (5, 100))
        self.assertEqual(self.offer(offer["offer_id"])["products"][1]["quantity"], 5)
        answer = self.api.request("DELETE", f"{target}/{product['product_id']}")
        self.assert_success(answer, 200, 5)
        self.assertEqual(len(self.remote("offers", data)["products"]), 1)
        self.assertEqual(
            self.api.types(offer["offer_id"])[2:],
            ["ProductAddedToOffer", "ProductInOfferChanged", "ProductRemovedFromOffer"],
        )

    def test_a_product_already_in_the_offer_is_refused(self):
        offer = self.api.create_active_offer()
        product = self.api.history(offer["offer_id"])[0]["data"]["products"][0]["product_id"]
        answer = self.api.post(f"/v1/offers/{offer['offer_id']}/products", {"product_id": product})
        self.assert_problem(answer, 409)

    def test_a_product_that_is_not_in_the_offer_is_404(self):
        offer = self.api.create_active_offer()
        other = self.api.create_product()["product_id"]
        target = f"/v1/offers/{offer['offer_id']}/products/{other}"
        self.assert_problem(self.api.request("PUT", target, {"quantity": 2}), 404)
        self.assert_problem(self.api.request("DELETE", target), 404)


class Conditions(Commands):
    def test_if_match_decides_by_the_version(self):
        offer = self.api.create_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        answer = self.api.request("PATCH", target, {"name": "Tea"}, headers={"If-Match": '"7"'})
        self.assert_problem(answer, 412, "version-mismatch")
        self.assertEqual(answer.json["current_version"], 1)
        answer = self.api.request("PATCH", target, {"name": "Tea"}, headers={"If-Match": '"1"'})
        self.assert_success(answer, 200, 2)
        answer = self.api.request("PATCH", target, {"name": "Mate"}, headers={"If-Match": '"1"'})
        self.assert_problem(answer, 412, "version-mismatch")
        self.assertEqual(self.api.types(offer["offer_id"]), ["OfferCreated", "OfferEdited"])

    def test_the_correlation_id_is_kept_in_the_events(self):
        offer = self.api.must(201, "POST", "/v1/offers", {"name": "Tea"},
                              headers={"X-Correlation-Id": "order-4711"}).json  # fmt: skip
        event = self.api.history(offer["offer_id"])[0]
        self.assertEqual(event["correlationid"], "order-4711")
        self.assertEqual(event["commandid"], offer["command_id"])

    def test_a_command_has_a_status(self):
        offer = self.api.create_offer()
        status = self.api.must(200, "GET", f"/v1/commands/{offer['command_id']}").json
        self.assertEqual(
            (status["command_id"], status["name"], status["state"]),
            (offer["command_id"], "CreateOffer", "succeeded"),
        )
        self.assertEqual((status["answer"]["status"], status["answer"]["body"]), (201, offer))


class DryRun(Commands):
    def test_a_dry_run_of_every_command_answers_its_events_and_does_nothing(self):
        product = self.api.create_product()["product_id"]
        draft = self.api.create_offer(products=[{"product_id": product}])["offer_id"]
        active = self.api.create_active_offer()["offer_id"]
        line = self.api.history(active)[0]["data"]["products"][0]["product_id"]
        head = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["next_position"]
        writes = sum(request["method"] != "GET" for request in self.sandbox.requests())
        for method, target, body, types in (
            ("POST", "/v1/products", {"name": "Tea", "price_cents": 1}, ["ProductCreated"]),
            ("PATCH", f"/v1/products/{product}", {"name": "Tea", "price_cents": 7},
             ["ProductEdited", "ProductPriceChanged"]),
            ("POST", "/v1/offers", {"name": "Tea"}, ["OfferCreated"]),
            ("POST", "/v1/offers", {"name": "Tea", "activate": True, "products": [{"product_id": product}]},
             ["OfferCreated", "OfferActivated"]),
            ("PATCH", f"/v1/offers/{draft}", {"name": "Tea"}, ["OfferEdited"]),
            ("POST", f"/v1/offers/{draft}/activate", None, ["OfferActivated"]),
            ("POST", f"/v1/offers/{active}/pause", None, ["OfferPaused"]),
            ("POST", f"/v1/offers/{active}/archive", None, ["OfferArchived"]),
            ("POST", f"/v1/offers/{active}/products", {"product_id": product}, ["ProductAddedToOffer"]),
            ("PUT", f"/v1/offers/{active}/products/{line}", {"quantity": 9}, ["ProductInOfferChanged"]),
            ("DELETE", f"/v1/offers/{draft}/products/{product}", None, ["ProductRemovedFromOffer"]),
        ):  # fmt: skip
            with self.subTest(f"{method} {target}"):
                answer = self.api.must(200, method, f"{target}?dry_run=true", body)
                self.assertEqual(sorted(e["type"] for e in answer.json["events"]), sorted(types))
        self.assertEqual(self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["next_position"], head)
        self.assertEqual(sum(r["method"] != "GET" for r in self.sandbox.requests()), writes)

    def test_a_dry_run_is_refused_as_the_command_would_be(self):
        answer = self.api.post("/v1/products?dry_run=true", {"name": "T"})
        self.assert_problem(answer, 422, pointers=["/name", "/price_cents"])
        offer = self.api.create_offer()["offer_id"]
        self.assert_problem(self.api.post(f"/v1/offers/{offer}/pause?dry_run=true"), 409, "illegal-transition")

    def test_a_dry_run_leaves_its_key_and_slug_free(self):
        body = {"name": "Tea", "slug": "still-free"}
        key = {"Idempotency-Key": "dry"}
        self.api.must(200, "POST", "/v1/offers?dry_run=true", body, headers=key)
        answer = self.api.must(201, "POST", "/v1/offers", body, headers=key)
        self.assertNotIn("Idempotency-Replayed", answer.headers)


if __name__ == "__main__":
    main()
