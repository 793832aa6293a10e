"""Webhooks out, as a receiver on loopback gets them: endpoints and their secrets, signatures, what is tried again, whom we call."""

import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import re
import shutil
import ssl
import tempfile
import time
import warnings

from certificates import make_certificate
from harness import EndToEnd, main, wait_until
from receiver import Receiver, signature

GHOST = "01890000-0000-7000-8000-000000000000"
PLACE = "/v1/webhook-endpoints"


class WithReceiver(EndToEnd):
    server_flags = ("--allow-private-webhooks",)

    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)

    def endpoint(self, path="/hook", types=("*",), **more):
        return self.api.must(201, "POST", PLACE, {"url": self.receiver.url(path), "types": list(types), **more}).json

    def one(self, made):
        return self.api.must(200, "GET", f"{PLACE}/{made['endpoint_id']}?at_least={made['position']}").json

    def send_test(self, made):
        return self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/test").json


class Endpoints(WithReceiver):
    def test_an_endpoint_is_made_read_changed_and_deleted(self):
        made = self.endpoint(types=["OfferCreated"], description="Estoque")
        self.assertEqual((made["status"], made["version"], made["secret_number"]), ("enabled", 1, 1))
        self.assertRegex(made["secret"], r"^whsec_[A-Za-z0-9+/]{43}=$")
        read = self.one(made)
        self.assertEqual((read["url"], read["types"], read["description"]), (self.receiver.url(), ["OfferCreated"], "Estoque"))
        self.assertEqual((read["legacy_headers"], read["people"], read["status"]), (False, False, "enabled"))
        target = f"{PLACE}/{made['endpoint_id']}"
        changed = self.api.must(200, "PATCH", target, {"types": ["*"], "description": None, "enabled": False, "reason": "pausa"})
        self.assertNotIn("secret", changed.json)
        read = self.one(changed.json)
        self.assertEqual((read["types"], read["status"], read["reason"]), (["*"], "disabled", "pausa"))
        self.assertNotIn("description", read)
        same = self.api.must(200, "PATCH", target, {"types": ["*"]}).json
        self.assertEqual(same["version"], changed.json["version"], "nothing was changed")
        listed = self.api.must(200, "GET", f"{PLACE}?status=disabled").json["items"]
        self.assertEqual([item["endpoint_id"] for item in listed], [made["endpoint_id"]])
        gone = self.api.must(200, "DELETE", target).json
        self.assertEqual(gone["status"], "deleted")
        self.assert_problem(self.api.get(f"{target}?at_least={gone['position']}"), 404, "not-found")
        self.assertEqual(self.api.must(200, "GET", PLACE).json["items"], [])
        for method, path, body in (("DELETE", target, None), ("PATCH", target, {"types": ["*"]}), ("POST", f"{target}/rotate", None),
                                   ("POST", f"{target}/test", None)):  # fmt: skip
            self.assert_problem(self.api.request(method, path, body), 404, "not-found")

    def test_a_secret_is_shown_once_and_stands_in_clear_nowhere(self):
        made = self.endpoint()
        rotated = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/rotate").json
        secrets = [each["secret"] for each in (made, rotated)]
        self.assertNotEqual(*secrets)
        said = [self.api.get(target).raw.decode() for target in (
            f"{PLACE}/{made['endpoint_id']}?at_least={rotated['position']}", PLACE, "/v1/events?from=1", "/v1/activity",
            "/v1/commands?state=succeeded", f"/v1/commands/{made['command_id']}")]  # fmt: skip
        for text in said:
            self.assertNotIn("whsec_", text)
        self.server.stop()
        for file in self.server.data.rglob("*"):
            if file.is_file():
                kept = file.read_bytes()
                for secret in secrets:
                    self.assertNotIn(secret.encode(), kept, file)
                    self.assertNotIn(base64.b64decode(secret[6:]), kept, file)
        self.assertNotIn("whsec_", self.server.log.read_text())

    def test_a_repeated_request_answers_the_secret_while_it_signs(self):
        key = {"Idempotency-Key": "one"}
        body = {"url": self.receiver.url(), "types": ["*"]}
        made = self.api.must(201, "POST", PLACE, body, headers=key)
        again = self.api.must(201, "POST", PLACE, body, headers=key)
        self.assertEqual((again.headers["Idempotency-Replayed"], again.json), ("true", made.json))
        self.restart()
        self.assertEqual(self.api.must(201, "POST", PLACE, body, headers=key).json, made.json)
        target = f"{PLACE}/{made.json['endpoint_id']}"
        self.api.must(200, "POST", f"{target}/rotate")
        self.assertEqual(self.api.must(201, "POST", PLACE, body, headers=key).json, made.json, "it still signs")
        self.api.must(200, "POST", f"{target}/rotate")
        self.assertEqual(self.api.must(201, "POST", PLACE, body, headers=key).json, {**made.json, "secret": None})
        self.api.must(200, "DELETE", target)
        self.assertEqual(self.api.must(201, "POST", PLACE, body, headers=key).json, {**made.json, "secret": None})

    def test_a_dry_run_makes_no_secret(self):
        dry = self.api.must(200, "POST", f"{PLACE}?dry_run=true", {"url": self.receiver.url(), "types": ["*"]})
        self.assertNotIn("whsec_", dry.raw.decode())
        self.assertEqual(self.api.must(200, "GET", PLACE).json["items"], [])

    def test_secrets_are_an_admins_and_the_rest_an_operators(self):
        made = self.endpoint()
        target = f"{PLACE}/{made['endpoint_id']}"
        keys = {}
        for role in ("reader", "operator"):
            done = self.server.cli("key", "add", self.tenant, "--role", role, check=0)
            keys[role] = self.client(re.search(r"vtr_[0-9a-f]{8}_[\w-]+", done.stdout)[0])
        body = {"url": self.receiver.url(), "types": ["*"]}
        for role in ("reader", "operator"):
            for method, path, sent in (("POST", PLACE, body), ("POST", f"{target}/rotate", None), ("DELETE", target, None)):
                self.assert_problem(keys[role].request(method, path, sent), 403, "forbidden")
        for method, path, sent in (("GET", PLACE, None), ("GET", target, None), ("PATCH", target, {"types": ["*"]}),
                                   ("POST", f"{target}/test", None)):  # fmt: skip
            self.assert_problem(keys["reader"].request(method, path, sent), 403, "forbidden")
            self.assertEqual(keys["operator"].request(method, path, sent).status, 200)

    def test_what_is_wrong_with_an_endpoint_is_told_all_at_once(self):
        refused = self.api.post(PLACE, {"url": "https://a.example/#x", "types": ["OfferCreated", "OfferMelted", "OfferCreated", "*"]})
        self.assert_problem(refused, 422, "validation-failed", ["/url", "/types/1", "/types/2", "/types/3"])
        self.assert_problem(self.api.post(PLACE, {"url": "https://a.example"}), 422, pointers=["/types"])
        self.assert_problem(self.api.post(PLACE, {"url": "https://a.example", "types": []}), 422, pointers=["/types"])
        legacy = {"url": "https://a.example", "types": ["*"], "legacy_signature_header": "webhook-signature"}
        self.assert_problem(self.api.post(PLACE, legacy), 422, pointers=["/legacy_signature_header"])
        self.assert_problem(self.api.get(f"{PLACE}/{GHOST}"), 404, "not-found")

    def test_a_test_message_is_sent_at_once_and_signed(self):
        made = self.endpoint(types=["OfferCreated"])
        told = self.send_test(made)
        self.assertEqual((told["outcome"], told["status"]), ("taken", 200))
        (delivery,) = self.receiver.at()
        self.assertEqual(delivery.headers["webhook-id"], told["webhook_id"])
        self.assertEqual(delivery.headers["webhook-signature"], signature(made["secret"], delivery.headers, delivery.body))
        self.assertLess(abs(int(delivery.headers["webhook-timestamp"]) - time.time()), 300)
        (event,) = self.receiver.events()
        self.assertEqual((event["type"], event["data"]), ("WebhookTest", {"endpoint_id": made["endpoint_id"]}))
        self.assertNotIn("x-clubify-signature", delivery.headers)

    def test_what_the_receiver_said_is_told(self):
        made = self.endpoint(types=["OfferPaused"])
        self.receiver.answers["/hook"] = [
            204, 500, (429, {"Retry-After": "7"}, b"slowly"), (302, {"Location": self.receiver.url("/other")}, b""), 410, None,
        ]  # fmt: skip
        told = [self.send_test(made) for _ in range(6)]
        self.assertEqual([(each["outcome"], each["status"]) for each in told], [
            ("taken", 204), ("refused", 500), ("refused", 429), ("refused", 302), ("gone", 410), ("unknown", None)])  # fmt: skip
        self.assertEqual(told[2]["retry_after_seconds"], 7)
        self.assertEqual(self.receiver.at("/other"), [], "a redirection is followed by nobody")
        self.assertTrue(all("detail" in each for each in told[1:]))
        spoken = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/test", headers={"Accept-Language": "pt-BR"})
        self.assertIn("receptor", spoken.json["detail"])

    def test_an_answer_without_end_is_not_read(self):
        made = self.endpoint()
        self.receiver.answers["/hook"] = [(200, {}, b"x" * 1_000_000)]
        self.assertEqual(self.send_test(made)["outcome"], "unknown")

    def test_older_receivers_get_the_headers_they_know(self):
        made = self.endpoint(legacy_headers=True, legacy_signature_header="X-Webhook-Signature")
        told = self.send_test(made)
        (delivery,) = self.receiver.at()
        wanted = "sha256=" + hmac.new(made["secret"].encode(), delivery.body, hashlib.sha256).hexdigest()
        self.assertEqual(delivery.headers["x-webhook-signature"], wanted)
        self.assertEqual(delivery.headers["x-clubify-event"], "WebhookTest")
        self.assertEqual(delivery.headers["x-clubify-webhook-id"], told["webhook_id"])
        self.assertEqual(delivery.headers["x-clubify-timestamp"], delivery.headers["webhook-timestamp"])

    def test_two_secrets_sign_after_a_rotation_and_of_three_the_newest_two(self):
        made = self.endpoint(types=["OfferPaused"])
        secrets = [made["secret"]]
        for _ in range(2):
            rotated = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/rotate").json
            secrets.insert(0, rotated["secret"])
            self.send_test(made)
            delivery = self.receiver.at()[-1]
            signed = delivery.headers["webhook-signature"].split(" ")
            self.assertEqual(signed, [signature(secret, delivery.headers, delivery.body) for secret in secrets[:2]])


