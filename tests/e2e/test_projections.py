"""Read models that can be proved, mended and rebuilt, on a running and on a stopped server."""

import contextlib
import json
import shutil
import sqlite3

import rebuild_load
from harness import EndToEnd, main, wait_until


def copy_database(source, target):
    """With what is in its write-ahead log; into the place of what was there."""
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)


class Projections(EndToEnd):
    def lines(self, *arguments, check=0):
        return [json.loads(line) for line in self.server.cli(*arguments, check=check).stdout.splitlines()]

    def file_of(self, name):
        current = json.loads((self.server.data / "read_models" / "current.json").read_text())
        return self.server.data / "read_models" / current[name]["file"]

    def start(self):
        self.server.start()
        self.api = self.client(self.api.api_key)

    def statuses(self):
        return self.api.must(200, "GET", "/v1/projections").json["projections"]

    def names(self):
        return {each["name"] for each in self.statuses()}

    def names_that_parked(self):
        return {each["name"] for each in self.statuses() if each["parked"]}

    def visible(self, position):
        """Waits until every read model has that position."""
        self.api.must(200, "GET", f"/v1/offers?at_least={position}")
        self.api.must(200, "GET", f"/v1/products?at_least={position}")


class Audit(Projections):
    def test_every_event_is_accounted_for_on_a_running_and_a_stopped_server(self):
        for _ in range(3):
            offer = self.api.create_active_offer()
        self.visible(offer["position"])
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                audits = {audit["name"]: audit for audit in self.lines("audit", "--json")}
                names = {"offers", "offer_versions", "offer_analytics", "price_history", "products", "sales",
                         "activity", "webhooks", "coupons", "price_lists", "price_settings", "pricing", "customers", "processes",
                         "schedules", "endpoints", "stock", "checkouts", "rulebooks", "bump_displays"}
                self.assertEqual(set(audits), names)
                for audit in audits.values():
                    self.assertTrue(audit["complete"], audit)
                    self.assertEqual((audit["skipped"], audit["parked"]), (0, 0), audit)
                self.assertGreaterEqual(audits["offers"]["applied"], 6)
                self.assertIn("offer_analytics", self.server.cli("audit", check=0).stdout)

    def test_a_skipped_event_is_found_while_the_lag_is_zero(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        self.visible(offer["position"])
        self.server.stop()
        before = self.folder / "offers-before.db"
        copy_database(self.file_of("offers"), before)
        self.start()
        skipped = self.api.must(200, "PATCH", target, {"name": "Skipped"}).json["position"]
        self.visible(skipped)
        self.server.stop()
        copy_database(before, self.file_of("offers"))
        with sqlite3.connect(self.file_of("offers")) as db:
            db.execute("UPDATE checkpoint SET position = ?", (skipped,))
        self.start()
        edited = self.api.must(200, "PATCH", target, {"description": "Applied"}).json
        self.visible(edited["position"])
        self.assertNotEqual(self.api.must(200, "GET", target).json["name"], "Skipped")
        listed = {each["name"]: each for each in self.api.must(200, "GET", "/v1/projections").json["projections"]}
        self.assertEqual(listed["offers"]["lag"], 0)
        done = self.server.cli("audit", "--json")
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)
        audit = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}["offers"]
        self.assertEqual((audit["lag"], audit["skipped"], audit["complete"]), (0, 1, False), audit)
        self.assertEqual(audit["findings"][0]["missing_position"], skipped)
        self.server.cli("rebuild", "offers", check=0)
        self.server.cli("audit", check=0)
        self.assertEqual(self.api.must(200, "GET", target).json["name"], "Skipped")


