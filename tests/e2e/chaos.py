"""Chaos: many clients command while the platform fails in random ways and the server is killed again and again.

Every client repeats a command with the same Idempotency-Key until it has a definite answer, as a careful client does.
In the end the log, the platform and every answer that was given must agree.
"""

import collections
import contextlib
import http.client
import json
import random
import signal
import threading
import time

from harness import PATIENCE, Api, wait_until

FAULTS = [
    {"probability": 0.03, "action": {"status": 503}},
    {"probability": 0.03, "action": {"status": 500, "effect": True}},
    {"probability": 0.02, "action": {"status": 429, "headers": {"Retry-After": "1"}}},
    {"probability": 0.02, "action": {"status": 401}},
    {"probability": 0.03, "action": {"drop": "before"}},
    {"probability": 0.03, "action": {"drop": "after"}},
    {"probability": 0.02, "action": {"garbage": True}},
    {"probability": 0.02, "action": {"delay_ms": 300}},
]
SERVER_FLAGS = ("--clubify-settle", "2s")
# Seconds. A server waits for late requests of one that was killed before it settles what that one began: if none lived for
# so long, the clients would be stuck one after the other, and little would be tried.
LONG_LIFE = 2.5


class Client(threading.Thread):
    """Creates products and offers and leads the offers through their lives."""

    def __init__(self, number, run):
        super().__init__(daemon=True)
        self.number, self.run_ = number, run
        self.random = random.Random(number)
        self.api = None
        self.failure = None
        self.told = []  # (key, status, body) of every definite answer
        self.sent = 0

    def run(self):
        try:
            while self.run_.take():
                self.life()
        except Exception as error:  # noqa: BLE001 - told by the main thread
            self.failure = error
        finally:
            if self.api:
                self.api.close()

    def life(self):
        product = self.command("POST", "/v1/products", {"name": "Café", "price_cents": self.random.randrange(10**6)})
        if product is None or not self.run_.take():
            return
        offer = self.command("POST", "/v1/offers", {
            "name": f"Oferta {self.number}", "activate": self.random.random() < 0.5,
            "products": [{"product_id": product["product_id"]}]})  # fmt: skip
        if offer is None:
            return
        path = f"/v1/offers/{offer['offer_id']}"
        for _ in range(self.random.randrange(4)):
            if not self.run_.take():
                return
            self.random.choice([
                lambda: self.command("PATCH", path, {"name": f"Nome {self.random.randrange(100)}"}),
                lambda: self.command("POST", path + "/activate", None),
                lambda: self.command("POST", path + "/pause", {"reason": "estoque"}),
                lambda: self.command("PUT", f"{path}/products/{product['product_id']}",
                                     {"quantity": self.random.randrange(1, 9)}),
                lambda: self.command("POST", path + "/archive", None),
            ])()  # fmt: skip

    def command(self, method, target, body):
        """The body of a success, or None: refused for good."""
        key = f"{self.number}-{self.sent}"
        self.sent += 1
        end = time.monotonic() + self.run_.patience
        while True:
            if time.monotonic() > end:
                raise AssertionError(f"no definite answer to {method} {target} with key {key}")
            answer = self.ask(method, target, body, key)
            if answer is None or not self.is_definite(answer):
                time.sleep(0.05 + self.random.random() * 0.2)
                continue
            self.told.append((key, method, target, body, answer.status, answer.json))
            return answer.json if answer.status < 300 else None

    @staticmethod
    def is_definite(answer):
        """Not so: to be sent again with the same key. Refused credentials are the platform's definite no."""
        kind = answer.json.get("type", "").rsplit("/", 1)[-1]
        if kind in ("command-in-flight", "clubify-unavailable"):
            return False
        return kind == "clubify-credentials" or answer.status not in (202, 500, 502, 503, 504, 507)

    def ask(self, method, target, body, key):
        """None: no answer. The server may be down, or back on another port."""
        port = self.run_.port
        if self.api is None or self.api.port != port:
            if self.api:
                self.api.close()
            self.api = Api(port, self.run_.api_key)
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.api.request(method, target, body, headers={"Idempotency-Key": key})
        return None


