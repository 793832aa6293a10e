"""The README's lines, pasted in their order into a shell that knows nothing, do what it says."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from harness import PATIENCE, VITRINE, main
from test_run import BUILT, ROOT, free_port

BLOCK = re.compile(r"^```sh\n(.*?)^```$(?:\n+```\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
MARK = "=== end of block"

# What differs from one time to another: ids, times, figures of a machine.
MOVING = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r'(?<="offer_id":")[^"]+', "<uuid>"),
    (r"\b[0-9a-f]{24}\b", "<id>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
    (r'("position":|X-Vitrine-Position: )\d+', r"\1<position>"),
    (r"^ +\d+  <time>", "<position>  <time>"),
    (r"\b(cached|live)\b", "live"),
    (r"\d+(\.\d+)? s \(\d+/s\)", "<speed>"),
    (r"digest [0-9a-f]+", "digest"),
)


def blocks():
    """The README's lines for a shell with what it says comes of them (None where it says nothing)."""
    return BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def still(text):
    for pattern, word in MOVING:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text


@unittest.skipUnless(pathlib.Path(VITRINE).resolve() == BUILT.resolve(), "./run uses build/release")
class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-readme-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "build").mkdir()
        (self.folder / "build" / "release").symlink_to(BUILT.parent)
        (self.folder / "examples").symlink_to(ROOT / "examples")
        self.ports = {"8080": free_port(), "8081": free_port(), "9090": free_port()}

    def on_own_ports(self, text):
        return re.sub(r"127\.0\.0\.1:(\d+)", lambda found: f"127.0.0.1:{self.ports[found[1]]}", text)

    def serve_the_sample(self):
        run = subprocess.Popen(
            [str(ROOT / "run"), "--home", str(self.folder / ".vitrine"), "--port", str(self.ports["8080"]),
             "--sandbox-port", str(self.ports["9090"])],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.wait, PATIENCE)
        self.addCleanup(run.send_signal, signal.SIGINT)
        printed = ""
        while "Ctrl-C stops" not in printed:
            line = run.stdout.readline()
            self.assertTrue(line, printed)
            printed += line

    def test_every_line_works_in_order_and_prints_what_stands_there(self):
        self.serve_the_sample()
        told = blocks()
        self.assertGreater(len(told), 6)
        script = "set -euo pipefail\n" + "".join(f"{lines}\necho; echo '{MARK}'\n" for lines, _ in told)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", self.on_own_ports(script)], cwd=self.folder, text=True,
            capture_output=True, timeout=PATIENCE * 4, check=False,
            env={"PATH": os.defpath, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        printed = done.stdout.split(MARK)
        self.assertEqual(done.returncode, 0, f"after {len(printed) - 1} blocks: {printed[-1][-2000:]} {done.stderr[-2000:]}")
        self.assertNotIn('"/problems/', done.stdout.replace('"type":"/problems/validation-failed"', ""))
        for (lines, expected), actual in zip(told, printed):
            for line in filter(None, expected.splitlines()):
                with self.subTest(lines.splitlines()[0]):
                    self.assertIn(still(line.partition("…")[0]), still(actual))


if __name__ == "__main__":
    main()
