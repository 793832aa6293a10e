"""Checkouts as a buyer goes through them: cards, Pix and boletos, what is declined, what is undone, where the money is."""

import subprocess
import uuid

from harness import VITRINE, EndToEnd, Later as Request, main, wait_until
from test_webhooks import Hooked

CARD = {"method": "credit_card", "card_token": "tok_approved_0001"}
BUYER = {"email": "maria@example.com", "name": "Maria Souza"}
SUMS = ("fulfilled_cents", "held_cents", "refunding_cents", "refunded_cents", "blocked_cents")


class Shop(EndToEnd):
    def offer_of(self, sku=None, price=2990, on_hand=None, currency="BRL"):
        fields = {"name": "Curso", "price_cents": price, "currency": currency, "type": "digital"}
        if sku:
            fields["sku"] = sku
        product = self.api.create_product(**fields)
        if sku and on_hand is not None:
            self.api.must(200, "PUT", f"/v1/stock/{sku}", {"on_hand": on_hand})
        line = {"product_id": product["product_id"], "quantity": 1}
        slug = f"curso-{uuid.uuid4().hex}"  # several tenants may be one seller on the platform
        body = {"name": "Curso", "slug": slug, "currency": currency, "products": [line], "activate": True}
        return self.api.must(201, "POST", "/v1/offers", body).json["offer_id"]

    def open(self, offer, status=201, headers=None, **more):
        body = {"offer_id": offer, "customer": BUYER, **more}

        def ask():
            answer = self.api.request("POST", "/v1/checkouts", body, headers=headers or {})
            # The prices of an offer that was made a moment ago come with the read model.
            late = answer.status == 422 and any(
                fault["code"] in ("unknown_offer", "not_ready", "not_active") for fault in answer.json.get("errors", [])
            )
            return None if late else answer

        answer = wait_until(ask, "the offer to be priced")
        self.assertEqual(answer.status, status, answer)
        return answer

    def pay(self, checkout, status=200, headers=None, **terms):
        return self.api.must(status, "POST", f"/v1/checkouts/{checkout}/pay", terms or CARD, headers=headers or {})

    def read(self, checkout, **wanted):
        def look():
            found = self.api.must(200, "GET", f"/v1/checkouts/{checkout}").json
            return found if all(found.get(name) == value for name, value in wanted.items()) else None

        return wait_until(look, f"the checkout to be {wanted}")

    def saga(self, checkout):
        return self.api.must(200, "GET", f"/v1/checkouts/{checkout}/saga").json

    def steps(self, checkout):
        return {step["step"]: step["outcome"] for step in self.saga(checkout)["steps"]}

    def money(self):
        items = self.api.must(200, "GET", "/v1/money").json["items"]
        for item in items:
            self.assertEqual(item["captured_cents"], sum(item[name] for name in SUMS))
        return items

    def payments(self, checkout):
        return [each for each in self.sandbox.state("payments") if each["metadata"]["saga_id"] == checkout]

    def figures(self, sku):
        found = self.api.must(200, "GET", f"/v1/stock/{sku}").json
        return tuple(found[name] for name in ("on_hand", "reserved", "allocated"))

    def is_settled(self, checkout):
        wait_until(lambda: self.saga(checkout)["state"] == "done", "the saga to end")


