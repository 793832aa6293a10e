"""Payments by Pagar.me, against peer-sandbox: cards, Pix and boletos, hooks that nobody believes, what goes back, and whether both sides say the same."""

import base64
import json
import pathlib
import tempfile

from harness import Http, Peer, main, wait_until
from test_checkout import CARD, Shop

KEY = "sk_test_0123456789abcdef"
HOOK = "hooks:p4ss-w0rd"
PAYER = {
    "email": "maria@example.com", "name": "Maria Souza", "document": "52998224725", "phone": "+5511999999999",
    "address": {"street": "Rua A", "number": "1", "neighborhood": "Centro", "city": "São Paulo", "state": "SP", "zip_code": "01310100", "country": "BR"},
}  # fmt: skip


def basic(pair):
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


class AtPagarme(Shop):
    """A peer for each test, whose hooks go to the test's tenant."""

    clock = ("--test-clock", "2036-12-01T12:00:00Z")

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.peer = Peer(pathlib.Path(folder.name), "pagarme").start()
        cls.addClassCleanup(cls.peer.kill)
        cls.server_flags = (*cls.clock, "--pagarme-url", f"http://127.0.0.1:{cls.peer.port}/")
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.change("--payments", "pagarme", "--payments-key", self.secret("key", KEY), "--payments-hook", self.secret("hook", HOOK))
        self.peer.stop()
        self.hooks = f"http://127.0.0.1:{self.server.port}/v1/hooks/pagarme/{self.tenant}"
        self.peer.flags = ("--profile", "pagarme", "--secret-key", KEY, "--hooks", self.hooks, "--hooks-user", HOOK)
        self.peer.start()

    def secret(self, name, text):
        file = self.folder / name
        file.write_text(text + "\n")
        return f"@{file}"

    def change(self, *options, check=0):
        return self.server.cli("tenant", "change", self.tenant, *options, check=check)

    def open(self, offer, **more):
        return super().open(offer, **{"customer": PAYER} | more)

    def charges(self):
        return self.peer.control("GET", "/state")["payments"]

    def charge(self):
        (only,) = self.charges()
        return only

    def act(self, act):
        return self.peer.control("POST", f"/payments/{self.charge()['id']}", {"act": act})

    def ask(self, method, path, body=None):
        """Pagar.me itself, as the shop's people do."""
        http = Http(self.peer.port, basic(KEY + ":"))
        self.addCleanup(http.close)
        return http.request(method, "/core/v5" + path, body)

    def advance(self, span):
        self.server.cli("clock", "--advance", span, check=0)

    def hook(self, body, pair=HOOK, tenant=None):
        http = Http(self.server.port, basic(pair) if pair else {})
        self.addCleanup(http.close)
        return http.post(f"/v1/hooks/pagarme/{tenant or self.tenant}", body)

    def kept_hooks(self):
        return [each["data"] for each in self.api.must(200, "GET", "/v1/events?category=hook&limit=1000").json["events"]]

    def money_is(self, *arguments, check):
        return self.server.cli("money", "--tenant", self.tenant, *arguments, check=check)


