"""A server whose time stands, and moves only when it is told to."""

import datetime
import hashlib
import hmac
import itertools
import json
import urllib.parse

from harness import PATIENCE, EndToEnd, Server, main

SECRET = "whsec_0123456789abcdef0123456789abcdef"
BEGIN = "2026-03-01T12:00:00Z"


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(moment):
    return moment.isoformat().replace("+00:00", "Z")


class OnTestClock(EndToEnd):
    server_flags = ("--test-clock", BEGIN)

    def clock(self, *arguments):
        """The server's time, moved if that is asked for."""
        return time_of(self.server.cli("clock", *arguments, check=0).stdout.strip())

    def advance(self, by):
        return self.clock("--advance", by)

    def settle(self):
        """Waits for what follows from all that was done: a clock that is set to its own time does."""
        return self.clock("--set", text_of(self.clock()))

    def refused(self, code, *arguments):
        """The one line that says why."""
        done = self.server.cli("clock", *arguments)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        return done.stderr

    def recorded(self):
        """When each event of the tenant was recorded, in the order of the log."""
        return [event["time"] for event in self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]]


class Clock(OnTestClock):
    def test_time_stands_and_moves_only_when_it_is_told_to(self):
        begin = self.clock()
        self.assertGreaterEqual(begin, time_of(BEGIN))
        self.assertEqual(self.clock(), begin)
        self.assertEqual(self.advance("15m"), begin + datetime.timedelta(minutes=15))
        self.assertEqual(self.advance("3d"), begin + datetime.timedelta(days=3, minutes=15))
        later = begin + datetime.timedelta(days=4)
        told = json.loads(self.server.cli("clock", "--set", text_of(later), "--json", check=0).stdout)
        self.assertEqual(told, {"now": text_of(later), "clock": "test"})
        self.assertEqual(self.clock(), later)
        self.assertEqual(self.api.must(200, "GET", "/healthz").json["clock"], "test")

    def test_what_cannot_be_is_refused_and_the_time_stands(self):
        begin = self.clock()
        before = text_of(begin - datetime.timedelta(seconds=1))
        self.assertIn("goes forward only", self.refused(1, "--set", before))
        self.assertIn("no time is after 9999", self.refused(1, "--set", "9999-12-31T23:59:59.5Z"))
        for wrong in ("0s", "3", "soon", "-1h", "1.5h", "99999999999999999999d", ""):
            with self.subTest(wrong):
                self.assertIn("--advance", self.refused(2, "--advance", wrong))
        self.assertIn("--set", self.refused(2, "--set", "tomorrow"))
        self.assertIn("--set", self.refused(2, "--set", BEGIN, "--advance", "1h"))
        self.assertEqual(self.clock(), begin)

    def test_what_is_recorded_has_the_time_of_the_clock_and_never_goes_back(self):
        begin = self.clock()
        offer = self.api.create_offer(name="First")["offer_id"]
        self.assertEqual(self.recorded(), [text_of(begin)])
        self.advance("1h")
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Second"})
        target = f"/v1/offers/{offer}"
        then = urllib.parse.quote(text_of(begin))
        self.assertEqual(self.api.must(200, "GET", f"{target}?as_of={then}").json["name"], "First")
        now = urllib.parse.quote(text_of(self.settle()))
        self.assertEqual(self.api.must(200, "GET", f"{target}?as_of={now}").json["name"], "Second")
        self.api.must(200, "PATCH", target, {"name": "Third"})  # after a time that was answered for good
        self.settle()
        self.assertEqual(self.api.must(200, "GET", f"{target}?as_of={now}").json["name"], "Second")
        future = urllib.parse.quote(text_of(begin + datetime.timedelta(hours=2)))
        self.assert_problem(self.api.get(f"{target}?as_of={future}"), 422, "validation-failed")
        times = [time_of(text) for text in self.recorded()]
        self.assertEqual(times, sorted(times))
        self.assertLess(times[-1] - times[1], datetime.timedelta(milliseconds=1))
        self.assertEqual(times[1], begin + datetime.timedelta(hours=1))

    def test_commands_are_accepted_at_the_time_of_the_clock(self):
        begin = self.clock()
        made = self.api.must(201, "POST", "/v1/offers", {"name": "Oferta"}, headers={"Idempotency-Key": "k"})
        status = self.api.must(200, "GET", f"/v1/commands/{made.json['command_id']}").json
        self.assertEqual(status["accepted_at"], text_of(begin))

    def test_a_clock_that_was_moved_has_waited_for_the_read_models(self):
        for number in range(1, 4):
            for _ in range(10):
                self.api.create_offer()
            self.advance("1m")
            self.assertEqual(len(self.api.must(200, "GET", "/v1/offers?limit=100").json["items"]), 10 * number)
        for projection in self.api.must(200, "GET", "/v1/projections").json["items"]:
            self.assertEqual((projection["lag"], projection["lag_seconds"]), (0, 0), projection)

    def test_tokens_of_the_platform_end_by_it(self):
        self.api.create_offer()
        signed_in = self.sandbox.count("POST", "/auth/api-key/token")
        self.advance("10m")
        self.api.create_offer()
        self.assertEqual(self.sandbox.count("POST", "/auth/api-key/token"), signed_in)
        self.advance("1d")
        self.api.create_offer()
        self.assertEqual(self.sandbox.count("POST", "/auth/api-key/token"), signed_in + 1)

    def test_figures_of_the_platform_grow_old_by_it(self):
        offer = self.api.create_active_offer()["offer_id"]
        self.settle()
        target = f"/v1/offers/{offer}/analytics"
        self.assertEqual(self.api.must(200, "GET", target).json["live"]["status"], "live")
        self.assertEqual(self.api.must(200, "GET", target).json["live"]["status"], "cached")
        self.advance("6s")
        live = self.api.must(200, "GET", target).json["live"]
        self.assertEqual((live["status"], time_of(live["as_of"])), ("live", self.clock()))

    def test_a_key_expires_by_it(self):
        begin = self.clock()
        add = ("key", "add", self.tenant, "--role", "reader", "--expires")
        made = json.loads(self.server.cli(*add, "2h", check=0).stdout)
        self.assertEqual(time_of(made["expires_at"]), begin + datetime.timedelta(hours=2))
        reader = self.client(made["api_key"])
        self.advance("119m")
        self.assertEqual(reader.get("/v1/offers").status, 200)
        self.advance("1m")
        self.assertIn("expired", reader.get("/v1/offers").json["detail"])
        listed = self.server.cli("key", "list", self.tenant, "--json", check=0).stdout.splitlines()
        rows = {row["prefix"]: row for row in map(json.loads, listed)}
        self.assertTrue(rows[made["api_key"][:12]]["expired"])
        past = text_of(begin + datetime.timedelta(hours=1))
        done = self.server.cli(*add, past)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("expired already", done.stderr)

    def test_the_journal_is_pruned_by_it(self):
        self.api.create_offer()
        begin = self.clock()
        before = text_of(begin + datetime.timedelta(days=1))
        prune = ("journal", "prune", "--tenant", self.tenant, "--before", before, "--json")
        self.assertIn("future", self.server.cli(*prune, check=2).stderr)
        self.advance("40d")
        self.assertEqual(json.loads(self.server.cli(*prune, check=0).stdout)["pruned"], 1)