class Cards(Shop):
    def test_a_card_is_charged_once_and_the_order_completed_in_one_call(self):
        offer = self.offer_of("CUP-1", on_hand=5)
        opened = self.open(offer).json
        self.assertEqual((opened["status"], opened["quote"]["total_cents"]), ("opened", 2990))
        self.assertEqual(self.figures("CUP-1"), (5, 0, 0))
        paid = self.pay(opened["checkout_id"], headers={"Idempotency-Key": "p1"}).json
        self.assertEqual((paid["status"], paid["total_cents"]), ("completed", 2990))
        checkout = opened["checkout_id"]
        self.is_settled(checkout)
        payment = self.payments(checkout)
        self.assertEqual([(each["status"], each["captured_amount"]) for each in payment], [("paid", 2990)])
        order = self.sandbox.state("orders", _id=paid["order_id"])
        self.assertEqual([(each["transaction_id"], each["total_amount"]) for each in order], [(payment[0]["_id"], 2990)])
        self.assertEqual(order[0]["metadata"]["saga_id"], checkout)
        wait_until(lambda: self.figures("CUP-1") == (4, 0, 0), "the goods to be taken out")
        self.assertEqual(self.pay(checkout, headers={"Idempotency-Key": "p1"}).json, paid)
        self.assertEqual(self.pay(checkout).json["status"], "completed")
        self.assertEqual(len(self.payments(checkout)), 1)
        read = self.read(checkout, status="completed")
        self.assertEqual((read["order_id"], read["captured_cents"], read["fulfilled_cents"]), (paid["order_id"], 2990, 2990))
        self.assertEqual(self.money()[0]["fulfilled_cents"], 2990)
        names = [step["step"] for step in self.saga(checkout)["steps"]]
        self.assertEqual(
            names, ["reserve", "customer", "checkout", "authorize", "confirm", "capture", "complete", "fulfil"]
        )

    def test_with_pay_the_whole_runs_in_one_call(self):
        answer = self.open(self.offer_of(), pay=CARD).json
        self.assertEqual((answer["status"], answer["quote"]["total_cents"]), ("completed", 2990))
        self.assertTrue(answer["order_id"] and answer["checkout_url"])

    def test_a_declined_card_is_402_three_times_at_most_and_nothing_is_charged(self):
        checkout = self.open(self.offer_of("DEC-1", on_hand=1)).json["checkout_id"]
        for token, code, retryable in (
            ("tok_insufficient_1", "insufficient_funds", True),
            ("tok_declined_01", "card_declined", False),
        ):
            answer = self.pay(checkout, 402, method="credit_card", card_token=token)
            self.assert_problem(answer, 402, "payment-declined")
            self.assertEqual((answer.json["code"], answer.json["retryable"]), (code, retryable))
        self.assertEqual(self.figures("DEC-1"), (1, 1, 0))
        self.read(checkout, decline_code="card_declined")
        self.assertRegex(self.api.get("/metrics").raw.decode(), r'vitrine_checkouts_declined\{code="card_declined"\} [1-9]')
        self.assertEqual(self.read(checkout, status="declined")["captured_cents"], 0)
        self.pay(checkout, 402, method="credit_card", card_token="tok_declined_02")
        self.read(checkout, status="failed")
        self.is_settled(checkout)
        wait_until(lambda: self.figures("DEC-1") == (1, 0, 0), "the stock to be free")
        self.assertEqual([each["status"] for each in self.sandbox.state("checkouts") if each["metadata"].get("saga_id") == checkout], ["cancelled"])
        self.assertEqual({each["captured_amount"] for each in self.payments(checkout)}, {0})
        self.assert_problem(self.pay(checkout, 409), 409, "illegal-transition")

    def test_what_is_not_there_is_told_before_money_moves(self):
        offer = self.offer_of("ONE-1", on_hand=1)
        first, second = (self.open(offer).json["checkout_id"] for _ in range(2))
        self.pay(first)
        self.assert_problem(self.pay(second, 409), 409, "out-of-stock")
        self.assertEqual(self.payments(second), [])

    def test_numbers_of_cards_are_refused_anywhere_and_kept_nowhere(self):
        offer = self.offer_of()
        number = "4111 1111 1111 1111"
        for more in ({"session": number}, {"pay": {"method": "credit_card", "card_token": "4111111111111111"}}):
            answer = self.api.post("/v1/checkouts", {"offer_id": offer, "customer": BUYER, **more})
            self.assert_problem(answer, 422, "card-data-not-accepted")
        self.assert_problem(
            self.api.post("/v1/checkouts", {"offer_id": offer, "utm": {"source": number}}), 422, "card-data-not-accepted"
        )
        checkout = self.open(offer).json["checkout_id"]
        answer = self.pay(checkout, 422, method="credit_card", card_token="4111-1111-1111-1111")
        self.assert_problem(answer, 422, "card-data-not-accepted")
        self.assertNotIn(b"1111", answer.raw)

    def test_a_refund_goes_back_in_parts_and_never_above_what_was_charged(self):
        checkout = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        refund = {"amount_cents": 1000, "reason": "defeito"}
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/refunds", refund)
        self.read(checkout, refunded_cents=1000, refunding_cents=0)
        answer = self.api.post(f"/v1/checkouts/{checkout}/refunds", {"amount_cents": 1991, "reason": "mais"})
        self.assert_problem(answer, 422, "validation-failed", ["/amount_cents"])
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/refunds", {"reason": "resto"})
        self.read(checkout, refunded_cents=2990, fulfilled_cents=0)
        self.assertEqual([each["refunded_amount"] for each in self.payments(checkout)], [2990])
        self.money()

    def test_a_refund_goes_back_by_line_and_the_order_says_so(self):
        offer = self.offer_of("LIN-1", price=1000, on_hand=9)
        checkout = self.open(offer, items=[{"sku": "LIN-1", "quantity": 3}], shipping_cents=500, pay=CARD).json
        path = f"/v1/checkouts/{checkout['checkout_id']}"
        answer = self.api.post(path + "/refunds", {"lines": [{"line": 1}, {"line": 0, "quantity": 4}], "reason": "x"})
        self.assert_problem(answer, 422, "validation-failed", ["/lines/0/line", "/lines/1/quantity"])
        both = {"lines": [{"line": 0}], "amount_cents": 1, "reason": "x"}
        self.assert_problem(self.api.post(path + "/refunds", both), 422, "validation-failed", ["/amount_cents"])
        one = self.api.must(200, "POST", path + "/refunds", {"lines": [{"line": 0, "quantity": 1}], "reason": "defeito"}).json
        self.assertEqual(one["amount_cents"], 1000)
        read = self.read(checkout["checkout_id"], refunded_cents=1000)
        self.assertEqual(read["refunds"][0]["lines"], [{"line": 0, "amount_cents": 1000, "quantity": 1}])
        self.api.must(200, "POST", path + "/refunds", {"reason": "o resto"})
        self.read(checkout["checkout_id"], refunded_cents=3500, fulfilled_cents=0)

        def refunded():
            order = self.api.request("GET", f"/v1/orders/{checkout['order_id']}")
            return order.json if order.status == 200 and order.json["refunded_cents"] == 3500 else None

        order = wait_until(refunded, "the order to be given back")
        self.assertEqual((order["status"], order["lines"][0]["refunded_cents"]), ("refunded", 3000))

    def test_a_completed_checkout_is_an_order_and_counts_in_sales(self):
        offer = self.offer_of("OWN-1", price=700, on_hand=9)
        checkout = self.open(offer, utm={"source": "news"}, pay=CARD).json

        def told():
            answer = self.api.request("GET", f"/v1/orders/{checkout['order_id']}")
            return answer.json if answer.status == 200 else None

        order = wait_until(told, "the order to be known")
        self.assertEqual((order["status"], order["total_cents"], order["source"]), ("completed", 700, "checkout"))
        self.assertEqual((order["offer_id"], order["customer_id"]), (offer, checkout["customer_id"]))
        self.assertEqual([(line["sku"], line["amount_cents"]) for line in order["lines"]], [("OWN-1", 700)])
        listed = self.api.must(200, "GET", f"/v1/customers/{checkout['customer_id']}/orders").json["items"]
        self.assertIn(checkout["order_id"], [each["clubify_order_id"] for each in listed])
        sales = self.api.must(200, "GET", f"/v1/offers/{offer}/sales").json
        self.assertEqual([(each["orders"], each["revenue_cents"]) for each in sales["totals"]], [(1, 700)])

    def test_checkouts_are_listed_by_buyer_offer_and_day(self):
        offer, other = self.offer_of(), self.offer_of()
        first = self.open(offer, pay=CARD).json
        second = self.open(other, pay=CARD).json
        self.read(second["checkout_id"], status="completed")
        buyer = first["customer_id"]

        def listed(**parameters):
            query = "&".join(f"{name}={value}" for name, value in parameters.items())
            return [each["checkout_id"] for each in self.api.must(200, "GET", f"/v1/checkouts?{query}").json["items"]]

        self.assertEqual(listed(customer_id=buyer, offer_id=offer), [first["checkout_id"]])
        self.assertEqual(set(listed(customer_id=buyer)) >= {first["checkout_id"], second["checkout_id"]}, True)
        self.assertEqual(listed(offer_id=other, **{"from": "2020-01-01"}), [second["checkout_id"]])
        self.assertEqual(listed(offer_id=offer, to="2020-01-01", **{"from": "2019-01-01"}), [])
        self.assert_problem(self.api.get("/v1/checkouts?from=ontem"), 422, "validation-failed", ["/from"])

    def test_whatever_the_gateway_does_a_card_is_charged_once(self):
        for number, (path, fault) in enumerate(
            (
                ("/payments", {"drop": "after"}),
                ("/payments", {"status": 503, "effect": True}),
                ("/payments", {"status": 503}),
                ("/payments/*/capture", {"drop": "after"}),
                ("/checkout/sessions", {"drop": "after"}),
                ("/checkout/*/complete", {"drop": "after"}),
            )
        ):
            with self.subTest(path=path, fault=fault):
                offer = self.offer_of(f"F-{number}", on_hand=1)
                checkout = self.open(offer).json["checkout_id"]
                self.sandbox.faults({"method": "POST", "path": path, "times": 1, "action": fault})
                answer = self.api.request("POST", f"/v1/checkouts/{checkout}/pay", CARD)
                self.assertIn(answer.status, (200, 202), answer)
                self.read(checkout, status="completed")
                self.is_settled(checkout)
                self.assertEqual([each["captured_amount"] for each in self.payments(checkout)], [2990])
                self.assertEqual(self.figures(f"F-{number}"), (0, 0, 0))


