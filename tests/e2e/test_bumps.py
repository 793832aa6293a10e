"""Order bumps as seller and buyer meet them: drafted, published, shown, accepted, paid, and explained afterwards."""

from harness import main, wait_until
from test_checkout import CARD, Shop
from test_schedules import OnTestClock

GHOST = "01890000-0000-7000-8000-000000000000"


class Bumped(Shop):
    """An offer of a phone at 1,000.00, and a case at 49.90 to go with it."""

    def setUp(self):
        super().setUp()
        self.phone = self.api.create_product(name="Celular", price_cents=100_000)["product_id"]
        self.case = self.api.create_product(name="Capa", price_cents=4_990)["product_id"]
        self.offer = self.sell(self.phone)

    def sell(self, *products):
        lines = [{"product_id": each, "required": place == 0} for place, each in enumerate(products)]
        body = {"name": "Celular", "products": lines, "activate": True}
        return self.api.must(201, "POST", "/v1/offers", body).json["offer_id"]

    def draft(self, bump="capa", status=200, **more):
        body = {"product_id": self.case, "pricing": {"discount_value": 20}, **more}
        return self.api.must(status, "PUT", f"/v1/offers/{self.offer}/bumps/{bump}", body)

    def publish(self, status=200, **body):
        return self.api.must(status, "POST", f"/v1/offers/{self.offer}/revisions", body)

    def head(self):
        return self.api.must(200, "GET", "/v1/projections").json["head"]

    def evaluate(self, **body):
        target = f"/v1/offers/{self.offer}/bumps/evaluate?at_least={self.head()}"
        return self.api.must(200, "POST", target, {"cart": {}, **body}).json

    def shown(self, **body):
        return [each["bump"] for each in self.evaluate(**body)["bumps"] if each["show"]]

    def opened(self, **more):
        self.evaluate()  # prices and rules are known
        return self.open(self.offer, **more).json["checkout_id"]

    def bumps(self, checkout, parameters=""):
        found = self.api.must(200, "GET", f"/v1/checkouts/{checkout}/bumps?at_least={self.head()}{parameters}").json["bumps"]
        return {each["bump"]: each for each in found}

    def act(self, checkout, what, status=200, body=None):
        return self.api.must(status, "POST", f"/v1/checkouts/{checkout}/bumps/{what}", body)

    def receipts(self, checkout, parameters=""):
        return self.api.must(200, "GET", f"/v1/checkouts/{checkout}/receipts{parameters}").json["items"]


