"""Chaos of checkouts: buyers pay by card, Pix and boleto in one window or two, change their mind and want their money back, over
goods and a coupon that do not suffice for all, while a fifth of the answers of platform and payments are faulty and the server is
killed again and again. Then it is well, and time is stepped by days.

In the end each checkout is over, or waits for a person at a step that has a name and an amount; the ledger is the sandbox's money to
the cent; nobody has paid for nothing; goods and coupons are with those who paid, and with nobody else.
"""

import collections
import datetime
import random
import signal
import subprocess
import time

from chaos import Chaos, Client
from checkout_matrix import every_checkout, sums_up
from harness import Api, Http, wait_until

SERVER_FLAGS = ("--clubify-settle", "1s")
PRICE, COUPON, COUPON_CENTS = 2990, "VERAO", 990
SKUS = ("SCARCE", "PLENTY")
ENDS = ("completed", "failed", "cancelled", "expired")
METHODS = ("credit_card",) * 5 + ("pix",) * 3 + ("boleto",) * 2
CARDS = ("tok_approved_0001",) * 6 + ("tok_declined_0001", "tok_insufficient_1")
STEPS_OF_TIME = [datetime.timedelta(minutes=each) for each in (3, 30, 60, 360)] + [datetime.timedelta(days=1)] * 9


class Buyer(Client):
    """Opens checkouts, pays them or does not; repeats what was not answered for good for a moment, then goes on: what was begun is
    asked for again in the end."""

    def __init__(self, number, run):
        super().__init__(number, run)
        self.random = random.Random(run.seed * 1_000 + number)
        self.bank = Http(run.sandbox.port)
        self.open = []  # what nobody has answered for good

    def life(self):
        body = {"offer_id": self.random.choice(self.run_.offers), "customer": self._person()}
        if self.random.random() < 0.3:
            body["coupon"] = COUPON
        if self.random.random() < 0.3:
            self._told("POST", "/v1/checkouts", {**body, "pay": self._terms()})
            return
        opened = self._told("POST", "/v1/checkouts", body)
        if opened is None or self.random.random() < 0.05:
            return
        path = f"/v1/checkouts/{opened['checkout_id']}"
        terms = self._terms()
        paid = self._told("POST", path + "/pay", terms)
        if self.random.random() < 0.2:  # in another window
            self._told("POST", path + "/pay", self._terms() if paid is None else terms)
        chance = self.random.random()
        if paid and paid["status"] == "pending_payment" and chance < 0.6:
            self._pays(path)
        elif paid and paid["status"] == "completed" and chance < 0.2:
            self._told("POST", path + "/refunds", {"reason": "defeito", "amount_cents": self.random.choice((1, 500, 2000))})
        elif chance > 0.9:
            self._told("POST", path + "/cancel", {"reason": "desistiu"})

    def _person(self):
        return {"email": f"buyer-{self.random.randrange(40)}@example.com", "name": "Maria Souza"}

    def _terms(self):
        method = self.random.choice(METHODS)
        return {"method": method, "card_token": self.random.choice(CARDS)} if method == "credit_card" else {"method": method}

    def _pays(self, path):
        """At the bank, which does not ask us."""
        read = self.ask("GET", path, None, None)
        payment = read and read.status == 200 and read.json.get("payment", {}).get("payment_id")
        if payment:
            self.bank.post(f"/_sandbox/payments/{payment}", {"act": "pay"})

    def _told(self, method, target, body):
        """The body of a success. None: refused for good, or nobody has said so yet."""
        key = f"{self.number}-{self.sent}"
        self.sent += 1
        for _ in range(4):
            answer = self.ask(method, target, body, key)
            if answer is not None and self.is_definite(answer):
                self.told.append((key, method, target, body, answer.status, answer.json))
                return answer.json if answer.status < 300 else None
            time.sleep(0.05 + self.random.random() * 0.3)
        self.open.append((key, method, target, body))
        return None

    @staticmethod
    def is_definite(answer):
        """Payments that are away are what the buyer is told of that attempt."""
        kind = answer.json.get("type", "").rsplit("/", 1)[-1]
        return kind == "payments-unavailable" or Client.is_definite(answer)


