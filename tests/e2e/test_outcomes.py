"""The contract's outcomes: what a command answers, leaves in the journal and does on Clubify when that fails."""

import collections
import concurrent.futures
import contextlib
import http.client
import json
import threading
import time
import urllib.parse

from harness import EndToEnd, Later, main, wait_until

UNKNOWN_STATES = (500, 502, 503, 504)


class Outcomes(EndToEnd):
    def offers(self, slug):
        """How many offers of that slug the platform has."""
        return len(self.sandbox.state("offers", slug=slug))

    def create(self, slug, key=None, **fields):
        headers = {"Idempotency-Key": key} if key else None
        return self.api.post("/v1/offers", {"name": "Tea", "slug": slug, **fields}, headers=headers)

    def created_events(self):
        events = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        return [event for event in events if event["type"] == "OfferCreated"]

    def finish(self, answer, slug, key, status=201, **fields):
        """Sends the command again, by its key, until it has its final answer."""

        def again():
            reply = self.create(slug, key, **fields)
            busy = reply.status == 202 or (reply.status == 409 and "Retry-After" in reply.headers)
            return reply if not busy and reply.status not in UNKNOWN_STATES else None

        final = wait_until(again, f"the end of {answer}", patience=60)
        self.assertEqual(final.status, status, final)
        return final


class Replay(Outcomes):
    def test_the_same_key_and_body_replays_the_answer_for_ever(self):
        first = self.create("once", "k1")
        self.assertEqual(first.status, 201)
        self.assertNotIn("Idempotency-Replayed", first.headers)
        for when in ("at once", "after a clean restart", "after kill -9"):
            if when != "at once":
                self.restart(*([15] if "clean" in when else []))
            again = self.create("once", "k1")
            with self.subTest(when):
                self.assertEqual(again.status, 201)
                self.assertEqual(again.raw, first.raw)
                self.assertEqual(again.headers["Idempotency-Replayed"], "true")
                self.assertEqual(again.headers["ETag"], first.headers["ETag"])
        self.assertEqual(self.offers("once"), 1)

    def test_the_body_counts_by_meaning_not_by_bytes(self):
        first = self.create("canon", "k1")
        same = self.api.post("/v1/offers", b' {"slug" : "canon",\n"n\\u0061me":"Tea"} ',
                             headers={"Idempotency-Key": "k1"})  # fmt: skip
        self.assertEqual(same.raw, first.raw)

    def test_the_same_key_with_another_body_or_route_is_refused(self):
        self.create("one", "k1")
        self.assert_problem(self.create("two", "k1"), 422, "idempotency-key-reused")
        answer = self.api.post("/v1/products", {"name": "Tea", "price_cents": 1}, headers={"Idempotency-Key": "k1"})
        self.assert_problem(answer, 422, "idempotency-key-reused")
        self.assertEqual(self.offers("two"), 0)

    def test_the_same_key_at_the_same_time_acts_once(self):
        barrier, answers = threading.Barrier(8), []

        def send():
            api = self.client(self.api.api_key)
            barrier.wait()
            answers.append(
                api.post("/v1/offers", {"name": "Tea", "slug": "together"}, headers={"Idempotency-Key": "k1"})
            )

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual({answer.status for answer in answers}, {201, 409})
        self.assertTrue(all("Retry-After" in answer.headers for answer in answers if answer.status == 409))
        self.assertEqual(len({answer.raw for answer in answers if answer.status == 201}), 1)
        self.assertEqual(self.offers("together"), 1)

    def test_a_key_stays_free_after_a_refusal_by_our_rules(self):
        self.assert_problem(self.create("Bad Slug", "k1"), 422)
        self.assertEqual(self.create("good-slug", "k1").status, 201)


