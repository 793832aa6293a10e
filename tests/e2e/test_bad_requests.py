"""Requests that are not what they seem, byte by byte: refused or handled, never taken for others; the server lives on."""

import json
import select
import socket
import time

from harness import PATIENCE, EndToEnd, main, wait_until

GOOD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
OFFERS = b"POST /v1/offers HTTP/1.1\r\nHost: x\r\n"


class Raw:
    """A connection that sends exactly these bytes, and takes apart what comes back."""

    def __init__(self, port, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.read = b""

    def send(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass  # refused before all of it was sent

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self):
        """The next answer: status, headers in lower case, body. Nothing at the end of the connection."""
        while b"\r\n\r\n" not in self.read:
            if not self._more():
                assert not self.read, f"cut off in a header: {self.read!r}"
                return None
        head, _, rest = self.read.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        self.read = rest
        while len(self.read) < length:
            assert self._more(), "cut off in a body"
        body, self.read = self.read[:length], self.read[length:]
        return int(first.split()[1]), headers, body

    def statuses(self):
        """Of all answers until the server closes the connection."""
        found = []
        while (answer := self.answer()) is not None:
            found.append(answer[0])
        return found

    def silent_for(self, seconds):
        """Nothing came and nothing ended within that time."""
        return not select.select([self.socket], [], [], seconds)[0]

    def _more(self):
        part = self.socket.recv(65536)
        self.read += part
        return bool(part)


class BadRequests(EndToEnd):
    def raw(self, **more):
        raw = Raw(self.server.port, **more)
        self.addCleanup(raw.socket.close)
        return raw

    def tearDown(self):
        """Whatever was sent: others are served, and nothing has happened."""
        self.api.close()
        self.assertEqual(self.api.get("/healthz").status, 200)
        self.assertEqual(self.api.must(200, "GET", "/v1/events?from=1").json["events"], [])

    def exchange(self, data):
        """Statuses of the answers to these bytes; the connection must be closed by the server, and not by a reset."""
        raw = self.raw()
        raw.send(data)
        return raw.statuses()

    def assert_refused(self, data, status=400):
        """One answer, although a good request follows; then the end."""
        self.assertEqual(self.exchange(data + GOOD), [status], data)

    def authorized(self):
        return OFFERS + f"Authorization: Bearer {self.api.api_key}\r\nContent-Type: application/json\r\n".encode()


class Framing(BadRequests):
    def test_a_length_that_could_be_read_in_two_ways_is_refused(self):
        for fields in (
            b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
            b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
            b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
            b"Content-Length: 6\r\nContent-Length: 6\r\n",
            b"Content-Length: 6\r\nContent-Length: 5\r\n",
            b"Content-Length: 6\r\ncontent-length: 7\r\n",
            b"Content-Length: 6, 6\r\n",
            b"Content-Length: +6\r\n",
            b"Content-Length: -6\r\n",
            b"Content-Length: 0x6\r\n",
            b"Content-Length: 6 6\r\n",
            b"Content-Length: 6;\r\n",
            b"Content-Length: six\r\n",
            b"Content-Length:\r\n",
            b"Content-Length: 18446744073709551616\r\n",
            b"Content-Length : 6\r\n",
            b"Content-Length\t: 6\r\n",
            b"Content-Length\r\n",
        ):
            with self.subTest(fields):
                self.assert_refused(OFFERS + fields + b"\r\n0\r\n\r\nG")

    def test_a_coding_that_another_might_read_otherwise_is_refused(self):
        for field in (
            b"Transfer-Encoding: xchunked",
            b"Transfer-Encoding: chunkedx",
            b"Transfer-Encoding: identity",
            b"Transfer-Encoding: gzip",
            b"Transfer-Encoding: gzip, chunked",
            b"Transfer-Encoding: chunked, gzip",
            b"Transfer-Encoding: chunked, identity",
            b"Transfer-Encoding: chunked, chunked",
            b"Transfer-Encoding: chunked,",
            b"Transfer-Encoding: ,chunked",
            b"Transfer-Encoding: chunked;a=b",
            b'Transfer-Encoding: "chunked"',
            b"Transfer-Encoding: 'chunked'",
            b"Transfer-Encoding: \x0bchunked",
            b"Transfer-Encoding: \x0cchunked",
            b"Transfer-Encoding: chunked\x00",
            b"Transfer-Encoding:\xa0chunked",
            b"Transfer-Encoding:",
            b"Transfer-Encoding : chunked",
            b"Transfer-Encoding\t: chunked",
            b"Transfer-Encoding\x00: chunked",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            b"Transfer-Encoding:\r\n chunked",
            b"Transfer-Encoding:\n chunked",
            b"X: y\nTransfer-Encoding: chunked",
            b"X: y\rTransfer-Encoding: chunked",
            b"\rTransfer-Encoding: chunked",
        ):
            with self.subTest(field):
                self.assert_refused(OFFERS + field + b"\r\n\r\n0\r\n\r\n")

    def test_a_coding_in_http_1_0_is_refused(self):
        data = b"POST /v1/offers HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        self.assert_refused(data)

    def test_broken_chunks_are_refused(self):
        for chunks in (
            b"10000000000000000\r\n",
            b"FFFFFFFFFFFFFFFFF\r\n",
            b"1" * 400 + b"\r\n",
            b"-1\r\nx",
            b"+1\r\nx\r\n0\r\n\r\n",
            b"0x1\r\nx\r\n0\r\n\r\n",
            b" 1\r\nx\r\n0\r\n\r\n",
            b"\r\nx\r\n0\r\n\r\n",
            b";a=b\r\nx\r\n0\r\n\r\n",
            b"z\r\nx\r\n0\r\n\r\n",
            b"1,\r\nx\r\n0\r\n\r\n",
            b"1\nx\r\n0\r\n\r\n",
            b"1\rx\r\n0\r\n\r\n",
            b"1\r\nx0\r\n\r\n",
            b"1\r\nx\n0\r\n\r\n",
            b"1\r\nxy\r\n0\r\n\r\n",
            b"1;a\x00b\r\nx\r\n0\r\n\r\n",
            b"1;a\nb\r\nx\r\n0\r\n\r\n",
            b"1;" + b"a" * 100_000,
            b"0\r\nA: " + b"b" * 100_000,
            b"0\r\nbroken trailer\r\n\r\n",
            b"0\r\nContent-Length: 5\r\n\r\n",
            b"0\r\nTransfer-Encoding: gzip\r\n\r\n",
        ):
            with self.subTest(chunks[:40]):
                self.assert_refused(OFFERS + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

    def test_a_chunk_that_announces_more_than_there_can_be_is_too_large(self):
        head = self.authorized() + b"Transfer-Encoding: chunked\r\n\r\n"
        raw = self.raw()
        raw.send(head + b"FFFFFFFFFFFFFFFF\r\n" + b"x" * 2_000_000)
        self.assertEqual(raw.statuses(), [413])

    def test_trailers_change_nothing(self):
        body = json.dumps({"name": "T"}).encode()  # one character too few
        chunk = f"{len(body):X}\r\n".encode() + body + b"\r\n"
        for trailer in (b"", b"Host: y\r\n", b"A: b\r\n c\r\n"):
            with self.subTest(trailer):
                raw = self.raw()
                raw.send(self.authorized() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n" + trailer + b"\r\n")
                self.assertEqual(raw.answer()[0], 422)
                raw.send(GOOD)
                self.assertEqual(raw.answer()[0], 200)

    def test_upper_case_blanks_and_extensions_are_as_good(self):
        for field, chunks in (
            (b"TRANSFER-ENCODING: CHUNKED", b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"),
            (b"Transfer-Encoding: \t chunked \t", b"2;a=b;c\r\n{}\r\n0;d\r\n\r\n"),
            (b"Content-Length:2", b"{}"),
            (b"Content-Length: \t 002 ", b"{}"),
        ):
            with self.subTest(field):
                raw = self.raw()
                raw.send(self.authorized() + field + b"\r\n\r\n" + chunks + GOOD)
                self.assertEqual([raw.answer()[0], raw.answer()[0]], [422, 200])

    def test_a_body_that_is_needed_and_not_announced_is_411_and_what_follows_no_request(self):
        self.assert_refused(self.authorized() + b'\r\n{"name":"Tea"}', 411)
        self.assert_refused(b"POST /v1/webhooks/clubify/x HTTP/1.1\r\nHost: x\r\n\r\n{}", 411)
        self.assertEqual(self.exchange(self.authorized().replace(b"1.1", b"1.0") + b'\r\n{"name":"Tea"}'), [411])
        raw = self.raw()
        raw.send(self.authorized().replace(b"/v1/offers", b"/v1/offers/x/activate") + b"\r\n" + GOOD)
        self.assertEqual([raw.answer()[0], raw.answer()[0]], [404, 200])


class Lines(BadRequests):
    def test_lines_that_are_no_http_are_refused(self):
        for data in (
            b"GET /healthz\r\n\r\n",
            b"GET /healthz HTTP/0.9\r\n\r\n",
            b"GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n",
            b"GET /healthz HTTP/1.10\r\nHost: x\r\n\r\n",
            b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET /healthz HTTP/11\r\nHost: x\r\n\r\n",
            b"GET /healthz http/1.1\r\nHost: x\r\n\r\n",
            b"GET /healthz HTTP/1.1 \r\nHost: x\r\n\r\n",
            b"GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /healthz  HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /health z HTTP/1.1\r\nHost: x\r\n\r\n",
            b" GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            b"G\x00T /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            b"G(T /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /health\x00z HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /healthz HTTP/1.1\nHost: x\n\n",
            b"GET /healthz HTTP/1.1\r\nHost: x\n\r\n",
            b"GET /healthz HTTP/1.1\nHost: x\r\n\r\n",
            b"GET /healthz HTTP/1.1\rHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            b"\r\n\r\n \r\n\r\n",
        ):
            with self.subTest(data):
                self.assert_refused(data)

    def test_header_fields_that_are_none_are_refused(self):
        for field in (
            b"no colon",
            b": empty name",
            b"A : b",
            b"A B: c",
            b"A(: b",
            b"A: b\r\n c",
            b"A: b\r\n\tc",
            b"\tA: b",
            b" A: b",
            b"A\x00: b",
            b"A: b\x00c",
            b"A: b\x01c",
            b"A: b\x7fc",
            b"A: b\rc",
            b"A: b\nC: d",
            b"\x80: b",
        ):
            with self.subTest(field):
                self.assert_refused(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + field + b"\r\n\r\n")
                self.assert_refused(b"GET /healthz HTTP/1.1\r\n" + field + b"\r\nHost: x\r\n\r\n")

    def test_a_host_that_is_missing_or_could_be_another_is_refused(self):
        for hosts in (b"", b"Host: x\r\nHost: x\r\n", b"Host: x\r\nHost: y\r\n", b"Host: x y\r\n", b"Host: x/y\r\n",
                      b"Host: x@y\r\n", b"Host: x\\y\r\n", b"Host: x?y\r\n", b"Host: <x>\r\n"):  # fmt: skip
            with self.subTest(hosts):
                self.assert_refused(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n")

    def test_targets_of_every_form(self):
        for target, status in (
            (b"GET http://x/healthz", 200),
            (b"GET HTTP://x:8080/healthz", 200),
            (b"GET https://other.example/healthz", 200),
            (b"GET http://x/v1/offers?limit=1", 401),
            (b"GET http://x", 200),
            (b"OPTIONS *", 204),
            (b"OPTIONS http://x/v1/offers", 204),
            (b"TRACE /healthz", 405),
            (b"BREW /healthz", 501),
            (b"GET //healthz", 404),
            (b"GET /healthz/", 404),
            (b"GET /v1/../healthz", 404),
            (b"GET /%68ealthz", 200),
            (b"GET /healthz#x", 400),
            (b"GET /healthz?%zz", 400),
            (b"GET /v1/offers/%00", 400),
            (b"GET /v1/offers/\xff", 401),
        ):
            with self.subTest(target):
                raw = self.raw()
                raw.send(target + b" HTTP/1.1\r\nHost: x\r\n\r\n" + GOOD)
                self.assertEqual([raw.answer()[0], raw.answer()[0]], [status, 200])

    def test_targets_for_proxies_are_refused(self):
        for target in (b"CONNECT x:443", b"CONNECT x", b"GET x:80", b"GET healthz", b"GET xhealthz",
                       b"GET *", b"GET *healthz", b"GET http://", b"GET http:///healthz", b"GET http:healthz",
                       b"GET ftp://x/healthz", b"GET http://name@x/healthz", b"GET ?x", b"GET #x"):  # fmt: skip
            with self.subTest(target):
                self.assert_refused(target + b" HTTP/1.1\r\nHost: x\r\n\r\n")

    def test_a_header_that_is_too_large_is_431(self):
        for data in (
            b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /" + b"x" * 200_000,
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 20_000 + b"\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"x" * 200_000,
            b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
            b"x" * 200_000,
        ):
            with self.subTest(data[:40]):
                self.assertEqual(self.exchange(data), [431])

    def test_http_1_0_closes_unless_it_asks_to_be_kept(self):
        self.assertEqual(self.exchange(b"GET /healthz HTTP/1.0\r\n\r\n" + GOOD), [200])
        raw = self.raw()
        raw.send(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        status, headers, _ = raw.answer()
        self.assertEqual((status, headers["connection"]), (200, "keep-alive"))
        raw.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        self.assertEqual(raw.statuses(), [200])

    def test_an_answer_in_a_form_that_there_is_not_is_406(self):
        for accept, status in (("text/html", 406), ("application/json;q=0", 406), ("*/*;q=0", 406), ("text/*", 200),
                               ("application/*", 200), ("image/png, */*;q=0.1", 200), ("", 200)):  # fmt: skip
            with self.subTest(accept):
                raw = self.raw()
                raw.send(
                    f"HEAD /v1/events HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n"
                    f"Authorization: Bearer {self.api.api_key}\r\nConnection: close\r\n\r\n".encode()
                )
                self.assertTrue(raw.socket.makefile("rb").readline().startswith(b"HTTP/1.1 %d " % status))


class Sequences(BadRequests):
    def test_a_bad_request_ends_the_pipeline_after_the_good_ones_were_answered(self):
        missing = b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"
        self.assertEqual(self.exchange(GOOD + missing + b"GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n" + GOOD), [200, 404, 400])
        bad = OFFERS + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        self.assertEqual(self.exchange(GOOD + bad + GOOD), [200, 400])

    def test_bytes_behind_a_body_are_the_next_request_and_no_part_of_this_one(self):
        post = self.authorized() + b"Content-Length: 2\r\n\r\n{}"
        self.assertEqual(self.exchange(post + b"rubbish\r\n\r\n" + GOOD), [422, 400])
        self.assertEqual(self.exchange(post + b"{}" + GOOD), [422, 400])
        raw = self.raw()
        raw.send(post + b"\r\n" + GOOD)  # the line end that some clients add
        self.assertEqual([raw.answer()[0], raw.answer()[0]], [422, 200])

    def test_a_hundred_requests_in_one_piece_are_answered_in_their_order(self):
        requests = [b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"healthz" if n % 3 else b"nowhere") for n in range(100)]
        raw = self.raw()
        raw.send(b"".join(requests))
        answers = [raw.answer()[0] for _ in requests]
        self.assertEqual(answers, [200 if n % 3 else 404 for n in range(100)])

    def test_a_peer_that_has_closed_its_side_is_answered(self):
        raw = self.raw()
        raw.send(GOOD + GOOD)
        raw.half_close()
        self.assertEqual(raw.statuses(), [200, 200])

    def test_what_was_cut_off_is_no_request(self):
        post = self.authorized() + b"Content-Length: 14\r\n\r\n" + b'{"name":"Tea"}'
        chunked = self.authorized() + b'Transfer-Encoding: chunked\r\n\r\nE\r\n{"name":"Tea"}\r\n'
        for data in (b"", b"\r\n", GOOD[:10], GOOD[:-2], GOOD[:-1], post[:-1], chunked, chunked + b"0\r\n"):
            with self.subTest(data):
                raw = self.raw()
                raw.send(data)
                raw.half_close()
                self.assertEqual(raw.statuses(), [])

    def test_a_client_that_announces_too_much_is_told_before_it_sends(self):
        head = self.authorized() + b"Content-Length: 9000000\r\nExpect: 100-continue\r\n\r\n"
        self.assertEqual(self.exchange(head), [413])


class SlowClients(BadRequests):
    server_flags = (
        "--http-header-timeout", "300ms", "--http-body-timeout", "300ms", "--http-idle-timeout", "300ms",
        "--http-write-timeout", "300ms", "--http-header-limit", "2KiB", "--http-body-limit", "4KiB",
    )  # fmt: skip

    def assert_ended(self, drip, statuses):
        """Dripping byte by byte does not keep the connection: it ends long before the last byte."""
        raw = self.raw()
        begin = time.monotonic()
        for byte in range(len(drip)):
            raw.send(drip[byte : byte + 1])
            if not raw.silent_for(0.05):
                break
        else:
            self.fail("the whole request was let in")
        self.assertEqual(raw.statuses(), statuses)
        self.assertLess(time.monotonic() - begin, PATIENCE)

    def test_a_header_that_drips_is_cut_off(self):
        self.assert_ended(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200, [408])
        self.assert_ended(b"x" * 1000, [408])
        self.assert_ended(b"\r\n" * 500, [408])

    def test_a_body_that_drips_is_cut_off(self):
        head = self.authorized() + b"Content-Length: 1000\r\n\r\n"
        raw = self.raw()
        raw.send(head)
        while raw.silent_for(0.05):
            raw.send(b"x")
        self.assertEqual(raw.statuses(), [408])
        raw = self.raw()
        raw.send(self.authorized() + b"Transfer-Encoding: chunked\r\n\r\n")
        while raw.silent_for(0.05):
            raw.send(b"1\r\nx\r\n")
        self.assertEqual(raw.statuses(), [408])

    def test_a_client_that_says_nothing_is_let_go(self):
        self.assertEqual(self.exchange(b""), [])
        raw = self.raw()
        raw.send(GOOD)
        self.assertEqual(raw.statuses(), [200])

    def test_a_client_that_does_not_read_is_let_go(self):
        raw = self.raw(receive_buffer=4096)
        raw.socket.setblocking(False)
        request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"

        def ended():
            try:
                raw.socket.send(request * 100)
            except BlockingIOError:
                return False
            except ConnectionError:
                return True
            return False

        wait_until(ended, "the end of a connection whose answers nobody reads")

    def test_the_limits_are_those_of_the_configuration(self):
        self.assertEqual(self.exchange(b"GET /" + b"x" * 2048 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), [431])
        self.assertEqual(self.exchange(self.authorized() + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000), [413])
        self.assertEqual(self.api.post("/v1/offers", {"name": "x" * 4000}).status, 422)


class ManyClients(BadRequests):
    server_flags = ("--connections-limit", "20")

    def answered(self):
        """The answer to a good request over a new connection. Nothing: it was closed without one."""
        raw = self.raw()
        raw.send(GOOD)
        try:
            return raw.answer()
        except ConnectionError:
            return None

    def test_connections_beyond_the_limit_are_closed_and_later_ones_are_served(self):
        many = [self.raw() for _ in range(20)]
        for raw in many:
            raw.send(GOOD)
            self.assertEqual(raw.answer()[0], 200)
        self.assertIsNone(self.answered())
        many[0].socket.close()
        wait_until(self.answered, "a free place")
        for raw in many[1:]:
            raw.socket.close()
        wait_until(self.answered, "the end of the others")


if __name__ == "__main__":
    main()