class Killed(Shop):
    server_flags = ("--clubify-settle", "3s")

    def test_a_request_that_arrives_after_the_server_is_back_charges_nobody_twice(self):
        for path, found in (("/payments", "authorize"), ("/checkout/sessions", "checkout")):
            checkout = self.open(self.offer_of()).json["checkout_id"]
            slow = {"method": "POST", "path": path, "action": {"delay_ms": 1500}, "times": 1}
            self.sandbox.faults(slow)
            paying = Request(lambda: self.api.request("POST", f"/v1/checkouts/{checkout}/pay", CARD))
            wait_until(lambda: self.rules_left() == 0, f"{found} to be on its way")
            self.restart()
            paying.join()
            self.read(checkout, status="completed")
            self.wait_for_what_is_slow()
            self.assertEqual([each["captured_amount"] for each in self.payments(checkout)], [2990])
            sessions = [each for each in self.sandbox.state("checkouts") if each["metadata"].get("saga_id") == checkout]
            self.assertEqual(len(sessions), 1)

    def wait_for_what_is_slow(self):
        """What begins later and is as slow is answered later."""
        self.sandbox.no_faults()
        self.sandbox.faults({"method": "GET", "path": "/payments/none", "action": {"delay_ms": 1500}})
        self.sandbox.http.request("GET", "/api/v1/payments/none")
        self.sandbox.no_faults()

    def rules_left(self):
        return sum(rule.get("times", 1) for rule in self.sandbox.control("GET", "/faults")["rules"])


