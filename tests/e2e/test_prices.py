"""What buyers are to pay: price lists, coupons, instalments, and quotes with what they are made of."""

import concurrent.futures
import copy
import json
import random

from harness import EndToEnd, main

AT = "2026-12-01T12:00:00Z"
GHOST = "01890000-0000-7000-8000-000000000000"


class Prices(EndToEnd):
    def put(self, target, body, status=200, **more):
        return self.api.must(status, "PUT", target, body, **more).json

    def product(self, price, **more):
        return self.api.create_product(price_cents=price, currency="BRL", **more)

    def offer(self, *products, **more):
        return self.api.must(201, "POST", "/v1/offers", {"name": "Oferta", "currency": "BRL", "products": list(products), **more}).json

    def quote(self, status=200, **body):
        answer = self.api.must(status, "POST", f"/v1/quotes?at_least={self.head()}", {"at": AT, **body})
        if status == 200:
            quote = answer.json
            self.assertEqual(sum(stage["delta_cents"] for stage in quote["stages"]), quote["total_cents"])
            self.assertEqual(sum(line["total_cents"] for line in quote["lines"]) + quote["shipping_cents"] + quote["interest_cents"],
                             quote["total_cents"])  # fmt: skip
        return answer

    def head(self):
        return int(self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"][-1]["position"])

    def faults(self, **body):
        answer = self.quote(422, **body)
        return sorted((fault["pointer"], fault["code"]) for fault in answer.json["errors"])

    def shop(self):
        """A mug at 69.99, of which ten are 10 % off, and a print at 149.95."""
        mug, print_ = self.product(6999, name="Caneca", sku="MUG"), self.product(14995, name="Gravura", sku="PRINT")
        offer = self.offer(
            {"product_id": mug["product_id"], "quantity": 10, "discount": {"type": "percentage", "value": 10}},
            {"product_id": print_["product_id"], "required": False},
        )
        return mug["product_id"], print_["product_id"], offer["offer_id"]

    def test_a_quote_is_made_of_stages_that_sum_to_it(self):
        mug, print_, offer = self.shop()
        quote = self.quote(offer_id=offer).json
        self.assertEqual(quote["total_cents"], 62991)
        self.assertEqual([stage["stage"] for stage in quote["stages"]], ["base", "offer_discount"])
        self.assertEqual(quote["stages"][0], {"stage": "base", "rule": f"product-{mug}", "revision": 1, "line": 0,
                                              "base_cents": 0, "delta_cents": 69990})  # fmt: skip
        self.assertEqual(quote["valid_until"], "2026-12-01T12:15:00Z")
        self.api.must(201, "POST", "/v1/coupons", {"code": "Natal10", "discount": {"type": "percentage", "value": 10}})
        quote = self.quote(offer_id=offer, items=[{"sku": "PRINT", "quantity": 1}], coupon="NATAL10", shipping_cents=1500).json
        self.assertEqual((quote["subtotal_cents"], quote["discount_cents"], quote["total_cents"]), (14995, 1500, 14995))
        self.assertEqual([(stage["stage"], stage["rule"], stage["delta_cents"]) for stage in quote["stages"]],
                         [("base", f"product-{print_}", 14995), ("coupon", "coupon-natal10", -1500), ("shipping", "given", 1500)])  # fmt: skip
        self.assertEqual(quote["lines"][0]["product_id"], print_)

    def test_price_lists_are_set_chosen_and_deleted(self):
        mug, _, offer = self.shop()
        ask = {"offer_id": offer, "items": [{"product_id": mug, "quantity": 12}]}
        first = self.put("/v1/price-lists/atacado", {"currency": "BRL", "entries": [
            {"product_id": mug, "price_cents": 6000}, {"product_id": mug, "min_quantity": 10, "price_cents": 5000}]})  # fmt: skip
        self.assertEqual((first["pricelist_id"], first["status"], first["version"]), ("atacado", "active", 1))
        self.assertEqual(self.quote(**ask).json["lines"][0]["unit_cents"], 5000)
        self.put("/v1/price-lists/festa", {"currency": "BRL", "priority": 5, "valid_to": "2026-12-01T12:10:00Z", "entries": [
            {"product_id": mug, "min_quantity": 2, "price_cents": 5500}]})  # fmt: skip
        quote = self.quote(**ask).json
        self.assertEqual(quote["lines"][0]["unit_cents"], 5500)
        self.assertEqual((quote["stages"][1]["rule"], quote["stages"][1]["revision"]), ("pricelist-festa", 1))
        self.assertEqual(quote["valid_until"], "2026-12-01T12:10:00Z")
        self.assertEqual(self.quote(**{**ask, "at": "2026-12-01T12:10:00Z"}).json["lines"][0]["unit_cents"], 5000)
        self.put("/v1/price-lists/anon", {"currency": "BRL", "segment": "anonymous", "entries": [
            {"product_id": mug, "min_quantity": 2, "price_cents": 100}]})  # fmt: skip
        self.assertEqual(self.quote(**ask).json["lines"][0]["unit_cents"], 100)
        gone = self.api.must(200, "DELETE", "/v1/price-lists/anon").json
        self.assertEqual((gone["status"], gone["version"]), ("deleted", 2))
        self.assert_problem(self.api.request("DELETE", "/v1/price-lists/anon"), 404, "not-found")
        self.assertEqual(self.quote(**ask).json["lines"][0]["unit_cents"], 5500)
        listed = self.api.must(200, "GET", f"/v1/price-lists?at_least={gone['position']}").json["items"]
        self.assertEqual([each["name"] for each in listed], ["festa", "atacado"])
        self.assert_problem(self.api.get("/v1/price-lists/anon"), 404, "not-found")
        one = self.api.must(200, "GET", "/v1/price-lists/atacado")
        self.assertEqual((one.headers["ETag"], one.json["entries"][0]), ('"1"', {"product_id": mug, "min_quantity": 1, "price_cents": 6000}))
        again = self.put("/v1/price-lists/atacado", {"currency": "BRL", "entries": [
            {"product_id": mug, "min_quantity": 1, "price_cents": 6000}, {"product_id": mug, "min_quantity": 10, "price_cents": 5000}]})  # fmt: skip
        self.assertEqual(again["version"], 1, "it is so already")

    def test_the_segments_of_a_customer_are_its_tags(self):
        mug, _, offer = self.shop()
        customer = self.put("/v1/customers", {"email": "ana@example.com", "name": "Ana", "tags": ["revenda"]}, 201)["customer_id"]
        self.put("/v1/price-lists/revenda", {"currency": "BRL", "segment": "revenda", "entries": [{"product_id": mug, "price_cents": 5000}]})
        self.put("/v1/price-lists/novos", {"currency": "BRL", "segment": "anonymous", "entries": [{"product_id": mug, "price_cents": 6500}]})
        unit = lambda **who: self.quote(offer_id=offer, **who).json["lines"][0]["unit_cents"]  # noqa: E731
        self.assertEqual((unit(), unit(customer_id=customer)), (6500, 5000))
        self.api.must(200, "DELETE", f"/v1/customers/{customer}/tags/revenda")
        self.assertEqual(unit(customer_id=customer), 6999)
        self.api.must(200, "POST", f"/v1/customers/{customer}/erase", {"reason": "asked for"})
        self.assertEqual(self.faults(offer_id=offer, customer_id=customer), [("/customer_id", "unknown_customer")])

    def test_what_is_wrong_with_a_price_list_is_told_at_once(self):
        mug, _, _ = self.shop()
        body = {"currency": "XYZ", "priority": -1, "valid_from": "2026-12-02T00:00:00Z", "valid_to": "2026-12-01T00:00:00Z",
                "entries": [{"product_id": mug, "price_cents": 1}, {"product_id": mug, "price_cents": 2}, {"product_id": GHOST, "price_cents": -1}],
                "colour": 1}  # fmt: skip
        answer = self.api.request("PUT", "/v1/price-lists/sale", body)
        self.assert_problem(answer, 422, "validation-failed", pointers=[
            "/currency", "/priority", "/valid_to", "/entries/1", "/entries/2/product_id", "/entries/2/price_cents", "/colour"])  # fmt: skip
        self.assert_problem(self.api.request("PUT", "/v1/price-lists/-a", {"currency": "BRL", "entries": body["entries"][:1]}), 404)

    def test_instalments_are_offered_and_cost_what_they_say(self):
        mug, _, offer = self.shop()
        default = self.api.must(200, "GET", "/v1/installments").json
        self.assertEqual((default["max"], default["status"]), (1, "default"))
        self.put("/v1/price-lists/round", {"currency": "BRL", "entries": [{"product_id": mug, "price_cents": 11111}]})
        ask = {"offer_id": offer, "items": [{"product_id": mug, "quantity": 10}], "payment_method": "credit_card"}
        self.assertEqual(self.quote(**ask).json["total_cents"], 99999)
        made = self.put("/v1/installments", {"max": 12, "interest_free": 3, "monthly_rate_ppm": 29900, "min_installment_cents": 500})
        self.assertEqual(self.api.must(200, "GET", f"/v1/installments?at_least={made['position']}").json["monthly_rate_ppm"], 29900)
        quote = self.quote(**ask).json
        self.assertEqual([each["count"] for each in quote["installments"]], list(range(1, 13)))
        self.assertEqual(quote["installments"][1], {"count": 2, "first_cents": 50000, "each_cents": 49999, "total_cents": 99999,
                                                    "interest_cents": 0, "monthly_rate_ppm": 0})  # fmt: skip
        quote = self.quote(**ask, installments=12).json
        self.assertEqual(quote["stages"][-1]["stage"], "interest")
        self.assertEqual(quote["total_cents"], quote["installments"][-1]["total_cents"])
        self.assertEqual(quote["installments"][-1]["each_cents"] * 12, quote["total_cents"])
        self.assertEqual(self.faults(**ask, installments=13), [("/installments", "out_of_range")])
        self.assertEqual(self.faults(**{**ask, "payment_method": "pix", "installments": 2}), [("/installments", "one_payment")])
        self.assert_problem(self.api.request("PUT", "/v1/installments", {"max": 3, "interest_free": 4}), 422, pointers=["/interest_free"])
        self.assert_problem(self.api.request("PUT", "/v1/installments", {"max": 0}), 422, pointers=["/max"])

    def test_half_a_cent_goes_as_the_books_want_it(self):
        cheap = self.product(25)
        offer = self.offer({"product_id": cheap["product_id"], "discount": {"type": "percentage", "value": 10}})["offer_id"]
        quote = self.quote(offer_id=offer).json
        self.assertEqual((quote["rounding"], quote["discount_cents"]), ("half_away", 3))
        self.put("/v1/rounding", {"rounding": "half_even"})
        quote = self.quote(offer_id=offer).json
        self.assertEqual((quote["rounding"], quote["discount_cents"]), ("half_even", 2))

    def test_a_discount_of_everything_is_a_total_of_nothing(self):
        _, _, offer = self.shop()
        self.api.must(201, "POST", "/v1/coupons", {"code": "tudo", "discount": {"type": "percentage", "value": 100}})
        quote = self.quote(offer_id=offer, coupon="TUDO", payment_method="pix").json
        self.assertEqual((quote["total_cents"], quote["installments"]), (0, []))

    def test_why_a_coupon_cannot_be_had_is_told(self):
        mug, print_, offer = self.shop()
        create = lambda code, **more: self.api.must(201, "POST", "/v1/coupons", {"code": code, "discount": {"type": "fixed", "value": 100}, **more})  # noqa: E731
        create("far", valid_from="2027-01-01T00:00:00Z", min_cart_cents=10**9)
        create("past", valid_to=AT)
        create("other", products=[print_])
        create("gone")
        self.api.must(200, "POST", "/v1/coupons/gone/disable", {})
        ask = {"offer_id": offer}
        self.assertEqual(self.faults(**ask, coupon="FAR"), [("/coupon", "min_cart"), ("/coupon", "not_yet_valid")])
        self.assertEqual(self.faults(**ask, coupon="past"), [("/coupon", "expired")])
        self.assertEqual(self.faults(**ask, coupon="other"), [("/coupon", "other_products")])
        self.assertEqual(self.faults(**ask, coupon="gone"), [("/coupon", "disabled")])
        self.assertEqual(self.faults(**ask, coupon="none"), [("/coupon", "unknown_coupon")])

    def test_every_fault_of_a_question_is_told_at_once_in_both_languages(self):
        mug, _, offer = self.shop()
        body = {"offer_id": offer, "coupon": "none", "customer_id": GHOST, "payment_method": "cash", "installments": 0, "at": "soon",
                "shipping_cents": -1, "colour": 1,
                "items": [{"product_id": GHOST}, {"sku": "MUG", "quantity": 0}, {"product_id": mug}, {}, 7]}  # fmt: skip
        pointers = ["/coupon", "/customer_id", "/payment_method", "/installments", "/at", "/shipping_cents", "/colour",
                    "/items/0/product_id", "/items/1/quantity", "/items/2/product_id", "/items/3/product_id", "/items/4"]  # fmt: skip
        said = []
        for language in ("en", "pt-BR"):
            answer = self.api.post(f"/v1/quotes?at_least={self.head()}", body, headers={"Accept-Language": language})
            self.assert_problem(answer, 422, "validation-failed")
            self.assertEqual(sorted(fault["pointer"] for fault in answer.json["errors"]), sorted(pointers))
            said.append({fault["pointer"]: fault["detail"] for fault in answer.json["errors"]})
        self.assertEqual([pointer for pointer in pointers if said[0][pointer] == said[1][pointer]], [])
        self.assertEqual(self.faults(offer_id=GHOST), [("/offer_id", "unknown_offer")])
        self.assert_problem(self.api.post("/v1/quotes", {}), 422, pointers=["/offer_id"])
        self.assert_problem(self.api.post("/v1/quotes", b"[1]"), 400)
        self.assert_problem(self.api.post("/v1/quotes", b"{"), 400)

    def test_a_reader_may_ask_and_nothing_is_kept(self):
        mug, _, offer = self.shop()
        before = self.head()
        asked = len(self.sandbox.requests())
        key = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)["api_key"]
        reader = self.client(key)
        body = {"offer_id": offer, "at": AT}
        quote = reader.must(200, "POST", f"/v1/quotes?at_least={before}", body)
        self.assertEqual(quote.json["total_cents"], 62991)
        self.assertEqual((self.head(), len(self.sandbox.requests())), (before, asked))
        self.assert_problem(reader.request("PUT", "/v1/installments", {"max": 3}), 403, "forbidden")

    def test_the_same_question_at_the_same_position_has_the_same_bytes(self):
        mug, print_, offer = self.shop()
        self.put("/v1/price-lists/a", {"currency": "BRL", "entries": [{"product_id": mug, "price_cents": 6000}]})
        self.put("/v1/price-lists/b", {"currency": "BRL", "entries": [{"product_id": mug, "price_cents": 6000}]})
        self.api.must(201, "POST", "/v1/coupons", {"code": "c", "discount": {"type": "fixed", "value": 777}})
        self.put("/v1/installments", {"max": 12, "monthly_rate_ppm": 12345})
        ask = {"offer_id": offer, "items": [{"product_id": print_, "quantity": 3}, {"sku": "MUG"}], "coupon": "C", "shipping_cents": 1}
        first = self.quote(**ask)

        def again(_):
            own = self.client(self.api.api_key)
            answers = {own.must(200, "POST", "/v1/quotes", {"at": AT, **ask}).raw for _ in range(20)}
            own.close()
            return answers

        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            self.assertEqual(set().union(*threads.map(again, range(8))), {first.raw})
        self.restart()
        after = self.quote(**ask)
        self.assertEqual((after.raw, after.headers["X-Vitrine-Position"]), (first.raw, first.headers["X-Vitrine-Position"]))

    def test_no_question_breaks_the_server(self):
        mug, print_, offer = self.shop()
        self.api.must(201, "POST", "/v1/coupons", {"code": "c", "discount": {"type": "fixed", "value": 777}})
        self.put("/v1/installments", {"max": 12, "monthly_rate_ppm": 12345})
        self.quote(offer_id=offer)
        whole = {"offer_id": offer, "items": [{"product_id": mug, "quantity": 2}, {"sku": "PRINT"}], "coupon": "c",
                 "payment_method": "credit_card", "installments": 2, "shipping_cents": 100, "at": AT}  # fmt: skip
        chance = random.Random(18)
        odd = [None, True, 0, -1, 10**12, 2**63, 1.5, 1e300, "", "x" * 60, "\u0000", [], {}, [[]], AT, mug, offer, "c", "pix"]
        seen = set()
        for _ in range(600):
            body = copy.deepcopy(whole)
            for _ in range(chance.randrange(1, 4)):
                holder = chance.choice([body, *[each for each in body.get("items") or [] if isinstance(each, dict)]]
                                       if isinstance(body.get("items"), list) else [body])  # fmt: skip
                name = chance.choice([*holder, "quantity", "items", "colour"])
                if chance.random() < 0.3:
                    holder.pop(name, None)
                else:
                    holder[name] = chance.choice(odd)
            answer = self.api.post("/v1/quotes", body)
            self.assertIn(answer.status, (200, 400, 422), (body, answer))
            if answer.status == 422:
                self.assertTrue(answer.json["errors"], body)
            seen.add(answer.status)
        self.assertLessEqual({200, 422}, seen)


if __name__ == "__main__":
    main()
