"""verify, backup, replay export and import over the real programs, on running and stopped servers."""

import itertools
import json
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading

from harness import PATIENCE, VITRINE, EndToEnd, Server, main, wait_until


class Store(EndToEnd):
    """A tenant with a few offers, one of them made with an idempotency key."""

    names = itertools.count(1)

    def setUp(self):
        super().setUp()
        self.offers = [self.api.create_active_offer() for _ in range(3)]
        self.keyed = self.api.must(201, "POST", "/v1/offers", {"name": "Keyed"}, headers={"Idempotency-Key": "once"})

    def folder_for(self, what):
        return self.folder / f"{what}-{next(self.names)}"

    def server_on(self, data):
        """A server for another data directory, with the platform of the class."""
        server = Server(self.folder_for("beside"), f"http://127.0.0.1:{self.sandbox.port}")
        server.folder.mkdir()
        server.data = data
        server.arguments[server.arguments.index("--data") + 1] = str(data)
        self.addCleanup(server.kill)
        return server

    def run_cli(self, *arguments, data=None, check=0, **more):
        done = subprocess.run([VITRINE, *map(str, arguments), "--data", str(data or self.server.data)],
                              capture_output=True, timeout=PATIENCE * 2, check=False, **more)  # fmt: skip
        self.assertEqual(done.returncode, check, done)
        if check:
            self.assertEqual(len(done.stderr.splitlines()), 1, done)
        return done

    def verified(self, data=None, *arguments, check=0):
        """What verify says as JSON."""
        return json.loads(self.run_cli("verify", "--json", *arguments, data=data, check=check).stdout)

    def copy(self):
        """The data of the server, which is stopped, as one file each."""
        self.server.stop()
        data = self.folder_for("copy")
        shutil.copytree(self.server.data, data)
        with sqlite3.connect(data / "events.db") as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return data

    def tamper(self, data, *statements):
        """Changes the log past its guards and puts them back."""
        with sqlite3.connect(data / "events.db") as db:
            guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                db.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                db.execute(statement)
            for _, sql in guards:
                db.execute(sql)


