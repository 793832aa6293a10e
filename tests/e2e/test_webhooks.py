"""What the platform sends: signed, kept once, counted as sales."""

import hashlib
import hmac
import json
import time

from harness import EndToEnd, main

SECRET = "whsec_0123456789abcdef0123456789abcdef"


class Webhooks(EndToEnd):
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

    def test_an_order_becomes_an_event_and_a_sale(self):
        offer = self.api.create_offer()
        shared = {"offerId": offer["clubify_offer_id"], "total": 19900, "currency": "BRL",
                  "metadata": {"utm_source": "google"}}  # fmt: skip
        for id_, name, order in (("evt_1", "order.paid", "o1"), ("evt_2", "order.completed", "o1"),
                                 ("evt_3", "order.completed", "o2")):  # fmt: skip
            answer = self.deliver(self.event(name, id_, orderId=order, **shared))
            self.assertEqual((answer.status, answer.json), (200, {"status": "accepted", "delivery_id": id_}))
        answer = self.deliver(self.event("order.refunded", "evt_4", orderId="o2", refunded_amount=900))
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
        kept = self.api.must(200, "GET", "/v1/events?category=webhook").json["events"][0]["data"]
        self.assertEqual(kept["raw"].encode(), raw)
        self.assertEqual(kept["ignored"], "no event of ours comes of test")

    def test_a_delivery_is_kept_once(self):
        event = self.event("order.paid", "evt_same", orderId="o1", total=1)
        self.assertEqual(self.deliver(event).json["status"], "accepted")
        event["metadata"] = {"attempt": 2}
        self.assertEqual(self.deliver(event).json["status"], "duplicate")
        self.restart()
        self.assertEqual(self.deliver(event).json["status"], "duplicate")
        self.assertEqual(self.types(), ["ClubifyWebhookReceived", "ClubifyOrderPaid"])

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