class Webhooks(OnTestClock):
    def setUp(self):
        super().setUp()
        self.tenant = f"hooked-{self.tenant}"
        answer = self.server.cli(
            "tenant", "add", self.tenant, "--clubify-api-key", "clb_test_" + "a" * 32,
            "--clubify-tenant-id", "a" * 24, "--webhook-secret", "-", stdin=SECRET, check=0,
        )  # fmt: skip
        self.api = self.client(json.loads(answer.stdout)["api_key"])

    def deliver(self, id_, at, **data):
        """Its status; signed at that time."""
        body = {"id": id_, "event": "order.paid", "timestamp": int(at.timestamp()), "data": data}
        raw = json.dumps(body).encode()
        signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        sent = {"X-Clubify-Signature": signature, "X-Clubify-Timestamp": str(int(at.timestamp()))}
        return self.api.request("POST", f"/v1/webhooks/clubify/{self.tenant}", raw, headers=sent).status

    def test_the_window_of_webhooks_goes_by_it(self):
        begin = self.clock()
        self.assertEqual(self.deliver("evt_1", begin, orderId="o1", total=100, currency="BRL"), 200)
        self.assertEqual(self.deliver("evt_2", datetime.datetime.now(datetime.timezone.utc)), 400)
        self.advance("6m")
        self.assertEqual(self.deliver("evt_3", begin, orderId="o2", total=100, currency="BRL"), 400)
        self.assertEqual(self.deliver("evt_4", self.clock(), orderId="o3", total=100, currency="BRL"), 200)

    def test_today_ends_at_midnight_of_the_tenants_zone(self):
        offer = self.api.create_offer()
        day = (self.clock() + datetime.timedelta(days=1)).date()
        last = datetime.datetime.combine(day, datetime.time(2, 59, 59), datetime.timezone.utc)
        self.clock("--set", text_of(last))  # 23:59:59 in São Paulo
        self.assertEqual(self.deliver("evt_1", last, orderId="o1", total=700, currency="BRL",
                                      offerId=offer["clubify_offer_id"]), 200)  # fmt: skip
        self.advance("1s")
        yesterday = str(day - datetime.timedelta(days=1))
        target = f"/v1/offers/{offer['offer_id']}/sales"
        sales = self.api.must(200, "GET", f"{target}?period=today").json
        self.assertEqual((sales["from"], sales["to"], sales["totals"]), (str(day), str(day), []))
        sales = self.api.must(200, "GET", f"{target}?from={yesterday}&to={yesterday}").json
        self.assertEqual((sales["from"], sales["totals"][0]["revenue_cents"]), (yesterday, 700))


