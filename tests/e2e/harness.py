"""Drives the real programs over HTTP: the sandbox, the server, tenants, requests.

The programs come from the environment: VITRINE and CLUBIFY_SANDBOX. Every class of tests has its own
folder, sandbox and server, on ports that the system chooses; every test its own tenant.
"""

import contextlib
import fcntl
import gzip
import http.client
import itertools
import json
import os
import pathlib
import pty
import queue
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest
import urllib.parse

import openapi
import prism

VITRINE = os.environ.get("VITRINE", "build/release/vitrine")
SANDBOX = os.environ.get("CLUBIFY_SANDBOX", "build/release/clubify-sandbox")
PEERS = str(pathlib.Path(SANDBOX).with_name("peer-sandbox"))
PATIENCE = 30  # seconds after which something that should have happened has failed
CLUBIFY_KEY = "clb_test_0123456789abcdef0123456789abcdef"

_numbers = itertools.count(1)


def wait_until(condition, what, patience=PATIENCE):
    """The first true value of `condition`, asked again and again."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"in vain waited for {what}")
        time.sleep(0.01)


class Answer:
    """What came back: status, headers (case-insensitive), bytes, and the JSON in them."""

    def __init__(self, status, headers, raw):
        self.status = status
        self.headers = headers
        self.raw = raw

    @property
    def json(self):
        packed = self.headers.get("Content-Encoding") == "gzip"
        return json.loads(gzip.decompress(self.raw) if packed else self.raw)

    @property
    def pointers(self):
        return sorted({fault["pointer"] for fault in self.json.get("errors", [])})

    def __repr__(self):
        return f"{self.status} {self.raw[:2000].decode(errors='replace')}"


class Http:
    """JSON requests over one kept connection, which opens itself again."""

    def __init__(self, port, headers=None):
        self.port = port
        self.headers = headers or {}
        self.connection = None

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def whole(self, body, headers):
        """The headers and the bytes that are sent. `body`: JSON, or bytes as they are."""
        sent = dict(self.headers)
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.update(headers or {})
        return {name: value for name, value in sent.items() if value is not None}, body

    def request(self, method, target, body=None, headers=None, timeout=PATIENCE):
        sent, body = self.whole(body, headers)
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.connection.timeout = timeout
        if self.connection.sock:
            self.connection.sock.settimeout(timeout)
        try:
            self.connection.request(method, target, body, sent)
            response = self.connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, target, **more):
        return self.request("GET", target, **more)

    def post(self, target, body=None, **more):
        return self.request("POST", target, body, **more)


class Program:
    """A program that says in one JSON line on its standard output when it is ready."""

    def __init__(self, arguments, folder, environment=None):
        self.arguments = arguments
        self.log = folder / f"{pathlib.Path(arguments[0]).name}-{next(_numbers)}.log"
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.ready = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.arguments, stdout=subprocess.PIPE, stderr=log, env=self.environment
            )
        lines = queue.Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        ready = None
        while ready is None:
            line = lines.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError(
                    f"{self.arguments[0]} ended with {self.process.wait()}: {self.log.read_text()}"
                )
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if isinstance(said, dict) and said.get("event") == "ready":
                    ready = said
        self.ready = ready
        return self

    def _read(self, lines):
        with self.process.stdout as out:
            for line in out:
                lines.put(line)
        lines.put(None)

    @property
    def port(self):
        return int(self.ready["listen"].rsplit(":", 1)[1])

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        """Its exit code."""
        if self.process is None:
            return None
        if self.running:
            self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.arguments[0]} did not end after {how!r}") from None

    def kill(self):
        return self.stop(signal.SIGKILL)


class StandIn(Program):
    """A stand-in and its control plane. A second start listens where the first one did."""

    def __init__(self, program, folder, *flags):
        self.program, self.folder, self.flags, self.http = program, folder, flags, None
        super().__init__([program, "--listen", "127.0.0.1:0", *flags], folder)

    def start(self):
        if self.ready:
            self.arguments = [self.program, "--listen", self.ready["listen"], *self.flags]
        super().start()
        self.http = Http(self.port)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.http:
            self.http.close()
        return super().stop(how)

    def control(self, method, target, body=None):
        try:
            answer = self.http.request(method, "/_sandbox" + target, body)
        except http.client.RemoteDisconnected:  # it had waited for longer than the stand-in keeps connections
            answer = self.http.request(method, "/_sandbox" + target, body)
        if answer.status >= 300:
            raise AssertionError(f"{method} /_sandbox{target}: {answer}")
        return answer.json if answer.raw else None

    def faults(self, *rules):
        self.control("POST", "/faults", {"rules": list(rules)})

    def no_faults(self):
        self.control("DELETE", "/faults")

    def requests(self):
        """Of its own routes, in order."""
        listed = self.control("GET", "/requests")
        return listed["requests"] if isinstance(listed, dict) else listed


class Peer(StandIn):
    """peer-sandbox of a profile."""

    def __init__(self, folder, profile, *flags):
        super().__init__(PEERS, folder, "--profile", profile, *flags)


class Sandbox(StandIn):
    """clubify-sandbox."""

    def __init__(self, folder, *flags):
        super().__init__(SANDBOX, folder, *flags)

    def count(self, method, path):
        """Requests received so far of the method and exact path, without /api/v1."""
        return sum(
            request["method"] == method and short(request["path"]) == path
            for request in self.requests()
        )

    def platform(self, tenant_id):
        """The platform itself, signed in as one of its tenants."""
        http_ = Http(self.port, {"X-Tenant-Id": tenant_id})
        body = {"api_key": CLUBIFY_KEY, "tenant_id": tenant_id, "grant_type": "api_key"}
        token = http_.post("/api/v1/auth/api-key/token", body).json["access_token"]
        http_.headers["Authorization"] = f"Bearer {token}"
        return http_

    def reached_by(self, method, path, after):
        """Waits until a request of the method, below the path, has come in after so many others."""

        def look():
            return any(
                request["method"] == method and short(request["path"]).startswith(path)
                for request in self.requests()[after:]
            )

        wait_until(look, f"{method} {path} to reach the platform")

    def state(self, kind, **wanted):
        """Objects of a kind whose members have these values."""
        return [
            item
            for item in self.control("GET", "/state")[kind]
            if all(item.get(name) == value for name, value in wanted.items())
        ]


def short(path):
    path = path.split("?")[0]
    return path[len("/api/v1") :] if path.startswith("/api/v1") else path


class Server(Program):
    """`vitrine serve`, and the other commands of the program on its data."""

    def __init__(self, folder, clubify_url, *flags, environment=None):
        self.folder, self.data = folder, folder / "data"
        super().__init__(
            [
                VITRINE, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0",
                "--clubify-url", clubify_url, *flags,
            ],
            folder,
            environment,
        )  # fmt: skip

    def start(self):
        super().start()
        return self

    def cli(self, *arguments, stdin=None, check=None):
        """Runs `vitrine ARGUMENTS --data DIR`; with `check`, that must be its exit code."""
        done = subprocess.run(
            [VITRINE, *(each if isinstance(each, bytes) else str(each) for each in arguments), "--data", str(self.data)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        if check is not None and done.returncode != check:
            raise AssertionError(
                f"vitrine {' '.join(map(str, arguments))}: {done.returncode} {done.stdout} {done.stderr}"
            )
        return done

    def terminal_of(self, *arguments, columns=80):
        """What `vitrine ARGUMENTS --data DIR`, which must end with 0, shows on a terminal as its standard error."""
        master, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        command = [VITRINE, *map(str, arguments), "--data", str(self.data)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, timeout=PATIENCE, check=False)
        os.close(terminal)
        shown = b""
        with contextlib.suppress(OSError):  # nobody has the terminal any more
            while piece := os.read(master, 1 << 16):
                shown += piece
        shown = shown.decode()
        os.close(master)
        if done.returncode != 0:
            raise AssertionError(f"vitrine {' '.join(command)}: {done.returncode} {shown}")
        return shown

    def add_tenant(self, name=None):
        """The API key of a new tenant, its name, and its id on the platform."""
        number = next(_numbers)
        name = name or f"tenant-{number}"
        clubify_tenant_id = f"{number:024x}"
        secret = self.folder / "clubify-api-key"
        if not secret.exists():
            secret.write_text(CLUBIFY_KEY + "\n")
        done = self.cli(
            "tenant", "add", name, "--clubify-api-key", f"@{secret}",
            "--clubify-tenant-id", clubify_tenant_id, "--environment", "test", check=0,
        )  # fmt: skip
        made = json.loads(done.stdout)
        return made["api_key"], made["tenant"], clubify_tenant_id


class Later:
    """A request that is sent while the test goes on."""

    def __init__(self, send):
        self.answer = None
        self.thread = threading.Thread(target=self._run, args=(send,), daemon=True)
        self.thread.start()

    def _run(self, send):
        with contextlib.suppress(OSError, http.client.HTTPException):  # the server may have been killed
            self.answer = send()

    def join(self):
        """What it was answered; nothing if the server died."""
        self.thread.join(PATIENCE)
        return self.answer


class Api(Http):
    """A tenant's way in, with what tests often do. Every answer is held against /openapi.json, and shown to Prism where
    there is one (tests/full/prism)."""

    _document = None  # the same of every server
    _proxy = prism.Proxy(prism.PLACES) if prism.PLACES else None

    def __init__(self, port, api_key):
        super().__init__(port, {"Authorization": f"Bearer {api_key}"})
        self.api_key = api_key
        self._written = 0  # the last position told

    def request(self, method, target, body=None, headers=None, timeout=PATIENCE):
        if Api._document is None:
            Api._document = openapi.Document(super().request("GET", "/openapi.json").json)
        sent, body = self.whole(body, headers)
        answer = super().request(method, target, body, headers, timeout)
        faults = Api._document.faults_of_answer(method, target, answer)
        if Api._proxy:
            faults += Api._proxy.faults_of_answer(method, target, answer)
            faults += Api._proxy.faults_of_request(method, target, body, sent, answer)
        if faults:
            raise AssertionError("not as /openapi.json says: " + "; ".join(faults))
        return answer

    def must(self, status, method, target, body=None, **more):
        """The answer, which must have that status. Of a read model it includes what was written this way before: tests that
        look at models that lag behind use `get`."""
        answer = self.request(method, self._with_own_writes(method, target), body, **more)
        if method != "GET" and answer.status < 300:
            self._written = max(self._written, int(answer.headers.get("X-Vitrine-Position") or 0))
        if answer.status != status:
            raise AssertionError(f"{method} {target}: {answer} instead of {status}")
        return answer

    def _with_own_writes(self, method, target):
        if method != "GET" or not self._written or not Api._document.takes(method, target, "at_least"):
            return target
        path, _, query = target.partition("?")
        asked = urllib.parse.parse_qs(query, keep_blank_values=True)
        if {"at_least", "as_of", "as_of_version", "cursor"} & asked.keys():
            return target
        return f"{path}?{query}{'&' if query else ''}at_least={self._written}"

    def create_product(self, **fields):
        body = {"name": "Café", "price_cents": 1990, **fields}
        return self.must(201, "POST", "/v1/products", body).json

    def create_offer(self, **fields):
        body = {"name": f"Offer {next(_numbers)}", **fields}
        return self.must(201, "POST", "/v1/offers", body).json

    def create_active_offer(self, **fields):
        product = self.create_product()
        return self.create_offer(
            products=[{"product_id": product["product_id"]}], activate=True, **fields
        )

    def history(self, offer_id):
        """Every CloudEvent of the offer, page by page."""
        events, target = [], f"/v1/offers/{offer_id}/events?limit=1000"
        while target:
            page = self.must(200, "GET", target).json
            events += page.get("events", page.get("items"))
            cursor = page.get("next_cursor")
            target = cursor and f"/v1/offers/{offer_id}/events?limit=1000&cursor={urllib.parse.quote(cursor)}"
        return events

    def types(self, offer_id):
        return [event["type"] for event in self.history(offer_id)]

    def finished(self, command_id):
        """The command's status once it no longer runs."""

        def look():
            status = self.must(200, "GET", f"/v1/commands/{command_id}").json
            return status if status["state"] != "running" else None

        return wait_until(look, f"the end of command {command_id}")