class Disputes(Hooked, Shop):
    def told(self, checkout, payment, act, blocked):
        """What is fulfilled, refunded and blocked after the act was told by webhook."""
        self.sandbox.control("POST", f"/payments/{payment['_id']}", {"act": act})
        answer = self.deliver(self.event(f"payment.{act}", f"evt_{act}_{checkout}", metadata={"saga_id": checkout}))
        self.assertEqual(answer.status, 200, answer)
        read = self.read(checkout, blocked_cents=blocked)
        self.money()
        return read["fulfilled_cents"], read["refunded_cents"]

    def at_risk(self):
        items = self.api.must(200, "GET", "/v1/money/at-risk").json["items"]
        return [(item["checkout_id"], item["step"], item["amount_cents"]) for item in items]

    def disputed(self):
        checkout = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        self.read(checkout, status="completed")
        payment = self.payments(checkout)[0]
        self.assertEqual(self.told(checkout, payment, "chargeback", 2990), (0, 0))
        self.assertEqual(self.at_risk(), [(checkout, "dispute", 2990)])
        return checkout, payment

    def test_a_dispute_is_blocked_until_the_bank_decides(self):
        for act, sums in (("pay", (2990, 0)), ("fail", (0, 2990))):
            checkout, payment = self.disputed()
            self.assertEqual(self.told(checkout, payment, act, 0), sums)
            self.assertEqual(self.at_risk(), [])

    def test_a_person_who_knows_that_a_dispute_is_lost_says_so(self):
        checkout, _ = self.disputed()
        path = f"/v1/checkouts/{checkout}/resolve"
        loss = {"step": "dispute", "action": "accept_loss", "evidence": "extrato"}
        self.assert_problem(self.api.post(path, loss), 422, "validation-failed", ["/action"])
        self.api.must(200, "POST", path, {**loss, "action": "retry"})
        self.assertEqual(self.at_risk(), [(checkout, "dispute", 2990)])
        metrics = self.api.get("/metrics").raw.decode()
        self.assertRegex(metrics, r'vitrine_checkouts_waiting\{step="dispute"\} [1-9]')
        self.assertRegex(metrics, r'vitrine_money_at_risk_cents\{currency="BRL"\} [1-9]')
        self.api.must(200, "POST", path, {**loss, "action": "done", "evidence": "carta do banco"})
        self.assertEqual(self.read(checkout, blocked_cents=0)["refunded_cents"], 2990)
        self.assertEqual(self.at_risk(), [])


