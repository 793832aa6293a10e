"""Schedules of offers: what is asked for happens when it is due, once, on both sides, whatever comes in between."""

import datetime
import json
import signal
import subprocess
import zoneinfo

from harness import VITRINE, EndToEnd, main, wait_until

BEGIN = "2026-03-01T12:00:00Z"
SAO_PAULO = zoneinfo.ZoneInfo("America/Sao_Paulo")
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
GHOST = "01890000-0000-7000-8000-000000000000"
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(moment):
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


class OnTestClock(EndToEnd):
    server_flags = ("--test-clock", BEGIN)

    def clock(self, *arguments):
        return time_of(self.server.cli("clock", *arguments, check=0).stdout.strip())

    def to(self, moment):
        """What fell due until then, and what follows from it, has been done."""
        return self.clock("--set", text_of(moment))

    def reopen(self, moment, how=signal.SIGKILL):
        """The server ends, and begins at that time."""
        self.server.stop(how)
        self.server.arguments[-1] = text_of(moment)
        self.server.start()
        self.api = self.client(self.api.api_key)

    def platform_is_back(self):
        """Calls go there again, which were held back while it was down."""
        self.sandbox.start()
        wait_until(lambda: self.api.post("/v1/products", {"name": "Chá", "price_cents": 1}).status == 201, "the platform to answer")

    def here(self, offer):
        head = self.api.must(200, "GET", "/v1/projections").json["head"]
        return self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}?at_least={head}").json["status"]

    def draft(self):
        product = self.api.create_product()
        return self.api.create_offer(products=[{"product_id": product["product_id"]}])

    def schedule(self, offer, status=200, headers=None, **times):
        body = {name: time if isinstance(time, str) else text_of(time) for name, time in times.items()}
        return self.api.must(status, "PUT", f"/v1/offers/{offer['offer_id']}/schedule", body, headers=headers or {})

    def cancel(self, offer, status=200, body=None):
        return self.api.must(status, "DELETE", f"/v1/offers/{offer['offer_id']}/schedule", body)

    def read(self, offer):
        """The schedule as it is now, with all that was recorded."""
        head = self.api.must(200, "GET", "/v1/projections").json["head"]
        return self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}/schedule?at_least={head}").json

    def process(self, offer):
        head = self.api.must(200, "GET", "/v1/projections").json["head"]
        return self.api.must(200, "GET", f"/v1/processes/offer-schedule/{offer['offer_id']}?at_least={head}").json

    def statuses(self, offer):
        """Here, and there."""
        return self.here(offer), self.sandbox.state("offers", _id=offer["clubify_offer_id"])[0]["status"]

    def assert_both(self, offer, status):
        self.assertEqual(self.statuses(offer), (status, status))

    def changes(self, offer):
        """The statuses that it came to, and who brought it there."""
        events = [event for event in self.api.history(offer["offer_id"]) if event["subject"].startswith("offer-")]
        return [(event["type"], event.get("actor", "").split(":")[0]) for event in events[1:]]

    def steps(self, offer):
        return [(step["effect"], step["state"]) for step in self.process(offer)["steps"]]


BY_SCHEDULE = [("OfferActivated", "process"), ("OfferPaused", "process"), ("OfferArchived", "process")]


