"""What an operator sees of the service: when it is ready, what it does while others hold its files, and what its log
and its figures say."""

import contextlib
import hashlib
import hmac
import json
import os
import pty
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import unittest
from datetime import datetime, timezone

from crash_matrix import attach, can_trace
from harness import VITRINE, Api, EndToEnd, Http, Later, Server, main, raw_exchange, wait_until

PROGRESS = "read models are built before requests are served"


class Service(EndToEnd):
    def lines(self, server=None, **wanted):
        """Of the log, those whose members have these values."""
        text = (server or self.server).log.read_text()
        said = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        return [line for line in said if all(line.get(name) == value for name, value in wanted.items())]

    def until_said(self, event, count=1, **wanted):
        def said():
            lines = self.lines(event=event, **wanted)
            return len(lines) >= count and lines

        return wait_until(said, f"the line: {event}")

    def start(self):
        self.server.start()
        self.api = self.client(self.api.api_key)

    def file_of(self, name):
        current = json.loads((self.server.data / "read_models" / "current.json").read_text())
        return self.server.data / "read_models" / current[name]["file"]

    @contextlib.contextmanager
    def locked(self, file):
        """Another process is about to write to it."""
        tool = sqlite3.connect(file, isolation_level=None)
        with contextlib.closing(tool):
            tool.execute("BEGIN IMMEDIATE")
            yield tool
            tool.execute("ROLLBACK")


class Ready(Service):
    def fill(self):
        self.offer = self.api.create_active_offer()
        self.product = self.api.history(self.offer["offer_id"])[0]["data"]["products"][0]["product_id"]
        for number in range(150):
            self.last = self.api.must(200, "PATCH", f"/v1/offers/{self.offer['offer_id']}", {"name": f"Tea {number}"})

    def queries(self):
        """Every query, with ids that exist."""
        paths = self.api.must(200, "GET", "/openapi.json").json["paths"]
        for path, operations in paths.items():
            if "get" not in operations:
                continue
            if "/offers/" in path:
                path = path.replace("{id}", self.offer["offer_id"])
            for name, value in (("{id}", self.product), ("{name}", "offers"), ("{command_id}", self.offer["command_id"])):
                path = path.replace(name, value)
            yield path
        yield f"/v1/offers?at_least={self.last.json['position']}"
        yield f"/v1/offers?as_of={self.last.json['position']}"
        yield f"/v1/offers/{self.offer['offer_id']}?as_of_version=2"

    def test_after_the_ready_line_every_query_is_answered_whatever_the_directory_was(self):
        self.fill()
        queries = list(self.queries())
        self.assertGreater(len(queries), 20)
        key = self.server.data / "master.key"
        backup, imported = self.folder / "restored", self.folder / "imported"
        self.server.cli("backup", backup, check=0)
        self.server.cli("replay", "export", self.folder / "log.jsonl", check=0)
        shutil.copy(key, backup)
        subprocess.run([VITRINE, "replay", "import", self.folder / "log.jsonl", "--data", imported], check=True)
        for name in ("keys.db", "master.key"):
            shutil.copy(backup / name, imported)
        empty = self.folder / "empty"
        empty.mkdir()
        for name in ("keys.db", "master.key"):
            shutil.copy(backup / name, empty)
        for data in (backup, imported, empty):
            with self.subTest(data.name):
                server = Server(self.folder, f"http://127.0.0.1:{self.sandbox.port}")
                server.data = data
                server.arguments[server.arguments.index("--data") + 1] = str(data)
                self.addCleanup(server.kill)
                server.start()
                api = Api(server.port, self.api.api_key)
                self.addCleanup(api.close)
                for path in ["/v1/offers", "/v1/products"] if data is empty else queries:
                    answer = api.get(path)
                    self.assertLess(answer.status, 500, f"{path}: {answer}")
                self.assertEqual(api.must(200, "GET", "/readyz").json, {"status": "ready"})
                if data is not empty:  # there, whether anything is left to build is a matter of moments
                    self.assertTrue(self.lines(server, event=PROGRESS))
                self.assertEqual(server.stop(), 0)

    def fall_behind(self):
        """The server is stopped, and one of its read models is as it was before the last event."""
        old = self.folder / "old.db"
        offer = self.api.create_offer()
        self.api.must(200, "GET", f"/v1/offers?at_least={offer['position']}")
        file = self.file_of("offers")
        with contextlib.closing(sqlite3.connect(file)) as now, contextlib.closing(sqlite3.connect(old)) as then:
            now.backup(then)
        self.offer = self.api.create_offer()
        self.server.stop()
        shutil.copy(old, file)
        return file

    def launch(self, stderr):
        """The server, without waiting for its ready line."""
        with open(self.server.log, "ab") as log:
            process = subprocess.Popen(
                self.server.arguments, stdout=subprocess.PIPE, stderr=log if stderr is None else stderr
            )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_while_a_read_model_is_behind_the_port_is_closed_and_a_signal_ends_it_at_once(self):
        file = self.fall_behind()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.server.arguments[self.server.arguments.index("--listen") + 1] = f"127.0.0.1:{port}"
        try:
            with self.locked(file):
                process = self.launch(None)
                self.until_said(PROGRESS, len(self.lines(event=PROGRESS)) + 1)
                with self.assertRaises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port))
                begun = time.monotonic()
                process.send_signal(signal.SIGTERM)
                self.assertEqual(process.wait(), 0)
                self.assertLess(time.monotonic() - begun, 3)
                self.assertEqual(process.stdout.read(), b"")
        finally:
            self.server.arguments[self.server.arguments.index("--listen") + 1] = "127.0.0.1:0"
        self.start()
        self.assertEqual(self.api.must(200, "GET", f"/v1/offers/{self.offer['offer_id']}").json["status"], "draft")

    def test_on_a_terminal_a_line_tells_how_far_it_is_and_what_stands_still_keeps_nothing_closed(self):
        file = self.fall_behind()
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        with self.locked(file):
            process = self.launch(terminal)
            os.close(terminal)
            ready = json.loads(process.stdout.readline())
            shown = os.read(master, 1 << 16).decode()
            self.assertRegex(shown, r"\r\x1b\[Kbuilding read models: \d+ %.*\(offers\)")
            self.assertIn('"event":"projection stopped"', shown)
            http = Http(int(ready["listen"].rsplit(":", 1)[1]))
            self.addCleanup(http.close)
            self.assertEqual(http.get("/readyz").status, 503)
            self.assertIn("projection offers is stopped: database is locked", http.get("/readyz").json["reasons"])
            told = http.get("/readyz", headers={"Accept-Language": "pt"}).json["reasons"]
            self.assertIn("a projeção offers está parada: database is locked", told)
        wait_until(lambda: http.get("/readyz").status == 200, "the read model to go on")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)

    def test_an_address_that_is_taken_is_told_before_anything_is_built(self):
        self.fall_behind()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            arguments = list(self.server.arguments)
            arguments[arguments.index("--listen") + 1] = f"127.0.0.1:{taken.getsockname()[1]}"
            done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"vitrine: cannot listen on .*in use")
        self.assertNotIn(PROGRESS, done.stderr)


