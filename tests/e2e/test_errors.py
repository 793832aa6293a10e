"""Every row of the contract's error table that commands and queries can meet, and hostile bytes."""

import contextlib
import http.client
import json
import signal
import socket
import threading

from harness import PATIENCE, Answer, Api, EndToEnd, main, raw_exchange, wait_until

MIB = 1024 * 1024
TEN_TO_12 = 10**12


def product(**fields):
    return {"name": "Café", "price_cents": 1990, **fields}


def nested(depth):
    """A body whose deepest value is `depth` levels below the top."""
    return b'{"name":"Cafe","price_cents":1,"metadata":' + b'{"a":' * (depth - 2) + b"{}" + b"}" * (depth - 2) + b"}"


class Bodies(EndToEnd):
    def post(self, body, target="/v1/products", **headers):
        return self.api.post(target, body, headers=headers or None)

    def tearDown(self):
        """Nothing half-written: whatever was refused left neither an event nor a call on the platform."""
        events = self.api.must(200, "GET", "/v1/events?from=1").json["events"]
        self.assertEqual(events, [])

    def test_what_is_no_json_object_is_refused(self):
        bodies = {
            "empty where members are required": b"",
            "blank": b"  \r\n ",
            "truncated": b'{"name":"Cafe","price_cents":19',
            "trailing comma": b'{"name":"Cafe","price_cents":1,}',
            "two values": b'{"name":"Cafe","price_cents":1}{}',
            "not JSON": b"name=Cafe",
            "comment": b'{"name":"Cafe","price_cents":1}//x',
            "NaN": b'{"name":"Cafe","price_cents":NaN}',
            "infinity": b'{"name":"Cafe","price_cents":1e999}',
            "leading zero": b'{"name":"Cafe","price_cents":01}',
            "single quotes": b"{'name':'Cafe','price_cents':1}",
            "array": b"[]",
            "string": b'"Cafe"',
            "null": b"null",
        }
        for name, body in bodies.items():
            with self.subTest(name):
                answer = self.post(body)
                self.assertIn(answer.status, (400, 422), answer)
                self.assert_problem(answer, answer.status)
                if name in ("truncated", "trailing comma", "two values", "not JSON", "comment", "NaN",
                            "leading zero", "single quotes"):  # fmt: skip
                    self.assertEqual(answer.status, 400, answer)

    def test_bytes_that_are_no_utf8_are_refused(self):
        for name, text in {
            "stray byte": b"\xff",
            "overlong": b"\xc0\xaf",
            "lone surrogate": b"\xed\xa0\x80",
            "cut off": b"\xe2\x82",
            "above U+10FFFF": b"\xf4\x90\x80\x80",
        }.items():
            with self.subTest(name):
                self.assert_problem(self.post(b'{"name":"Ca' + text + b'fe","price_cents":1}'), 400)

    def test_utf16_is_refused(self):
        for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-32"):
            with self.subTest(encoding):
                self.assert_problem(self.post(json.dumps(product()).encode(encoding)), 400)

    def test_nul_is_refused_raw_and_escaped_in_values_and_names(self):
        for body in (
            b'{"name":"Ca\x00fe","price_cents":1}',
            b'{"name":"Ca\\u0000fe","price_cents":1}',
            b'{"name":"Cafe","price_cents":1,"metadata":{"a\\u0000":1}}',
            b'{"name":"Cafe","price_cents":1}\x00',
        ):
            with self.subTest(body):
                self.assert_problem(self.post(body), 400)

    def test_a_lone_surrogate_escape_is_refused(self):
        self.assert_problem(self.post(b'{"name":"Ca\\ud800fe","price_cents":1}'), 400)

    def test_duplicate_members_are_refused_at_every_depth(self):
        for body in (
            b'{"name":"Cafe","name":"Tea","price_cents":1}',
            b'{"name":"Cafe","price_cents":1,"metadata":{"a":1,"a":1}}',
            b'{"name":"Cafe","price_cents":1,"metadata":{"a":[{"b":1,"\\u0062":2}]}}',
        ):
            with self.subTest(body):
                self.assert_problem(self.post(body), 400)

    def test_a_body_nested_deeper_than_64_is_refused(self):
        self.assert_problem(self.post(nested(65)), 400)
        self.assert_problem(self.post(nested(100_000)), 400)
        self.assert_problem(self.post(b"[" * 500_000), 400)

    def test_another_content_type_is_refused(self):
        body = json.dumps(product()).encode()
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "json",
                             "application/json-patch+json", "text/json; charset=utf-8"):  # fmt: skip
            with self.subTest(content_type):
                answer = self.post(body, **{"Content-Type": content_type})
                self.assert_problem(answer, 415, "unsupported-media-type")

    def test_a_fault_is_told_with_a_pointer_to_the_member_itself(self):
        long = "x" * 256
        cases = [
            ("/v1/products", {}, ["/name", "/price_cents"]),
            ("/v1/products", {"name": "C", "price_cents": -1}, ["/name", "/price_cents"]),
            ("/v1/products", {"name": long, "price_cents": TEN_TO_12 + 1}, ["/name", "/price_cents"]),
            ("/v1/products", {"name": 5, "price_cents": "1990"}, ["/name", "/price_cents"]),
            ("/v1/products", {"name": None, "price_cents": None}, ["/name", "/price_cents"]),
            ("/v1/products", product(price_cents=19.5), ["/price_cents"]),
            ("/v1/products", product(price_cents=10**30), ["/price_cents"]),
            ("/v1/products", product(price_cents=True), ["/price_cents"]),
            ("/v1/products", product(type="car", currency="XXX"), ["/currency", "/type"]),
            ("/v1/products", product(description="x" * 5001), ["/description"]),
            ("/v1/products", product(surprise=1), ["/surprise"]),
            ("/v1/products", product(metadata=[]), ["/metadata"]),
            ("/v1/products", product(metadata={"vitrine": {}}), ["/metadata/vitrine"]),
            ("/v1/offers", {}, ["/name"]),
            ("/v1/offers", {"name": "Tea", "slug": "Not a slug"}, ["/slug"]),
            ("/v1/offers", {"name": "Tea", "slug": "-tea"}, ["/slug"]),
            ("/v1/offers", {"name": "Tea", "slug": "t" * 101}, ["/slug"]),
            ("/v1/offers", {"name": "Tea", "description": "x" * 1001}, ["/description"]),
            ("/v1/offers", {"name": "Tea", "type": "circus", "activate": 1}, ["/activate", "/type"]),
            ("/v1/offers", {"name": "Tea", "products": [{}]}, ["/products/0/product_id"]),
            ("/v1/offers", {"name": "Tea", "products": {}}, ["/products"]),
            (
                "/v1/offers",
                {"name": "Tea", "products": [{"product_id": "x", "quantity": 0, "price_cents": 1.5}]},
                ["/products/0/price_cents", "/products/0/product_id", "/products/0/quantity"],
            ),
            (
                "/v1/offers",
                {"name": "Tea", "configuration": {"theme": 1, "colour": {}}},
                ["/configuration/colour", "/configuration/theme"],
            ),
            (
                "/v1/offers",
                {"name": "T", "slug": "?", "products": [{"product_id": "x", "discount": {"type": "gift"}}]},
                ["/name", "/products/0/discount/type", "/products/0/discount/value", "/products/0/product_id",
                 "/slug"],  # fmt: skip
            ),
        ]
        for target, body, pointers in cases:
            with self.subTest(str(body)[:80]):
                self.assert_problem(self.post(body, target), 422, pointers=pointers)

    def test_an_unknown_product_is_pointed_at(self):
        body = {"name": "Tea", "products": [{"product_id": "01890000-0000-7000-8000-000000000000"}]}
        answer = self.post(body, "/v1/offers")
        self.assert_problem(answer, 422, pointers=["/products/0/product_id"])

    def test_a_discount_above_one_hundred_percent_is_refused(self):
        line = {"clubify_product_id": "p" * 24, "discount": {"type": "percentage", "value": 101}}
        answer = self.post({"name": "Tea", "products": [line]}, "/v1/offers")
        self.assert_problem(answer, 422, pointers=["/products/0/discount/value"])

    def test_an_offer_cannot_be_created_active_without_a_product(self):
        answer = self.post({"name": "Tea", "activate": True}, "/v1/offers")
        self.assertEqual(answer.status, 422, answer)
        self.assert_problem(answer, 422)


