"""Stock as a shop keeps it: what there is, reservations of several SKUs at once, their end, lists and history."""
import threading

from harness import EndToEnd, main, wait_until


class Stock(EndToEnd):
    server_flags = ("--test-clock", "2036-12-01T12:00:00Z")

    def set(self, sku, on_hand, status=200, **more):
        return self.api.must(status, "PUT", f"/v1/stock/{sku}", {"on_hand": on_hand, **more})

    def reserve(self, reference, *items, ttl=900, status=201, headers=None, query=""):
        body = {"reference": reference, "ttl_seconds": ttl, "items": [{"sku": sku, "quantity": n} for sku, n in items]}
        return self.api.must(status, "POST", f"/v1/reservations{query}", body, headers=headers or {})

    def act(self, reservation, act, status=200):
        method, path = ("DELETE", "") if act == "release" else ("POST", f"/{act}")
        answer = self.api.must(status, method, f"/v1/reservations/{reservation}{path}", {} if method == "POST" else None)
        return answer if status >= 400 else answer.json

    def figures(self, sku, position):
        found = self.api.must(200, "GET", f"/v1/stock/{sku}?at_least={position}").json
        return tuple(found[name] for name in ("on_hand", "reserved", "allocated", "available"))

    def advance(self, span):
        self.server.cli("clock", "--advance", span, check=0)

    def test_stock_is_set_adjusted_and_read(self):
        made = self.set("CAN-01", 10, safety=2, backorder_limit=1).json
        self.assertEqual((made["sku"], made["version"], made["on_hand"], made["available"]), ("CAN-01", 1, 10, 8))
        after = self.api.must(200, "POST", "/v1/stock/CAN-01/adjust", {"delta": -3, "reason": "quebra"}).json
        self.assertEqual((after["on_hand"], after["version"]), (7, 2))
        self.assertEqual(self.figures("CAN-01", after["position"]), (7, 0, 0, 5))
        listed = self.api.must(200, "GET", "/v1/stock?q=can-01&policy=tracked").json["items"]
        self.assertEqual([(each["sku"], each["on_hand"], each["backorder_limit"]) for each in listed], [("CAN-01", 7, 1)])
        history = self.api.must(200, "GET", "/v1/stock/CAN-01/history").json["items"]
        self.assertEqual([(each["type"], each.get("quantity"), each["on_hand"]) for each in history],
                         [("StockAdjusted", -3, 7), ("StockSet", None, 10)])  # fmt: skip
        self.assertEqual(history[0]["reason"], "quebra")
        none = self.api.must(200, "GET", "/v1/stock/NONE").json
        self.assertEqual((none["sku"], none["policy"], none["on_hand"], none["available"]), ("NONE", "untracked", 0, None))
        self.assert_problem(self.api.get("/v1/stock/NONE/history"), 404, "not-found")
        self.assert_problem(self.api.post("/v1/stock/NONE/adjust", {"delta": 1, "reason": "x"}), 404, "not-found")
        wrong = self.api.request("PUT", "/v1/stock/W", {"on_hand": -1, "safety": 1.5, "policy": "maybe", "x": 1})
        self.assert_problem(wrong, 422, pointers=["/on_hand", "/safety", "/policy", "/x"])

    def test_several_skus_are_reserved_together_or_not_at_all(self):
        self.set("A1", 5), self.set("B1", 1)
        made = self.reserve("all-1", ("A1", 2), ("B1", 1), ("NOT-TRACKED", 1000)).json
        self.assertEqual((made["status"], [each["sku"] for each in made["items"]]), ("reserved", ["A1", "B1", "NOT-TRACKED"]))
        refused = self.reserve("all-2", ("A1", 1), ("B1", 1), status=409)
        self.assert_problem(refused, 409, "out-of-stock", pointers=["/items/1"])
        self.assertEqual(self.figures("A1", made["position"]), (5, 2, 0, 3))
        twice = self.api.post("/v1/reservations", {"reference": "x", "items": [{"sku": "A1", "quantity": 1}] * 2})
        self.assert_problem(twice, 422, pointers=["/items/1/sku"])
        self.assert_problem(self.api.post("/v1/reservations", {"items": [], "ttl_seconds": 0}), 422)

    def test_the_same_reference_is_the_same_reservation(self):
        self.set("A2", 5)
        made = self.reserve("cart-2", ("A2", 3)).json
        self.advance("1m")
        again = self.reserve("cart-2", ("A2", 3)).json
        for member in ("reservation_id", "expires_at", "version"):
            self.assertEqual(again[member], made[member])
        more = self.reserve("cart-2", ("A2", 5)).json
        self.assertEqual((more["reservation_id"], more["version"]), (made["reservation_id"], 2))
        self.assertEqual(self.figures("A2", more["position"]), (5, 5, 0, 0))
        replayed = self.reserve("cart-2b", ("NONE", 1), headers={"Idempotency-Key": "k2"}).json
        self.assertEqual(self.reserve("cart-2b", ("NONE", 1), headers={"Idempotency-Key": "k2"}).json, replayed)

    def test_a_reservation_goes_its_way(self):
        self.set("A3", 5)
        made = self.reserve("cart-3", ("A3", 2)).json
        self.assert_problem(self.act(made["reservation_id"], "fulfil", 409), 409, "illegal-transition")
        confirmed = self.act(made["reservation_id"], "confirm")
        self.assertEqual(confirmed["status"], "confirmed")
        self.assertEqual(self.act(made["reservation_id"], "confirm")["version"], confirmed["version"])
        self.assertEqual(self.figures("A3", confirmed["position"]), (5, 0, 2, 3))
        self.assert_problem(self.api.request("PUT", "/v1/stock/A3", {"on_hand": 1}), 409, "stock-committed")
        self.assert_problem(self.api.post("/v1/stock/A3/adjust", {"delta": -4, "reason": "x"}), 409, "stock-committed")
        done = self.act(made["reservation_id"], "fulfil")
        self.assertEqual(self.figures("A3", done["position"]), (3, 0, 0, 3))
        other = self.reserve("cart-3b", ("A3", 3)).json
        self.act(other["reservation_id"], "confirm")
        released = self.act(other["reservation_id"], "release")
        self.assertEqual(self.figures("A3", released["position"]), (3, 0, 0, 3))
        self.assert_problem(self.act("0190b4e0-0000-7000-8000-000000000001", "confirm", 404), 404, "not-found")
        types = [each["type"] for each in self.api.must(200, "GET", "/v1/stock/A3/history").json["items"]]
        self.assertEqual(types, ["StockDeallocated", "StockAllocated", "StockReserved", "StockFulfilled", "StockAllocated",
                                 "StockReserved", "StockSet"])  # fmt: skip

    def test_a_reservation_is_over_at_its_time(self):
        position = self.set("A4", 5).json["position"]
        one = self.reserve("cart-4", ("A4", 4), ttl=60).json
        self.assertEqual(self.figures("A4", one["position"])[1], 4)
        self.reserve("cart-4b", ("A4", 2), status=409)
        self.advance("1m")
        self.assertEqual(self.figures("A4", position), (5, 0, 0, 5))
        other = self.reserve("cart-4b", ("A4", 2), ttl=60).json
        late = self.act(one["reservation_id"], "confirm", 410)
        self.assert_problem(late, 410, "reservation-expired", pointers=["/items/0"])
        self.assert_problem(self.act(one["reservation_id"], "confirm", 410), 410, "reservation-expired")
        types = [each["type"] for each in self.api.must(200, "GET", f"/v1/stock/A4/history?at_least={other['position']}").json["items"]]
        self.assertIn("StockReservationExpired", types)
        feed = self.api.must(200, "GET", "/v1/events?from=1&category=stock&limit=1000").json["events"]
        short = [each["data"] for each in feed if each["type"] == "StockShortfall" and each["data"]["sku"] == "A4"]
        self.assertEqual([(each["quantity"], each["available"]) for each in short], [(4, 3)])
        self.act(other["reservation_id"], "release")
        self.assertEqual(self.act(one["reservation_id"], "confirm")["status"], "confirmed")

    def test_of_many_at_once_the_last_unit_goes_to_one(self):
        self.set("LAST", 1)
        statuses = []

        def buy(number):
            own = type(self.api)(self.server.port, self.api.api_key)
            body = {"reference": f"last-{number}", "items": [{"sku": "LAST", "quantity": 1}]}
            statuses.append(own.post("/v1/reservations", body).status)
            own.close()

        threads = [threading.Thread(target=buy, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [201] + [409] * 23)

    def test_a_dry_run_says_what_would_be_told_on_every_stream(self):
        self.set("A5", 5)
        answer = self.reserve("cart-5", ("A5", 1), query="?dry_run=true", status=200).json
        self.assertEqual([event["type"] for event in answer["events"]], ["ReservationMade", "StockReserved"])
        self.assertEqual(answer["events"][1]["stream"], "stock-A5")
        self.assertEqual(self.reserve("cart-5", ("A5", 1)).json["version"], 1)

    def test_a_version_that_is_named_must_be_the_present_one(self):
        self.set("A6", 5)
        for headers, status in (({"If-Match": '"2"'}, 412), ({"If-Match": '"1"'}, 200)):
            answer = self.api.request("PUT", "/v1/stock/A6", {"on_hand": 6}, headers=headers)
            self.assertEqual(answer.status, status, answer)


class Inventory(EndToEnd):
    """What the platform is told of the stock."""

    def setUp(self):
        super().setUp()
        self.remote = self.api.create_product(sku="CAN-01")["clubify_product_id"]

    def set(self, on_hand, sku="CAN-01", **more):
        return self.api.must(200, "PUT", f"/v1/stock/{sku}", {"on_hand": on_hand, **more}).json

    def there(self):
        return next(each for each in self.sandbox.state("products") if each["id"] == self.remote)["stockQuantity"]

    def changes(self):
        return [each for each in self.sandbox.requests()
                if each["method"] == "PATCH" and each["path"].endswith(f"/products/{self.remote}/inventory")]  # fmt: skip

    def receiver(self):
        found = self.api.must(200, "GET", "/v1/deliveries").json["items"]
        return next((each for each in found if each["kind"] == "inventory"), None)

    def turn(self, enabled):
        return self.api.must(200, "PUT", "/v1/inventory/clubify", {"enabled": enabled}).json

    def told(self, quantity):
        wait_until(lambda: self.there() == quantity, f"{quantity} on the platform")

    def all_taken(self):
        wait_until(lambda: self.receiver()["lag"] == 0 and self.receiver()["pending"] == 0, "everything to be taken")

    def test_nothing_is_told_unless_it_is_turned_on(self):
        self.set(10)
        self.assertIsNone(self.receiver())
        self.turn(True)
        self.set(12, safety=2)
        self.told(10)
        self.turn(False)
        wait_until(lambda: self.receiver() is None, "no receiver")
        self.set(3)
        self.assertEqual(self.there(), 10)
        self.assert_problem(self.api.request("PUT", "/v1/inventory/other", {"enabled": True}), 404, "not-found")

    def test_the_difference_is_sent_and_nothing_where_there_is_none(self):
        self.turn(True)
        self.set(7)
        self.told(7)
        made = self.api.must(201, "POST", "/v1/reservations", {"reference": "cart", "items": [{"sku": "CAN-01", "quantity": 3}]}).json
        self.told(4)
        self.api.must(200, "POST", f"/v1/reservations/{made['reservation_id']}/confirm", {})
        self.set(7, sku="OTHER")  # of no product
        self.all_taken()
        self.assertEqual(self.there(), 4)
        self.assertEqual([each["body"]["quantityChange"] for each in self.changes()], [7, -3])

    def test_a_lost_answer_is_looked_at_before_anything_is_sent_again(self):
        self.turn(True)
        for drop in ("after", "before"):
            with self.subTest(drop=drop):
                before = self.there()
                self.sandbox.faults({"method": "PATCH", "path": "/products", "action": {"drop": drop}, "times": 1})
                self.set(before + 5)
                self.told(before + 5)
                self.all_taken()
                self.assertEqual(self.there(), before + 5)


if __name__ == "__main__":
    main()