class Deliveries(WithReceiver):
    """On a clock that stands, so that three days of attempts are a moment."""

    server_flags = ("--allow-private-webhooks", "--test-clock")

    def advance(self, how):
        self.server.cli("clock", "--advance", how, check=0)

    def offer(self, **fields):
        return self.api.create_offer(**fields)

    def feed(self, **parameters):
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return self.api.must(200, "GET", f"/v1/events?limit=1000&{query}").json["events"]

    def raw_feed(self):
        """Each event of the feed as it stands there, by its id."""
        raw = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").raw.decode()
        found = {}
        for event in json.loads(raw)["events"]:
            begin = raw.index('{"specversion":"1.0","id":"' + event["id"])
            _, end = json.JSONDecoder().raw_decode(raw, begin)
            found[event["id"]] = raw[begin:end].encode()
        return found

    def listed(self, made, state):
        return self.api.must(200, "GET", f"{PLACE}/{made['endpoint_id']}/deliveries?state={state}").json["items"]

    def act(self, made, event, what):
        return self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/deliveries/{event}/{what}").json

    def pending(self, made, attempts):
        """Its one message that waits, once it was tried so often."""

        def look():
            items = self.listed(made, "pending")
            return items and items[0]["attempts"] >= attempts and items[0]["due"] and items[0]

        return wait_until(look, f"{attempts} attempts")

    def test_events_come_as_the_feed_gives_them_signed_and_after_the_creation(self):
        self.offer()
        made = self.endpoint(types=["OfferCreated"])
        offer = self.offer(name="Açaí “especial”")
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/archive")
        last = self.offer()
        got = self.receiver.wait_for(2)
        events = self.receiver.events()
        self.assertEqual([event["subject"] for event in events], [f"offer-{each['offer_id']}" for each in (offer, last)])
        feed = self.raw_feed()
        for delivery, event in zip(got, events):
            self.assertEqual(delivery.headers["webhook-id"], event["id"])
            self.assertEqual(delivery.body, feed[event["id"]])
            self.assertEqual(delivery.headers["webhook-signature"], signature(made["secret"], delivery.headers, delivery.body))
        wait_until(lambda: len(self.listed(made, "taken")) == 2, "both are taken")

    def test_what_is_not_taken_is_tried_again_under_the_same_id_and_becomes_a_dead_letter(self):
        made = self.endpoint(types=["OfferCreated"])
        self.receiver.answers["/hook"] = [500]
        offer = self.offer()
        pauses = [5, 300, 1800, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24))]
        for made_by_now, most in enumerate(pauses, 1):
            waits = self.pending(made, made_by_now)
            self.assertEqual((waits["stream"], waits["outcome"]), (f"offer-{offer['offer_id']}", "again"))
            self.assertEqual(waits["attempts"], made_by_now)
            pause = _seconds(waits["attempted_at"], waits["due"])
            self.assertLessEqual(pause, most)
            self.assertGreaterEqual(pause, most // 2)  # by chance, but not less than half
            self.server.cli("clock", "--set", waits["due"], check=0)
        wait_until(lambda: self.listed(made, "dead"), "a dead letter")
        (dead,) = self.listed(made, "dead")
        self.assertEqual(dead["attempts"], 10)
        got = self.receiver.at()
        self.assertEqual(len(got), 10)
        self.assertEqual(len({each.headers["webhook-id"] for each in got}), 1)
        self.assertEqual(len({each.body for each in got}), 1)
        times = [int(each.headers["webhook-timestamp"]) for each in got]
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[-1], times[0])
        for each in got:
            self.assertEqual(each.headers["webhook-signature"], signature(made["secret"], each.headers, each.body))

        self.receiver.answers["/hook"] = [200]
        self.assertEqual(self.act(made, dead["event_id"], "retry"), {"retried": 1})
        self.receiver.wait_for(11)
        wait_until(lambda: not self.listed(made, "dead"), "no dead letter")
        self.assertEqual(self.receiver.at()[-1].body, got[0].body)

    def test_a_message_that_waits_is_given_up_and_the_next_of_its_stream_goes_on(self):
        made = self.endpoint(types=["OfferCreated", "OfferArchived"])
        self.receiver.answers["/hook"] = [500]
        offer = self.offer()
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/archive")
        waits = self.pending(made, 1)
        self.receiver.answers["/hook"] = [200]
        self.assertEqual(self.act(made, waits["event_id"], "dismiss"), {"dismissed": 1})
        self.receiver.wait_for(2)
        self.assertEqual([event["type"] for event in self.receiver.events()], ["OfferCreated", "OfferArchived"])

    def test_a_stream_that_fails_holds_up_itself_alone(self):
        made = self.endpoint(types=["OfferCreated", "OfferArchived"])
        bad = self.offer()
        self.receiver.wait_for(1)

        def answer(delivery):
            return 500 if bad["offer_id"] in delivery.body.decode() else 200

        self.receiver.answers["/hook"] = [answer]
        self.api.must(200, "POST", f"/v1/offers/{bad['offer_id']}/archive")
        self.pending(made, 1)
        others = [self.offer()["offer_id"] for _ in range(5)]
        wait_until(lambda: len(self.receiver.at()) >= 7, "the others are sent")
        self.receiver.answers["/hook"] = [200]
        self.advance("5s")
        wait_until(lambda: not self.listed(made, "pending"), "nothing waits")
        seen = [event["subject"] for event in self.receiver.events()]
        for other in others:
            self.assertIn(f"offer-{other}", seen)

    def test_retry_after_is_honoured(self):
        made = self.endpoint(types=["OfferCreated"])
        self.receiver.answers["/hook"] = [(429, {"Retry-After": "600"}, b""), 200]
        self.offer()
        waits = self.pending(made, 1)
        self.assertEqual(_seconds(waits["attempted_at"], waits["due"]), 600)
        self.advance("599s")
        self.assertEqual(len(self.receiver.at()), 1)
        self.advance("1s")
        self.receiver.wait_for(2)

    def test_410_disables_and_enabling_sends_what_came_meanwhile(self):
        made = self.endpoint(types=["OfferCreated"])
        self.receiver.answers["/hook"] = [410]
        self.offer()
        target = f"{PLACE}/{made['endpoint_id']}"
        read = wait_until(lambda: (lambda one: one["status"] == "disabled" and one)(self.api.get(target).json), "it is disabled")
        self.assertIn("410", read["reason"])
        (event,) = [each for each in self.feed(category="endpoint", **{"from": 1}) if each["type"] == "EndpointDisabled"]
        self.assertEqual(event["actor"], "delivery:webhook")
        meanwhile = self.offer()
        self.advance("2d")
        self.assertEqual(len(self.receiver.at()), 1, "nothing is sent to one that is gone")
        self.receiver.answers["/hook"] = [200]
        self.api.must(200, "PATCH", target, {"enabled": True})
        got = self.receiver.wait_for(3)
        (again,) = [each for each in got[1:] if each.headers["webhook-id"] == got[0].headers["webhook-id"]]
        self.assertEqual(again.body, got[0].body)
        (new,) = [each for each in got[1:] if each != again]  # of another stream: before it or behind it
        self.assertEqual(json.loads(new.body)["data"]["offer_id"], meanwhile["offer_id"])

    def test_an_endpoint_that_is_disabled_keeps_its_place_and_one_that_is_deleted_gets_nothing(self):
        made = self.endpoint(types=["OfferCreated"])
        gone = self.endpoint("/gone", types=["OfferCreated"])
        target = f"{PLACE}/{made['endpoint_id']}"
        self.api.must(200, "PATCH", target, {"enabled": False})
        self.api.must(200, "DELETE", f"{PLACE}/{gone['endpoint_id']}")
        offers = [self.offer()["offer_id"] for _ in range(3)]
        self.api.must(200, "PATCH", target, {"enabled": True})
        self.receiver.wait_for(3)
        self.assertEqual(sorted(event["data"]["offer_id"] for event in self.receiver.events()), sorted(offers))
        self.assertEqual(self.receiver.at("/gone"), [])

    def test_after_a_rotation_both_secrets_sign_for_a_day_and_then_the_new_one_alone(self):
        made = self.endpoint(types=["OfferCreated"])
        new = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/rotate").json["secret"]
        for advanced, secrets in ((None, [new, made["secret"]]), ("23h", [new, made["secret"]]), ("1h", [new])):
            if advanced:
                self.advance(advanced)
            before = len(self.receiver.at())
            self.offer()
            delivery = self.receiver.wait_for(before + 1)[-1]
            wanted = [signature(secret, delivery.headers, delivery.body) for secret in secrets]
            self.assertEqual(delivery.headers["webhook-signature"].split(" "), wanted)

    def test_a_replay_sends_a_range_anew_byte_for_byte(self):
        before = self.offer()
        made = self.endpoint(types=["OfferCreated"])
        for _ in range(3):
            self.offer()
        first = self.receiver.wait_for(3)
        asked = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/replay", {"from": 1}).json
        self.assertEqual((asked["from"], asked["status"]), (1, "enabled"))
        again = self.receiver.wait_for(7)[3:]
        known = {(each.headers["webhook-id"], each.body) for each in first}  # streams go side by side: in any order
        (older,) = [each for each in again if (each.headers["webhook-id"], each.body) not in known]
        self.assertEqual(json.loads(older.body)["data"]["offer_id"], before["offer_id"])
        self.assertEqual({(each.headers["webhook-id"], each.body) for each in again if each != older}, known)
        self.assertEqual([e["data"] for e in self.feed(type="EndpointReplayAsked", **{"from": 1})],
                         [{"endpoint_id": made["endpoint_id"], "from": 1}])  # fmt: skip
        refused = self.api.post(f"{PLACE}/{made['endpoint_id']}/replay", {"from": 5, "to": 4})
        self.assert_problem(refused, 422, pointers=["/to"])

    def test_killed_in_between_everything_comes_at_least_once_and_in_order(self):
        self.endpoint(types=["OfferCreated", "OfferEdited"])
        offers = [self.offer()["offer_id"] for _ in range(4)]
        for round_ in range(3):
            for offer in offers:
                self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"description": f"round {round_}"})
            self.restart()
        wanted = {event["id"] for event in self.feed(category="offer", **{"from": 1})}
        wait_until(lambda: {event["id"] for event in self.receiver.events()} >= wanted, "all have come")
        for offer in offers:
            seen = []
            for event in self.receiver.events():
                if event["subject"] == f"offer-{offer}" and event["id"] not in seen:
                    seen.append(event["id"])
            versions = {event["id"]: int(event["streamversion"]) for event in self.receiver.events()}
            self.assertEqual([versions[each] for each in seen], sorted(versions[each] for each in seen))


