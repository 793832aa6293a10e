"""The program's other commands on a running and on a stopped server, and its exit codes."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import threading
from datetime import datetime, timedelta, timezone

from harness import CLUBIFY_KEY, PATIENCE, VITRINE, EndToEnd, Later, Sandbox, Server, main, wait_until


def now(later=timedelta()):
    return (datetime.now(timezone.utc) + later).isoformat().replace("+00:00", "Z")


class Cli(EndToEnd):
    def lines(self, *arguments):
        return [json.loads(line) for line in self.server.cli(*arguments, check=0).stdout.splitlines()]


    def assert_refused(self, done, code, *told):
        """The program ended with that code and told why in one line that has these words."""
        self.assertEqual(done.returncode, code, done)
        self.assertEqual(done.stdout, "", done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        for words in told:
            self.assertIn(words, done.stderr)


class Usage(Cli):
    def test_wrong_usage_is_2_and_a_fault_is_one_line_on_stderr(self):
        for arguments in ([], ["nonsense"], ["serve"], ["serve", "--data"], ["replay", "--nonsense", "--data", "x"],
                          ["tenant", "add", "--data", "x"], ["rebuild", "--data", "x"]):  # fmt: skip
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 2, done)
                self.assertTrue(done.stderr.strip(), done)

    def test_every_command_has_help(self):
        names = ("serve", "tenant", "key", "replay", "rebuild", "verify", "backup", "seal", "audit", "parked", "delivery", "adopt",
                 "reconcile", "journal", "model")  # fmt: skip
        for arguments in (["--help"], *([name, "--help"] for name in names), ["replay", "export", "--help"],
                          ["replay", "import", "--help"]):  # fmt: skip
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(arguments[0] if len(arguments) > 1 else "serve", done.stdout)

    def test_a_folder_without_data_is_1_and_is_not_made(self):
        missing = Server(self.folder / "missing", "")
        missing.folder.mkdir()
        for arguments in (["replay"], ["rebuild", "--all"], ["verify"], ["backup", missing.folder / "copy"],
                          ["audit"], ["parked", "list"], ["delivery", "list"], ["reconcile"],
                          ["journal", "prune", "--before", "2026-01-01T00:00:00Z"], ["adopt", "--tenant", "acme"],
                          ["replay", "export", "-"], ["tenant", "list"], ["key", "list", "acme"],
                          ["key", "add", "acme"], ["key", "revoke", "acme", "vtr_00000000"]):  # fmt: skip
            with self.subTest(arguments):
                self.assert_refused(missing.cli(*arguments), 1)
                self.assertEqual(list(missing.folder.iterdir()), [])

    def test_wrong_arguments_are_told_in_one_clear_line(self):
        for arguments, told in (
            ([], ["needs one of", "serve"]),
            (["tenant"], ["needs one of", "list"]),
            (["reply"], ['"vitrine reply"', '"vitrine replay"']),
            (["nonsense"], ['"vitrine nonsense"', "nearest"]),
            (["tenant", "lst", "--data", "x"], ['"vitrine tenant lst"', '"vitrine tenant list"']),
            (["replay", "--data", "x", "--untill=z"], ["no option --untill", "--until"]),
            (["serve", "--dta", "x"], ["no option --dta", "--data"]),
            (["parked", "--data", "x"], ["vitrine parked needs one of", "list, retry, dismiss"]),
            (["parked", "--dta", "x"], ["vitrine parked has no option --dta"]),
            (["parked", "--data", "x", "list"], ["--data stands after the command", "vitrine parked list --data"]),
            (["--data", "x", "replay"], ["--data stands after the command", "vitrine replay --data"]),
            (["rebuild", "--data"], ["--data needs a value"]),
            (["replay", "--data", "x", "--from", "x"], ["--from", "whole number", '"x"']),
            (["replay", "--data", "x", "--to", "-1"], ["--to", "whole number"]),
            (["replay", "--data", "x", "--from", "99999999999999999999"], ["--from", "whole number"]),
            (["replay", "--data", "x", "--state", "offer-1", "--at-version", "0"], ["--at-version", "1 or more"]),
            (["replay", "--data", "x", "--since", "soon"], ["--since", '"soon"']),
            (["replay", "--data", "x", "--state", "offer-1", "--from", "3"], ["--state", "--from"]),
            (["replay", "--data", "x", "--state", "offer-1", "--to", "3"], ["--state", "--to"]),
            (["replay", "--data", "x", "--follow", "--state", "offer-1"], ["--state", "--follow"]),
            (["replay", "--data", "x", "--stream", "offer-1", "--state", "offer-1"], ["--state", "--stream"]),
        ):
            with self.subTest(arguments):
                done = subprocess.run([VITRINE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
                self.assert_refused(done, 2, *told)
                self.assertLess(len(done.stderr), 200, done)

    def test_a_data_directory_that_is_not_there_is_told_as_such(self):
        (self.folder / "file").write_text("")
        for arguments in (["replay"], ["replay", "export", "-"], ["rebuild", "--all"], ["rebuild", "--drop-old"],
                          ["verify"], ["backup", "copy"], ["seal", "copy"], ["audit"], ["parked", "list"],
                          ["parked", "retry", "offers", "offer-x", "--tenant", "acme"], ["reconcile"],
                          ["adopt", "--tenant", "acme"],
                          ["journal", "prune", "--before", "2026-01-01T00:00:00Z"], ["tenant", "list"],
                          ["tenant", "show", "acme"], ["tenant", "change", "acme", "--name", "A"],
                          ["tenant", "retire", "acme", "--confirm", "acme"], ["key", "list", "acme"],
                          ["key", "add", "acme"], ["key", "revoke", "acme", "vtr_00000000"],
                          ["master-key", "change", "--confirm", "nodir"]):  # fmt: skip
            for data, told in (("nodir", "there is no directory"), ("file", "is not a directory")):
                with self.subTest(arguments, data=data):
                    more = [data if each == "nodir" else each for each in arguments]
                    done = subprocess.run([VITRINE, *more, "--data", data], cwd=self.folder,
                                          capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
                    self.assert_refused(done, 1, told, data)
        self.assertFalse((self.folder / "nodir").exists())

    def test_an_empty_tenant_is_refused_and_not_taken_for_all(self):
        for arguments in (["rebuild", "offers"], ["replay"], ["replay", "export", "-"], ["adopt"], ["reconcile"],
                          ["journal", "prune", "--before", "2026-01-01T00:00:00Z"], ["parked", "list"],
                          ["delivery", "list"], ["delivery", "pause", "x"], ["parked", "retry", "offers", "offer-x"],
                          ["parked", "dismiss", "offers", "offer-x"]):  # fmt: skip
            for tenant in (["--tenant", ""], ["--tenant="]):
                with self.subTest(arguments, tenant=tenant):
                    self.assert_refused(self.server.cli(*arguments, *tenant), 2, "--tenant", "must not be empty")
        self.assert_refused(self.server.cli("parked", "list", ""), 2, "PROJECTION", "must not be empty")
        for option in ("--stream", "--type", "--since", "--until", "--state"):
            with self.subTest(option):
                self.assert_refused(self.server.cli("replay", option, ""), 2, option, "must not be empty")

    def test_a_mistyped_variable_is_told_with_the_nearest_and_without_its_value(self):
        for command in ("config", "serve"):
            for name, nearest in (("VITRINE_LISTN", "VITRINE_LISTEN"), ("VITRINE_MASTER_KEYS", "VITRINE_MASTER_KEY"),
                                  ("VITRINE_HTTP_IDLE_TIMEOT", "VITRINE_HTTP_IDLE_TIMEOUT")):  # fmt: skip
                with self.subTest(command=command, name=name):
                    done = subprocess.run([VITRINE, command, "--data", "x"], env={**os.environ, name: CLUBIFY_KEY},
                                          capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
                    self.assert_refused(done, 2, name, f"the nearest is {nearest}")
                    self.assertNotIn(CLUBIFY_KEY, done.stderr)

    def test_a_setting_comes_from_its_variable_and_the_limits_of_the_server_are_shown(self):
        environment = {**os.environ, "VITRINE_HTTP_HEADER_TIMEOUT": "7s", "VITRINE_MASTER_KEY": "00" * 32}
        done = subprocess.run([VITRINE, "config", "--json"], env=environment, capture_output=True, text=True,
                              timeout=PATIENCE)  # fmt: skip
        self.assertEqual(done.returncode, 0, done)
        rows = {row["setting"]: row for row in map(json.loads, done.stdout.splitlines())}
        self.assertEqual((rows["http.header_timeout"]["value"], rows["http.header_timeout"]["from"]),
                         ("7s", "VITRINE_HTTP_HEADER_TIMEOUT"))  # fmt: skip
        for setting, value in (("http.header_limit", "16KiB"), ("http.body_limit", "1MiB"),
                               ("http.body_timeout", "30s"), ("http.idle_timeout", "75s"),
                               ("http.write_timeout", "30s"), ("tls.handshake_timeout", "10s"),
                               ("connections.limit", "20000")):  # fmt: skip
            self.assertEqual((rows[setting]["value"], rows[setting]["from"]), (value, "default"))

    def test_a_secret_behind_a_mistyped_option_is_not_printed(self):
        done = subprocess.run([VITRINE, "tenant", "add", "acme", "--data", "x", f"--clubify-apikey={CLUBIFY_KEY}"],
                              capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
        self.assert_refused(done, 2, "--clubify-api-key")
        self.assertNotIn(CLUBIFY_KEY, done.stderr)


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

    def test_the_size_of_the_wal_is_a_metric(self):
        self.api.create_offer()
        samples = dict(line.rsplit(" ", 1) for line in self.api.get("/metrics").raw.decode().splitlines())
        self.assertEqual(float(samples["vitrine_wal_bytes"]), (self.server.data / "events.db-wal").stat().st_size)

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

    def test_the_last_use_of_a_key_is_shown_and_outlives_the_server(self):
        key = self.add("reader")
        prefix = "_".join(key.split("_")[:2])

        def last_use():
            (row,) = [row for row in self.lines("key", "list", self.tenant, "--json") if row["prefix"] == prefix]
            return row["last_used_at"]

        self.assertIsNone(last_use())
        self.client(key[:-1]).get("/v1/offers")
        self.assertIsNone(last_use())
        self.client(key).must(200, "GET", "/v1/offers")
        used = last_use()
        self.assertIsNotNone(used)
        self.server.stop()
        self.assertEqual(last_use(), used)
        self.server.start()
        self.assertEqual(last_use(), used)

    def test_a_third_key_of_a_role_waits_until_one_is_revoked(self):
        first, second = self.add("reader"), self.add("reader")
        self.assert_refused(self.server.cli("key", "add", self.tenant, "--role", "reader"), 1, "two active keys")
        for key in (first, second):
            self.client(key).must(200, "GET", "/v1/offers")
        self.server.cli("key", "revoke", self.tenant, "_".join(first.split("_")[:2]), check=0)
        self.client(self.add("reader")).must(200, "GET", "/v1/offers")

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

    def test_filters_that_cannot_match_are_told(self):
        for filters, code, told in (
            (["--type", "Bogus"], 2, ['"Bogus"', "nearest"]),
            (["--type", "OfferCreated", "--type", "OfferEditd"], 2, ['"OfferEditd"', '"OfferEdited"']),
            (["--tenant", "nosuch"], 1, ["there is no such tenant", "nosuch"]),
            (["--state", "offer-1", "--tenant", "nosuch"], 1, ["there is no such tenant"]),
            (["--from", "7", "--to", "5"], 2, ["--from", "--to"]),
            (["--since", "2026-03-02T00:00:00Z", "--until", "2026-03-01T00:00:00Z"], 2, ["--since", "--until"]),
        ):
            with self.subTest(filters):
                self.assert_refused(self.server.cli("replay", *filters), code, *told)

    def test_a_tenant_without_events_and_events_without_a_tenant_are_no_mistake(self):
        _, silent, _ = self.server.add_tenant()
        self.assertEqual(self.lines("replay", "--json", "--tenant", silent), [])
        self.assertEqual(self.lines("replay", "--json", "--tenant", silent, "--type", "ProductEdited"), [])
        self.server.stop()
        keys = self.server.data / "keys.db"
        keys.rename(self.folder / "keys.away")
        try:
            self.assertEqual(self.lines("replay", "--json", "--tenant", self.tenant), self.events)
            self.assert_refused(self.server.cli("replay", "--tenant", silent), 1, "there is no such tenant")
        finally:
            (self.folder / "keys.away").rename(keys)

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

    def test_a_check_of_what_was_never_built_does_not_say_that_all_is_well(self):
        self.server.stop()
        shutil.rmtree(self.server.data / "read_models")
        done = self.server.cli("rebuild", "offers", "--check")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("cannot be compared: there is none yet", done.stdout)
        self.assertEqual(done.stderr, "vitrine: not what the log gives: offers\n")
        self.server.cli("rebuild", "offers", check=0)
        self.server.cli("rebuild", "offers", "--check", check=0)

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

    def test_the_bar_of_a_narrow_terminal_stays_in_its_line(self):
        columns = 40
        shown = self.server.terminal_of("rebuild", "offers", columns=columns)
        lines = shown.split("\r\x1b[K")
        self.assertIn("offers [", shown)
        self.assertLess(max(map(len, lines)), columns, lines)
        self.assertEqual(lines[-1], "")  # it is taken away in the end

    def test_an_unknown_read_model_is_refused(self):
        for arguments in (
            ["rebuild", "nonsense"],
            ["rebuild", "--drop-old", "nonsense"],
            ["parked", "list", "nonsense"],
            ["parked", "retry", "nonsense", "offer-x", "--tenant", self.tenant],
        ):
            with self.subTest(arguments):
                done = self.server.cli(*arguments)
                self.assertEqual(done.returncode, 2, done)
                self.assertRegex(done.stderr, r"\Avitrine: .*nonsense.*offers, .*activity.*\n\Z")

    def test_a_check_never_removes_the_files_of_former_versions(self):
        for other in ("--check", "--diff"):
            with self.subTest(other):
                done = self.server.cli("rebuild", "--drop-old", other)
                self.assertEqual(done.returncode, 2, done)
                self.assertEqual(done.stderr, f"vitrine: {other} excludes --drop-old\n")

    def current(self):
        return json.loads((self.server.data / "read_models" / "current.json").read_text())

    def files(self):
        return sorted(path.name for path in (self.server.data / "read_models").glob("*.db"))

    def damage(self, name):
        """The server is stopped; every offer of the live read model gets that name."""
        with contextlib.closing(sqlite3.connect(self.server.data / "read_models" / self.current()["offers"]["file"])) as db:
            table = next(
                table for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                if "name" in [column[1] for column in db.execute(f"PRAGMA table_info({table})")]
            )  # fmt: skip
            db.execute(f"UPDATE {table} SET name = ?", (name,))
            db.commit()

    def test_a_damaged_read_model_is_found_by_check_and_mended_by_rebuild(self):
        for running in (True, False):
            with self.subTest(running=running):
                self.server.stop()
                self.damage("tampered")
                if running:
                    self.server.start()
                for more in ([], ["--json"]):
                    done = self.server.cli("rebuild", "offers", "products", "--check", *more)
                    self.assertEqual(done.returncode, 1, done)
                    self.assertEqual(done.stderr, "vitrine: not what the log gives: offers\n")
                done = self.server.cli("rebuild", "offers", "--diff", check=0)
                self.assertIn(": live tampered | rebuilt ", done.stdout)
                *_, last = done.stdout.splitlines()
                self.assertRegex(last, r"^offers: .* events .*, now generation \d+$")
                self.server.cli("rebuild", "offers", "--check", check=0)

    def start_diff(self):
        """A rebuild that is held up while it prints its comparison, since nobody reads it; where to read it."""
        self.damage("x" * 8192)
        out, into = os.pipe()
        size = fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen([VITRINE, "rebuild", "offers", "--diff", "--data", self.server.data], stdout=into,
                                   stderr=subprocess.PIPE, text=True)  # fmt: skip
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        os.close(into)
        held = lambda: int.from_bytes(fcntl.ioctl(out, termios.FIONREAD, bytes(4)), sys.byteorder)  # noqa: E731
        wait_until(lambda: held() == size, "the comparison")
        return process, open(out)

    def test_what_differs_is_told_before_the_switch(self):
        self.server.stop()
        before = self.current()
        process, out = self.start_diff()
        self.assertEqual(self.current(), before)
        with out:
            said = out.read()
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertLess(said.index("xxx"), said.index("now generation"))
        self.assertNotEqual(self.current(), before)

    def test_a_rebuild_that_is_interrupted_switches_nothing_and_leaves_no_file(self):
        self.server.stop()
        for how in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(how):
                before = self.current(), self.files()
                process, out = self.start_diff()
                self.assertNotEqual(self.files(), before[1])
                process.send_signal(how)
                status = pathlib.Path(f"/proc/{process.pid}/status")

                def taken(status=status, how=how):
                    (caught,) = [line for line in status.read_text().splitlines() if line.startswith("SigCgt")]
                    return not int(caught.split()[1], 16) >> (how - 1) & 1  # the next one ends it

                wait_until(taken, "the signal to be taken")
                with out:
                    self.assertNotIn("now generation", out.read())
                self.assertEqual(process.wait(PATIENCE), 1)
                self.assertEqual(process.stderr.read(), "vitrine: offers: the rebuild was cancelled\n")
                self.assertEqual((self.current(), self.files()), before)

    def test_a_rebuild_removes_what_a_killed_one_has_left(self):
        self.server.stop()
        live = self.files()
        folder = self.server.data / "read_models"
        shutil.copy(folder / self.current()["offers"]["file"], folder / "offers-v1-999.db")
        (folder / "offers-v1-998.db").write_bytes(b"cut off")
        self.server.cli("rebuild", "offers", "--check", check=0)
        self.assertEqual(self.files(), live)

    def test_a_read_model_that_is_named_twice_is_rebuilt_once(self):
        self.assertEqual(len(self.lines("rebuild", "offers", "products", "offers", "--json")), 2)


class Prune(Cli):
    def prune(self, *arguments):
        done = self.server.cli("journal", "prune", "--json", "--tenant", self.tenant, *arguments, check=0)
        said = json.loads(done.stdout)
        spared = said.pop("before") < arguments[1]
        self.assertEqual("are left" in done.stderr, spared, done)
        return said

    def create(self, name):
        return self.api.must(201, "POST", "/v1/products", {"name": name, "price_cents": 1}, headers={"Idempotency-Key": "k"})

    def ended(self, count):
        """Waits until so many could be forgotten: what has just ended stays for a few seconds."""
        wait_until(lambda: self.prune("--before", now(), "--dry-run") == {"would_be_pruned": count}, "their time to come")

    def test_commands_that_ended_are_forgotten_only_when_asked_and_their_events_stay(self):
        first = self.create("Tea")
        self.assertEqual(self.create("Tea").headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.prune("--before", "2020-01-01T00:00:00Z"), {"pruned": 0})
        self.ended(1)
        self.assertEqual(self.prune("--before", now(), "--force", 1), {"pruned": 1})
        self.assertEqual(self.prune("--before", now(), "--force", 0), {"pruned": 0})
        command = first.json["command_id"]
        self.assert_problem(self.api.get(f"/v1/commands/{command}"), 404)
        events = self.api.must(200, "GET", "/v1/events").json["events"]
        self.assertEqual([event["commandid"] for event in events], [command])
        again = self.create("Coffee")
        self.assertNotIn("Idempotency-Replayed", again.headers)
        self.assertNotEqual(again.json["product_id"], first.json["product_id"])
        self.ended(1)
        self.server.stop()
        self.assertEqual(self.prune("--before", now(), "--force", 1), {"pruned": 1})
        self.server.cli("verify", check=0)

    def test_commands_younger_than_30_days_are_forgotten_only_by_their_number(self):
        for number in range(3):
            self.api.create_product(name=f"Tea {number}")
        self.ended(3)
        command = ("journal", "prune", "--tenant", self.tenant, "--before")
        for running in (True, False):
            if not running:
                self.server.stop()
            self.assert_refused(self.server.cli(*command, now()), 2, "3 commands would be forgotten", "--force 3")
            for wrong in (0, 2, 4):
                self.assert_refused(self.server.cli(*command, now(), "--force", wrong), 1, "--force 3")
            for wrong in ("", "all", "-1", "3.0"):
                self.assert_refused(self.server.cli(*command, now(), "--force", wrong), 2, "--force")
            self.assert_refused(self.server.cli(*command, now(timedelta(days=-29))), 2, "0 commands")
            self.assertEqual(self.server.cli(*command, now(timedelta(days=-31)), check=0).stdout,
                             "0 commands will be forgotten, with the keys that they came with\n0 commands forgotten\n")  # fmt: skip
        done = self.server.cli(*command, now(), "--force", 3, check=0)
        self.assertEqual(done.stdout.splitlines(),
                         ["3 commands will be forgotten, with the keys that they came with", "3 commands forgotten"])  # fmt: skip

    def test_a_time_in_the_future_is_refused(self):
        for more in ([], ["--dry-run"], ["--force", "1"], ["--json"]):
            for time in ("2100-01-01T00:00:00Z", now(timedelta(minutes=5))):
                self.assert_refused(self.server.cli("journal", "prune", "--before", time, *more), 2, "future")

    def test_no_time_and_an_unknown_tenant_are_told(self):
        self.assert_refused(self.server.cli("journal", "prune", "--before", "yesterday"), 2, "--before")
        done = self.server.cli("journal", "prune", "--before", "2020-01-01T00:00:00Z", "--tenant", "nobody")
        self.assert_refused(done, 1, "there is no tenant nobody")


class Damage(Cli):
    """A file of the data directory holds what nobody of ours wrote: 3, one line, nothing served."""

    def setUp(self):
        super().setUp()
        for _ in range(60):  # some pages
            offer = self.api.create_active_offer()
        self.api.must(200, "GET", f"/v1/offers?at_least={offer['position']}")
        self.server.stop()
        self.damaged = Server(self.folder / f"damaged-{self.tenant}", f"http://127.0.0.1:{self.sandbox.port}")
        shutil.copytree(self.server.data, self.damaged.data)
        with sqlite3.connect(self.damaged.data / "events.db") as db:  # else the WAL covers what is damaged
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def assert_damaged(self, *commands):
        for command in commands:
            with self.subTest(command):
                self.assert_refused(self.damaged.cli(*command), 3)

    serve, replay, rebuild = ("serve", "--listen", "127.0.0.1:0"), ("replay",), ("rebuild", "--all")

    def scribble(self, name, start, end=None):
        with open(self.damaged.data / name, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(start)
            file.write(b"\xa5" * ((end or size) - start))

    def test_a_log_with_garbage_for_its_head(self):
        self.scribble("events.db", 0, 100)
        self.assert_damaged(self.serve, self.rebuild, ("replay", "--json", "--type", "OfferCreated"))

    def test_a_log_with_garbage_for_its_pages(self):
        self.scribble("events.db", 4096)
        self.assert_damaged(self.serve, self.rebuild)
        self.assertEqual(self.damaged.cli("replay").returncode, 3)

    def test_a_log_that_was_cut_off(self):
        log = self.damaged.data / "events.db"
        os.truncate(log, log.stat().st_size // 8192 * 4096)
        self.assert_damaged(self.serve, self.rebuild)
        self.assertEqual(self.damaged.cli("replay").returncode, 3)

    def test_a_key_file_with_garbage(self):
        for start in (0, 4096):
            shutil.copy(self.server.data / "keys.db", self.damaged.data)
            self.scribble("keys.db", start)
            self.assert_damaged(self.serve, self.rebuild, ("tenant", "list"), ("key", "list", self.tenant))
        self.assertEqual(self.damaged.cli("replay").returncode, 0, "needs no keys")

    def test_a_list_of_read_models_with_garbage(self):
        (self.damaged.data / "read_models" / "current.json").write_text('{"offers": {"ver')
        self.assert_damaged(self.serve, self.rebuild)
        shutil.rmtree(self.damaged.data / "read_models")
        self.damaged.start()
        self.assertEqual(self.damaged.stop(), 0)


class SandboxState(EndToEnd):
    def sandbox_on(self, content):
        state = self.folder / "foreign.state"
        state.write_bytes(content)
        return state, Sandbox(self.folder, "--state", str(state))

    def test_a_file_of_somebody_else_is_refused_and_left_as_it_was(self):
        for content in (b"my notes", b"my notes\n", b'{"name":"x"}', b"\x00\x01\x02"):
            with self.subTest(content):
                state, other = self.sandbox_on(content)
                done = subprocess.run(other.arguments, capture_output=True, text=True, timeout=PATIENCE)
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (3, 1), done)
                self.assertEqual(state.read_bytes(), content)

    def test_a_torn_last_line_of_its_own_is_cut_off(self):
        self.api.create_product()
        products = self.sandbox.state("products")
        self.sandbox.kill()
        whole = (self.folder / "sandbox.state").read_bytes()
        first = whole.splitlines(keepends=True)[0]
        for content in (whole + b'{"put":"off', first[: len(first) // 2], b"{"):
            with self.subTest(content[-20:]):
                state, other = self.sandbox_on(content)
                other.start()
                kept = other.state("products")
                other.kill()
                self.assertEqual(kept, products if content.startswith(whole) else [])


if __name__ == "__main__":
    main()
