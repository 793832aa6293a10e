"""The crash matrix of checkouts: the server is killed before each system call along a card, a Pix and a boleto that are paid, a
Pix that nobody pays, and money that is given back, while platform and payments are fine or fail in one of the ways they can fail.
After the restart everybody does again what they did, with the same keys; then the sandbox's money and orders, our ledger and the
stock must agree: each checkout charged once and ordered once, or not at all.

A point is one call of one kind, as in crash_matrix.py, whose tracer this uses.
"""

import contextlib
import datetime
import http.client
import time
import urllib.parse

from crash_matrix import attach, detach
from harness import Api, Later, wait_until

CALLS = ("fdatasync", "sendmsg", "sendto", "pwrite64")
BEGIN = datetime.datetime(2036, 12, 1, 12, tzinfo=datetime.UTC)
TOTAL, SKU, ON_HAND = 2990, "CUP-1", 1_000_000
CARD = {"method": "credit_card", "card_token": "tok_approved_0001"}
SUMS = ("fulfilled_cents", "held_cents", "refunding_cents", "refunded_cents", "blocked_cents")

# What a checkout calls, of the platform and of its payments: each fails once.
CALLED = (
    ("POST", "/checkout/sessions"), ("POST", "/checkout/*/complete"), ("POST", "/checkout/*/cancel"), ("POST", "/payments"),
    ("GET", "/payments/*"), ("POST", "/payments/*/capture"), ("POST", "/payments/*/void"), ("POST", "/payments/*/refund"),
)  # fmt: skip
TROUBLES = {
    "fine": None,
    "503": {"status": 503},
    "times out after acting": {"status": 504, "effect": True},
    "cut off before acting": {"drop": "before"},
    "cut off after acting": {"drop": "after"},
    "garbage": {"garbage": True},
}


def text_of(moment):
    return moment.isoformat().replace("+00:00", "Z")


SERVER_FLAGS = ("--clubify-settle", "1s", "--test-clock", text_of(BEGIN))  # the clock's time last: a restart sets it


def every_checkout(api):
    """Of the tenant, page by page."""
    found, cursor = [], ""
    while cursor is not None:
        page = api.must(200, "GET", f"/v1/checkouts?limit=100{cursor}").json
        found += page["items"]
        cursor = page.get("next_cursor") and "&cursor=" + urllib.parse.quote(page["next_cursor"])
    return found


def sums_up(item):
    """A currency of the ledger: each cent that was charged is in one place."""
    if item["captured_cents"] != sum(item[name] for name in SUMS):
        raise AssertionError(f"not the sum: {item}")


class Shop:
    """A tenant that sells one product; what the points of one row have in common."""

    def __init__(self, sandbox, server):
        self.sandbox, self.server = sandbox, server
        self.key, self.tenant, _ = server.add_tenant()
        api = self.api()
        product = api.create_product(name="Curso", price_cents=TOTAL, currency="BRL", type="digital", sku=SKU)
        api.must(200, "PUT", f"/v1/stock/{SKU}", {"on_hand": ON_HAND})
        line = {"product_id": product["product_id"], "quantity": 1}
        offer = {"name": "Curso", "currency": "BRL", "products": [line], "activate": True}
        made = api.must(201, "POST", "/v1/offers", offer).json
        self.offer, self.sold = made["offer_id"], 0
        wait_until(lambda: api.post("/v1/quotes", {"offer_id": self.offer}).status == 200, "the offer to be priced")
        api.close()

    def api(self):
        return Api(self.server.port, self.key)

    def sandbox_has(self, kind, checkout):
        return [each for each in self.sandbox.state(kind) if each.get("metadata", {}).get("saga_id") == checkout]

    def check(self):
        """The ledger of all that was sold is the sandbox's money."""
        api = self.api()
        items = api.must(200, "GET", "/v1/money").json["items"]
        mine = {each["checkout_id"] for each in every_checkout(api)}
        api.close()
        payments = [each for each in self.sandbox.state("payments") if each["metadata"]["saga_id"] in mine]
        captured, refunded = (sum(each[name] for each in payments) for name in ("captured_amount", "refunded_amount"))
        ours = [(each["captured_cents"], each["refunded_cents"]) for each in items]
        if ours != ([(captured, refunded)] if captured else []):
            raise AssertionError(f"the ledger has {items}, the provider {captured} and {refunded} of it given back")
        for item in items:
            sums_up(item)
        done = self.server.cli("reconcile", "--tenant", self.tenant)
        if done.returncode != 0:
            raise AssertionError(f"log and platform differ: {done.stdout}{done.stderr}")