def raw_exchange(port, data, shut=False, timeout=PATIENCE):
    """Sends bytes over a fresh connection; all that comes back until the server closes it or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout) as peer:
        with contextlib.suppress(ConnectionError):
            peer.sendall(data)
            if shut:
                peer.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(peer)
        response.begin()
        return Answer(response.status, response.headers, response.read())


class EndToEnd(unittest.TestCase):
    """A sandbox and a server for the class, a tenant for each test."""

    sandbox_flags = ()
    server_flags = ()
    server_environment = None  # what is set in it besides

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.sandbox = Sandbox(cls.folder, "--state", str(cls.folder / "sandbox.state"), *cls.sandbox_flags)
        cls.addClassCleanup(cls.sandbox.kill)
        cls.sandbox.start()
        cls.server = Server(
            cls.folder, f"http://127.0.0.1:{cls.sandbox.port}", *cls.server_flags, environment=cls.server_environment
        )
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()

    def setUp(self):
        if not self.sandbox.running:
            self.sandbox.start()
        if not self.server.running:
            self.server.start()
        self.addCleanup(self.sandbox_without_faults)
        self.api = self.new_tenant()

    def sandbox_without_faults(self):
        if self.sandbox.running:
            self.sandbox.no_faults()

    def new_tenant(self):
        """A client of a new tenant; self.tenant and self.clubify_tenant_id are its names."""
        key, self.tenant, self.clubify_tenant_id = self.server.add_tenant()
        return self.client(key)

    def client(self, api_key):
        api = Api(self.server.port, api_key)
        self.addCleanup(api.close)
        return api

    def restart(self, how=signal.SIGKILL):
        """The server stops and comes back on another port; self.api follows."""
        self.server.stop(how)
        self.server.start()
        self.api = self.client(self.api.api_key)

    def assert_problem(self, answer, status, name=None, pointers=None):
        """A problem document (RFC 9457) of that status and type, with faults at these pointers."""
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(
            answer.headers.get("Content-Type", "").split(";")[0], "application/problem+json", answer
        )
        problem = answer.json
        self.assertEqual(problem["status"], status, answer)
        self.assertTrue(problem["title"], answer)
        self.assertTrue(problem["type"].startswith("/problems/"), answer)
        if name is not None:
            self.assertEqual(problem["type"], f"/problems/{name}", answer)
        if pointers is not None:
            self.assertEqual(answer.pointers, sorted(pointers), answer)
            for fault in problem["errors"]:
                self.assertTrue(fault["code"] and fault["detail"], answer)


def main():
    unittest.main(verbosity=2)