class Cards(AtPagarme):
    def test_a_card_is_authorised_then_charged_and_the_buyer_named_there_alone(self):
        offer = self.offer_of("CUP-1", on_hand=5)
        paid = self.open(offer, pay=CARD).json
        self.assertEqual(paid["status"], "completed")
        checkout = paid["checkout_id"]
        self.is_settled(checkout)
        charge = self.charge()
        self.assertEqual((charge["status"], charge["captured_amount"], charge["metadata"]["saga_id"]), ("paid", 2990, checkout))
        self.assertEqual(self.payments(checkout), [])
        self.assertEqual(self.figures("CUP-1"), (4, 0, 0))
        made = self.ask("GET", f"/orders?code={checkout}-1").json["data"][0]
        customer = made["customer"]
        self.assertEqual(
            (customer["name"], customer["email"], customer["document"], customer["type"]),
            (PAYER["name"], PAYER["email"], PAYER["document"], "individual"),
        )
        self.assertEqual(customer["phones"]["mobile_phone"], {"country_code": "55", "area_code": "11", "number": "999999999"})
        self.assertEqual(customer["address"]["line_1"], "1, Rua A, Centro")
        read = self.read(checkout, status="completed")
        self.assertEqual((read["payment"]["provider"], read["payment"]["payment_id"]), ("pagarme", charge["id"]))
        log = b"".join(each.read_bytes() for each in self.server.data.glob("events.db*"))
        for text in (PAYER["name"], PAYER["document"], KEY, HOOK.split(":")[1]):
            self.assertNotIn(text.encode(), log)
        self.money_is("--check", check=0)

    def test_200_with_failed_is_a_decline(self):
        checkout = self.open(self.offer_of("DEC-1", on_hand=1)).json["checkout_id"]
        for token, code, retryable in (
            ("tok_insufficient_1", "insufficient_funds", True),
            ("tok_declined_01", "card_declined", False),
            ("tok_nobody_knows", "invalid_card", False),
        ):
            answer = self.pay(checkout, 402, method="credit_card", card_token=token)
            self.assert_problem(answer, 402, "payment-declined")
            self.assertEqual((answer.json["code"], answer.json["retryable"]), (code, retryable))
        self.read(checkout, status="failed", captured_cents=0)
        self.assertEqual({each["status"] for each in self.charges()}, {"failed"})
        self.money_is("--check", check=0)

    def test_an_answer_of_3ds_is_waited_for_and_then_it_is_charged(self):
        checkout = self.open(self.offer_of()).json["checkout_id"]
        asked = self.pay(checkout, method="credit_card", card_token="tok_3ds_0001").json
        self.assertEqual((asked["status"], asked["action"]["type"]), ("pending_payment", "3ds"))
        self.act("pay")
        self.advance("2m")
        self.read(checkout, status="completed", captured_cents=2990)

    def test_whatever_the_gateway_does_a_card_is_charged_once(self):
        for number, (method, path, fault) in enumerate(
            (
                ("POST", "/orders", {"drop": "after"}),
                ("POST", "/orders", {"status": 503, "effect": True}),
                ("POST", "/orders", {"status": 429, "headers": {"Retry-After": "1"}}),
                ("POST", "/charges/*/capture", {"drop": "after"}),
                ("POST", "/charges/*/capture", {"garbage": True}),
            )
        ):
            with self.subTest(path=path, fault=fault):
                checkout = self.open(self.offer_of(f"F-{number}", on_hand=1)).json["checkout_id"]
                self.peer.faults({"method": method, "path": path, "times": 1, "action": fault})
                answer = self.api.request("POST", f"/v1/checkouts/{checkout}/pay", CARD)
                self.assertIn(answer.status, (200, 202), answer)
                wait_until(lambda checkout=checkout: self.settled(checkout), "the saga to end")
                self.read(checkout, status="completed")
                mine = [each for each in self.charges() if each["metadata"]["saga_id"] == checkout]
                self.assertEqual([each["captured_amount"] for each in mine], [2990])

    def settled(self, checkout):
        self.advance("1m")
        return self.saga(checkout)["state"] == "done"

    def test_what_the_key_does_not_open_is_the_shops_fault_and_none_of_the_buyers_tries(self):
        checkout = self.open(self.offer_of()).json["checkout_id"]
        self.change("--payments-key", self.secret("wrong", "sk_test_wrong"))
        self.assert_problem(self.pay(checkout, 503), 503, "payments-unavailable")
        self.assertEqual(self.charges(), [])
        self.change("--payments-key", self.secret("key", KEY))
        self.assertEqual(self.pay(checkout).json["status"], "completed")

    def test_only_reais_are_taken_and_what_was_begun_stays_where_it_is(self):
        checkout = self.open(self.offer_of(currency="USD")).json["checkout_id"]
        self.assert_problem(self.pay(checkout, 422), 422, "method-not-available")
        waits = self.open(self.offer_of()).json["checkout_id"]
        self.pay(waits, method="pix")
        self.change("--payments", "clubify")
        self.assertEqual(self.pay(checkout).json["status"], "completed")
        self.assertEqual(len(self.payments(checkout)), 1)
        self.act("pay")
        self.read(waits, status="completed")
        self.api.must(200, "POST", f"/v1/checkouts/{waits}/refunds", {"reason": "desistiu"})
        self.read(waits, refunded_cents=2990)
        self.assertEqual(self.charge()["refunded_amount"], 2990)
        self.money_is("--check", check=0)


