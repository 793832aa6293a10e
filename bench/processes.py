#!/usr/bin/env python3
"""Processes by the tens of thousands on the real server: what they cost while they wait, and how they fire.

The log is prepared by make_processes; what happened, and when, is read from the log itself. One JSON line a figure.
"""

import argparse
import datetime
import http.client
import json
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

KEY = "clb_test_0123456789abcdef0123456789abcdef"
UTC = datetime.timezone.utc


def at(moment):
    return datetime.datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def say(name, **figures):
    print(json.dumps({"name": name} | figures), flush=True)


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else None


class Server:
    """vitrine serve on a data directory."""

    def __init__(self, binaries, data):
        self.data = data
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [binaries / "vitrine", "serve", "--data", data, "--listen", "127.0.0.1:0", "--clubify-url", "http://127.0.0.1:1"],
            stdout=subprocess.PIPE,
            stderr=open(data.parent / (data.name + ".log"), "w"),
            text=True,
        )
        self.address = json.loads(self.process.stdout.readline())["listen"]
        self.seconds_to_ready = time.monotonic() - begun

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def anonymous_mib(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("RssAnon"))
        return int(line.split()[1]) / 1024

    def metrics(self):
        connection = http.client.HTTPConnection(self.address)
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Log:
    """The events of the log, beside the server."""

    def __init__(self, data):
        self.database = sqlite3.connect(f"file:{data}/events.db?mode=ro", uri=True)

    def count(self, kind):
        return self.database.execute("SELECT count(*) FROM event_log WHERE type = ?", (kind,)).fetchone()[0]

    def fired(self):
        """(due, recorded) of each timer, in seconds."""
        rows = self.database.execute(
            "SELECT json_extract(data, '$.due'), recorded_at FROM event_log WHERE type = 'ProcessTimerFired'"
        ).fetchall()
        return [(seconds_of(due), seconds_of(recorded)) for due, recorded in rows]

    def wait_for(self, kind, count, limit):
        end = time.monotonic() + limit
        while self.count(kind) < count:
            if time.monotonic() > end:
                raise SystemExit(f"only {self.count(kind)} of {count} {kind} after {limit} s")
            time.sleep(0.2)


def seconds_of(moment):
    if isinstance(moment, (int, float)):
        return moment / 1e6
    return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


class Queries(threading.Thread):
    """One GET /v1/offers/{id} after the other, so many a second, until it is stopped."""

    def __init__(self, address, key, offer, each_second=200):
        super().__init__()
        self.address, self.key, self.offer, self.pause = address, key, offer, 1 / each_second
        self.taken, self.stopped = [], threading.Event()
        self.start()

    def run(self):
        connection = http.client.HTTPConnection(self.address)
        next_at = time.monotonic()
        while not self.stopped.is_set():
            begun = time.monotonic()
            connection.request("GET", f"/v1/offers/{self.offer}", headers={"Authorization": "Bearer " + self.key})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"a query was answered {answer.status}")
            self.taken.append((begun, time.monotonic() - begun))
            next_at += self.pause
            time.sleep(max(0, next_at - time.monotonic()))

    def stop(self):
        self.stopped.set()
        self.join()

    def milliseconds(self, since=0, until=float("inf")):
        return [taken * 1000 for begun, taken in self.taken if since <= begun <= until]


