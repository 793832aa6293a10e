"""`vitrine model`: fit, predict and forecast on CSV files, and what is told of wrong ones."""

import csv
import io
import json
import math
import pathlib
import random
import shutil
import subprocess
import tempfile
import unittest

from harness import VITRINE, main

PATIENCE = 120  # the programs of tests are not optimized


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-models-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def run_model(self, *arguments, text=""):
        return subprocess.run([VITRINE, "model", *map(str, arguments)], capture_output=True, text=True, input=text,
                              timeout=PATIENCE, cwd=self.folder)  # fmt: skip

    def said(self, *arguments, text=""):
        done = self.run_model(*arguments, text=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return done.stdout

    def rows(self, *arguments, text=""):
        return list(csv.DictReader(io.StringIO(self.said(*arguments, text=text))))

    def refused(self, code, told, *arguments, text=""):
        done = self.run_model(*arguments, text=text)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        self.assertIn(told, done.stderr)

    def file(self, name, header, rows):
        path = self.folder / name
        path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")
        return name

    def fitted_twice(self, kind, *arguments):
        """The report; the second fit, with the same seed, wrote the same bytes."""
        report = json.loads(self.said("fit", kind, *arguments, "--out", f"{kind}.model"))
        self.said("fit", kind, *arguments, "--out", f"{kind}.again")
        self.assertEqual((self.folder / f"{kind}.model").read_bytes(), (self.folder / f"{kind}.again").read_bytes())
        self.assertEqual(report["kind"], kind)
        self.assertRegex(report["hash"], "^sha256:[0-9a-f]{64}$")
        return report


class Forecast(Models):
    def test_a_season_is_continued_with_intervals(self):
        values = [100 + t + 20 * math.sin(math.pi * t / 6) for t in range(60)]
        name = self.file("series.csv", "series,kind,values", [["a", "x", " ".join(f"{v:.3f}" for v in values)],
                                                                ["b", "x", "5 5 5"]])  # fmt: skip
        answer = self.rows("forecast", name, "--horizon", 6, "--season", 12)
        self.assertEqual([row["series"] for row in answer], ["a", "b"])
        self.assertEqual(list(answer[0]), ["series", "values", "lower95", "upper95"])
        said, lower, upper = ([float(v) for v in answer[0][key].split(" ")] for key in ("values", "lower95", "upper95"))
        for h in range(6):
            self.assertAlmostEqual(said[h], 100 + 60 + h + 20 * math.sin(math.pi * (60 + h) / 6), delta=6)
            self.assertLess(lower[h], said[h])
            self.assertLess(said[h], upper[h])
        self.assertEqual(answer[1]["values"], "5 5 5 5 5 5")
        full = [json.loads(line) for line in self.said("forecast", name, "--horizon", 6, "--json").splitlines()]
        self.assertLessEqual(full[0]["backtest"]["mae"], full[0]["backtest"]["mae_seasonal_naive"])
        self.assertIn("theta", full[0]["methods"])

    def test_what_is_wrong_with_series_is_told_with_its_line(self):
        self.refused(1, "line 2: has \"x\" among its values", "forecast", "-", "--horizon", 2, text="series,values\na,1 x\n")
        self.refused(1, "no column values", "forecast", "-", "--horizon", 2, text="series,value\na,1\n")
        self.refused(1, "cannot read missing.csv: No such file", "forecast", "missing.csv", "--horizon", 2)
        self.refused(2, "--horizon", "forecast", "-", "--horizon", 0)
        self.refused(2, "--horizon", "forecast", "-")


class Customers(Models):
    def orders(self):
        random.seed(4)
        rows = []
        for customer in range(150):
            day = random.randrange(100)
            gap = random.choice((10, 40, 1000))
            while day < 300:
                rows.append((f"c{customer}", f"2011-{1 + day // 28:02}-{1 + day % 28:02}", random.randrange(5, 50)))
                day += 1 + int(random.expovariate(1 / gap))
                if random.random() < 0.2:
                    break
        return self.file("orders.csv", "customer_id,date,amount", rows)

    def test_customers_are_fitted_and_foretold(self):
        name = self.orders()
        report = self.fitted_twice("customers", name, "--until", "2011-10-31")
        self.assertIn("BG/NBD", [model["name"] for model in report["backtest"]["models"]])
        self.assertEqual(len(report["fitted"]), 5)
        answer = self.rows("predict", "customers.model", "--horizon", "91d")
        self.assertEqual(list(answer[0]), ["customer_id", "pred", "p_alive", "spend"])
        self.assertEqual(len(answer), report["customers"])
        for row in answer:
            self.assertTrue(0 <= float(row["p_alive"]) <= 1 and float(row["pred"]) >= 0 and float(row["spend"]) >= 0)
        self.assertEqual(self.rows("predict", "customers.model", "--horizon", "13w"), answer)
        some = self.rows("predict", "customers.model", "-", "--horizon", "91d", text="customer_id\nc7\nc3\n")
        self.assertEqual(some, [row for key in ("c7", "c3") for row in answer if row["customer_id"] == key])
        new = self.rows("predict", "customers.model", "-", "--horizon", "91d", text="customer_id,date\nnew,2011-10-01\n")
        self.assertEqual([row["customer_id"] for row in new], ["new"])
        self.refused(1, "line 2: the model does not know customer x", "predict", "customers.model", "-", "--horizon",
                     "91d", text="customer_id\nx\n")  # fmt: skip
        for horizon in ("91", "-5d", "1y", "d"):
            self.refused(2, "--horizon must be days or weeks", "predict", "customers.model", f"--horizon={horizon}")
        self.refused(2, "needs --horizon", "predict", "customers.model")

    def test_wrong_purchases_are_refused_with_their_line(self):
        for text, told in (("customer_id,date\na,1.2.2011\n", "line 2: has a date"), ("", "the file is empty"),
                           ("customer_id,date\na\n", "line 2: has 1 fields"), ("a,b\n", "no column customer_id")):  # fmt: skip
            self.refused(1, told, "fit", "customers", "-", "--out", "x.model", text=text)
        self.refused(2, "--until must be a day", "fit", "customers", "-", "--out", "x.model", "--until", "yesterday")
        self.assertFalse((self.folder / "x.model").exists())


class Binary(Models):
    def table(self, name, rows, seed):
        draw = random.Random(seed)
        lines = []
        for i in range(rows):
            plan, months = draw.choice(("monthly", "yearly")), draw.randrange(60)
            left = draw.random() < (0.7 if plan == "monthly" and months < 30 else 0.1)
            lines.append((f"k{i}", plan, months if draw.random() < 0.95 else "", "Yes" if left else "No"))
        return self.file(name, "customer,plan,months,left", lines)

    def test_a_table_is_fitted_and_foretold(self):
        report = self.fitted_twice("binary", self.table("train.csv", 600, 1), "--target", "left", "--id", "customer")
        self.assertEqual(report["positive"], "Yes")
        self.assertGreater(report["backtest"]["calibrated"]["auc"], 0.7)
        self.assertIn("expected_calibration_error", report["backtest"]["calibrated"])
        self.assertEqual({row["column"] for row in report["importances"]}, {"plan", "months"})
        answer = self.rows("predict", "binary.model", self.table("test.csv", 50, 2))
        self.assertEqual(list(answer[0]), ["id", "p"])
        self.assertEqual([row["id"] for row in answer], [f"k{i}" for i in range(50)])
        self.assertTrue(all(0 <= float(row["p"]) <= 1 for row in answer))

    def test_wrong_tables_and_options_are_told(self):
        name = self.table("small.csv", 100, 3)
        self.refused(2, "needs --target", "fit", "binary", name, "--out", "x.model")
        self.refused(1, "no column lft; do you mean \"left\"?", "fit", "binary", name, "--target", "lft", "--out", "x.model")
        self.refused(1, "line 4: has a third value of y", "fit", "binary", "-", "--target", "y", "--out", "x.model",
                     text="x,y\n1,a\n2,b\n3,c\n")  # fmt: skip
        self.said("fit", "binary", name, "--target", "left", "--out", "small.model")
        self.refused(1, "line 2: has \"x\" for the number months", "predict", "small.model", "-",
                     text="customer,plan,months\nk,monthly,x\n")  # fmt: skip
        self.refused(1, "no column plan", "predict", "small.model", "-", text="customer,months\nk,1\n")
        self.refused(2, "needs a FILE", "predict", "small.model")


class BasketsAndDemand(Models):
    def test_baskets_are_fitted_and_ranked(self):
        draw = random.Random(5)
        lines = []
        for _ in range(400):
            pair = draw.choice((("tea", "milk"), ("bread", "butter"), ("pasta", "sauce")))
            lines.append(",".join({draw.choice(pair), draw.choice(pair), "bag"}))
        (self.folder / "baskets.csv").write_text("\n".join(lines) + "\n")
        report = self.fitted_twice("baskets", "baskets.csv")
        self.assertGreaterEqual(report["backtest"]["hit_at_10"], report["backtest"]["hit_at_10_ease"])
        answer = self.rows("predict", "baskets.model", "-", "--top", 2, text="case,rest\n1,tea|bag\n2,\n3,unknown\n")
        self.assertEqual(list(answer[0]), ["case", "ranked"])
        self.assertEqual(answer[0]["ranked"].split("|")[0], "milk")
        self.assertEqual(answer[1]["ranked"], answer[2]["ranked"])
        self.assertEqual(answer[1]["ranked"].split("|")[0], "bag")
        self.refused(1, "line 2: has an item without a name", "fit", "baskets", "-", "--out", "x.model", text="a\nb,,c\n")
        self.refused(1, "no column rest", "predict", "baskets.model", "-", text="case\n1\n")
        self.refused(2, "--top", "predict", "baskets.model", "-", "--top", "0")

    def test_demand_is_fitted_and_foretold(self):
        draw = random.Random(6)
        rows = []
        for week in range(30):
            for store in ("north", "south"):
                for brand in ("a", "b"):
                    price = draw.uniform(1, 3)
                    rows.append((store, week, brand, f"{price:.2f}", f"{(80 if brand == 'a' else 40) * price**-2:.3f}"))
        name = self.file("sales.csv", "store,week,brand,price,sold", rows)
        report = self.fitted_twice("demand", name, "--units", "sold", "--price", "price")
        self.assertLessEqual(report["backtest"]["model"]["rmse"], 1.05 * report["backtest"]["pooled_regression"]["rmse"])
        for row in report["elasticities"]:
            self.assertAlmostEqual(row["mean"], -2, delta=0.2)
        text = "note,store,week,brand,price\n\"x,y\",north,31,a,2.00\n,south,31,b,1.00\n"
        answer = self.rows("predict", "demand.model", "-", text=text)
        self.assertEqual(list(answer[0]), ["note", "store", "week", "brand", "price", "pred"])
        self.assertEqual(answer[0]["note"], "x,y")
        self.assertAlmostEqual(float(answer[0]["pred"]), 20, delta=3)
        self.assertAlmostEqual(float(answer[1]["pred"]), 40, delta=6)
        self.refused(2, "needs --units and --price", "fit", "demand", name, "--out", "x.model")
        self.refused(1, "line 2: has a price", "predict", "demand.model", "-",
                     text="store,week,brand,price\nnorth,1,a,free\n")  # fmt: skip


class Files(Models):
    def test_a_damaged_model_is_3_a_foreign_file_1_and_wrong_usage_2(self):
        name = self.file("orders.csv", "customer_id,date",
                         [(f"c{i % 9}", f"2011-{1 + i % 11:02}-{1 + i % 28:02}") for i in range(60)])  # fmt: skip
        self.said("fit", "customers", name, "--out", "good.model")
        good = (self.folder / "good.model").read_bytes()
        for damaged in (good[:-1], good[:40], good + b"x", good.replace(b"until", b"untii")):
            (self.folder / "bad.model").write_bytes(damaged)
            self.refused(3, "bad.model is", "predict", "bad.model", "--horizon", "9d")
        for foreign, told in ((b"", "not a model"), (b"\x7fELF\x00", "not a model"),
                              (good.replace(b"model 1", b"model 2", 1), "format 2"),
                              (good.replace(b"customers", b"horoscope", 1), "unknown kind")):  # fmt: skip
            (self.folder / "bad.model").write_bytes(foreign)
            self.refused(1, told, "predict", "bad.model", "--horizon", "9d")
        self.refused(1, "cannot read", "predict", "missing.model", "--horizon", "9d")
        self.refused(2, 'no kind of model "horoscope"', "fit", "horoscope", name, "--out", "x.model")
        self.refused(2, "--out", "fit", "customers", name)
        self.refused(2, "is a directory", "fit", "customers", name, "--out", ".")
        notes = self.file("notes.txt", "not a model", [])
        self.refused(1, "is no model", "fit", "customers", name, "--out", notes)
        self.refused(1, "is no file", "fit", "customers", name, "--out", "/dev/full")
        self.assertTrue(pathlib.Path("/dev/full").is_char_device())
        self.refused(1, "there is no directory", "fit", "customers", name, "--out", "nowhere/x.model")
        self.refused(1, "it is a directory", "fit", "customers", ".", "--out", "x.model")

    def test_help_has_an_example_of_each(self):
        for command, told in (("fit", "vitrine model fit binary"), ("predict", "--horizon 90d"), ("forecast", "--season 12")):
            self.assertIn(told, self.said(command, "--help"))


if __name__ == "__main__":
    main()
