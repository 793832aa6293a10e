"""The program's other commands on a running and on a stopped server, and its exit codes."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading

from harness import CLUBIFY_KEY, PATIENCE, VITRINE, EndToEnd, Later, Server, main


class Cli(EndToEnd):
    def lines(self, *arguments):
        return [json.loads(line) for line in self.server.cli(*arguments, check=0).stdout.splitlines()]


class Usage(Cli):
    def test_wrong_usage_is_2_and_a_fault_is_one_line_on_stderr(self):
        for arguments in ([], ["nonsense"], ["serve"], ["serve", "--data"], ["replay", "--nonsense", "--data", "x"],
                          ["tenant", "add", "--data", "x"], ["rebuild", "--data", "x"]):  # fmt: skip
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 2, done)
                self.assertTrue(done.stderr.strip(), done)

    def test_every_command_has_help(self):
        for arguments in (["--help"], *([name, "--help"] for name in ("serve", "tenant", "replay", "rebuild", "audit", "parked"))):
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(arguments[0] if len(arguments) > 1 else "serve", done.stdout)

    def test_a_folder_without_data_is_1(self):
        for arguments in (["replay"], ["rebuild", "--all"], ["audit"], ["parked", "list"]):
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments, "--data", "/nonexistent/vitrine"], capture_output=True,
                                      text=True, timeout=PATIENCE)  # fmt: skip
                self.assertEqual(done.returncode, 1, done)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)


class Serve(Cli):
    def test_a_second_server_on_the_same_data_is_refused(self):
        done = self.server.cli("serve", "--listen", "127.0.0.1:0")
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)

    def test_a_port_in_use_is_1_with_one_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            other = Server(self.folder / "other", "http://127.0.0.1:1")
            done = other.cli("serve", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)

    def test_plain_http_to_another_machine_is_refused(self):
        other = Server(self.folder / "plain", "")
        done = other.cli("serve", "--listen", "127.0.0.1:0", "--clubify-url", "http://192.0.2.1/")
        self.assertIn(done.returncode, (1, 2), done)
        self.assertIn("allow-insecure-clubify", done.stderr)

    def test_sigterm_drains_and_exits_0(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 700}})
        seen = len(self.sandbox.requests())
        sent = Later(lambda: self.api.post("/v1/offers", {"name": "Tea"}))
        self.sandbox.reached_by("POST", "/offers", seen)
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(sent.join().status, 201, "what was in work is answered")

    def test_the_ready_line_names_address_and_position(self):
        offer = self.api.create_offer()
        self.restart(signal.SIGTERM)
        self.assertGreaterEqual(self.server.ready["position"], offer["position"])
        self.assertEqual(self.api.get("/readyz").status, 200)

    def test_data_and_keys_are_private(self):
        for name in ("master.key", "control.sock"):
            self.assertEqual(os.stat(self.server.data / name).st_mode & 0o077, 0, name)
        for name in ("events.db", "keys.db"):
            raw = b"".join(path.read_bytes() for path in self.server.data.glob(name + "*"))
            self.assertNotIn(CLUBIFY_KEY.encode(), raw)
            self.assertNotIn(self.api.api_key.encode(), raw)


class Tenants(Cli):
    def test_a_tenant_added_to_a_running_server_works_at_once(self):
        key, _, _ = self.server.add_tenant()
        self.client(key).must(200, "GET", "/v1/offers")

    def test_a_tenant_added_to_a_stopped_server_works_after_its_start(self):
        self.server.stop()
        key, _, _ = self.server.add_tenant("added-while-stopped")
        self.server.start()
        self.client(key).create_active_offer()

    def test_a_tenant_twice_is_refused(self):
        done = self.server.cli("tenant", "add", self.tenant, "--clubify-api-key", "-", "--clubify-tenant-id",
                               "0" * 24, stdin=CLUBIFY_KEY + "\n")  # fmt: skip
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)

    def test_tenants_are_listed_without_secrets(self):
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                done = self.server.cli("tenant", "list", check=0)
                self.assertIn(self.tenant, done.stdout)
                self.assertNotIn(CLUBIFY_KEY, done.stdout)
                self.assertNotIn(self.api.api_key, done.stdout)

    def test_a_key_that_was_shown_works_after_kill_9(self):
        key, _, _ = self.server.add_tenant()
        self.server.kill()
        self.server.start()
        self.client(key).must(200, "GET", "/v1/offers")


class Keys(Cli):
    def add(self, role):
        return json.loads(self.server.cli("key", "add", self.tenant, "--role", role, check=0).stdout)["api_key"]

    def test_a_reader_may_ask_but_not_command(self):
        reader = self.client(self.add("reader"))
        offer = self.api.create_active_offer()["offer_id"]
        reader.must(200, "GET", f"/v1/offers/{offer}/events")
        for target in ("/v1/products", "/v1/offers", f"/v1/offers/{offer}/pause", f"/v1/offers/{offer}/pause?dry_run=true"):
            with self.subTest(target):
                self.assert_problem(reader.post(target, {}), 403, "forbidden")
        self.client(self.add("operator")).create_active_offer()

    def test_a_revoked_key_is_refused_at_once_and_the_other_goes_on(self):
        key = self.add("operator")
        prefix = "_".join(key.split("_")[:2])
        self.assertIn(prefix, self.server.cli("key", "list", self.tenant, check=0).stdout)
        self.client(key).must(200, "GET", "/v1/offers")
        self.server.cli("key", "revoke", self.tenant, prefix, check=0)
        self.assert_problem(self.client(key).get("/v1/offers"), 401)
        self.api.must(200, "GET", "/v1/offers")
        self.restart()
        self.assert_problem(self.client(key).get("/v1/offers"), 401)


class Replay(Cli):
    def setUp(self):
        super().setUp()
        self.offer = self.api.create_active_offer(name="First")
        self.api.must(200, "PATCH", f"/v1/offers/{self.offer['offer_id']}", {"name": "Second"})
        self.events = self.lines("replay", "--json", "--tenant", self.tenant)

    def test_events_come_in_order_as_cloud_events_on_a_running_and_a_stopped_server(self):
        self.assertEqual(
            [event["type"] for event in self.events],
            ["ProductCreated", "OfferCreated", "OfferActivated", "OfferEdited"],
        )
        self.assertEqual(self.events, self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"])
        self.server.stop()
        self.assertEqual(self.lines("replay", "--json", "--tenant", self.tenant), self.events)

    def test_every_filter_selects_what_it_says(self):
        position = [event["position"] for event in self.events]
        stream = f"offer-{self.offer['offer_id']}"
        since, until = self.events[3]["time"], self.events[0]["time"]
        for filters, wanted in (
            (["--from", position[1], "--to", position[2]], [1, 2]),
            (["--from", position[3]], [3]),
            (["--to", position[0]], [0]),
            (["--stream", stream], [1, 2, 3]),
            (["--type", "OfferEdited"], [3]),
            (["--type", "OfferEdited", "--type", "OfferCreated"], [1, 3]),
            (["--since", since], [n for n, event in enumerate(self.events) if event["time"] >= since]),
            (["--until", until], [n for n, event in enumerate(self.events) if event["time"] <= until]),
            (["--stream", stream, "--type", "ProductCreated"], []),
        ):
            with self.subTest(filters):
                found = self.lines("replay", "--json", "--tenant", self.tenant, *filters)
                self.assertEqual(found, [self.events[index] for index in wanted])

    def test_without_json_there_is_one_readable_line_each(self):
        lines = self.server.cli("replay", "--tenant", self.tenant, check=0).stdout.splitlines()
        self.assertEqual(len(lines), len(self.events))
        for line, event in zip(lines, self.events):
            self.assertIn(event["type"], line)
            self.assertIn(event["position"], line)

    def test_the_state_of_a_stream_is_folded_as_of_a_version_or_time(self):
        stream = f"offer-{self.offer['offer_id']}"

        def state(*more):
            done = self.server.cli("replay", "--state", stream, "--tenant", self.tenant, *more, check=0)
            return json.loads(done.stdout)

        self.assertEqual((state()["name"], state()["status"]), ("Second", "active"))
        self.assertEqual(state("--at-version", "1")["status"], "draft")
        self.assertEqual(state("--at-version", "2")["name"], "First")
        self.assertEqual(state("--at", self.events[2]["time"])["name"], "First")
        missing = self.server.cli("replay", "--state", "offer-nothing", "--tenant", self.tenant)
        self.assertEqual(missing.returncode, 1, missing)

    def test_follow_prints_what_is_appended_later(self):
        arguments = [VITRINE, "replay", "--follow", "--json", "--tenant", self.tenant, "--data", str(self.server.data)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as follower:
            self.addCleanup(follower.kill)
            old = [json.loads(follower.stdout.readline()) for _ in self.events]
            self.assertEqual(old, self.events)
            product = self.api.create_product()
            new = json.loads(follower.stdout.readline())
            self.assertEqual(new["subject"], f"product-{product['product_id']}")
            follower.send_signal(signal.SIGTERM)
            follower.wait(PATIENCE)

    def test_the_log_cannot_be_changed_from_outside(self):
        self.server.stop()
        with sqlite3.connect(self.server.data / "events.db") as db:
            for statement in ("UPDATE events SET data = '{}'", "DELETE FROM events",
                              "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1"):  # fmt: skip
                with self.subTest(statement), self.assertRaises(sqlite3.Error):
                    db.execute(statement)


class Rebuild(Cli):
    def setUp(self):
        super().setUp()
        for _ in range(3):
            offer = self.api.create_active_offer()
        self.api.must(200, "GET", f"/v1/offers?at_least={offer['position']}")

    def test_a_rebuild_gives_what_the_live_read_model_has(self):
        listed = self.api.must(200, "GET", "/v1/offers?limit=1000").json
        for running in (True, False):
            for arguments in (["--all", "--check"], ["offers", "--diff"], ["offer_analytics"], ["--all"]):
                with self.subTest(running=running, arguments=arguments):
                    self.server.cli("rebuild", *arguments, check=0)
            if running:
                self.assertEqual(self.api.must(200, "GET", "/v1/offers?limit=1000").json["items"], listed["items"])
                self.server.stop()
        self.server.start()
        self.api = self.client(self.api.api_key)
        self.assertEqual(self.api.must(200, "GET", "/v1/offers?limit=1000").json["items"], listed["items"])

    def test_commands_go_on_during_a_rebuild(self):
        stop, failures = threading.Event(), []

        def work():
            api = self.client(self.api.api_key)
            while not stop.is_set():
                offer = api.create_offer()
                answer = api.get(f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}")
                if answer.status != 200:
                    failures.append(answer)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            for _ in range(3):
                self.server.cli("rebuild", "--all", check=0)
        finally:
            stop.set()
            worker.join()
        self.assertEqual(failures, [])
        self.server.cli("rebuild", "--all", "--check", check=0)

    def test_an_unknown_read_model_is_refused(self):
        done = self.server.cli("rebuild", "nonsense")
        self.assertIn(done.returncode, (1, 2), done)
        self.assertTrue(done.stderr.strip())

    def test_a_damaged_read_model_is_found_by_check_and_mended_by_rebuild(self):
        self.server.stop()
        current = json.loads((self.server.data / "read_models" / "current.json").read_text())
        self.assertIn("offers", str(current))
        (file,) = [path for path in (self.server.data / "read_models").glob("offers-v*.db")]
        with sqlite3.connect(file) as db:
            table = next(
                name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                if "name" in [column[1] for column in db.execute(f"PRAGMA table_info({name})")]
            )  # fmt: skip
            db.execute(f"UPDATE {table} SET name = 'tampered'")
        self.assertEqual(self.server.cli("rebuild", "offers", "--check").returncode, 1)
        done = self.server.cli("rebuild", "offers", "--diff", check=0)
        self.assertIn("tampered", done.stdout)
        self.server.cli("rebuild", "offers", "--check", check=0)


if __name__ == "__main__":
    main()