class Chaos:
    """One run of so many commands, on a sandbox and a server that the caller started with SERVER_FLAGS."""

    client = Client

    def __init__(self, sandbox, server, tenant, commands, clients, pause_between_kills,
                 faults=FAULTS, most_kills=None, say=lambda text: None):  # fmt: skip
        self.sandbox, self.server = sandbox, server
        self.api_key, self.tenant, self.clubify_tenant_id = tenant
        self.left, self.lock = commands, threading.Lock()
        self.clients = [self.client(number, self) for number in range(clients)]
        self.pause, self.say = pause_between_kills, say
        self.faults, self.most_kills = faults, most_kills
        self.port = server.port
        self.patience = PATIENCE * 4
        self.kills = 0

    def take(self):
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def end(self):
        """The clients begin no further command."""
        with self.lock:
            self.left = 0

    def run(self):
        if self.faults:
            self.sandbox.faults(*self.faults)
        for client in self.clients:
            client.start()
        chance = random.Random(1)
        while any(client.is_alive() for client in self.clients):
            life = LONG_LIFE if self.kills % 8 == 7 else self.pause * (0.5 + chance.random())
            end = time.monotonic() + life
            while time.monotonic() < end and any(client.is_alive() for client in self.clients):
                time.sleep(0.02)
            if self.left > 0:
                self.server.stop(signal.SIGKILL)
                self.server.start()
                self.port = self.server.port
                self.kills += 1
                if self.kills == self.most_kills:
                    self.end()
                self.say(f"killed {self.kills} times, {max(0, self.left)} commands left")
        for client in self.clients:
            client.join()
            if client.failure:
                raise client.failure
        self.sandbox.http.close()  # idle for longer than a server keeps a connection
        self.sandbox.no_faults()

    def check(self):
        """Raises AssertionError at the first thing that does not agree; returns what was counted."""
        api = Api(self.port, self.api_key)
        try:
            self._no_command_is_left(api)
            self._answers_are_repeated(api)
            self._platform_has_each_effect_once()
            self._log_has_what_was_told()
        finally:
            api.close()
        for arguments in (("reconcile", "--tenant", self.tenant), ("verify",), ("audit",),
                          ("rebuild", "--all", "--check")):  # fmt: skip
            self.server.cli(*arguments, check=0)
        statuses = collections.Counter(status for client in self.clients for *_, status, _ in client.told)
        return {"commands": sum(statuses.values()), "answers": dict(sorted(statuses.items())), "kills": self.kills}

    def _no_command_is_left(self, api):
        def none_unfinished():
            text = api.must(200, "GET", "/metrics").raw.decode()
            return "vitrine_commands_running 0" in text

        wait_until(none_unfinished, "every command to end", self.patience)

    def _answers_are_repeated(self, api):
        for client in self.clients:
            for key, method, target, body, status, told in client.told[-3:]:
                if status not in (200, 201):
                    continue
                answer = api.request(method, target, body, headers={"Idempotency-Key": key})
                if (answer.status, answer.json) != (status, told):
                    raise AssertionError(f"{method} {target} with key {key}: first {told}, now {answer}")

    def _log_has_what_was_told(self):
        """Each success that a client was told of stands in the log where it was told."""
        log = {}
        for line in self.server.cli("replay", "--json", check=0).stdout.splitlines():
            event = json.loads(line)
            log[event["position"], event["streamversion"]] = event
        for client in self.clients:
            for key, method, target, _, status, body in client.told:
                if status not in (200, 201):
                    continue
                event = log.get((str(body["position"]), str(body["version"])))
                if event is None:
                    raise AssertionError(f"{method} {target} with key {key}: {body} is not in the log")

    def _platform_has_each_effect_once(self):
        for kind, member in (("offers", "offer_id"), ("products", "product_id")):
            there = collections.Counter(
                item["metadata"]["vitrine"][member] for item in self.sandbox.state(kind) if "metadata" in item
            )
            twice = [id_ for id_, count in there.items() if count > 1]
            if twice:
                raise AssertionError(f"{kind} that are there twice: {twice}")
            told = {body[member] for client in self.clients for *_, target, _, status, body in client.told
                    if status == 201 and target == f"/v1/{kind}"}  # fmt: skip
            missing = told - set(there)
            if missing:
                raise AssertionError(f"{kind} that were acknowledged and are not there: {missing}")