class CheckoutChaos(Chaos):
    """One run of so many checkouts, on a sandbox and a server that the caller started with SERVER_FLAGS."""

    client = Buyer

    def __init__(self, sandbox, server, tenant, checkouts, clients, pause_between_kills, seed, **more):
        self.seed, self.offers, self.goods = seed, [], {}
        super().__init__(sandbox, server, tenant, checkouts, clients, pause_between_kills, **more)
        self._set_up(checkouts)

    def api(self):
        return Api(self.server.port, self.api_key)

    def _set_up(self, checkouts):
        """Of one thing there is too little for all, and the coupon has too few uses."""
        api = self.api()
        self.goods = dict(zip(SKUS, (max(3, checkouts // 8), checkouts * 2), strict=True))
        for sku, on_hand in self.goods.items():
            product = api.create_product(name=sku, price_cents=PRICE, currency="BRL", sku=sku)
            api.must(200, "PUT", f"/v1/stock/{sku}", {"on_hand": on_hand})
            line = {"product_id": product["product_id"], "quantity": 1}
            made = api.must(201, "POST", "/v1/offers", {"name": sku, "currency": "BRL", "products": [line], "activate": True})
            self.offers.append(made.json["offer_id"])
        discount = {"type": "fixed", "value": COUPON_CENTS}
        api.must(201, "POST", "/v1/coupons", {"code": COUPON, "discount": discount, "max_uses": max(2, checkouts // 10)})
        for offer in self.offers:
            wait_until(lambda offer=offer: api.post("/v1/quotes", {"offer_id": offer, "coupon": COUPON}).status == 200, "prices")
        api.close()

    def check(self):
        """Raises AssertionError at the first thing that does not agree; returns what was counted."""
        api = self.api()
        try:
            self._ask_again(api)
            api.close()
            self._time_passes()
            api = self.api()
            self._no_command_is_left(api)
            self._answers_are_repeated(api)
            self._log_has_what_was_told()
            rows = every_checkout(api)
            blocked = self._checkouts_agree(rows)
            self._ledger_agrees(api)
            self._goods_agree(api, rows)
        finally:
            api.close()
        for arguments in (("reconcile", "--tenant", self.tenant), ("verify",), ("audit",), ("rebuild", "--all", "--check")):
            self.server.cli(*arguments, check=0)
        count = collections.Counter(row["status"] for row in rows)
        return {"checkouts": len(rows), **count, "for a person": dict(blocked), "kills": self.kills}

    def _ask_again(self, api):
        """What nobody had answered for good, while all is well: it is answered now, or goes on by itself."""
        for client in self.clients:
            for key, method, target, body in client.open:
                answer = api.request(method, target, body, headers={"Idempotency-Key": key})
                if client.is_definite(answer):
                    client.told.append((key, method, target, body, answer.status, answer.json))

    def _time_passes(self):
        """The same log, on a clock that is stepped; meanwhile some pay at last what they were to pay."""
        self.server.stop(signal.SIGKILL)
        self.server.arguments += ["--test-clock", "now"]
        self.server.start()
        self.port = self.server.port
        now = self._clock()
        chance = random.Random(self.seed)
        for step in STEPS_OF_TIME:
            now += step
            self._clock("--set", now.isoformat().replace("+00:00", "Z"))
            for payment in self.sandbox.state("payments"):
                if payment["status"] == "pending" and chance.random() < 0.15:
                    self.sandbox.control("POST", f"/payments/{payment['_id']}", {"act": "pay"})
        self.say("the days have passed")

    def _clock(self, *arguments):
        """What falls due at one time takes long when there is much of it: the same command goes on from there."""
        for _ in range(20):
            try:
                done = self.server.cli("clock", *arguments)
            except subprocess.TimeoutExpired:
                continue
            if done.returncode == 0:
                return datetime.datetime.fromisoformat(done.stdout.strip().replace("Z", "+00:00"))
        raise AssertionError(f"the clock does not go on: {done.stderr}")

    def _by_saga(self, kind):
        found = collections.defaultdict(list)
        for each in self.sandbox.state(kind):
            found[each.get("metadata", {}).get("saga_id")].append(each)
        return found

    def _checkouts_agree(self, rows):
        """Each by itself; how many wait for a person, by step."""
        payments, orders, sessions = (self._by_saga(kind) for kind in ("payments", "orders", "checkouts"))
        blocked = collections.Counter()
        for row in rows:
            saga = row["checkout_id"]
            for each in row["blocked"]:
                blocked[each["step"].split("-")[0]] += 1
            fault = self._fault_of(row, payments[saga], orders[saga], sessions[saga])
            if fault:
                raise AssertionError(f"{fault}: {row}, payments {payments[saga]}, orders {len(orders[saga])}")
        unknown = set(payments) - {row["checkout_id"] for row in rows}
        if unknown:
            raise AssertionError(f"payments of checkouts that are not there: {unknown}")
        return blocked

    @staticmethod
    def _fault_of(row, payments, orders, sessions):
        captured = sum(each["captured_amount"] for each in payments)
        refunded = sum(each["refunded_amount"] for each in payments)
        is_over, is_completed, waits = row["status"] in ENDS, row["status"] == "completed", row["blocked"]
        faults = {
            "it is neither over nor with a person": not is_over and not waits,
            "it was charged twice": sum(each["captured_amount"] > 0 for each in payments) > 1,
            "it has two orders": len(orders) > 1,
            "somebody paid for nothing": not orders and captured - refunded > row["at_risk_cents"],
            "there is an order that nobody paid": orders and not captured,
            "the ledger has another amount": not waits and (row["captured_cents"], row["refunded_cents"]) != (captured, refunded),
            "what is at risk has no amount": any(each["step"].startswith("refund") and each["amount_cents"] <= 0 for each in waits),
            "the order is not ours": not waits and is_completed != (len(orders) == 1),
            "a charge is still open": not waits and any(each["status"] in ("authorized", "pending") for each in payments),
            "the platform's checkout is still open": not waits and any(each["status"] == "active" for each in sessions),
        }
        return next((fault for fault, is_so in faults.items() if is_so), None)

    def _ledger_agrees(self, api):
        payments = self.sandbox.state("payments")
        wanted = tuple(sum(each[name] for each in payments) for name in ("captured_amount", "refunded_amount"))
        items = api.must(200, "GET", "/v1/money").json["items"]
        for item in items:
            sums_up(item)
        ours = [(item["captured_cents"], item["refunded_cents"]) for item in items]
        if ours != [wanted]:
            raise AssertionError(f"the ledger has {items}, the provider {wanted}")

    def _goods_agree(self, api, rows):
        held = sum(row["status"] not in ENDS for row in rows)
        for sku, offer in zip(SKUS, self.offers, strict=True):
            sold = sum(row["status"] == "completed" and row["offer_id"] == offer for row in rows)
            stock = api.must(200, "GET", f"/v1/stock/{sku}").json
            if stock["on_hand"] != self.goods[sku] - sold or stock["on_hand"] < 0 or stock["reserved"] + stock["allocated"] > held:
                raise AssertionError(f"{sold} of {self.goods[sku]} {sku} were sold: {stock}")
        used = sum(
            api.must(200, "GET", f"/v1/checkouts/{row['checkout_id']}").json.get("coupon") is not None
            for row in rows
            if row["status"] == "completed"
        )
        coupon = api.must(200, "GET", f"/v1/coupons/{COUPON}").json
        if coupon["used"] != used or coupon["locked"] > held:
            raise AssertionError(f"{used} used the coupon: {coupon}")
