"""The contract's queries: what they answer from the read model, and what live metrics add or lack."""

import datetime
import re
import socket
import threading
import urllib.parse

from harness import EndToEnd, main

CLOCK = "2026-03-01T12:00:00Z"
ORDERS = """order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status
o1,2026-02-27T10:00:00-03:00,{slug},P1,2,1999,google,cpc,carnaval,completed
o1,2026-02-27T10:00:00-03:00,{slug},P2,1,1,google,cpc,carnaval,completed
o2,2026-02-20T10:00:00-03:00,{slug},P1,1,500,direct,,,completed
o3,2026-02-27T11:00:00-03:00,{slug},P1,1,7000,direct,,,pending
o4,2025-12-01T10:00:00-03:00,{slug},P1,1,90000,direct,,,completed
"""


class Queries(EndToEnd):
    sandbox_flags = ("--clock", CLOCK)

    def get(self, target):
        return self.api.must(200, "GET", target)

    def seen(self, position):
        """Waits until the read models hold the position."""
        self.get(f"/v1/offers?at_least={position}&limit=1")
        self.get(f"/v1/products?at_least={position}&limit=1")

    def orders(self, slug):
        self.sandbox.http.request("POST", "/_sandbox/orders", ORDERS.format(slug=slug).encode(),
                                  headers={"Content-Type": "text/csv"})  # fmt: skip


# Of every query parameter, a value that cannot be; None: it is free text or an id, of which any may be asked for.
CANNOT_BE = {
    "limit": "many", "cursor": "nosuch", "at_least": "soon", "as_of": "soon", "as_of_version": "first", "status": "nosuch",
    "type": "nosuch", "sort": "nosuch", "period": "fortnight", "from": "soon", "to": "soon", "include": "nosuch",
    "ids": "", "at": "soon", "by": "nosuch", "currency": "usd", "state": "nosuch", "category": "nosuch", "outcome": "nosuch",
    "all": "maybe", "dry_run": "maybe", "masked": "maybe", "people": "maybe", "kind": "nosuch", "policy": "nosuch",
    "q": None, "slug": None, "sku": None, "product_id": None, "offer_id": None, "customer_id": None, "actor": None, "reason": None, "lang": None,
    "email": None, "phone": None, "document": None, "tag": None, "reference": None,
    "device": "nosuch", "region": None, "page_seconds": "many", "explain": "maybe", "view": "nosuch",
    "utm_source": None, "utm_medium": None, "utm_campaign": None, "utm_term": None, "utm_content": None,
}  # fmt: skip


