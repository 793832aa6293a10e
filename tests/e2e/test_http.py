"""HTTP as RFC 9110 has it: preconditions, codings, languages, methods, paths, addresses, and the end of the server."""

import contextlib
import gzip
import http.client
import json
import signal
import socket
import time

from harness import PATIENCE, EndToEnd, Server, main, wait_until

ENDS_WITHIN = 2  # seconds from SIGTERM on, whatever peers do


class Preconditions(EndToEnd):
    def edit(self, offer, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.request("PATCH", f"/v1/offers/{offer}", {"name": f"Name {time.monotonic_ns()}"}, headers=names)

    def test_a_write_heeds_lists_weak_tags_and_stars(self):
        offer = self.api.create_offer()["offer_id"]
        for headers, status in (
            ({"If_Match": '"1"'}, 200),  # then 2
            ({"If_Match": '"7", "2"'}, 200),  # 3
            ({"If_Match": '"3-gzip"'}, 200),  # 4: as it is called when it was sent compressed
            ({"If_Match": "*"}, 200),  # 5
            ({"If_None_Match": '"4"'}, 200),  # 6
            ({"If_Match": 'W/"6"'}, 412),
            ({"If_Match": '"x"'}, 412),
            ({"If_None_Match": 'W/"6"'}, 412),
            ({"If_None_Match": "*"}, 412),
            ({"If_Match": '"5"', "If_None_Match": "*"}, 412),
            ({"If_Match": "6"}, 400),
            ({"If_Match": '*, "6"'}, 400),
            ({"If_None_Match": "6"}, 400),
            ({"If_Unmodified_Since": "Sat, 29 Oct 1994 19:43:31 GMT"}, 200),  # no time of it is told
        ):
            with self.subTest(headers):
                answer = self.edit(offer, **headers)
                self.assertEqual(answer.status, status, answer)
                if status == 412:
                    self.assert_problem(answer, 412, "version-mismatch")
                    self.assertEqual(answer.json["current_version"], 6)
                    self.assertEqual(answer.headers["ETag"], '"6"')
        self.assertEqual(self.api.get(f"/v1/offers/{offer}?at_least={self.head()}").headers["ETag"], '"7"')

    def head(self):
        return self.api.get("/healthz").json["position"]

    def test_what_would_be_refused_anyhow_stays_so(self):
        nothing = "00000000-0000-7000-8000-000000000000"
        self.assertEqual(self.edit(nothing, If_Match='"1"').status, 404)
        bad = self.api.post("/v1/offers", {"name": 1}, headers={"If-Match": "*"})
        self.assertEqual(bad.status, 422, bad)
        self.assertEqual(self.api.post("/v1/offers", {"name": "Oferta"}, headers={"If-Match": "*"}).status, 412)

    def test_a_read_heeds_both(self):
        offer = self.api.create_offer()
        target = f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}"
        for headers, status in (
            ({"If-None-Match": '"1"'}, 304),
            ({"If-None-Match": '"0", W/"1"'}, 304),
            ({"If-None-Match": "*"}, 304),
            ({"If-None-Match": '"2"'}, 200),
            ({"If-Match": '"2"'}, 412),
            ({"If-Match": '"1"'}, 200),
            ({"If-None-Match": "1"}, 400),
            ({"If-None-Match": ""}, 200),  # an empty list
            ({"If-Match": ""}, 412),
        ):
            with self.subTest(headers):
                self.assertEqual(self.api.get(target, headers=headers).status, status)
        self.assertEqual(self.api.get("/v1/offers/00000000-0000-7000-8000-000000000000",
                                      headers={"If-None-Match": "*"}).status, 404)  # fmt: skip


    def test_what_has_no_etag_is_there_all_the_same(self):
        offer = self.api.create_active_offer()["offer_id"]
        for target in ("/v1/offers", "/v1/me", "/v1/sales", f"/v1/offers/{offer}/events", "/v1/events", "/healthz", "/docs", "/"):
            with self.subTest(target):
                self.assertEqual(self.api.get(target, headers={"If-None-Match": "*"}).status, 304)
                self.assertEqual(self.api.get(target, headers={"If-Match": "*"}).status, 200)
                self.assertEqual(self.api.get(target, headers={"If-None-Match": '"1"'}).status, 200)
                self.assert_problem(self.api.get(target, headers={"If-Match": '"1"'}), 412, "version-mismatch")
        stream = self.api.get("/v1/events", headers={"Accept": "text/event-stream", "If-None-Match": "*"})
        self.assertEqual((stream.status, stream.raw), (304, b""))

    def test_reads_and_commands_take_the_tags_that_were_given_and_the_version(self):
        product = self.api.create_product()["product_id"]
        other = self.api.create_product()["product_id"]
        created = self.api.create_offer(products=[{"product_id": product}])
        target = f"/v1/offers/{created['offer_id']}"
        before = self.api.must(200, "PATCH", f"/v1/products/{product}", {"name": "Chá"}).json["position"]
        elsewhere = self.api.must(200, "PATCH", f"/v1/products/{other}", {"name": "Mate"}).json["position"]
        told = self.api.must(200, "PATCH", f"/v1/products/{product}", {"price_cents": 7000}).json["position"]
        tag = f'"1.{told}"'
        self.assertEqual(self.api.must(200, "GET", f"{target}?at_least={told}").headers["ETag"], tag)
        for value, read, changed in (
            (tag, 200, 200),
            ('"1"', 200, 200),
            (f'"1.{before}"', 412, 200),  # it was given, and its version is the present one
            ('"1.1"', 412, 412),
            (f'"1.{created["position"]}"', 412, 412),
            (f'"1.{elsewhere}"', 412, 412),
            (f'"1.{told + 1}"', 412, 412),
            (f'"2.{told}"', 412, 412),
            (f'"1.{told}0"', 412, 412),
        ):
            with self.subTest(value):
                self.assertEqual(self.api.get(target, headers={"If-Match": value}).status, read)
                answer = self.api.request("PATCH", f"{target}?dry_run=true", {"name": "Outra"}, headers={"If-Match": value})
                self.assertEqual(answer.status, changed, answer)
        product_tag = self.api.request("PATCH", f"/v1/products/{product}", {"name": "Mate"}, headers={"If-Match": '"3.5"'})
        self.assert_problem(product_tag, 412, "version-mismatch")

    def test_where_nothing_has_a_version_nothing_is_done(self):
        for value in ('"1"', "*"):
            with self.subTest(value=value):
                refused = self.api.post("/v1/adoptions", headers={"If-Match": value})
                self.assert_problem(refused, 412, "version-mismatch")
                # RFC 9110 §13.2.1: no condition is looked at where there is nothing.
                for target in ("retry", "dismiss"):
                    absent = self.api.post(f"/v1/projections/offers/parked/offer-x/{target}", headers={"If-Match": value})
                    self.assert_problem(absent, 404, "not-found")
        self.assertEqual(self.api.post("/v1/adoptions", headers={"If-None-Match": "*"}).status, 200)


