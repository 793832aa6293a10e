"""Tenants are changed and retired, on a running and on a stopped server; the log tells of it, the platform hears."""

import hashlib
import hmac
import json
import signal
import socket
import sqlite3
import time

from harness import CLUBIFY_KEY, PATIENCE, EndToEnd, Later, main, wait_until

OTHER_KEY = "clb_test_" + "f" * 32
SECRET = "whsec_0123456789abcdef"


class TenantChanges(EndToEnd):
    def cli(self, *arguments, **more):
        """What an operation answers."""
        return json.loads(self.server.cli(*arguments, check=0, **more).stdout)

    def change(self, *arguments, **more):
        return self.cli("tenant", "change", self.tenant, *arguments, **more)

    def retire(self, *more):
        return self.cli("tenant", "retire", self.tenant, "--confirm", self.tenant, *more)

    def told(self, tenant=None):
        """The events that the log has of the tenant."""
        done = self.server.cli("replay", "--json", "--stream", f"tenant-{tenant or self.tenant}", check=0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def context(self, kind, remote_id):
        (found,) = [item for item in self.sandbox.state(kind) if remote_id in (item.get("_id"), item.get("id"))]
        return found["metadata"]["vitrine"]["tenant_context"]

    def delivered(self, secret):
        """The status of a webhook that is signed so."""
        body = json.dumps({"id": f"evt_{time.monotonic_ns()}", "event": "order.paid", "timestamp": int(time.time()),
                           "data": {"orderId": "o", "total": 1}}).encode()  # fmt: skip
        headers = {"X-Clubify-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
                   "X-Clubify-Timestamp": str(int(time.time()))}  # fmt: skip
        return self.api.request("POST", f"/v1/webhooks/clubify/{self.tenant}", body, headers=headers).status

    def both_ways(self):
        """Once on the running server, once on the stopped one, which is started again afterwards."""
        for running in (True, False):
            if not running:
                self.server.stop()
            yield running

    def started(self):
        if not self.server.running:
            self.server.start()
            self.api = self.client(self.api.api_key)

    def test_the_platform_is_told_of_the_tenant_and_of_its_changes_with_every_later_edit(self):
        offer, product = self.api.create_offer(), self.api.create_product()
        there = {"offers": offer["clubify_offer_id"], "products": product["clubify_product_id"]}
        for kind, remote in there.items():
            self.assertEqual(self.context(kind, remote), {"locale": "pt_BR"})
        branding = {"logo": "https://loja.example/logo.svg", "colours": ["#0a7d33"]}
        for running in self.both_ways():
            domain = f"running-{running}.example".lower()
            self.change("--domain", domain, "--branding", json.dumps(branding), "--locale", "en_US")
            self.started()
            name = f"Edited, running: {running}"
            self.api.must(200, "PATCH", f"/v1/offers/{offer['offer_id']}", {"name": name})
            self.api.must(200, "PATCH", f"/v1/products/{product['product_id']}", {"name": name})
            new = self.api.create_offer()["clubify_offer_id"]
            wanted = {"domain": domain, "branding": branding, "locale": "en_US"}
            for kind, remote in (*there.items(), ("offers", new)):
                self.assertEqual(self.context(kind, remote), wanted)
        self.change("--domain", "", "--branding", "{}", "--locale", "pt_BR")
        self.assertEqual(self.context("offers", self.api.create_offer()["clubify_offer_id"]), {"locale": "pt_BR"})

    def test_the_context_is_nothing_that_users_see_or_may_set(self):
        offer = self.api.create_offer(metadata={"a": 1})
        shown = self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}").json
        self.assertEqual(shown["metadata"], {"a": 1})
        answer = self.api.post("/v1/offers", {"name": "Tea", "metadata": {"vitrine": {"tenant_context": {}}}})
        self.assert_problem(answer, 422, pointers=["/metadata/vitrine"])

    def test_other_credentials_count_from_the_next_call_on(self):
        self.api.create_offer()
        for running in self.both_ways():
            other = f"{'e' if running else 'd'}{int(self.clubify_tenant_id, 16):023x}"
            answer = self.change("--clubify-tenant-id", other, "--clubify-api-key", "-",
                                 stdin=(OTHER_KEY if running else CLUBIFY_KEY) + "\n")  # fmt: skip
            self.assertEqual(answer["changed"], ["clubify_tenant_id", "credentials_replaced"])
            self.started()
            seen = len(self.sandbox.requests())
            self.api.create_offer()
            for request in self.sandbox.requests()[seen:]:
                headers = {name.lower(): value for name, value in request["headers"].items()}
                self.assertIn(headers.get("x-tenant-id", other), (other,), request)
        secrets = [event["data"].get("credentials_replaced") for event in self.told()]
        self.assertEqual(secrets, [None, 1, 2])
        said = json.dumps(self.told())
        self.assertNotIn("clb_", said)

    def test_the_same_again_is_no_change(self):
        self.change("--domain", "loja.example", "--webhook-secret", "-", stdin=SECRET + "\n")
        before = self.told()
        answer = self.change("--domain", "loja.example", "--webhook-secret", "-", stdin=SECRET + "\n")
        self.assertEqual(answer, {"tenant": self.tenant, "changed": []})
        self.assertEqual(self.told(), before)

    def test_another_webhook_secret_counts_at_once(self):
        self.assertEqual(self.delivered(SECRET + "0"), 401)
        for number, running in enumerate(self.both_ways()):
            self.change("--webhook-secret", "-", stdin=f"{SECRET}{number}\n")
            self.started()
            self.assertEqual(self.delivered(f"{SECRET}{number}"), 200, f"running: {running}")
            self.assertEqual(self.delivered(f"{SECRET}{number - 1}"), 401, f"running: {running}")

    def test_without_a_webhook_secret_no_delivery_is_taken(self):
        for running in self.both_ways():
            self.change("--webhook-secret", "-", stdin=SECRET + "\n")
            answer = self.change("--remove-webhook-secret")
            self.assertEqual(answer["changed"], ["credentials_replaced", "webhooks"])
            self.assertEqual(self.change("--remove-webhook-secret")["changed"], [])
            self.assertFalse(self.cli("tenant", "show", self.tenant)["webhooks"])
            self.started()
            for secret in (SECRET, ""):
                self.assertEqual(self.delivered(secret), 401, f"running: {running}")
        self.assertEqual([event["data"].get("webhooks") for event in self.told()], [False, True, False, True, False])
        self.assertFalse(self.cli("replay", "--state", f"tenant-{self.tenant}")["webhooks"])
        self.api.create_offer()

    def test_what_is_shown_of_a_tenant_has_no_secret(self):
        self.change("--name", "Loja Açaí", "--webhook-secret", "-", stdin=SECRET + "\n")
        for _ in self.both_ways():
            shown = self.server.cli("tenant", "show", self.tenant, check=0).stdout
            said = json.loads(shown)
            self.assertEqual((said["tenant"], said["name"], said["environment"], said["locale"], said["webhooks"],
                              said["clubify_tenant_id"], said["version"], said["retired_at"]),
                             (self.tenant, "Loja Açaí", "test", "pt_BR", True, self.clubify_tenant_id, 2, None))  # fmt: skip
            for secret in (CLUBIFY_KEY, SECRET, self.api.api_key):
                self.assertNotIn(secret, shown)

    def test_a_retired_tenant_ends_at_once_and_its_events_stay(self):
        for running in self.both_ways():
            if not running:
                self.started()
                self.api = self.new_tenant()
            self.change("--webhook-secret", "-", stdin=SECRET + "\n")
            self.started()
            self.assertEqual(self.delivered(SECRET), 200)
            offer = self.api.create_offer()
            if not running:
                self.server.stop()
            answer = self.retire("--reason", "moved")
            self.started()
            self.assert_problem(self.api.get("/v1/offers"), 401)
            self.assert_problem(self.api.post("/v1/offers", {"name": "Tea"}), 401)
            self.assertEqual(self.delivered(SECRET), 401)
            again = self.retire()
            self.assertEqual(again, {"tenant": self.tenant, "retired_at": answer["retired_at"]})
            listed = self.server.cli("tenant", "list", "--json", check=0).stdout.splitlines()
            (row,) = [row for row in map(json.loads, listed) if row["tenant"] == self.tenant]
            self.assertEqual(row["retired_at"], answer["retired_at"])
            for refused in (["tenant", "change", self.tenant, "--name", "x"], ["key", "add", self.tenant],
                            ["adopt", "--tenant", self.tenant], ["reconcile", "--tenant", self.tenant],
                            ["tenant", "add", self.tenant, "--clubify-api-key", CLUBIFY_KEY,
                             "--clubify-tenant-id", "0" * 24]):  # fmt: skip
                done = self.server.cli(*refused)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done)
                self.assertIn("retired", done.stderr)
            kept = self.server.cli("replay", "--json", "--tenant", self.tenant, check=0).stdout
            self.assertIn(offer["offer_id"], kept)
            self.assertEqual([event["type"] for event in self.told()][-1], "TenantRetired")
            self.assertEqual(self.told()[-1]["data"], {"tenant": self.tenant, "reason": "moved"})
            self.assertEqual(self.cli("tenant", "show", self.tenant)["credentials"], "forgotten")
            self.client(self.server.add_tenant()[0]).create_offer()

    def test_a_stream_of_events_ends_with_the_tenant(self):
        with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as peer:
            peer.sendall(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
                         f"Authorization: Bearer {self.api.api_key}\r\n\r\n".encode())  # fmt: skip
            self.assertIn(b" 200 ", peer.recv(64))
            self.retire()
            self.client(self.server.add_tenant()[0]).create_offer()
            while peer.recv(65536):
                pass

    def test_a_key_tells_whose_it_is_as_it_is_now(self):
        self.assertEqual(
            self.api.must(200, "GET", "/v1/me").json,
            {"tenant": self.tenant, "name": self.tenant, "role": "admin", "environment": "test", "domain": None,
             "locale": "pt_BR", "actor": "key:" + "_".join(self.api.api_key.split("_")[:2])},
        )  # fmt: skip
        self.change("--name", "Loja do Café", "--domain", "loja.example", "--locale", "en_US")
        made = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)
        told = self.client(made["api_key"]).must(200, "GET", "/v1/me").json
        self.assertEqual((told["name"], told["role"], told["domain"], told["locale"]),
                         ("Loja do Café", "reader", "loja.example", "en_US"))  # fmt: skip
        self.assertNotEqual(told["actor"], self.api.must(200, "GET", "/v1/me").json["actor"])

    def test_no_tenant_sees_what_the_log_tells_of_tenants(self):
        self.assertEqual(self.api.must(200, "GET", "/v1/events?from=1").json["events"], [])
        self.change("--name", "Loja")
        offer = self.api.create_offer()
        self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}")
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual([event["type"] for event in events], ["OfferCreated"])
        activity = self.api.must(200, "GET", f"/v1/activity?at_least={offer['position']}").json
        self.assertNotIn("Tenant", json.dumps(activity))
        self.assertEqual({event["source"] for event in self.told()}, {"/tenants/_operator"})
        self.assertEqual([event["type"] for event in self.told()], ["TenantRegistered", "TenantChanged"])
        done = self.server.cli("tenant", "add", "_operator", "--clubify-api-key", CLUBIFY_KEY,
                               "--clubify-tenant-id", "0" * 24)  # fmt: skip
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(self.server.cli("key", "add", "_operator").returncode, 1)

    def test_the_state_of_a_tenant_as_of_a_version(self):
        self.change("--domain", "one.example")
        self.change("--domain", "two.example")
        for version, domain in ((1, ""), (2, "one.example"), (3, "two.example")):
            state = self.cli("replay", "--state", f"tenant-{self.tenant}", "--at-version", version)
            self.assertEqual((state["domain"], state["version"], state["retired"]), (domain, version, False))

    def test_after_kill_9_during_a_change_the_log_says_what_counts(self):
        for number in range(6):
            before = self.cli("tenant", "show", self.tenant)
            changing = Later(lambda n=number: self.server.cli("tenant", "change", self.tenant, "--domain", f"d{n}.example"))
            if number % 2:
                wait_until(lambda old=before["domain"]: self.domain_in_file() != old, "the change to take effect")
            self.server.stop(signal.SIGKILL)
            changing.join()  # it may have found the server stopped, and done it itself
            self.server.start()
            shown = self.cli("tenant", "show", self.tenant)
            state = self.cli("replay", "--state", f"tenant-{self.tenant}")
            self.assertEqual((state["domain"], state["version"]), (shown["domain"], shown["version"]))
            self.assertIn(shown["domain"], (before["domain"], f"d{number}.example"))
        self.assertEqual(self.server.cli("verify").returncode, 0)

    def test_after_kill_9_during_a_retirement_the_log_has_its_reason(self):
        for number in range(6):
            _, tenant, _ = self.server.add_tenant()
            reason = f"moved {number}"
            retiring = Later(lambda t=tenant, r=reason: self.server.cli("tenant", "retire", t, "--confirm", t, "--reason", r))
            wait_until(lambda t=tenant: self.in_file("retired_at", t), "the retirement to take effect")
            self.server.stop(signal.SIGKILL)
            retiring.join()
            self.server.start()
            self.assertEqual(self.told(tenant)[-1]["data"], {"tenant": tenant, "reason": reason})
            self.assertEqual(self.cli("tenant", "show", tenant)["reason"], reason)

    def domain_in_file(self):
        return self.in_file("domain", self.tenant)

    def in_file(self, column, tenant):
        with sqlite3.connect(f"file:{self.server.data}/keys.db?mode=ro", uri=True) as keys:
            return keys.execute(f"SELECT {column} FROM tenants WHERE tenant = ?", [tenant]).fetchone()[0]

    def test_wrong_usage_is_told(self):
        for arguments, code, told in (
            (["tenant", "change", self.tenant], 2, "nothing to change"),
            (["tenant", "change", self.tenant, "--branding", "[]"], 2, "JSON object"),
            (["tenant", "change", self.tenant, "--remove-webhook-secret", "--webhook-secret", SECRET], 2, "excludes"),
            (["tenant", "change", self.tenant, "--branding", "nonsense"], 2, "JSON object"),
            (["tenant", "change", self.tenant, "--environment", "prod"], 2, "prod"),
            (["tenant", "change", self.tenant, "--locale", "pt BR"], 2, "locale"),
            (["tenant", "change", self.tenant, "--domain", "a b"], 2, "domain"),
            (["tenant", "change", self.tenant, "--clubify-api-key", "nonsense"], 2, "Clubify API key"),
            (["tenant", "change", self.tenant, "--webhook-secret", "short"], 2, "webhook secret"),
            (["tenant", "change", "nosuch", "--name", "x"], 1, "no tenant nosuch"),
            (["tenant", "show", "nosuch"], 1, "no tenant nosuch"),
            (["tenant", "retire", "nosuch", "--confirm", "nosuch"], 1, "no tenant nosuch"),
            (["tenant", "retire", self.tenant], 2, f"--confirm {self.tenant}"),
            (["tenant", "retire", self.tenant, "--confirm", "nosuch"], 2, f"--confirm {self.tenant}"),
            (["tenant", "change", self.tenant, "--environment", "live"], 1, "is one for test, the environment is live"),
            (["tenant", "change", self.tenant, "--clubify-api-key", CLUBIFY_KEY.replace("test", "live")], 1, "is one for live"),
            (["tenant", "change", self.tenant, "--domain", "https://loja.example"], 2, "host name"),
            (["tenant", "change", self.tenant, "--locale", "pt_XX"], 2, "locale"),
            (["tenant", "change", self.tenant, "--branding", '{"logo":"http://loja.example/logo.svg"}'], 2, "/logo is no https URL"),
            (["tenant", "change", self.tenant, "--name", b"\xff"], 2, "UTF-8"),
            (["tenant", "change", self.tenant, "--domain", "a b", "--locale", "xx", "--branding", '{"logo":"x","icon":7}'], 2,
             "in the branding, /logo is no https URL such as https://loja.example/logo.svg; in the branding, /icon is no https URL "
             "such as https://loja.example/logo.svg; the domain is a host name such as loja.example; the locale is one that is "
             "known, such as pt_BR"),
            (["tenant", "change", self.tenant, "--branding", '{"a":1,"a":2}'], 2, 'the member "a" stands twice'),
            (["tenant", "change", self.tenant, "--branding", '{"a":' + "[" * 99 + "]" * 99 + "}"], 2, "deeper than 64"),
            (["tenant", "change", self.tenant, "--branding", '{"a":"\\tjavascript:alert(1)"}'], 2, "/a is no https URL"),
            (["tenant", "change", self.tenant, "--branding", "@/nonexistent/b.json"], 1, "cannot read /nonexistent/b.json"),
        ):
            with self.subTest(arguments):
                done = self.server.cli(*arguments)
                self.assertEqual((done.returncode, done.stdout), (code, ""), done)
                self.assertEqual(len(done.stderr.splitlines()), 1, done)
                self.assertIn(told, done.stderr)
        self.assertEqual(len(self.told()), 1)


if __name__ == "__main__":
    main()