class Publishing(Bumped):
    def test_what_is_drafted_counts_once_it_is_published_and_open_checkouts_keep_theirs(self):
        made = self.draft().json
        self.assertEqual((made["offer_id"], made["bump"], made["status"], made["version"]), (self.offer, "capa", "drafted", 1))
        self.assertEqual(self.draft().json["version"], 1, "the same again changes nothing")
        self.assertEqual((self.shown(), self.shown(draft=True)), ([], ["capa"]))
        before = self.opened()
        self.assertEqual(self.bumps(before), {})
        published = self.publish().json
        self.assertEqual((published["revision"], published["status"]), (1, "published"))
        self.assertEqual(self.publish().json["revision"], 1, "nothing was drafted since")
        self.assertEqual(self.shown(), ["capa"])
        first = self.opened()
        self.draft(pricing={"discount_value": 50})
        self.assertTrue(self.api.get(f"/v1/offers/{self.offer}/bumps?at_least={self.head()}").json["changed"])
        self.assertEqual(self.publish().json["revision"], 2)
        second = self.opened()
        self.assertEqual(self.bumps(before), {})
        self.assertEqual([self.bumps(each)["capa"]["price_cents"] for each in (first, second)], [3992, 2495])
        told = self.api.must(200, "GET", f"/v1/offers/{self.offer}/revisions?at_least={self.head()}").json
        self.assertEqual((told["revision"], [each["revision"] for each in told["items"]]), (2, [2, 1]))
        changes = self.api.must(200, "GET", f"/v1/offers/{self.offer}/revisions/1/diff/2").json["changes"]
        self.assertEqual(
            [(each["pointer"], each["before"], each["after"]) for each in changes],
            [("/bumps/capa/pricing/discount_value", 20, 50)],
        )
        self.assertEqual(changes[0]["words"], "/bumps/capa/pricing/discount_value was 20 and is 50 now")
        self.api.must(200, "DELETE", f"/v1/offers/{self.offer}/bumps/capa", {"reason": "Fim"})
        self.assertEqual(self.publish().json["revision"], 3)
        self.assertEqual(self.shown(), [])
        self.assertEqual(self.bumps(second)["capa"]["price_cents"], 2495)

    def test_all_that_is_wrong_is_told_at_once(self):
        target = f"/v1/offers/{self.offer}/bumps"
        wrong = {
            "product_id": GHOST, "display_rules": {"required_products": [self.phone, GHOST], "match": "some"},
            "pricing": {"discount_value": 101}, "colour": "red",
        }  # fmt: skip
        refused = self.api.request("PUT", f"{target}/capa", wrong)
        self.assert_problem(refused, 422, "validation-failed")
        self.assertEqual(
            sorted(refused.pointers),
            ["/colour", "/display_rules/match", "/display_rules/required_products/1", "/pricing/discount_value", "/product_id"],
        )
        self.assert_problem(self.api.request("PUT", f"{target}/-capa", {"product_id": self.case}), 422)
        self.assert_problem(self.api.request("PUT", f"/v1/offers/{GHOST}/bumps/capa", {"product_id": self.case}), 404)
        self.assert_problem(self.api.request("DELETE", f"{target}/capa"), 404)
        euros = self.api.create_product(name="Euro", price_cents=1, currency="EUR")["product_id"]
        self.draft("a", display_rules={"cart_value_min": 2, "cart_value_max": 1, "time_based": {"show_after_seconds": 5, "hide_after_seconds": 5}})
        self.draft("b", product_id=euros, pricing={"time_limited": True})
        refused = self.publish(422, effective_at="2001-01-01T00:00:00Z")
        self.assertEqual(
            sorted(refused.pointers),
            ["/bumps/a/display_rules/cart_value_max", "/bumps/a/display_rules/time_based/hide_after_seconds",
             "/bumps/b/pricing/urgency_timer", "/bumps/b/product_id", "/effective_at"],
        )  # fmt: skip
        there = self.api.request("POST", f"/v1/offers/{self.offer}/revisions", {}, headers={"Accept-Language": "pt-BR"})
        self.assertIn("deve ser no mínimo cart_value_min, 2", str(there.json))
        self.assertEqual(self.api.get(f"/v1/offers/{self.offer}/revisions?at_least={self.head()}").json["items"], [])

    def test_every_condition_is_told_with_what_was_so(self):
        self.draft(display_rules={"cart_value_min": 200_000, "customer_segments": ["vip"], "required_products": [self.phone]})
        self.publish()
        told = self.evaluate(explain=True)
        self.assertEqual((told["cart_value_cents"], told["revision"]), (100_000, 1))
        reasons = {each["rule"]: (each["expected"], each["actual"], each["pass"]) for each in told["bumps"][0]["reasons"]}
        self.assertEqual(reasons["cart_value_min"], (200_000, 100_000, False))
        self.assertEqual(reasons["customer_segments"], (["vip"], [], False))
        self.assertTrue(reasons["required_products"][2] and reasons["offer_active"][2])
        quick = self.evaluate()["bumps"][0]
        self.assertEqual(([each["rule"] for each in quick["reasons"]], quick["show"]), (["cart_value_min"], False))
        many = {"cart": {"lines": [{"product_id": self.phone, "quantity": 2}]}}
        self.assertEqual(self.shown(**many), [])
        self.assertEqual(self.shown(**many, customer={"segments": ["vip"]}), ["capa"])
        buyer = self.api.must(201, "PUT", "/v1/customers", {"email": "vip@example.com", "name": "Ana", "tags": ["vip"]}).json
        self.assertEqual(self.shown(**many, customer=buyer["customer_id"]), ["capa"])
        refused = self.api.post(f"/v1/offers/{self.offer}/bumps/evaluate", {"cart": {"items": [{"product_id": GHOST}]}})
        self.assert_problem(refused, 422, pointers=["/cart/items/0/product_id"])
        self.assert_problem(self.api.post(f"/v1/offers/{GHOST}/bumps/evaluate", {"cart": {}}), 404)

    def test_what_is_sold_out_or_not_for_sale_is_not_offered(self):
        sku = self.api.create_product(name="Película", price_cents=1_000, sku="FILM")["product_id"]
        self.draft("film", product_id=sku)
        self.publish()
        self.api.must(200, "PUT", "/v1/stock/FILM", {"on_hand": 1})
        self.assertEqual(self.shown(), ["film"])
        self.api.must(200, "PUT", "/v1/stock/FILM", {"on_hand": 0})
        self.assertEqual([each["rule"] for each in self.evaluate()["bumps"][0]["reasons"]], ["in_stock"])
        self.api.must(200, "POST", f"/v1/offers/{self.offer}/pause")
        self.assertEqual([each["rule"] for each in self.evaluate()["bumps"][0]["reasons"]], ["offer_active"])