class Representations(EndToEnd):
    def test_what_is_chosen_by_accept_says_so(self):
        for accept, status in (("application/json", 200), ("image/png", 406), (None, 200)):
            with self.subTest(accept):
                answer = self.api.get("/v1/events", headers={"Accept": accept})
                self.assertEqual(answer.status, status)
                self.assertIn("Accept", [each.strip() for each in answer.headers["Vary"].split(",")])
        refused = self.api.get("/v1/events?limit=0")
        self.assertEqual(refused.status, 422)
        self.assertIn("Accept", [each.strip() for each in refused.headers["Vary"].split(",")])
        self.assertNotIn("Accept,", self.api.get("/v1/offers").headers.get("Vary", "") + ",")

    def test_the_next_page_is_named_as_it_is_written(self):
        for _ in range(2):
            made = self.api.create_product()
        self.api.must(200, "GET", f"/v1/products?at_least={made['position']}")
        answer = self.api.get("/v1/%70roducts?limit=1")
        self.assertTrue(answer.headers["Link"].startswith("</v1/products?limit=1&cursor="), answer.headers["Link"])

    def test_a_query_that_is_refused_is_not_told_of_what_was_done(self):
        for language in ("en", "pt"):
            answer = self.api.get("/v1/offers?nonsense=1", headers={"Accept-Language": language})
            self.assert_problem(answer, 422, "validation-failed")
            for words in ("nothing was done", "gravado"):
                self.assertNotIn(words, answer.json["detail"])

    def test_the_reference_speaks_both_languages(self):
        for headers, query, language in (
            ({"Accept-Language": "pt-BR"}, "", "pt-BR"),
            ({"Accept-Language": "pt-BR"}, "?lang=en", "en"),
            ({}, "?lang=pt", "pt-BR"),
            ({}, "", "en"),
        ):
            with self.subTest(headers, query=query):
                answer = self.api.must(200, "GET", f"/docs{query}", headers=headers)
                self.assertEqual(answer.headers["Content-Language"], language)
                self.assertIn("Accept-Language", answer.headers["Vary"])
                self.assertIn(f'<html lang="{language}">', answer.raw.decode())

    def test_readiness_gives_its_reasons_in_the_language_that_is_liked(self):
        answer = self.api.get("/readyz", headers={"Accept-Language": "pt"})
        self.assertEqual((answer.headers["Content-Language"], answer.json["status"]), ("pt-BR", "ready"))


