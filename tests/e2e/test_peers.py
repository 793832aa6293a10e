"""peer-sandbox: what clients of others' systems rely on when they are tried against it."""

import base64
import json
import pathlib
import subprocess
import tempfile
import unittest

from harness import PEERS, Peer
from receiver import Receiver

KEY = "sk_test_0123456789abcdef"


def basic(user, password=""):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def order(payment, code="sale-1"):
    return {
        "code": code,
        "items": [{"description": "Curso", "amount": 2990, "quantity": 1}],
        "customer": {"name": "Maria", "email": "m@example.com", "document": "52998224725"},
        "payments": [payment],
        "metadata": {"saga_id": "s1"},
    }


PIX = {"payment_method": "pix", "pix": {"expires_in": 3600}}
CARD = {"payment_method": "credit_card", "credit_card": {"card_token": "tok_approved_1", "capture": False}}


class Pagarme(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.shop = Receiver()
        self.addCleanup(self.shop.close)
        self.peer = Peer(
            pathlib.Path(folder.name), "pagarme", "--secret-key", KEY, "--hooks", self.shop.url("/hook"),
            "--hooks-user", "hook:secret", "--clock", "2026-03-01T12:00:00Z",
        ).start()  # fmt: skip
        self.addCleanup(self.peer.stop)

    def ask(self, method, path, body=None, key=None, user=KEY):
        headers = basic(user) | ({"Idempotency-Key": key} if key else {})
        return self.peer.http.request(method, "/core/v5" + path, body, headers=headers)

    def make(self, payment, **more):
        answer = self.ask("POST", "/orders", order(payment), **more)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def payments(self):
        return self.peer.control("GET", "/state")["payments"]

    def types(self, count):
        return [json.loads(each.body)["type"] for each in self.shop.wait_for(count)]

    def test_only_the_merchant_is_let_in(self):
        for user in ("sk_test_other", ""):
            self.assertEqual(self.ask("GET", "/orders", user=user).status, 401)
        self.assertEqual(self.peer.http.get("/core/v5/orders").status, 401)
        self.assertEqual(self.ask("GET", "/nothing").status, 404)

    def test_a_key_gives_the_first_answer_for_a_day_whatever_it_was(self):
        declined = CARD | {"credit_card": {"card_token": "tok_declined_1"}}
        first = self.make(declined, key="one")
        self.assertEqual(first["status"], "failed")
        self.assertEqual(self.make(CARD, key="one"), first)
        self.assertEqual(len(self.payments()), 1)
        self.peer.control("POST", "/clock", {"now": "2026-03-02T12:00:01Z"})
        self.assertNotEqual(self.make(CARD, key="one")["id"], first["id"])

    def test_a_charge_is_captured_given_back_and_found(self):
        charge = self.make(CARD)["charges"][0]
        paid = self.ask("POST", f"/charges/{charge['id']}/capture", {"amount": 2990})
        self.assertEqual((paid.status, paid.json["status"]), (200, "paid"))
        part = self.ask("DELETE", f"/charges/{charge['id']}", {"amount": 990})
        self.assertEqual((part.status, part.json["canceled_amount"]), (200, 990))
        self.assertEqual(self.ask("DELETE", f"/charges/{charge['id']}", {"amount": 2001}).status, 412)
        found = self.ask("GET", "/orders?code=sale-1").json["data"]
        self.assertEqual([each["charges"][0]["canceled_amount"] for each in found], [990])
        self.assertEqual(
            self.payments(),
            [{"id": charge["id"], "status": "partially_refunded", "amount": 2990, "captured_amount": 2990,
              "refunded_amount": 990, "method": "credit_card", "metadata": {"saga_id": "s1"}}],
        )  # fmt: skip

    def test_hooks_are_told_once_in_order_by_who_may(self):
        charge = self.make(PIX)["charges"][0]
        self.peer.control("POST", f"/payments/{charge['id']}", {"act": "pay"})
        self.assertEqual(self.types(4), ["order.created", "charge.pending", "charge.paid", "order.paid"])
        told = self.shop.deliveries[2]
        self.assertEqual(told.headers["authorization"], basic("hook", "secret")["Authorization"])
        self.assertEqual(json.loads(told.body)["data"]["id"], charge["id"])
        ids = {json.loads(each.body)["id"] for each in self.shop.deliveries}
        self.assertEqual(len(ids), 4)

    def test_hooks_that_are_held_come_twice_and_the_last_first(self):
        self.peer.control("POST", "/hooks", {"held": True})
        charge = self.make(PIX)["charges"][0]
        self.peer.control("POST", f"/payments/{charge['id']}", {"act": "pay"})
        self.assertEqual(self.shop.deliveries, [])
        sent = self.peer.control("POST", "/hooks/deliver", {"times": 2, "reversed": True})
        self.assertEqual(sent, {"sent": 8})
        self.assertEqual(self.types(8), ["order.paid", "charge.paid", "charge.pending", "order.created"] * 2)
        ids = [json.loads(each.body)["id"] for each in self.shop.deliveries]
        self.assertEqual(ids[:4], ids[4:])

    def test_a_hook_that_nobody_takes_is_listed_as_failed(self):
        self.shop.answers["/hook"] = [500]
        self.make(PIX)
        self.shop.wait_for(2)
        listed = self.peer.control("GET", "/hooks")["hooks"]
        self.assertEqual({each["type"] for each in listed}, {"order.created", "charge.pending"})
        failed = self.ask("GET", "/hooks?status=failed").json["data"]
        self.assertTrue(any(each["type"] == "order.created" for each in failed), failed)

    def test_faults_come_before_or_after_the_effect(self):
        self.peer.faults({"method": "POST", "path": "/orders", "action": {"drop": "after"}, "times": 1})
        with self.assertRaises(ConnectionResetError):
            self.ask("POST", "/orders", order(CARD), key="one")
        self.assertEqual(len(self.payments()), 1)
        self.make(CARD, key="one")
        self.assertEqual(len(self.payments()), 1)
        self.peer.faults({"method": "POST", "path": "/orders", "action": {"status": 503}, "times": 1})
        self.assertEqual(self.ask("POST", "/orders", order(CARD), key="two").status, 503)
        self.assertEqual(len(self.payments()), 1)

    def test_a_wrong_body_is_told_by_its_members(self):
        answer = self.ask("POST", "/orders", {"payments": [{"payment_method": "cheque"}]})
        self.assertEqual(answer.status, 422)
        self.assertEqual(set(answer.json["errors"]), {"payments[0].payment_method", "items", "customer"})
        broken = self.peer.http.request("POST", "/core/v5/orders", b"{", headers=basic(KEY))
        self.assertEqual(broken.status, 400)


class CommandLine(unittest.TestCase):
    def run_with(self, *arguments):
        return subprocess.run([PEERS, *arguments], capture_output=True, text=True, check=False)

    def test_what_is_wrong_is_one_line(self):
        for arguments in ((), ("--profile", "nobody"), ("--profile", "pagarme", "--clock", "noon"), ("--profile", "pagarme", "--hooks", "ftp://x")):
            with self.subTest(arguments):
                ended = self.run_with(*arguments)
                self.assertEqual((ended.returncode, ended.stdout), (2, ""))
                self.assertEqual(ended.stderr.count("\n"), 1, ended.stderr)
                self.assertTrue(ended.stderr.startswith("peer-sandbox: "), ended.stderr)

    def test_help(self):
        ended = self.run_with("--help")
        self.assertEqual(ended.returncode, 0)
        self.assertIn("--profile", ended.stdout)


if __name__ == "__main__":
    unittest.main()