class Parked(Projections):
    def alter(self, position, data):
        """Changes an event behind the log's back, as a faulty program might have written it."""
        with contextlib.closing(sqlite3.connect(self.server.data / "events.db")) as db:
            triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            (before,) = db.execute("SELECT data FROM events WHERE position = ?", (position,)).fetchone()
            for name, _ in triggers:
                db.execute(f"DROP TRIGGER {name}")
            db.execute("UPDATE events SET data = ? WHERE position = ?", (data, position))
            for _, sql in triggers:
                db.execute(sql)
            db.commit()
            return before

    def poison(self):
        """An offer with an edit that cannot be applied, and one after it."""
        self.offer = self.api.create_active_offer(name="First")["offer_id"]
        target = f"/v1/offers/{self.offer}"
        self.bad = self.api.must(200, "PATCH", target, {"name": "Second"}).json["position"]
        later = self.api.must(200, "PATCH", target, {"name": "Third"}).json["position"]
        self.server.stop()
        self.sound = self.alter(self.bad, '{"name":7}')
        self.addCleanup(self.mend)
        shutil.rmtree(self.server.data / "read_models")
        self.start()
        self.visible(later)
        self.stream = f"offer-{self.offer}"

    def mend(self):
        """For the tests that come after, on the same server."""
        self.server.stop()
        self.alter(self.bad, self.sound)
        shutil.rmtree(self.server.data / "read_models")
        self.server.start()

    def name(self):
        return self.api.must(200, "GET", f"/v1/offers/{self.offer}").json["name"]

    def test_a_poison_event_is_parked_listed_and_counted_and_others_go_on(self):
        self.poison()
        self.assertEqual(self.name(), "First")
        other = self.api.create_active_offer()
        self.visible(other["position"])
        self.api.must(200, "GET", f"/v1/offers/{other['offer_id']}")
        listed = self.api.must(200, "GET", "/v1/projections/offers/parked").json["parked"]
        self.assertEqual([event["position"] for event in listed], [self.bad, self.bad + 1])
        self.assertEqual({event["stream"] for event in listed}, {self.stream})
        status = {each["name"]: each for each in self.api.must(200, "GET", "/v1/projections").json["projections"]}
        self.assertEqual(status["offers"]["parked"], 2)
        self.assertIn('vitrine_projection_parked{projection="offers"} 2', self.api.get("/metrics").raw.decode())
        ready = self.api.must(200, "GET", "/readyz").json
        self.assertEqual(ready["warnings"][0], "projection offers has parked 2 events")
        done = self.server.cli("rebuild", "offers")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, rf"\Avitrine: offers: .*{self.bad}.*; it is parked: .*parked dismiss.*\n\Z")
        done = self.server.cli("rebuild", "--all", "--json")
        rebuilt = [json.loads(line)["name"] for line in done.stdout.splitlines()]
        self.assertEqual((done.returncode, set(rebuilt)), (1, self.names() - self.names_that_parked()), done)
        failed = {tuple(line.split(": ")[:2]) for line in done.stderr.splitlines()}
        self.assertEqual(failed, {("vitrine", name) for name in self.names_that_parked()}, done)
        self.assertIn(("vitrine", "offers"), failed)
        said = [json.loads(line) for line in self.server.log.read_text().splitlines()]
        warned = [line for line in said if line["event"] == "projection running" and line["projection"] == "offers"][-1]
        self.assertEqual((warned["level"], warned["parked"], warned["first_parked"]), ("warning", 2, self.bad))
        self.assertEqual(warned["stream"], self.stream)
        failed = [line for line in said if line["event"] == "projection rebuild failed"][0]
        self.assertIn(f"position {self.bad} ", failed["reason"])
        self.assertEqual(self.server.cli("audit").returncode, 1)
        stranger = self.client(self.server.add_tenant()[0])
        self.assertEqual(stranger.must(200, "GET", "/v1/projections/offers/parked").json["parked"], [])
        self.assert_problem(stranger.post(f"/v1/projections/offers/parked/{self.stream}/retry"), 404)

    def test_commands_on_the_stream_are_refused_with_its_position_and_others_go_on(self):
        self.poison()
        before = len(self.server.log.read_text().splitlines())
        for send in (
            lambda: self.api.request("PATCH", f"/v1/offers/{self.offer}", {"name": "Fourth"}),
            lambda: self.api.post(f"/v1/offers/{self.offer}/pause"),
        ):
            refused = send()
            self.assert_problem(refused, 500, "stream-unreadable")
            self.assertIn(f"position {self.bad} of the stream {self.stream}", refused.json["detail"])
        told = [json.loads(line) for line in self.server.log.read_text().splitlines()[before:]]
        (told,) = [line for line in told if line["event"] == "commands on a stream are refused"]
        self.assertEqual((told["level"], told["stream"], told["position"]), ("warning", self.stream, self.bad))
        self.assertIn("'offer_id'", told["reason"])
        self.assertIn("stream-unreadable", self.api.get("/problems/stream-unreadable").raw.decode())
        other = self.api.create_active_offer()["offer_id"]
        self.api.must(200, "PATCH", f"/v1/offers/{other}", {"name": "Another"})

    def test_a_version_that_was_given_up_is_told_as_such_and_why(self):
        self.poison()
        target = f"/v1/offers/{self.offer}"
        version = int(self.api.get(target).json["version"]) + 1
        parked = self.api.get(f"{target}?as_of_version={version}")
        self.assert_problem(parked, 503, "not-ready")
        self.assertIn(f"version {version}, the event at position {self.bad}, is parked", parked.json["detail"])
        by_position = self.api.get(f"{target}?as_of={self.bad}")
        self.assert_problem(by_position, 503, "not-ready")
        self.assertEqual(by_position.json["detail"], parked.json["detail"])
        self.api.must(200, "GET", f"{target}?as_of={self.bad - 1}")
        stream = [self.stream, "--tenant", self.tenant]
        for name in ("offers", "offer_versions"):
            self.server.cli("parked", "dismiss", name, *stream, "--reason", "a faulty import", check=0)
        given_up = self.api.get(f"{target}?as_of_version={version}")
        self.assert_problem(given_up, 410, "version-given-up")
        self.assertIn(f"version {version}, the event at position {self.bad}, was given up", given_up.json["detail"])
        self.assertEqual(self.api.must(200, "GET", f"{target}?as_of_version={version + 1}").json["name"], "Third")

        def why():
            (event,) = self.lines("parked", "list", "offers", "--tenant", self.tenant, "--all", "--json")
            return event["reason"]

        reason = why()
        self.assertRegex(reason, f"position {self.bad} cannot be read: `name`: .*; dismissed: a faulty import$")
        self.server.cli("rebuild", "offers", check=0)
        self.assertEqual(why(), reason)

    def test_by_http_only_an_admin_retries_and_dismisses_and_each_is_an_event(self):
        self.poison()
        target = f"/v1/projections/offers/parked/{self.stream}"
        done = self.server.cli("key", "add", self.tenant, "--role", "operator", check=0)
        operator = self.client(json.loads(done.stdout)["api_key"])
        for action in ("retry", "dismiss"):
            self.assert_problem(operator.post(f"{target}/{action}"), 403, "forbidden")
        self.assert_problem(self.api.post("/v1/projections/nonsense/parked/x/retry"), 404)
        none = self.api.post("/v1/projections/offers/parked/offer-x/retry", headers={"Accept-Language": "pt"})
        self.assert_problem(none, 404)
        self.assertEqual(none.json["detail"], "offers não tem evento retido do fluxo offer-x.")
        with contextlib.closing(sqlite3.connect(self.server.data / "events.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for action in ("retry", "dismiss"):
                self.assert_problem(self.api.post(f"{target}/{action}"), 503, "storage-unavailable")
            other.execute("ROLLBACK")
        tried = self.api.must(200, "POST", f"{target}/retry").json
        self.assertEqual((tried["applied"], tried["parked"]), (0, 2), tried)
        self.assert_problem(self.api.post(f"{target}/dismiss?all=maybe"), 422, pointers=["/all"])
        listed = "/v1/projections/offers/parked"
        self.assert_problem(self.api.get(f"{listed}?all=maybe"), 422, pointers=["/all"])
        self.assertEqual(len(self.api.must(200, "GET", listed).json["parked"]), 2)
        given_up = self.api.must(200, "POST", f"{target}/dismiss?reason=written%20wrongly").json
        self.assertEqual((given_up["dismissed"], given_up["applied"], given_up["parked"]), (1, 1, 0), given_up)
        self.assertEqual(self.name(), "Third")
        self.assertEqual(self.api.must(200, "GET", listed).json["parked"], [])
        (event,) = self.api.must(200, "GET", f"{listed}?all=true").json["parked"]
        self.assertEqual((event["position"], event["state"]), (self.bad, "dismissed"))
        said = self.api.must(200, "GET", "/v1/events?category=projection").json["events"]
        self.assertEqual([event["type"] for event in said], ["ParkedStreamRetried", "ParkedStreamDismissed"])
        self.assertEqual(said[1]["data"]["positions"], [self.bad])
        self.assertEqual(said[1]["data"]["reason"], "written wrongly")
        self.assert_problem(self.api.post(f"{target}/dismiss"), 404)

    def test_by_cli_on_a_running_and_a_stopped_server(self):
        self.poison()
        stream = ["offers", self.stream, "--tenant", self.tenant]
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                listed = self.lines("parked", "list", "offers", "--tenant", self.tenant, "--json")
                self.assertEqual([event["position"] for event in listed], [self.bad, self.bad + 1])
                done = self.server.cli("parked", "retry", *stream)
                self.assertEqual(done.returncode, 1, done)
                self.assertEqual(json.loads(done.stdout)["parked"], 2)
                self.assertRegex(done.stderr, rf"\Avitrine: 2 events of offers stay parked; .*{self.bad}.*\n\Z")
                for action in ("list", "retry", "dismiss"):
                    named = [] if action == "list" else stream[:2]
                    done = self.server.cli("parked", action, *named, "--tenant", "nobody")
                    self.assertEqual((done.returncode, done.stderr), (1, "vitrine: there is no tenant nobody\n"))
        self.alter(self.bad, self.sound)
        done = self.server.cli("parked", "retry", *stream, check=0)
        self.assertEqual(json.loads(done.stdout)["applied"], 2)
        self.start()
        self.assertEqual(self.name(), "Third")
        self.assertEqual(self.server.cli("parked", "dismiss", *stream).returncode, 1)
        others = sorted(self.names_that_parked())
        for name in others:
            self.server.cli("parked", "retry", name, self.stream, "--tenant", self.tenant)
        self.server.cli("rebuild", "offers", *others, "--check", check=0)
        self.server.cli("audit", check=0)

    def test_a_dismissal_is_done_though_another_event_stays_parked_which_is_told(self):
        self.poison()
        self.server.stop()
        sound = self.alter(self.bad + 1, '{"name":8}')
        self.addCleanup(self.alter, self.bad + 1, sound)
        self.addCleanup(self.server.stop)
        stream = ["offers", self.stream, "--tenant", self.tenant]
        done = self.server.cli("parked", "dismiss", *stream, check=0)
        told = json.loads(done.stdout)
        self.assertEqual((told["dismissed"], told["applied"], told["parked"]), (1, 0, 1), told)
        self.assertRegex(done.stderr, rf"\Avitrine: dismissed; 1 event of offers stays parked; .*{self.bad + 1}.*\n\Z")
        done = self.server.cli("parked", "dismiss", *stream, check=0)
        self.assertEqual((json.loads(done.stdout)["parked"], done.stderr), (0, ""), done)

    def test_an_event_that_no_read_model_has_met_is_told_with_what_to_do(self):
        self.poison()
        self.server.stop()
        told = "; start the server, which parks it, then `vitrine parked retry` or `vitrine parked dismiss` it\n"
        done = self.server.cli("rebuild", "offers")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("; it is parked: ", done.stderr)
        with contextlib.closing(sqlite3.connect(self.file_of("offers"))) as db:
            db.execute("DELETE FROM parked")
            db.commit()
        done = self.server.cli("rebuild", "offers")  # as if it had been altered after it was applied
        self.assertRegex(done.stderr, rf"\Avitrine: offers: .*{self.bad}[^;]*\n\Z")
        with contextlib.closing(sqlite3.connect(self.file_of("offers"))) as db:
            db.execute("UPDATE checkpoint SET position = ?", (self.bad - 1,))
            db.commit()
        self.assertTrue(self.server.cli("rebuild", "offers").stderr.endswith(told))
        shutil.rmtree(self.server.data / "read_models")
        self.assertTrue(self.server.cli("rebuild", "offers").stderr.endswith(told))
        self.start()
        self.visible(self.bad + 1)
        self.server.cli("parked", "dismiss", "offers", self.stream, "--tenant", self.tenant, check=0)
        self.server.cli("rebuild", "offers", check=0)


class Rebuild(Projections):
    def test_while_read_models_are_rebuilt_under_load_every_answer_was_true_at_its_position(self):
        still = [self.api.create_offer()["offer_id"] for _ in range(5)]
        moving = [self.api.create_offer() for _ in range(8)]
        self.visible(moving[-1]["position"])
        ids = [offer["offer_id"] for offer in moving]
        with rebuild_load.Load(self.server, self.api.api_key, ids, still, 40, 400) as load:
            for _ in range(5):
                for arguments in (["--all", "--diff"], ["--all", "--tenant", self.tenant], ["--all", "--check"]):
                    self.server.cli("rebuild", *arguments, check=0)
            counted = load.finish()
        self.assertGreater(counted["commands"], 10)
        self.assertGreater(counted["queries"], 100)
        self.server.cli("audit", check=0)

    def test_builds_and_comparisons_tell_how_far_they_are(self):
        offer = self.api.create_active_offer()
        self.visible(offer["position"])
        self.server.stop()
        shutil.rmtree(self.server.data / "read_models")
        before = len(self.server.log.read_text().splitlines())
        self.start()
        self.visible(offer["position"])
        told = [json.loads(line) for line in self.server.log.read_text().splitlines()[before:]]
        told = [line for line in told if line.get("projection") == "offers"]
        self.assertEqual([line["event"] for line in told],
                         ["projection being built", "projection building", "projection running"])  # fmt: skip
        self.assertEqual((told[0]["phase"], told[0]["done"]), ("building", 0), told)
        self.assertGreaterEqual(told[0]["total"], offer["position"])
        self.api.must(200, "GET", "/readyz")
        figures = self.api.get("/metrics").raw.decode()
        self.assertIn('vitrine_projection_build_ratio{projection="offers"} 1\n', figures)
        for each in self.api.must(200, "GET", "/v1/projections").json["projections"]:
            self.assertNotIn("build", each)
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                shown = self.server.terminal_of("rebuild", "offers", "--check", columns=120)
                self.assertRegex(shown, r"offers \[#+ *\].* events .*\r.*offers compared \[#* *\] .* rows ")

    def test_the_file_of_a_former_version_serves_until_the_present_one_is_built_and_is_kept(self):
        offer = self.api.create_active_offer()
        self.visible(offer["position"])
        self.server.stop()
        current = self.server.data / "read_models" / "current.json"
        named = json.loads(current.read_text())
        former = named["offers"]["file"]
        version = named["offers"]["version"]
        named["offers"]["version"] = version - 1
        current.write_text(json.dumps(named))
        self.start()
        self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}")
        wait_until(lambda: json.loads(current.read_text())["offers"]["version"] == version, "the build")
        named = json.loads(current.read_text())["offers"]
        self.assertEqual([kept["file"] for kept in named["kept"]], [former])
        self.assertTrue((current.parent / former).exists())
        self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}")
        self.server.cli("audit", check=0)
        done = self.server.cli("rebuild", "--drop-old", check=0)
        self.assertEqual(done.stdout, "the file of 1 former version was removed\n")
        self.assertFalse((current.parent / former).exists())
        done = self.server.cli("rebuild", "--drop-old", check=0)
        self.assertEqual(done.stdout, "no file of a former version was kept\n")
        self.assertEqual(self.lines("rebuild", "--drop-old", "--json"), [{"dropped": 0}])