class Codings(EndToEnd):
    def test_304_says_of_caching_what_200_says(self):
        for target in ("/console", "/console/app.js"):
            for codings in ("gzip", "identity"):
                with self.subTest(target, codings=codings):
                    whole = self.api.get(target, headers={"Accept-Encoding": codings})
                    etag = whole.headers["ETag"]
                    same = self.api.get(target, headers={"Accept-Encoding": codings, "If-None-Match": etag})
                    self.assertEqual((same.status, same.raw), (304, b""))
                    for name in ("ETag", "Vary", "Cache-Control"):
                        self.assertEqual(same.headers[name], whole.headers[name])

    def test_a_strong_etag_is_of_one_coding(self):
        plain = self.api.get("/console/app.js", headers={"Accept-Encoding": "identity"})
        packed = self.api.get("/console/app.js", headers={"Accept-Encoding": "GZIP;q=0.9, br"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.raw), plain.raw)
        self.assertNotEqual(packed.headers["ETag"], plain.headers["ETag"])

    def test_an_offers_etag_is_its_version_in_whichever_coding_it_is_asked_for(self):
        description = "longo " * 160
        layout = {"text": "x" * 4000}
        offer = self.api.create_offer(description=description, configuration={"layout": layout})
        target = f"/v1/offers/{offer['offer_id']}?at_least={offer['position']}"
        asked = self.api.get(target, headers={"Accept-Encoding": "gzip, deflate, br"})
        self.assertEqual(asked.headers["ETag"], '"1"')
        only = self.api.get(target, headers={"Accept-Encoding": "gzip, identity;q=0"})
        self.assertEqual(only.headers["Content-Encoding"], "gzip")
        self.assertNotEqual(only.headers["ETag"], '"1"')
        edited = self.api.request("PATCH", f"/v1/offers/{offer['offer_id']}", {"name": "Outra"},
                                  headers={"If-Match": only.headers["ETag"]})  # fmt: skip
        self.assertEqual(edited.status, 200, edited)

    def test_codings_that_are_not_taken_are_refused_with_those_that_are(self):
        body = gzip.compress(b'{"name":"Oferta"}')
        refused = self.api.post("/v1/offers", body, headers={"Content-Encoding": "gzip"})
        self.assert_problem(refused, 415, "unsupported-content-encoding")
        self.assertEqual(refused.headers["Accept-Encoding"], "identity")
        plain = self.api.post("/v1/offers", {"name": "Oferta"}, headers={"Content-Encoding": "Identity"})
        self.assertEqual(plain.status, 201, plain)
        neither = self.api.post("/v1/offers", {"name": "Oferta"}, headers={"Accept-Encoding": "br, identity;q=0"})
        self.assert_problem(neither, 406, "not-acceptable")
        wrong = self.api.post("/v1/offers", b"{}", headers={"Content-Type": "text/plain"})
        self.assertEqual((wrong.status, wrong.headers["Accept"]), (415, "application/json"))


