"""./run: what it prints works, a second one loses nothing, Ctrl-C leaves no process behind."""

import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from harness import PATIENCE, VITRINE, main

ROOT = pathlib.Path(__file__).parents[2]
BUILT = ROOT / "build" / "release" / "vitrine"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(pathlib.Path(VITRINE).resolve() == BUILT.resolve(), "./run uses build/release")
class Run(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="vitrine-run-")
        self.addCleanup(shutil.rmtree, self.home)
        self.arguments = [
            str(ROOT / "run"), "--home", self.home, "--port", str(free_port()), "--sandbox-port", str(free_port()),
        ]  # fmt: skip

    def run_and_exit(self):
        done = subprocess.run([*self.arguments, "--exit"], capture_output=True, text=True, timeout=PATIENCE * 8)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def nothing_listens(self):
        for port in (self.arguments[4], self.arguments[6]):
            with socket.socket() as probe:
                self.assertNotEqual(probe.connect_ex(("127.0.0.1", int(port))), 0, f"port {port} is still served")

    def test_a_second_run_prints_the_same_and_what_it_prints_works(self):
        first = self.run_and_exit()
        self.assertRegex(first, r"all 200 offers +689,971\.79")
        self.assertRegex(first, r"BRL [\d,.]+ captured = [\d,.]+ fulfilled \+ 0\.00 held \+ 0\.00 refunding")
        self.assertEqual(len(re.findall(r"^  curl ", first, re.MULTILINE)), 3)
        self.nothing_listens()

        again = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, text=True)
        self.addCleanup(again.stdout.close)
        self.addCleanup(again.kill)
        printed = ""
        end = time.monotonic() + PATIENCE
        while "Ctrl-C stops" not in printed:
            self.assertLess(time.monotonic(), end)
            line = again.stdout.readline()
            self.assertTrue(line, printed)
            printed += line
        self.assertEqual(printed[: len(first)].replace("cached", "live"), first.replace("cached", "live"))
        for command in re.findall(r"^  (curl .*)$", printed, re.MULTILINE):
            done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.returncode, 0, command)
            self.assertNotIn('"/problems/', done.stdout)
            self.assertTrue(done.stdout.startswith("{"), done.stdout)
        busy = subprocess.run([*self.arguments, "--exit"], capture_output=True, text=True, timeout=PATIENCE * 2)
        self.assertEqual(busy.returncode, 1)
        self.assertIn("another ./run", busy.stderr)
        again.send_signal(signal.SIGINT)
        self.assertEqual(again.wait(PATIENCE), 0)
        self.nothing_listens()

    def test_a_port_in_use_is_told_and_leaves_nothing_running(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", int(self.arguments[4])))
            taken.listen()
            done = subprocess.run([*self.arguments, "--exit"], capture_output=True, text=True, timeout=PATIENCE * 2)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("--port N", done.stderr)
        self.nothing_listens()


if __name__ == "__main__":
    main()