class Asking(OnTestClock):
    def test_what_is_scheduled_is_told_and_cancelled(self):
        now, offer = self.clock(), self.draft()
        self.assertEqual(self.read(offer), {"offer_id": offer["offer_id"], "revision": 0, "outcomes": {}, "status": "none"})
        made = self.schedule(offer, activate_at=now + DAY, pause_at=now + 2 * DAY).json
        self.assertEqual((made["schedule_id"], made["version"], made["status"]), (offer["offer_id"], 1, "scheduled"))
        told = self.read(offer)
        self.assertEqual((told["status"], told["activate_at"], told["next_at"]), ("scheduled", text_of(now + DAY), text_of(now + DAY)))
        self.clock("--advance", "1s")
        again = self.schedule(offer, activate_at=now + DAY, pause_at=now + 2 * DAY).json
        self.assertEqual(again["version"], self.read(offer)["version"], "the same again changes nothing")
        cancelled = self.cancel(offer, body={"reason": "Adiada"}).json
        self.assertEqual(cancelled["status"], "cancelled")
        told = self.read(offer)
        self.assertEqual((told["status"], told["reason"], "next_at" in told), ("cancelled", "Adiada", False))
        self.assert_problem(self.api.request("DELETE", f"/v1/offers/{offer['offer_id']}/schedule"), 409, "illegal-transition")
        self.to(now + 3 * DAY)
        self.assert_both(offer, "draft")

    def test_what_cannot_be_is_refused(self):
        now, offer, active = self.clock(), self.draft(), self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}/schedule"
        for body, pointers in (
            ({}, [""]),
            ({"activate_at": text_of(now)}, ["/activate_at"]),
            ({"activate_at": "2036-12-01T00:00:00"}, ["/activate_at"]),
            ({"activate_at": text_of(now + DAY), "pause_at": text_of(now + DAY)}, ["/pause_at"]),
            ({"activate_at": text_of(now + 2 * DAY), "archive_at": text_of(now + DAY)}, ["/archive_at"]),
            ({"activate_at": 1, "at": "x"}, ["/activate_at", "/at"]),
        ):
            with self.subTest(body):
                self.assert_problem(self.api.request("PUT", target, body), 422, "validation-failed", pointers)
        for its, body in ((active, {"activate_at": text_of(now + DAY)}), (offer, {"pause_at": text_of(now + DAY)})):
            answer = self.api.request("PUT", f"/v1/offers/{its['offer_id']}/schedule", body)
            self.assert_problem(answer, 409, "illegal-transition")
        self.api.must(200, "POST", f"/v1/offers/{active['offer_id']}/archive")
        answer = self.api.request("PUT", f"/v1/offers/{active['offer_id']}/schedule", {"archive_at": text_of(now + DAY)})
        self.assert_problem(answer, 409, "illegal-transition")
        for method in ("PUT", "DELETE", "GET"):
            body = {"archive_at": text_of(now + DAY)} if method == "PUT" else None
            self.assert_problem(self.api.request(method, f"/v1/offers/{GHOST}/schedule", body), 404, "not-found")
        self.assert_problem(self.api.request("DELETE", target), 404, "not-found")

    def test_a_version_is_asked_for_as_elsewhere(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + DAY)
        self.clock("--advance", "1s")  # what its process notes changes it too
        version = self.read(offer)["version"]
        answer = self.api.get(f"/v1/offers/{offer['offer_id']}/schedule")
        self.assertEqual(answer.headers["ETag"], f'"{version}"')
        self.assertGreater(version, 1)
        self.schedule(offer, 200, {"If-Match": '"1"'}, activate_at=now + 2 * DAY)  # nobody decided anything since
        self.schedule(offer, 412, {"If-Match": '"1"'}, activate_at=now + 3 * DAY)
        self.schedule(offer, 412, {"If-Match": f'"{version}"'}, activate_at=now + 3 * DAY)
        version = self.read(offer)["version"]
        self.schedule(offer, 200, {"If-Match": f'"{version}"'}, activate_at=now + 3 * DAY)