class Point:
    """One checkout, and what those did who had to do with it: done once more, they do the same with the same keys."""

    number = 0

    def __init__(self, shop, clock):
        Point.number += 1
        self.shop, self.clock = shop, clock
        self.key, self.began = f"point-{Point.number}", clock.now
        self.checkout, self.answers = None, {}

    def call(self, api, method, path, body, key):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return api.request(method, path, body, headers={"Idempotency-Key": f"{self.key}-{key}"})
        return None

    def ask(self, method, path, body, key):
        """Sends it, and lets time pass until it is answered for good, or the server is dead. The answer must be the one that was
        given before."""
        for _ in range(20):
            if not self.shop.server.running:
                return None
            api = self.shop.api()
            later = Later(lambda api=api: self.call(api, method, path, body, key))
            later.thread.join(0.3)
            while later.thread.is_alive() and self.shop.server.running:
                self.clock.step(datetime.timedelta(seconds=2))
                later.thread.join(0.1)
            answer = later.join()
            api.close()
            if answer is not None and answer.status not in (202, 503) and "in-flight" not in answer.json.get("type", ""):
                known = self.answers.setdefault(key, answer)
                if (known.status, known.json) != (answer.status, answer.json):
                    raise AssertionError(f"two answers to one key: {known} and {answer}")
                return answer
            self.clock.step(datetime.timedelta(seconds=20))
        raise AssertionError(f"no definite answer to {method} {path}")

    def open(self, **more):
        body = {"offer_id": self.shop.offer, "customer": {"email": f"{self.key}@example.com", "name": "Maria Souza"}, **more}
        answer = self.ask("POST", "/v1/checkouts", body, "open")
        if answer is not None:
            if answer.status != 201:
                raise AssertionError(f"not opened: {answer}")
            self.checkout = answer.json["checkout_id"]
        return answer

    def pay(self, **terms):
        return self.ask("POST", f"/v1/checkouts/{self.checkout}/pay", terms, "pay")

    def give_back(self):
        return self.ask("POST", f"/v1/checkouts/{self.checkout}/refunds", {"reason": "defeito"}, "refund")

    def buyer_pays(self):
        for payment in self.shop.sandbox_has("payments", self.checkout):
            if payment["status"] == "pending":
                self.shop.sandbox.control("POST", f"/payments/{payment['_id']}", {"act": "pay"})

    def lasts(self, **span):
        self.clock.reach(self.began + datetime.timedelta(**span))


class Story:
    """`before` goes well; `along` is what is killed; then the checkout has that status, so much was charged and given back."""

    def __init__(self, status, along, before=lambda point: None, charged=TOTAL, given_back=0):
        self.status, self.along, self.before = status, along, before
        self.charged, self.given_back = charged, given_back


def _card(point):
    point.open(pay=CARD)


def _opened(point):
    point.open()


def _later(method, paid, **span):
    def along(point):
        point.pay(method=method)
        if paid:
            point.buyer_pays()
        point.lasts(**span)

    return along


STORIES = {
    "card": Story("completed", _card),
    "pix": Story("completed", _later("pix", True, minutes=3), before=_opened),
    "boleto": Story("completed", _later("boleto", True, hours=7), before=_opened),
    "pix that nobody pays": Story("expired", _later("pix", False, hours=2), before=_opened, charged=0),
    "card given back": Story("completed", Point.give_back, before=_card, given_back=TOTAL),
}


class Clock:
    """The server's time, which stands; it fails with the server."""

    def __init__(self, server):
        self.server, self.now = server, BEGIN

    def reach(self, moment):
        """Who finds the server dead tries again at once."""
        if self.server.running:
            self.now = max(self.now, moment)
            self.server.cli("clock", "--set", text_of(self.now))

    def step(self, span):
        self.reach(self.now + span)


