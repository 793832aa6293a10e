"""TLS by configuration, and a new certificate at SIGHUP while connections are open."""

import collections
import pathlib
import signal
import socket
import ssl
import tempfile
import threading
import warnings

from certificates import make_certificate
from harness import PATIENCE, EndToEnd, Server, main, wait_until

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def speaking(version):
    """A client of that version only, however old."""
    context = ssl.create_default_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    if version == "TLSv1_1":
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Tls(EndToEnd):
    def setUp(self):
        self.certificate, self.key = self.folder / "served.pem", self.folder / "served.key"
        self.first = make_certificate(self.folder, "first")
        self.second = make_certificate(self.folder, "second")
        self.serve_with(*self.first)
        flags = ("--tls-certificate", str(self.certificate), "--tls-key", str(self.key))
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        self.tls_server = Server(folder, f"http://127.0.0.1:{self.sandbox.port}", *flags)
        self.addCleanup(self.tls_server.kill)

    def serve_with(self, certificate, key):
        self.certificate.write_bytes(certificate.read_bytes())
        self.key.write_bytes(key.read_bytes())

    def connect(self, trusted, context=None, session=None):
        context = context or ssl.create_default_context()
        context.load_verify_locations(str(trusted))
        plain = socket.create_connection(("127.0.0.1", self.tls_server.port), PATIENCE)
        peer = context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False, session=session)
        self.addCleanup(peer.close)
        return peer

    @staticmethod
    def name_of(peer):
        return dict(part[0] for part in peer.getpeercert()["subject"])["commonName"]

    def assert_answers(self, peer):
        peer.sendall(REQUEST)
        self.assertTrue(peer.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n"))

    def reloaded(self, event):
        before = self.tls_server.log.read_text().count(event)
        self.tls_server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.tls_server.log.read_text().count(event) > before, event)

    def test_requests_one_after_the_other_and_an_end_that_is_said(self):
        self.tls_server.start()
        peer = self.connect(self.first[0])
        for _ in range(3):
            self.assert_answers(peer)
        peer.sendall(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answer = b""
        while part := peer.recv(65536):  # a cut without close_notify would raise
            answer += part
        self.assertIn(b"Connection: close\r\n", answer)

    def test_a_long_answer_arrives_whole(self):
        self.tls_server.start()
        peer = self.connect(self.first[0])
        peer.sendall(b"GET /openapi.json HTTP/1.0\r\n\r\n")
        answer = b""
        while part := peer.recv(65536):
            answer += part
        head, body = answer.split(b"\r\n\r\n", 1)
        self.assertIn(b"Content-Length: %d\r\n" % len(body), head + b"\r\n")
        self.assertGreater(len(body), 50_000)

    def test_old_versions_and_plain_http_are_refused_and_the_server_lives(self):
        self.tls_server.start()
        with self.assertRaisesRegex(ssl.SSLError, "ALERT_PROTOCOL_VERSION"):  # said by the server
            self.connect(self.first[0], speaking("TLSv1_1"))
        with socket.create_connection(("127.0.0.1", self.tls_server.port), PATIENCE) as plain:
            plain.sendall(REQUEST)
            self.assertFalse(plain.recv(65536).startswith(b"HTTP/"))
        self.assert_answers(self.connect(self.first[0], speaking("TLSv1_2")))

    def test_a_client_that_says_nothing_or_never_ends_is_let_go(self):
        self.tls_server.arguments += ["--tls-handshake-timeout", "300ms"]
        self.tls_server.start()
        for said in (b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"):
            with self.subTest(said), socket.create_connection(("127.0.0.1", self.tls_server.port), PATIENCE) as plain:
                plain.sendall(said)
                self.assertEqual(plain.recv(65536), b"")
        self.assert_answers(self.connect(self.first[0]))

    def test_a_new_certificate_is_for_new_connections_only(self):
        self.tls_server.start()
        old = self.connect(self.first[0])
        self.assert_answers(old)
        self.serve_with(*self.second)
        self.reloaded("certificate reloaded")
        self.assert_answers(old)
        self.assert_answers(self.connect(self.second[0]))
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.connect(self.first[0])

    def test_a_session_from_before_does_not_go_on_under_the_old_certificate(self):
        self.tls_server.start()
        context = ssl.create_default_context()
        context.load_verify_locations(str(self.second[0]))
        before = self.connect(self.first[0], context)
        self.assert_answers(before)  # what the session can be taken up with comes before the answer
        again = self.connect(self.first[0], context, before.session)
        self.assert_answers(again)
        self.assertTrue(again.session_reused)
        self.serve_with(*self.second)
        self.reloaded("certificate reloaded")
        after = self.connect(self.first[0], context, again.session)
        self.assert_answers(after)
        self.assertEqual((after.session_reused, self.name_of(after)), (False, "second"))

    def test_handshakes_go_on_on_two_threads_while_the_certificate_is_replaced(self):
        self.tls_server.arguments += ["--io-threads", "2"]
        self.tls_server.start()
        self.connect(self.first[0]).close()
        trusting_both = ssl.create_default_context()
        for certificate, _ in (self.first, self.second):
            trusting_both.load_verify_locations(str(certificate))
        shown, faults, done = collections.Counter(), [], threading.Event()

        def keep_connecting():
            try:
                while not done.is_set():
                    peer = self.connect(self.first[0], trusting_both)
                    shown[self.name_of(peer)] += 1
                    self.assert_answers(peer)
                    peer.close()
            except (OSError, AssertionError) as fault:
                faults.append(repr(fault))

        clients = [threading.Thread(target=keep_connecting) for _ in range(8)]
        for client in clients:
            client.start()
        for number in range(30):
            before = shown.total()
            self.serve_with(*(self.first if number % 2 else self.second))
            self.reloaded("certificate reloaded")
            wait_until(lambda b=before: shown.total() > b + 8 or faults, "handshakes after the reload")
        done.set()
        for client in clients:
            client.join(PATIENCE)
        self.assertEqual(faults, [])
        self.assertGreater(min(shown["first"], shown["second"]), 0)
        self.serve_with(*self.second)
        self.reloaded("certificate reloaded")
        for _ in range(4):  # as many loops as there are take turns
            self.assert_answers(self.connect(self.second[0]))

    def test_a_bad_file_at_reload_is_told_and_the_old_certificate_stays(self):
        self.tls_server.start()
        self.serve_with(self.first[0], self.second[1])  # a key of another certificate
        self.reloaded("certificate not reloaded")
        self.assert_answers(self.connect(self.first[0]))
        self.certificate.unlink()
        self.reloaded("certificate not reloaded")
        self.assert_answers(self.connect(self.first[0]))

    def test_a_bad_file_at_start_is_an_error(self):
        self.serve_with(self.first[0], self.second[1])
        with self.assertRaisesRegex(AssertionError, "TLS: .*served.key: "):
            self.tls_server.start()
        self.certificate.write_text("no certificate")
        with self.assertRaisesRegex(AssertionError, "TLS: .*served.pem: "):
            self.tls_server.start()

    def test_a_certificate_without_a_key_is_an_error(self):
        self.tls_server.arguments = self.tls_server.arguments[:-2]
        with self.assertRaisesRegex(AssertionError, "--tls-certificate and --tls-key go together"):
            self.tls_server.start()


class PlainReload(EndToEnd):
    def test_without_tls_a_reload_does_not_end_the_server(self):
        self.server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "nothing to reload" in self.server.log.read_text(), "the line in the log")
        self.assertEqual(self.api.get("/healthz").status, 200)


if __name__ == "__main__":
    main()
