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
        for line in lines:
            self.assertGreater(int(line["amount_cents"]), 0)
            self.assertEqual(line["time"][19:], "-02:00" if line["time"] < "2011-02-20" else "-03:00")


class Sample(EndToEnd):
    sandbox_flags = ("--clock", "2011-04-01T03:00:00Z", "--orders", str(SAMPLE / "orders.csv"))

    def load(self, *flags):
        done = subprocess.run(
            [sys.executable, str(SAMPLE / "load.py"), "--url", f"http://127.0.0.1:{self.server.port}",
             "--api-key", self.api.api_key, *flags],
            capture_output=True, text=True, timeout=PATIENCE * 4, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_revenue_per_offer_equals_the_sum_of_its_lines_and_a_second_load_doubles_nothing(self):
        wanted = {slug: int(total * 100) for slug, total in revenue_by_slug().items()}
        self.assertEqual(json.loads(self.load("--json")), wanted)
        events = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.assertEqual(
            collections.Counter(event["type"] for event in events),
            {"ProductCreated": 200, "OfferCreated": 200, "OfferActivated": 200},
        )
        self.assertEqual(json.loads(self.load("--json")), wanted)
        self.assertEqual(len(self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]), 600)
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
        self.assertRegex(table.splitlines()[-1], r"all 200 offers +689,971\.79$")

    def test_a_wrong_key_is_one_clear_line(self):
        done = subprocess.run(
            [sys.executable, str(SAMPLE / "load.py"), "--url", f"http://127.0.0.1:{self.server.port}",
             "--api-key", "nonsense"],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("401", done.stderr)


if __name__ == "__main__":
    main()
