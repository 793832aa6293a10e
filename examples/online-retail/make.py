#!/usr/bin/env python3
"""Make catalogue.json and orders.csv from the Online Retail data set.

    make.py SOURCE [DESTINATION]

SOURCE holds orders.csv, order_lines.csv.gz and products.csv. The two products are committed, so that
nobody needs the source to run or test the project. The same source gives the same bytes.
"""

import argparse
import collections
import csv
import datetime
import gzip
import json
import pathlib
import re
import sys
import zoneinfo
from decimal import Decimal

ATTRIBUTION = (
    "Online Retail, UCI Machine Learning Repository, Chen, Sain and Guo (2012), CC BY 4.0; "
    "excerpt, prices in cents"
)
FIRST_DAY = "2011-01-01"
LAST_DAY = "2011-03-31"
ZONE = zoneinfo.ZoneInfo("America/Sao_Paulo")
PRODUCTS = 200
ORDER_COLUMNS = [
    "order_id", "time", "offer_slug", "product_id", "quantity",
    "amount_cents", "source", "medium", "campaign", "status",
    "customer", "name", "email", "country",
]  # fmt: skip
STOCK_DAYS = 30  # what was sold in the last of them is there

# The source has numbers of customers and no names: these are invented, and stand for nobody.
FIRST_NAMES = (
    "Alice Amara Anders Beatriz Bruno Carla Carmen Chen Clara Daniel Diego Edith Elena Emil Esther Farid "
    "Felix Fiona Gita Hana Hugo Ines Ivan Jonas Julia Karim Lars Laura Leila Luca Lucy Marco Maria Marta "
    "Milan Nadia Nina Noah Olga Omar Oscar Paula Pedro Rosa Ruth Samuel Sara Simon Sofia Tariq Teresa Thea "
    "Tom Vera Victor Wanda Yara Yusuf Zara Zoe"
).split()
LAST_NAMES = (
    "Abbott Almeida Andrade Baker Barros Becker Bishop Castro Cooper Costa Dias Duarte Ellis Farrell Ferreira "
    "Fischer Fox Garcia Gomes Hale Hansen Hughes Ibrahim Jansen Keller Kumar Lane Lima Lopes Martins Meyer "
    "Moreau Moss Nunes Okafor Palmer Pereira Pinto Quinn Ramos Reed Ribeiro Rossi Santos Sato Silva Sousa "
    "Stone Teixeira Walsh"
).split()

Line = collections.namedtuple("Line", "invoice time customer country code quantity unit_price")


def cents(amount):
    """Exact: an amount that is not a whole number of cents is a fault of the source."""
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of cents")
    return int(scaled)


def sale_lines(source):
    """The sale lines of goods within the window, in the source's order."""
    with open(source / "orders.csv", newline="", encoding="utf-8") as file:
        invoices = {row["invoice"]: row for row in csv.DictReader(file)}
    with gzip.open(source / "order_lines.csv.gz", "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            invoice = invoices[row["invoice"]]
            line = Line(
                row["invoice"],
                invoice["time"],
                invoice["customer_id"],
                invoice["country"],
                row["stock_code"],
                int(row["quantity"]),
                Decimal(row["unit_price"]),
            )
            sold = line.quantity > 0 and line.unit_price > 0 and not line.invoice.startswith("C")
            if (
                sold
                and FIRST_DAY <= line.time[:10] <= LAST_DAY
                and re.match(r"[0-9]{5}", line.code)  # others are postage, fees, samples
            ):
                yield line


def best_sellers(lines):
    """Stock codes by revenue, the highest first; the code decides between equals."""
    revenue = collections.Counter()
    for line in lines:
        revenue[line.code] += line.quantity * line.unit_price
    return sorted(revenue, key=lambda code: (-revenue[code], code))[:PRODUCTS]


def usual_price(lines):
    """The most frequent unit price, in cents; the lower one of equals."""
    counts = collections.Counter(cents(line.unit_price) for line in lines)
    return min(counts, key=lambda price: (-counts[price], price))


def people(lines):
    """An invented name and address for each customer: by the place of their number among all, so that no two have
    the same."""
    numbers = sorted({line.customer for line in lines} - {""})
    named = {}
    for place, number in enumerate(numbers):
        first = FIRST_NAMES[place % len(FIRST_NAMES)]
        last = LAST_NAMES[place // len(FIRST_NAMES) % len(LAST_NAMES)]
        named[number] = (f"{first} {last}", f"{first}.{last}.{number}@example.com".lower())
    return named


def units_sold(lines, days):
    """By code, in the last days of the window."""
    since = (datetime.date.fromisoformat(LAST_DAY) - datetime.timedelta(days=days - 1)).isoformat()
    units = collections.Counter()
    for line in lines:
        if line.time[:10] >= since:
            units[line.code] += line.quantity
    return units


def tidy(description):
    """'SET/4 WHITE RETRO  CUBES ' -> 'Set/4 White Retro Cubes'"""
    words = " ".join(description.split()).rstrip(".").lower()
    return re.sub(r"(^|[^a-z'])([a-z])", lambda m: m[1] + m[2].upper(), words)


def slug_of(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100].strip("-")


def catalogue(codes, lines, descriptions):
    by_code = collections.defaultdict(list)
    for line in lines:
        by_code[line.code].append(line)
    names = {code: tidy(descriptions[code]) for code in codes}
    uses = collections.Counter(slug_of(name) for name in names.values())
    items = []
    for code in codes:
        slug = slug_of(names[code])
        if uses[slug] > 1:
            slug = f"{slug}-{code.lower()}"
        items.append(
            {
                "sku": code,
                "name": names[code],
                "slug": slug,
                "price_cents": usual_price(by_code[code]),
            }
        )
    units = units_sold(lines, STOCK_DAYS)
    for item in items:
        item["stock"] = units[item["sku"]]
    assert len({item["slug"] for item in items}) == len(items)
    return {"attribution": ATTRIBUTION, "currency": "GBP", "items": items}


def instant(naive):
    """The source's wall-clock time, taken as that of the zone. Refuses a time that the zone had twice or never."""
    local = datetime.datetime.fromisoformat(naive).replace(tzinfo=ZONE)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise ValueError(f"{naive} is not one moment in {ZONE.key}")
    return local.isoformat()


def write_orders(path, lines, slugs):
    written = 0
    named = people(lines)
    named[""] = ("", "")
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(ORDER_COLUMNS)
        for line in lines:
            if line.code not in slugs:
                continue
            amount = cents(line.quantity * line.unit_price)
            out.writerow(
                [line.invoice, instant(line.time), slugs[line.code], line.code, line.quantity,
                 amount, "direct", "", "", "completed",
                 line.customer, *named[line.customer], line.country]
            )  # fmt: skip
            written += 1
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path, help="folder of the source data")
    parser.add_argument(
        "destination", type=pathlib.Path, nargs="?", default=pathlib.Path(__file__).parent
    )
    arguments = parser.parse_args()

    lines = list(sale_lines(arguments.source))
    with open(arguments.source / "products.csv", newline="", encoding="utf-8") as file:
        descriptions = {row["stock_code"]: row["description"] for row in csv.DictReader(file)}
    made = catalogue(best_sellers(lines), lines, descriptions)
    with open(arguments.destination / "catalogue.json", "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1, ensure_ascii=False)
        file.write("\n")
    slugs = {item["sku"]: item["slug"] for item in made["items"]}
    written = write_orders(arguments.destination / "orders.csv", lines, slugs)
    print(f"{len(slugs)} products, {written} order lines")


if __name__ == "__main__":
    sys.exit(main())