class Activity(Projections):
    def test_who_did_what_when_is_listed_searched_and_paged_within_the_tenant(self):
        offer = self.api.create_active_offer(name="Chá Verde")["offer_id"]
        edited = self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"description": "Novo"}).json
        at_least = f"at_least={edited['position']}"
        items = self.api.must(200, "GET", f"/v1/activity?{at_least}").json["items"]
        self.assertEqual([item["type"] for item in items],
                         ["OfferEdited", "OfferActivated", "OfferCreated", "ProductCreated"])  # fmt: skip
        self.assertEqual(items[0]["summary"], "description")
        self.assertTrue(all(item["actor"].startswith("key:") for item in items), items)
        self.assertEqual([item.get("offer_name") for item in items], ["Chá Verde"] * 3 + [None])
        self.assertEqual(items[3]["product_name"], "Café")
        for filters, wanted in (
            (f"offer_id={offer}", 3),
            (f"actor={items[0]['actor']}", 4),
            ("actor=key:nobody", 0),
            ("q=cha%20verde", 3),  # by the offer's name, also where the event does not have it
            ("q=OFFEREDITED", 1),
        ):
            with self.subTest(filters):
                found = self.api.must(200, "GET", f"/v1/activity?{filters}").json
                self.assertEqual(len(found["items"]), wanted)
        paged, cursor = [], ""
        while cursor is not None:
            page = self.api.must(200, "GET", f"/v1/activity?limit=3{cursor}").json
            paged += page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        self.assertEqual(paged, items)
        self.assert_problem(self.api.get("/v1/activity?cursor=nonsense&limit=0"), 422)
        stranger = self.client(self.server.add_tenant()[0])
        self.assertEqual(stranger.must(200, "GET", f"/v1/activity?offer_id={offer}").json["items"], [])


if __name__ == "__main__":
    main()
