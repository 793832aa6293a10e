"""Keys have labels and ends, their last admin is missed, and the operator's log tells who did what to them."""

import fcntl
import json
import os
import pwd
import signal
import sqlite3
import subprocess
import time
from datetime import datetime, timedelta, timezone

from harness import CLUBIFY_KEY, VITRINE, EndToEnd, Later, main, wait_until

ME = f"cli:{pwd.getpwuid(os.geteuid()).pw_name}"


class Keys(EndToEnd):
    def cli(self, *arguments):
        return json.loads(self.server.cli(*arguments, check=0).stdout)

    def keys(self):
        done = self.server.cli("key", "list", self.tenant, "--json", check=0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def told(self, stream=None):
        done = self.server.cli("replay", "--json", "--stream", stream or f"keys-{self.tenant}", check=0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def both_ways(self):
        for running in (True, False):
            if not running:
                self.server.stop()
            yield running

    def test_a_key_has_a_label_and_an_end(self):
        for _ in self.both_ways():
            before = datetime.now(timezone.utc)
            made = self.cli("key", "add", self.tenant, "--role", "reader", "--label", "Armazém", "--expires", "90d")
            ends = datetime.fromisoformat(made["expires_at"].replace("Z", "+00:00"))
            self.assertLess(abs(ends - before - timedelta(days=90)), timedelta(minutes=1))
            self.assertEqual(made["label"], "Armazém")
            at = self.cli("key", "add", self.tenant, "--expires", "2090-01-01T00:00:00Z")
            self.assertEqual(at["expires_at"], "2090-01-01T00:00:00Z")
            rows = {key["prefix"]: key for key in self.keys()}
            row = rows[made["api_key"][:12]]
            self.assertEqual((row["label"], row["expires_at"], row["expired"], row["revoked"], row["last_used_at"]),
                             ("Armazém", made["expires_at"], False, False, None))  # fmt: skip
            self.assertEqual(rows[self.api.api_key[:12]]["label"], "")
            table = self.server.cli("key", "list", self.tenant, check=0).stdout
            self.assertIn("Armazém", table)
            for key in (made, at):
                self.cli("key", "revoke", self.tenant, key["api_key"][:12])

    def test_an_expired_key_is_refused_and_only_whoever_has_it_is_told_why(self):
        ends = (datetime.now(timezone.utc) + timedelta(seconds=2)).isoformat().replace("+00:00", "Z")
        key = self.cli("key", "add", self.tenant, "--role", "reader", "--expires", ends)["api_key"]
        api = self.client(key)
        self.assertEqual(api.get("/v1/offers").status, 200)
        wait_until(lambda: api.get("/v1/offers").status == 401, "the end of the key")
        self.assertIn("expired", api.get("/v1/offers").json["detail"])
        other = key[:-1] + ("A" if key[-1] != "A" else "B")
        self.assertNotIn("expired", json.dumps(self.client(other).get("/v1/offers").json))
        self.assertTrue(next(row for row in self.keys() if row["prefix"] == key[:12])["expired"])
        for _ in range(2):  # those that have ended are none of the two that there may be
            self.cli("key", "add", self.tenant, "--role", "reader")
        self.cli("key", "revoke", self.tenant, key[:12])
        self.assertNotIn("expired", json.dumps(api.get("/v1/offers").json))

    def test_a_wrong_label_or_end_is_told(self):
        for arguments, code, told in (
            (["--expires", "90"], 2, "--expires"),
            (["--expires", "soon"], 2, "--expires"),
            (["--expires", "0d"], 2, "--expires"),
            (["--expires", "-1d"], 2, "--expires"),
            (["--expires", "99999999999999999999d"], 2, "--expires"),
            (["--expires", ""], 2, "--expires"),
            (["--expires", "2020-01-01T00:00:00Z"], 2, "expired already"),
            (["--label", "a\x1b[31m"], 2, "label"),
            (["--label", "a\nb"], 2, "label"),
            (["--label", "x" * 101], 2, "label"),
            (["--label", "\u00a0 \u2800"], 2, "label"),
            (["--role", "owner"], 2, "--role"),
        ):
            with self.subTest(arguments):
                done = self.server.cli("key", "add", self.tenant, *arguments)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done)
                self.assertEqual(len(done.stderr.splitlines()), 1, done)
                self.assertIn(told, done.stderr)
        self.assertEqual(len(self.keys()), 1)

    def test_revoking_the_last_admin_key_warns(self):
        first = self.api.api_key[:12]
        for running in self.both_ways():
            second = self.cli("key", "add", self.tenant, "--role", "admin")["api_key"][:12]
            done = self.server.cli("key", "revoke", self.tenant, second, check=0)
            self.assertEqual(done.stderr, "" if running else f"vitrine: this was the last admin key of {self.tenant} that "
                             f"works: vitrine key add {self.tenant} --role admin gives it another\n")  # fmt: skip
            if running:
                self.assertIn("last admin key", self.server.cli("key", "revoke", self.tenant, first, check=0).stderr)
        self.assertEqual(self.server.cli("key", "revoke", self.tenant, first, check=0).stderr, "")
        reader = self.cli("key", "add", self.tenant, "--role", "reader")["api_key"][:12]
        self.assertEqual(self.server.cli("key", "revoke", self.tenant, reader, check=0).stderr, "")

    def test_every_event_of_the_operators_log_says_who_did_it(self):
        for running in self.both_ways():
            name = f"who-{running}".lower()
            self.cli("tenant", "add", name, "--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", "0" * 24)
            self.cli("tenant", "change", name, "--name", "Loja")
            key = self.cli("key", "add", name, "--role", "reader", "--label", "till", "--expires", "2090-01-01T00:00:00Z")
            self.cli("key", "revoke", name, key["api_key"][:12])
            self.cli("master-key", "change", "--confirm", self.server.data)
            self.cli("tenant", "retire", name, "--confirm", name)
            known = {"tenant": name, "key": key["api_key"][:12], "role": "reader", "label": "till"}
            self.assertEqual([(event["type"], event["data"], event["actor"]) for event in self.told(f"keys-{name}")],
                             [("KeyAdded", {**known, "expires_at": "2090-01-01T00:00:00Z"}, ME), ("KeyRevoked", known, ME)])  # fmt: skip
        self.assertEqual([(event["data"], event["actor"]) for event in self.told("keys-_master")][-2:],
                         [({"changes": number}, ME) for number in (1, 2)])  # fmt: skip
        text = self.server.cli("replay", "--tenant", "_operator", check=0).stdout
        self.assertNotIn(key["api_key"][13:], text)
        for line in text.splitlines():
            self.assertIn(f"  {ME}  ", line)
        told = self.server.cli("replay", "--tenant", "_operator", "--json", check=0).stdout
        self.assertEqual({json.loads(line)["actor"] for line in told.splitlines()}, {ME})

    def test_after_kill_9_the_log_says_which_keys_there_are_and_who_made_them(self):
        for number in range(6):
            change = [("key", "add", self.tenant, "--role", "reader"), ("key", "revoke", self.tenant)][number % 2]
            if number % 2:
                change += (next(key["prefix"] for key in self.keys() if key["role"] == "reader" and not key["revoked"]),)
            before = self.in_file()
            changing = Later(lambda c=change: self.server.cli(*c))
            wait_until(lambda b=before: self.in_file() != b, "the change to take effect")
            self.server.stop(signal.SIGKILL)
            changing.join()
            self.server.start()
            told = self.told()
            kept = [(key["prefix"], key["revoked"]) for key in self.keys() if key["role"] == "reader"]
            self.assertEqual([event["data"]["key"] for event in told if event["type"] == "KeyAdded"], [key for key, _ in kept])
            self.assertEqual(sorted(event["data"]["key"] for event in told if event["type"] == "KeyRevoked"),
                             sorted(key for key, revoked in kept if revoked))  # fmt: skip
            self.assertEqual({event["actor"] for event in told}, {ME})
        self.server.cli("verify", check=0)

    def test_a_tenant_or_key_that_nobody_saw_is_replaced(self):
        facts = ("--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", "0" * 24)
        for running in self.both_ways():
            name = f"cut-off-{running}".lower()
            command = ("tenant", "add", name, *facts)
            self.cut_off(command, lambda n=name: self.rows(n) == [("admin", 0)] and self.types(n))
            made = self.cli(*command)["api_key"]
            self.assertEqual(self.rows(name), [("admin", 1)])
            again = self.server.cli(*command)
            self.assertEqual((again.returncode, again.stdout), (1, ""), again)
            self.cut_off(("key", "add", name, "--role", "reader"), lambda n=name: ("reader", 0) in self.rows(n))
            listed = [json.loads(line) for line in self.server.cli("key", "list", name, "--json", check=0).stdout.splitlines()]
            self.assertEqual([(key["role"], key["shown"]) for key in listed], [("admin", True), ("reader", False)])
            self.assertEqual(self.types(name), ["TenantRegistered", "TenantWithdrawn", "TenantRegistered"])
            if running:
                self.client(made).must(200, "GET", "/v1/me")
            self.server.cli("verify", check=0)

    def test_a_tenant_is_added_though_the_server_is_killed_meanwhile(self):
        for number in range(6):
            name = f"killed-{number}"
            command = ("tenant", "add", name, "--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", "0" * 24)
            adding = Later(lambda c=command: self.server.cli(*c))
            wait_until(lambda n=name: self.rows(n), "the registration to take effect")
            self.server.stop(signal.SIGKILL)
            done = adding.join()
            self.server.start()
            if done.stdout == "":
                self.assertEqual(done.returncode, 1, done)
                done = self.server.cli(*command, check=0)
            self.client(json.loads(done.stdout)["api_key"]).must(200, "GET", "/v1/me")
            self.assertEqual(len(self.rows(name)), 1)
        self.server.cli("verify", check=0)

    def types(self, name):
        return [event["type"] for event in self.told(f"tenant-{name}")]

    def cut_off(self, command, begun):
        """The command is killed when it has taken effect and nobody has read what it prints."""
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writer, bytes(4096))  # full: what is printed waits
        with subprocess.Popen([VITRINE, *command, "--data", str(self.server.data)], stdout=writer) as process:
            wait_until(begun, f"{command} to take effect")
            process.kill()
        os.close(reader)
        os.close(writer)

    def rows(self, tenant):
        with sqlite3.connect(f"file:{self.server.data}/keys.db?mode=ro", uri=True) as keys:
            return keys.execute("SELECT role, shown FROM api_keys WHERE tenant = ? ORDER BY created_at", [tenant]).fetchall()

    def in_file(self):
        with sqlite3.connect(f"file:{self.server.data}/keys.db?mode=ro", uri=True) as keys:
            return keys.execute("SELECT count(*), sum(revoked) FROM api_keys WHERE tenant = ?", [self.tenant]).fetchone()

    def test_an_older_key_file_brings_no_revoked_key_back(self):
        self.server.stop()
        key = self.cli("key", "add", self.tenant, "--role", "reader")["api_key"]
        older = (self.server.data / "keys.db").read_bytes()
        self.cli("key", "revoke", self.tenant, key[:12])
        (self.server.data / "keys.db").write_bytes(older)
        self.server.start()
        self.assert_problem(self.client(key).get("/v1/offers"), 401)
        self.assertEqual([event["type"] for event in self.told()], ["KeyAdded", "KeyRevoked"])


if __name__ == "__main__":
    main()
