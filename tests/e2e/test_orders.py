"""Orders, whoever told of them: each once, with its lines, and with the same sums as the sales."""

import collections
import csv
import decimal
import json
import signal
import subprocess

import test_sample
import test_webhooks
from harness import VITRINE, main, wait_until

EXCERPT = test_sample.SAMPLE / "orders.csv"


class OrdersOfTheExcerpt(test_sample.Loaded):
    """Its orders are adopted; what they come to by month, customer and product is summed here from its lines alone."""

    def all_orders(self):
        orders, target = [], "/v1/orders?limit=1000&sort=placed_at"
        while target:
            page = self.api.must(200, "GET", target)
            orders += page.json["items"]
            link = page.headers["Link"]
            target = link and link[1 : link.index(">")]
        return orders

    def lines(self):
        with open(EXCERPT, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_sums_by_month_customer_and_product_are_those_of_its_lines_to_the_cent(self):
        self.load()
        orders, lines = self.all_orders(), self.lines()
        self.assertEqual(len({order["order_id"] for order in orders}), len(orders))
        self.assertEqual({order["clubify_order_id"] for order in orders}, {line["order_id"] for line in lines})

        wanted, found = collections.defaultdict(decimal.Decimal), collections.Counter()
        for line in lines:
            pounds = decimal.Decimal(line["amount_cents"]) / 100
            # Times of the excerpt are local ones already.
            wanted["month", line["time"][:7]] += pounds
            wanted["product", line["product_id"]] += pounds
            wanted["order", line["order_id"]] += pounds
            if line["email"]:
                wanted["customer", line["email"]] += pounds
        emails = {line["order_id"]: line["email"] for line in lines}
        buyers = {}  # an e-mail address is one customer here, and a customer one address
        for order in orders:
            self.assertEqual(order["status"], "completed")
            self.assertEqual(order["unexplained_cents"], 0)
            found["order", order["clubify_order_id"]] += order["total_cents"]
            for line in order["lines"]:
                found["product", line["sku"] or line["product_id"]] += line["amount_cents"]
            email = emails[order["clubify_order_id"]]
            if not email:
                self.assertIsNone(order["customer_id"])
                continue
            self.assertEqual(buyers.setdefault(order["customer_id"], email), email)
            found["customer", email] += order["total_cents"]
        self.assertNotIn(None, buyers)
        self.assertEqual(len(buyers), len(set(emails.values()) - {""}))
        for month, last in (("2011-01", 31), ("2011-02", 28), ("2011-03", 31)):
            target = f"/v1/sales?from={month}-01&to={month}-{last}"
            (total,) = self.api.must(200, "GET", target).json["totals"]
            found["month", month] = total["revenue_cents"]
        self.assertEqual(dict(found), {key: int(pounds * 100) for key, pounds in wanted.items()})


class Orders(test_webhooks.Hooked):
    def orders(self, query=""):
        return self.api.must(200, "GET", f"/v1/orders?at_least={self.position()}{query}").json["items"]

    def test_what_webhooks_tell_piece_by_piece_is_one_order_here_by_either_id(self):
        offer = self.api.create_offer()
        self.deliver(self.event("order.created", "e1", orderId="o1", total=19900, currency="BRL",
                                offerId=offer["clubify_offer_id"], metadata={"utm_source": "google"}))  # fmt: skip
        (pending,) = self.orders()
        self.assertEqual((pending["status"], pending["settled_at"]), ("pending", None))
        self.deliver(self.event("order.paid", "e2", orderId="o1", total=19900, currency="BRL"))
        self.deliver(self.event("order.refunded", "e3", orderId="o1", refund_amount=900, refundId="r1"))
        (order,) = self.orders()
        self.assertEqual(order["order_id"], pending["order_id"])
        self.assertEqual(
            (order["clubify_order_id"], order["offer_id"], order["total_cents"], order["refunded_cents"]),
            ("o1", offer["offer_id"], 19900, 900),
        )
        self.assertEqual(order["utm"], {"source": "google", "medium": None, "campaign": None})
        for id_ in (order["order_id"], "o1"):
            self.assertEqual(self.api.must(200, "GET", f"/v1/orders/{id_}").json["order_id"], order["order_id"])
        (total,) = self.api.must(200, "GET", "/v1/sales?period=today").json["totals"]
        self.assertEqual((total["orders"], total["revenue_cents"], total["refunded_cents"]), (1, 19900, 900))
        self.assert_problem(self.api.get("/v1/orders/nowhere"), 404, "not-found")
        self.assert_problem(self.new_tenant().get(f"/v1/orders/{order['order_id']}"), 404, "not-found")

    def test_lists_filter_page_and_name_every_fault(self):
        offers = [self.api.create_offer() for _ in range(2)]
        for number in range(5):
            self.deliver(self.event("order.paid" if number else "order.created", f"e{number}", orderId=f"o{number}",
                                    total=100 + number, currency="BRL",
                                    offerId=offers[number % 2]["clubify_offer_id"]))  # fmt: skip
        ids = [order["clubify_order_id"] for order in self.orders()]
        self.assertEqual(sorted(ids), [f"o{number}" for number in range(5)])
        self.assertEqual([order["clubify_order_id"] for order in self.orders("&sort=placed_at")], ids[::-1])
        of_second = self.orders(f"&offer_id={offers[1]['offer_id']}")
        self.assertEqual({order["clubify_order_id"] for order in of_second}, {"o1", "o3"})
        self.assertEqual([order["clubify_order_id"] for order in self.orders("&status=pending")], ["o0"])
        self.assertEqual(self.orders("&from=2001-01-01&to=2001-01-31"), [])
        paged, cursor = [], ""
        while cursor is not None:
            page = self.api.must(200, "GET", f"/v1/orders?limit=2{cursor and '&cursor=' + cursor}").json
            paged += [order["clubify_order_id"] for order in page["items"]]
            cursor = page["next_cursor"]
        self.assertEqual(paged, ids)
        refused = self.api.get("/v1/orders?limit=0&sort=total&from=2026-02-30&cursor=x")
        self.assert_problem(refused, 422, "validation-failed", ["/limit", "/from", "/sort", "/cursor"])
        self.assert_problem(self.api.get("/v1/customers/nobody/orders"), 404, "not-found")


HEADER = ("order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status,"
          "customer,email,discount_cents,shipping_cents,currency")  # fmt: skip
SOLD = "o1,2026-01-31 23:30,loja,p1,2,1000,google,,,completed,c1,ana@example.com,100,50,BRL"
SOLD_TOO = "o1,2026-01-31 23:30,loja,p2,1,500,,,,completed,,,,,"
RETURNED = "o2,2026-02-01T02:00:00Z,loja,p1,-1,-500,,,,completed,c2,,,,GBP"


class Imported(test_webhooks.Hooked):
    def file(self, *lines):
        path = self.folder / f"{self.tenant}.csv"
        path.write_text("".join(f"{line}\n" for line in (HEADER, *lines)), encoding="utf-8")
        return path

    def imported(self, path, *flags):
        done = self.server.cli("orders", "import", path, "--tenant", self.tenant, "--json", *flags, check=0)
        return json.loads(done.stdout)

    def orders(self):
        return {order["clubify_order_id"]: order for order in self.api.must(200, "GET", "/v1/orders?limit=1000").json["items"]}

    def counts(self, told):
        return told["added"], told["changed"], told["known"], told["customers"]["added"], told["customers"]["known"]

    def test_a_file_is_imported_once_by_a_running_server_and_by_none(self):
        path = self.file(SOLD, SOLD_TOO, RETURNED)
        self.assertEqual(self.counts(self.imported(path, "--dry-run")), (2, 0, 0, 2, 0))
        self.assertEqual(self.orders(), {})
        self.assertEqual(self.counts(self.imported(path)), (2, 0, 0, 2, 0))
        self.assertEqual(self.counts(self.imported(path)), (0, 0, 2, 0, 2))
        self.server.stop()
        self.assertEqual(self.counts(self.imported(path)), (0, 0, 2, 0, 2))
        path = self.file(SOLD.replace("o1", "o3"))
        self.assertEqual(self.counts(self.imported(path, "--zone", "UTC")), (1, 0, 0, 0, 1))
        self.server.start()
        self.api = self.client(self.api.api_key)
        orders = self.orders()
        told = {id_: (order["placed_at"], order["status"], order["currency"], order["total_cents"], order["returned_cents"])
                for id_, order in orders.items()}  # fmt: skip
        self.assertEqual(told, {"o1": ("2026-02-01T02:30:00Z", "completed", "BRL", 1450, 0),
                                "o2": ("2026-02-01T02:00:00Z", "returned", "GBP", -500, 500),
                                "o3": ("2026-01-31T23:30:00Z", "completed", "BRL", 950, 0)})  # fmt: skip
        self.assertEqual([line["kind"] for line in orders["o2"]["lines"]], ["return"])
        self.assertEqual(orders["o1"]["customer_id"], orders["o3"]["customer_id"])
        self.assertNotEqual(orders["o1"]["customer_id"], orders["o2"]["customer_id"])
        check = self.server.cli("orders", "check", "--tenant", self.tenant, check=0)
        self.assertEqual(check.stdout, f"{self.tenant}: 3 orders, 0 whose lines do not sum to their total\n")

    def test_faults_of_all_lines_are_told_at_once_and_nothing_is_kept(self):
        path = self.file(SOLD, SOLD_TOO.replace("completed,,", "completed,c9,"), ",x,loja,p1,a,b,,,,,,nomail,-1,,reais",
                         "o3,2026-01-01", RETURNED)  # fmt: skip
        for running in (True, False):
            if not running:
                self.server.stop()
            told = self.server.cli("orders", "import", path, "--tenant", self.tenant, check=1)
            self.assertEqual(told.stdout, "")
            lines = told.stderr.splitlines()
            self.assertEqual(lines[-1], "vitrine: 10 faults; nothing was kept")
            numbers = [int(line.split(" line ")[1].split()[0]) for line in lines[:-1]]
            self.assertEqual(numbers, [3] + [4] * 8 + [5], told.stderr)
            self.assertIn("line 3 has another customer than line 2 of the same order", lines[0])
        for arguments, code in ((("--tenant", "nobody"), 1), (("--tenant", self.tenant, "--zone", "Mars/X"), 2)):
            self.server.cli("orders", "import", path, *arguments, check=code)
        self.server.start()
        self.api = self.client(self.api.api_key)
        self.assertEqual(self.orders(), {})
        self.assertEqual(self.api.must(200, "GET", "/v1/customers").json["items"], [])

    def test_an_import_that_a_kill_cut_off_goes_on_where_it_stopped(self):
        count = 40_000
        path = self.file(*(f"k{n},2026-01-31 12:00,loja,p{n % 7},1,{n},,,,completed,c{n % 300},,,,BRL" for n in range(count)))
        command = [VITRINE, "orders", "import", path, "--tenant", self.tenant, "--data", self.server.data]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            wait_until(lambda: self.api.get("/v1/orders/k0").status == 200, "its first order")
            self.server.stop(signal.SIGKILL)
            self.assertEqual(running.wait(60), 1)
        told = self.imported(path)
        self.assertEqual((told["added"] + told["known"], told["changed"]), (count, 0))
        self.assertGreater(told["added"], 0)
        self.assertGreater(told["known"], 0)
        self.assertEqual((told["customers"]["added"], told["customers"]["known"]), (0, 300))
        self.server.start()
        self.api = self.client(self.api.api_key)
        (total,) = self.api.must(200, "GET", "/v1/sales?from=2026-01-31&to=2026-01-31").json["totals"]
        self.assertEqual((total["orders"], total["revenue_cents"]), (count, sum(range(count))))


if __name__ == "__main__":
    main()