class Bench:
    def __init__(self, binaries, work):
        self.binaries, self.work = binaries, work

    def prepare(self, name, *arguments):
        """A data directory with its tenant; the key and an offer's id."""
        data = self.work / name
        added = subprocess.run(
            [self.binaries / "vitrine", "tenant", "add", "bench", "--data", data, "--clubify-api-key", KEY]
            + ["--clubify-tenant-id", "0123456789abcdef01234567"],
            check=True, capture_output=True, text=True,
        )
        made = subprocess.run([self.binaries / "make_processes", data, *arguments], check=True, capture_output=True, text=True)
        return data, json.loads(added.stdout)["api_key"], made.stdout.strip()

    def build_read_models(self, data):
        """A first start, until every read model and the runner have come to the end of the log."""
        server = Server(self.binaries, data)
        checkpoint = data / "processes.checkpoint"
        end, read, since = time.monotonic() + 300, "", time.monotonic()
        while not read or time.monotonic() < since + 3:
            if time.monotonic() > end:
                raise SystemExit("processes do not come to the end of the log")
            time.sleep(0.2)
            now = checkpoint.read_text() if checkpoint.exists() else ""
            if now != read:
                read, since = now, time.monotonic()
        server.stop()

    def waiting(self, count):
        """What processes that wait cost: beside the same offers without them."""
        figures = {}
        for name, more in (("bare", ["--bare"]), ("open", [])):
            data, _, _ = self.prepare(name, "--count", str(count), "--due", "2040-01-01T00:00:00Z", *more)
            self.build_read_models(data) if name == "open" else Server(self.binaries, data).stop()
            server = Server(self.binaries, data)
            time.sleep(5)
            figures[name] = (server.seconds_to_ready, server.resident_mib(), server.anonymous_mib())
            server.stop()
            shutil.rmtree(data)
        (bare_start, bare, bare_own), (start, resident, own) = figures["bare"], figures["open"]
        say(
            f"{count} open processes with timers",
            more_mib=round(resident - bare, 1), more_mib_of_its_own=round(own - bare_own, 1),
            resident_mib=round(resident, 1), without_mib=round(bare, 1),
            ready_s=round(start, 3), ready_without_s=round(bare_start, 3),
        )

    def fire(self, name, count, every, wait):
        """`count` timers from a moment on, `every` microseconds; queries before and meanwhile."""
        first = time.time() + wait
        data, key, offer = self.prepare("fire", "--count", str(count), "--due", at(first), "--every", str(every))
        server = Server(self.binaries, data)
        log = Log(data)
        spare = first - time.time()
        if spare < 3:
            raise SystemExit(f"not ready in time: {spare:.1f} s before the first")
        time.sleep(spare - 2)
        queries = Queries(server.address, key, offer)
        time.sleep(max(0, first - time.time()))
        begun = time.monotonic()
        log.wait_for("ProcessTimerFired", count, 120)
        fired_at = time.monotonic()
        log.wait_for("ProcessEffectEnded", count, 240)
        done = time.monotonic()
        queries.stop()
        late = [recorded - due for due, recorded in log.fired()]
        before, meanwhile = queries.milliseconds(until=begun), queries.milliseconds(begun, fired_at)
        say(
            name, timers=count,
            all_fired_s=round(max(recorded for _, recorded in log.fired()) - first, 2),
            all_done_s=round(done - begun, 2),
            late_p50_ms=round(percentile(late, 0.5) * 1000, 1), late_p99_ms=round(percentile(late, 0.99) * 1000, 1),
            late_most_ms=round(max(late) * 1000, 1),
            queries=len(meanwhile), queries_p50_ms=round(statistics.median(meanwhile), 1) if meanwhile else None,
            queries_p99_ms=round(percentile(meanwhile, 0.99), 1) if meanwhile else None,
            queries_p99_before_ms=round(percentile(before, 0.99), 1),
            resident_mib=round(server.resident_mib(), 1),
        )
        server.stop()
        shutil.rmtree(data)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binaries", type=pathlib.Path)
    arguments.add_argument("--processes", type=int, default=100_000)
    arguments.add_argument("--storm", type=int, default=10_000)
    arguments.add_argument("--seconds", type=int, default=10, help="of timers at 1,000 a second")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(options.binaries, pathlib.Path(work))
        bench.waiting(options.processes)
        bench.fire("a storm at one instant", options.storm, 0, 20)
        bench.fire("1,000 a second", options.seconds * 1000, 1000, 20)


if __name__ == "__main__":
    main()
