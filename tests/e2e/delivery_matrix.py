"""The crash matrix of deliveries: the server is killed before each system call that leads from commands to their events
having been taken by five receivers: one that is fine, one that acts and is silent until the deadline is over, one that answers
garbage, one that drops connections, and one whose port is closed for a day. After the restart they get everything: each event at
least once, with the same bytes under the same id, and of a stream none before the one ahead of it was taken.

A point is one call of one kind, as in crash_matrix.py, whose tracer this uses.
"""

import collections
import contextlib
import datetime
import http.client
import json
import socket

from crash_matrix import attach, detach
from harness import Api, wait_until
from receiver import SILENCE, Receiver

# To receivers, and from them; the log's commits; writes to files, of the log, the read models and the deliveries' progress.
CALLS = ("connect", "sendmsg", "recvfrom", "fdatasync", "pwrite64")
BEGIN = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
WRITES = (
    ("POST", "/v1/coupons", {"code": "one", "discount": {"type": "fixed", "value": 100}}),
    ("POST", "/v1/coupons/one/disable", None),
    ("POST", "/v1/coupons", {"code": "two", "discount": {"type": "fixed", "value": 100}}),
)
PLACE = "/v1/webhook-endpoints"


def text_of(moment):
    return moment.isoformat().replace("+00:00", "Z")


SERVER_FLAGS = ("--allow-private-webhooks", "--webhooks-deadline", "300ms", "--test-clock", text_of(BEGIN))  # the time last: a restart sets it


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Point:
    """A tenant, its receivers, and what each of them answered to what."""

    def __init__(self, server):
        key, self.tenant, _ = server.add_tenant()
        self.server, self.key = server, key
        self.taken, self.faults = collections.defaultdict(set), []
        self.here, self.gone, self.gone_port = Receiver(), None, free_port()
        self.here.answers = {
            "/fine": [self.takes],
            "/silent": [self.takes_and_is_silent, self.takes_and_is_silent, self.takes],
            "/garbage": [b"\x00\xffno answer\r\n\r\n", (500, {}, b"<html>"), (503, {"Retry-After": "soon"}, b""), self.takes],
            "/drops": [None, None, self.takes],
        }
        self.urls = {path: self.here.url(path) for path in self.here.answers}
        self.urls["/gone"] = f"http://127.0.0.1:{self.gone_port}/gone"
        api = self.api()
        self.endpoints = {
            path: api.must(201, "POST", PLACE, {"url": url, "types": ["CouponCreated", "CouponDisabled"]}).json["endpoint_id"]
            for path, url in self.urls.items()
        }
        api.close()

    def api(self):
        return Api(self.server.port, self.key)

    def comes_back(self):
        self.gone = Receiver(port=self.gone_port)
        self.gone.answers["/gone"] = [self.takes]

    def close(self):
        for receiver in filter(None, (self.here, self.gone)):
            receiver.close()

    def takes(self, delivery):
        """What it knows already it takes again; it notices what comes before its time."""
        event = json.loads(delivery.body)
        key = (delivery.path, event["subject"])
        version = int(event["streamversion"])
        if version > 1 and version - 1 not in self.taken[key]:
            self.faults.append(f"{key}: version {version} came before the one ahead of it was taken")
        self.taken[key].add(version)
        return 200

    def takes_and_is_silent(self, delivery):
        self.takes(delivery)
        return SILENCE

    def write(self):
        """All commands, under keys of their own, as far as the server lives."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            api = self.api()
            for number, (method, path, body) in enumerate(WRITES):
                api.request(method, path, body, headers={"Idempotency-Key": str(number)})
            api.close()

    def status(self):
        api = self.api()
        items = api.must(200, "GET", "/v1/deliveries").json["items"]
        api.close()
        return {item["id"]: item for item in items}

    def check(self):
        """When everything has come."""
        api = self.api()
        wanted = {each["id"] for each in api.must(200, "GET", "/v1/events?from=1&limit=1000&category=coupon").json["events"]}
        if len(wanted) != len(WRITES):
            raise AssertionError(f"{len(wanted)} events of {len(WRITES)} commands")

        def all_is_taken():
            status = self.status()
            return all(status[each]["lag"] == 0 for each in self.endpoints.values()) and status

        status = wait_until(all_is_taken, "all is taken or given up")
        for path, endpoint in self.endpoints.items():
            if status[endpoint]["dead"]:
                raise AssertionError(f"{path}: {status[endpoint]['dead']} dead letters")
            bodies = {}
            for each in (self.gone if path == "/gone" else self.here).at(path):
                if bodies.setdefault(each.headers["webhook-id"], each.body) != each.body:
                    raise AssertionError(f"{path}: two messages under one id")
            if set(bodies) != wanted:
                raise AssertionError(f"{path}: {len(wanted - set(bodies))} events did not come, {len(set(bodies) - wanted)} are unknown")
        if self.faults:
            raise AssertionError("; ".join(self.faults))
        for endpoint in self.endpoints.values():
            api.must(200, "DELETE", f"{PLACE}/{endpoint}")
        api.close()
        return sum(len(receiver.deliveries) for receiver in (self.here, self.gone))


class Matrix:
    def __init__(self, server, say=lambda text: None):
        self.server, self.say, self.now = server, say, BEGIN
        self.sendings = 0

    def run(self, call, step=1, most=10_000):
        """Kills at each `step`th point of that call; how many points that were. Raises AssertionError with the point."""
        killed, number = 0, 1
        while killed < most and self._kill_at(call, number):
            killed += 1
            number += step
        self.say(f"before {call}: {killed} points")
        return killed

    def _set_clock(self, to, check=0):
        self.now = to
        return self.server.cli("clock", "--set", text_of(to), check=check)

    def _kill_at(self, call, number):
        """False: all was done before that point."""
        point = Point(self.server)
        try:
            tracer = attach(self.server.process.pid, call, f"signal=SIGKILL:when={number}")
            point.write()
            for pause in (0, 6, 400):  # it waits for what is under way; then the second attempts, and the third
                if self.server.running:
                    self._set_clock(self.now + datetime.timedelta(seconds=pause), check=None)
            died = detach(tracer, self.server)
            if died:
                self.server.process.wait()
                self.server.arguments[-1] = text_of(self.now)
                self.server.start()
            point.write()
            self._set_clock(self.now + DAY)
            point.comes_back()
            self._set_clock(self.now + 3 * DAY)
            self.sendings += point.check()
            return died
        except AssertionError as error:
            raise AssertionError(f"killed before {call} {number}: {error}") from error
        finally:
            point.close()
