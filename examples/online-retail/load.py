#!/usr/bin/env python3
"""Load the sample catalogue into a running Vitrine over HTTP and print how its offers sell.

Creates a product with its stock and an active offer for every item of catalogue.json, and one coupon. Every command
carries an Idempotency-Key made of the item's SKU: a second run is answered from the journal and creates nothing.
Then it adopts what the platform has besides: the customers and their orders, each once.
"""

import argparse
import concurrent.futures
import csv
import http.client
import json
import pathlib
import sys
import threading
import time
import urllib.parse

PERIOD = "90_days"
BATCH = 100  # ids a performance query takes
PATIENCE = 60  # seconds to go on trying a command that may be sent again


class Failed(Exception):
    """A request that did not succeed; the text is for people."""


class Client:
    """JSON over one kept connection a thread."""

    def __init__(self, url, api_key):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise Failed(f"not an http URL: {url}")
        self.address = (parts.hostname, parts.port or 80)
        self.api_key = api_key
        self.local = threading.local()

    def send(self, method, target, body=None, headers=None):
        """The status, headers and JSON of the answer."""
        all_headers = {"Authorization": f"Bearer {self.api_key}", **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            all_headers["Content-Type"] = "application/json"
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(*self.address, timeout=30)
            self.local.connection = connection
        try:
            connection.request(method, target, data, all_headers)
            response = connection.getresponse()
            return response.status, response.headers, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()  # opens itself again for the next request
            raise Failed(f"{method} {target}: {error or type(error).__name__}") from error

    def get(self, target):
        status, _, answer = self.send("GET", target)
        if status != 200:
            raise Failed(f"GET {target}: {describe(status, answer)}")
        return answer

    def command(self, method, target, body, key):
        """The answer of a command that succeeded. Sends it again, with its key, while that may help."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                status, headers, answer = self.send(method, target, body, {"Idempotency-Key": key})
            except Failed:
                if time.monotonic() > end:
                    raise
                time.sleep(1)
                continue
            if status in (200, 201):
                return answer
            # 202: not known yet; 409 with Retry-After: still in flight; 5xx: may be tried again.
            again = status == 202 or status >= 500 or (status == 409 and "Retry-After" in headers)
            if not again or time.monotonic() > end:
                what = body.get("name") or body.get("code")
                raise Failed(f"{method} {target} {what!r}: {describe(status, answer)}")
            time.sleep(min(float(headers.get("Retry-After", 1)), 5))


def describe(status, problem):
    """A problem document in one line."""
    text = f"{status} {problem.get('title', '')}: {problem.get('detail', '')}"
    for fault in problem.get("errors", []):
        text += f"; {fault.get('pointer')} {fault.get('detail')}"
    return text


def load_item(client, item, currency):
    """The offer's id, and the position of its last event."""
    product = client.command(
        "POST",
        "/v1/products",
        {
            "name": item["name"],
            "type": "physical",
            "sku": item["sku"],
            "price_cents": item["price_cents"],
            "currency": currency,
        },
        f"online-retail/{item['sku']}/product",
    )
    client.command(
        "PUT",
        f"/v1/stock/{item['sku']}",
        {"on_hand": item["stock"]},
        f"online-retail/{item['sku']}/stock",
    )
    offer = client.command(
        "POST",
        "/v1/offers",
        {
            "name": item["name"],
            "slug": item["slug"],
            "currency": currency,
            "products": [{"product_id": product["product_id"]}],
            "activate": True,
        },
        f"online-retail/{item['sku']}/offer",
    )
    if offer["status"] != "active":
        problem = offer.get("activation", {}).get("problem", {})
        raise Failed(f"offer {item['slug']}: not activated: {problem.get('detail', problem)}")
    return offer["offer_id"], offer["position"]


def load(client, catalogue, threads):
    """Offer ids by slug, and the position of the last event."""
    items = catalogue["items"]
    offers, position = {}, 0
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        tasks = {
            pool.submit(load_item, client, item, catalogue["currency"]): item for item in items
        }
        try:
            for task in concurrent.futures.as_completed(tasks):
                slug = tasks[task]["slug"]
                offers[slug], at = task.result()
                position = max(position, at)
                progress("Loading the catalogue", len(offers), len(items))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return offers, position


def load_coupon(client):
    """Ten percent for whoever buys; the position where it is there."""
    body = {"code": "WELCOME10", "discount": {"type": "percentage", "value": 10}}
    return client.command("POST", "/v1/coupons", body, "online-retail/coupon")["position"]


def progress(what, done, total):
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{what}: {done} of {total}", end=end, file=sys.stderr, flush=True)


def adopt_orders(client):
    """Has the customers and orders of the platform taken in. Returns what is counted then."""
    wanted, days = sold()
    # Of a home from before the sample's orders were adopted, webhooks told them, under other ids.
    if not client.get("/v1/webhooks?limit=1")["items"]:
        status, _, report = client.send("POST", "/v1/adoptions?only=customers,orders")
        if status != 200:
            raise Failed(f"POST /v1/adoptions: {describe(status, report)}")
        for item in report["items"]:
            if "fault" in item:
                raise Failed(f"{item['entity']} {item['clubify_id']}: {item['fault']}")
    end = time.monotonic() + PATIENCE
    while (found := counted(client, days))["revenue_cents"] != wanted["revenue_cents"]:
        if time.monotonic() > end:
            raise Failed(f"GET /v1/sales: {found}, but the orders are {wanted}")
        time.sleep(0.1)
    return found | {"customers": wanted["customers"]}


def sold():
    """Orders, revenue and customers of the completed lines, and their days."""
    orders, customers, days, revenue = set(), set(), set(), 0
    path = pathlib.Path(__file__).parent / "orders.csv"
    with open(path, newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["status"] == "completed":
                orders.add(line["order_id"])
                customers.add(line["customer"])
                days.add(line["time"][:10])
                revenue += int(line["amount_cents"])
    totals = {"orders": len(orders), "revenue_cents": revenue, "customers": len(customers - {""})}
    return totals, sorted(days)


def counted(client, days):
    """Orders and revenue of those days."""
    answer = client.get(f"/v1/sales?from={days[0]}&to={days[-1]}")
    names = ("orders", "revenue_cents")
    return {name: sum(total[name] for total in answer["totals"]) for name in names}


def performance(client, ids, position):
    """The performance of each offer, in the order asked, once the read model has seen every command."""
    rows = []
    for begin in range(0, len(ids), BATCH):
        query = urllib.parse.urlencode(
            {"ids": ",".join(ids[begin : begin + BATCH]), "period": PERIOD, "at_least": position}
        )
        rows += client.get(f"/v1/offers/performance?{query}")["offers"]
    for row in rows:
        if "error" in row:
            raise Failed(f"offer {row['offer_id']}: {row['error'].get('detail', row['error'])}")
    return rows


def money(cents):
    return f"{cents // 100:,}.{cents % 100:02}"


def print_table(rows, shown, currency):
    """Rows of (name, live figures), the best sellers first."""
    total = sum(live.get("revenue_cents") or 0 for _, live in rows)
    print(f"{'offer':<36} {'revenue ' + currency:>13} {'orders':>7} {'conversion':>11}  live")
    for name, live in rows[:shown]:
        known = live.get("revenue_cents") is not None
        rate = live.get("conversion_rate")
        print(
            f"{name:<36} {money(live['revenue_cents']) if known else '-':>13}"
            f" {live.get('orders', '-'):>7} {'-' if rate is None else f'{rate:.2f} %':>11}"
            f"  {live['status']}"
        )
    if shown < len(rows):
        print(f"… and {len(rows) - shown} more (--all)")
    print(f"{f'all {len(rows)} offers':<36} {money(total):>13}")


def read_secret(text):
    return pathlib.Path(text[1:]).read_text().strip() if text.startswith("@") else text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--api-key", required=True, help="the key, or @FILE")
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--all", action="store_true", help="print every offer, not only ten")
    parser.add_argument("--json", action="store_true", help="print {slug: revenue_cents}")
    parser.add_argument(
        "--first-offer", type=pathlib.Path, help="write the best seller's offer id to this file"
    )
    arguments = parser.parse_args()

    path = pathlib.Path(__file__).parent / "catalogue.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    try:
        client = Client(arguments.url, read_secret(arguments.api_key))
        offers, position = load(client, catalogue, arguments.threads)
        position = max(position, load_coupon(client))
        items = catalogue["items"]
        told = adopt_orders(client)
        found = performance(client, [offers[item["slug"]] for item in items], position)
    except (Failed, OSError) as error:
        print(f"load.py: {error}", file=sys.stderr)
        return 1

    if arguments.json:
        revenue = {
            item["slug"]: row["live"].get("revenue_cents") for item, row in zip(items, found)
        }
        json.dump(revenue, sys.stdout, indent=1)
        print()
    else:
        rows = [(item["name"], row["live"]) for item, row in zip(items, found)]
        rows.sort(key=lambda row: -(row[1].get("revenue_cents") or 0))
        print_table(rows, len(rows) if arguments.all else 10, catalogue["currency"])
        told_of = f"{told['orders']:,} orders of {told['customers']:,} customers and guests"
        print(f"{told_of}, adopted: {money(told['revenue_cents'])}")
    if arguments.first_offer:
        best = max(zip(items, found), key=lambda pair: pair[1]["live"].get("revenue_cents") or 0)
        arguments.first_offer.write_text(offers[best[0]["slug"]] + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