class Hooks(AtPagarme):
    def test_a_pix_completes_by_its_hook_alone(self):
        checkout = self.open(self.offer_of("PIX-1", on_hand=2)).json["checkout_id"]
        asked = self.pay(checkout, method="pix").json
        self.assertEqual(asked["status"], "pending_payment")
        self.assertTrue(asked["pix"]["qr_code"].startswith("000201"))
        self.act("pay")
        self.read(checkout, status="completed", captured_cents=2990)
        self.is_settled(checkout)
        self.assertEqual(self.figures("PIX-1"), (1, 0, 0))
        kept = self.kept_hooks()
        self.assertEqual({each["checkout_id"] for each in kept}, {checkout})
        self.assertEqual({each["event"] for each in kept}, {"order.created", "charge.pending", "charge.paid", "order.paid"})
        self.assertNotIn("Maria", json.dumps(kept))

    def test_without_hooks_the_server_asks_by_itself(self):
        self.peer.control("POST", "/hooks", {"held": True})
        checkout = self.open(self.offer_of()).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.act("pay")
        self.advance("2m")
        self.read(checkout, status="completed")

    def test_hooks_that_come_twice_and_the_last_first_do_no_harm(self):
        self.peer.control("POST", "/hooks", {"held": True})
        checkout = self.open(self.offer_of("PIX-2", on_hand=1)).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.act("pay")
        sent = self.peer.control("POST", "/hooks/deliver", {"times": 3, "reversed": True})["sent"]
        self.assertEqual(sent, 12)
        self.read(checkout, status="completed", captured_cents=2990)
        self.assertEqual(len(self.kept_hooks()), 4)
        self.assertEqual(self.peer.control("GET", "/hooks")["hooks"][0]["status"], "sent")
        self.money_is("--check", check=0)

    def test_a_hook_that_lies_pays_nothing(self):
        self.peer.control("POST", "/hooks", {"held": True})
        checkout = self.open(self.offer_of()).json["checkout_id"]
        self.pay(checkout, method="pix")
        forged = {
            "id": "hook_forged", "type": "charge.paid",
            "data": {"id": self.charge()["id"], "status": "paid", "paid_amount": 2990, "metadata": {"saga_id": checkout}},
        }  # fmt: skip
        answer = self.hook(forged)
        self.assertEqual((answer.status, answer.json), (200, {"status": "accepted", "hook_id": "hook_forged"}))
        self.assertEqual(self.hook(forged).json["status"], "duplicate")
        wait_until(lambda: self.steps(checkout).get("look") == "done", "the charge to be looked at")
        self.assertEqual(self.read(checkout, status="pending_payment")["captured_cents"], 0)

    def test_only_who_has_the_password_is_listened_to(self):
        checkout = self.open(self.offer_of()).json["checkout_id"]
        body = {"id": "hook_1", "type": "charge.paid", "data": {"metadata": {"saga_id": checkout}}}
        for pair, tenant in (("hooks:wrong", None), ("", None), (f"{KEY}:", None), ("hooks:", None), (HOOK, "nobody")):
            answer = self.hook(body, pair, tenant)
            self.assert_problem(answer, 401, "hook-credentials")
            self.assertIn("Basic", answer.headers["WWW-Authenticate"])
        self.assertEqual(self.kept_hooks(), [])

    def test_without_a_password_of_their_own_hooks_come_in_by_the_key(self):
        api = self.new_tenant()
        body = {"id": "hook_1", "type": "charge.paid", "data": {"metadata": {"saga_id": "nobody"}}}
        self.assert_problem(self.hook(body, f"{KEY}:"), 401, "hook-credentials")
        self.change("--payments-key", self.secret("key", KEY))
        self.assertEqual(self.hook(body, f"{KEY}:").json["status"], "accepted")
        self.assertEqual(api.must(200, "GET", "/v1/events?category=hook").json["events"][0]["data"]["signal"], "payment.paid")

    def test_what_is_no_hook_is_told(self):
        self.assert_problem(self.hook(b"{"), 400, "malformed-request")
        self.assert_problem(self.hook({"type": "charge.paid"}), 400, "malformed-request")
        self.assertEqual(self.hook({"id": "hook_1", "type": "charge.paid", "data": {}}).json["status"], "ignored")
        self.assertEqual(self.kept_hooks(), [])