class Due(OnTestClock):
    def test_a_month_goes_by_in_one_step(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + DAY, pause_at=now + 10 * DAY, archive_at=now + 20 * DAY)
        self.to(now + 30 * DAY)
        self.assert_both(offer, "archived")
        self.assertEqual(self.changes(offer), BY_SCHEDULE)
        times = [time_of(event["time"]) for event in self.api.history(offer["offer_id"]) if event["type"] != "OfferCreated"]
        self.assertEqual([time - now for time in times], [DAY, 10 * DAY, 20 * DAY])
        told = self.read(offer)
        self.assertEqual((told["status"], told["outcomes"]), ("done", {"activate": "done", "pause": "done", "archive": "done"}))
        process = self.process(offer)
        self.assertEqual((process["state"], process["timers"], "next_due" in process), ("done", [], False))
        self.assertEqual(self.steps(offer), [("activate", "done"), ("pause", "done"), ("archive", "done")])

    def test_each_thing_happens_at_its_time_and_not_before(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + 2 * HOUR)
        for moment, status in (
            (now + HOUR - datetime.timedelta(microseconds=1), "draft"),
            (now + HOUR, "active"),
            (now + 2 * HOUR - datetime.timedelta(microseconds=1), "active"),
            (now + 2 * HOUR, "paused"),
        ):
            with self.subTest(moment - now):
                self.to(moment)
                self.assert_both(offer, status)

    def test_two_schedules_at_one_instant(self):
        now, first, second = self.clock(), self.draft(), self.draft()
        third = self.api.create_active_offer()
        self.schedule(first, activate_at=now + HOUR)
        self.schedule(second, activate_at=now + HOUR, pause_at=now + 2 * HOUR)
        self.schedule(third, pause_at=now + HOUR)
        self.to(now + HOUR)
        self.assertEqual([self.statuses(offer)[0] for offer in (first, second, third)], ["active", "active", "paused"])
        self.to(now + 2 * HOUR)
        for offer, status in ((first, "active"), (second, "paused"), (third, "paused")):
            self.assert_both(offer, status)

    def test_a_schedule_that_is_changed_or_cancelled_does_what_it_says_now(self):
        now, later, never = self.clock(), self.draft(), self.draft()
        for offer in (later, never):
            self.schedule(offer, activate_at=now + HOUR)
        self.schedule(later, activate_at=now + 3 * HOUR)
        self.cancel(never)
        self.to(now + 2 * HOUR)
        for offer in (later, never):
            self.assert_both(offer, "draft")
        self.to(now + 4 * HOUR)
        self.assert_both(later, "active")
        self.assert_both(never, "draft")
        self.assertEqual(self.changes(later), [("OfferActivated", "process")])

    def test_times_are_instants_when_the_clocks_change(self):
        """01:30 is there twice in New York on 1 November 2026; in São Paulo a midnight was left out in 2018."""
        offer = self.draft()
        first = datetime.datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0)
        second = first.replace(fold=1)
        self.schedule(offer, activate_at=first.isoformat(), pause_at=second.isoformat())
        self.assertEqual(time_of(self.read(offer)["pause_at"]) - time_of(self.read(offer)["activate_at"]), HOUR)
        self.to(time_of("2026-11-01T05:29:59Z"))
        self.assert_both(offer, "draft")
        self.to(time_of("2026-11-01T05:30:00Z"))
        self.assert_both(offer, "active")
        self.to(time_of("2026-11-01T06:30:00Z"))
        self.assert_both(offer, "paused")
        midnight = datetime.datetime(2026, 12, 1, tzinfo=SAO_PAULO)
        self.schedule(offer, activate_at=midnight.isoformat())
        self.assertEqual(self.read(offer)["activate_at"], "2026-12-01T03:00:00Z")
        self.to(midnight)
        self.assert_both(offer, "active")


class Hands(OnTestClock):
    """What somebody does by hand beside the schedule."""

    def command(self, offer, name):
        return self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/{name}")

    def test_an_offer_that_is_there_already_is_no_fault_but_told(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + 2 * HOUR)
        self.command(offer, "activate")
        self.to(now + HOUR)
        self.assertEqual(self.process(offer)["steps"][0]["problem"], "illegal-transition")
        self.assertEqual((self.steps(offer), self.read(offer)["status"]), ([("activate", "refused")], "scheduled"))
        self.to(now + 2 * HOUR)
        self.assert_both(offer, "paused")
        self.assertEqual(self.read(offer)["status"], "done")
        self.assertEqual([by for _, by in self.changes(offer)], ["key", "process"])

    def test_what_is_paused_by_hand_stays_as_its_owner_left_it(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + 3 * HOUR)
        self.to(now + HOUR)
        self.command(offer, "pause")
        self.to(now + 4 * HOUR)
        self.assert_both(offer, "paused")
        self.assertEqual(self.read(offer)["status"], "done")

    def test_an_offer_that_is_archived_has_no_schedule_any_more(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR)
        self.command(offer, "archive")
        self.clock("--advance", "1s")
        told = self.read(offer)
        self.assertEqual((told["status"], told["reason"]), ("cancelled", "offer-archived"))
        self.assertEqual((self.process(offer)["state"], self.process(offer)["timers"]), ("done", []))
        self.to(now + 2 * HOUR)
        self.assert_both(offer, "archived")

    def test_what_failed_blocks_it_until_somebody_does_it(self):
        now = self.clock()
        offer = self.api.create_offer()  # without a product
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + 5 * HOUR)
        self.to(now + HOUR)
        process = self.process(offer)
        self.assertEqual((process["state"], self.read(offer)["status"]), ("blocked", "blocked"))
        self.assertEqual(process["steps"][0]["problem"], "validation-failed")
        self.assertIn("could not be activated", process["waits_for"])
        spoken = self.api.must(200, "GET", f"/v1/processes/offer-schedule/{offer['offer_id']}", headers={"Accept-Language": "pt-BR"})
        self.assertIn("não foi possível ativar", spoken.json["waits_for"])
        product = self.api.create_product()
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/products", {"product_id": product["product_id"]})
        self.command(offer, "activate")
        self.clock("--advance", "1s")
        self.assertEqual((self.read(offer)["status"], self.process(offer)["state"]), ("scheduled", "waiting"))
        self.to(now + 5 * HOUR)
        self.assert_both(offer, "paused")
        self.assertEqual(self.read(offer)["status"], "done")


