"""Customers as a seller keeps them: found by their e-mail address, on Clubify too, exactly once; changed, tagged, merged, erased."""

import json
import threading

from harness import EndToEnd, main, wait_until

ADDRESS = {"street": "Rua das Flores", "number": "10", "city": "São Paulo", "state": "SP", "zip_code": "01001-000", "country": "BR"}
ANA = {
    "email": " Ana.Lima@Example.COM ", "name": "Ana Lima", "phone": "(11) 98765-4321", "document": "529.982.247-25", "address": ADDRESS,
    "tags": ["vip", "atacado", "vip"], "locale": "pt-BR", "metadata": {"crm": {"id": 7}},
}  # fmt: skip
GHOST = "01890000-0000-7000-8000-000000000000"


class Customers(EndToEnd):
    def put(self, status=201, headers=None, query="", **body):
        return self.api.must(status, "PUT", f"/v1/customers{query}", body, headers=headers or {})

    def read(self, made):
        return self.api.must(200, "GET", f"/v1/customers/{made['customer_id']}?at_least={made['position']}").json

    def listed(self, query, position):
        page = self.api.must(200, "GET", f"/v1/customers?{query}&at_least={position}").json
        return [item["customer_id"] for item in page["items"]]

    def on_platform(self, email):
        return self.sandbox.state("customers", email=email, tenantId=self.clubify_tenant_id)

    def types(self, customer):
        feed = self.api.must(200, "GET", "/v1/events?from=1&category=customer&limit=1000").json["events"]
        return [event["type"] for event in feed if event["subject"] == f"customer-{customer}"]

    def test_a_person_is_registered_here_and_on_clubify(self):
        answer = self.put(**ANA)
        made = answer.json
        self.assertEqual((made["created"], made["status"], made["version"]), (True, "active", 1))
        self.assertEqual(answer.headers["Location"], f"/v1/customers/{made['customer_id']}")
        found = self.read(made)
        wanted = {
            "customer_id": made["customer_id"], "email": "ana.lima@example.com", "name": "Ana Lima", "phone": "+5511987654321",
            "document": "52998224725", "document_type": "cpf", "address": ADDRESS, "tags": ["atacado", "vip"], "consents": [],
            "locale": "pt_BR", "metadata": {"crm": {"id": 7}}, "clubify_customer_id": made["clubify_customer_id"], "source": "vitrine",
            "status": "active", "version": 1, "position": made["position"],
        }  # fmt: skip
        self.assertEqual({name: value for name, value in found.items() if not name.endswith("ed_at")}, wanted)
        (remote,) = self.on_platform("ana.lima@example.com")
        self.assertEqual(remote["_id"], made["clubify_customer_id"])
        self.assertEqual((remote["phone"], remote["document"], remote["document_type"]), ("+5511987654321", "52998224725", "cpf"))
        self.assertEqual((remote["tags"], remote["address"]), (["atacado", "vip"], ADDRESS))
        self.assertEqual(remote["metadata"]["crm"], {"id": 7})
        ours = remote["metadata"]["vitrine"]
        self.assertEqual((ours["command_id"], ours["customer_id"]), (made["command_id"], made["customer_id"]))

    def test_who_is_known_is_changed_by_what_is_given(self):
        made = self.put(**ANA).json
        again = self.put(200, email="ANA.LIMA@example.com").json
        self.assertEqual((again["customer_id"], again["version"], again["created"]), (made["customer_id"], 1, False))
        self.assertEqual(again["clubify_customer_id"], made["clubify_customer_id"])
        changed = self.put(200, email="ana.lima@example.com", phone="+351 912 345 678", tags=["novo"]).json
        self.assertEqual((changed["customer_id"], changed["version"]), (made["customer_id"], 2))
        found = self.read(changed)
        self.assertEqual((found["phone"], found["tags"], found["name"]), ("+351912345678", ["novo"], "Ana Lima"))
        (remote,) = self.on_platform("ana.lima@example.com")
        self.assertEqual((remote["phone"], remote["tags"], remote["metadata"]["crm"]), ("+351912345678", ["novo"], {"id": 7}))
        self.assertEqual(self.types(made["customer_id"]), ["CustomerRegistered", "CustomerChanged"])

    def test_all_faults_are_told_at_once(self):
        refused = self.api.request("PUT", "/v1/customers", {
            "email": "ana@localhost", "phone": "(11) 8765-4321", "document": "111.111.111-11", "locale": "xx_YY", "tags": ["não"], "x": 1,
        })  # fmt: skip
        self.assert_problem(refused, 422, pointers=["/document", "/email", "/locale", "/name", "/phone", "/tags/0", "/x"])
        self.assert_problem(self.api.request("PUT", "/v1/customers", {"email": "new@example.com"}), 422, pointers=["/name"])
        self.put(email="known@example.com", name="Eva")
        known = self.api.request("PUT", "/v1/customers", {"email": "KNOWN@example.com", "phone": "1", "x": 1})
        self.assert_problem(known, 422, pointers=["/phone", "/x"])
        portuguese = self.api.request("PUT", "/v1/customers", {"email": "a@b.co", "name": "Bia", "phone": "11 12345-6789"},
                                      headers={"Accept-Language": "pt-BR"}).json  # fmt: skip
        self.assertIn("do Brasil", portuguese["errors"][0]["detail"])
        self.assertEqual(len(self.sandbox.state("customers", tenantId=self.clubify_tenant_id)), 1)

    def test_who_is_on_clubify_only_is_found_there(self):
        theirs = self.sandbox_customer({"name": "Bia", "email": "bia@example.com", "tags": ["legado"], "metadata": {"erp": 1}})
        made = self.put(email="Bia@example.com", name="Bia Reis", tags=["vip"]).json
        self.assertEqual(made["clubify_customer_id"], theirs["_id"])
        (remote,) = self.on_platform("bia@example.com")
        self.assertEqual((remote["name"], sorted(remote["tags"])), ("Bia Reis", ["legado", "vip"]))
        self.assertEqual(remote["metadata"]["erp"], 1)

    def sandbox_customer(self, body):
        """As another client of the platform makes one."""
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        answer = platform.post("/api/v1/customers", body)
        self.assertEqual(answer.status, 201, answer)
        return answer.json

    def test_many_at_once_are_one_customer(self):
        answers = []

        def put(number):
            own = type(self.api)(self.server.port, self.api.api_key)
            body = {"email": "eva@example.com", "name": "Eva", "tags": [f"t{number}"]}

            def definite():
                """One who waited for too long is told to come again."""
                answer = own.request("PUT", "/v1/customers", body)
                return None if answer.status == 409 and answer.json["type"] == "/problems/command-in-flight" else answer

            answers.append(wait_until(definite, "a turn"))
            own.close()

        threads = [threading.Thread(target=put, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        statuses = [answer.status for answer in answers]
        self.assertEqual(statuses.count(201), 1, statuses)
        self.assertEqual(statuses.count(200), 15, statuses)
        self.assertEqual(len({answer.json["customer_id"] for answer in answers}), 1)
        self.assertEqual(len(self.on_platform("eva@example.com")), 1)

    def test_once_on_clubify_whatever_becomes_of_the_answer(self):
        for number, action in enumerate(({"drop": "after"}, {"drop": "before"}, {"status": 504, "effect": True}, {"garbage": True})):
            with self.subTest(action=action):
                email = f"p{number}@example.com"
                self.sandbox.faults({"method": "POST", "path": "/customers", "times": 1, "action": action})
                made = wait_until(lambda: self.settled({"email": email, "name": "Pia"}, f"k{number}"), "it is registered")
                self.assertEqual(made["customer_id"], self.put(200, email=email).json["customer_id"])
                (remote,) = self.on_platform(email)
                self.assertEqual(remote["metadata"]["vitrine"]["command_id"], made["command_id"])

    def settled(self, body, key):
        answer = self.api.request("PUT", "/v1/customers", body, headers={"Idempotency-Key": key})
        return answer.json if answer.status == 201 else None

    def test_who_could_not_be_registered_may_come_again_another_way(self):
        self.sandbox.faults({"method": "GET", "path": "/customers", "action": {"status": 503}})
        refused = self.api.request("PUT", "/v1/customers", {"email": "ida@example.com", "name": "Ida"}, headers={"Idempotency-Key": "a"})
        self.assert_problem(refused, 503, "clubify-unavailable")
        self.sandbox.no_faults()
        made = wait_until(lambda: self.settled({"email": "ida@example.com", "name": "Ida"}, "b"), "the breaker lets it through")
        again = self.api.must(200, "PUT", "/v1/customers", {"email": "ida@example.com", "name": "Ida"}, headers={"Idempotency-Key": "a"})
        self.assertEqual((again.json["customer_id"], again.json["created"]), (made["customer_id"], False))

    def test_an_edit_moves_the_address_and_takes_away(self):
        made = self.put(**ANA).json
        other = self.put(email="bia@example.com", name="Bia").json
        target = f"/v1/customers/{made['customer_id']}"
        self.assert_problem(self.api.request("PATCH", target, {"email": "BIA@example.com"}), 409, "email-taken")
        edited = self.api.must(200, "PATCH", target, {"email": "ana@nova.example", "phone": None, "metadata": None}).json
        found = self.read(edited)
        self.assertEqual((found["email"], found.get("phone"), found.get("metadata")), ("ana@nova.example", None, None))
        (remote,) = self.on_platform("ana@nova.example")
        self.assertIsNone(remote["phone"])
        self.assertEqual(self.put(200, email="ana@nova.example").json["customer_id"], made["customer_id"])
        fresh = self.put(email="ana.lima@example.com", name="Outra Ana").json
        self.assertNotIn(fresh["customer_id"], (made["customer_id"], other["customer_id"]))
        self.assert_problem(self.api.request("PATCH", f"/v1/customers/{GHOST}", {"name": "Xa"}), 404, "not-found")

    def test_tags_and_consents(self):
        made = self.put(**ANA).json
        target = f"/v1/customers/{made['customer_id']}"
        for _ in range(2):
            tagged = self.api.must(200, "PUT", f"{target}/tags/b2b").json
            self.assertEqual(tagged["version"], 2)
        self.assertEqual(self.on_platform("ana.lima@example.com")[0]["tags"], ["atacado", "b2b", "vip"])
        for _ in range(2):
            untagged = self.api.must(200, "DELETE", f"{target}/tags/vip").json
            self.assertEqual(untagged["version"], 3)
        self.assert_problem(self.api.request("PUT", f"{target}/tags/a%20b"), 422, pointers=["/tag"])
        consent = {"purpose": "newsletter", "granted": True, "text_version": "2026-11", "channel": "checkout"}
        for _ in range(2):
            given = self.api.must(200, "POST", f"{target}/consents", consent).json
            self.assertEqual(given["version"], 4)
        withdrawn = self.api.must(200, "POST", f"{target}/consents", {**consent, "granted": False}).json
        found = self.read(withdrawn)
        self.assertEqual(found["tags"], ["atacado", "b2b"])
        (kept,) = found["consents"]
        self.assertEqual((kept["purpose"], kept["granted"], kept["channel"]), ("newsletter", False, "checkout"))
        self.assertEqual(self.types(made["customer_id"])[-2:], ["ConsentGiven", "ConsentWithdrawn"])

    def test_lists_find_people_by_what_they_are_known_by(self):
        made = self.put(**ANA).json
        bia = self.put(email="bia@example.com", name="Bia Reis", document="11.222.333/0001-81", tags=["vip2"]).json
        position = bia["position"]
        for query in ("email=ANA.LIMA%40example.com", "phone=11%2098765-4321", "document=529.982.247-25", "tag=vip", "q=LIMA", "tag=vip&q=ana"):
            self.assertEqual(self.listed(query, position), [made["customer_id"]], query)
        self.assertEqual(self.listed("document=11222333000181", position), [bia["customer_id"]])
        self.assertEqual(self.listed("sort=name", position), [made["customer_id"], bia["customer_id"]])
        self.assertEqual(self.listed("tag=vi", position), [])
        self.assert_problem(self.api.get("/v1/customers?email=x"), 422, pointers=["/email"])
        self.assert_problem(self.api.get("/v1/customers?email=a%40b.co&phone=1"), 422, pointers=["/phone"])

    def test_one_of_two_who_are_one_points_to_the_other(self):
        one = self.put(**ANA).json
        two = self.put(email="ana@trabalho.example", name="A. Lima", tags=["revenda", "vip"]).json
        alone = self.api.must(200, "GET", f"/v1/customers/{one['customer_id']}").headers["ETag"]
        merged = self.api.must(200, "POST", f"/v1/customers/{two['customer_id']}/merge", {"into": one["customer_id"]}).json
        self.assertEqual((merged["status"], merged["merged_into"]), ("merged", one["customer_id"]))
        found = self.read(merged)
        self.assertEqual((found["status"], found["merged_into"]), ("merged", one["customer_id"]))
        survivor = f"/v1/customers/{one['customer_id']}"
        before = self.api.must(200, "GET", survivor)
        self.assertEqual(before.json["tags"], ["atacado", "revenda", "vip"])
        self.assertNotEqual(before.headers["ETag"], alone)
        self.assertEqual(self.api.get(survivor, headers={"If-None-Match": before.headers["ETag"]}).status, 304)
        known = self.put(200, email="ANA@trabalho.example", tags=["x"]).json
        self.assertEqual(known["customer_id"], one["customer_id"])
        self.assertEqual(self.read(known)["tags"], ["revenda", "vip", "x"])
        self.assertEqual(self.read(known)["email"], "ana.lima@example.com")
        self.assert_problem(self.api.request("PATCH", f"/v1/customers/{two['customer_id']}", {"name": "Xa"}), 409, "illegal-transition")
        self.assert_problem(self.api.post(f"/v1/customers/{one['customer_id']}/merge", {"into": GHOST}), 422, pointers=["/into"])
        self.assert_problem(self.api.post(f"/v1/customers/{one['customer_id']}/erase", {"reason": "LGPD"}), 409, "illegal-transition")

    def test_who_is_erased_is_nowhere_and_may_come_again_as_somebody_new(self):
        made = self.put(**ANA, headers={"Idempotency-Key": "first"}).json
        target = f"/v1/customers/{made['customer_id']}"
        answer = self.api.must(200, "POST", f"{target}/erase", {"reason": "Pedido do titular"}, headers={"Idempotency-Key": "gone"})
        certificate = answer.json["certificate"]
        self.assertEqual(certificate["customer_id"], made["customer_id"])
        self.assertTrue(certificate["erased_by"].startswith("key:"))
        self.assertIn("contract", [key["purpose"] for key in certificate["keys"]])
        self.assertEqual(len(certificate["chain_head"]), 64)
        again = self.api.must(200, "POST", f"{target}/erase", {"reason": "Pedido do titular"}, headers={"Idempotency-Key": "gone"})
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        self.assertEqual(again.json, answer.json)
        found = self.read(answer.json)
        self.assertEqual((found["customer_id"], found["status"]), (made["customer_id"], "erased"))
        texts = ("ana.lima", "Ana Lima", "98765", "52998224725", "Flores", "Pedido do titular")
        said = json.dumps(found) + self.api.must(200, "GET", "/v1/events?from=1&limit=1000&people=true").raw.decode()
        said += self.api.must(200, "GET", "/v1/customers?limit=100").raw.decode()
        for text in texts[:-1]:
            self.assertNotIn(text, said)
        self.assertEqual(self.listed("email=ana.lima%40example.com", answer.json["position"]), [])
        self.assert_problem(self.api.request("PATCH", target, {"name": "Ana"}), 409, "illegal-transition")
        fresh = self.put(**ANA).json
        self.assertNotEqual(fresh["customer_id"], made["customer_id"])
        self.assertTrue(fresh["created"])

    def test_who_is_erased_is_forgotten_by_clubify_too_however_long_that_takes(self):
        made = self.put(**ANA).json
        self.sandbox.faults({"method": "PUT", "path": "/customers", "action": {"drop": "after"}, "times": 1},
                            {"method": "GET", "path": "/customers", "action": {"status": 503}, "times": 4})  # fmt: skip
        self.api.must(200, "POST", f"/v1/customers/{made['customer_id']}/erase", {"reason": "Pedido do titular"})
        there = lambda: self.sandbox.state("customers", _id=made["clubify_customer_id"])[0]  # noqa: E731
        wait_until(lambda: there()["status"] == "deleted", "Clubify to forget them")
        for text in ("ana.lima", "Ana Lima", "98765", "52998224725", "Flores", "atacado", "crm"):
            self.assertNotIn(text, json.dumps(there(), ensure_ascii=False))

        def taken():
            found = self.api.must(200, "GET", "/v1/deliveries").json["items"]
            return [each for each in found if each["kind"] == "erasure" and each["pending"] == 0 and each["under_way"] == 0]

        wait_until(taken, "the delivery to be taken")
        written = sum(each["method"] == "PUT" and made["clubify_customer_id"] in each["path"] for each in self.sandbox.requests())
        self.assertEqual(written, 1)
        fresh = self.put(**ANA).json
        self.assertNotEqual(fresh["clubify_customer_id"], made["clubify_customer_id"])

    def test_an_export_has_all_that_is_held_and_is_told(self):
        made = self.put(**ANA).json
        self.api.must(200, "PUT", f"/v1/customers/{made['customer_id']}/tags/b2b")
        exported = self.api.must(200, "GET", f"/v1/customers/{made['customer_id']}/export").json
        self.assertEqual(exported["customer"]["email"], "ana.lima@example.com")
        self.assertEqual(exported["orders"], [])
        self.assertEqual([event["type"] for event in exported["events"]], ["CustomerRegistered", "CustomerTagged"])
        self.assertEqual(exported["events"][0]["data"]["name"], "Ana Lima")
        feed = self.api.must(200, "GET", "/v1/events?from=1&limit=1000").json["events"]
        self.assertIn("PeopleShown", [event["type"] for event in feed])
        sealed = [event for event in feed if event["type"] == "CustomerRegistered"][0]["data"]
        self.assertEqual((sealed["name"], sealed["email"]), ({"sealed": True}, {"sealed": True}))
        key = json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)["api_key"]
        reader = self.client(key)
        self.assert_problem(reader.get(f"/v1/customers/{made['customer_id']}/export"), 403, "forbidden")
        self.assert_problem(reader.request("POST", f"/v1/customers/{made['customer_id']}/erase", {"reason": "x"}), 403, "forbidden")

    def test_a_dry_run_and_an_expected_version(self):
        tried = self.put(200, query="?dry_run=true", **ANA).json
        self.assertEqual([event["type"] for event in tried["events"]], ["CustomerRegistered"])
        self.assertEqual(self.on_platform("ana.lima@example.com"), [])
        made = self.put(**ANA).json
        headers = {"If-Match": '"7"'}
        self.assert_problem(self.api.request("PUT", "/v1/customers", {**ANA, "name": "Anna"}, headers=headers), 412, "version-mismatch")
        headers = {"If-None-Match": "*"}
        self.assert_problem(self.api.request("PUT", "/v1/customers", {**ANA, "name": "Anna"}, headers=headers), 412, "version-mismatch")
        self.restart()
        self.assertEqual(self.put(200, email="ana.lima@example.com").json["customer_id"], made["customer_id"])


if __name__ == "__main__":
    main()