class Locked(Service):
    server_flags = ("--command-deadline", "4s", "--ready-lag-time", "1s")

    def webhook(self):
        secret = "whsec_0123456789abcdef0123456789"
        body = json.dumps({"id": "evt-1", "event": "test", "timestamp": int(time.time()), "data": {}}).encode()
        self.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", stdin=secret, check=0)
        stamp = str(int(time.time()))
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Clubify-Signature": signature, "X-Clubify-Timestamp": stamp, "Authorization": None}
        return lambda: self.api.post(f"/v1/webhooks/clubify/{self.tenant}", body, headers=headers)

    def test_commands_and_webhooks_are_refused_in_time_and_reads_go_on(self):
        offer = self.api.create_active_offer()
        deliver = self.webhook()
        before = len(self.sandbox.requests())
        with self.locked(self.server.data / "events.db"):
            begun = time.monotonic()
            sent = [
                Later(lambda: self.client(self.api.api_key).post("/v1/offers", {"name": "Tea"})),
                Later(lambda: self.client(self.api.api_key).post(f"/v1/offers/{offer['offer_id']}/pause")),
                Later(deliver),
            ]
            for each in sent:
                answer = each.join()
                self.assert_problem(answer, 503, "storage-unavailable")
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
            self.assertLess(time.monotonic() - begun, 4)
            self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}")
            self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}?as_of={offer['position']}")
            self.api.must(200, "GET", "/v1/events?from=1")
            ready = self.api.must(200, "GET", "/readyz").json
            self.assertEqual((ready["status"], ready["reasons"]),
                             ("degraded", ["another process is writing to the log: commands are refused"]))  # fmt: skip
            self.until_said("another process is writing to the log: commands are refused")
        self.until_said("no other process is writing to the log any more")
        self.assertEqual(self.api.must(200, "GET", "/readyz").json["status"], "ready")
        self.assertEqual(len(self.sandbox.requests()), before, "nothing was sent")
        self.api.must(200, "POST", f"/v1/offers/{offer['offer_id']}/pause")
        self.assertEqual(deliver().status, 200)

    def test_a_command_whose_effect_is_done_is_concluded_when_the_lock_goes_and_has_one_effect(self):
        headers = {"Idempotency-Key": "once"}
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 1000}, "times": 1})
        sent = len(self.sandbox.requests())
        later = Later(lambda: self.client(self.api.api_key).post("/v1/offers", {"name": "Tea"}, headers=headers))
        self.sandbox.reached_by("POST", "/offers", sent)
        with self.locked(self.server.data / "events.db"):
            answer = later.join()
            self.assert_problem(answer, 503, "storage-unavailable")
            self.assertTrue(answer.headers["Retry-After"])
            status = self.api.must(200, "GET", answer.json["instance"]).json
            self.assertEqual(status["state"], "running")
            self.assert_problem(self.api.post("/v1/offers", {"name": "Tea"}, headers=headers), 409, "command-in-flight")
        ended = self.api.finished(status["command_id"])
        self.assertEqual(ended["state"], "succeeded", ended)
        again = self.api.must(201, "POST", "/v1/offers", {"name": "Tea"}, headers=headers)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(self.sandbox.count("POST", "/offers"), 1)
        self.assertEqual(self.api.types(again.json["offer_id"]), ["OfferCreated"])
        told = self.until_said("the outcome of a command is stored")
        self.assertEqual([line["command_id"] for line in told], [status["command_id"]])
        told = self.lines(event="the outcome of a command cannot be stored yet")
        self.assertEqual([(line["level"], line["command_id"]) for line in told], [("warning", status["command_id"])])
        told = self.until_said("a command ended after its answer")
        self.assertEqual((told[-1]["command_id"], told[-1]["status"]), (status["command_id"], 201))
        self.assertEqual(told[-1]["position"], again.json["position"])

    def test_a_long_reader_lets_the_write_ahead_log_grow_and_it_shrinks_when_it_has_gone(self):
        def wal():
            figures = self.api.get("/metrics").raw.decode()
            return int(float(figures.split("\nvitrine_wal_bytes ")[1].split()[0]))

        offer = self.api.create_offer()["offer_id"]
        with contextlib.closing(sqlite3.connect(self.server.data / "events.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            for number in range(12):
                self.api.must(200, "PATCH", f"/v1/offers/{offer}", {"metadata": {"text": f"{number}" * 400_000}})
            self.assertGreater(wal(), 4_000_000)
            reader.execute("COMMIT")
        wait_until(lambda: wal() == 0, "the file to be emptied")

    def test_a_read_model_that_is_locked_is_told_once_and_catches_up(self):
        before = self.api.create_offer()
        self.api.must(200, "GET", f"/v1/offers?at_least={before['position']}")
        with self.locked(self.file_of("offers")):
            offer = self.api.create_offer()
            self.assert_problem(self.api.get(f"/v1/offers?at_least={offer['position']}"), 503, "not-ready")
            wait_until(lambda: self.api.get("/readyz").status == 503, "the stop to be told")
            attempts = wait_until(
                lambda: [each for each in self.api.get("/v1/projections").json["projections"]
                         if each["name"] == "offers" and each["failure"]["attempts"] > 2], "more attempts")  # fmt: skip
            self.assertTrue(attempts)
            (told,) = self.lines(event="projection stopped", projection="offers")
            self.assertEqual((told["level"], told["reason"]), ("warning", "database is locked"))
            (told,) = self.until_said("a read model falls behind", projection="offers")  # a slow machine tells of others too
            self.assertEqual((told["level"], told["reason"], told["lag_events"]), ("warning", "database is locked", 1))
            self.assertGreaterEqual(told["lag_seconds"], 1)  # beyond a second, told in tenths
        self.api.must(200, "GET", f"/v1/offers?at_least={offer['position']}")
        wait_until(lambda: self.api.get("/readyz").status == 200, "the read model to be well")
        (told,) = self.until_said("a read model has caught up", projection="offers")
        self.assertEqual(told["level"], "info")


@unittest.skipUnless(can_trace(), "strace may not attach to processes here")
class SlowDisk(Service):
    def test_a_question_as_of_now_waits_for_the_commit_and_holds_nothing_up(self):
        commit = 2.0  # seconds
        first = self.api.create_product()  # the read models' files have been begun
        self.api.must(200, "GET", f"/v1/offers?at_least={first['position']}")
        self.api.must(200, "GET", f"/v1/offers?as_of={first['position']}")
        tracer = attach(self.server.process.pid, "fdatasync", f"delay_enter={int(commit * 1e6)}")
        self.addCleanup(tracer.wait)
        self.addCleanup(tracer.terminate)
        created = Later(self.api.create_product)
        asks, looks = self.client(self.api.api_key), self.client(self.api.api_key)

        def longest(api, target):
            most = 0.0
            while created.thread.is_alive():
                begin = time.monotonic()
                api.must(200, "GET", target())
                most = max(most, time.monotonic() - begin)
            return most

        asked = Later(lambda: longest(asks, lambda: f"/v1/offers?as_of={datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.%fZ}"))
        looked = longest(looks, lambda: "/v1/offers")
        self.assertGreater(asked.join(), commit / 2, "it asks for what the commit may still add to")
        self.assertLess(looked, commit / 2, "the others go on")


class Log(Service):
    def test_every_answer_has_the_correlation_id_of_its_line(self):
        offer = self.api.create_active_offer()["offer_id"]
        stranger = Http(self.server.port)
        self.addCleanup(stranger.close)
        answers = [
            self.api.post("/v1/offers", {"name": "Tea"}),
            self.api.post("/v1/offers", {"name": "x"}),
            self.api.post(f"/v1/offers/{offer}/activate"),
            self.api.request("PATCH", f"/v1/offers/{offer}", {"name": "Café"}, headers={"If-Match": '"99"'}),
            self.api.post("/v1/offers", b"{", headers={"X-Correlation-Id": "order-4711"}),
            self.api.post("/v1/offers?dry_run=true", {"name": "Tea"}),
            self.api.get("/v1/offers/unknown"),
            self.api.get("/nowhere"),
            self.api.request("PUT", "/healthz"),
            stranger.post("/v1/offers", {"name": "Tea"}),
            stranger.get("/v1/offers", headers={"X-Correlation-Id": "with blanks"}),
            raw_exchange(self.server.port, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Correlation-Id: twice\r\n\r\n"),
            raw_exchange(self.server.port, b"nonsense\r\n\r\n"),
        ]
        for answer in answers:
            with self.subTest(answer):
                (line,) = self.lines(correlation_id=answer.headers["X-Correlation-Id"])
                self.assertEqual(line["status"], answer.status)
                self.assertEqual(line["level"], "info")
                problem = f"/problems/{line['problem']}" if "problem" in line else None
                self.assertEqual(problem, answer.json.get("type") if answer.status >= 400 else None)
        self.assertEqual(answers[4].headers["X-Correlation-Id"], "order-4711")
        self.assertEqual(answers[11].headers["X-Correlation-Id"], "twice")
        quiet = self.api.get("/v1/offers")
        self.assertTrue(quiet.headers["X-Correlation-Id"])
        self.assertEqual(self.lines(correlation_id=quiet.headers["X-Correlation-Id"]), [])

    def test_a_line_of_a_command_says_which_it_was_and_what_became_of_it(self):
        made = self.api.must(201, "POST", "/v1/offers?dry_run=false", {"name": "Geheim"}, headers={"Idempotency-Key": "k1"})
        (line,) = self.lines(event="command", command_id=made.json["command_id"])
        self.assertEqual(
            {name: line.get(name) for name in ("name", "outcome", "status", "path", "tenant", "position", "problem")},
            {"name": "CreateOffer", "outcome": "succeeded", "status": 201, "path": "/v1/offers", "tenant": self.tenant,
             "position": made.json["position"], "problem": None},
        )  # fmt: skip
        self.assertIsInstance(line["ms"], float)
        self.assertEqual(line["correlation_id"], made.headers["X-Correlation-Id"])
        event = self.api.history(made.json["offer_id"])[0]
        self.assertEqual((event["correlationid"], event["commandid"]), (line["correlation_id"], line["command_id"]))
        self.api.must(201, "POST", "/v1/offers", {"name": "Geheim"}, headers={"Idempotency-Key": "k1"})
        self.assertEqual([each.get("replayed") for each in self.lines(command_id=made.json["command_id"])], [None, True])
        refused = self.api.post(f"/v1/offers/{made.json['offer_id']}/pause")
        (line,) = self.lines(correlation_id=refused.headers["X-Correlation-Id"])
        self.assertEqual((line["name"], line["outcome"], line["problem"], line["level"]),
                         ("PauseOffer", "refused", "illegal-transition", "info"))  # fmt: skip
        self.assertTrue(line["command_id"])
        text = self.server.log.read_text()
        for secret in ("Geheim", "dry_run=", self.api.api_key):
            self.assertNotIn(secret, text)

    def test_a_platform_that_stops_answering_is_warned_of_once_and_told_when_it_answers(self):
        self.api.create_offer()
        self.sandbox.kill()
        for number in range(6):
            answer = self.api.post("/v1/offers", {"name": f"Tea {number}"})
            self.assertIn(answer.status, (502, 503), answer)
        (line,) = self.lines(correlation_id=answer.headers["X-Correlation-Id"])
        self.assertEqual((line["level"], line["outcome"], line["problem"]), ("error", "failed", "clubify-unavailable"))
        (warned,) = self.lines(event="the platform does not answer")
        self.assertEqual(warned["level"], "warning")
        self.assertTrue(warned["reason"])
        (held,) = self.lines(event="calls to the platform are held back")
        self.assertEqual((held["level"], held["tenant"]), ("warning", self.tenant))
        self.sandbox.start()
        wait_until(lambda: self.api.post("/v1/offers", {"name": "Tea"}).status == 201, "the platform to be found again")
        (line,) = self.lines(event="the platform answers again")
        self.assertEqual(line["level"], "info")
        self.assertEqual(len(self.lines(event="calls to the platform are no longer held back")), 1)
        self.assertEqual(len(self.lines(event="the platform does not answer")), 1)

    def test_a_command_that_is_taken_up_after_a_kill_is_told_with_its_ids(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"delay_ms": 30_000}, "times": 1})
        sent = len(self.sandbox.requests())
        api = self.client(self.api.api_key)
        later = Later(lambda: api.post("/v1/offers", {"name": "Tea"}, headers={"X-Correlation-Id": "order-1"}))
        self.sandbox.reached_by("POST", "/offers", sent)
        self.server.kill()
        later.join()
        self.start()
        (taken_up,) = self.lines(event="an unfinished command is taken up", correlation_id="order-1")
        ended = self.api.finished(taken_up["command_id"])
        self.assertEqual(ended["state"], "succeeded")
        (line,) = wait_until(
            lambda: self.lines(event="a command ended after its answer", correlation_id="order-1"), "its line"
        )
        self.assertEqual((line["command_id"], line["name"]), (taken_up["command_id"], "CreateOffer"))


class LowDisk(Service):
    server_flags = ("--disk-reserve", "1000000GiB")  # more than any disk has

    def test_little_room_is_warned_of_once_with_its_numbers(self):
        self.until_said("the disk is nearly full: commands are refused")
        for _ in range(3):
            refused = self.api.post("/v1/offers", {"name": "Tea"})
            self.assert_problem(refused, 507, "disk-full")
        (line,) = self.lines(event="the disk is nearly full: commands are refused")
        self.assertEqual((line["level"], line["reserve_bytes"]), ("warning", 1_000_000 << 30))
        self.assertGreater(line["free_bytes"], 0)
        (line,) = self.lines(correlation_id=refused.headers["X-Correlation-Id"])
        self.assertEqual((line["level"], line["outcome"], line["problem"]), ("error", "failed", "disk-full"))


class Figures(Service):
    def test_version_and_process_figures_have_the_usual_names(self):
        figures = {}
        for line in self.api.get("/metrics").raw.decode().splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                figures[name] = float(value)
        said = subprocess.run([VITRINE, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        self.assertEqual(figures[f'vitrine_build_info{{version="{said}"}}'], 1)
        self.assertLess(abs(figures["process_start_time_seconds"] - time.time()), 120)
        for name in ("process_resident_memory_bytes", "process_virtual_memory_bytes", "process_cpu_seconds_total"):
            self.assertGreater(figures[name], 0, name)
        self.assertGreater(figures["process_threads"], 5)
        open_ = len(os.listdir(f"/proc/{self.server.process.pid}/fd"))
        self.assertLess(abs(figures["process_open_fds"] - open_), 10)
        self.assertGreaterEqual(figures["process_max_fds"], figures["process_open_fds"])


if __name__ == "__main__":
    main()
