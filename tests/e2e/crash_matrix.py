"""The crash matrix: the server is killed before each system call that a command leads to, while the platform is fine or
fails in one of the ways it can fail. After the restart the client sends the same command with the same key again, and
answer, log and platform must agree.

A point is one call of one kind: the Nth fdatasync, the Nth write to a file, the Nth message to the platform (sendmsg) or
to the client (sendto). strace attaches to
the running server and kills it as it enters the call; N goes up until the command gets through.
"""

import contextlib
import http.client
import json
import re
import signal
import subprocess
import time

from harness import PATIENCE, Api, wait_until

CALLS = ("fdatasync", "sendmsg", "sendto", "pwrite64")
SERVER_FLAGS = ("--clubify-settle", "1s")

PLATFORMS = {
    "fine": None,
    "503": {"action": {"status": 503}},
    "times out after acting": {"action": {"status": 504, "effect": True}},
    "cut off after acting": {"action": {"drop": "after"}},
    "429": {"action": {"status": 429, "headers": {"Retry-After": "1"}}},
    "401 once": {"action": {"status": 401}},
}


class Command:
    """One kind of command: what must be there before, how it is sent, and which call of the platform it leads to."""

    def __init__(self, name, method, path, body, there, prepare=None):
        self.name, self.method, self.path, self.body = name, method, path, body
        self.there = there  # method and path prefix of the call that acts
        self.prepare = prepare or (lambda api: {})


def _product(api):
    return {"product": api.create_product()["product_id"]}


def _draft(api):
    product = api.create_product()["product_id"]
    return {"product": product, "offer": api.create_offer(products=[{"product_id": product}])["offer_id"]}


def _draft_and_product(api):
    return {**_draft(api), "product": api.create_product()["product_id"]}


def _active(api):
    return {"offer": api.create_active_offer()["offer_id"]}


COMMANDS = (
    Command("CreateProduct", "POST", "/v1/products", {"name": "Curso", "price_cents": 990}, ("POST", "/products")),
    Command("EditProduct", "PATCH", "/v1/products/{product}", {"name": "Outro", "price_cents": 5},
            ("PATCH", "/products"), _product),
    Command("CreateOffer", "POST", "/v1/offers", {"name": "Oferta", "activate": True, "products": [
        {"clubify_product_id": "p1"}]}, ("POST", "/offers")),
    Command("EditOffer", "PATCH", "/v1/offers/{offer}", {"name": "Outra"}, ("PUT", "/offers"), _draft),
    Command("ActivateOffer", "POST", "/v1/offers/{offer}/activate", None, ("POST", "/offers"), _draft),
    Command("PauseOffer", "POST", "/v1/offers/{offer}/pause", None, ("POST", "/offers"), _active),
    Command("ArchiveOffer", "POST", "/v1/offers/{offer}/archive", None, ("PUT", "/offers"), _draft),
    Command("AddProductToOffer", "POST", "/v1/offers/{offer}/products", {"product_id": "{product}", "quantity": 2},
            ("POST", "/offers"), _draft_and_product),
    Command("ChangeProductInOffer", "PUT", "/v1/offers/{offer}/products/{product}", {"quantity": 7},
            ("PUT", "/offers"), _draft),
    Command("RemoveProductFromOffer", "DELETE", "/v1/offers/{offer}/products/{product}", None,
            ("DELETE", "/offers"), _draft),
)  # fmt: skip


def can_trace():
    """strace is there and may attach to our own programs."""
    with subprocess.Popen(["sleep", "60"]) as victim:
        try:
            tracer = _attach(victim.pid, "fdatasync", 1)
            tracer.terminate()
            tracer.wait()
            return True
        except (OSError, AssertionError):
            return False
        finally:
            victim.kill()


def _attach(pid, call, number):
    """Returns when every thread is attached."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-o", "/dev/null", "-p", str(pid), "-e", f"trace={call}",
         "-e", f"inject={call}:signal=SIGKILL:when={number}"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.kill()
        tracer.wait()
        raise AssertionError(f"strace cannot attach: {line}")
    return tracer


class Matrix:
    def __init__(self, sandbox, server, say=lambda text: None):
        self.sandbox, self.server, self.say = sandbox, server, say
        self.points = 0

    def run(self, command, platform, calls=CALLS, write_step=1):
        """Kills at every point of the command, of the writes to files at each `write_step`th; returns how many points
        there were. Raises AssertionError with the point."""
        killed = 0
        for call in calls:
            number = 1
            while self._kill_at(command, platform, call, number):
                killed += 1
                number += write_step if call == "pwrite64" else 1
        self.points += killed
        self.say(f"{command.name}, platform {platform}: {killed} points")
        return killed

    def _kill_at(self, command, platform, call, number):
        """False: the command got through before that point."""
        where = f"{command.name}, platform {platform}, before {call} {number}"
        key, tenant, clubify_tenant = self.server.add_tenant()
        api = Api(self.server.port, key)
        names = command.prepare(api)
        path = command.path.format(**names)
        body = command.body and json.loads(re.sub(r"\{(product|offer)\}", lambda m: names[m[1]], json.dumps(command.body)))
        if PLATFORMS[platform]:
            method, prefix = command.there
            self.sandbox.faults({"method": method, "path": prefix, "times": 1, **PLATFORMS[platform]})
        tracer = _attach(self.server.process.pid, call, number)
        first = self._send(api, command.method, path, body)
        api.close()
        died = first is None
        if not died:
            tracer.send_signal(signal.SIGINT)
        tracer.wait(PATIENCE)
        tracer.stderr.close()
        # A thread of the read models may meet the point after the answer.
        time_left = time.monotonic() + 0.02
        while time.monotonic() < time_left and self.server.running:
            time.sleep(0.002)
        if not self.server.running:
            died = True
            self.server.start()
        try:
            self._agree(command, path, body, key, tenant, first)
        except AssertionError as error:
            raise AssertionError(f"killed at {where}: {error}") from error
        finally:
            self.sandbox.no_faults()
        return died

    @staticmethod
    def _send(api, method, path, body):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return api.request(method, path, body, headers={"Idempotency-Key": "matrix"})
        return None

    def _agree(self, command, path, body, key, tenant, first):
        api = Api(self.server.port, key)

        def definite():
            answer = self._send(api, command.method, path, body)
            if answer is None:
                return None
            kind = answer.json.get("type", "").rsplit("/", 1)[-1]
            return None if kind in ("command-in-flight", "clubify-unavailable") or answer.status == 202 else answer

        try:
            answer = wait_until(definite, "a definite answer")
            again = wait_until(definite, "the same answer")
            if (answer.status, answer.json) != (again.status, again.json):
                raise AssertionError(f"two answers to one key: {answer} and {again}")
            if first is not None and first.status < 300 and first.status != 202:
                if (first.status, first.json) != (answer.status, answer.json):
                    raise AssertionError(f"acknowledged {first}, repeated {answer}")
            succeeded = [event for event in api.must(200, "GET", "/v1/events?limit=1000").json["events"]
                         if event["commandid"] == answer.json.get("command_id")
                         and not event["type"].endswith("Failed")]  # fmt: skip
            if (answer.status < 300) != bool(succeeded):
                raise AssertionError(f"answer {answer}, but events {[event['type'] for event in succeeded]}")
        finally:
            api.close()
        done = self.server.cli("reconcile", "--tenant", tenant)
        if done.returncode != 0:
            raise AssertionError(f"log and platform differ: {done.stdout}{done.stderr}")
