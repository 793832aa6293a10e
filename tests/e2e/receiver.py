"""A receiver of webhooks on loopback, which checks nothing by itself: it keeps what came, byte for byte, and answers as told."""

import base64
import collections
import contextlib
import hashlib
import hmac
import http.server
import json
import ssl
import sys
import threading

from harness import wait_until

SILENCE = object()
Delivery = collections.namedtuple("Delivery", "path headers body")


def signature(secret, headers, body):
    """By the standard's text alone: HMAC-SHA256 over id, time and body, with the key that the secret is base64 of."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    text = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


class Receiver:
    """`answers` maps a path to what is answered there, in order, the last one for ever: a status, or (status, headers, body),
    or bytes that are sent as they are, or SILENCE until the sender gives up, or a function of the delivery that gives one of these; None hangs up. With `certificate`, a pair of files, over TLS:
    `handshakes` are those that came about, `refused` what the sender said to the others."""

    def __init__(self, certificate=None, port=0):
        self.deliveries, self.answers, self._lock = [], {}, threading.Lock()
        self.handshakes, self.refused = 0, []
        self.tls = certificate and ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            self.shows(certificate)
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver.take(Delivery(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                if answer is SILENCE:
                    with contextlib.suppress(OSError):
                        self.connection.recv(1)
                    answer = None
                if answer is None or isinstance(answer, bytes):
                    self.close_connection = True
                    self.wfile.write(answer or b"")
                    return
                status, headers, text = answer if isinstance(answer, tuple) else (answer, {}, b"")
                self.send_response(status)
                for name, value in {"Content-Length": str(len(text)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class HttpServer(http.server.ThreadingHTTPServer):
            def get_request(self):
                peer, address = super().get_request()
                if receiver.tls:  # each has its handshake on its own thread
                    peer = receiver.tls.wrap_socket(peer, server_side=True, do_handshake_on_connect=False)
                return peer, address

            def finish_request(self, request, client_address):
                if receiver.tls:
                    request.do_handshake()
                    receiver.handshakes += 1
                super().finish_request(request, client_address)

            def handle_error(self, request, client_address):
                fault = sys.exc_info()[1]
                if isinstance(fault, ssl.SSLError):  # with TLS 1.3 it comes after the handshake
                    receiver.refused.append(fault.reason)
                elif not isinstance(fault, ConnectionError):  # a sender that was killed is none
                    super().handle_error(request, client_address)

        self._server = HttpServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def shows(self, certificate):
        """Another certificate, for connections that are to come."""
        self.tls.load_cert_chain(*certificate)

    def url(self, path="/hook"):
        return f"https://localhost:{self.port}{path}" if self.tls else f"http://127.0.0.1:{self.port}{path}"

    def take(self, delivery):
        with self._lock:
            self.deliveries.append(delivery)
            answers = self.answers.get(delivery.path, [200])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(delivery) if callable(answer) else answer

    def at(self, path="/hook"):
        with self._lock:
            return [each for each in self.deliveries if each.path == path]

    def events(self, path="/hook"):
        return [json.loads(each.body) for each in self.at(path)]

    def wait_for(self, count, path="/hook"):
        """The deliveries there, once there are so many."""
        wait_until(lambda: len(self.at(path)) >= count, f"{count} deliveries at {path}")
        return self.at(path)
