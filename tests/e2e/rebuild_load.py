"""Commands and queries at a steady rate while read models are rebuilt, and a checker that holds each answer against
what the log says was true at the position that the answer names."""

import bisect
import collections
import http.client
import json
import multiprocessing
import random
import socket
import threading
import time

import harness

TICK = 0.01  # seconds; the queries of a tick are sent together


class Pipeline:
    """Many requests at once over one kept connection."""

    def __init__(self, port, api_key):
        self.socket = socket.create_connection(("127.0.0.1", port), harness.PATIENCE)
        self.answers = self.socket.makefile("rb")
        self.tail = f" HTTP/1.1\r\nHost: vitrine\r\nAuthorization: Bearer {api_key}\r\n\r\n"

    def get(self, targets):
        """(status, position of the answer, JSON) of each."""
        self.socket.sendall("".join(f"GET {target}{self.tail}" for target in targets).encode())
        return [self._answer() for _ in targets]

    def _answer(self):
        status = int(self.answers.readline().split(b" ", 2)[1])
        headers = http.client.parse_headers(self.answers)
        body = self.answers.read(int(headers["Content-Length"]))
        return status, int(headers.get("X-Vitrine-Position") or 0), json.loads(body)


class Queries:
    """Asks from a process of its own. What was answered goes to `said`, and what is wrong at once to `failures`."""

    def __init__(self, port, api_key, moving, still, seed):
        self.pipeline = Pipeline(port, api_key)
        self.moving, self.still = moving, still
        self.random = random.Random(seed)
        self.said, self.failures, self.asked = [], [], collections.Counter()
        self.seen = {}  # the last position by kind
        self.versions = {}  # the newest that an answer had, by offer

    def run(self, rate, done):
        due, begin = 0.0, time.monotonic()
        while not done.is_set():
            due += rate * TICK
            self.ask(int(due))
            due -= int(due)
            late = begin + TICK * (self.asked["ticks"] + 1) - time.monotonic()
            self.asked["ticks"] += 1
            if late > 0:
                done.wait(late)
        self.asked["seconds"] = time.monotonic() - begin

    def ask(self, count):
        wanted = [self.question() for _ in range(count)]
        for (kind, offer, target), answer in zip(wanted, self.pipeline.get([target for _, _, target in wanted])):
            self.asked["queries"] += 1
            self.take(kind, offer, target, *answer)

    def question(self):
        kind = self.random.choices(("offer", "still", "list", "version"), (12, 3, 2, 3))[0]
        offer = self.random.choice(self.still if kind == "still" else self.moving)
        if kind == "list":
            return kind, None, "/v1/offers?sort=-updated_at&limit=5"
        if kind == "version":
            version = self.random.randint(1, self.versions.get(offer, 1))
            return kind, offer, f"/v1/offers/{offer}?as_of_version={version}"
        return kind, offer, f"/v1/offers/{offer}"

    def take(self, kind, offer, target, status, position, body):
        seen = 0 if kind == "version" else self.seen.get(kind, 0)  # that position is of then
        if status != 200 or position < seen:
            self.failures.append((target, status, position, seen, body))
            return
        self.seen[kind] = position
        if kind == "list":
            self.said += [("offer", item["offer_id"], position, item["version"], item["name"]) for item in body["items"]]
            return
        self.said.append((kind, offer, position, body["version"], body["name"]))
        if kind == "offer":
            self.versions[offer] = max(self.versions.get(offer, 1), body["version"])


def ask_on(port, api_key, moving, still, rate, seed, done, result):
    queries = Queries(port, api_key, moving, still, seed)
    try:
        queries.run(rate, done)
    except Exception as error:  # noqa: BLE001 # whatever it is has failed the run
        queries.failures.append((repr(error),))
    result.put((queries.said, queries.failures, dict(queries.asked)))


def edit_on(port, api_key, moving, rate, callers, done, result):
    """Renames offers, each of them by one caller."""
    failures, edited = [], collections.Counter()

    def run(mine):
        api, number, begin = harness.Http(port, {"Authorization": f"Bearer {api_key}"}), 0, time.monotonic()
        while not done.is_set():
            number += 1
            offer = mine[number % len(mine)]
            answer = api.request("PATCH", f"/v1/offers/{offer}", {"name": f"Moved {number}"})
            edited["commands"] += 1
            if answer.status != 200:
                failures.append((offer, answer.status, answer.raw.decode()))
            done.wait(max(0.0, begin + number * callers / rate - time.monotonic()))

    begin = time.monotonic()
    threads = [threading.Thread(target=run, args=(moving[i::callers],)) for i in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    edited["seconds"] = time.monotonic() - begin
    result.put((failures, dict(edited)))


class Load:
    """`moving`: offers that are edited meanwhile; `still`: others."""

    def __init__(self, server, api_key, moving, still, commands_a_second, queries_a_second):
        self.server, self.moving, self.still = server, moving, still
        context = multiprocessing.get_context("fork")
        self.done = context.Event()
        self.edits, self.answers = context.Queue(), context.Queue()
        port = server.port
        self.processes = [
            context.Process(
                target=edit_on,
                args=(port, api_key, moving, commands_a_second, min(8, len(moving)), self.done, self.edits),
            ),
            context.Process(
                target=ask_on,
                args=(port, api_key, moving, still, queries_a_second, 1, self.done, self.answers),
            ),
        ]

    def __enter__(self):
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_):
        if not self.done.is_set():
            self.finish()

    def finish(self):
        """Ends it. What was asked and done, by name; raises AssertionError for what was wrong."""
        self.done.set()
        failures, edited = self.edits.get(timeout=harness.PATIENCE * 2)
        said, wrong, asked = self.answers.get(timeout=harness.PATIENCE * 2)
        for process in self.processes:
            process.join()
        failures += wrong
        failures += self.impossible(said)
        if failures:
            shown = "\n".join(map(str, failures[:5] + failures[-5:]))
            raise AssertionError(f"{len(failures)} of {asked} and {edited} went wrong, such as\n{shown}")
        return {
            "commands": edited["commands"],
            "commands_a_second": round(edited["commands"] / edited["seconds"]),
            "queries": asked["queries"],
            "queries_a_second": round(asked["queries"] / asked["seconds"]),
            "answers_checked": len(said),
        }

    def impossible(self, said):
        """What no state of the log at its position says."""
        facts = {offer: self.history(offer) for offer in {fact[1] for fact in said}}
        wrong = []
        for kind, offer, position, version, name in said:
            positions, names = facts[offer]
            if kind == "version":
                possible = positions[version - 1 : version] == [position] and names[version - 1] == name
            else:
                valid = bisect.bisect_right(positions, position)
                possible = version == valid and names[valid - 1] == name
            if not possible:
                wrong.append((kind, offer, position, version, name))
        return wrong

    def history(self, offer):
        """Positions and names by version."""
        done = self.server.cli("replay", "--json", "--stream", f"offer-{offer}", check=0)
        positions, names = [], []
        for line in done.stdout.splitlines():
            event = json.loads(line)
            positions.append(int(event["position"]))
            names.append(event["data"].get("name", names[-1] if names else None))
        return positions, names
