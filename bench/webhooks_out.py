#!/usr/bin/env python3
"""How many events a second the service sends to one receiver by webhooks: an endpoint is made, and all that is in the log is sent
to it anew. Tells the rate, the processor's time of the service for each, and how its memory grows."""

import argparse
import json
import os
import pathlib
import threading
import time
import urllib.request

TICKS = os.sysconf("SC_CLK_TCK")


def resident_mib(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Service:
    def __init__(self, url, key):
        self.url, self.headers = url, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, self.headers, method=method)) as answer:
            return json.load(answer)

    def position(self, endpoint):
        """Up to where all is taken, the replay's first."""
        (found,) = [each for each in self.ask("GET", "/v1/deliveries")["items"] if each["id"] == endpoint]
        assert found["dead"] == 0, found
        return found["position"], found["lag"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="of the service")
    parser.add_argument("--key", required=True, help="of an admin")
    parser.add_argument("--pid", type=int, required=True, help="of the service")
    parser.add_argument("--receiver", required=True, help="URL")
    parser.add_argument("--events", type=int, required=True, help="how many are in the log")
    options = parser.parse_args()
    service = Service(options.url, options.key)
    endpoint = service.ask("POST", "/v1/webhook-endpoints", {"url": options.receiver, "types": ["*"]})["endpoint_id"]
    while service.position(endpoint)[1]:
        time.sleep(0.05)
    begun, used, memory = time.monotonic(), processor_seconds(options.pid), [resident_mib(options.pid)]
    ended = threading.Event()

    def look():
        while not ended.wait(0.2):
            memory.append(resident_mib(options.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    service.ask("POST", f"/v1/webhook-endpoints/{endpoint}/replay", {"from": 1})
    while service.position(endpoint)[1]:
        time.sleep(0.1)
    took = time.monotonic() - begun
    ended.set()
    watcher.join()
    quarter = len(memory) // 4
    print(json.dumps({
        "per_second": round(options.events / took),
        "processor_us_each": round((processor_seconds(options.pid) - used) / options.events * 1e6, 1),
        "mib_before": round(memory[0], 1),
        "mib_more_by_quarters": [round(max(memory[i * quarter : (i + 1) * quarter] or [memory[0]]) - memory[0], 1) for i in range(4)],
    }))  # fmt: skip


if __name__ == "__main__":
    main()