class Languages(EndToEnd):
    def test_a_problem_is_told_in_the_language_that_is_liked_best(self):
        for accepts, language in (("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"), ("PT", "pt-BR"), ("en-US, pt;q=0.9", "en"),
                                  ("de", "en"), (None, "en")):  # fmt: skip
            with self.subTest(accepts):
                answer = self.api.post("/v1/offers", {"name": "x", "color": 1}, headers={"Accept-Language": accepts})
                self.assert_problem(answer, 422, "validation-failed", ["/color", "/name"])
                self.assertEqual(answer.headers["Content-Language"], language)
                self.assertIn("Accept-Language", answer.headers["Vary"])
                details = {fault["code"]: fault["detail"] for fault in answer.json["errors"]}
                wanted = "deve ter no mínimo 2 caracteres" if language == "pt-BR" else "must have at least 2 characters"
                self.assertEqual(details["min_length"], wanted)

    def test_everything_on_the_way_to_a_command_is_told_in_it(self):
        client = self.client(self.api.api_key)
        client.headers["Accept-Language"] = "pt-BR"
        nothing = "/v1/offers/00000000-0000-7000-8000-000000000000"
        for answer, detail in (
            (client.get(nothing), "esta oferta não existe"),
            (client.post(nothing + "/pause"), "Não existe esta oferta."),
            (client.get("/v1/nada"), "Este caminho não existe; /docs mostra os que existem."),
            (client.request("PUT", "/v1/offers"), "O caminho aceita"),
            (client.get("/v1/offers?limit=x"), "limit é um número inteiro de 1 a 1000"),
            (client.post("/v1/offers", b"{"), "não é JSON bem formado"),
            (client.get("/v1/offers", headers={"Authorization": "Bearer x"}), "Envie 'Authorization"),
            (client.post("/v1/offers", b"x" * (1 << 20 | 1)), "Envie menos"),
        ):
            with self.subTest(detail):
                self.assertIn(detail, answer.json["detail"])
                self.assertEqual(answer.headers["Content-Language"], "pt-BR")

    def test_a_stored_refusal_is_replayed_in_the_language_of_whoever_asks(self):
        self.sandbox.faults({"method": "POST", "path": "/offers", "action": {"status": 409, "body": {"message": "x"}}, "times": 1})
        refused = self.api.post("/v1/offers", {"name": "Oferta"}, headers={"Idempotency-Key": "k"})
        self.assertGreaterEqual(refused.status, 400)
        ask = lambda language: self.api.post("/v1/offers", {"name": "Oferta"},
                                             headers={"Idempotency-Key": "k", "Accept-Language": language})  # fmt: skip
        self.assertEqual(ask("en").raw, refused.raw)
        portuguese = ask("pt-BR")
        self.assertEqual(portuguese.raw, ask("pt-BR").raw)
        self.assertNotEqual(portuguese.json["title"], refused.json["title"])
        self.assertEqual(portuguese.headers["Idempotency-Replayed"], "true")
        self.assertEqual(portuguese.json.keys(), refused.json.keys())
        state = self.api.get(f"/v1/commands/{refused.json['command_id']}", headers={"Accept-Language": "pt-BR"})
        self.assertEqual(state.json["answer"]["body"]["title"], portuguese.json["title"])

    def test_the_role_that_is_missing_is_named(self):
        reader = self.client(json.loads(self.server.cli("key", "add", self.tenant, "--role", "reader", check=0).stdout)["api_key"])
        command = reader.post("/v1/offers", {"name": "Oferta"})
        self.assert_problem(command, 403, "forbidden")
        self.assertIn("operator", command.json["detail"])
        admin = reader.post("/v1/projections/offers/parked/offer-x/retry")
        self.assert_problem(admin, 403, "forbidden")
        self.assertIn("admin", admin.json["detail"])
        self.assertNotIn("operator", admin.json["detail"])

    def test_a_problems_page_says_every_status(self):
        page = self.api.get("/problems/clubify-unavailable", headers={"Accept-Language": "pt-BR"}).raw.decode()
        self.assertIn("502, 503 ou 504", page)


