"""The events as they come: server-sent events of /v1/events."""

import http.client
import json
import signal
import threading

from harness import PATIENCE, EndToEnd, main, wait_until


class Follower:
    """A client that follows the events; `events` holds (id, CloudEvent) in the order they came."""

    def __init__(self, port, api_key, target="/v1/events", **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", target, headers={
            "Authorization": f"Bearer {api_key}", "Accept": "text/event-stream", **headers})  # fmt: skip
        self.response = self.connection.getresponse()
        self.events = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        fields = {}
        try:
            while line := self.response.readline():
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "data" in fields:
                    self.events.append((int(fields["id"]), json.loads(fields["data"])))
                    fields = {}
        except (OSError, http.client.HTTPException):
            pass
        self.ended.set()

    def wait_for(self, count):
        return wait_until(lambda: len(self.events) >= count and self.events, f"{count} events")

    def close(self):
        self.connection.close()


class Feed(EndToEnd):
    def follow(self, target="/v1/events", api_key=None, **headers):
        follower = Follower(self.server.port, api_key or self.api.api_key, target, **headers)
        self.addCleanup(follower.close)
        return follower

    def listed(self):
        events = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        return [(int(event["position"]), event) for event in events]

    def test_what_was_comes_first_then_what_comes(self):
        self.api.create_offer()
        follower = self.follow()
        self.assertEqual(follower.response.status, 200)
        self.assertEqual(follower.response.headers["Content-Type"], "text/event-stream")
        follower.wait_for(1)
        self.api.create_active_offer()
        count = len(self.listed())
        self.assertEqual(follower.wait_for(count), self.listed())

    def test_filters_and_tenants_are_kept(self):
        mine = self.follow("/v1/events?category=product")
        typed = self.follow("/v1/events?type=OfferActivated")
        other = self.new_tenant()
        other.create_active_offer()
        self.api.create_active_offer()
        self.assertEqual([event["type"] for _, event in mine.wait_for(1)], ["ProductCreated"])
        self.assertEqual([event["type"] for _, event in typed.wait_for(1)], ["OfferActivated"])
        self.assertEqual(mine.events[0][1]["source"].split("/")[2],
                         typed.events[0][1]["source"].split("/")[2])  # fmt: skip

    def test_a_stream_takes_no_limit(self):
        refused = self.api.get("/v1/events?limit=5", headers={"Accept": "text/event-stream"})
        self.assert_problem(refused, 422, "validation-failed", ["/limit"])
        self.api.must(200, "GET", "/v1/events?limit=5")

    def test_last_event_id_resumes_across_a_restart_without_gap_or_duplicate(self):
        seen = []
        for how in (signal.SIGTERM, signal.SIGKILL, None):
            headers = {"Last-Event-ID": str(seen[-1][0])} if seen else {}
            follower = self.follow(**headers)
            for _ in range(5):
                self.api.create_product()
            follower.wait_for(5)
            if how is not None:
                self.restart(how)
                self.assertTrue(follower.ended.wait(PATIENCE))
            seen += follower.events
        self.assertEqual(seen, self.listed())

    def test_many_follow_while_many_write(self):
        followers = [self.follow() for _ in range(20)]
        writers = [threading.Thread(target=lambda: [self.client(self.api.api_key).create_product()
                                                    for _ in range(10)]) for _ in range(4)]  # fmt: skip
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        listed = self.listed()
        self.assertEqual(len(listed), 40)
        for follower in followers:
            self.assertEqual(follower.wait_for(40), listed)

    def test_a_revoked_key_gets_nothing_more(self):
        answer = self.server.cli("key", "add", self.tenant, "--role", "reader", check=0)
        key = json.loads(answer.stdout)["api_key"]
        follower = self.follow(api_key=key)
        self.api.create_product()
        follower.wait_for(1)
        self.server.cli("key", "revoke", self.tenant, key[: len("vtr_1a2b3c4d")], check=0)
        self.api.create_product()
        self.assertTrue(follower.ended.wait(PATIENCE))
        self.assertEqual(len(follower.events), 1)

    def test_what_cannot_be_followed_is_refused(self):
        for name, value, status in (("Last-Event-ID", "999999999", 422), ("Last-Event-ID", "x", 422),
                                    ("Last-Event-ID", "-1", 422), ("Accept", "text/html", 406)):  # fmt: skip
            with self.subTest(f"{name}: {value}"):
                headers = {"Accept": "text/event-stream", name: value}
                self.assert_problem(self.api.request("GET", "/v1/events", headers=headers), status)
        answer = self.api.request("GET", "/v1/events?type=Bogus", headers={"Accept": "text/event-stream"})
        self.assert_problem(answer, 422, pointers=["/type"])


if __name__ == "__main__":
    main()
