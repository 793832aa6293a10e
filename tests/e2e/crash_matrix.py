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

from harness import Api, wait_until

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

    def __init__(self, name, method, path, body, there=None, prepare=None, check=None):
        self.name, self.method, self.path, self.body = name, method, path, body
        self.check = check or (lambda api: None)  # what must be so afterwards
        self.there = there  # method and path prefix of the call that acts
        self.prepare = prepare or (lambda api: {})


def _product(api):
    return {"product": api.create_product()["product_id"]}


def _draft(api):
    product = api.create_product()["product_id"]
    return {"product": product, "offer": api.create_offer(products=[{"product_id": product}])["offer_id"]}


def _draft_and_product(api):
    return {**_draft(api), "product": api.create_product()["product_id"]}


def _customer(api):
    made = api.must(201, "PUT", "/v1/customers", {"email": "ana@example.com", "name": "Ana Lima", "tags": ["vip"]}).json
    return {"customer": made["customer_id"]}


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
    Command("PutCustomer", "PUT", "/v1/customers", {"email": "ana@example.com", "name": "Ana Lima", "phone": "(11) 98765-4321"},
            ("POST", "/customers")),
    Command("PutCustomer of one who is known", "PUT", "/v1/customers", {"email": "ana@example.com", "tags": ["novo"]},
            ("PUT", "/customers"), _customer),
    Command("EditCustomer", "PATCH", "/v1/customers/{customer}", {"email": "bia@example.com", "phone": "+351912345678"},
            ("PUT", "/customers"), _customer),
    Command("TagCustomer", "PUT", "/v1/customers/{customer}/tags/b2b", None, ("PUT", "/customers"), _customer),
    Command("UntagCustomer", "DELETE", "/v1/customers/{customer}/tags/vip", None, ("PUT", "/customers"), _customer),
    Command("RecordConsent", "POST", "/v1/customers/{customer}/consents",
            {"purpose": "news", "granted": True, "text_version": "1", "channel": "mail"}, ("PUT", "/customers"), _customer),
    Command("EraseCustomer", "POST", "/v1/customers/{customer}/erase", {"reason": "LGPD"}, ("PUT", "/customers"), _customer),
)  # fmt: skip


def _stock(*acts):
    """Two SKUs, and a reservation of both that has come so far."""

    def prepare(api):
        for sku in ("S-1", "S-2"):
            api.must(200, "PUT", f"/v1/stock/{sku}", {"on_hand": 5})
        if acts:
            reservation = api.must(201, "POST", "/v1/reservations", RESERVATION).json["reservation_id"]
            for act in acts[1:]:
                api.must(200, "POST", f"/v1/reservations/{reservation}/{act}", {})
            return {"reservation": reservation}
        return {}

    return prepare


def _figures(*wanted):
    """What each of the SKUs must come to: on hand, reserved, allocated; so that nothing was done twice, or for one of them only."""

    def check(api):
        head = int(api.must(200, "GET", "/v1/events?limit=1000").json["events"][-1]["position"])
        for sku, figures in zip(("S-1", "S-2"), wanted):
            stock = api.must(200, "GET", f"/v1/stock/{sku}?at_least={head}").json
            found = (stock["on_hand"], stock["reserved"], stock["allocated"])
            if found != figures:
                raise AssertionError(f"{sku} has {found} instead of {figures}")

    return check


RESERVATION = {"items": [{"sku": "S-1", "quantity": 2}, {"sku": "S-2", "quantity": 1}], "reference": "matrix"}

# They call nobody: the platform's state does not matter to them.
STOCK_COMMANDS = (
    Command("SetStock", "PUT", "/v1/stock/S-1", {"on_hand": 7}, prepare=_stock(), check=_figures((7, 0, 0), (5, 0, 0))),
    Command("AdjustStock", "POST", "/v1/stock/S-1/adjust", {"delta": -2, "reason": "quebra"}, prepare=_stock(),
            check=_figures((3, 0, 0), (5, 0, 0))),
    Command("ReserveStock", "POST", "/v1/reservations", RESERVATION, prepare=_stock(), check=_figures((5, 2, 0), (5, 1, 0))),
    Command("ConfirmReservation", "POST", "/v1/reservations/{reservation}/confirm", {}, prepare=_stock("reserve"),
            check=_figures((5, 0, 2), (5, 0, 1))),
    Command("FulfilReservation", "POST", "/v1/reservations/{reservation}/fulfil", {}, prepare=_stock("reserve", "confirm"),
            check=_figures((3, 0, 0), (4, 0, 0))),
    Command("ReleaseReservation", "DELETE", "/v1/reservations/{reservation}", None, prepare=_stock("reserve", "confirm"),
            check=_figures((5, 0, 0), (5, 0, 0))),
)  # fmt: skip


def can_trace():
    """strace is there and may attach to our own programs."""
    with subprocess.Popen(["sleep", "60"]) as victim:
        try:
            tracer = attach(victim.pid, "fdatasync", "signal=SIGKILL:when=1")
            tracer.terminate()
            tracer.wait()
            return True
        except (OSError, AssertionError):
            return False
        finally:
            victim.kill()


def attach(pid, call, what):
    """strace, which does that to the process's calls; returns when every thread is attached."""
    tracer = subprocess.Popen(
        ["strace", "-f", "-o", "/dev/null", "-p", str(pid), "-e", f"trace={call}",
         "-e", f"inject={call}:{what}"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.kill()
        tracer.wait()
        raise AssertionError(f"strace cannot attach: {line}")
    return tracer


def detach(tracer, server):
    """Ends strace; whether the server was killed. Now and then strace stays though what it traced is dead, and keeps its parent
    from learning of it: it is killed then."""
    if server.running:
        tracer.send_signal(signal.SIGINT)
    try:
        tracer.wait(5)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.process.wait(1)  # if it was killed it ends now
    tracer.stderr.close()
    return not server.running


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
        tracer = attach(self.server.process.pid, call, f"signal=SIGKILL:when={number}")
        first = self._send(api, command.method, path, body)
        api.close()
        died = detach(tracer, self.server) or first is None
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
            command.check(api)
        finally:
            api.close()
        done = self.server.cli("reconcile", "--tenant", tenant)
        if done.returncode != 0:
            raise AssertionError(f"log and platform differ: {done.stdout}{done.stderr}")