class Begin(OnTestClock):
    """Where a test clock begins, and what has none."""

    server_flags = ("--test-clock", "2030-01-01T00:00:00Z")

    def serve(self, *flags):
        """What `vitrine serve` on the same data says when it will not."""
        done = self.server.cli("serve", "--listen", "127.0.0.1:0", *flags)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        return done.stderr

    def again(self, *flags):
        before = itertools.takewhile(lambda each: each != "--test-clock", self.server.arguments)
        self.server.arguments = [*before, *flags]
        self.server.start()
        self.api = self.client(self.api.api_key)

    def test_it_begins_where_it_is_told_but_not_before_what_the_log_holds(self):
        self.advance("30d")
        last = self.clock()
        offer = self.api.create_offer()["offer_id"]
        now = urllib.parse.quote(text_of(self.settle()))
        self.api.must(200, "GET", f"/v1/offers/{offer}?as_of={now}")
        self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"name": "Later"})
        self.server.kill()
        told = self.serve("--test-clock", "2030-01-01T00:00:00Z")
        self.assertEqual(len(told.splitlines()), 1, told)
        self.assertIn("--test-clock 2030-01-01T00:00:00Z is before what the log recorded last, at 2030-01-31T", told)
        self.assertIn("no server runs", self.refused(1))
        self.again("--test-clock", text_of(last))
        self.assertLess(self.clock() - last, datetime.timedelta(milliseconds=1))
        self.server.kill()
        self.again("--test-clock")  # the machine's time is before it
        self.assertLess(self.clock() - last, datetime.timedelta(milliseconds=1))
        self.server.kill()
        self.again()
        self.assertIn("goes by the machine's time", self.refused(1))
        self.assertIn("goes by the machine's time", self.refused(1, "--advance", "1h"))
        self.assertNotIn("clock", self.api.must(200, "GET", "/healthz").json)
        self.api.create_offer()
        times = [time_of(text) for text in self.recorded()]
        self.assertEqual(times, sorted(times))
        self.server.kill()
        self.again("--test-clock", "2030-02-01T00:00:00Z")

    def test_without_a_time_it_begins_now(self):
        folder = self.folder / "new"
        folder.mkdir()
        server = Server(folder, f"http://127.0.0.1:{self.sandbox.port}", "--test-clock")
        self.addCleanup(server.kill)
        before = datetime.datetime.now(datetime.timezone.utc)
        server.start()
        begin = time_of(server.cli("clock", check=0).stdout.strip())
        self.assertLessEqual(before, begin)
        self.assertLess(begin - before, datetime.timedelta(seconds=2 * PATIENCE))

    def test_it_is_a_setting_like_others(self):
        for value, told in (("tomorrow", "is neither now nor a time"), ("", "is neither now nor a time")):
            self.assertIn(told, self.server.cli("config", "--test-clock", value, check=2).stderr)
        rows = self.server.cli("config", "--test-clock", "--json", check=0).stdout.splitlines()
        setting = next(row for row in map(json.loads, rows) if row["setting"] == "test_clock")
        self.assertEqual((setting["value"], setting["from"]), ("now", "--test-clock"))
        self.assertIn("--test-clock [TIME]", self.server.cli("serve", "--help", check=0).stdout)


if __name__ == "__main__":
    main()