class Trouble(OnTestClock):
    def test_the_platform_is_down_at_the_time_and_comes_back(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR)
        self.sandbox.stop()
        self.to(now + HOUR)
        self.assertEqual(self.here(offer), "draft")
        self.assertEqual((self.steps(offer), self.read(offer)["outcomes"]), ([("activate", "running")], {"activate": "running"}))
        self.platform_is_back()
        self.to(now + 8 * HOUR)
        self.assert_both(offer, "active")
        self.assertEqual(self.steps(offer), [("activate", "done")])
        self.assertEqual([kind for kind, _ in self.changes(offer)].count("OfferActivated"), 1)

    def test_a_platform_that_stays_down_is_told_after_a_day(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR)
        self.sandbox.stop()
        self.to(now + 3 * DAY)
        self.assertEqual(self.here(offer), "draft")
        process = self.process(offer)
        self.assertEqual((process["state"], self.steps(offer)), ("blocked", [("activate", "not_done")]))
        self.assertGreater(process["steps"][0]["attempts"], 10)
        self.platform_is_back()
        self.schedule(offer, activate_at=now + 4 * DAY)
        self.to(now + 4 * DAY)
        self.assert_both(offer, "active")

    def test_a_schedule_cancelled_or_changed_while_it_is_due_and_the_platform_down(self):
        now, never, later = self.clock(), self.draft(), self.draft()
        for offer in (never, later):
            self.schedule(offer, activate_at=now + HOUR)
        self.sandbox.stop()
        self.to(now + HOUR)
        self.cancel(never)
        self.schedule(later, activate_at=now + 6 * HOUR)
        self.platform_is_back()
        self.to(now + 5 * HOUR)
        for offer in (never, later):
            self.assert_both(offer, "draft")
        self.to(now + 7 * HOUR)
        self.assert_both(never, "draft")
        self.assert_both(later, "active")
        self.assertEqual((self.process(never)["state"], self.process(later)["state"]), ("done", "done"))

    def test_an_answer_that_is_lost_is_looked_for_before_it_is_tried_again(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR)
        before = self.sandbox.count("POST", f"/offers/{offer['clubify_offer_id']}/publish")
        self.sandbox.faults({"path": f"/offers/{offer['clubify_offer_id']}/publish", "times": 1,
                             "action": {"status": 503, "effect": True}})  # fmt: skip
        self.to(now + 8 * HOUR)
        self.assert_both(offer, "active")
        self.assertEqual(self.sandbox.count("POST", f"/offers/{offer['clubify_offer_id']}/publish") - before, 1)
        self.assertEqual(self.changes(offer), [("OfferActivated", "process")])

    def test_a_server_that_was_killed_does_what_fell_due_meanwhile_in_order(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + 2 * HOUR, archive_at=now + 3 * DAY)
        self.reopen(now + DAY)
        wait_until(lambda: self.statuses(offer) == ("paused", "paused"), "what fell due while nothing ran")
        self.assertEqual(self.changes(offer), BY_SCHEDULE[:2])
        self.to(now + 4 * DAY)
        self.assert_both(offer, "archived")

    def test_a_kill_at_any_point_around_the_time_loses_nothing_and_repeats_nothing(self):
        for name, rule, past in (
            ("before it is due", None, -HOUR),
            ("while the platform is asked", {"action": {"delay_ms": 2000}}, 0 * HOUR),
            ("when the platform has acted and not answered", {"action": {"drop": "after"}}, 0 * HOUR),
            ("while the platform is down", {"action": {"status": 503}}, 0 * HOUR),
            ("when it is done", None, HOUR),
        ):
            with self.subTest(name):
                now, offer = self.clock(), self.draft()
                due = now + 2 * HOUR
                path = f"/offers/{offer['clubify_offer_id']}/publish"
                self.schedule(offer, activate_at=due)
                asked = len(self.sandbox.requests())
                if rule:
                    self.sandbox.faults({"path": path, **rule})
                    self.begin_to(due)
                    self.sandbox.reached_by("POST", path, asked)
                else:
                    self.to(due + past)
                self.server.kill()
                self.sandbox.no_faults()
                self.reopen(due + HOUR)
                self.to(due + 9 * HOUR)
                wait_until(lambda its=offer: self.statuses(its) == ("active", "active"), "the activation")
                self.assertEqual(self.changes(offer), [("OfferActivated", "process")])
                self.assertEqual(self.steps(offer), [("activate", "done")])

    def begin_to(self, moment):
        """The clock is moved, and it is not waited for what follows."""
        moving = subprocess.Popen(
            [VITRINE, "clock", "--set", text_of(moment), "--data", str(self.server.data)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.addCleanup(moving.wait)
        self.addCleanup(moving.kill)


class Seen(OnTestClock):
    """What people see of processes."""

    def test_processes_are_listed_by_kind_and_state_page_by_page(self):
        now = self.clock()
        offers = [self.draft() for _ in range(3)]
        for offer in offers:
            self.schedule(offer, activate_at=now + HOUR)
        self.cancel(offers[0])
        self.clock("--advance", "1s")
        head = self.api.must(200, "GET", "/v1/projections").json["head"]

        def ids(query):
            return [item["id"] for item in self.api.must(200, "GET", f"/v1/processes?{query}&at_least={head}").json["items"]]

        all_of_them = [offer["offer_id"] for offer in reversed(offers)]
        self.assertEqual(ids("kind=offer-schedule"), all_of_them)
        self.assertEqual(ids("state=waiting"), all_of_them[:2])
        self.assertEqual(ids("state=done"), all_of_them[2:])
        self.assert_problem(self.api.get("/v1/processes?kind=nosuch"), 422, pointers=["/kind"])
        page = self.api.must(200, "GET", "/v1/processes?limit=2").json
        rest = self.api.must(200, "GET", f"/v1/processes?limit=2&cursor={page['next_cursor']}").json
        self.assertEqual([item["id"] for item in page["items"] + rest["items"]], all_of_them)
        self.assert_problem(self.api.get("/v1/processes?state=asleep"), 422, pointers=["/state"])
        self.assert_problem(self.api.get(f"/v1/processes/offer-schedule/{GHOST}"), 404, "not-found")
        waiting = self.process(offers[1])
        self.assertEqual((waiting["state"], waiting["next_due"]), ("waiting", text_of(now + HOUR)))
        self.assertEqual(waiting["waits_for"], "the time to activate the offer")

    def test_the_command_line_tells_the_same_of_a_running_and_a_stopped_server(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR, pause_at=now + DAY)
        self.to(now + HOUR)
        id_ = offer["offer_id"]
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                    self.server.arguments[-1] = text_of(now + HOUR)
                listed = self.server.cli("process", "list", "--tenant", self.tenant, "--json", check=0).stdout
                (row,) = [json.loads(line) for line in listed.splitlines()]
                self.assertEqual((row["tenant"], row["id"], row["state"]), (self.tenant, id_, "waiting"))
                shown = json.loads(self.server.cli("process", "show", "offer-schedule", id_, "--json", check=0).stdout)
                self.assertEqual([step["state"] for step in shown["steps"]], ["done"])
                self.assertEqual(shown["timers"], [{"timer": "pause", "due": text_of(now + DAY)}])
                text = self.server.cli("process", "show", "offer-schedule", id_, check=0).stdout
                self.assertIn(f"waiting until {text_of(now + DAY)}: the time to pause the offer", text)
                self.assertIn("offer-schedule", self.server.cli("process", "list", "--state", "waiting", check=0).stdout)
                none = self.server.cli("process", "show", "offer-schedule", GHOST)
                self.assertEqual((none.returncode, none.stdout), (1, ""), none)
                self.assertEqual(self.server.cli("process", "list", "--tenant", "nobody").returncode, 1)

    def test_metrics_count_processes_by_kind_and_state(self):
        now, offer = self.clock(), self.draft()
        self.schedule(offer, activate_at=now + HOUR)
        self.to(now + HOUR)
        told = self.api.get("/metrics").raw.decode()
        self.assertRegex(told, r'vitrine_processes\{kind="offer-schedule",state="done"\} [1-9]')
        self.assertIn('vitrine_processes_overdue{kind="offer-schedule"} 0', told)
        self.assertRegex(told, r'vitrine_process_timer_lateness_seconds_bucket\{kind="offer-schedule",le="0.005"\} [1-9]')


if __name__ == "__main__":
    main()