class Requests(EndToEnd):
    def test_an_unknown_method_is_501_and_a_known_one_that_a_path_lacks_405(self):
        for method in ("PROPFIND", "BREW", "get"):
            answer = self.api.request(method, "/v1/offers")
            self.assert_problem(answer, 501, "not-implemented")
        for method in ("TRACE", "PUT", "DELETE"):
            answer = self.api.request(method, "/v1/offers")
            self.assert_problem(answer, 405, "method-not-allowed")
            self.assertEqual(answer.headers["Allow"], "POST, GET, HEAD, OPTIONS")

    def test_an_escaped_path_is_the_route_that_it_means(self):
        self.api.must(200, "GET", "/v1/%6fffers")
        key = {"Idempotency-Key": "k"}
        made = self.api.post("/v1/offers", {"name": "Oferta"}, headers=key)
        again = self.api.post("/%76%31/%6Fffers", {"name": "Oferta"}, headers=key)
        self.assertEqual((again.status, again.raw, again.headers["Idempotency-Replayed"]), (201, made.raw, "true"))
        self.assertEqual(self.api.get("/v1%2Foffers").status, 404)

    def test_the_front_door_leads_on(self):
        page = self.api.get("/", headers={"Accept": "text/html"})
        self.assertEqual(page.status, 200)
        self.assertIn(b'href="/docs"', page.raw)
        self.assertIn(b'href="/console"', page.raw)
        data = self.api.get("/", headers={"Accept": "application/json"})
        for target in data.json.values():
            if target.startswith("/"):
                self.assertEqual(self.api.get(target).status, 200)

    def test_every_get_has_head_and_every_path_options(self):
        paths = self.api.get("/openapi.json").json["paths"]
        for path, operations in paths.items():
            target = path
            for name in ("{id}", "{product_id}", "{command_id}", "{name}", "{stream}", "{file}", "{tenant}", "{code}"):
                target = target.replace(name, "x")
            options = self.api.request("OPTIONS", target)
            self.assertEqual(options.status, 204, path)
            self.assertEqual("get" in operations, "GET, HEAD" in options.headers["Allow"], path)
            if "get" in operations:
                whole, head = self.api.get(target), self.api.request("HEAD", target)
                self.assertEqual((head.status, head.raw), (whole.status, b""), path)

    def test_expectations_and_repeated_fields(self):
        self.assert_problem(self.api.get("/v1/offers", headers={"Expect": "200-ok"}), 417, "expectation-failed")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        connection.putrequest("POST", "/v1/offers")
        connection.putheader("Authorization", f"Bearer {self.api.api_key}")
        for _ in range(2):
            connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", "2")
        connection.endheaders(b"{}")
        answer = connection.getresponse()
        self.assertEqual(answer.status, 400)
        connection.close()


class Addresses(EndToEnd):
    def test_ipv6_is_printed_with_brackets_and_taken_as_printed(self):
        if not socket.has_ipv6:
            self.skipTest("no IPv6 here")
        first = Server(self.folder / "six", f"http://127.0.0.1:{self.sandbox.port}")
        first.arguments[first.arguments.index("127.0.0.1:0")] = "[::1]:0"
        (self.folder / "six").mkdir()
        first.start()
        listen = first.ready["listen"]
        self.assertTrue(listen.startswith("[::1]:"), listen)
        wait_until(lambda: listen in first.log.read_text(), "the line of the log")
        with socket.create_connection(("::1", first.port)) as peer:
            peer.sendall(f"GET /healthz HTTP/1.1\r\nHost: {listen}\r\nConnection: close\r\n\r\n".encode())
            self.assertIn(b"200 OK", peer.recv(4096))
        self.assertEqual(first.stop(), 0)
        first.arguments[first.arguments.index("[::1]:0")] = listen
        first.start()
        self.assertEqual(first.ready["listen"], listen)
        self.assertEqual(first.stop(), 0)


class TheEnd(EndToEnd):
    """SIGTERM, and peers that do nothing more."""

    def ends(self):
        begin = time.monotonic()
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - begin, ENDS_WITHIN)

    @contextlib.contextmanager
    def peer(self, data):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as peer:
            peer.sendall(data)
            yield peer

    def seen(self):
        """The server has read what came before."""
        self.api.must(200, "GET", "/v1/offers")

    def test_half_a_request_does_not_hold_it(self):
        key = f"Authorization: Bearer {self.api.api_key}\r\n"
        head = "POST /v1/offers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        with self.peer(b"GET /v1/off"), self.peer(f"{head}{key}Content-Length: 50\r\n\r\n{{".encode()):
            with self.peer(f"{head}Authorization: Bearer no\r\nContent-Length: 50\r\n\r\n{{".encode()):
                self.seen()
                self.ends()

    def test_one_with_a_bad_key_does_not_hold_it(self):
        bad = b"GET /v1/offers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\n"
        with self.peer(bad + b"\r\n") as kept, self.peer(bad + b"Connection: close\r\n\r\n") as closing:
            for peer in (kept, closing):
                self.assertIn(b" 401 ", peer.recv(4096))
            self.ends()

    def test_a_stream_ends_at_once_and_whole(self):
        ask = (f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
               f"Authorization: Bearer {self.api.api_key}\r\n\r\n")  # fmt: skip
        with self.peer(ask.encode()) as peer:
            got = b""
            while b"retry" not in got:
                got += peer.recv(4096)
            begin = time.monotonic()
            self.server.process.send_signal(signal.SIGTERM)
            while part := peer.recv(4096):
                got += part
            self.assertLess(time.monotonic() - begin, 0.5)
            self.assertTrue(got.endswith(b"0\r\n\r\n"), got)
        self.assertEqual(self.server.process.wait(PATIENCE), 0)


if __name__ == "__main__":
    main()