class Limits(EndToEnd):
    def test_a_body_of_exactly_one_mebibyte_is_read(self):
        frame = json.dumps(product(metadata={"a": ""})).encode()
        body = frame.replace(b'"a": ""', b'"a": "' + b"x" * (MIB - len(frame)) + b'"')
        self.assertEqual(len(body), MIB)
        self.api.must(201, "POST", "/v1/products", body)

    def test_a_body_nested_64_deep_is_read(self):
        self.api.must(201, "POST", "/v1/products", nested(64))

    def test_json_with_a_charset_is_read(self):
        self.api.must(201, "POST", "/v1/products", json.dumps(product()).encode(),
                      headers={"Content-Type": "application/json; charset=UTF-8"})  # fmt: skip

    def test_a_body_over_one_mebibyte_is_answered_413(self):
        for size in (MIB + 1, 4 * MIB):
            with self.subTest(size):
                self.assert_problem(self.api.post("/v1/products", b"x" * size), 413, "body-too-large")

    def test_a_chunked_body_over_one_mebibyte_is_answered_413(self):
        chunks = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        head = self.head("POST", "/v1/products", "Transfer-Encoding: chunked")
        self.assert_problem(raw_exchange(self.server.port, head + chunks * 20 + b"0\r\n\r\n"), 413)

    def head(self, method, target, *more):
        lines = [
            f"{method} {target} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.api.api_key}",
            "Content-Type: application/json",
            *more,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def test_a_chunked_body_is_read(self):
        body = json.dumps(product()).encode()
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        head = self.head("POST", "/v1/products", "Transfer-Encoding: chunked", "Connection: close")
        self.assertEqual(raw_exchange(self.server.port, head + chunk).status, 201)

    def test_a_request_that_is_no_http_is_answered_400(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"POST /v1/products HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST /v1/products HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                     b"GET /healthz HTTP/1.1\r\nbroken header\r\n\r\n"):  # fmt: skip
            with self.subTest(data):
                self.assertEqual(raw_exchange(self.server.port, data, shut=True).status, 400)

    def test_a_head_of_many_headers_is_refused_and_the_server_lives(self):
        head = self.head("GET", "/v1/offers", *[f"X-{number}: {'x' * 1000}" for number in range(100)])
        self.assertIn(raw_exchange(self.server.port, head, shut=True).status, (400, 431))
        self.api.must(200, "GET", "/v1/offers")

    def test_a_body_cut_off_by_its_sender_leaves_nothing(self):
        head = self.head("POST", "/v1/products", "Content-Length: 100")
        with socket.create_connection(("127.0.0.1", self.server.port)) as peer:
            peer.sendall(head + b'{"name":"Cafe","price_cents":1}')
            peer.shutdown(socket.SHUT_WR)
            while peer.recv(65536):
                pass
        self.assertEqual(self.api.must(200, "GET", "/v1/events?from=1").json["events"], [])

    def test_hostile_targets_are_answered_and_the_server_lives(self):
        for target in ("/v1/offers/%00", "/v1/offers/..%2f..%2fetc", "/v1/offers/" + "x" * 4000, "/v1/offers/%ff",
                       "/v1/offers/%zz", "/v1/offers?limit=%00", "//v1//offers", "/v1/offers/' OR 1=1--"):  # fmt: skip
            with self.subTest(target):
                data = self.head("GET", target.replace(" ", "%20"), "Connection: close")
                answer = raw_exchange(self.server.port, data)
                self.assertTrue(400 <= answer.status < 500, answer)
        self.api.must(200, "GET", "/v1/offers")


class Access(EndToEnd):
    def test_no_or_a_bad_key_is_answered_401(self):
        for value in (None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic Zm9vOmJhcg==",
                      f"Bearer {self.api.api_key}x", self.api.api_key):  # fmt: skip
            for method, target in (("GET", "/v1/offers"), ("POST", "/v1/products"), ("GET", "/v1/events"),
                                   ("GET", "/v1/commands"), ("GET", "/v1/commands/x"),
                                   ("GET", "/v1/projections")):  # fmt: skip
                with self.subTest(value=value, target=target):
                    answer = self.api.request(method, target, headers={"Authorization": value})
                    self.assert_problem(answer, 401)
                    self.assertIn("WWW-Authenticate", answer.headers)

    def test_a_bad_key_is_told_before_anything_about_the_body(self):
        answer = self.api.post("/v1/products", b"{", headers={"Authorization": "Bearer nonsense"})
        self.assert_problem(answer, 401)

    def test_an_unknown_route_is_404_and_a_wrong_method_405(self):
        self.assert_problem(self.api.get("/v1/nothing"), 404)
        self.assert_problem(self.api.get("/v1/offers/x/activate"), 405)
        answer = self.api.request("DELETE", "/v1/offers")
        self.assert_problem(answer, 405)
        self.assertIn("GET", answer.headers["Allow"])

    def test_an_unknown_id_is_404_everywhere(self):
        unknown = "01890000-0000-7000-8000-000000000000"
        for method, target, body in (
            ("GET", f"/v1/offers/{unknown}", None),
            ("GET", "/v1/offers/nonsense", None),
            ("GET", f"/v1/offers/{unknown}/analytics", None),
            ("GET", f"/v1/offers/{unknown}/events", None),
            ("GET", f"/v1/offers/{unknown}/checkout-url", None),
            ("GET", f"/v1/products/{unknown}", None),
            ("GET", f"/v1/commands/{unknown}", None),
            ("PATCH", f"/v1/products/{unknown}", {"name": "Tea"}),
            ("PATCH", f"/v1/offers/{unknown}", {"name": "Tea"}),
            ("POST", f"/v1/offers/{unknown}/activate", None),
            ("POST", f"/v1/offers/{unknown}/pause", None),
            ("POST", f"/v1/offers/{unknown}/archive", None),
            ("POST", f"/v1/offers/{unknown}/products", {"clubify_product_id": "p" * 24}),
            ("PUT", f"/v1/offers/{unknown}/products/{unknown}", {"quantity": 2}),
            ("DELETE", f"/v1/offers/{unknown}/products/{unknown}", None),
        ):
            with self.subTest(f"{method} {target}"):
                self.assert_problem(self.api.request(method, target, body), 404, "not-found")

    def test_a_problem_has_a_page(self):
        problem = self.api.get("/v1/offers/nonsense").json
        answer = self.api.get(problem["type"], headers={"Authorization": None})
        self.assertEqual(answer.status, 200)


class Headers(EndToEnd):
    def test_a_bad_if_match_is_refused(self):
        offer = self.api.create_offer()
        for value in ("1", '"x"', "W/", '"-1"', '"1'):
            with self.subTest(value):
                answer = self.api.request("PATCH", f"/v1/offers/{offer['offer_id']}", {"name": "Tea"},
                                          headers={"If-Match": value})  # fmt: skip
                self.assertIn(answer.status, (400, 412, 422), answer)
        self.assertEqual(self.api.types(offer["offer_id"]), ["OfferCreated"])

    def test_a_bad_idempotency_key_is_refused(self):
        for key in ("", "x" * 256, "caf\xe9"):
            with self.subTest(key):
                answer = self.api.post("/v1/products", product(), headers={"Idempotency-Key": key})
                self.assertIn(answer.status, (400, 422), answer)

    def test_a_bad_query_parameter_of_a_list_is_refused(self):
        for query in ("limit=0", "limit=1001", "limit=x", "limit=-1", "cursor=nonsense", "status=nonsense",
                      "type=nonsense", "sort=nonsense"):  # fmt: skip
            with self.subTest(query):
                answer = self.api.get(f"/v1/offers?{query}")
                self.assertIn(answer.status, (400, 422), answer)
                self.assert_problem(answer, answer.status)


class DiskFull(EndToEnd):
    server_flags = ("--disk-reserve", "1000000GiB")  # more than any disk has

    def test_commands_are_507_and_reads_go_on(self):
        for target, body in (("/v1/products", product()), ("/v1/offers", {"name": "Tea"})):
            self.assert_problem(self.api.post(target, body), 507, "disk-full")
        self.assertEqual(self.api.must(200, "GET", "/v1/events?from=1").json["events"], [])
        self.api.must(200, "GET", "/v1/offers")
        self.assertEqual(self.sandbox.count("POST", "/offers") + self.sandbox.count("POST", "/products"), 0)
        ready = self.api.must(200, "GET", "/readyz").json
        self.assertEqual((ready["status"], ready["reasons"]),
                         ("degraded", ["the disk is nearly full: commands are refused"]))  # fmt: skip


class Overloaded(EndToEnd):
    server_flags = ("--queue-limit", "1")

    def test_a_full_queue_is_503_and_what_was_accepted_is_kept(self):
        answers = []

        def send_many():
            with contextlib.closing(Api(self.server.port, self.api.api_key)) as api:
                for _ in range(20):
                    answers.append(api.post("/v1/products", product()))

        def refused():
            senders = [threading.Thread(target=send_many) for _ in range(8)]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
            return [answer for answer in answers if answer.status == 503]

        answer = wait_until(refused, "a refusal")[0]
        self.assert_problem(answer, 503, "overloaded")
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertLessEqual({answer.status for answer in answers}, {201, 503})
        created = {answer.json["product_id"] for answer in answers if answer.status == 201}
        there = {product["metadata"]["vitrine"]["product_id"] for product in self.sandbox.state("products")}
        self.assertEqual(there, created)


class ShuttingDown(EndToEnd):
    def test_a_command_that_arrives_whole_after_the_signal_is_503(self):
        body = json.dumps(product()).encode()
        head = (f"POST /v1/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.api.api_key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")  # fmt: skip
        with socket.create_connection(("127.0.0.1", self.server.port)) as peer:
            peer.sendall(head.encode() + body[:10])
            self.api.must(200, "GET", "/v1/offers")  # the server has read what came before
            self.server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: "stopping" in self.server.log.read_text(), "the end to begin")
            peer.sendall(body[10:])
            response = http.client.HTTPResponse(peer)
            response.begin()
            answer = Answer(response.status, response.headers, response.read())
        self.assert_problem(answer, 503, "shutting-down")
        self.assertEqual(self.server.process.wait(PATIENCE), 0)  # a second signal would end it at once
        self.assertEqual(self.sandbox.count("POST", "/products"), 0)


if __name__ == "__main__":
    main()
