"""Shows answers to Prism, a validating proxy that others wrote, which knows the server's /openapi.json.

An answer is handed to a place behind the proxy and fetched from there through it, by the request that it answers: so the
proxy sees just what the test saw, also where it could not have carried the request (a body that is no JSON, signed bytes),
where the server has been killed since, or listens elsewhere. A request that the server has taken is sent whole, body and
all, through a second proxy that looks at requests too: what the server takes must be described as well. tests/full/prism
starts the proxies and the place behind them.
"""

import http.client
import json
import os

# Ports of the proxy, of the one that looks at requests too, and of the place behind them: "4010,4011,4012"
PLACES = os.environ.get("PRISM_PLACES")
PATIENCE = 60
ERRORS = "https://stoplight.io/prism/errors#"


class Proxy:
    """Beside openapi.Document: what the proxies find."""

    def __init__(self, places):
        self.port, self.strict_port, self.behind = (int(port) for port in places.split(","))

    def exchange(self, port, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def faults_of_answer(self, method, target, answer):
        return self.faults(self.port, method, target, answer) if method != "OPTIONS" else []

    def faults_of_request(self, method, target, body, headers, answer):
        """Of one that the server has taken."""
        if method == "OPTIONS" or answer.status >= 300:
            return []
        return self.faults(self.strict_port, method, target, answer, body, headers)

    def faults(self, port, method, target, answer, body=None, headers=None):
        said = {
            "strict": port == self.strict_port,
            "status": answer.status,
            "headers": list(answer.headers.items()),
            "body": answer.raw.decode("latin-1"),
        }
        _, name = self.exchange(self.behind, "POST", "/", json.dumps(said))
        sent = {"Authorization": "Bearer any", **(headers or {}), "X-Answer": name.decode()}
        response, body = self.exchange(port, method, target, body, sent)
        if method == "HEAD":
            return [] if response.status == answer.status else [f"{method} {target}: {response.status} by the proxy"]
        problem = json.loads(body) if ERRORS.encode() in body else {}
        fault = problem.get("type", "").removeprefix(ERRORS)
        if fault in ("NO_PATH_MATCHED_ERROR", "NO_METHOD_MATCHED_ERROR") and answer.status in (404, 405):
            return []
        if problem:
            return [f"{method} {target} {answer.status}: {body.decode()}"]
        violations = response.headers.get("sl-violations")
        if response.status != answer.status or violations:
            return [f"{method} {target} {answer.status}: {response.status} {violations or body[:2000]}"]
        return []