class Back(AtPagarme):
    def test_a_pix_goes_back_when_pagarme_says_so(self):
        checkout = self.open(self.offer_of()).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.act("pay")
        self.read(checkout, status="completed")
        self.peer.control("POST", "/refunds", {"held": True})
        refund = {"amount_cents": 1000, "reason": "defeito"}
        self.api.request("POST", f"/v1/checkouts/{checkout}/refunds", refund)
        self.read(checkout, refunding_cents=1000, refunded_cents=0)
        self.money_is("--check", check=0)
        self.peer.control("POST", "/refunds", {"held": False})
        self.read(checkout, refunding_cents=0, refunded_cents=1000)
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/refunds", {"reason": "resto"})
        self.read(checkout, refunded_cents=2990, fulfilled_cents=0)
        self.assertEqual(self.charge()["refunded_amount"], 2990)
        self.money()
        self.money_is("--check", check=0)

    def test_a_boleto_is_paid_days_later_and_given_back_by_a_person(self):
        checkout = self.open(self.offer_of("BOL-1", on_hand=1)).json["checkout_id"]
        asked = self.pay(checkout, method="boleto").json
        self.assertEqual(len(asked["boleto"]["line"]), 47)
        self.assertEqual(asked["boleto"]["due_date"][:8], "2036-12-")
        self.act("pay")
        self.read(checkout, status="completed")
        asked = self.api.request("POST", f"/v1/checkouts/{checkout}/refunds", {"reason": "desistiu"}).json
        self.read(checkout, blocked_cents=2990, refunded_cents=0)
        decision = {"step": f"refund-{asked['refund_id']}", "action": "done", "evidence": "transferência 4711"}
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/resolve", decision)
        self.read(checkout, blocked_cents=0, refunded_cents=2990)
        self.assertEqual(self.charge()["refunded_amount"], 0)
        self.money_is("--check", check=0)

    def test_who_has_no_document_or_address_is_told_what_is_missing(self):
        checkout = self.open(self.offer_of(), customer={"email": "ana@example.com", "name": "Ana Lima"}).json["checkout_id"]
        answer = self.pay(checkout, 402, method="pix")
        self.assertEqual((answer.json["code"], answer.json["retryable"]), ("document_required", True))
        self.assertEqual(self.charges(), [])
        self.assertEqual(self.pay(checkout).json["status"], "completed")

    def test_a_pix_that_nobody_pays_is_let_go_of(self):
        checkout = self.open(self.offer_of("PIX-3", on_hand=1)).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.advance("2h")
        self.read(checkout, status="expired")
        self.is_settled(checkout)
        self.assertEqual(self.charge()["status"], "voided")
        self.assertEqual(self.figures("PIX-3"), (1, 0, 0))

    def test_money_that_comes_before_it_is_let_go_of_is_not_given_back_by_mistake(self):
        self.peer.control("POST", "/hooks", {"held": True})
        checkout = self.open(self.offer_of("LATE-1", on_hand=1)).json["checkout_id"]
        self.pay(checkout, method="pix")
        self.act("pay")
        self.api.must(200, "POST", f"/v1/checkouts/{checkout}/cancel", {"reason": "desistiu"})
        self.read(checkout, status="completed", captured_cents=2990)
        self.assertEqual((self.charge()["status"], self.charge()["refunded_amount"]), ("paid", 0))

    def test_what_was_given_back_or_taken_there_is_noted(self):
        checkout = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        self.is_settled(checkout)
        self.assertEqual(self.ask("DELETE", f"/charges/{self.charge()['id']}", {"amount": 990}).status, 200)
        self.read(checkout, refunded_cents=990, fulfilled_cents=2000)
        self.act("chargeback")
        self.read(checkout, blocked_cents=2000, fulfilled_cents=0)
        self.money()
        self.money_is("--check", check=0)