class Buying(Bumped):
    def test_an_accepted_bump_is_bought_at_its_price_and_explained_afterwards(self):
        self.draft(display_rules={"cart_value_min": 100_000})
        self.publish()
        checkout = self.opened(session="s-1")
        before = self.bumps(checkout)["capa"]
        self.assertEqual((before["show"], before["state"], before["full_cents"]), (True, "new", 4_990))
        for _ in range(2):
            self.act(checkout, "displayed", body={"bumps": ["capa"]})
        accepted = self.act(checkout, "capa/accept", body={"price_cents": 3_992}).json
        self.assertEqual((accepted["status"], accepted["total_cents"]), ("accepted", 103_992))
        line = accepted["quote"]["lines"][1]
        self.assertEqual((line["bump"], line["unit_cents"], line["total_cents"]), ("capa", 4_990, 3_992))
        self.assertEqual(sum(each["delta_cents"] for each in accepted["quote"]["stages"]), 103_992)
        again = self.act(checkout, "capa/accept").json
        self.assertEqual((again["version"], again["total_cents"]), (accepted["version"], 103_992))
        after = self.bumps(checkout)["capa"]
        self.assertEqual((after["state"], after["show"], after["accepted_cents"]), ("accepted", False, 3_992))

        self.assertEqual(self.pay(checkout, **CARD).json["total_cents"], 103_992)
        self.assertEqual([each["captured_amount"] for each in self.payments(checkout)], [103_992])
        self.assert_problem(self.act(checkout, "capa/decline", 409), 409, "illegal-transition")

        told = self.receipts(checkout)
        self.assertEqual([each["kind"] for each in told], ["quote", "bump_displayed", "bump_accepted", "quote"])
        shown = told[1]
        self.assertEqual((shown["price_cents"], shown["revision"]), (3_992, 1))
        self.assertEqual(shown["inputs"]["cart"]["value_cents"], 100_000)
        self.assertTrue(all(each["pass"] for each in shown["reasons"]) and len(shown["reasons"]) > 5)
        self.assertEqual(shown["decision"], told[2]["decision"], "the inputs are kept once")
        words = [each["text"] for each in self.receipts(checkout, "?view=buyer")]
        self.assertEqual(
            [each["pt-BR"] for each in words],
            ["O seu pedido somou R$ 1.000,00: R$ 1.000,00 pela tabela.",
             "Oferecemos a você “Capa” por R$ 39,92 em vez de R$ 49,90, porque o seu carrinho somou R$ 1.000,00 ou mais.",
             "Você levou “Capa” por R$ 39,92: este preço fica.",
             "O seu pedido somou R$ 1.039,92: R$ 1.049,90 pela tabela, -R$ 9,98 pelo que você levou junto."],
        )  # fmt: skip
        self.assertEqual(words[2]["en"], "You took “Capa” for R$ 39.92: this price stays.")

    def test_limits_count_what_was_displayed_in_other_checkouts(self):
        self.draft(limits={"per_session": 1})
        self.publish()
        first = self.opened(session="s-1")
        self.act(first, "displayed", body={"bumps": ["capa"]})
        self.assertTrue(self.bumps(first)["capa"]["show"], "of its own checkout it may be shown again")
        second, other = self.opened(session="s-1"), self.opened(session="s-2")
        told = self.bumps(second, "&explain=true")["capa"]
        self.assertFalse(told["show"])
        self.assertIn(("limits.per_session", 1, 1, False), [tuple(each[name] for name in ("rule", "expected", "actual", "pass")) for each in told["reasons"]])
        self.assertTrue(self.bumps(other)["capa"]["show"])
        refused = self.act(second, "displayed", 422, {"bumps": ["capa", "none"]})
        self.assertEqual(sorted(refused.pointers), ["/bumps/0", "/bumps/1"])
        self.assert_problem(self.act(second, "capa/accept", 409), 409, "illegal-transition")
        self.assertEqual(self.shown(context={"session": "s-1"}), [])

    def test_declining_is_kept_and_takes_out_what_was_accepted(self):
        self.draft()
        self.publish()
        checkout = self.opened()
        self.act(checkout, "capa/accept")
        declined = self.act(checkout, "capa/decline").json
        self.assertEqual((declined["status"], declined["total_cents"]), ("declined", 100_000))
        self.assertEqual(self.act(checkout, "capa/decline").json["version"], declined["version"])
        self.assertEqual(self.bumps(checkout)["capa"]["state"], "declined")
        self.assertEqual(self.act(checkout, "capa/accept").json["total_cents"], 103_992)
        self.assert_problem(self.act(checkout, "none/accept", 404), 404)
        self.assert_problem(self.act(checkout, "capa/accept", 422, {"price_cents": -1}), 422, pointers=["/price_cents"])

    def test_another_price_than_was_shown_is_refused(self):
        self.draft()
        self.publish()
        checkout = self.opened()
        self.assert_problem(self.act(checkout, "capa/accept", 409, {"price_cents": 1}), 409, "price-changed")
        self.assertEqual(self.bumps(checkout)["capa"]["state"], "new")

    def test_when_the_cart_does_not_qualify_any_more_the_policy_decides(self):
        ring = self.api.create_product(name="Anel", price_cents=1_000)["product_id"]
        self.offer = self.sell(self.phone, ring)
        both = [{"product_id": self.phone}, {"product_id": ring}]
        for policy, total, kind in (("keep", 104_992 - 1_000, "bump_kept"), ("reprice", 104_990, "bump_repriced"), ("remove", 100_000, "bump_removed")):
            with self.subTest(policy):
                self.draft(display_rules={"required_products": [ring]}, when_unqualified=policy)
                self.publish()
                checkout = self.opened(items=both)
                self.assertEqual(self.act(checkout, "capa/accept").json["total_cents"], 104_992)
                changed = self.api.must(200, "PATCH", f"/v1/checkouts/{checkout}", {"items": both[:1]}).json
                self.assertEqual(changed["total_cents"], total)
                self.assertEqual([each["kind"] for each in self.receipts(checkout)][-2:], [kind, "quote"])
                again = self.api.must(200, "PATCH", f"/v1/checkouts/{checkout}", {"items": both[:1]}).json
                self.assertEqual(again["total_cents"], total)


