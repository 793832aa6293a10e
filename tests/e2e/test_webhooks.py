"""What the platform sends: signed, kept once, counted as sales."""

import hashlib
import hmac
import json
import time

from harness import EndToEnd, main

SECRET = "whsec_0123456789abcdef0123456789abcdef"


class Hooked(EndToEnd):
    """Its tenant's webhooks are signed with SECRET."""

    def setUp(self):
        super().setUp()
        answer = self.server.cli(
            "tenant", "add", f"hooked-{self.tenant}", "--clubify-api-key", "clb_test_" + "a" * 32,
            "--clubify-tenant-id", "a" * 24, "--webhook-secret", "-", stdin=SECRET, check=0,
        )  # fmt: skip
        self.tenant = f"hooked-{self.tenant}"
        self.api = self.client(json.loads(answer.stdout)["api_key"])

    def deliver(self, body, secret=SECRET, at=None, tenant=None, **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        sent = {"X-Clubify-Signature": signature, "X-Clubify-Timestamp": str(int(at or time.time())), **headers}
        return self.api.request("POST", f"/v1/webhooks/clubify/{tenant or self.tenant}", raw,
                                headers={k: v for k, v in sent.items() if v is not None})  # fmt: skip

    def event(self, name, id_, **data):
        return {"id": id_, "event": name, "timestamp": int(time.time()), "data": data}

    def types(self):
        return [event["type"] for event in self.api.must(200, "GET", "/v1/events?from=1").json["events"]]

    def position(self):
        return self.api.must(200, "GET", "/v1/events?from=1").json["next_position"] - 1


class Webhooks(Hooked):
    def test_an_order_becomes_an_event_and_a_sale(self):
        offer = self.api.create_offer()
        shared = {"offerId": offer["clubify_offer_id"], "total": 19900, "currency": "BRL",
                  "metadata": {"utm_source": "google"}}  # fmt: skip
        for id_, name, order in (("evt_1", "order.paid", "o1"), ("evt_2", "order.completed", "o1"),
                                 ("evt_3", "order.completed", "o2")):  # fmt: skip
            answer = self.deliver(self.event(name, id_, orderId=order, **shared))
            self.assertEqual((answer.status, answer.json), (200, {"status": "accepted", "delivery_id": id_}))
        answer = self.deliver(self.event("order.refunded", "evt_4", orderId="o2", refund_amount=900))
        position = self.api.must(200, "GET", "/v1/events?from=1").json["next_position"] - 1
        sales = self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}/sales?period=today&at_least={position}").json
        figures = {"orders": 2, "revenue_cents": 39800, "refunds": 1, "refunded_cents": 900, "net_cents": 38900}
        self.assertEqual(sales["totals"], [{"currency": "BRL", **figures}])
        self.assertEqual(len(sales["days"]), 1)
        self.assertEqual(sales["days"][0]["by_source"], [{"source": "google", **figures}])
        everything = self.api.must(200, "GET", f"/v1/sales?period=today&at_least={position}").json
        self.assertEqual(everything["days"], sales["days"])
        self.assertEqual(self.types().count("ClubifyWebhookReceived"), 4)

    def test_what_sold_most_is_true_over_everything_and_lists_are_sorted_by_it(self):
        offers = [self.api.create_offer(name=f"Oferta {number}") for number in range(4)]
        for number, (offer, cents) in enumerate(zip(offers, (100, 300, 600))):
            self.deliver(self.event("order.paid", f"evt_{number}", orderId=f"o{number}", total=cents,
                                    currency="BRL", offerId=offer["clubify_offer_id"]))  # fmt: skip
        position = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["next_position"] - 1
        best = self.api.must(200, "GET", f"/v1/analytics/best-sellers?by=offer&limit=2&at_least={position}").json
        self.assertEqual([(item["name"], item["revenue_cents"], item["share"]) for item in best["items"]],
                         [("Oferta 2", 600, 0.6), ("Oferta 1", 300, 0.3)])  # fmt: skip
        self.assertEqual([(total["currency"], total["revenue_cents"]) for total in best["totals"]], [("BRL", 1000)])
        self.assertEqual(self.api.must(200, "GET", "/v1/analytics/best-sellers?period=today").json["items"],
                         self.api.must(200, "GET", "/v1/analytics/best-sellers").json["items"])  # fmt: skip
        link = self.api.must(200, "GET", "/v1/analytics/best-sellers?limit=2").headers["Link"]
        rest = self.api.must(200, "GET", link[1 : link.index(">")]).json
        self.assertEqual([(item["name"], item["share"]) for item in rest["items"]], [("Oferta 0", 0.1)])
        self.assertIsNone(rest["next_cursor"])
        refused = self.api.get("/v1/analytics/best-sellers?by=product&limit=0&from=2026-02-30")
        self.assert_problem(refused, 422, "validation-failed")
        self.assertEqual({fault["pointer"] for fault in refused.json["errors"]}, {"/by", "/limit", "/from"})

        for sort, wanted in (("-revenue_cents", [600, 300, 100, 0]), ("revenue", [0, 100, 300, 600])):
            paged, target = [], f"/v1/offers?sort={sort}&limit=3&at_least={position}"
            while target:
                page = self.api.must(200, "GET", target)
                paged += [item["revenue_cents"] for item in page.json["items"]]
                link = page.headers["Link"]
                target = link and link[1 : link.index(">")]
            self.assertEqual(paged, wanted)
        page = self.api.must(200, "GET", "/v1/offers?sort=-revenue_cents&from=2001-01-01&to=2001-01-31").json
        self.assertEqual((page["from"], page["to"]), ("2001-01-01", "2001-01-31"))
        self.assertEqual({item["revenue_cents"] for item in page["items"]}, {0})

        sales = self.api.must(200, "GET", f"/v1/offers/{offers[0]['offer_id']}/sales?period=7_days").json
        self.assertEqual((sales["name"], len(sales["days"])), ("Oferta 0", 7))
        self.assertEqual(sales["days"][-1]["day"], sales["to"])
        self.assertEqual((sales["first_day"], sales["last_day"]), (sales["to"], sales["to"]))
        analytics = self.api.must(200, "GET", f"/v1/offers/{offers[0]['offer_id']}/analytics?period=7_days").json
        self.assertEqual((analytics["from"], analytics["to"]), (sales["from"], sales["to"]))
        self.assertEqual(analytics["sales"]["days"], sales["days"])
        self.assertIs(analytics["live"]["same_period"], False)
        for target in ("/v1/sales", f"/v1/offers/{offers[0]['offer_id']}/analytics"):
            self.assertEqual(self.api.get(f"{target}?from=2026-03-02&to=2026-03-01").status, 422)

    def test_the_bytes_are_kept_as_they_came(self):
        raw = '{"event" : "test","timestamp":1697472000, "data":{"é":"\\u00e9"},"id":"evt_raw"}'.encode()
        self.assertEqual(self.deliver(raw).json["status"], "ignored")
        kept = self.api.must(200, "GET", "/v1/events?category=webhook&people=true").json["events"][0]["data"]
        self.assertEqual(kept["raw"].encode(), raw)
        shown = self.api.must(200, "GET", "/v1/events?category=webhook").json["events"][0]["data"]
        self.assertEqual(shown["raw"], {"sealed": True})
        told = self.api.must(200, "GET", "/v1/events?category=people").json["events"][0]
        self.assertEqual((told["type"], told["data"]["by"]), ("PeopleShown", "feed"))
        self.assertEqual(kept["ignored"], "no event of ours comes of test")

    def test_a_delivery_is_kept_once(self):
        event = self.event("order.paid", "evt_same", orderId="o1", total=1)
        self.assertEqual(self.deliver(event).json["status"], "accepted")
        event["metadata"] = {"attempt": 2}
        self.assertEqual(self.deliver(event).json["status"], "duplicate")
        self.restart()
        self.assertEqual(self.deliver(event).json["status"], "duplicate")
        self.assertEqual(self.types(), ["ClubifyWebhookReceived", "ClubifyOrderPaid"])

    def refund(self, id_, **data):
        """Told now and again later: another timestamp, another attempt, other bytes."""
        body = self.event("order.refunded", id_, **data)
        if id_ is None:
            del body["id"]
        first = self.deliver(body)
        self.assertEqual(first.json["status"], "accepted", first)
        again = {"metadata": {"attempt": 2}, **dict(reversed(body.items())), "timestamp": body["timestamp"] + 7}
        answer = self.deliver(json.dumps(again, indent=1).encode())
        self.assertEqual(answer.json, {**first.json, "status": "duplicate"})

    def sales(self):
        totals = self.api.must(200, "GET", f"/v1/sales?period=today&at_least={self.position()}").json["totals"]
        return {each["currency"]: (each["orders"], each["revenue_cents"], each["refunded_cents"]) for each in totals}

    def test_a_retry_counts_once_whatever_its_id_is(self):
        self.deliver(self.event("order.paid", "evt_1", orderId="o1", total=10000, currency="BRL"))
        for number, id_ in enumerate((17, "", " ", None, "evento nº 1", "x" * 500, [], 1.5), 1):
            with self.subTest(id_):
                self.refund(id_, orderId="o1", refund_amount=number)
        self.assertEqual(self.sales(), {"BRL": (1, 10000, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8)})

    def test_the_order_and_its_payment_tell_one_settlement_and_one_refund(self):
        payment = {"id": "p1", "order_id": "o1", "amount": 1000, "currency": "brl"}
        for id_, name, data in (
            (1, "payment.refunded", {**payment, "refund_amount": 300}),
            (2, "payment.paid", payment),
            (3, "order.refunded", {"orderId": "o1", "refund_amount": 200}),
            (4, "order.refunded", {"orderId": "o1", "refund_amount": 300}),
            (5, "order.paid", {"orderId": "o1", "total": 1000.0}),
        ):
            self.assertEqual(self.deliver(self.event(name, id_, **data)).json["status"], "accepted")
        self.assertEqual(self.sales(), {"BRL": (1, 1000, 500)})

    def test_an_order_without_a_currency_has_that_of_its_offer(self):
        offer = self.api.create_offer(currency="EUR")
        self.api.must(200, "GET", f"/v1/sales?at_least={offer['position']}")
        order = {"orderId": "o1", "total": 500, "offerId": offer["clubify_offer_id"]}
        self.assertNotIn("reason", self.deliver(self.event("order.paid", "evt_1", **order)).json)
        strange = self.deliver(self.event("order.paid", "evt_2", orderId="o2", total=7)).json
        self.assertEqual(strange["status"], "accepted")
        self.assertIn("currency", strange["reason"])
        self.assertEqual(self.sales(), {"EUR": (1, 500, 0), None: (1, 7, 0)})
        listed = self.api.must(200, "GET", f"/v1/webhooks?outcome=unclear&at_least={self.position()}").json["items"]
        self.assertEqual([(each["delivery_id"], each["taken"]) for each in listed], [("evt_2", True)])

    def test_what_is_not_understood_is_kept_marked_counted_and_listed(self):
        def unclear():
            text = self.api.must(200, "GET", "/metrics").raw.decode()
            return float(next(line.split()[-1] for line in text.splitlines()
                              if line.startswith("vitrine_webhooks_unclear_total ")))  # fmt: skip

        before = unclear()
        reasons = set()
        for number, data in enumerate(({"total": 19.9}, {"total": "R$ 10"}, {"total": -1}, {"orderId": "a b"})):
            answer = self.deliver(self.event("order.paid", number, **{"orderId": "o1", **data}))
            self.assertEqual((answer.status, answer.json["status"]), (200, "unclear"), answer)
            self.assertTrue(answer.json["reason"])
            if "total" in data:
                reasons.add(answer.json["reason"])
        self.assertEqual(len(reasons), 2)  # no integer, below zero
        self.assertEqual(unclear() - before, 4)
        self.assertEqual(self.sales(), {})
        page = self.api.must(200, "GET", f"/v1/webhooks?outcome=unclear&limit=3&at_least={self.position()}").json
        self.assertEqual([each["delivery_id"] for each in page["items"]], ["3", "2", "1"])
        page = self.api.must(200, "GET", f"/v1/webhooks?outcome=unclear&limit=3&cursor={page['next_cursor']}").json
        self.assertEqual([each["delivery_id"] for each in page["items"]], ["0"])
        self.assertIsNone(page["next_cursor"])
        spoken = self.api.request("GET", "/v1/webhooks?outcome=unclear&limit=1", headers={"Accept-Language": "pt-BR"})
        self.assertEqual(spoken.json["items"][0]["reason"], "não diz o pedido")
        self.assertEqual(spoken.headers["Content-Language"], "pt-BR")
        self.assertIn("Accept-Language", spoken.headers["Vary"])
        event = self.api.must(200, "GET", f"/v1/events?from={page['items'][0]['position']}&limit=1&people=true").json["events"][0]
        self.assertIn("19.9", event["data"]["raw"])
        self.assertEqual(self.api.must(200, "GET", "/v1/webhooks?outcome=accepted").json["items"], [])
        odd = json.dumps(self.event("order.paid", "evt_odd", orderId="o9", total=7, currency="BRL", weight=0))
        kept = self.deliver(odd.replace('"weight": 0', '"weight": 1e400').encode())
        self.assertEqual((kept.status, kept.json["status"]), (200, "accepted"), kept)
        self.assertIn("number", kept.json["reason"])
        self.assert_problem(self.api.request("GET", "/v1/webhooks?outcome=lost"), 422, pointers=["/outcome"])

    def test_every_form_of_the_signature_is_understood(self):
        for id_, name in (("evt_a", "X-Clubify-Signature"), ("evt_b", "X-Webhook-Signature")):
            raw = json.dumps(self.event("test", id_)).encode()
            signature = "SHA256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest().upper()
            answer = self.deliver(raw, **{"X-Clubify-Signature": None, name: signature})
            self.assertEqual(answer.status, 200, answer)

    def test_forged_ones_are_refused_and_an_unknown_tenant_looks_the_same(self):
        event = self.event("order.paid", "evt_forged", orderId="o1", total=1)
        answers = [
            self.deliver(event, secret="another-secret-0123456789"),
            self.deliver(event, **{"X-Clubify-Signature": None}),
            self.deliver(event, **{"X-Clubify-Signature": "0" * 64}),
            self.deliver(event, tenant="nobody"),
        ]
        for answer in answers:
            self.assert_problem(answer, 401, "webhook-signature")
            body = answer.json
            body.pop("instance")
            first = answers[0].json
            first.pop("instance")
            self.assertEqual(body, first)
        self.assertEqual(self.types(), [])

    def test_stale_ones_are_refused(self):
        now = time.time()
        for at in (now - 400, now + 400):
            self.assert_problem(self.deliver(self.event("test", "evt_stale"), at=at), 400, "webhook-timestamp")
        for value in (None, "soon", ""):
            answer = self.deliver(self.event("test", "evt_stale"), **{"X-Clubify-Timestamp": value})
            self.assert_problem(answer, 400, "webhook-timestamp")
        iso = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 200))
        answer = self.deliver(self.event("test", "evt_fresh"), **{"X-Clubify-Timestamp": iso})
        self.assertEqual(answer.status, 200, answer)

    def test_what_is_signed_but_makes_no_sense_is_refused(self):
        for body in (b"", b"{", b"[]", b'{"event":"test","data":{}}', b'{"timestamp":1,"data":{}}', b"\xff"):
            with self.subTest(body):
                self.assert_problem(self.deliver(body), 400, "malformed-request")
        oversized = b'{"event":"test","timestamp":1,"data":{"x":"' + b"x" * 1024 * 1024 + b'"}}'
        self.assert_problem(self.deliver(oversized), 413)
        self.assertEqual(self.types(), [])

    def test_they_are_counted(self):
        def counts():
            text = self.api.must(200, "GET", "/metrics").raw.decode()
            return {line.split('"')[1]: float(line.split()[-1]) for line in text.splitlines()
                    if line.startswith("vitrine_webhooks_total{")}  # fmt: skip

        before = counts()
        self.deliver(self.event("order.paid", "evt_c", orderId="o1", total=1))
        self.deliver(self.event("order.paid", "evt_c", orderId="o1", total=1))
        self.deliver(self.event("test", "evt_d"), secret="another-secret-0123456789")
        after = counts()
        grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        self.assertEqual(grown, {"accepted": 1, "duplicate": 1, "forged": 1})


if __name__ == "__main__":
    main()