class Money(AtPagarme):
    def test_the_ledger_is_printed_and_each_difference_named(self):
        completed = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        self.is_settled(completed)
        shown = self.money_is(check=0).stdout
        self.assertIn("captured_cents", shown)
        ledger = json.loads(self.money_is("--json", check=0).stdout)
        self.assertEqual(ledger["items"], self.money())
        self.assertIn("1 payments compared, 0 differences", self.money_is("--check", check=0).stdout)
        self.peer.control("POST", "/hooks", {"held": True})
        charge = self.charge()["id"]
        self.ask("DELETE", f"/charges/{charge}", {"amount": 990})
        differs = self.money_is("--check", check=1).stdout
        self.assertIn(f"checkout {completed}, payment {charge} (pagarme): refunded_cents is 0 here and 990 there", differs)
        self.act("chargeback")
        found = json.loads(self.money_is("--check", "--json", check=1).stdout)
        self.assertEqual([each["field"] for each in found["differences"]], ["refunded_cents", "status"])
        self.peer.stop()
        asked = self.money_is("--check", check=4)
        self.assertIn("could not be asked", asked.stderr)
        self.peer.start()
        gone = json.loads(self.money_is("--check", "--json", check=1).stdout)
        self.assertEqual([(each["field"], each["theirs"]) for each in gone["differences"]], [("payment", "none")])

    def test_a_stopped_server_is_checked_too(self):
        completed = self.open(self.offer_of(), pay=CARD).json["checkout_id"]
        self.is_settled(completed)
        self.read(completed, status="completed")
        self.server.stop()
        urls = ("--clubify-url", f"http://127.0.0.1:{self.sandbox.port}", "--pagarme-url", f"http://127.0.0.1:{self.peer.port}")
        self.assertIn("1 payments compared, 0 differences", self.money_is("--check", *urls, check=0).stdout)
        self.assertIn("is no http or https URL", self.money_is("--check", "--pagarme-url", "ftp://x", check=1).stderr)
        self.assertIn("there is no tenant nobody", self.server.cli("money", "--tenant", "nobody", check=1).stderr)


class Settings(AtPagarme):
    def test_a_wrong_key_or_hook_is_told_before_anything_is_kept(self):
        for options, why in (
            (("--payments-key", "pk_test_1"), "begins with sk_"),
            (("--payments-hook", "no-colon"), "USER:PASSWORD"),
            (("--payments", "stripe"), "--payments"),
        ):
            self.assertIn(why, self.change(*options, check=2).stderr)
        self.new_tenant()
        self.assertIn("--payments-key", self.change("--payments", "pagarme", check=1).stderr)
        self.assertEqual(json.loads(self.server.cli("tenant", "show", self.tenant, check=0).stdout)["payments"], "clubify")

    def test_the_log_says_where_payments_are_begun_and_no_secret(self):
        shown = self.server.cli("tenant", "show", self.tenant, check=0).stdout
        self.assertEqual(json.loads(shown)["payments"], "pagarme")
        self.assertEqual(json.loads(self.change("--payments", "pagarme").stdout)["changed"], [])
        told = self.server.cli("replay", "--tenant", "_operator", "--stream", f"tenant-{self.tenant}", "--json", check=0).stdout
        self.assertIn('"payments":"pagarme"', told)
        for text in (KEY, HOOK.split(":")[1]):
            self.assertNotIn(text, shown + told)
        for file in self.server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(KEY.encode(), file.read_bytes(), file)


if __name__ == "__main__":
    main()
