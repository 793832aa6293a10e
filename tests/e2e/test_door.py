"""What the configuration lets in: other origins, limits of keys; OPTIONS; problem pages for people."""

import gzip
import http.client
import pathlib
import re

from harness import EndToEnd, main

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
            self.assertEqual(answer.headers["Vary"], "Origin")

    def test_options_tells_what_a_path_knows(self):
        answer = self.api.request("OPTIONS", "/v1/offers/x/activate")
        self.assertEqual((answer.status, answer.headers["Allow"]), (204, "POST, OPTIONS"))
        self.assert_problem(self.api.request("OPTIONS", "/nowhere"), 404, "not-found")


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
    def test_alerts_and_dashboard_name_metrics_that_there_are(self):
        self.api.create_offer()
        served = set(re.findall(r"^# TYPE (\w+)", self.api.get("/metrics").raw.decode(), re.MULTILINE))
        folder = pathlib.Path(__file__).resolve().parents[2] / "docs" / "operate"
        for name in ("alerts.yml", "grafana.json"):
            named = set(re.findall(r"vitrine_[a-z_]+", (folder / name).read_text()))
            self.assertGreater(len(named), 5, name)
            self.assertEqual({metric.removesuffix("_bucket") for metric in named} - served, set(), name)


class Pages(EndToEnd):
    def test_a_problem_is_explained_in_the_reader_s_language(self):
        english = self.api.request("GET", "/problems/slug-taken", headers={"Accept-Language": "en"})
        portuguese = self.api.request("GET", "/problems/slug-taken", headers={"Accept-Language": "pt-BR,pt;q=0.9"})
        self.assertIn("Choose another slug", english.raw.decode())
        self.assertIn("Escolha outro slug", portuguese.raw.decode())
        self.assertIn("Escolha outro slug", self.api.get("/problems/slug-taken?lang=pt").raw.decode())
        self.assertIn("Problemas", self.api.get("/problems?lang=pt").raw.decode())


if __name__ == "__main__":
    main()