class Later(Shop):
    server_flags = ("--test-clock", "2036-12-01T12:00:00Z")

    def advance(self, span):
        self.server.cli("clock", "--advance", span, check=0)

    def act(self, payment, act):
        return self.sandbox.control("POST", f"/payments/{payment['_id']}", {"act": act})

    def test_a_pix_waits_for_its_money_and_completes_when_it_is_asked_about(self):
        checkout = self.open(self.offer_of("PIX-1", on_hand=2)).json["checkout_id"]
        asked = self.pay(checkout, method="pix").json
        self.assertEqual(asked["status"], "pending_payment")
        self.assertTrue(asked["pix"]["qr_code"].startswith("000201"))
        self.assertTrue(asked["pix"]["qr_code_svg"].startswith("<svg "))
        self.assertEqual(self.pay(checkout, method="pix").json["pix"], asked["pix"])
        self.assertEqual(self.figures("PIX-1"), (2, 1, 0))
        self.act(self.payments(checkout)[0], "pay")
        self.advance("2m")
        self.read(checkout, status="completed")
        self.assertEqual(self.figures("PIX-1"), (1, 0, 0))
        self.money()

    def test_a_pix_that_nobody_pays_expires_and_what_it_held_is_free(self):
        checkout = self.open(self.offer_of("PIX-2", on_hand=1)).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.advance("2h")
        self.read(checkout, status="expired")
        self.assertEqual([each["status"] for each in self.payments(checkout)], ["voided"])
        self.assertEqual(self.figures("PIX-2"), (1, 0, 0))
        self.assert_problem(self.pay(checkout, 410, method="pix"), 410, "checkout-expired")

    def test_a_boleto_says_how_it_is_paid_and_what_is_cancelled_is_undone(self):
        checkout = self.open(self.offer_of("BOL-1", on_hand=1)).json["checkout_id"]
        asked = self.pay(checkout, method="boleto").json
        self.assertEqual(len(asked["boleto"]["line"]), 47)
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/cancel", {"reason": "desistiu"})
        self.read(checkout, status="cancelled")
        self.is_settled(checkout)
        self.assertEqual([each["status"] for each in self.payments(checkout)], ["voided"])
        self.assertEqual(self.figures("BOL-1"), (1, 0, 0))

    def test_a_boleto_is_given_back_by_a_person(self):
        checkout = self.open(self.offer_of()).json["checkout_id"]
        self.pay(checkout, method="boleto")
        self.act(self.payments(checkout)[0], "pay")
        self.advance("6h")
        self.read(checkout, status="completed")
        asked = self.api.must(200, "POST", f"/v1/checkouts/{checkout}/refunds", {"reason": "desistiu"}).json
        step = f"refund-{asked['refund_id']}"
        self.read(checkout, blocked_cents=2990, refunded_cents=0)
        risk = self.api.must(200, "GET", "/v1/money/at-risk").json["items"]
        self.assertIn((checkout, step, 2990), [(each["checkout_id"], each["step"], each["amount_cents"]) for each in risk])
        decision = {"step": step, "action": "done", "evidence": "transferência 4711"}
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/resolve", decision)
        self.read(checkout, blocked_cents=0, refunded_cents=2990, fulfilled_cents=0)
        self.assertEqual([each["refunded_amount"] for each in self.payments(checkout)], [0])
        self.money()

    def test_money_that_comes_after_the_end_wins(self):
        checkout = self.open(self.offer_of("LATE-1", on_hand=1)).json["checkout_id"]
        self.pay(checkout, method="pix")
        payment = self.payments(checkout)[0]
        self.sandbox.faults({"method": "POST", "path": "/payments/*/void", "action": {"status": 503}})
        self.advance("2h")
        self.read(checkout, status="expired")
        self.act(payment, "pay")
        self.sandbox.no_faults()
        self.advance("1h")
        read = self.read(checkout, status="completed")
        self.assertEqual((read["captured_cents"], read["fulfilled_cents"]), (2990, 2990))
        self.assertEqual(self.figures("LATE-1"), (0, 0, 0))

    def test_a_price_that_changed_is_told_before_money_moves(self):
        offer = self.offer_of(price=1000)
        checkout = self.open(offer).json["checkout_id"]
        product = self.api.must(200, "GET", f"/v1/offers/{offer}").json["products"][0]["product_id"]
        changed = self.api.must(200, "PATCH", f"/v1/products/{product}", {"price_cents": 1500}).json
        self.advance("20m")
        self.api.must(200, "GET", f"/v1/checkouts?at_least={changed['position']}")
        self.assert_problem(self.pay(checkout, 409), 409, "price-changed")
        self.assertEqual(self.payments(checkout), [])
        quoted = self.api.must(200, "PATCH", f"/v1/checkouts/{checkout}", {}).json
        self.assertEqual(quoted["total_cents"], 1500)
        self.assertEqual(self.pay(checkout).json["total_cents"], 1500)

    def test_an_order_that_the_platform_will_not_complete_waits_for_a_person(self):
        checkout = self.open(self.offer_of("REV-1", on_hand=1)).json["checkout_id"]
        self.sandbox.faults({"method": "POST", "path": "/checkout/*/complete", "action": {"status": 400}})
        self.assertEqual(self.pay(checkout).json["status"], "review")
        self.read(checkout, status="review", blocked_cents=2990)
        risk = self.api.must(200, "GET", "/v1/money/at-risk").json["items"]
        self.assertEqual([(each["checkout_id"], each["step"], each["amount_cents"]) for each in risk], [(checkout, "complete", 2990)])
        self.sandbox.no_faults()
        decision = {"step": "complete", "action": "retry", "evidence": "a plataforma voltou"}
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/resolve", decision)
        self.read(checkout, status="completed", blocked_cents=0)
        self.assertEqual(len(self.payments(checkout)), 1)


class Explorer(Shop):
    def test_every_step_killed_failed_and_told_twice_loses_no_cent(self):
        tried = subprocess.run([VITRINE, "saga", "explore"], capture_output=True, text=True, check=True).stdout
        self.assertRegex(tried, r"[0-9]{5} cases, none violated")

    def test_the_steps_of_one_are_shown(self):
        checkout = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        self.is_settled(checkout)
        shown = self.server.cli("saga", "show", checkout, "--tenant", self.tenant, check=0).stdout
        for step in ("customer", "authorize", "capture", "complete"):
            self.assertIn(step, shown)


if __name__ == "__main__":
    main()