class OverTls(EndToEnd):
    """To receivers over TLS, of which the server trusts two certificates: one of this machine, one of another name."""

    server_flags = ("--allow-private-webhooks", "--test-clock")

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-certificates-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.good = make_certificate(folder, "good")
        cls.of_another = make_certificate(folder, "another", "receiver.example")
        cls.unknown = make_certificate(folder, "unknown")
        trusted = folder / "trusted.pem"
        trusted.write_bytes(cls.good[0].read_bytes() + cls.of_another[0].read_bytes())
        cls.server_environment = {"SSL_CERT_FILE": str(trusted)}
        super().setUpClass()

    def start(self, certificate, url=None, types=("OfferCreated",)):
        """A receiver that shows the certificate, and its endpoint."""
        receiver = Receiver(certificate)
        self.addCleanup(receiver.close)
        body = {"url": url(receiver) if url else receiver.url(), "types": list(types)}
        return receiver, self.api.must(201, "POST", PLACE, body).json

    def send_test(self, made):
        return self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/test").json

    def pending(self, made):
        return self.api.must(200, "GET", f"{PLACE}/{made['endpoint_id']}/deliveries?state=pending").json["items"]

    def assert_refused_until_it_is_good(self, receiver, made):
        """Nothing is told to who shows that certificate; what waited comes once it shows the right one."""
        told = self.send_test(made)
        self.assertEqual((told["outcome"], told["status"]), ("not_sent", None))
        self.assertIn("certificate", told["detail"])
        offer = self.api.create_offer()
        waits = wait_until(lambda: [each for each in self.pending(made) if each["attempts"] == 1], "the first attempt")
        self.assertEqual(waits[0]["outcome"], "again")
        self.assertEqual(receiver.at(), [], "not a byte of a request")
        self.assertTrue(receiver.refused)
        receiver.shows(self.good)
        self.server.cli("clock", "--advance", "5s", check=0)
        (delivery,) = receiver.wait_for(1)
        self.assertEqual(delivery.headers["webhook-id"], waits[0]["event_id"])
        self.assertEqual(json.loads(delivery.body)["data"]["offer_id"], offer["offer_id"])

    def test_messages_come_over_tls_signed_and_over_connections_that_stay(self):
        receiver, made = self.start(self.good)
        self.assertEqual(self.send_test(made)["outcome"], "taken")
        for number in range(10):
            self.api.create_offer()
            receiver.wait_for(number + 2)
        for delivery in receiver.at():
            self.assertEqual(delivery.headers["webhook-signature"], signature(made["secret"], delivery.headers, delivery.body))
            self.assertEqual(delivery.headers["host"], f"localhost:{receiver.port}")
        self.assertLessEqual(receiver.handshakes, 2)
        self.assertEqual(receiver.refused, [])

    def test_a_certificate_that_nobody_vouches_for_is_refused(self):
        self.assert_refused_until_it_is_good(*self.start(self.unknown))

    def test_a_certificate_of_another_name_is_refused_though_it_is_trusted(self):
        self.assert_refused_until_it_is_good(*self.start(self.of_another))

    def test_a_certificate_of_a_name_is_none_of_the_address(self):
        receiver, made = self.start(self.good, url=lambda receiver: f"https://127.0.0.1:{receiver.port}/hook")
        self.assertEqual(self.send_test(made)["outcome"], "not_sent")
        self.assertEqual(receiver.at(), [])

    def test_who_speaks_old_versions_only_is_not_called(self):
        receiver, made = self.start(self.good)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            receiver.tls.minimum_version = receiver.tls.maximum_version = ssl.TLSVersion.TLSv1_1
        receiver.tls.set_ciphers("DEFAULT:@SECLEVEL=0")
        self.assertEqual(self.send_test(made)["outcome"], "not_sent")
        self.assertEqual(receiver.at(), [])

    def test_who_speaks_no_tls_is_not_told_anything(self):
        plain = Receiver()
        self.addCleanup(plain.close)
        body = {"url": plain.url().replace("http://127.0.0.1", "https://localhost"), "types": ["*"]}
        made = self.api.must(201, "POST", PLACE, body).json
        self.assertEqual(self.send_test(made)["outcome"], "not_sent")
        self.assertEqual(plain.deliveries, [])


