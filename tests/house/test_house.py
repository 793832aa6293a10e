#!/usr/bin/env python3
"""What the house promises of itself: which rooms know what."""
import collections
import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def sources(folder):
    return [p for p in (ROOT / folder).rglob("*") if p.suffix in (".cpp", ".hpp")]


def code(path):
    """Without comments."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return re.sub(r"(?m)//.*$", "", text)


class House(unittest.TestCase):
    def assert_nowhere(self, words, folder, but=()):
        pattern = re.compile(words, re.I)
        found = [
            f"{path.relative_to(ROOT)}: {line.strip()}"
            for path in sources(folder)
            if path.name not in but
            for line in code(path).splitlines()
            if pattern.search(line)
        ]
        self.assertEqual(found, [])

    def test_the_engine_knows_no_area(self):
        self.assertGreater(len(sources("commands/engine")), 20)
        self.assert_nowhere(r"offer|product(?!ion)", "commands/engine")

    def test_the_engine_and_the_store_know_no_vendor(self):
        self.assert_nowhere(r"clubify", "commands/engine")

    def test_deliveries_know_no_kind_of_receiver(self):
        """Each kind has a folder of its own."""
        of_all = [p for p in sources("deliveries") if p.parent == ROOT / "deliveries"]
        self.assertGreater(len(of_all), 10)
        found = [str(p) for p in of_all if re.search(r"webhook|https?\b|clubify", code(p), re.I)]
        self.assertEqual(found, [])

    def test_every_part_asks_the_services_clock_for_the_time(self):
        """But for the files that say here what they need the machine's for."""
        allowed = {
            "core/time.cpp": "what the machine's clock is",
            "core/time.hpp": "its name",
            "net/real_timekeeper.hpp": "the keeper of a service that has no test clock",
            "api/service/service_time.cpp": "where a test clock begins",
            "net/response_head.cpp": "the Date of an answer, which is for caches between",
            "gateways/rest/options.hpp": "times that peers tell",
            "commands/engine/leases.hpp": "leases, which nodes compare",
            "commands/engine/leases.cpp": "how long ago one was renewed",
            "api/control/client.cpp": "operations without a server",
            "api/cli/ask.cpp": "the same",
            "api/control/adoption_operations.cpp": "the same",
            "api/control/money_operations.cpp": "the same",
            "api/keys/open_log.cpp": "the same",
            "store/seal_log.cpp": "when a key of a copy was made",
            # What is taken unless told; the service tells.
            "api/control/operations.hpp": "Administration",
            "api/keys/open_keys.hpp": "open_keys",
            "store/keys.hpp": "Keys::open",
            "store/store_options.hpp": "StoreOptions",
            "projections/projections.hpp": "Options",
            "queries/live_metrics.hpp": "LiveOptions",
            "queries/read_side.hpp": "ReadSide",
        }
        words = re.compile(
            r"system_clock|\bstd::time\s*\(|(?<![.>:\w])time\s*\(\s*(nullptr|NULL|0)\s*\)|"
            r"gettimeofday|clock_gettime|utc_clock|'now'|unixepoch|julianday|CURRENT_(TIMESTAMP|TIME|DATE)",
        )
        rooms = ("core", "net", "events", "analytics", "store", "gateways", "commands", "projections", "processes",
                 "deliveries", "queries", "api")
        files = [path for room in rooms for path in sources(room)]
        found = {str(path.relative_to(ROOT)) for path in files if words.search(code(path))}
        self.assertEqual(found, set(allowed))

    def test_the_service_tells_its_clock_to_what_would_take_the_machines(self):
        text = code(ROOT / "api/service/service.cpp")
        self.assertNotIn("system_clock", text)
        for told in (r"open_keys\([^)]*clock_", r"store_options\([^)]*clock_", r"projection_options\(\s*clock_",
                     r"live_options\([^)]*clock_", r"store_\.shown\(\), projections_, clock_", r"open_people\([^)]*clock_"):  # fmt: skip
            self.assertRegex(text, told)

    def test_the_table_of_the_engine_includes_no_area(self):
        includes = {
            line.split('"')[1]
            for path in sources("commands/engine")
            for line in path.read_text().splitlines()
            if line.startswith('#include "commands/')
        }
        areas = {p.name for p in (ROOT / "commands").iterdir() if p.is_dir()} - {"engine"}
        self.assertEqual([i for i in includes if i.split("/")[1] in areas], [])

    def files_of(self, words):
        """What has one of the words in its path or its text, apart from tests, golden files and pages."""
        rooms = ("core", "events", "store", "gateways", "commands", "projections", "processes", "deliveries", "queries",
                 "api", "console")
        files = [p for room in rooms for p in (ROOT / room).rglob("*") if p.suffix in (".cpp", ".hpp", ".json", ".js")]
        self.assertGreater(len(files), 300)
        pattern = re.compile(words)
        names = {str(p.relative_to(ROOT)): p for p in files}
        return sorted(name for name, p in names.items() if pattern.search(name) or pattern.search(p.read_text()))

    def test_an_aggregate_is_twelve_files_and_a_further_command_six(self):
        """Coupons, as docs/add-a-feature.md walks through them. Who only uses them is no part of what adding them costs."""
        users = ("console/", "commands/pricing/", "commands/checkouts/", "processes/checkout", "processes/explore", "queries/quotes/", "projections/pricing/", "api/http/quote_routes.cpp",
                 "api/http/answers/quotes.json", "api/http/quote.schema.json")  # fmt: skip
        further = re.compile(r"commands/coupons/(use_coupon|\w*(lock|redeem|release|restore)_coupon)\.")
        whole = [
            name
            for name in self.files_of(r"coupons?[_/.]|coupon_(commands|routes)|coupons_projection|\bCouponEvent\b")
            if not name.startswith(users) and not further.match(name)
        ]
        self.assertGreaterEqual(len(whole), 8, whole)
        self.assertLessEqual(len(whole), 12, whole)
        page = (ROOT / "docs/add-a-feature.md").read_text()
        for name in whole:
            last = name.rsplit("/", 1)[-1]
            self.assertIn("*.schema.json" if last.endswith(".schema.json") else last, page)
        one = [name for name in self.files_of(r"DisableCoupon|CouponDisabled|disable_coupon") if not name.startswith(users)]
        self.assertGreaterEqual(len(one), 4, one)
        self.assertLessEqual(len(one), 6, one)

    def words_of_areas(self):
        """What the console calls events and commands: each by its name, as often as it is told."""
        told = collections.defaultdict(list)

        def members(pairs):
            twice = [name for name, times in collections.Counter(name for name, _ in pairs).items() if times > 1]
            self.assertEqual(twice, [], path)
            return dict(pairs)

        for path in sorted((ROOT / "api/http/answers").glob("*.json")):
            for name, both in json.loads(path.read_text(), object_pairs_hook=members).get("words", {}).items():
                told[name].append(both)
        return told

    def test_the_console_has_words_for_every_event_and_command_in_both_languages_once(self):
        told = self.words_of_areas()
        events = "\n".join(code(path) for path in sources("events"))
        types = set(re.findall(r'event_type = "(\w+)"', events)) | set(re.findall(r'\{"(\w+)", "\w+"\}', events))
        # No seller sees what is told of tenants and keys.
        types -= set(re.findall(r'event_type = "(\w+)"', code(ROOT / "events/tenants.hpp") + code(ROOT / "events/keys.hpp")))
        commands = set(re.findall(r'\.name = "([A-Z]\w+)"', "\n".join(code(path) for path in sources("commands"))))
        self.assertGreater(len(types), 35)
        self.assertGreater(len(commands), 10)
        self.assertLessEqual({"OfferCreationFailed", "ClubifyOrderPaid", "CouponDisabled"}, types)
        self.assertEqual(sorted((types | commands) - set(told)), [])
        for name, all_told in told.items():
            self.assertEqual(len(all_told), 1, name)
            english, portuguese = all_told[0]
            self.assertTrue(english.strip() and portuguese.strip() and english != portuguese, name)

    def test_no_word_of_the_console_stands_twice(self):
        told = collections.Counter(self.words_of_areas().keys())
        page = "".join((ROOT / f"console/{name}.js").read_text() for name in ("words", "shop_words"))
        for table in re.findall(r"^const \w+ = \{\n(.*?)^\};", page, re.M | re.S):
            keys = re.findall(r'^  "?([\w ]+?)"?: ', table, re.M)
            self.assertGreater(len(keys), 20)
            self.assertEqual([key for key, times in collections.Counter(keys).items() if times > 1], [])
            told.update(keys if '["' in table else [])
        self.assertEqual([key for key, times in told.items() if times > 1], [])

    def test_the_document_of_the_interface_names_no_area(self):
        """What a command answers stands among its area's answers."""
        self.assertEqual(re.findall(r"[A-Z][a-z]+(?:Offer|Product|Coupon)\w*", code(ROOT / "api/http/openapi.cpp")), [])
        self.assertEqual(re.findall(r'"(?:offer|product|coupon)\w*"', code(ROOT / "api/http/openapi.cpp")), [])


if __name__ == "__main__":
    unittest.main()