class Verify(Store):
    def test_a_running_and_a_stopped_log_is_fine_and_tells_each_head(self):
        running = self.verified()
        self.assertTrue(running["ok"])
        mine = {tenant["tenant"]: tenant for tenant in running["tenants"]}[self.tenant]
        self.assertEqual(mine["events"], 3 * 3 + 1)
        text = self.run_cli("verify").stdout.decode()
        self.assertIn(mine["head"], text)
        self.assertIn("fine", text)
        self.server.stop()
        self.assertEqual(self.verified(), running)

    def test_a_noted_head_stays_while_the_log_grows(self):
        (head,) = [each["head"] for each in self.verified()["tenants"] if each["tenant"] == self.tenant]
        self.api.create_offer()
        for noted in (head, head.upper(), f"{self.tenant}:{head}"):
            self.assertTrue(self.verified(None, "--head", noted)["ok"])
        for noted in ("0" * 64, f"nobody:{head}"):
            report = self.verified(None, "--head", noted, check=3)
            self.assertEqual([fault["check"] for fault in report["faults"]], ["head"])
        for wrong in ("abc", f"{self.tenant}:", "x" * 64):
            self.run_cli("verify", "--head", wrong, check=2)

    def test_a_log_that_was_shortened_or_rewritten_is_found_by_its_head(self):
        data = self.copy()
        before = self.verified(data)
        (head,) = [each["head"] for each in before["tenants"] if each["tenant"] == self.tenant]
        self.tamper(data, f"DELETE FROM events WHERE position = {before['position']}")
        self.assertTrue(self.verified(data)["ok"])
        self.verified(data, "--head", f"{self.tenant}:{head}", check=3)

    def test_whatever_was_done_to_an_event_is_found_where_it_was(self):
        first = int(json.loads(self.run_cli("replay", "--json", "--tenant", self.tenant).stdout.splitlines()[0])["position"])
        at = first + 4
        for name, statements, position in (
            ("changed", [f"UPDATE events SET data = replace(data, 'o', 'u') WHERE position = {at}"], at),
            ("removed", [f"DELETE FROM events WHERE position = {at}"], at + 1),
            ("reordered", ["UPDATE events SET position = 1000000 WHERE position = %d" % at,
                           "UPDATE events SET position = %d WHERE position = %d" % (at, at + 3),
                           "UPDATE events SET position = %d WHERE position = 1000000" % (at + 3)], at),
        ):  # fmt: skip
            with self.subTest(name):
                data = self.copy()
                self.tamper(data, *statements)
                done = self.run_cli("verify", data=data, check=3)
                self.assertIn(f"position {position} ".encode(), done.stderr)
                report = self.verified(data, check=3)
                self.assertFalse(report["ok"])
                self.assertEqual(report["faults"][0]["position"], position)

    def test_garbage_is_3_and_no_log_is_1(self):
        data = self.copy()
        log = data / "events.db"
        with open(log, "r+b") as file:
            file.seek(log.stat().st_size // 8192 * 4096)
            file.write(b"\xa5" * 8192)
        self.run_cli("verify", data=data, check=3)
        log.write_bytes(b"\xa5" * 8192)
        self.run_cli("verify", data=data, check=3)
        self.run_cli("verify", data=self.folder / "nowhere", check=1)


class Backup(Store):
    def backup(self, *arguments, **more):
        destination = self.folder_for("backup")
        return destination, self.run_cli("backup", destination, *arguments, **more)

    def test_a_backup_of_a_running_server_is_served_like_the_original(self):
        destination, done = self.backup("--json")
        report = json.loads(done.stdout)
        self.assertTrue(report["ok"] and report["keys"])
        self.assertIn(b"master.key", done.stderr)
        self.assertEqual(sorted(path.name for path in destination.iterdir()), ["events.db", "keys.db", "people.db"])
        for path in (destination, *destination.iterdir()):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
        self.assertEqual(list(self.folder.glob("*unfinished*")), [])
        replayed = self.run_cli("replay", "--json").stdout
        self.assertEqual(self.run_cli("replay", "--json", data=destination).stdout, replayed)
        shutil.copy(self.server.data / "master.key", destination)
        other = self.server_on(destination)
        other.start()
        api = type(self.api)(other.port, self.api.api_key)
        self.addCleanup(api.close)
        last = self.keyed.json
        listed = api.must(200, "GET", f"/v1/offers?limit=1000&at_least={last['position']}").json["items"]
        self.assertEqual(len(listed), 4)
        again = api.must(201, "POST", "/v1/offers", {"name": "Keyed"}, headers={"Idempotency-Key": "once"})
        self.assertEqual((again.raw, again.headers["Idempotency-Replayed"]), (self.keyed.raw, "true"))
        api.create_active_offer()
        self.assertTrue(self.verified(destination)["ok"])

    def test_a_backup_of_a_stopped_server_has_the_same_log(self):
        before = self.verified()
        self.server.stop()
        destination, _ = self.backup()
        self.assertEqual(self.verified(destination), before)

    def test_backups_under_a_writing_load_are_whole(self):
        stop, failures = threading.Event(), []

        def work():
            api = self.client(self.api.api_key)
            while not stop.is_set():
                answer = api.post("/v1/offers", {"name": "Load"})
                if answer.status != 201:
                    failures.append(answer)

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        taken = []
        try:
            for _ in range(4):
                self.api.create_offer()
                destination, done = self.backup("--json")
                taken.append((destination, json.loads(done.stdout)))
        finally:
            stop.set()
            for worker in workers:
                worker.join()
        self.assertEqual(failures, [])
        positions = [report["position"] for _, report in taken]
        self.assertEqual(positions, sorted(set(positions)), "each has more than the one before")
        whole = self.run_cli("replay", "--json").stdout.splitlines()
        for destination, report in taken:
            self.assertTrue(self.verified(destination)["ok"])
            copied = self.run_cli("replay", "--json", data=destination).stdout.splitlines()
            self.assertEqual(copied, whole[: report["position"]])
            with sqlite3.connect(destination / "events.db") as db:  # a command is there with its events or not at all
                (ahead,) = db.execute("SELECT count(*) FROM commands WHERE position > ?", [report["position"]]).fetchone()
                self.assertEqual(ahead, 0)

    def test_a_place_that_is_taken_is_refused_an_empty_one_is_not(self):
        taken = self.folder_for("taken")
        taken.mkdir()
        (taken / "notes").write_text("mine")
        for destination in (taken, taken / "notes"):
            self.run_cli("backup", destination, check=1)
        self.assertEqual((taken / "notes").read_text(), "mine")
        empty = self.folder_for("empty")
        empty.mkdir()
        self.run_cli("backup", empty)
        self.assertTrue(self.verified(empty)["ok"])

    def test_a_backup_is_neither_in_the_data_nor_around_it(self):
        link = self.folder_for("link")
        link.symlink_to(self.server.data)
        for destination in (self.server.data, self.server.data / "copy", self.server.data / "a/../copy", link,
                            link / "copy", self.server.data.parent, "/"):  # fmt: skip
            with self.subTest(destination):
                before = sorted(self.server.data.iterdir())
                done = self.run_cli("backup", destination, check=1)
                self.assertIn(b"the data directory", done.stderr)
                self.assertEqual(sorted(self.server.data.iterdir()), before)

    def test_a_backup_that_is_killed_leaves_nothing_under_its_name(self):
        destination = self.folder_for("killed")
        arguments = [VITRINE, "backup", str(destination), "--data", str(self.server.data)]
        with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as half:
            wait_until(lambda: half.poll() is not None or list(self.folder.glob("killed-*unfinished*")), "the copy to begin")
            half.kill()
        if destination.exists():  # it was faster
            self.assertTrue(self.verified(destination)["ok"])
        for rest in self.folder.glob("killed-*unfinished*"):
            shutil.rmtree(rest)
        shutil.rmtree(destination, ignore_errors=True)
        self.run_cli("backup", destination)
        self.assertTrue(self.verified(destination)["ok"])

    def test_a_damaged_log_gives_no_backup(self):
        data = self.copy()
        self.tamper(data, "UPDATE events SET data = data || ' ' WHERE position = 2")
        destination, _ = self.backup(data=data, check=3)
        self.assertFalse(destination.exists())
        self.assertEqual(list(self.folder.glob("*unfinished*")), [])


class Transfer(Store):
    def exported(self, *arguments, data=None):
        file = self.folder_for("log").with_suffix(".jsonl")
        self.run_cli("replay", "export", file, *arguments, data=data)
        return file

    def imported(self, file, *arguments, check=0):
        data = self.folder_for("imported")
        done = self.run_cli("replay", "import", file, *arguments, data=data, check=check)
        return data, done

    def test_a_log_goes_out_and_in_and_out_the_same(self):
        for running in (True, False):
            with self.subTest(running=running):
                file = self.exported()
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
                data, _ = self.imported(file)
                self.assertEqual(self.exported(data=data).read_bytes(), file.read_bytes())
                self.assertEqual(self.run_cli("replay", "--json", data=data).stdout,
                                 self.run_cli("replay", "--json").stdout)  # fmt: skip
                self.assertEqual(self.verified(data), self.verified())
                self.server.stop()

    def test_lines_go_through_pipes(self):
        out = self.run_cli("replay", "export", "-").stdout
        self.assertEqual(out, self.exported().read_bytes())
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual((lines[0]["line"], lines[0]["format"], lines[-1]["line"]), ("header", "vitrine-log", "end"))
        self.assertEqual(lines[-1]["events"], sum(line["line"] == "event" for line in lines))
        data = self.folder_for("piped")
        self.run_cli("replay", "import", "-", data=data, input=out)
        self.assertEqual(self.run_cli("replay", "export", "-", data=data).stdout, out)

    def test_an_imported_store_replays_answers_and_goes_on(self):
        data, _ = self.imported(self.exported())
        other = self.server_on(data)
        key, _, _ = other.add_tenant(self.tenant)
        other.start()
        api = type(self.api)(other.port, key)
        self.addCleanup(api.close)
        again = api.must(201, "POST", "/v1/offers", {"name": "Keyed"}, headers={"Idempotency-Key": "once"})
        self.assertEqual((again.raw, again.headers["Idempotency-Replayed"]), (self.keyed.raw, "true"))
        self.assert_problem(api.post("/v1/offers", {"name": "x", "slug": self.keyed.json["slug"]}), 422)
        self.assert_problem(api.post("/v1/offers", {"name": "Other", "slug": self.keyed.json["slug"]}), 409)
        offer = api.create_active_offer()
        listed = api.must(200, "GET", f"/v1/offers?limit=1000&at_least={offer['position']}").json["items"]
        self.assertEqual(len(listed), 5)
        self.assertTrue(self.verified(data)["ok"])
        self.assertEqual(other.stop(), 0)

    def test_one_tenant_comes_in_with_gaps_and_another_behind_it(self):
        mine, first = self.tenant, self.api
        self.api = self.new_tenant()
        for _ in range(2):
            self.api.create_active_offer()
            first.create_offer()
        files = {tenant: self.exported("--tenant", tenant) for tenant in (mine, self.tenant)}
        data, _ = self.imported(files[mine])
        self.assertTrue(self.verified(data)["sparse"])
        self.assertEqual(self.run_cli("replay", "--json", data=data).stdout,
                         self.run_cli("replay", "--json", "--tenant", mine).stdout)  # fmt: skip
        self.run_cli("replay", "import", files[self.tenant], "--append", data=data)
        heads = {each["tenant"]: each for each in self.verified(data)["tenants"]}
        whole = {each["tenant"]: each for each in self.verified()["tenants"]}
        self.assertEqual(heads, {tenant: whole[tenant] for tenant in files})
        # Times go back there; a time still means what it says.
        events = [json.loads(line) for line in self.run_cli("replay", "--json", data=data).stdout.splitlines()]
        since = sorted(event["time"] for event in events)[len(events) // 2]
        found = self.run_cli("replay", "--json", "--since", since, data=data).stdout.splitlines()
        self.assertEqual([json.loads(line) for line in found], [event for event in events if event["time"] >= since])
        self.run_cli("replay", "import", files[mine], "--append", data=data, check=1)

    def test_data_may_stand_before_the_command_other_options_not(self):
        def run(*arguments):
            return subprocess.run([VITRINE, "replay", *map(str, arguments)], capture_output=True, timeout=PATIENCE)

        whole = self.run_cli("replay", "export", "-").stdout
        self.assertEqual(run("--data", self.server.data, "export", "-").stdout, whole)
        for arguments in (["export", "-"], ["--data", self.server.data, "--tenant", self.tenant, "export", "-"],
                          ["import", "-"], ["--data", self.server.data, "export"]):  # fmt: skip
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout, len(done.stderr.splitlines())), (2, b"", 1), done)

    def test_what_came_later_is_appended_once(self):
        data, _ = self.imported(self.exported())
        head = self.verified()["position"]
        for _ in range(3):
            self.api.create_active_offer()
        later = self.exported("--from", head + 1)
        self.imported(later, check=1)
        self.run_cli("replay", "import", later, "--append", data=data)
        self.assertEqual(self.verified(data), self.verified())
        self.assertEqual(self.run_cli("replay", "--json", data=data).stdout, self.run_cli("replay", "--json").stdout)
        self.run_cli("replay", "import", later, "--append", data=data, check=1)

    def test_a_target_that_does_not_fit_is_1(self):
        file = self.exported()
        data, _ = self.imported(file)
        self.run_cli("replay", "import", file, data=data, check=1)
        done = self.run_cli("replay", "import", file, data=self.server.data, check=1)
        self.assertIn(b"in use", done.stderr)
        self.run_cli("replay", "import", self.folder / "nowhere", data=self.folder_for("new"), check=1)
        self.run_cli("replay", "export", "-", "--tenant", "nosuch", check=1)
        self.run_cli("replay", "export", "-", data=self.folder / "nowhere", check=1)

    def test_damaged_input_is_3_with_its_line_and_leaves_nothing(self):
        lines = self.exported().read_bytes().splitlines(keepends=True)
        named = next(number for number, line in enumerate(lines) if b'"name' in line)
        for name, damaged, told in (
            ("cut off between lines", lines[:-1], f"line {len(lines) - 1}"),
            ("cut off in a line", [*lines[:7], lines[7][:40]], "line 8"),
            ("empty", [], "line 0"),
            ("not JSON", [*lines[:3], b"nonsense\n", *lines[3:]], "line 4"),
            ("not UTF-8", [*lines[:3], b'{"line":"event\xff"}\n', *lines[3:]], "line 4"),
            ("deep", [lines[0], b"[" * 100_000 + b"\n"], "line 2"),
            ("other format", [lines[0].replace(b"vitrine-log", b"something"), *lines[1:]], "line 1"),
            ("newer format", [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]], "line 1"),
            ("tampered", [*lines[:named], lines[named].replace(b"name", b"nome", 1), *lines[named + 1 :]],
             f"line {named + 1}"),
            ("removed", [*lines[:4], *lines[5:]], "line 5"),
            ("twice", [*lines[:5], *lines[4:]], "line 6"),
            ("swapped", [*lines[:4], lines[5], lines[4], *lines[6:]], "line 5"),
            ("one more", [*lines, lines[-1]], f"line {len(lines) + 1}"),
        ):
            with self.subTest(name):
                file = self.folder_for("damaged")
                file.write_bytes(b"".join(damaged))
                data, done = self.imported(file, check=3)
                self.assertIn(told.encode() + b":", done.stderr)
                self.assertFalse(data.exists())

    def test_an_import_that_is_killed_leaves_nothing_behind(self):
        lines = self.exported().read_bytes().splitlines(keepends=True)
        data = self.folder_for("killed")
        with subprocess.Popen([VITRINE, "replay", "import", "-", "--data", str(data)], stdin=subprocess.PIPE) as half:
            half.stdin.write(b"".join(lines[: len(lines) // 2]))
            half.stdin.flush()
            wait_until((data / "events.db").exists, "the import to begin")
            half.send_signal(signal.SIGKILL)
            half.wait(PATIENCE)
        file = self.folder_for("whole")
        file.write_bytes(b"".join(lines))
        self.run_cli("replay", "import", file, data=data)
        self.assertEqual(self.verified(data), self.verified())


if __name__ == "__main__":
    main()