class InFlight(Outcomes):
    def test_a_key_whose_command_is_at_work_is_409_with_retry_after(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 1500}, "times": 1})
        seen = len(self.sandbox.requests())
        other = self.client(self.api.api_key)
        first = Later(lambda: other.post("/v1/offers", {"name": "Tea", "slug": "busy"},
                                         headers={"Idempotency-Key": "k1"}))  # fmt: skip
        self.sandbox.reached_by("POST", "/offers", seen)
        answer = self.create("busy", "k1")
        self.assert_problem(answer, 409)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertEqual(first.join().status, 201)
        self.assertEqual(self.create("busy", "k1").raw, first.answer.raw)

    def test_a_stream_whose_command_is_at_work_is_waited_for_then_409_with_retry_after(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        for delay, status in ((700, 200), (4000, 409)):
            with self.subTest(delay):
                self.sandbox.faults({"method": "PUT", "path": "/offers", "action": {"delay_ms": delay}, "times": 1})
                seen = len(self.sandbox.requests())
                other = self.client(self.api.api_key)
                first = Later(lambda: other.request("PATCH", target, {"name": f"First {delay}"}))
                self.sandbox.reached_by("PUT", "/offers", seen)
                answer = self.api.request("PATCH", target, {"name": f"Second {delay}"})
                self.assertEqual(answer.status, status, answer)
                if status == 409:
                    self.assert_problem(answer, 409, "command-in-flight")
                    self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                self.assertEqual(first.join().status, 200)

    def test_other_streams_are_not_held_up(self):
        slow = self.api.create_active_offer()
        clubify_id = self.api.history(slow["offer_id"])[0]["data"]["clubify_offer_id"]
        self.sandbox.faults({"method": "PUT", "path": f"/offers/{clubify_id}", "action": {"delay_ms": 1500}})
        seen = len(self.sandbox.requests())
        other = self.client(self.api.api_key)
        first = Later(lambda: other.request("PATCH", f"/v1/offers/{slow['offer_id']}", {"name": "Slow"}))
        self.sandbox.reached_by("PUT", "/offers", seen)
        self.api.create_active_offer()
        self.assertIsNone(first.answer, "the quick command did not wait for the slow one")
        self.assertEqual(first.join().status, 200)


class RefusedByClubify(Outcomes):
    def test_a_4xx_is_told_in_its_words_recorded_and_replayed(self):
        self.sandbox.faults(
            {"method": "POST", "path": "/offers", "action": {
                "status": 400, "body": {"message": "No more offers in your plan", "error": "Bad Request",
                                        "statusCode": 400}}, "times": 1}
        )  # fmt: skip
        answer = self.create("refused", "k1")
        self.assert_problem(answer, 422, "clubify-refused")
        self.assertIn("No more offers in your plan", answer.json["detail"])
        again = self.create("refused", "k1")
        self.assertEqual((again.status, again.raw), (422, answer.raw))
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.offers("refused"), 0)
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual([event["type"] for event in events], ["OfferCreationFailed"])
        self.assertEqual(events[0]["subject"], f"command-{events[0]['commandid']}")
        self.assertEqual(self.create("refused", "k2").status, 201, "the slug is free again")

    def test_a_slug_taken_there_by_a_stranger_is_409_and_never_adopted(self):
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        foreign = platform.post("/api/v1/offers", {"name": "Foreign", "type": "single", "slug": "foreign"})
        self.assertEqual(foreign.status, 201, foreign)
        self.assert_problem(self.create("foreign", "k1"), 409, "slug-taken")
        self.assertEqual(self.offers("foreign"), 1)
        self.assertEqual(self.created_events(), [])

    def test_an_edit_of_an_offer_deleted_there_is_missing_on_clubify(self):
        offer = self.api.create_active_offer()
        clubify_id = self.api.history(offer["offer_id"])[0]["data"]["clubify_offer_id"]
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        self.assertEqual(platform.request("DELETE", f"/api/v1/offers/{clubify_id}").status, 204)
        for method, target, body in (
            ("PATCH", "", {"name": "Tea"}),
            ("POST", "/pause", None),
            ("POST", "/archive", None),
            ("POST", "/products", {"product_id": self.api.create_product()["product_id"]}),
        ):
            with self.subTest(f"{method} {target}"):
                answer = self.api.request(method, f"/v1/offers/{offer['offer_id']}{target}", body)
                self.assert_problem(answer, 409, "missing-on-clubify")
        self.assertEqual(
            self.api.types(offer["offer_id"])[2:],
            ["OfferEditFailed", "OfferPauseFailed", "OfferArchiveFailed", "ProductInOfferAddFailed"],
        )

    def test_a_failed_attempt_never_changes_the_version(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        self.sandbox.faults({"method": "PUT", "path": "/offers", "times": 1, "action": {
            "status": 400, "body": {"message": "no", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        self.assert_problem(self.api.request("PATCH", target, {"name": "Tea"}), 422, "clubify-refused")
        self.assertEqual(self.api.types(offer["offer_id"])[2:], ["OfferEditFailed"])
        answer = self.api.must(200, "PATCH", target, {"name": "Tea"}, headers={"If-Match": '"2"'})
        self.assertEqual(answer.json["version"], 3)

    def test_credentials_refused_there_are_502(self):
        for status in (401, 403):
            with self.subTest(status):
                self.sandbox.faults({"method": "*", "path": "/offers", "action": {
                    "status": status, "body": {"message": "no", "error": "no", "statusCode": status}}})  # fmt: skip
                answer = self.create(f"denied-{status}", "k" + str(status))
                self.assert_problem(answer, 502, "clubify-credentials")
                self.sandbox.no_faults()
        self.assertEqual(self.offers("denied-401"), 0)

    def test_a_refused_publication_leaves_a_draft_and_says_so(self):
        product = self.api.create_product()["product_id"]
        self.sandbox.faults(
            {"method": "POST", "path": "/offers", "action": {"delay_ms": 0}, "times": 1},  # the creation passes
            {"method": "POST", "path": "/offers", "action": {
                "status": 400, "body": {"message": "Not today", "error": "Bad Request", "statusCode": 400}}},
        )  # fmt: skip
        answer = self.create("draft", "k1", activate=True, products=[{"product_id": product}])
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual((answer.json["status"], answer.json["version"]), ("draft", 1))
        activation = answer.json["activation"]
        self.assertEqual(activation["status"], "failed")
        self.assertIn("Not today", activation["problem"]["detail"])
        offer = answer.json["offer_id"]
        self.assertEqual(self.api.types(offer), ["OfferCreated", "OfferActivationFailed"])
        self.sandbox.no_faults()
        again = self.create("draft", "k1", activate=True, products=[{"product_id": product}])
        self.assertEqual((again.status, again.raw), (201, answer.raw))
        self.assertEqual(self.api.must(200, "POST", f"/v1/offers/{offer}/activate").json["version"], 2)

    def test_a_product_whose_price_is_refused_is_taken_back(self):
        self.sandbox.faults({"method": "PATCH", "path": "/products", "action": {
            "status": 400, "body": {"message": "bad price", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        answer = self.api.post("/v1/products", {"name": "Taken back", "price_cents": 1})
        self.assert_problem(answer, 422, "clubify-refused")
        self.assertEqual(self.sandbox.state("products", name="Taken back"), [])
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual([event["type"] for event in events], ["ProductCreationFailed"])


class Unavailable(Outcomes):
    """5xx, 429, cut connections, garbage: after all of it there is one offer, one event, one answer."""

    def check_one(self, slug, answer, key):
        final = self.finish(answer, slug, key)
        self.assertEqual(self.offers(slug), 1)
        self.assertEqual(len(self.created_events()), 1)
        again = self.create(slug, key)
        self.assertEqual((again.status, again.raw), (201, final.raw))
        return final

    def test_every_fault_of_the_creation_ends_in_one_offer(self):
        broken = {"message": "oops", "error": "x", "statusCode": 503}
        for name, action in {
            "503 without effect": {"status": 503, "body": broken},
            "503 after the effect": {"status": 503, "body": broken, "effect": True},
            "500 without effect": {"status": 500, "body": broken},
            "502 after the effect": {"status": 502, "body": broken, "effect": True},
            "429": {"status": 429, "headers": {"Retry-After": "1"}, "body": broken},
            "cut off before": {"drop": "before"},
            "cut off after": {"drop": "after"},
            "garbage": {"garbage": True},
            "garbage without effect": {"garbage": True, "effect": False},
        }.items():
            with self.subTest(name):
                self.api = self.new_tenant()
                slug = "fault-" + name.replace(" ", "-")
                self.sandbox.faults({"method": "POST", "path": "/offers", "action": action, "times": 1})
                answer = self.create(slug, "k1")
                self.assertIn(answer.status, (201, 202, 502, 503, 504), answer)
                if answer.status >= 500:
                    self.assert_problem(answer, answer.status)
                self.check_one(slug, answer, "k1")
                self.sandbox.no_faults()

    def test_every_fault_of_the_look_up_ends_in_one_offer(self):
        for name, action in {
            "503": {"status": 503},
            "dropped": {"drop": "before"},
            "garbage": {"garbage": True},
        }.items():
            with self.subTest(name):
                self.api = self.new_tenant()
                slug = "look-up-" + name
                self.sandbox.faults({"method": "GET", "path": "/offers/slug", "action": action, "times": 1})
                answer = self.create(slug, "k1")
                self.assertIn(answer.status, (201, 202, 502, 503, 504), answer)
                self.check_one(slug, answer, "k1")

    def test_every_fault_of_the_publication_ends_in_one_active_offer(self):
        for name, action in {
            "503 after": {"status": 503, "effect": True},
            "503 before": {"status": 503},
            "drop after": {"drop": "after"},
            "drop before": {"drop": "before"},
        }.items():
            with self.subTest(name):
                self.api = self.new_tenant()
                product = self.api.create_product()["product_id"]
                offer = self.api.create_offer(products=[{"product_id": product}])
                target = f"/v1/offers/{offer['offer_id']}/activate"
                clubify_id = self.api.history(offer["offer_id"])[0]["data"]["clubify_offer_id"]
                self.sandbox.faults(
                    {"method": "POST", "path": f"/offers/{clubify_id}/publish", "action": action, "times": 1}
                )

                def settled():
                    reply = self.api.post(target, headers={"Idempotency-Key": "k1"})
                    busy = reply.status in (202, 502, 503, 504) or "Retry-After" in reply.headers
                    return None if busy else reply

                final = wait_until(settled, "the publication", patience=60)
                self.assertEqual(final.status, 200, final)
                happened = [name for name in self.api.types(offer["offer_id"]) if not name.endswith("Failed")]
                self.assertEqual(happened, ["OfferCreated", "OfferActivated"])
                self.assertEqual(self.sandbox.state("offers", _id=clubify_id)[0]["status"], "active")

    def test_a_known_failure_is_retryable_with_the_same_ids(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 503}})
        first = self.create("retry-me", "k1")
        self.assertIn(first.status, (502, 503, 504), first)
        self.assert_problem(first, first.status)
        self.assertEqual(self.offers("retry-me"), 0)
        self.sandbox.no_faults()
        second = self.create("retry-me", "k1")
        self.assertEqual(second.status, 201, second)
        ids = [e["commandid"] for e in self.api.must(200, "GET", "/v1/events?from=1").json["events"]]
        self.assertEqual(set(ids), {second.json["command_id"]}, "the command kept its id")

    def test_a_429_passes_its_retry_after_on(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {
            "status": 429, "headers": {"Retry-After": "7"}}})  # fmt: skip
        answer = self.create("slow-down", "k1")
        self.assertIn(answer.status, (502, 503, 504), answer)
        self.assertEqual(answer.headers["Retry-After"], "7")

    def test_a_dead_platform_is_told_and_the_command_runs_when_it_is_back(self):
        self.create("warm-up")  # signed in, connections kept
        self.sandbox.kill()
        first = self.create("dead", "k1")
        self.assertIn(first.status, (502, 503, 504), first)
        self.assert_problem(first, first.status, "clubify-unavailable")
        self.assertEqual(self.api.get("/v1/offers").status, 200, "queries go on")
        self.sandbox.start()
        final = self.finish(first, "dead", "k1")
        self.assertEqual(self.offers("dead"), 1)
        self.assertEqual(len(self.created_events()), 2)
        self.assertTrue(final.json["offer_id"])


class Storm(Outcomes):
    """Every fault at random, and kill -9 in between: in the end the log, Clubify and the read models agree."""

    server_flags = ("--clubify-settle", "1s")
    commands = 60

    def send(self, api, number):
        """One try of command `number`; true once it has succeeded."""
        name = f"storm-{number}"
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = api.post("/v1/products", {"name": name, "price_cents": 5},
                              headers={"Idempotency-Key": f"p{number}"})  # fmt: skip
            if answer.status != 201:
                return False
            body = {"name": name, "slug": name, "activate": True,
                    "products": [{"product_id": answer.json["product_id"]}]}  # fmt: skip
            answer = api.post("/v1/offers", body, headers={"Idempotency-Key": f"o{number}"})
            return answer.status == 201
        return False

    def sender(self, share, patience):
        api, todo = self.client(self.api.api_key), list(share)
        end = time.monotonic() + patience
        while todo and time.monotonic() < end:
            if api.port != self.server.port:
                api = self.client(self.api.api_key)
            todo = [number for number in todo if not self.send(api, number)]
            time.sleep(0.02)  # between two tries
        return todo

    def run_senders(self, patience, meanwhile=lambda: None):
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            tasks = [pool.submit(self.sender, range(n, self.commands, 12), patience) for n in range(12)]
            meanwhile()
            return sum((task.result() for task in tasks), [])

    def test_what_a_storm_leaves_is_exactly_once(self):
        self.sandbox.faults(
            *({"method": method, "path": path, "action": action, "probability": 0.06}
              for method, path in (("POST", "/products"), ("PATCH", "/products"), ("POST", "/offers"), ("GET", "/offers"))
              for action in ({"status": 503}, {"status": 503, "effect": True}, {"drop": "before"}, {"drop": "after"},
                             {"garbage": True}, {"delay_ms": 300}))
        )  # fmt: skip

        def kill_three_times():
            for _ in range(3):
                head = self.server.ready["position"]
                with contextlib.suppress(OSError, http.client.HTTPException):
                    wait_until(lambda: self.head() > head + 15, "some progress", patience=10)
                self.server.kill()
                self.server.start()

        self.run_senders(15, kill_three_times)
        self.sandbox.no_faults()
        self.assertEqual(self.run_senders(60), [], "every command ends in success")
        self.api = self.client(self.api.api_key)
        for kind in ("products", "offers"):
            names = collections.Counter(item["name"] for item in self.sandbox.state(kind))
            wanted = {f"storm-{number}": 1 for number in range(self.commands)}
            self.assertEqual({name: names[name] for name in names if name.startswith("storm-")}, wanted, kind)
        done = self.server.cli("replay", "--json", "--tenant", self.tenant, check=0)
        happened = collections.Counter()
        for line in done.stdout.splitlines():
            event = json.loads(line)
            if not event["type"].endswith("Failed"):
                happened[event["type"]] += 1
        self.assertEqual((happened["ProductCreated"], happened["OfferCreated"]), (self.commands, self.commands))
        active = [offer for offer in self.sandbox.state("offers") if offer["status"] == "active"]
        self.assertEqual(happened["OfferActivated"], len([o for o in active if o["name"].startswith("storm-")]))
        self.server.cli("rebuild", "--all", "--check", check=0)

    def head(self):
        return self.client(self.api.api_key).must(200, "GET", "/healthz").json["position"]


class Products(Outcomes):
    """A product has no natural key on the platform: after a lost answer it is looked for among all of them."""

    server_flags = ("--clubify-settle", "1s")

    def test_every_fault_of_the_creation_or_the_price_ends_in_one_product(self):
        for method, path in (("POST", "/products"), ("PATCH", "/products")):
            for name, action in {
                "503 without effect": {"status": 503},
                "503 after the effect": {"status": 503, "effect": True},
                "cut off before": {"drop": "before"},
                "cut off after": {"drop": "after"},
                "garbage": {"garbage": True},
            }.items():
                with self.subTest(f"{method} {name}"):
                    self.api = self.new_tenant()
                    body = {"name": f"{method} {name}", "price_cents": 777}
                    self.sandbox.faults({"method": method, "path": path, "action": action, "times": 1})

                    def settled():
                        reply = self.api.post("/v1/products", body, headers={"Idempotency-Key": "k1"})
                        self.assertIn(reply.status, (201, 202, 409, 502, 503, 504), reply)
                        return reply if reply.status == 201 else None

                    final = wait_until(settled, "the product", patience=60)
                    self.sandbox.no_faults()
                    made = self.sandbox.state("products", name=body["name"])
                    self.assertEqual([product["pricing"]["price"] for product in made], [777])
                    events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
                    created = [event for event in events if event["type"] == "ProductCreated"]
                    self.assertEqual(len(created), 1)
                    self.assertEqual(created[0]["data"]["clubify_product_id"], made[0]["_id"])
                    self.assertEqual(created[0]["data"]["product_id"], final.json["product_id"])


class Lists(Outcomes):
    def listed(self, state=None, api=None):
        """Ids of the commands that are listed, the newest first, read page by page."""
        ids, cursor = [], None
        while True:
            asked = {"limit": 1, "state": state, "cursor": cursor}
            query = urllib.parse.urlencode({name: value for name, value in asked.items() if value})
            page = (api or self.api).must(200, "GET", f"/v1/commands?{query}").json
            ids += [item["command_id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                return ids

    def test_commands_are_listed_by_what_became_of_them(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 503}})
        retryable = self.create("later", "k1").json["command_id"]
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {
            "status": 400, "body": {"message": "no", "error": "Bad Request", "statusCode": 400}}})  # fmt: skip
        failed = self.create("never").json["command_id"]
        self.sandbox.no_faults()
        succeeded = self.create("now").json["command_id"]
        self.assertEqual(self.listed(), [retryable])
        self.assertEqual(self.listed("retryable"), [retryable])
        self.assertEqual(self.listed("failed"), [failed])
        self.assertEqual(self.listed("succeeded"), [succeeded])
        self.assertEqual(self.listed("running"), [])
        self.assertEqual(self.listed(api=self.new_tenant()), [], "another tenant's")
        item = self.api.must(200, "GET", "/v1/commands").json["items"][0]
        self.assertEqual(item, self.api.must(200, "GET", f"/v1/commands/{retryable}").json)
        self.create("later", "k1")
        self.assertEqual(self.listed(), [])
        self.assertEqual(self.listed("succeeded"), [succeeded, retryable], "where it was accepted")

    def test_a_command_at_work_is_listed_until_it_is_done(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 1500}, "times": 1})
        seen = len(self.sandbox.requests())
        other = self.client(self.api.api_key)
        first = Later(lambda: other.post("/v1/offers", {"name": "Tea", "slug": "at-work"}))
        self.sandbox.reached_by("POST", "/offers", seen)
        running = self.api.must(200, "GET", "/v1/commands?state=running").json["items"]
        self.assertEqual([(item["name"], item["state"]) for item in running], [("CreateOffer", "running")])
        self.assertEqual(self.listed(), [running[0]["command_id"]])
        self.assertEqual(first.join().json["command_id"], running[0]["command_id"])
        self.assertEqual(self.listed(), [])

    def test_what_is_asked_wrongly_is_named(self):
        answer = self.api.get("/v1/commands?state=done&limit=0&cursor=x")
        self.assert_problem(answer, 422, pointers=["/state", "/limit", "/cursor"])


class Deadline(Outcomes):
    def test_what_is_not_known_at_the_deadline_is_202_and_finished_in_the_background(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 13_000}, "times": 1})
        begin = time.monotonic()
        first = self.create("late", "k1")
        took = time.monotonic() - begin
        self.assertEqual(first.status, 202, first)
        self.assertLess(took, 12.5, "the deadline of a command is 10 s")
        self.assertEqual(first.json["status"], "running")
        command = first.json["command_id"]
        self.assertEqual(first.headers["Location"], f"/v1/commands/{command}")
        busy = self.create("late", "k1")
        if busy.status == 409:  # unless it has just been finished
            self.assert_problem(busy, 409)
            self.assertIn("Retry-After", busy.headers)
        final = self.finish(first, "late", "k1")
        self.assertEqual(final.json["command_id"], command)
        self.assertEqual(self.offers("late"), 1)
        self.assertEqual(len(self.created_events()), 1)
        self.assertEqual(self.api.finished(command)["state"], "succeeded")


