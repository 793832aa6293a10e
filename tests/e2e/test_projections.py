"""Read models that can be proved, mended and rebuilt, on a running and on a stopped server."""

import contextlib
import json
import sqlite3

from harness import EndToEnd, main


def copy_database(source, target):
    """With what is in its write-ahead log; into the place of what was there."""
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)


class Projections(EndToEnd):
    def lines(self, *arguments, check=0):
        return [json.loads(line) for line in self.server.cli(*arguments, check=check).stdout.splitlines()]

    def file_of(self, name):
        current = json.loads((self.server.data / "read_models" / "current.json").read_text())
        return self.server.data / "read_models" / current[name]["file"]

    def start(self):
        self.server.start()
        self.api = self.client(self.api.api_key)

    def visible(self, position):
        """Waits until every read model has that position."""
        self.api.must(200, "GET", f"/v1/offers?at_least={position}")
        self.api.must(200, "GET", f"/v1/products?at_least={position}")


class Audit(Projections):
    def test_every_event_is_accounted_for_on_a_running_and_a_stopped_server(self):
        for _ in range(3):
            offer = self.api.create_active_offer()
        self.visible(offer["position"])
        for running in (True, False):
            with self.subTest(running=running):
                if not running:
                    self.server.stop()
                audits = {audit["name"]: audit for audit in self.lines("audit", "--json")}
                self.assertEqual(set(audits), {"offers", "offer_analytics", "products"})
                for audit in audits.values():
                    self.assertTrue(audit["complete"], audit)
                    self.assertEqual((audit["skipped"], audit["parked"]), (0, 0), audit)
                self.assertGreaterEqual(audits["offers"]["applied"], 6)
                self.assertIn("offer_analytics", self.server.cli("audit", check=0).stdout)

    def test_a_skipped_event_is_found_while_the_lag_is_zero(self):
        offer = self.api.create_active_offer()
        target = f"/v1/offers/{offer['offer_id']}"
        self.visible(offer["position"])
        self.server.stop()
        before = self.folder / "offers-before.db"
        copy_database(self.file_of("offers"), before)
        self.start()
        skipped = self.api.must(200, "PATCH", target, {"name": "Skipped"}).json["position"]
        self.visible(skipped)
        self.server.stop()
        copy_database(before, self.file_of("offers"))
        with sqlite3.connect(self.file_of("offers")) as db:
            db.execute("UPDATE checkpoint SET position = ?", (skipped,))
        self.start()
        edited = self.api.must(200, "PATCH", target, {"description": "Applied"}).json
        self.visible(edited["position"])
        self.assertNotEqual(self.api.must(200, "GET", target).json["name"], "Skipped")
        listed = {each["name"]: each for each in self.api.must(200, "GET", "/v1/projections").json["projections"]}
        self.assertEqual(listed["offers"]["lag"], 0)
        done = self.server.cli("audit", "--json")
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)
        audit = {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}["offers"]
        self.assertEqual((audit["lag"], audit["skipped"], audit["complete"]), (0, 1, False), audit)
        self.assertEqual(audit["findings"][0]["missing_position"], skipped)
        self.server.cli("rebuild", "offers", check=0)
        self.server.cli("audit", check=0)
        self.assertEqual(self.api.must(200, "GET", target).json["name"], "Skipped")


if __name__ == "__main__":
    main()