class Matrix:
    def __init__(self, sandbox, server, say=lambda text: None):
        self.sandbox, self.server, self.say = sandbox, server, say
        self.clock = Clock(server)

    def run(self, story, trouble, calls=CALLS, steps=None, most=10_000):
        """Kills at every point, of each call at each `steps[call]`th, `most` times of each; returns how many points there were.
        Raises AssertionError with the point."""
        shop, killed = Shop(self.sandbox, self.server), 0
        for call in calls:
            number, of_call = 1, 0
            while of_call < most and self._kill_at(shop, story, trouble, call, number):
                of_call += 1
                number += (steps or {}).get(call, 1)
            killed += of_call
        shop.check()
        self.say(f"{story}, platform and payments {trouble}: {killed} points")
        return killed

    def _kill_at(self, shop, name, trouble, call, number):
        """False: all was done before that point."""
        story, point = STORIES[name], Point(shop, self.clock)
        try:
            story.before(point)
            if TROUBLES[trouble]:
                self.sandbox.faults(*({"method": method, "path": path, "times": 1, "action": TROUBLES[trouble]} for method, path in CALLED))
            tracer = attach(self.server.process.pid, call, f"signal=SIGKILL:when={number}")
            self._alive(story.along, point)
            died = detach(tracer, self.server)
            # A thread of the read models may meet the point after the answer.
            time_left = time.monotonic() + 0.02
            while time.monotonic() < time_left and self.server.running:
                time.sleep(0.002)
            if not self.server.running:
                died = True
                self.server.arguments[-1] = text_of(self.clock.now)
                self.server.start()
            story.along(point)
            self._agree(shop, story, point)
            return died
        except AssertionError as error:
            raise AssertionError(f"{name}, {trouble}, killed before {call} {number}: {error}") from error
        finally:
            self.sandbox.no_faults()

    @staticmethod
    def _alive(along, point):
        """As far as the server lives."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            along(point)

    def _agree(self, shop, story, point):
        api = shop.api()

        def ended():
            read = api.must(200, "GET", f"/v1/checkouts/{point.checkout}").json
            saga = api.must(200, "GET", f"/v1/checkouts/{point.checkout}/saga").json
            return read if read["status"] == story.status and saga["state"] == "done" and not read["refunding_cents"] else None

        try:
            for span in (0, 10, 60, 600, 7200, 86_400, 86_400):
                self.clock.step(datetime.timedelta(seconds=span))
                read = ended()
                if read:
                    break
            if not read:
                read = api.must(200, "GET", f"/v1/checkouts/{point.checkout}").json
                saga = api.must(200, "GET", f"/v1/checkouts/{point.checkout}/saga").json
                steps = {step["step"]: step["outcome"] for step in saga["steps"]}
                raise AssertionError(f"not {story.status} but {read['status']}, its saga {saga['state']}, {saga['waits_for']}: {steps}")
            self._money_agrees(shop, story, point, read)
            self._goods_agree(api, shop, story)
        finally:
            api.close()

    def _money_agrees(self, shop, story, point, read):
        kept = story.charged - story.given_back
        ours = {name: read[name] for name in ("captured_cents", *SUMS)}
        wanted = {**dict.fromkeys(ours, 0), "captured_cents": story.charged, "fulfilled_cents": kept, "refunded_cents": story.given_back}
        if ours != wanted:
            raise AssertionError(f"the ledger has {ours} instead of {wanted}")
        payments = shop.sandbox_has("payments", point.checkout)
        theirs = [(each["captured_amount"], each["refunded_amount"]) for each in payments]
        if theirs != [(story.charged, story.given_back)]:
            raise AssertionError(f"the provider has {theirs} charged and given back")
        if not story.charged and payments[0]["status"] not in ("voided", "expired"):
            raise AssertionError(f"what nobody paid is {payments[0]['status']}")
        orders = [(each["_id"], each["transaction_id"]) for each in shop.sandbox_has("orders", point.checkout)]
        if orders != ([(read["order_id"], payments[0]["_id"])] if story.charged else []):
            raise AssertionError(f"the platform has the orders {orders}, ours is {read['order_id']}")
        sessions = [each["status"] for each in shop.sandbox_has("checkouts", point.checkout)]
        if sessions != ["completed" if story.charged else "cancelled"]:
            raise AssertionError(f"the platform's checkouts are {sessions}")

    def _goods_agree(self, api, shop, story):
        shop.sold += 1 if story.charged else 0
        wanted = (ON_HAND - shop.sold, 0, 0)
        found = None
        for _ in range(2):
            stock = api.must(200, "GET", f"/v1/stock/{SKU}").json
            found = (stock["on_hand"], stock["reserved"], stock["allocated"])
            if found == wanted:
                return
            self.clock.step(datetime.timedelta(0))  # until the read models show it
        raise AssertionError(f"the stock has {found} instead of {wanted}")
