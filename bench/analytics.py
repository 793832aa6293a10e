#!/usr/bin/env python3
"""Measures the models of `vitrine model` on public data beside published figures, and writes docs/analytics.md.

The data are not ours to ship: FOLDER has cdnow/, online_shoppers/, telco_churn/, groceries/, online_retail/,
m3_monthly/, airpassengers/ and orange_juice/ with the files that this script names. Every split is made here, by a rule
that looks at no result. Needs the release build.
"""

import argparse
import csv
import gzip
import io
import json
import math
import pathlib
import subprocess
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[1]


class Models:
    def __init__(self, program, data):
        self.program, self.data = program, data
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-analytics-"))
        self.seconds = 0.0

    def run(self, *arguments):
        began = time.monotonic()
        done = subprocess.run([self.program, "model", *map(str, arguments)], capture_output=True, text=True)
        self.seconds = time.monotonic() - began
        if done.returncode != 0:
            raise SystemExit(f"vitrine model {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def fit(self, kind, rows, *options):
        return json.loads(self.run("fit", kind, self.write("train.csv", rows), "--out", self.folder / "model", *options))

    def predict(self, rows=None, *options):
        files = [] if rows is None else [self.write("test.csv", rows)]
        return list(csv.DictReader(io.StringIO(self.run("predict", self.folder / "model", *files, *options))))

    def write(self, name, rows):
        with open(self.folder / name, "w", newline="") as file:
            csv.writer(file).writerows(rows)
        return self.folder / name

    def read(self, name):
        path = self.data / name
        opened = gzip.open(path, "rt", newline="") if name.endswith(".gz") else open(path, newline="")
        with opened as file:
            return list(csv.reader(file))


def table(header, *rows):
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def number(value, digits=3):
    return f"{value:.{digits}f}"


def auc(rows):
    """Of pairs (score, outcome)."""
    rows = sorted(rows)
    ranks, at = 0.0, 0
    while at < len(rows):
        end = at
        while end < len(rows) and rows[end][0] == rows[at][0]:
            end += 1
        ranks += sum(outcome for _, outcome in rows[at:end]) * (at + 1 + end) / 2
        at = end
    ones = sum(outcome for _, outcome in rows)
    return (ranks - ones * (ones + 1) / 2) / (ones * (len(rows) - ones))


def customers(models):
    header, *rows = models.read("cdnow/transactions_calibration.csv")
    at = [header.index(name) for name in ("customer_id", "date", "usd")]
    rows = [[row[i] for i in at] for row in rows]
    report = models.fit("customers", [["customer_id", "date", "amount"], *rows])
    seconds = models.seconds
    published = {
        "BG/NBD": ("0.243, 4.414, 0.793, 2.426", "-9582.4"),
        "Pareto/NBD": ("0.553, 10.578, 0.606, 11.669", "-9595.0"),
        "Gamma-Gamma": ("6.25, 3.74, 15.44", "-4055.9"),
    }
    fitted = {one["name"]: (one["parameters"], one["log_likelihood"]) for one in report["fitted"]}
    amounts = report["amounts"]
    fitted["Gamma-Gamma"] = ([amounts["p"], amounts["q"], amounts["gamma"]], amounts["log_likelihood"])
    parameters = table(
        ["model", "parameters here", "published", "log-likelihood here", "published"],
        *([name, ", ".join(number(p) for p in fitted[name][0]), published[name][0], number(fitted[name][1], 1),
           published[name][1]] for name in published),
    )  # fmt: skip
    splits = []
    for until, days in (("1997-07-01", 91), ("1997-05-20", 133)):
        report = models.fit("customers", [["customer_id", "date", "amount"], *rows], "--until", until)
        said = {row["customer_id"]: float(row["pred"]) for row in models.predict(None, "--horizon", f"{days}d")}
        came = {customer: set() for customer in said}
        for customer, day, _ in rows:
            if day > until and customer in came:
                came[customer].add(day)
        error = sum(abs(said[c] - len(came[c])) for c in said) / len(said)
        total = sum(said.values()) / sum(map(len, came.values())) - 1
        splits.append([until, days, report["chosen"], number(error, 4), f"{100 * total:+.0f} %"])
    own = {one["name"]: one for one in report["backtest"]["models"]}
    tests = table(
        ["model", "mean absolute error", "total"],
        *([name, number(one["mae"], 4), f"{100 * one['total_error']:+.0f} %"] for name, one in own.items()),
    )
    return f"""## Customers: CDNOW, 2,357 customers
{parameters}

Held back by day (fitted until that day, foretold for the days after it):

{table(["until", "days ahead", "chosen", "mean absolute error", "total"], *splits)}

What the fit until {splits[-1][0]} itself held back, by which it chose:

{tests}

The mean absolute error is least for models that say a little less than comes: most customers buy nothing, a few buy often. Of those
whose total is within a quarter the one of the least error is chosen; `total_error` in the report says what that costs. Fit: {number(seconds, 1)} s.
"""


def binary(models):
    lines = []
    for name, target, without, reference in (
        ("online_shoppers", "Revenue", [], "XGBoost 0.937, oversampled, other split (PMC10121810)"),
        ("online_shoppers", "Revenue", ["PageValues"], "-"),
        ("telco_churn", "Churn", [], "0.84, other split (Lalwani et al. 2022)"),
    ):
        header, *rows = models.read(f"{name}/train.csv")
        keep = [i for i, column in enumerate(header) if column not in without]
        rows = [[row[i] for i in keep] for row in rows]
        header = [header[i] for i in keep]
        train = [row for i, row in enumerate(rows) if i % 10 < 7]
        test = [row for i, row in enumerate(rows) if i % 10 >= 7]
        report = models.fit("binary", [header, *train], "--target", target, "--id", "id")
        seconds = models.seconds
        at = header.index(target)
        said = models.predict([header, *test])
        pairs = [(float(row["p"]), int(came[at] == report["positive"])) for row, came in zip(said, test)]
        pairs.sort()
        groups = [pairs[len(pairs) * g // 10 : len(pairs) * (g + 1) // 10] for g in range(10)]
        error = sum(abs(sum(p for p, _ in group) - sum(o for _, o in group)) for group in groups) / len(pairs)
        back = report["backtest"]
        lines.append([name + (" without " + ", ".join(without) if without else ""), len(train), number(auc(pairs)),
                      number(error), number(back["gradient_boosting"]["auc"]), number(back["logistic_regression"]["auc"]),
                      reference, number(seconds, 1)])  # fmt: skip
    return f"""## Binary: online shoppers, telco churn
Seven rows of ten fit, three test. The two in the middle are cross-validated on the rows of the fit.

{table(["data", "rows", "AUC", "calibration error", "boosting alone", "logistic alone", "published AUC", "seconds"], *lines)}
"""


def baskets(models):
    lines = []
    groceries = [set(row) for row in models.read("groceries/baskets.csv")]
    retail = {}
    header, *rows = models.read("online_retail/order_lines.csv.gz")
    invoice, item, quantity, price = (header.index(n) for n in ("invoice", "stock_code", "quantity", "unit_price"))
    for row in rows:
        if not row[invoice].startswith("C") and float(row[quantity]) > 0 and float(row[price]) > 0:
            retail.setdefault(row[invoice], set()).add(row[item])
    for name, all_baskets in (("groceries", groceries), ("online_retail", list(retail.values()))):
        train = [basket for i, basket in enumerate(all_baskets) if i % 10 != 3]
        cases = [sorted(basket) for i, basket in enumerate(all_baskets) if i % 10 == 3 and len(basket) > 1]
        report = models.fit("baskets", [["basket", "item"], *([i, x] for i, b in enumerate(train) for x in sorted(b))])
        seconds = models.seconds
        hidden = [basket.pop(i % len(basket)) for i, basket in enumerate(cases)]
        said = models.predict([["case", "rest"], *([i, "|".join(b)] for i, b in enumerate(cases))], "--top", 10)
        hits = sum(h in row["ranked"].split("|") for h, row in zip(hidden, said)) / len(cases)
        back = report["backtest"]
        lines.append([name, len(train), report["items"], number(hits), number(back["hit_at_10"]), number(back["hit_at_10_ease"]),
                      number(back["hit_at_10_popularity"]), number(seconds, 1)])  # fmt: skip
    return f"""## Baskets: groceries, online retail
Every tenth basket is held back and one of its items hidden; the middle ones are what the fit itself held back, on its 600 most frequent items.

{table(["data", "baskets", "items", "hit@10", "of the fit", "EASE alone", "popularity", "seconds"], *lines)}
"""


def smape(said, came):
    return sum(200 * abs(s - c) / (abs(s) + abs(c)) for s, c in zip(said, came)) / len(came)


def forecast_rows(models, rows, horizon):
    file = models.write("series.csv", [["series", "values"], *rows])
    answer = csv.DictReader(io.StringIO(models.run("forecast", file, "--horizon", horizon, "--season", 12)))
    return [{key: [float(v) for v in row[key].split()] for key in ("values", "lower95", "upper95")} for row in answer]


def forecasts(models):
    header, *rows = models.read("m3_monthly/train.csv")
    series = [[float(v) for v in row[header.index("values")].split()] for row in rows]
    said = forecast_rows(models, [[i, " ".join(map(repr, s[:-18]))] for i, s in enumerate(series)], 18)
    seconds = models.seconds
    came = [s[-18:] for s in series]
    ours = [sum(smape(f["values"][:h], c[:h]) for f, c in zip(said, came)) / len(came) for h in (1, 12, 18)]
    naive = [sum(smape([s[-30 + h % 12] for h in range(n)], c[:n]) for s, c in zip(series, came)) / len(came) for n in (1, 12, 18)]
    inside = [low <= c <= high for f, values in zip(said, came) for low, c, high in zip(f["lower95"], values, f["upper95"])]
    published = [row for row in models.read("m3_monthly/published_smape.csv")[1:] if row[0] in ("THETA", "ForecastPro", "NAIVE2")]
    air = [float(row[1]) for row in models.read("airpassengers/airpassengers.csv")[1:]]
    air_lines = []
    for held, references in ((12, "10.57; 4.69; 5.42"), (24, "17.01; 14.48; 14.48")):
        one = forecast_rows(models, [["air", " ".join(map(repr, air[:-held]))]], held)[0]
        air_lines.append([held, number(smape(one["values"], air[-held:]), 2), references])
    return f"""## Forecasts: M3 monthly, 1,428 series; AirPassengers
The last 18 values of each series in the file are held back, which leaves 30 to 108. The published ones are of the 18 values after the
file, from all of it: other values, so compare loosely. sMAPE:

{table(["method", "horizon 1", "1 to 12", "1 to 18"], ["here", *(number(v, 2) for v in ours)],
       ["seasonal naive, the same values", *(number(v, 2) for v in naive)],
       *([f"{row[0]}, published", row[1], row[-2], row[-1]] for row in published))}

Of the values held back {number(100 * sum(inside) / len(inside), 1)} % lie within the 95 % intervals. {number(seconds, 1)} s for all.

AirPassengers, sMAPE:

{table(["months held back", "here", "seasonal naive; ets; theta of R"], *air_lines)}
"""


def demand(models):
    header, *rows = models.read("orange_juice/train.csv")
    week, sales = header.index("week"), header.index("sales")
    train = [row for row in rows if int(row[week]) <= 100]
    test = [row for row in rows if int(row[week]) > 100]
    report = models.fit("demand", [header, *train], "--units", "sales", "--price", "price")
    seconds = models.seconds
    said = [float(row["pred"]) for row in models.predict([header, *test])]
    came = [float(row[sales]) for row in test]
    rmse = math.sqrt(sum((s - c) ** 2 for s, c in zip(said, came)) / len(came))
    logs = math.sqrt(sum(math.log(s / c) ** 2 for s, c in zip(said, came)) / len(came))
    back = report["backtest"]
    published = {"dominicks": "-2.56", "minute.maid": "-1.72", "tropicana": "-2.24"}
    return f"""## Demand: orange juice
Fitted to the weeks up to 100, of which the last quarter was held back by the fit itself; tested on those from 101.

{table(["rows", "RMSE, units", "RMSE, logarithm"],
       ["from week 101", number(rmse, 0), number(logs)],
       ["held back by the fit", number(back["model"]["rmse"], 0), number(back["model"]["rmse_of_logarithm"])],
       ["the same, pooled regression", number(back["pooled_regression"]["rmse"], 0), number(back["pooled_regression"]["rmse_of_logarithm"])])}

{table(["product", "elasticity", "least to most over stores", "regression with store x brand and promotions, at no promotion"],
       *([e["product"], number(e["mean"], 2), f"{number(e['least'], 2)} to {number(e['most'], 2)}", published.get(e["product"], "-")]
         for e in report["elasticities"]))}

Fit: {number(seconds, 1)} s.
"""


INTRODUCTION = """# How good the models are

What `vitrine model` says of public data, beside what is published of them. Written by `bench/analytics.py FOLDER`, which also says where each
split is; the data are not part of this repository. Seconds are of a whole run of the program, on two processors.

| Model | What it is |
| --- | --- |
| customers | BG/NBD, MBG/CNBD-k and Pareto/NBD by maximum likelihood, alone or their mean by a back-test; Gamma-Gamma for amounts |
| binary | gradient-boosted trees and logistic regression, mixed by cross-validation, calibrated |
| baskets | EASE with dropout, a constant item and weights by size, chosen by a back-test that has plain EASE in it; rarer items by what they were bought with |
| demand | logarithms of units on logarithms of prices; levels, elasticities and promotions of products and places drawn to common ones |
| forecast | mean of Theta, ETS and simple and damped smoothing, on values, logarithms and coarser time; mixed with the seasonal naive forecast where that was better |

A model file is a line `vitrine-model 1 KIND SHA-256` and JSON; the same data, options and seed give the same bytes.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--program", default=root / "build" / "release" / "vitrine", type=pathlib.Path)
    parser.add_argument("--out", default=root / "docs" / "analytics.md", type=pathlib.Path)
    options = parser.parse_args()
    models = Models(options.program.resolve(), options.folder)
    parts = [part(models) for part in (customers, binary, baskets, forecasts, demand)]
    options.out.write_text("\n".join([INTRODUCTION, *parts]))


if __name__ == "__main__":
    main()