class Timed(Bumped, OnTestClock):
    def test_what_time_decides_is_told_and_the_timer_never_restarts(self):
        self.draft(
            display_rules={"time_based": {"show_after_seconds": 10, "hide_after_seconds": 600}},
            pricing={"discount_value": 20, "time_limited": True, "urgency_timer": 60},
        )
        self.publish()
        checkout = self.opened()
        before = self.bumps(checkout)["capa"]
        self.assertEqual((before["show"], before["discount_ends_at"]), (False, None))
        self.clock("--advance", "10s")
        shown = self.bumps(checkout)["capa"]
        self.assertEqual((shown["show"], shown["price_cents"]), (True, 3_992))
        self.act(checkout, "displayed", body={"bumps": ["capa"]})
        ends = self.bumps(checkout)["capa"]["discount_ends_at"]
        self.clock("--advance", "30s")
        self.act(checkout, "displayed", body={"bumps": ["capa"]})
        self.assertEqual(self.bumps(checkout)["capa"]["discount_ends_at"], ends)
        self.clock("--advance", "36s")
        self.assertEqual(self.bumps(checkout)["capa"]["price_cents"], 4_990)
        self.assert_problem(self.act(checkout, "capa/accept", 409), 409, "price-changed")
        self.assert_problem(self.act(checkout, "capa/accept", 409, {"price_cents": 3_992}), 409, "price-changed")
        self.assertEqual(self.act(checkout, "capa/accept", body={"price_cents": 4_990}).json["total_cents"], 104_990)

    def test_five_seconds_are_given_to_who_answers_what_is_on_the_screen(self):
        self.draft(display_rules={"time_based": {"hide_after_seconds": 60}})
        self.publish()
        on_time, late = self.opened(), self.opened()
        self.clock("--advance", "63s")
        self.assertFalse(self.bumps(on_time)["capa"]["show"])
        self.assertEqual(self.act(on_time, "capa/accept").json["total_cents"], 103_992)
        self.clock("--advance", "3s")
        self.assert_problem(self.act(late, "capa/accept", 409), 409, "illegal-transition")

    def test_a_revision_counts_from_its_time_on(self):
        now = self.clock()
        self.draft()
        later = (now.replace(microsecond=0)).isoformat().replace("+00:00", "Z").replace("T12", "T14")
        self.publish(effective_at=later)
        early = self.opened()
        self.assertEqual(self.bumps(early), {})
        self.clock("--advance", "3h")
        self.assertEqual(self.shown(), ["capa"])
        wait_until(lambda: self.bumps(self.opened()), "the revision to count")


if __name__ == "__main__":
    main()
