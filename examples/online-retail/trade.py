#!/usr/bin/env python3
"""A day of trade: some hundred checkouts by card, Pix and boleto, and where their money is afterwards.

Makes an offer in reais and buys it over HTTP as buyers would: most pay, some are declined and try again, some leave, some
never pay their Pix. For two seconds the platform's payments are down, and some of their answers are lost. Then it prints the
ledger. The stand-in's control plane plays buyers and banks, so it wants clubify-sandbox. A second run with the same number
and seed asks the same with the same keys, and changes nothing.
"""

import argparse
import collections
import concurrent.futures
import random
import sys
import threading
import time

from load import Client, Failed, describe, money, progress, read_secret

PATIENCE = 90  # seconds until what was paid is completed
OUTAGE = 2  # seconds
SUMS = ("fulfilled_cents", "held_cents", "refunding_cents", "refunded_cents", "blocked_cents")
GOODS = (("Café especial 250 g", "CAFE-250", 3990, 400), ("Coador de pano", "COADOR", 2490, 400))
# What buyers do, and how many of a hundred do it.
KINDS = {
    "card": 52,
    "card, a part refunded": 2,
    "card, declined, then another": 6,
    "card, declined": 5,
    "pix": 15,
    "pix, never paid": 5,
    "boleto": 5,
    "boleto, never paid": 4,
    "left without paying": 6,
}