class Parameters(Queries):
    def test_a_value_that_cannot_be_is_refused_and_not_answered_with_nothing(self):
        offer, product = self.api.create_active_offer(), self.api.create_product()
        self.api.must(201, "POST", "/v1/coupons", {"code": "X10", "discount": {"type": "percentage", "value": 10}})
        entries = [{"product_id": product["product_id"], "price_cents": 1}]
        self.api.must(200, "PUT", "/v1/price-lists/sale", {"currency": "BRL", "entries": entries})
        receiver = {"url": "https://shop.example/hook", "types": ["*"]}
        endpoint = self.api.must(201, "POST", "/v1/webhook-endpoints", receiver).json
        self.api.must(200, "PUT", "/v1/stock/X10", {"on_hand": 1})
        customer = self.api.must(201, "PUT", "/v1/customers", {"email": "ana@example.com", "name": "Ana"}).json
        self.api.must(200, "GET", f"/v1/customers/{customer['customer_id']}?at_least={customer['position']}")
        subjects = {"stock": "X10", "customers": customer["customer_id"], "webhook-endpoints": endpoint["endpoint_id"],
                    "offers": offer["offer_id"], "products": product["product_id"], "coupons": "X10", "price-lists": "sale",
                    "commands": offer["command_id"], "projections": "offers", "processes": "offer-schedule"}  # fmt: skip
        good = {"ids": offer["offer_id"]}
        asked = 0
        document = self.get("/openapi.json").json
        shared = document["components"]["parameters"]
        for path, methods in document["paths"].items():
            target = re.sub(r"/([\w-]+)/\{\w+\}", lambda found: f"/{found[1]}/{subjects.get(found[1], 'x')}", path)
            target = re.sub(r"\{\w+\}", offer["offer_id"], target)
            parameters = [shared[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each
                          for each in methods.get("get", {}).get("parameters", [])]  # fmt: skip
            for parameter in parameters:
                if parameter["in"] != "query":
                    continue
                name = parameter["name"]
                self.assertIn(name, CANNOT_BE, f"is there a value that it cannot have? {path}")
                values = [CANNOT_BE[name]] if CANNOT_BE[name] is not None else []
                if name == "status" and path.endswith("/orders"):
                    values = []  # whoever tells of an order may call its state otherwise
                if "enum" in parameter["schema"]:
                    values.append(parameter["schema"]["enum"][0].upper())
                for value in values:
                    with self.subTest(path=path, name=name, value=value):
                        # All that is wrong is told at once, so that nothing else may be missing.
                        more = {each["name"]: good[each["name"]] for each in parameters if each["name"] in good}
                        more |= {"from": "2026-11-01"} if name == "to" else {}
                        answer = self.api.get(f"{target}?{urllib.parse.urlencode({**more, name: value})}")
                        self.assert_problem(answer, 422, "validation-failed")
                        self.assertEqual([fault["pointer"] for fault in answer.json["errors"]], [f"/{name}"])
                        asked += 1
        self.assertGreater(asked, 60)


class GetOffer(Queries):
    def test_an_offer_is_answered_with_its_etag_and_not_again_to_who_has_it(self):
        offer = self.api.create_active_offer(name="Tea", slug="tea", description="Green", metadata={"a": [1]})
        target = f"/v1/offers/{offer['offer_id']}"
        answer = self.get(f"{target}?at_least={offer['position']}")
        self.assertEqual(answer.headers["ETag"], '"2"')
        for name, value in {"offer_id": offer["offer_id"], "name": "Tea", "slug": "tea", "status": "active",
                            "description": "Green", "metadata": {"a": [1]}, "version": 2, "type": "single",
                            "currency": "BRL"}.items():  # fmt: skip
            self.assertEqual(answer.json[name], value)
        self.assertEqual(len(answer.json["products"]), 1)
        same = self.api.get(target, headers={"If-None-Match": '"2"'})
        self.assertEqual((same.status, same.raw, same.headers["ETag"]), (304, b"", '"2"'))
        self.assertEqual(self.api.get(target, headers={"If-None-Match": '"1"'}).status, 200)

    def test_an_offer_names_its_products_and_says_what_they_cost(self):
        product = self.api.create_product(name="Café", price_cents=6999)["product_id"]
        there = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(there.close)
        made = there.request("POST", "/api/v1/products", {"name": "Only there", "type": "digital"}).json
        elsewhere = made.get("data", made)["_id"]
        offer = self.api.create_offer(products=[
            {"product_id": product, "quantity": 10, "discount": {"type": "percentage", "value": 10}},
            {"clubify_product_id": elsewhere, "price_cents": 100},
        ])  # fmt: skip
        target = f"/v1/offers/{offer['offer_id']}"
        answer = self.get(f"{target}?at_least={offer['position']}")
        self.assertEqual(answer.headers["ETag"], '"1"')
        amounts = [[line[member] for member in ("name", "unit_cents", "discount_cents", "total_cents")]
                   for line in answer.json["products"]]  # fmt: skip
        self.assertEqual(amounts, [["Café", 6999, 6999, 62991], [None, 100, 0, 100]])
        self.assertEqual(answer.json["total_cents"], 63091)

        changed = self.api.must(200, "PATCH", f"/v1/products/{product}", {"name": "Chá", "price_cents": 7000}).json
        answer = self.api.get(f"{target}?at_least={changed['position']}", headers={"If-None-Match": '"1"'})
        self.assertEqual(answer.status, 200, "what it shows is not what it showed")
        self.assertEqual((answer.json["products"][0]["name"], answer.json["total_cents"]), ("Chá", 63100))
        tag = answer.headers["ETag"]
        self.assertEqual(tag, f'"1.{changed["position"]}"')
        self.assertEqual(self.api.get(target, headers={"If-None-Match": tag}).status, 304)
        then = self.get(f"{target}?as_of_version=1").json
        self.assertEqual((then["products"][0]["name"], then["total_cents"]), ("Café", 63091))
        [item] = [one for one in self.get("/v1/offers?limit=1000").json["items"]
                  if one["offer_id"] == offer["offer_id"]]  # fmt: skip
        self.assertEqual(item["total_cents"], 63100)
        edited = self.api.request("PATCH", target, {"name": "Dois"}, headers={"If-Match": tag})
        self.assertEqual((edited.status, edited.headers["ETag"]), (200, '"2"'))

    def test_an_offer_is_found_by_its_slug(self):
        offer = self.api.create_offer(slug="by-slug")
        self.seen(offer["position"])
        found = self.get("/v1/offers?slug=by-slug")
        self.assertEqual((found.json["offer_id"], found.headers["ETag"]), (offer["offer_id"], '"1"'))
        self.assert_problem(self.api.get("/v1/offers?slug=nothing"), 404, "not-found")
        refused = self.api.get("/v1/offers?slug=by-slug&status=active&limit=5")
        self.assert_problem(refused, 422, "validation-failed")
        self.assertEqual([fault["pointer"] for fault in refused.json["errors"]], ["/status", "/limit"])

    def test_an_offer_is_answered_as_it_was_at_a_version_or_a_time(self):
        offer = self.api.create_active_offer(name="First")
        target = f"/v1/offers/{offer['offer_id']}"
        self.api.must(200, "PATCH", target, {"name": "Second"})
        self.assertEqual(self.get(f"{target}?as_of_version=1").json["status"], "draft")
        self.assertEqual(self.get(f"{target}?as_of_version=2").json["name"], "First")
        self.assertEqual(self.get(f"{target}?as_of_version=3").json["name"], "Second")
        times = [event["time"] for event in self.api.history(offer["offer_id"])]
        then = urllib.parse.quote(times[1])
        self.assertEqual(self.get(f"{target}?as_of={then}").json["name"], "First")
        before = datetime.datetime.fromisoformat(times[0].replace("Z", "+00:00")) - datetime.timedelta(days=1)
        answer = self.api.get(f"{target}?as_of={urllib.parse.quote(before.isoformat())}")
        self.assertEqual(answer.status, 404, answer)
        for query in ("as_of_version=0", "as_of_version=99", "as_of_version=x", "as_of=yesterday"):
            with self.subTest(query):
                answer = self.api.get(f"{target}?{query}")
                self.assertIn(answer.status, (400, 404, 422), answer)
                self.assert_problem(answer, answer.status)

    def test_a_list_is_answered_as_it_was(self):
        first = self.api.create_offer(name="Before", slug="as-it-was")
        second = self.api.create_offer(name="Beside")
        self.api.must(200, "PATCH", f"/v1/offers/{first['offer_id']}", {"name": "After"})
        then = f"as_of={second['position']}"

        def listed(query):
            return [(item["offer_id"], item["name"]) for item in self.get(f"/v1/offers?{query}").json["items"]]

        expected = [(first["offer_id"], "Before"), (second["offer_id"], "Beside")]
        for sort in ("name", "created_at", "updated_at"):
            with self.subTest(sort):
                found = [item for item in listed(f"{then}&sort={sort}&limit=1000") if item in expected]
                self.assertEqual(found, expected)
                page = self.get(f"/v1/offers?{then}&sort={sort}&limit=1").json
                self.assertTrue(page["next_cursor"] or len(listed(then)) == 1)
        self.assertEqual(listed(f"{then}&q=after"), [])
        self.assertEqual(listed("as_of=0"), [])
        self.assertEqual(self.get(f"/v1/offers?slug=as-it-was&{then}").json["name"], "Before")
        time = self.api.history(first["offer_id"])[0]["time"]
        self.assertEqual(listed(f"as_of={urllib.parse.quote(time)}&sort=-created_at")[0], expected[0])
        for query in ("as_of=tomorrow", "as_of=2999-01-01T00:00:00Z", f"as_of={second['position'] + 10**6}"):
            with self.subTest(query):
                problem = self.api.get(f"/v1/offers?{query}")
                self.assert_problem(problem, 422)
                self.assertEqual(problem.json["errors"][0]["pointer"], "/as_of")

    def test_pages_as_of_now_belong_together_while_others_write(self):
        for number in range(4):
            self.api.create_offer(name=f"Page {number}")
        stop = threading.Event()
        writer = threading.Thread(target=self.write_until, args=(stop,))
        writer.start()
        self.addCleanup(writer.join)
        self.addCleanup(stop.set)
        for _ in range(60):
            now = datetime.datetime.now(datetime.UTC).isoformat()
            target = f"/v1/offers?as_of={urllib.parse.quote(now)}&sort=-updated_at&limit=1"
            first = self.get(target)
            again = self.get(target)
            self.assertEqual((again.raw, again.headers["X-Vitrine-Position"]),
                             (first.raw, first.headers["X-Vitrine-Position"]))  # fmt: skip
            following = re.match("<(.*)>; rel=\"next\"$", first.headers["Link"])[1]
            second = self.get(following)
            self.assertEqual(second.headers["X-Vitrine-Position"], first.headers["X-Vitrine-Position"])
            self.assertNotEqual(second.json["items"], first.json["items"])

    def write_until(self, stop):
        client = self.client(self.api.api_key)
        while not stop.is_set():
            client.create_product()

    def test_the_position_of_an_answer_about_the_past_is_of_then(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        first = self.api.history(offer["offer_id"])[0]["position"]
        for query in (f"{target}?as_of_version=1", f"{target}?as_of={first}", f"/v1/offers?as_of={first}",
                      f"{target}/analytics?as_of_version=1", f"{target}/analytics?as_of={first}"):  # fmt: skip
            with self.subTest(query):
                self.assertEqual(self.get(query).headers["X-Vitrine-Position"], first)
        for query in ("as_of=0", "as_of=2001-01-01T00:00:00Z"):
            self.assertEqual(self.get(f"/v1/offers?{query}").headers["X-Vitrine-Position"], "0")

    def test_at_least_above_the_head_is_422(self):
        offer = self.api.create_offer()
        answer = self.api.get(f"/v1/offers/{offer['offer_id']}?at_least={offer['position'] + 1000}")
        self.assert_problem(answer, 422)

    def test_read_your_writes(self):
        for _ in range(20):
            offer = self.api.create_offer()
            got = self.get(f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}").json
            self.assertEqual(got["version"], 1)


class PriceHistory(Queries):
    def test_the_prices_of_an_offer_s_products_and_the_lowest_of_30_days(self):
        product_id = self.api.create_product(price_cents=1990)["product_id"]
        offer = self.api.create_offer(products=[{"product_id": product_id}], activate=True)
        edited = self.api.must(200, "PATCH", f"/v1/products/{product_id}", {"price_cents": 1490}).json
        target = f"/v1/offers/{offer['offer_id']}/price-history"
        told = self.api.must(200, "GET", f"{target}?at_least={edited['position']}").json
        (priced,) = told["products"]
        self.assertEqual((priced["product_id"], priced["price_cents"], priced["lowest_30_days"]["price_cents"]),
                         (product_id, 1490, 1490))  # fmt: skip
        self.assertEqual([price["price_cents"] for price in priced["prices"]], [1990, 1490])
        self.assertEqual((priced["name"], priced["effective_cents"]), ("Café", 1490))
        before = priced["lowest_30_days_before_reduction"]
        self.assertEqual((before["price_cents"], before["reduced_to_cents"]), (1990, 1490))
        self.assertEqual(before["list_price_cents"], 1990)
        self.assertEqual(before["reduced_at"], priced["prices"][1]["since"])
        self.assert_problem(self.api.get(f"{target}?at=yesterday"), 422, pointers=["/at"])


class ListOffers(Queries):
    def setUp(self):
        super().setUp()
        product = [{"product_id": self.api.create_product()["product_id"]}]
        self.made = [
            self.api.create_offer(name="Açaí Bowl", type="combo"),
            self.api.create_offer(name="Banana Bread", products=product, activate=True),
            self.api.create_offer(name="Coffee", type="bundle", products=product, activate=True),
            self.api.create_offer(name="acai juice"),
        ]
        self.seen(self.made[-1]["position"])

    def names(self, query):
        return [item["name"] for item in self.get(f"/v1/offers?{query}").json["items"]]

    def test_offers_are_filtered_by_status_type_and_words(self):
        self.assertEqual(len(self.names("")), 4)
        self.assertEqual(set(self.names("status=active")), {"Banana Bread", "Coffee"})
        self.assertEqual(self.names("type=combo"), ["Açaí Bowl"])
        self.assertEqual(self.names("status=active&type=bundle"), ["Coffee"])
        self.assertEqual(set(self.names("q=acai")), {"Açaí Bowl", "acai juice"})
        self.assertEqual(set(self.names("q=" + urllib.parse.quote("AÇAÍ"))), {"Açaí Bowl", "acai juice"})
        self.assertEqual(self.names("q=" + urllib.parse.quote("%")), [])

    def test_pages_follow_one_another_without_gap_or_repeat(self):
        names, target, pages = [], "/v1/offers?limit=1&sort=name", 0
        while target:
            answer = self.get(target)
            names += [item["name"] for item in answer.json["items"]]
            pages += 1
            cursor = answer.json["next_cursor"]
            if cursor:
                self.assertIn('rel="next"', answer.headers["Link"])
                target = answer.headers["Link"].split(">")[0].lstrip("<")
                target = target[target.index("/v1/") :]
            else:
                target = None
            self.assertLess(pages, 10)
        self.assertEqual(sorted(names), sorted(["Açaí Bowl", "Banana Bread", "Coffee", "acai juice"]))
        self.assertEqual(names, self.names("limit=1000&sort=name"))


class History(Queries):
    def test_the_history_is_paged_cloud_events_with_failed_attempts_between(self):
        offer = self.api.create_active_offer()
        self.sandbox.faults({"method": "PUT", "path": "/offers", "times": 1, "action": {
            "status": 400, "body": {"message": "no", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        target = f"/v1/offers/{offer['offer_id']}"
        self.api.must(422, "PATCH", target, {"name": "Tea"})
        self.api.must(200, "PATCH", target, {"name": "Tea"})
        events = self.api.history(offer["offer_id"])
        self.assertEqual(
            [event["type"] for event in events],
            ["OfferCreated", "OfferActivated", "OfferEditFailed", "OfferEdited"],
        )
        positions = [int(event["position"]) for event in events]
        self.assertEqual(positions, sorted(positions))
        self.assertEqual([events[n]["streamversion"] for n in (0, 1, 3)], ["1", "2", "3"])
        for event in events:
            self.assertEqual((event["specversion"], event["source"]), ("1.0", f"/tenants/{self.tenant}"))
            self.assertEqual(event["datacontenttype"], "application/json")
            for name in ("id", "time", "schemaversion", "correlationid", "commandid"):
                self.assertIsInstance(event[name], str)
        paged, target = [], f"{target}/events?limit=1"
        while target and len(paged) < 10:
            page = self.get(target).json
            paged += page["events"]
            cursor = page.get("next_cursor")
            target = cursor and f"/v1/offers/{offer['offer_id']}/events?limit=1&cursor={urllib.parse.quote(cursor)}"
        self.assertEqual(paged, events)

    def test_the_feed_is_read_from_any_position_and_filtered(self):
        self.api.create_product()
        offer = self.api.create_active_offer()
        feed = self.get("/v1/events?from=1&limit=1000").json
        types = [event["type"] for event in feed["events"]]
        self.assertEqual(types, ["ProductCreated", "ProductCreated", "OfferCreated", "OfferActivated"])
        self.assertEqual(feed["next_position"], offer["position"] + 1)
        positions = [int(event["position"]) for event in feed["events"]]
        self.assertEqual(self.get(f"/v1/events?from={positions[2]}").json["events"], feed["events"][2:])
        self.assertEqual(self.get(f"/v1/events?from={positions[0]}&limit=2").json["events"], feed["events"][:2])
        self.assertEqual(self.get("/v1/events?from=1&type=OfferActivated").json["events"], feed["events"][3:])
        self.assertEqual(self.get("/v1/events?from=1&category=offer").json["events"], feed["events"][2:])
        step, position = [], 1
        for _ in range(20):
            page = self.get(f"/v1/events?from={position}&limit=1").json
            if not page["events"]:
                break
            step += page["events"]
            position = page["next_position"]
        self.assertEqual(step, feed["events"])


class Products(Queries):
    def test_products_are_read_one_by_one_and_in_pages(self):
        made = [self.api.create_product(name=f"Product {n}") for n in range(3)]
        one = self.get(f"/v1/products/{made[0]['product_id']}?at_least={made[-1]['position']}").json
        self.assertEqual((one["name"], one["price_cents"], one["currency"]), ("Product 0", 1990, "BRL"))
        names, target = [], "/v1/products?limit=2"
        while target:
            page = self.get(target).json
            names += [item["name"] for item in page["items"]]
            target = page["next_cursor"] and f"/v1/products?limit=2&cursor={urllib.parse.quote(page['next_cursor'])}"
        self.assertEqual(sorted(names), ["Product 0", "Product 1", "Product 2"])


class Metrics(Queries):
    def test_analytics_merges_the_read_model_with_live_metrics(self):
        offer = self.api.create_active_offer(slug="measured")
        self.orders("measured")
        self.seen(offer["position"])
        answer = self.get(f"/v1/offers/{offer['offer_id']}/analytics?period=30_days").json
        self.assertEqual((answer["offer_id"], answer["period"]), (offer["offer_id"], "30_days"))
        live = answer["live"]
        self.assertIn(live["status"], ("live", "cached"))
        self.assertEqual(live["revenue_cents"], 2500)
        self.assertIn("conversion_rate", live)
        self.assertTrue(live["as_of"])
        self.assertLess(live["period_start"], live["period_end"])
        self.assertEqual(
            {(t["source"], t.get("revenue_cents")) for t in live["traffic"] if t.get("revenue_cents")},
            {("google", 2000), ("direct", 500)},
        )
        self.assertEqual(answer["read_model"]["product_count"], 1)
        path = f"/v1/offers/{offer['offer_id']}/analytics"
        then = self.get(f"{path}?as_of={offer['position'] - 1}").json
        self.assertEqual((then["read_model"]["status"], then["read_model"]["version"]), ("draft", 1))
        self.assert_problem(self.api.get(f"{path}?as_of=0"), 404)
        self.assert_problem(self.api.get(f"{path}?as_of=soon"), 422)
        for period, cents in (("7_days", 2000), ("90_days", 2500 + 90000), ("today", 0)):
            live = self.get(f"/v1/offers/{offer['offer_id']}/analytics?period={period}").json["live"]
            self.assertEqual(live["revenue_cents"], cents, period)
        of_days = self.get(f"{path}?from=2026-02-20&to=2026-02-20").json
        self.assertEqual((of_days["from"], of_days["to"], of_days["period"]), ("2026-02-20", "2026-02-20", None))
        self.assertEqual((of_days["live"]["revenue_cents"], of_days["live"]["same_period"]), (500, True))

    def test_only_what_is_included_is_asked_for_and_answered(self):
        offer = self.api.create_active_offer()
        self.seen(offer["position"])
        live = self.get(f"/v1/offers/{offer['offer_id']}/analytics?include=revenue").json["live"]
        self.assertIn("revenue_cents", live)
        self.assertNotIn("traffic", live)
        self.assertNotIn("conversion_rate", live)

    def test_a_bad_period_or_include_is_refused(self):
        offer = self.api.create_active_offer()
        self.seen(offer["position"])
        for query in ("period=fortnight", "period=0_days", "include=everything"):
            with self.subTest(query):
                answer = self.api.get(f"/v1/offers/{offer['offer_id']}/analytics?{query}")
                self.assertIn(answer.status, (400, 422), answer)
                self.assert_problem(answer, answer.status)

    def test_figures_as_of_a_version_are_those_after_its_event(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        self.api.must(200, "PATCH", target, {"name": "Renamed"})
        last = self.api.must(200, "POST", f"{target}/pause").json
        self.seen(last["position"])
        for event in self.api.history(offer["offer_id"]):
            version, position = event["streamversion"], event["position"]
            with self.subTest(version=version):
                by_version = self.get(f"{target}/analytics?as_of_version={version}").json
                by_position = self.get(f"{target}/analytics?as_of={position}").json
                self.assertEqual(by_version["read_model"], by_position["read_model"])
                self.assertEqual(by_version["read_model"]["version"], int(version))
                self.assertEqual(by_version["position"], int(position))
        for query, pointers in (
            (f"as_of_version={last['version'] + 1}", ["/as_of_version"]),
            ("as_of_version=0", ["/as_of_version"]),
            (f"as_of_version=1&as_of={last['position']}", ["/as_of"]),
            ("as_of_version=0&period=ever", ["/as_of_version", "/period"]),
        ):
            with self.subTest(query):
                self.assert_problem(self.api.get(f"{target}/analytics?{query}"), 422, pointers=pointers)
        self.assert_problem(self.api.get("/v1/offers/nobody/analytics?as_of_version=1"), 404)

    def test_a_thousand_equal_questions_at_once_make_one_call(self):
        offer = self.api.create_active_offer()
        self.seen(offer["position"])
        self.sandbox.faults({"method": "GET", "path": "/offers", "action": {"delay_ms": 1000}, "times": 1})
        target = f"/v1/offers/{offer['offer_id']}/analytics?period=90_days"
        request = (f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.api.api_key}\r\n"
                   "Connection: close\r\n\r\n").encode()  # fmt: skip
        sockets = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(1000)]
        try:
            for each in sockets:
                each.sendall(request)
            for each in sockets:
                each.settimeout(20)
                with each.makefile("rb") as answer:
                    self.assertIn(b" 200 ", answer.readline())
                    self.assertRegex(answer.read(), rb'"status":"(live|cached)"')
        finally:
            for each in sockets:
                each.close()
        path = f"/offers/{self.api.history(offer['offer_id'])[0]['data']['clubify_offer_id']}/stats"
        self.assertEqual(self.sandbox.count("GET", path), 1)

    def test_a_batch_keeps_its_order_fails_in_part_and_asks_clubify_once(self):
        offers = [self.api.create_active_offer(slug=f"batch-{n}") for n in range(3)]
        self.orders("batch-1")
        self.seen(offers[-1]["position"])
        unknown = "01890000-0000-7000-8000-000000000000"
        ids = [offers[2]["offer_id"], unknown, offers[1]["offer_id"], offers[0]["offer_id"]]
        before = self.sandbox.count("GET", "/offers/stats")
        rows = self.get(f"/v1/offers/performance?ids={','.join(ids)}&period=30_days").json["offers"]
        self.assertEqual(self.sandbox.count("GET", "/offers/stats"), before + 1)
        self.assertEqual([row["offer_id"] for row in rows], ids)
        self.assertEqual([row["live"]["revenue_cents"] for row in rows if "live" in row], [0, 2500, 0])
        self.assertIn("not-found", str(rows[1]))
        for query in ("ids=", "", "ids=" + ",".join([unknown] * 101)):
            answer = self.api.get(f"/v1/offers/performance?{query}")
            self.assertIn(answer.status, (400, 422), answer)

    def test_a_thousand_offers_are_asked_for_in_a_body(self):
        offers = [self.api.create_offer(slug=f"many-{n}") for n in range(103)]
        self.orders("many-1")
        self.seen(offers[-1]["position"])
        known = [offer["offer_id"] for offer in offers]
        ids = [*known, *(f"01890000-0000-7000-8000-{n:012}" for n in range(897))]
        target = "/v1/offers/performance"
        before = self.sandbox.count("GET", "/offers/stats")
        rows = self.api.must(200, "POST", target, {"ids": ids, "period": "30_days"}).json["offers"]
        self.assertEqual(self.sandbox.count("GET", "/offers/stats"), before + 2, "a call for each hundred")
        self.assertEqual([row["offer_id"] for row in rows], ids)
        self.assertEqual([row["offer_id"] for row in rows if "live" in row], known)
        self.assertEqual({row["live"]["status"] for row in rows[:103]}, {"live"})
        same = self.get(f"{target}?ids={','.join(known[:100])}&period=30_days").json["offers"]
        revenue = [[row["live"]["revenue_cents"] for row in each] for each in (rows[:100], same)]
        self.assertEqual(*revenue)
        days = {"ids": known[:1], "from": "2026-01-01", "to": "2026-01-31"}
        told = self.api.must(200, "POST", target, days).json
        self.assertEqual((told["period"], told["from"], told["to"]), (None, "2026-01-01", "2026-01-31"))
        for body, pointers in (
            ({"ids": [*ids, known[0]]}, ["/ids"]), ({"ids": []}, ["/ids"]), ({"period": "7_days"}, ["/ids"]),
            ({"ids": [1]}, ["/ids/0"]), ({"ids": known[:1], "colour": "red"}, ["/colour"]),
            ({"ids": known[:1], "period": "ever"}, ["/period"]),
        ):  # fmt: skip
            with self.subTest(list(body)):
                self.assert_problem(self.api.request("POST", target, body), 422, "validation-failed", pointers)
        self.assertEqual(self.api.request("POST", target, b'{"ids":').status, 400)
        self.assert_problem(self.api.request("POST", target), 422, "validation-failed", ["/ids"])
        described = {each["name"]: each for each in self.api.get("/openapi.json").json["paths"][target]["get"]["parameters"] if "name" in each}
        self.assertTrue(described["ids"]["required"])

    def test_a_dead_platform_never_makes_a_query_fail(self):
        offer = self.api.create_active_offer(slug="alone")
        other = self.api.create_active_offer()
        self.orders("alone")
        self.seen(other["position"])
        target = f"/v1/offers/{offer['offer_id']}/analytics?period=30_days"
        self.assertIn(self.get(target).json["live"]["status"], ("live", "cached"))
        self.sandbox.kill()
        after = self.get(target).json["live"]
        self.assertIn(after["status"], ("cached", "stale", "unavailable"))
        never_asked = self.get(f"/v1/offers/{other['offer_id']}/analytics?period=30_days").json
        self.assertEqual(never_asked["live"]["status"], "unavailable")
        self.assertEqual(never_asked["read_model"]["product_count"], 1)
        rows = self.get(f"/v1/offers/performance?ids={other['offer_id']}&period=7_days").json["offers"]
        self.assertEqual(rows[0]["live"]["status"], "unavailable")

    def test_a_slow_or_broken_platform_does_not_hold_a_query(self):
        offer = self.api.create_active_offer()
        self.seen(offer["position"])
        for name, action in {"slow": {"delay_ms": 8000}, "503": {"status": 503}, "garbage": {"garbage": True},
                             "cut": {"drop": "before"}}.items():  # fmt: skip
            with self.subTest(name):
                self.sandbox.no_faults()
                self.sandbox.faults({"method": "GET", "path": "/offers", "action": action})
                answer = self.api.get(f"/v1/offers/{offer['offer_id']}/analytics?period=7_days", timeout=6)
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.json["live"]["status"], "unavailable")


class CheckoutUrl(Queries):
    def test_the_checkout_url_carries_the_campaign(self):
        offer = self.api.create_active_offer(slug="buy-me")
        self.seen(offer["position"])
        answer = self.get(f"/v1/offers/{offer['offer_id']}/checkout-url?utm_source=mail&utm_campaign=a%26b").json
        self.assertIn("buy-me", answer["checkout_url"])
        self.assertIn("utm_source=mail", answer["checkout_url"])
        self.assertTrue(answer["short_url"] and answer["qr_code"])
        calls = sum(request["path"].endswith("/generate-url") for request in self.sandbox.requests())
        again = self.get(f"/v1/offers/{offer['offer_id']}/checkout-url?utm_source=mail&utm_campaign=a%26b").json
        self.assertEqual(again["checkout_url"], answer["checkout_url"])
        after = sum(request["path"].endswith("/generate-url") for request in self.sandbox.requests())
        self.assertEqual(after, calls, "cached")


class OffersOfAProduct(Queries):
    def test_a_list_has_those_alone_that_hold_the_product(self):
        product, other = (self.api.create_product(name=name)["product_id"] for name in ("Um", "Outro"))
        remote = self.get(f"/v1/products/{product}").json["clubify_product_id"]
        first = self.api.create_offer(name="Com um", products=[{"product_id": product}])
        self.api.create_offer(name="Sem")
        self.api.create_offer(name="Com outro", products=[{"product_id": other, "rules": {"product_id": product, "x": remote}}])
        both = self.api.create_offer(name="Com os dois", products=[{"product_id": other}, {"clubify_product_id": remote}])

        def found(parameters=""):
            return {item["name"] for item in self.get(f"/v1/offers?product_id={product}{parameters}").json["items"]}

        self.seen(both["position"])
        for sort in ("created_at", "name", "-updated_at", "-revenue_cents", "revenue_cents"):
            self.assertEqual(found(f"&sort={sort}"), {"Com um", "Com os dois"}, sort)
        self.assertEqual(found("&q=dois"), {"Com os dois"})
        position = self.api.must(200, "DELETE", f"/v1/offers/{first['offer_id']}/products/{product}").json["position"]
        self.seen(position)
        self.assertEqual(found(), {"Com os dois"})
        self.assertEqual(found(f"&as_of={both['position']}"), {"Com um", "Com os dois"})
        for unknown in ("nobody", ""):
            items = self.get(f"/v1/offers?product_id={unknown}").json["items"]
            self.assertEqual(len(items), 0 if unknown else 4, "an empty one filters nothing")


class ProductHistory(Queries):
    def test_a_products_events_come_in_order_and_page_by_page(self):
        product = self.api.create_product(name="Antes")["product_id"]
        self.api.must(200, "PATCH", f"/v1/products/{product}", {"name": "Depois"})
        self.api.must(200, "PATCH", f"/v1/products/{product}", {"price_cents": 990})
        target = f"/v1/products/{product}/events"
        whole = self.get(target).json
        self.assertEqual([event["type"] for event in whole["events"]],
                         ["ProductCreated", "ProductEdited", "ProductPriceChanged"])  # fmt: skip
        self.assertIsNone(whole["next_cursor"])
        paged, cursor = [], ""
        while cursor is not None:
            page = self.get(f"{target}?limit=1{cursor and '&cursor=' + cursor}").json
            paged += page["events"]
            cursor = page["next_cursor"]
        self.assertEqual(paged, whole["events"])
        self.assert_problem(self.api.get(f"{target}?limit=0&cursor=x"), 422, pointers=["/limit", "/cursor"])
        self.assert_problem(self.api.get("/v1/products/nobody/events"), 404, "not-found")


class Operations(Queries):
    def test_operations_need_no_key(self):
        for target, content_type in (
            ("/healthz", "application/json"),
            ("/readyz", "application/json"),
            ("/metrics", "text/plain"),
            ("/openapi.json", "application/json"),
            ("/docs", "text/html"),
        ):
            with self.subTest(target):
                answer = self.api.get(target, headers={"Authorization": None})
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.headers["Content-Type"].split(";")[0], content_type)

    def test_the_openapi_document_names_every_route(self):
        document = self.api.get("/openapi.json").json
        self.assertTrue(document["openapi"].startswith("3.1"))
        for path in ("/v1/products", "/v1/products/{id}", "/v1/offers", "/v1/offers/{id}", "/v1/offers/{id}/activate",
                     "/v1/offers/{id}/pause", "/v1/offers/{id}/archive", "/v1/offers/{id}/products",
                     "/v1/offers/{id}/analytics", "/v1/offers/performance", "/v1/offers/{id}/events",
                     "/v1/offers/{id}/checkout-url", "/v1/events", "/v1/projections"):  # fmt: skip
            self.assertIn(path, document["paths"])

    def test_projections_tell_how_far_they_are(self):
        offer = self.api.create_offer()
        self.seen(offer["position"])
        by_name = {item["name"]: item for item in self.get("/v1/projections").json["projections"]}
        self.assertLessEqual({"offers", "offer_analytics"}, set(by_name))
        self.assertGreaterEqual(by_name["offers"]["position"], offer["position"])
        for item in by_name.values():
            self.assertLessEqual({"name", "version", "position", "lag", "parked"}, set(item))

    def test_the_accept_header_is_ignored_where_there_is_one_representation(self):
        self.assertEqual(self.api.get("/v1/offers", headers={"Accept": "text/html"}).status, 200)


if __name__ == "__main__":
    main()