def _seconds(begin, end):
    return round((datetime.datetime.fromisoformat(end) - datetime.datetime.fromisoformat(begin)).total_seconds())


class PrivateAddresses(EndToEnd):
    """Without --allow-private-webhooks nobody on this side is called, however he is written."""

    def test_a_private_address_is_refused_when_it_is_written(self):
        for url in ("http://127.0.0.1:9/", "https://127.0.0.1:9999/", "https://[::1]:9999/", "https://[::ffff:10.0.0.1]/",
                    "https://169.254.169.254/latest/meta-data", "https://2130706433/", "https://localhost:9999/",
                    "https://[64:ff9b::a9fe:a9fe]/", "https://user@a.example/", "http://a.example/"):  # fmt: skip
            with self.subTest(url):
                self.assert_problem(self.api.post(PLACE, {"url": url, "types": ["*"]}), 422, pointers=["/url"])

    def test_a_name_that_leads_to_a_private_address_is_not_called(self):
        # Without a look-up to this side's own names there is none to try: it is said as what cannot be reached.
        made = self.api.must(201, "POST", PLACE, {"url": "https://nobody.invalid:9999/", "types": ["*"]}).json
        told = self.api.must(200, "POST", f"{PLACE}/{made['endpoint_id']}/test").json
        self.assertEqual((told["outcome"], told["status"]), ("not_sent", None))


if __name__ == "__main__":
    main()