class Shop:
    def __init__(self, client, platform, run):
        self.client, self.platform, self.run = client, platform, run

    def make_offer(self):
        lines = []
        for name, sku, cents, stock in GOODS:
            product = {"name": name, "type": "physical", "sku": sku, "price_cents": cents, "currency": "BRL"}
            made = self.client.command("POST", "/v1/products", product, f"trade/{sku}/product")
            self.client.command("PUT", f"/v1/stock/{sku}", {"on_hand": stock}, f"trade/{sku}/stock")
            lines.append({"product_id": made["product_id"], "quantity": 1})
        offer = {"name": "Kit café", "slug": "kit-cafe", "currency": "BRL", "products": lines, "activate": True}
        made = self.client.command("POST", "/v1/offers", offer, "trade/offer")
        self.client.get(f"/v1/offers/{made['offer_id']}?at_least={made['position']}")
        return made["offer_id"]

    def send(self, target, body, key):
        """The answer, whatever it is; asked again with its key while it is not known yet."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                status, _, answer = self.client.send("POST", target, body, {"Idempotency-Key": f"trade/{self.run}/{key}"})
            except Failed:
                if time.monotonic() > end:
                    raise
                status = 503
            if status not in (202, 429, 503) and not (status == 409 and answer.get("type", "").endswith("in-flight")):
                return status, answer
            if time.monotonic() > end:
                raise Failed(f"POST {target}: still not known after {PATIENCE} s")
            time.sleep(0.2)

    def open(self, number, offer):
        buyer = {"email": f"comprador.{number:04}@example.com", "name": f"Comprador {number:04}"}
        body = {"offer_id": offer, "customer": buyer, "utm": {"source": ("instagram", "google", "email")[number % 3]}}
        status, answer = self.send("/v1/checkouts", body, f"{number}/open")
        if status != 201:
            raise Failed(f"POST /v1/checkouts: {describe(status, answer)}")
        return answer["checkout_id"]

    def pay(self, number, checkout, attempt, **terms):
        return self.send(f"/v1/checkouts/{checkout}/pay", terms, f"{number}/pay-{attempt}")

    def card(self, number, checkout, token, attempt=1):
        return self.pay(number, checkout, attempt, method="credit_card", card_token=f"{token}_{number:04}")

    def settle(self, checkout):
        """The buyer pays the Pix or the boleto, once the read model says which payment it is."""
        end = time.monotonic() + PATIENCE
        while (payment := self.client.get(f"/v1/checkouts/{checkout}").get("payment", {}).get("payment_id")) is None:
            if time.monotonic() > end:
                raise Failed(f"the checkout {checkout} has no payment")
            time.sleep(0.1)
        status, _, answer = self.platform.send("POST", f"/_sandbox/payments/{payment}", {"act": "pay"})
        if status not in (200, 409):  # 409: it is paid, of an earlier run
            raise Failed(f"the stand-in's payment {payment}: {describe(status, answer)}")

    def buy(self, number, kind, offer):
        checkout = self.open(number, offer)
        if kind.startswith("card, declined"):
            self.card(number, checkout, "tok_declined")
        if kind in ("card", "card, a part refunded", "card, declined, then another"):
            status, answer = self.card(number, checkout, "tok_approved", attempt=2)
            if status != 200:
                raise Failed(f"paying {checkout}: {describe(status, answer)}")
        if kind == "card, a part refunded":
            refund = {"lines": [{"line": 1}], "reason": "chegou quebrado"}
            self.send(f"/v1/checkouts/{checkout}/refunds", refund, f"{number}/refund")
        if kind.startswith(("pix", "boleto")):
            self.pay(number, checkout, 1, method=kind.split(",")[0])
            if not kind.endswith("never paid"):
                self.settle(checkout)
        return checkout

    def faults(self, rules):
        self.platform.send("DELETE", "/_sandbox/faults")
        if rules:
            self.platform.send("POST", "/_sandbox/faults", {"rules": rules})

    def break_for_a_while(self, stopped):
        """Answers that get lost; in the middle of it nothing goes for two seconds."""
        payments = {"method": "POST", "path": "/payments"}
        lost = {**payments, "action": {"drop": "after"}, "probability": 0.05}
        for rules in ([lost], [{**payments, "action": {"status": 503}}], [lost]):
            self.faults(rules)
            if stopped.wait(OUTAGE):
                break
        self.faults([])

    def trade(self, kinds, offer, threads):
        stopped = threading.Event()
        breaking = threading.Thread(target=self.break_for_a_while, args=(stopped,))
        breaking.start()
        bought = {}
        try:
            with concurrent.futures.ThreadPoolExecutor(threads) as pool:
                tasks = {pool.submit(self.buy, number, kind, offer): kind for number, kind in enumerate(kinds)}
                try:
                    for task in concurrent.futures.as_completed(tasks):
                        bought[task.result()] = tasks[task]
                        progress("A day of trade", len(bought), len(kinds))
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
        finally:
            stopped.set()
            breaking.join()
        return bought

    def statuses(self, bought):
        """How the checkouts stand, once those that were paid are completed and what goes back is back."""
        end = time.monotonic() + PATIENCE
        waiting = {checkout for checkout, kind in bought.items() if pays(kind)}
        found = {}
        while True:
            for checkout in list(waiting) or bought:
                found[checkout] = self.client.get(f"/v1/checkouts/{checkout}")
            waiting -= {each for each in waiting if found[each]["status"] == "completed" and not found[each]["refunding_cents"]}
            if not waiting or time.monotonic() > end:
                break
            time.sleep(0.2)
        for checkout in set(bought) - set(found):
            found[checkout] = self.client.get(f"/v1/checkouts/{checkout}")
        return found

    def register_webhooks(self, url, clubify_key, clubify_tenant, secret):
        """Has the platform tell of payments, so that a Pix is known to be paid at once."""
        sign_in = {"api_key": clubify_key, "tenant_id": clubify_tenant, "grant_type": "api_key"}
        status, _, answer = self.platform.send("POST", "/api/v1/auth/api-key/token", sign_in)
        if status not in (200, 201):
            raise Failed(f"signing in to the platform: {describe(status, answer)}")
        events = ("payment.paid", "payment.failed", "payment.refunded")
        endpoints = [{"eventType": event, "url": url, "secret": secret} for event in events]
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        body = {"name": "trade", "endpoints": endpoints}
        status, _, answer = self.platform.send("POST", "/api/v1/webhooks/configurations", body, headers)
        if status not in (201, 409):  # 409: it is there
            raise Failed(f"registering webhooks: {describe(status, answer)}")


def pays(kind):
    return not kind.endswith(("declined", "never paid", "left without paying"))


def print_ledger(client, bought, found):
    outcomes = collections.Counter((bought[checkout], each["status"]) for checkout, each in found.items())
    print(f"{'what buyers did':<30} {'how it stands':<16} {'checkouts':>9}")
    for kind in KINDS:
        for (done, status), count in sorted(outcomes.items()):
            if done == kind:
                print(f"{kind:<30} {status:<16} {count:>9}")
    ok = True
    for item in client.get("/v1/money")["items"]:
        sums = {name: item[name] for name in SUMS}
        ok = ok and sum(sums.values()) == item["captured_cents"]
        terms = " + ".join(f"{money(cents)} {name.removesuffix('_cents')}" for name, cents in sums.items())
        sign = "=" if sum(sums.values()) == item["captured_cents"] else "≠"
        print(f"{item['currency']} {money(item['captured_cents'])} captured {sign} {terms}")
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--api-key", required=True, help="the key, or @FILE")
    parser.add_argument("--sandbox-url", default="http://127.0.0.1:9090", help="clubify-sandbox")
    parser.add_argument("--tenant", default="demo", help="whose webhooks the platform sends")
    parser.add_argument("--clubify-api-key", help="the tenant's key at the platform, or @FILE: has it send webhooks")
    parser.add_argument("--clubify-tenant-id", help="the tenant's id at the platform, or @FILE")
    parser.add_argument("--webhook-secret", help="the tenant's, or @FILE")
    parser.add_argument("--checkouts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="of what buyers do")
    parser.add_argument("--threads", type=int, default=8)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    kinds = chance.choices(list(KINDS), list(KINDS.values()), k=arguments.checkouts)
    try:
        client = Client(arguments.url, read_secret(arguments.api_key))
        shop = Shop(client, Client(arguments.sandbox_url, ""), f"{arguments.seed}-{arguments.checkouts}")
        if arguments.clubify_api_key:
            shop.register_webhooks(
                f"{arguments.url}/v1/webhooks/clubify/{arguments.tenant}",
                read_secret(arguments.clubify_api_key),
                read_secret(arguments.clubify_tenant_id),
                read_secret(arguments.webhook_secret),
            )
        bought = shop.trade(kinds, shop.make_offer(), arguments.threads)
        found = shop.statuses(bought)
        ok = print_ledger(client, bought, found)
    except (Failed, OSError) as error:
        print(f"trade.py: {error}", file=sys.stderr)
        return 1
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