class Crash(Outcomes):
    """kill -9 of the server while Clubify is at work: after the restart all three agree."""

    def crash_during(self, slug, action, path="/offers", method="POST"):
        """Kills the server once the platform has received the call that `action` disturbs."""
        self.sandbox.faults({"method": method, "path": path, "action": action, "times": 1})
        seen = len(self.sandbox.requests())
        sender = Later(lambda: self.create(slug, "k1"))
        self.sandbox.reached_by(method, path, seen)
        self.server.kill()
        sender.join()
        self.server.start()
        self.api = self.client(self.api.api_key)

    def test_a_crash_during_the_creation_ends_in_one_offer(self):
        for name, action in {
            "slow": {"delay_ms": 1500},
            "lost": {"drop": "before"},
            "unheard": {"drop": "after"},
        }.items():
            with self.subTest(name):
                self.sandbox.no_faults()
                self.api = self.new_tenant()
                slug = "crash-" + name
                self.crash_during(slug, action)
                final = self.finish(None, slug, "k1")
                self.assertEqual(self.offers(slug), 1)
                self.assertEqual(len(self.created_events()), 1)
                offer, position = final.json["offer_id"], final.json["position"]
                self.api.must(200, "GET", f"/v1/offers/{offer}?at_least={position}")

    def test_what_was_acknowledged_is_there_after_kill_9(self):
        offers = [self.api.create_active_offer() for _ in range(5)]
        before = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.restart()
        after = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.assertEqual(after, before)
        for offer in offers:
            answer = self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}")
            self.assertEqual(answer.json["status"], "active")


if __name__ == "__main__":
    main()
