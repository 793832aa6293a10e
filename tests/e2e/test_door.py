"""What the configuration lets in: other origins, limits of keys; OPTIONS; problem pages for people."""

import gzip
import http.client
import pathlib
import re

from harness import EndToEnd, Later, main, wait_until

ORIGIN = "https://shop.example"


class OtherOrigins(EndToEnd):
    server_flags = ("--cors-origins", ORIGIN)

    def test_a_page_of_a_named_origin_may_ask_and_send(self):
        wanted = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        answer = self.api.request("OPTIONS", "/v1/offers", headers=wanted)
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], ORIGIN)
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])
        self.assertIn("Idempotency-Key", answer.headers["Access-Control-Allow-Headers"])
        answer = self.api.request("GET", "/v1/offers", headers={"Origin": ORIGIN})
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], ORIGIN)
        self.assertIn("ETag", answer.headers["Access-Control-Expose-Headers"])

    def test_another_origin_may_not(self):
        wanted = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
        for method in ("OPTIONS", "GET"):
            answer = self.api.request(method, "/v1/offers", headers=wanted)
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
            self.assertIn("Origin", answer.headers["Vary"].split(", "))

    def test_options_tells_what_a_path_knows(self):
        answer = self.api.request("OPTIONS", "/v1/offers/x/activate")
        self.assertEqual((answer.status, answer.headers["Allow"]), (204, "POST, OPTIONS"))
        self.assert_problem(self.api.request("OPTIONS", "/nowhere"), 404, "not-found")


class Hints(EndToEnd):
    """A mistake is told in words that help to mend it."""

    def details(self, answer, status=422):
        self.assert_problem(answer, status)
        return {fault["pointer"]: fault["detail"] for fault in answer.json.get("errors", [])}

    def test_a_body_that_a_route_does_not_read_is_not_passed_over(self):
        post = lambda body, **more: self.api.post("/v1/adoptions", body, **more)  # noqa: E731
        self.assertEqual(self.details(post({"dry_run": True})), {"/dry_run": "is a parameter of the URL: ?dry_run="})
        self.assertEqual(self.details(post({"x": 1})), {"/x": "is not taken: this route has no body"})
        self.assert_problem(post(b'{"dry_run":true'), 400, "malformed-request", [""])
        self.assert_problem(post(b"[]"), 400, "malformed-request", [""])
        self.assert_problem(post(b"dry_run=true", headers={"Content-Type": "text/plain"}), 415)
        for fine in (None, {}):
            self.assertEqual(post(fine).status, 200)
        target = "/v1/projections/offers/parked/offer-x/dismiss"
        self.assertEqual(self.details(self.api.post(target, {"all": True})), {"/all": "is a parameter of the URL: ?all="})

    def test_what_was_likely_meant_is_named(self):
        answer = self.api.post("/v1/offers", {"name": "Tea", "descripton": "x"})
        self.assertEqual(self.details(answer), {
            "/descripton": 'is not a member of this command; do you mean "description"?'})  # fmt: skip
        answer = self.api.get("/v1/offers?stauts=draft&colour=red")
        self.assertEqual(self.details(answer), {
            "/stauts": 'is not a parameter of this route; do you mean "status"?',
            "/colour": "is not a parameter of this route"})  # fmt: skip
        answer = self.api.get("/v1/events?category=offers&type=OfferCreate")
        self.assertEqual(self.details(answer)["/type"],
                         'there is no event type OfferCreate; do you mean "OfferCreated"?')  # fmt: skip
        self.assertRegex(self.details(answer)["/category"], "^category is one of product, offer, ")

    def test_a_path_tells_what_it_takes(self):
        answer = self.api.request("DELETE", "/v1/offers")
        self.assert_problem(answer, 405, "method-not-allowed")
        self.assertEqual(answer.json["detail"], f"The path takes {answer.headers['Allow']}.")


class LimitedKeys(EndToEnd):
    server_flags = ("--keys-limit", "3/1h")

    def test_a_key_has_so_many_requests_and_others_theirs(self):
        for left in (2, 1, 0):
            answer = self.api.get("/v1/offers")
            self.assertEqual((answer.status, answer.headers["RateLimit-Remaining"]), (200, str(left)))
        answer = self.api.post("/v1/offers", {"name": "Uma a mais"})
        self.assert_problem(answer, 429, "rate-limited")
        self.assertLessEqual(int(answer.headers["Retry-After"]), 3600)
        self.assertEqual(answer.headers["RateLimit-Limit"], "3")
        self.assertEqual(self.new_tenant().get("/v1/offers").status, 200)
        self.assertEqual(self.api.get("/healthz").status, 200)


class Compression(EndToEnd):
    def test_a_long_answer_goes_as_gzip_to_who_takes_it(self):
        plain = self.api.get("/openapi.json")
        answer = http.client.HTTPConnection("127.0.0.1", self.server.port)
        answer.request("GET", "/openapi.json", headers={"Accept-Encoding": "gzip"})
        zipped = answer.getresponse()
        self.assertEqual(zipped.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.read()), plain.raw)
        answer.close()
        self.assertNotIn("Content-Encoding", plain.headers)


