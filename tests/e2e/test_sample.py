"""The sample catalogue: what load.py prints equals an independent sum over the order lines, to the cent."""

import collections
import csv
import decimal
import json
import pathlib
import re
import subprocess
import sys

from harness import PATIENCE, EndToEnd, main

SAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "online-retail"


def revenue_by_slug():
    """Summed in pounds, as decimal numbers, from the lines that were completed."""
    totals = collections.defaultdict(decimal.Decimal)
    with open(SAMPLE / "orders.csv", newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["status"] == "completed":
                totals[line["offer_slug"]] += decimal.Decimal(line["amount_cents"]) / 100
    return dict(totals)


class Data(EndToEnd):
    @classmethod
    def setUpClass(cls):
        """Needs no server."""

    def setUp(self):
        pass

    def test_the_excerpt_is_what_its_readme_says(self):
        catalogue = json.loads((SAMPLE / "catalogue.json").read_text(encoding="utf-8"))
        self.assertEqual(len(catalogue["items"]), 200)
        self.assertEqual({item["slug"] for item in catalogue["items"]}, set(revenue_by_slug()))
        with open(SAMPLE / "orders.csv", newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        self.assertEqual(len(lines), 20_619)
        self.assertEqual(sum(revenue_by_slug().values()), decimal.Decimal("689971.79"))
        self.assertEqual({line["time"][:7] for line in lines}, {"2011-01", "2011-02", "2011-03"})
        orders = {line["order_id"]: line["customer"] for line in lines}
        self.assertEqual((len(orders), len(set(orders.values()) - {""})), (2_224, 1_141))
        self.assertEqual(sum(not customer for customer in orders.values()), 174)
        people = {(line["customer"], line["name"], line["email"]) for line in lines if line["customer"]}
        self.assertEqual([len({person[i] for person in people}) for i in range(3)], [1_141] * 3)
        self.assertTrue(all(email.endswith(f".{number}@example.com") for number, _, email in people))
        for line in lines:
            self.assertGreater(int(line["amount_cents"]), 0)
            self.assertEqual(line["time"][19:], "-02:00" if line["time"] < "2011-02-20" else "-03:00")


class Loaded(EndToEnd):
    sandbox_flags = ("--clock", "2011-04-01T03:00:00Z", "--orders", str(SAMPLE / "orders.csv"))

    def load(self, *flags):
        done = subprocess.run(
            [sys.executable, str(SAMPLE / "load.py"), "--url", f"http://127.0.0.1:{self.server.port}",
             "--api-key", self.api.api_key, *flags],
            capture_output=True, text=True, timeout=PATIENCE * 4, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout


    def types(self):
        counts, after = collections.Counter(), 1
        while True:
            page = self.api.must(200, "GET", f"/v1/events?from={after}&limit=1000").json
            if not page["events"]:
                return counts
            counts.update(event["type"] for event in page["events"])
            after = page["next_position"]


class Sample(Loaded):
    def test_revenue_per_offer_equals_the_sum_of_its_lines_and_a_second_load_doubles_nothing(self):
        wanted = {slug: int(total * 100) for slug, total in revenue_by_slug().items()}
        self.assertEqual(json.loads(self.load("--json")), wanted)
        known = {"ProductCreated": 200, "StockSet": 200, "OfferCreated": 200, "OfferActivated": 200, "CouponCreated": 1,
                 "CustomerRegistered": 1_141, "OrderRecorded": 2_224}  # fmt: skip
        self.assertEqual(self.types(), known)
        self.assertEqual(json.loads(self.load("--json")), wanted)
        self.assertEqual(self.types(), known)
        self.assertEqual(len(self.sandbox.state("offers")), 200)
        self.assertEqual(len(self.sandbox.state("products")), 200)
        table = self.load("--all")
        names = {
            item["name"]: item["slug"]
            for item in json.loads((SAMPLE / "catalogue.json").read_text(encoding="utf-8"))["items"]
        }
        printed = {}
        for line in table.splitlines():
            row = re.match(r"(.{36}) +([0-9,]+\.[0-9]{2}) ", line)
            if row and row[1].strip() in names:
                printed[names[row[1].strip()]] = decimal.Decimal(row[2].replace(",", ""))
        self.assertEqual(printed, revenue_by_slug())
        self.assertRegex(table.splitlines()[-2], r"all 200 offers +689,971\.79$")
        self.assertEqual(table.splitlines()[-1], "2,224 orders of 1,141 customers and guests, adopted: 689,971.79")

    def test_a_wrong_key_is_one_clear_line(self):
        done = subprocess.run(
            [sys.executable, str(SAMPLE / "load.py"), "--url", f"http://127.0.0.1:{self.server.port}",
             "--api-key", "nonsense"],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("401", done.stderr)


class Orders(Loaded):
    def test_the_adopted_orders_are_the_platforms_figures_to_the_cent_however_often_they_are_adopted(self):
        self.load()
        self.load()
        items = self.api.must(200, "GET", "/v1/offers?limit=1000").json["items"]
        live = {}
        for at in range(0, len(items), 100):
            ids = ",".join(item["offer_id"] for item in items[at : at + 100])
            for offer in self.api.must(200, "GET", f"/v1/offers/performance?ids={ids}&period=90_days").json["offers"]:
                live[offer["offer_id"]] = (offer["live"]["orders"], offer["live"]["revenue_cents"])
        counted = {}
        for item in items:
            target = f"/v1/offers/{item['offer_id']}/sales?from=2011-01-01&to=2011-03-31"
            (total,) = self.api.must(200, "GET", target).json["totals"]
            counted[item["offer_id"]] = (total["orders"], total["net_cents"])
        self.assertEqual(counted, live)
        self.assertEqual(sum(cents for _, cents in counted.values()), 68997179)
        (total,) = self.api.must(200, "GET", "/v1/sales?from=2011-01-01&to=2011-03-31").json["totals"]
        self.assertEqual((total["orders"], total["net_cents"]), (2224, 68997179))
        (maria,) = self.api.must(200, "GET", "/v1/customers?email=maria.baker.13313@example.com").json["items"]
        orders = self.api.must(200, "GET", f"/v1/customers/{maria['customer_id']}/orders?limit=1000").json["items"]
        with open(SAMPLE / "orders.csv", newline="", encoding="utf-8") as file:
            lines = [line for line in csv.DictReader(file) if line["customer"] == "13313"]
        self.assertEqual(len(orders), len({line["order_id"] for line in lines}))
        self.assertEqual(sum(order["total_cents"] for order in orders), sum(int(line["amount_cents"]) for line in lines))


if __name__ == "__main__":
    main()
