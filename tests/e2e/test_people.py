"""People in the log: sealed everywhere, shown to who may see them, and gone everywhere once they are erased."""

import hashlib
import hmac
import json
import random
import shutil
import sqlite3
import subprocess
import time

from harness import VITRINE, EndToEnd, main
from receiver import Receiver

SEALED, ERASED = {"sealed": True}, {"erased": True}


def person(number, tag):
    """Words that stand nowhere else, so that a file in which one is found has it of them."""
    return {
        "email": f"planted{number}.{tag}@example.org",
        "name": f"Plantada{number} {tag.capitalize()}",
        "phone": f"+55119{8000 + number:04d}{7000 + number:04d}",
        "address": {"street": f"Rua Semeada {number}{tag}", "city": f"Vila{number}{tag}", "country": "BR"},
    }


def words_of(someone):
    return [someone["email"], someone["name"], someone["phone"], someone["address"]["street"], someone["address"]["city"]]


class People(EndToEnd):
    server_flags = ("--allow-private-webhooks",)

    def put(self, body, status=(200, 201), **more):
        answer = self.api.request("PUT", "/v1/customers", body, **more)
        self.assertIn(answer.status, status, answer)
        return answer.json

    def erase(self, customer, reason="asked for it"):
        return self.api.must(200, "POST", f"/v1/customers/{customer}/erase", {"reason": reason}).json

    def read(self, customer, position):
        return self.api.must(200, "GET", f"/v1/customers/{customer}?at_least={position}").json

    def feed(self, **parameters):
        events, start = [], 1
        while True:
            query = "&".join([f"{name}={value}" for name, value in parameters.items()] + [f"from={start}", "limit=1000"])
            page = self.api.must(200, "GET", f"/v1/events?{query}").json
            events += page["events"]
            if not page["events"]:
                return events
            start = page["next_position"]

    def on(self, data, *arguments):
        """Runs the program on another data directory; what it prints."""
        command = [VITRINE, *map(str, arguments), "--data", str(data)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def files(self, *folders):
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    yield path, path.read_bytes()

    def found_in(self, words, *folders):
        """In whatever case: what is looked for is kept in small letters."""
        sought = [word.lower().encode() for word in words]
        return [(str(path), word) for path, content in self.files(*folders) for word in sought if word in content.lower()]

    def test_what_a_webhook_tells_of_somebody_who_is_known_goes_with_them(self):
        secret = "whsec_0123456789abcdef0123456789abcdef"
        self.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", stdin=secret, check=0)
        someone = person(3, "hooked")
        made = self.put(someone)
        self.read(made["customer_id"], made["position"])
        for id_, email in (("evt_1", someone["email"].upper()), ("evt_2", "nobody.known@example.org")):
            order = {"id": f"o-{id_}", "total": 100, "currency": "BRL", "customer": {"email": email, "name": someone["name"]}}
            raw = json.dumps({"id": id_, "event": "order.created", "timestamp": int(time.time()), "data": order}).encode()
            signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
            headers = {"X-Clubify-Signature": signature, "X-Clubify-Timestamp": str(int(time.time()))}
            self.assertEqual(self.api.request("POST", f"/v1/webhooks/clubify/{self.tenant}", raw, headers=headers).status, 200)
        told = self.feed(category="webhook")
        self.assertEqual([each["data"].get("customer_id") for each in told], [made["customer_id"], None])
        self.assertEqual([each["data"]["raw"] for each in told], [SEALED, SEALED])
        self.assertIn(someone["name"], self.feed(category="webhook", people="true")[0]["data"]["raw"])
        self.erase(made["customer_id"])
        self.assertEqual([each["data"]["raw"] for each in self.feed(category="webhook")], [ERASED, SEALED])
        self.assertIn("nobody.known", self.feed(category="webhook", people="true")[1]["data"]["raw"])

    def test_who_may_see_people_and_what_is_told_of_it(self):
        someone = person(1, "visible")
        made = self.put(someone)
        registered = self.feed(category="customer")[0]
        self.assertEqual(registered["data"]["email"], SEALED)
        self.assertEqual(registered["data"]["address"]["street"], SEALED)
        self.assertEqual(self.feed(category="people"), [])
        opened = self.feed(category="customer", people="true")[0]
        self.assertEqual(opened["data"]["email"], someone["email"])
        self.assertEqual(opened["data"]["address"]["street"], someone["address"]["street"])
        told = self.feed(category="people")
        self.assertEqual([(each["type"], each["data"]["by"]) for each in told], [("PeopleShown", "feed")])
        self.assertTrue(told[0]["data"]["recipient"].startswith("key:vtr_"))

        for role in ("reader", "operator"):
            added = self.server.cli("key", "add", self.tenant, "--role", role, check=0)
            other = self.client(json.loads(added.stdout)["api_key"])
            self.assert_problem(other.get("/v1/events?people=true"), 403, "forbidden")
            self.assertEqual(other.get("/v1/events?category=customer").json["events"][0]["data"]["email"], SEALED)
        self.assertEqual(self.api.get("/v1/events?people=maybe").status, 422)

        shown = self.server.cli("replay", "--tenant", self.tenant, "--json", check=0).stdout
        self.assertNotIn(someone["email"], shown)
        self.assertIn('"email":{"sealed":true}', shown)
        self.assertNotIn(someone["name"], self.server.cli("replay", "--tenant", self.tenant, check=0).stdout)
        shown = self.server.cli("replay", "--tenant", self.tenant, "--json", "--people", check=0).stdout
        self.assertIn(someone["email"], shown)
        self.assertEqual([each["data"]["by"] for each in self.feed(category="people")], ["feed", "replay"])

        self.erase(made["customer_id"])
        for query in ({}, {"people": "true"}):
            data = self.feed(category="customer", **query)[0]["data"]
            self.assertEqual((data["email"], data["address"]["street"]), (ERASED, ERASED))
        replayed = self.server.cli("replay", "--tenant", self.tenant, "--json", "--people", check=0).stdout
        self.assertIn('"email":{"erased":true}', replayed)

    def test_endpoints_get_people_only_where_they_ask_for_them(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        for path, more in (("/plain", {}), ("/people", {"people": True})):
            body = {"url": receiver.url(path), "types": ["CustomerRegistered"], **more}
            self.api.must(201, "POST", "/v1/webhook-endpoints", body)
        someone = person(2, "carried")
        made = self.put(someone)
        came = {path: json.loads(receiver.wait_for(1, path)[0].body)["data"] for path in ("/plain", "/people")}
        self.assertEqual(came["/plain"]["email"], SEALED)
        self.assertEqual(came["/people"]["email"], someone["email"])
        told = [each["data"]["recipient"].split(":")[0] for each in self.feed(category="people")]
        self.assertEqual(told, ["endpoint"])
        self.erase(made["customer_id"])
        erased = json.loads(receiver.wait_for(2, "/people")[1].body)
        self.assertEqual((erased["type"], erased["data"]["customer_id"]), ("CustomerErased", made["customer_id"]))
        self.assertNotIn(someone["email"], json.dumps(erased))
        self.assertEqual(len(receiver.at("/plain")), 1)

    def test_whoever_is_erased_is_gone_everywhere_and_nothing_else_changes(self):
        chance = random.Random(18)
        people = [person(100 + number, "planted") for number in range(12)]
        customers = []
        for number, someone in enumerate(people):
            made = self.put(someone, headers={"Idempotency-Key": f"plant-{number}"})
            customers.append(made["customer_id"])
            if chance.random() < 0.5:
                self.api.must(200, "PATCH", f"/v1/customers/{made['customer_id']}", {"name": someone["name"] + " Filha"})
        older = self.folder / f"older-{self.tenant}"
        self.server.cli("backup", str(older), check=0)
        totals = self.api.must(200, "GET", "/v1/sales?period=today").json
        before = len(self.feed())

        gone = chance.sample(range(len(people)), 6)
        for number in gone:
            answer = self.erase(customers[number])
            self.assertTrue(answer["certificate"]["keys"], answer)
            last = answer["position"]
            if chance.random() < 0.5:
                self.restart()
                self.api = self.client(self.api.api_key)
        for number in gone:
            found = self.read(customers[number], last)
            self.assertEqual((found["customer_id"], found["status"]), (customers[number], "erased"))
        stay = [number for number in range(len(people)) if number not in gone]
        for number in stay:
            self.assertEqual(self.read(customers[number], last)["email"], people[number]["email"])
        self.assertEqual(self.api.must(200, "GET", "/v1/sales?period=today").json["totals"], totals["totals"])
        self.assertEqual(len(self.feed()), before + len(gone))

        # A key that was used for somebody who is erased tells nothing of them any more.
        again = self.api.request("PUT", "/v1/customers", people[gone[0]], headers={"Idempotency-Key": f"plant-{gone[0]}"})
        self.assertEqual(again.status, 404, again)

        words = [word for number in gone for word in words_of(people[number])]
        newer = self.folder / f"newer-{self.tenant}"
        self.server.cli("backup", str(newer), check=0)
        export = self.folder / f"export-{self.tenant}.jsonl"
        self.server.cli("replay", "export", str(export), check=0)
        self.assertEqual(self.found_in(words, self.server.data, newer), [])
        self.assertEqual([word for word in words if word.lower().encode() in export.read_bytes().lower()], [])
        said = [json.dumps(self.feed(people="true"))]
        for target in ("/v1/customers?limit=1000", "/v1/activity?limit=1000", "/metrics", "/v1/commands?state=succeeded&limit=1000"):
            said.append(self.api.get(target).raw.decode())
        said.append(self.server.cli("replay", "--people", check=0).stdout)
        said.append(self.server.log.read_text(errors="replace"))
        for text in said:
            self.assertEqual([word for word in words if word.lower() in text.lower()], [])
        # It is found where it still has to be: the search itself works.
        self.assertTrue(any(people[stay[0]]["email"] in text for text in said))

        verified = json.loads(self.server.cli("verify", "--json", check=0).stdout)
        self.assertTrue(verified["ok"])
        self.server.cli("audit", check=0)
        self.server.cli("rebuild", "--all", "--check", check=0)
        for number in stay:
            self.assertEqual(self.read(customers[number], last)["email"], people[number]["email"])

        # Imported without keys everybody reads as erased, and the log is whole.
        imported = self.folder / f"imported-{self.tenant}"
        self.on(imported, "replay", "import", export)
        self.on(imported, "verify")
        shown = self.on(imported, "replay", "--json")
        self.assertIn('"email":{"erased":true}', shown)
        self.assertNotIn('"email":{"sealed":true}', shown)

        # A copy of before knows them; put back in the place of what is there, it is erased anew.
        self.assertEqual(self.found_in(words, older), [])
        self.server.stop()
        for name in ("snapshots.db", "deliveries.db", "processes.checkpoint", "events.db", "people.db"):
            for old in self.server.data.glob(f"{name}*"):
                old.unlink()
            if (older / name).exists():
                shutil.copy(older / name, self.server.data / name)
        shutil.rmtree(self.server.data / "read_models")
        with sqlite3.connect(self.server.data / "people.db") as keys:
            erased = keys.execute("SELECT count(*) FROM erasures WHERE tenant = ?", (self.tenant,)).fetchone()
            self.assertEqual(erased, (0,))
        keys.close()
        self.server.start()
        self.api = self.client(self.api.api_key)
        for number in gone:
            self.assertEqual(self.api.must(200, "GET", f"/v1/customers/{customers[number]}").json["status"], "erased")
        again = self.put(people[gone[0]], status=(201,))
        self.assertNotEqual(again["customer_id"], customers[gone[0]])

    def test_a_log_is_sealed_beside_itself_while_no_server_runs(self):
        someone = person(3, "kept")
        made = self.put(someone)
        copy = self.folder / f"sealed-{self.tenant}"
        running = self.server.cli("seal", str(copy), check=1)
        self.assertIn("stop the server", running.stderr)
        self.server.stop()
        try:
            heads = {row["tenant"]: row["head"] for row in json.loads(self.server.cli("verify", "--json", check=0).stdout)["tenants"]}
            done = self.server.cli("seal", str(copy), "--json", check=0)
            report = json.loads(done.stdout)
            # Nothing was in clear, so that the chains are the same, and what was sealed before is still read.
            self.assertEqual(report["sealed"], 0)
            self.assertEqual({row["tenant"]: row["new_head"] for row in report["tenants"]}, heads)
            self.assertTrue(all(row["old_head"] == row["new_head"] and not row["changed"] for row in report["tenants"]))
            self.assertIn("--head", done.stderr)
            self.on(copy, "verify")
            shutil.copy(self.server.data / "master.key", copy)
            self.assertIn(someone["email"], self.on(copy, "replay", "--json", "--people"))
            self.assertIn("is there already", self.server.cli("seal", str(copy), check=1).stderr)
        finally:
            self.server.start()
        self.api = self.client(self.api.api_key)
        self.assertEqual(self.read(made["customer_id"], made["position"])["email"], someone["email"])


if __name__ == "__main__":
    main()
