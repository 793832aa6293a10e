"""What is carried to receivers when the server is killed and receivers misbehave, and what operators see and do."""

import json
import signal

from harness import EndToEnd, main, wait_until
from receiver import Receiver

PLACE = "/v1/webhook-endpoints"


class OnTestClock(EndToEnd):
    server_flags = ("--allow-private-webhooks", "--test-clock")

    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def endpoint(self, path="/hook", types=("OfferCreated", "OfferEdited")):
        body = {"url": self.receiver.url(path), "types": list(types)}
        return self.api.must(201, "POST", PLACE, body).json["endpoint_id"]

    def status(self, endpoint):
        items = self.api.must(200, "GET", "/v1/deliveries").json["items"]
        return next((item for item in items if (item["kind"], item["id"]) == ("webhook", endpoint)), None)

    def delivery(self, command, endpoint, *more, check=0):
        return self.server.cli("delivery", command, endpoint, "--tenant", self.tenant, *more, check=check)

    def advance(self, by):
        self.server.cli("clock", "--advance", by, check=0)

    def up_to_date(self, endpoint):
        return wait_until(lambda: (at := self.status(endpoint)) and at["lag"] == 0 and at, "all is taken or given up")


class Kills(OnTestClock):
    def assert_in_order(self, path, wanted):
        """Each at least once, the same bytes each time, and of a stream in their order."""
        came = self.receiver.at(path)
        events = [json.loads(each.body) for each in came]
        self.assertEqual({event["id"] for event in events}, wanted, path)
        bodies, last = {}, {}
        for each, event in zip(came, events):
            self.assertEqual(each.headers["webhook-id"], event["id"])
            self.assertEqual(bodies.setdefault(event["id"], each.body), each.body)
            version, known = int(event["streamversion"]), last.get(event["subject"], 0)
            self.assertLessEqual(version, known + 1 if known else version, f"{path}: {event['subject']}")
            last[event["subject"]] = max(version, known)

    def test_killed_again_and_again_every_receiver_gets_everything_in_order(self):
        well = []
        self.receiver.answers = {
            "/acts-and-is-silent": [200, None, 200, None, None, 200],  # None: it has acted, and hangs up
            "/garbage": [(503, {"Retry-After": "soon"}, b"\x00\xff"), 302, (500, {}, b"<html>"), 200],
            "/away-for-a-day": [lambda _: 200 if well else None],
        }
        paths = ["/hook", *self.receiver.answers]
        endpoints = {path: self.endpoint(path) for path in paths}
        offers = [self.api.create_offer()["offer_id"] for _ in range(3)]
        for number in range(4):
            for offer in offers:
                self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"description": f"edition {number}"})
            if number % 2:
                self.advance("6s")
            self.restart(signal.SIGKILL)
        self.advance("1d")
        well.append(True)
        wanted = {
            event["id"]
            for event in self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
            if event["type"] in ("OfferCreated", "OfferEdited")
        }
        self.assertEqual(len(wanted), 15)
        self.advance("4d")
        for path in paths:
            with self.subTest(path):
                self.assertEqual(self.up_to_date(endpoints[path])["dead"], 0)
                self.assert_in_order(path, wanted)


class Operators(OnTestClock):
    def test_what_is_paused_waits_also_over_a_stop_and_comes_when_it_is_resumed(self):
        endpoint = self.endpoint()
        offer = self.api.create_offer()["offer_id"]
        self.receiver.wait_for(1)
        self.up_to_date(endpoint)
        self.delivery("pause", endpoint)
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"description": "new"})
        paused = wait_until(lambda: (at := self.status(endpoint))["lag"] and at, "it is behind")
        self.assertEqual((paused["paused"], paused["enabled"], paused["dead"]), (True, True, 0))
        self.assertTrue(paused["oldest"])
        self.server.stop()
        (listed,) = [
            each
            for each in map(json.loads, self.server.cli("delivery", "list", "--json", check=0).stdout.splitlines())
            if each["id"] == endpoint
        ]
        self.assertEqual((listed["tenant"], listed["paused"]), (self.tenant, True))
        replay = json.loads(self.delivery("replay", endpoint, "--from", "1").stdout)
        self.assertEqual(replay["from"], 1)
        self.delivery("resume", endpoint)
        self.restart()
        came = self.receiver.wait_for(3)
        types = [json.loads(each.body)["type"] for each in came]
        self.assertEqual(types, ["OfferCreated", "OfferCreated", "OfferEdited"], "what is new of a stream waits behind its replay")
        self.assertEqual(came[0].headers["webhook-id"], came[1].headers["webhook-id"])
        self.assertEqual(came[0].body, came[1].body)
        self.up_to_date(endpoint)

    def test_dead_letters_are_warned_of_once_counted_sent_again_and_given_up(self):
        endpoint = self.endpoint()
        self.receiver.answers["/hook"] = [500]
        for _ in range(2):
            self.api.create_offer()
        self.advance("4d")
        at = self.up_to_date(endpoint)
        self.assertEqual((at["dead"], at["pending"], at["oldest"]), (2, 0, None))
        self.assertIn('vitrine_delivery_dead{kind="webhook"}', self.api.get("/metrics").raw.decode())

        def warned():
            said = (json.loads(line) for line in self.server.log.read_text().splitlines())
            about = f"webhook/{endpoint}"
            return [each for each in said if each.get("receiver") == about and each["level"] == "warning"]

        wait_until(warned, "the warning")
        listed = self.delivery("list", endpoint, "--state", "dead", "--json").stdout
        letters = list(map(json.loads, listed.splitlines()))
        self.assertEqual([letter["attempts"] for letter in letters], [10, 10])
        self.receiver.answers["/hook"] = [200]
        before = len(self.receiver.at())
        self.delivery("retry", endpoint, letters[0]["event_id"])
        again = self.receiver.wait_for(before + 1)[-1]
        self.assertEqual(again.headers["webhook-id"], letters[0]["event_id"])
        wait_until(lambda: self.status(endpoint)["dead"] == 1, "it is taken")
        self.delivery("dismiss", endpoint, "--all", check=2)
        told = json.loads(self.delivery("dismiss", endpoint, "--all", "--confirm", endpoint).stdout)
        self.assertEqual((told, self.status(endpoint)["dead"]), ({"dismissed": 1}, 0))
        self.assertEqual(self.delivery("retry", endpoint, letters[1]["event_id"], check=1).stdout, "")
        self.assertEqual(json.loads(self.delivery("retry", endpoint, "--all").stdout), {"retried": 0, "dead": 0})
        self.assertLessEqual(len(warned()), 2)


if __name__ == "__main__":
    main()
