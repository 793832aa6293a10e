"""Another master key: on a running and on a stopped server, after a kill at any point, and what a wrong one is told."""

import json
import os
import random
import secrets
import subprocess

from harness import PATIENCE, VITRINE, EndToEnd, main, wait_until


class MasterKey(EndToEnd):
    def setUp(self):
        super().setUp()
        self.file = self.server.data / "master.key"
        self.next = self.server.data / "master.key.next"

    def change(self, *arguments, **more):
        return json.loads(self.server.cli(*self.command(), *arguments, check=0, **more).stdout)

    def command(self):
        return "master-key", "change", "--confirm", str(self.server.data)

    def run_with(self, key, *arguments, stdin=None):
        return subprocess.run([VITRINE, *arguments, "--data", str(self.server.data)], input=stdin, capture_output=True,
                              text=True, timeout=PATIENCE, env={**os.environ, "VITRINE_MASTER_KEY": key})  # fmt: skip

    def assert_refused(self, done, *told, code=1):
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        for words in told:
            self.assertIn(words, done.stderr)

    def test_secrets_open_under_the_new_key_and_no_longer_under_the_old_one(self):
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                before = self.file.read_bytes()
                self.assertEqual(self.change(), {"master_key": str(self.file)})
                self.assertNotEqual(self.file.read_bytes(), before)
                self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
                self.assertFalse(self.next.exists())
                if running:
                    self.api.create_offer()
                    self.client(self.server.add_tenant()[0]).create_offer()
                    self.server.stop()
                self.assert_refused(self.run_with(before.hex(), "tenant", "list"), "not the one that sealed")
                self.server.start()
                self.api = self.client(self.api.api_key)
                self.api.create_offer()

    def test_a_given_key_takes_the_place(self):
        key = secrets.token_bytes(32)
        self.change("--new-master-key", "-", stdin=key.hex() + "\n")
        self.assertEqual(self.file.read_bytes(), key)
        for wrong in ("00", "x" * 64, key.hex() + "0"):
            done = self.server.cli(*self.command(), "--new-master-key", "-", stdin=wrong + "\n")
            self.assert_refused(done, "--new-master-key", "64 hex digits", code=2)
        self.assertEqual(self.file.read_bytes(), key)

    def test_a_key_is_taken_from_a_file_as_bytes_or_as_digits(self):
        file = self.folder / "fresh.key"
        for content in (key := b"\n \x00\xff" + secrets.token_bytes(28)), secrets.token_bytes(32).hex().encode() + b"\r\n":
            file.write_bytes(content)
            self.change("--new-master-key", f"@{file}")
            self.assertEqual(self.file.read_bytes(), key if content == key else bytes.fromhex(content.decode()))
        before = self.file.read_bytes()
        for wrong in (b"", key[:31], key + b"x", b"0" * 32, b"\n" + b"0" * 31):
            file.write_bytes(wrong)
            self.assert_refused(self.server.cli(*self.command(), "--new-master-key", f"@{file}"), "--new-master-key", code=2)
        self.assertEqual(self.file.read_bytes(), before)

    def test_nothing_is_changed_without_a_confirmation(self):
        before = self.file.read_bytes()
        for more in ((), ("--confirm", ""), ("--confirm", "yes"), ("--confirm", str(self.server.data) + "x")):
            self.assert_refused(self.server.cli("master-key", "change", *more), f"--confirm {self.server.data}", code=2)
        self.assertEqual(self.file.read_bytes(), before)

    def test_killed_at_any_point_one_of_the_keys_opens(self):
        seed = random.SystemRandom().getrandbits(32)
        print(f"master key: seed {seed}", flush=True)
        chance = random.Random(seed)
        self.server.stop()
        for _ in range(12):
            before = self.file.read_bytes()
            process = subprocess.Popen([VITRINE, *self.command(), "--data", str(self.server.data)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
            wait_until(lambda p=process: self.next.exists() or p.poll() is not None, "the change to begin")
            for _ in range(chance.randrange(400)):
                os.stat(self.server.data)  # a little while, of some length
            process.kill()
            process.wait()
            shown = json.loads(self.server.cli("tenant", "show", self.tenant, check=0).stdout)
            self.assertEqual(shown["clubify_tenant_id"], self.clubify_tenant_id)
            self.assertFalse(self.next.exists())
            self.assertEqual(len(self.file.read_bytes()), len(before))
        self.server.start()
        self.api = self.client(self.api.api_key)
        self.api.create_offer()

    def test_a_wrong_or_missing_key_is_told_with_what_to_do(self):
        self.server.stop()
        right = self.file.read_bytes()
        serve = "serve", "--listen", "127.0.0.1:0"
        self.file.write_bytes(secrets.token_bytes(32))
        self.assert_refused(self.server.cli(*serve), "not the one that sealed keys.db", "put that one back",
                            "--master-key-file", "VITRINE_MASTER_KEY")  # fmt: skip
        self.file.unlink()
        self.assert_refused(self.server.cli(*serve), "master.key is missing", "put back the key")
        self.assert_refused(self.run_with("00", *serve), "VITRINE_MASTER_KEY", "64 hex digits")
        self.assert_refused(self.run_with("0" * 64, *serve), "not the one that sealed")
        self.file.touch(0o600)
        self.file.write_bytes(right)
        self.file.chmod(0o640)
        self.assert_refused(self.server.cli(*serve), "0600")
        self.file.chmod(0o600)
        self.server.start()
        self.api = self.client(self.api.api_key)
        self.api.create_offer()

    def test_a_key_of_the_environment_is_changed_for_a_given_one(self):
        self.server.stop()
        old, new = self.file.read_bytes().hex(), secrets.token_hex(32)
        self.addCleanup(self.file.write_bytes, bytes.fromhex(new))
        self.assert_refused(self.run_with(old, *self.command()), "--new-master-key")
        done = self.run_with(old, *self.command(), "--new-master-key", "-", stdin=new + "\n")
        self.assertEqual(json.loads(done.stdout), {"master_key": "VITRINE_MASTER_KEY"})
        self.assert_refused(self.run_with(old, "tenant", "list"), "not the one that sealed")
        self.assertEqual(self.run_with(new, "tenant", "list").returncode, 0)
        self.assertEqual(self.file.read_bytes().hex(), old, "the file is another's business")


if __name__ == "__main__":
    main()
