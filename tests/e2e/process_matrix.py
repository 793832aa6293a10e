"""The crash matrix of processes: the server is killed before each system call that leads from a timer that falls due to
an offer that is active here and on the platform, while the platform is fine or fails in one of the ways it can fail.
After the restart nobody asks for anything: the process has to come to the same end by itself.

A point is one call of one kind, as in crash_matrix.py, whose tracer this uses.
"""

import datetime
import time

from crash_matrix import attach, detach
from harness import Api, wait_until

CALLS = ("fdatasync", "sendmsg", "pwrite64")
BEGIN = "2026-03-01T12:00:00Z"
SERVER_FLAGS = ("--clubify-settle", "1s", "--test-clock", BEGIN)  # the clock's time last: a restart sets it
HOUR = datetime.timedelta(hours=1)

PLATFORMS = {
    "fine": None,
    "503": {"action": {"status": 503}},
    "times out after acting": {"action": {"status": 504, "effect": True}},
    "cut off after acting": {"action": {"drop": "after"}},
}


def text_of(moment):
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


class Matrix:
    def __init__(self, sandbox, server, say=lambda text: None):
        self.sandbox, self.server, self.say = sandbox, server, say

    def run(self, platform, calls=CALLS, write_step=1):
        """Kills at every point, of the writes to files at each `write_step`th; returns how many points there were.
        Raises AssertionError with the point."""
        killed = 0
        for call in calls:
            number = 1
            while self._kill_at(platform, call, number):
                killed += 1
                number += write_step if call == "pwrite64" else 1
        self.say(f"platform {platform}: {killed} points")
        return killed

    def _clock(self, *arguments):
        done = self.server.cli("clock", *arguments, check=0)
        return datetime.datetime.fromisoformat(done.stdout.strip().replace("Z", "+00:00"))

    def _kill_at(self, platform, call, number):
        """False: all was done before that point."""
        key, tenant, _ = self.server.add_tenant()
        api = Api(self.server.port, key)
        product = api.create_product()["product_id"]
        offer = api.create_offer(products=[{"product_id": product}])
        due = self._clock() + HOUR
        path = f"/v1/offers/{offer['offer_id']}/schedule"
        api.must(200, "PUT", path, {"activate_at": text_of(due)})
        publish = f"/offers/{offer['clubify_offer_id']}/publish"
        self._clock("--advance", "1m")  # the timer is set
        if PLATFORMS[platform]:
            self.sandbox.faults({"method": "POST", "path": publish, "times": 1, **PLATFORMS[platform]})
        tracer = attach(self.server.process.pid, call, f"signal=SIGKILL:when={number}")
        self.server.cli("clock", "--set", text_of(due + 3 * HOUR))  # it fails with the server
        api.close()
        detach(tracer, self.server)
        # A thread of the read models may meet the point after the answer.
        time_left = time.monotonic() + 0.02
        while time.monotonic() < time_left and self.server.running:
            time.sleep(0.002)
        died = not self.server.running
        if died:
            self.server.arguments[-1] = text_of(due + 3 * HOUR)
            self.server.start()
        try:
            self._agree(key, tenant, offer, due)
        except AssertionError as error:
            raise AssertionError(f"killed, platform {platform}, before {call} {number}: {error}") from error
        finally:
            self.sandbox.no_faults()
        return died

    def _agree(self, key, tenant, offer, due):
        self._clock("--set", text_of(due + 9 * HOUR))
        api = Api(self.server.port, key)
        try:
            def types():
                all_types = [each["type"] for each in api.must(200, "GET", "/v1/events?limit=1000").json["events"]]
                return all_types if "ProcessEffectEnded" in all_types else None

            found = wait_until(types, "the end of the activation")
            for once in ("OfferActivated", "ProcessTimerFired", "ProcessEffectIntended", "ProcessEffectEnded"):
                if found.count(once) != 1:
                    raise AssertionError(f"{found.count(once)} of {once} in {found}")
        finally:
            api.close()
        status = self.sandbox.state("offers", _id=offer["clubify_offer_id"])[0]["status"]
        if status != "active":
            raise AssertionError(f"the offer is {status} on the platform")
        done = self.server.cli("reconcile", "--tenant", tenant)
        if done.returncode != 0:
            raise AssertionError(f"log and platform differ: {done.stdout}{done.stderr}")