class Operations(EndToEnd):
    def metrics(self):
        """The lines of /metrics."""
        return self.api.get("/metrics").raw.decode().splitlines()

    def value(self, sample):
        for line in self.metrics():
            name, _, value = line.rpartition(" ")
            if name == sample:
                return float(value)
        self.fail(f"there is no {sample}")

    def test_documents_name_metrics_that_there_are(self):
        self.api.create_offer()
        served = set(re.findall(r"^# TYPE (\w+)", "\n".join(self.metrics()), re.MULTILINE))
        root = pathlib.Path(__file__).resolve().parents[2]
        texts = {file.name: file.read_text() for file in (root / "docs" / "operate").iterdir()}
        texts["architecture.md"] = (root / "docs" / "architecture.md").read_text()
        for name, text in texts.items():
            named = set(re.findall(r"vitrine_[a-z_]+", text))
            self.assertEqual({metric.removesuffix("_bucket") for metric in named} - served, set(), name)
            self.assertGreater(len(named), 5 if name in ("alerts.yml", "grafana.json") else -1, name)

    def test_every_metric_says_once_what_it_is_and_of_which_type(self):
        self.api.create_active_offer()
        lines = self.metrics()
        for word in ("HELP", "TYPE"):
            names = [line.split()[2] for line in lines if line.startswith(f"# {word} ")]
            self.assertEqual(len(names), len(set(names)), word)
            described = set(names)
            samples = {re.match(r"\w+", line).group() for line in lines if line and not line.startswith("#")}
            base = {re.sub(r"_seconds_(bucket|sum|count)$", "_seconds", sample) for sample in samples}
            self.assertEqual(base - described, set(), word)
        for line in lines:
            if line.startswith("# HELP "):
                self.assertGreater(len(line.split(maxsplit=3)[3]), 10, line)
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                self.assertEqual(kind == "counter", name.endswith("_total"), line)

    def test_caches_and_queues_are_counted(self):
        offer = self.api.create_active_offer()
        before = {name: self.value(f'vitrine_cache_{name}_total{{cache="offer_figures"}}') for name in ("hits", "misses")}
        for _ in range(3):
            self.api.must(200, "GET", f"/v1/offers/{offer['offer_id']}/analytics?at_least={offer['position']}")
        self.assertEqual(self.value('vitrine_cache_misses_total{cache="offer_figures"}'), before["misses"] + 1)
        self.assertEqual(self.value('vitrine_cache_hits_total{cache="offer_figures"}'), before["hits"] + 2)
        self.assertEqual(self.value('vitrine_cache_entries{cache="offer_figures"}'), 1)
        for name in ("vitrine_log_queue", "vitrine_commands_waiting", "vitrine_commands_running"):
            self.assertEqual(self.value(name), 0)
        self.assertEqual(self.value(f'vitrine_clubify_waiting{{tenant="{self.tenant}"}}'), 0)
        self.assertEqual(self.value(f'vitrine_clubify_breaker{{tenant="{self.tenant}"}}'), 0)
        self.assertEqual(self.value("vitrine_log_open"), 1)
        self.assertGreater(self.value("vitrine_wal_bytes"), 0)

    def test_a_command_that_waits_for_another_is_counted(self):
        offer = self.api.create_active_offer()["offer_id"]
        self.sandbox.faults({"method": "POST", "path": "/offers", "times": 1, "action": {"delay_ms": 1000}})
        seen = len(self.sandbox.requests())
        first = Later(lambda: self.client(self.api.api_key).post(f"/v1/offers/{offer}/pause"))
        self.sandbox.reached_by("POST", "/offers", seen)
        second = Later(lambda: self.client(self.api.api_key).post(f"/v1/offers/{offer}/archive"))
        wait_until(lambda: self.value("vitrine_commands_waiting") == 1, "the second command to wait")
        self.assertGreater(self.value("vitrine_commands_oldest_seconds"), 0)
        self.assertEqual((first.join().status, second.join().status), (200, 200))
        self.assertEqual(self.value("vitrine_commands_waiting"), 0)


class Pages(EndToEnd):
    def test_the_console_s_files_are_of_their_types_and_not_sent_again(self):
        for name, kind in (("", "html"), ("/app.js", "javascript"), ("/style.css", "css"), ("/index.html", "html")):
            answer = self.api.get(f"/console{name}")
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, f"text/{kind}; charset=utf-8"))
            again = self.api.get(f"/console{name}", headers={"If-None-Match": answer.headers["ETag"]})
            self.assertEqual((again.status, again.raw, again.headers["Content-Type"]), (304, b"", None))

    def test_a_problem_is_explained_in_the_reader_s_language(self):
        english = self.api.request("GET", "/problems/slug-taken", headers={"Accept-Language": "en"})
        portuguese = self.api.request("GET", "/problems/slug-taken", headers={"Accept-Language": "pt-BR,pt;q=0.9"})
        self.assertIn("Choose another slug", english.raw.decode())
        self.assertIn("Escolha outro slug", portuguese.raw.decode())
        self.assertIn("Escolha outro slug", self.api.get("/problems/slug-taken?lang=pt").raw.decode())
        self.assertIn("Problemas", self.api.get("/problems?lang=pt").raw.decode())


if __name__ == "__main__":
    main()
