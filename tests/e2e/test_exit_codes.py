"""One rule of exit codes for every command: 2 for what its arguments alone show to be wrong, 1 for what cannot be done as
things are."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import CLUBIFY_KEY, PATIENCE, VITRINE, Api, EndToEnd, Server, main

OLD = "2020-01-01T00:00:00Z"
NOBODY = 65534


def run(*arguments):
    command = [VITRINE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


class ExitCodes(EndToEnd):
    def assert_refused(self, done, code, *told):
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        for words in told:
            self.assertIn(words, done.stderr)

    def facts(self, name="acme"):
        return name, "--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", "0" * 24

    def test_what_the_arguments_alone_show_to_be_wrong_is_2_whatever_there_is(self):
        nowhere = self.folder / "nowhere"
        for facts, told in (
            (("--locale", "xx"), "locale"),
            (("--domain", "a b"), "host name"),
            (("--branding", '{"logo":7}'), "/logo is no https URL"),
            (("--branding", "{}{}"), "JSON object"),
            (("--clubify-api-key", CLUBIFY_KEY.replace("test", "live"), "--environment", "test"), "is one for live"),
            (("--clubify-api-key", "x"), "no Clubify API key"),
            (("--clubify-api-key", ""), "empty"),
            (("--clubify-tenant-id", "x"), "tenant id"),
            (("--clubify-organization-id", "a b"), "organization id"),
            (("--webhook-secret", "short"), "webhook secret"),
            (("--name", "a\nb"), "one line"),
        ):
            given = dict(zip(self.facts()[1::2], self.facts()[2::2]))
            given.update(zip(facts[::2], facts[1::2]))
            for command in (("add", "acme", *sum(given.items(), ())), ("change", "acme", *facts)):
                with self.subTest(command):
                    self.assert_refused(run("tenant", *command, "--data", nowhere), 2, told)
        for command, told in (
            (("key", "add", "acme", "--expires", "soon"), "--expires"),
            (("key", "add", "acme", "--expires", OLD), "expired already"),
            (("key", "add", "acme", "--label", "x" * 101), "label"),
            (("key", "add", "acme", "--role", "owner"), "--role"),
            (("tenant", "retire", "acme"), "--confirm acme"),
            (("tenant", "retire", "acme", "--confirm", "acm"), "--confirm acme"),
            (("parked", "dismiss", "offers", "offer-x", "--tenant", "acme", "--all"), "--confirm offer-x"),
            (("parked", "dismiss", "offers", "offer-x", "--tenant", "acme", "--all", "--confirm", "y"), "--confirm offer-x"),
            (("master-key", "change"), f"--confirm {nowhere}"),
            (("master-key", "change", "--confirm", nowhere, "--new-master-key", "00"), "64 hex digits"),
            (("rebuild", "nosuch"), "no read model"),
            (("rebuild",), "--all"),
            (("parked", "list", "nosuch"), "no read model"),
            (("journal", "prune", "--before", "yesterday"), "--before"),
            (("verify", "--head", "x"), "--head"),
            (("journal", "prune", "--before", "2100-01-01T00:00:00Z"), "future"),
            (("replay", "--since", "soon"), "--since"),
            (("replay", "--state", "offer-x", "--at", "soon"), "--at"),
            (("replay", "--from", "7", "--to", "5"), "--from"),
            (("journal", "prune", "--before", ""), "must not be empty"),
            (("replay", "export", ""), "must not be empty"),
            (("replay", "import", ""), "must not be empty"),
            (("replay", "--stream", ""), "must not be empty"),
            (("key", "add", ""), "must not be empty"),
            (("tenant", "retire", ""), "must not be empty"),
            (("backup", ""), "must not be empty"),
        ):
            with self.subTest(command):
                self.assert_refused(run(*command, "--data", nowhere), 2, told)
        self.assertFalse(nowhere.exists())

    def test_what_is_not_there_is_1(self):
        for command in (
            ("tenant", "show", "nosuch"),
            ("tenant", "change", "nosuch", "--name", "x"),
            ("tenant", "retire", "nosuch", "--confirm", "nosuch"),
            ("key", "add", "nosuch"),
            ("key", "list", "nosuch"),
            ("key", "revoke", "nosuch", "vtr_00000000"),
            ("key", "revoke", self.tenant, "vtr_00000000"),
            ("rebuild", "offers", "--tenant", "nosuch"),
            ("adopt", "--tenant", "nosuch"),
            ("reconcile", "--tenant", "nosuch"),
            ("parked", "list", "--tenant", "nosuch"),
            ("delivery", "list", "--tenant", "nosuch"),
            ("delivery", "retry", "nosuch", "--all", "--tenant", self.tenant),
            ("delivery", "replay", "nosuch", "--from", "1", "--tenant", self.tenant),
            ("parked", "retry", "offers", "offer-x", "--tenant", "nosuch"),
            ("parked", "dismiss", "offers", "offer-x", "--tenant", self.tenant),
            ("journal", "prune", "--before", OLD, "--tenant", "nosuch"),
            ("replay", "--tenant", "nosuch"),
            ("replay", "export", "-", "--tenant", "nosuch"),
            ("tenant", "add", *self.facts(self.tenant)),
        ):
            with self.subTest(command):
                self.assert_refused(self.server.cli(*command), 1)

    def test_a_key_file_that_another_process_has_locked_is_1_and_named(self):
        self.server.stop()
        file = self.server.data / "keys.db"
        commands = (
            ("tenant", "add", *self.facts("locked")),
            ("tenant", "list"),
            ("tenant", "show", self.tenant),
            ("tenant", "change", self.tenant, "--name", "x"),
            ("tenant", "retire", self.tenant, "--confirm", self.tenant),
            ("key", "add", self.tenant),
            ("key", "list", self.tenant),
            ("key", "revoke", self.tenant, self.api.api_key[:12]),
            ("master-key", "change", "--confirm", self.server.data),
            ("rebuild", "offers"),
            ("parked", "list"),
            ("delivery", "list"),
            ("journal", "prune", "--before", OLD),
            ("adopt", "--tenant", self.tenant),
            ("reconcile",),
            ("serve", "--listen", "127.0.0.1:0"),
        )
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as tool:
            tool.execute("BEGIN EXCLUSIVE")

            def ask(command):  # each on a copy of the directory, since one works on it at a time
                copy = self.folder / "locked" / "-".join(command[:2])
                shutil.copytree(self.server.data, copy, ignore=shutil.ignore_patterns("keys.db*"))
                os.link(file, copy / "keys.db")
                done = run(*(copy if each == self.server.data else each for each in command), "--data", copy)
                return done, f"{copy}/keys.db is locked by another process"

            with ThreadPoolExecutor(len(commands)) as pool:
                for command, (done, told) in zip(commands, pool.map(ask, commands)):
                    with self.subTest(command):
                        self.assert_refused(done, 1, told)
            tool.execute("ROLLBACK")

    def test_help_does_not_hide_a_command_that_there_is_not(self):
        for arguments in (("nosuch", "--help"), ("--help", "nosuch"), ("nosuch", "--version"), ("tenant", "nosuch", "--help"),
                          ("tenant", "list", "--nosuch", "--help"), ("verify", "nosuch", "--help")):  # fmt: skip
            with self.subTest(arguments):
                self.assert_refused(run(*arguments), 2, "no")
        for arguments in (("--help",), ("tenant", "--help"), ("tenant", "add", "--help"), ("--version",)):
            self.assertEqual(run(*arguments).returncode, 0)

    def test_an_option_is_not_taken_for_the_value_of_the_one_before(self):
        for command, option, instead in (
            (("journal", "prune", "--before", OLD, "--force"), "--force", "--data"),
            (("journal", "prune", "--before"), "--before", "--data"),
            (("journal", "prune", "--before", OLD, "--tenant", "--json"), "--tenant", "--json"),
            (("tenant", "retire", "acme", "--confirm"), "--confirm", "--data"),
            (("tenant", "change", "acme", "--name", "--domain=x"), "--name", "--domain"),
            (("tenant", "add", "acme", "--clubify-api-key", "--domain", "x"), "--clubify-api-key", "--domain"),
            (("key", "add", "acme", "--label", "--expires", "90d"), "--label", "--expires"),
            (("replay", "--from"), "--from", "--data"),
            (("replay", "--type", "--json"), "--type", "--json"),
            (("replay", "export", "-", "--from"), "--from", "--data"),
            (("rebuild", "offers", "--tenant", "--check"), "--tenant", "--check"),
            (("verify", "--head"), "--head", "--data"),
            (("serve", "--listen"), "--listen", "--data"),
            (("adopt", "--tenant"), "--tenant", "--data"),
            (("parked", "dismiss", "offers", "offer-x", "--reason"), "--reason", "--data"),
        ):
            with self.subTest(command):
                self.assert_refused(run(*command, "--data", self.server.data), 2, f"{option} needs a value", instead)
        # As a value it can be given all the same.
        self.server.cli("tenant", "change", self.tenant, "--name=--data", check=0)
        self.assertEqual(json.loads(self.server.cli("tenant", "show", self.tenant, check=0).stdout)["name"], "--data")


@unittest.skipUnless(os.geteuid() == 0, "only root makes files for others")
class Owner(EndToEnd):
    """What root does in a directory of somebody else leaves files that are that user's."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o711)
        self.other = Server(self.folder / f"of-{self.tenant}", f"http://127.0.0.1:{self.sandbox.port}")
        self.other.folder.mkdir(mode=0o711)
        self.addCleanup(self.other.kill)
        self.key, self.name, _ = self.other.add_tenant()
        self.other.start()
        api = Api(self.other.port, self.key)
        self.addCleanup(api.close)
        api.create_active_offer()
        self.other.stop()
        for path in (self.other.data, *self.other.data.rglob("*")):
            os.chown(path, NOBODY, NOBODY)

    def assert_owned(self, folder):
        for path in (folder, *folder.rglob("*")):
            self.assertEqual((path.stat().st_uid, path.stat().st_gid), (NOBODY, NOBODY), path)

    def test_every_command_that_makes_files_keeps_the_owner(self):
        shutil.rmtree(self.other.data / "read_models")
        for command in (("rebuild", "--all"), ("tenant", "change", self.name, "--name", "Loja"), ("key", "add", self.name),
                        ("master-key", "change", "--confirm", self.other.data), ("journal", "prune", "--before", OLD),
                        ("verify",), ("audit",), ("replay",), ("parked", "list"), ("rebuild", "offers", "--diff")):  # fmt: skip
            with self.subTest(command):
                self.other.cli(*command, check=0)
                self.assert_owned(self.other.data)
        told = self.other.cli("replay", "--tenant", "_operator", check=0).stdout.splitlines()[-1]
        self.assertIn("cli:root", told)

    def test_a_backup_and_an_import_belong_to_the_owner(self):
        fresh, empty = self.folder / "fresh", self.folder / "empty"
        self.other.cli("backup", fresh, check=0)
        self.assert_owned(fresh)
        empty.mkdir()
        self.other.cli("backup", empty, check=0)
        self.assertEqual({path.stat().st_uid for path in (empty, *empty.rglob("*"))}, {0})
        exported = self.folder / "log.export"
        self.other.cli("replay", "export", exported, check=0)
        target = self.folder / "target"
        target.mkdir()
        os.chown(target, NOBODY, NOBODY)
        self.assertEqual(run("replay", "import", exported, "--data", target).returncode, 0)
        self.assert_owned(target)

    def test_a_server_that_is_root_s_warns_of_what_it_makes(self):
        self.other.start()
        self.other.stop()
        said = [json.loads(line) for line in self.other.log.read_text().splitlines() if line.startswith("{")]
        warned = [line for line in said if line.get("event") == "root serves the data of another user"]
        self.assertEqual([line["owner"] for line in warned], [str(NOBODY)])

    def test_an_owner_who_cannot_work_there_is_told(self):
        self.other.folder.chmod(0o700)
        done = self.other.cli("tenant", "list")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done)
        self.assertIn(f"belongs to the user {NOBODY}, who cannot work in it", done.stderr)
        self.other.folder.chmod(0o711)


if __name__ == "__main__":
    main()
