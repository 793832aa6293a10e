"""What a program prints is written or the program has failed, and it does no harm to a terminal."""

import contextlib
import fcntl
import json
import os
import re
import resource
import subprocess
import unicodedata

from harness import CLUBIFY_KEY, PATIENCE, SANDBOX, VITRINE, EndToEnd, main, wait_until

HOSTILE = "a\x1b[31m\x9b2J\u202eevil\u200b\ufeff\u2066\u2028\U000e0041\u00adz"
OLD = "2020-01-01T00:00:00Z"


def commands_below(*words):
    """Every command that has none below it, as --help tells."""
    said = subprocess.run([VITRINE, *words, "--help"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    _, _, listed = said.stdout.partition("Subcommands:")
    names = re.findall(r"^  ([a-z][a-z-]*)", listed, re.MULTILINE)
    if not names:
        return [words]
    found = [leaf for name in names for leaf in commands_below(*words, name)]
    return found if words != ("replay",) else [words, *found]


@contextlib.contextmanager
def full_disk():
    with open("/dev/full", "wb") as out:
        yield out


@contextlib.contextmanager
def closed_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@contextlib.contextmanager
def no_output():
    yield None


def harmful(text):
    """The characters of it that a terminal obeys, or that nobody sees."""
    return [c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs"))]


class WithoutOutput(EndToEnd):
    def run_with(self, output, arguments, **more):
        """The program without anywhere to print to."""
        with output() as out:
            closes = {"preexec_fn": lambda: os.close(1)} if out is None else {"stdout": out}
            return subprocess.run(arguments, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  timeout=PATIENCE, check=False, **closes, **more)  # fmt: skip

    def assert_told(self, done, *words):
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        for word in ("standard output", *words):
            self.assertIn(word, done.stderr)

    def vitrine(self, *arguments):
        return [VITRINE, *map(str, arguments), "--data", str(self.server.data)]


class Output(WithoutOutput):
    def arguments(self, leaf):
        """Such that the command has something to print; nullopt: it prints nothing on the standard output."""
        n, key = next(self.numbers), self.api.api_key[:12]
        other = self.server.add_tenant()[1] if leaf == ("tenant", "retire") else None
        facts = ("--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", f"{n:024x}")
        platform = ("--clubify-url", f"http://127.0.0.1:{self.sandbox.port}")
        receiver = (self.endpoint, "--tenant", self.tenant)
        return {
            ("serve",): None,  # below
            ("config",): (),
            ("tenant", "add"): (f"output-{n}", *facts),
            ("tenant", "show"): (self.tenant,),
            ("tenant", "change"): (self.tenant, "--name", f"Loja {n}"),
            ("tenant", "retire"): (other, "--confirm", other),
            ("tenant", "list"): (),
            ("key", "add"): (self.tenant, "--role", "reader"),
            ("key", "list"): (self.tenant,),
            ("key", "revoke"): (self.tenant, key),
            ("master-key", "change"): ("--confirm", self.server.data),
            ("replay",): (),
            ("replay", "export"): ("-",),
            ("replay", "import"): None,  # says on the standard error how much there was
            ("rebuild",): ("offers",),
            ("adopt",): ("--tenant", self.tenant, *platform),
            ("reconcile",): ("--tenant", self.tenant, *platform),
            ("verify",): (),
            ("backup",): (self.folder / f"copy-{n}",),
            ("seal",): None,  # of a stopped server: test_people.py
            ("audit",): (),
            ("orders", "import"): (self.orders(n), "--tenant", self.tenant),
            ("orders", "check"): (),
            ("money",): (),
            ("saga", "show"): None,  # it has printed nothing of one that is not there: test_checkout.py
            ("saga", "explore"): None,  # seconds: tests/processes
            ("parked", "list"): (),
            ("parked", "retry"): ("offers", "offer-x", "--tenant", self.tenant),
            ("parked", "dismiss"): ("offers", "offer-x", "--tenant", self.tenant),
            ("process", "list"): (),
            ("process", "show"): ("offer-schedule", self.scheduled),
            ("delivery", "list"): (),
            ("delivery", "retry"): (*receiver, "--all"),
            ("delivery", "dismiss"): (*receiver, "--all", "--confirm", self.endpoint),
            ("delivery", "replay"): (*receiver, "--from", "1"),
            ("delivery", "pause"): receiver,
            ("delivery", "resume"): receiver,
            ("clock",): None,  # below
            ("journal", "prune"): ("--before", OLD),
            ("model", "fit"): ("baskets", self.baskets(), "--out", self.folder / "new.model"),
            ("model", "predict"): (self.model(), self.file("carts.csv", "case,rest\n1,a\n")),
            ("model", "forecast"): (self.file("series.csv", "series,values\ns,1 2 3 4 5 6\n"), "--horizon", "2", "--season", "1"),
        }[leaf]

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def orders(self, number):
        return self.file("orders.csv", f"order_id,time,offer_slug,product_id,quantity,amount_cents,source,medium,campaign,status\n"
                         f"output-{number},2026-01-01T12:00:00Z,curso,,1,100,,,,paid\n")  # fmt: skip

    def baskets(self):
        return self.file("baskets.csv", "basket,item\n1,a\n1,b\n2,a\n2,b\n3,a\n3,c\n")

    def model(self):
        path = self.folder / "baskets.model"
        if not path.exists():
            subprocess.run([VITRINE, "model", "fit", "baskets", self.baskets(), "--out", path], check=True, stdout=subprocess.DEVNULL)
        return path

    def schedule(self):
        """The offer of a process."""
        offer = self.api.create_offer()["offer_id"]
        self.api.must(200, "PUT", f"/v1/offers/{offer}/schedule", {"archive_at": "2099-12-01T00:00:00Z"})
        wait_until(lambda: self.api.get(f"/v1/processes/offer-schedule/{offer}").status == 200, "the process")
        return offer

    def receiver(self):
        """An endpoint to which nothing is sent."""
        body = {"url": "https://nobody.invalid/", "types": ["OfferPaused"]}
        return self.api.must(201, "POST", "/v1/webhook-endpoints", body).json["endpoint_id"]

    numbers = iter(range(1 << 40, 1 << 41))

    def test_every_command_fails_when_what_it_prints_cannot_be_written(self):
        leaves = commands_below()
        self.assertGreater(len(leaves), 20)
        for running in (True, False):
            self.api = self.new_tenant()
            self.scheduled, self.endpoint = self.schedule(), self.receiver()
            if not running:
                self.server.stop()
            for leaf in leaves:
                for output in (full_disk, closed_pipe, no_output):
                    given = self.arguments(leaf)
                    if given is None or leaf[0] == "parked" and leaf[1] != "list":
                        continue  # nothing is parked here: they fail before they print
                    with self.subTest(leaf, output=output.__name__, running=running):
                        command = [VITRINE, *leaf, *map(str, given)] if leaf[0] == "model" else self.vitrine(*leaf, *given)
                        self.assert_told(self.run_with(output, command), *self.done(leaf, given))

    def done(self, leaf, given):
        """What such a command has done all the same, as it says with the fault."""
        return {
            ("tenant", "add"): ("is not registered",),
            ("tenant", "change"): (f"the tenant {self.tenant} is as it was asked for",),
            ("tenant", "retire"): (f"the tenant {given[0]} is retired",),
            ("key", "add"): ("the key is revoked",),
            ("key", "revoke"): (f"the key {given[-1]} is revoked",),
            ("master-key", "change"): ("the master key is changed", "master.key"),
            ("rebuild",): ("the read models are rebuilt",),
            ("adopt",): ("adopted: 0 products, 0 offers",),
            ("backup",): ("the backup is complete", str(given[0])) if given else (),
            ("journal", "prune"): ("0 commands forgotten",),
            ("model", "fit"): ("the model is written", "new.model"),
        }.get(leaf, ()) if given else ()

    def test_help_and_version_fail_too(self):
        for leaf in ((), *commands_below()):
            with self.subTest(leaf):
                self.assert_told(self.run_with(full_disk, [VITRINE, *leaf, "--help"]))
        for output in (full_disk, closed_pipe, no_output):
            self.assert_told(self.run_with(output, [VITRINE, "--version"]))
            self.assert_told(self.run_with(output, [SANDBOX, "--help"]))

    def test_a_server_that_cannot_say_that_it_is_ready_ends(self):
        folder = self.folder / "unsaid"
        for output in (full_disk, closed_pipe, no_output):
            done = self.run_with(output, [VITRINE, "serve", "--data", folder, "--listen", "127.0.0.1:0",
                                          "--log-level", "off"])  # fmt: skip
            self.assert_told(done)
            self.assert_told(self.run_with(output, [SANDBOX, "--listen", "127.0.0.1:0"]))

    def test_a_reader_that_leaves_is_no_fault(self):
        for _ in range(40):
            self.api.create_offer()
        for arguments in (("replay",), ("replay", "--json"), ("audit",)):
            reader, writer = os.pipe()
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
            with subprocess.Popen(self.vitrine(*arguments), stdout=writer, stderr=subprocess.PIPE, text=True) as process:
                os.close(writer)
                self.assertTrue(os.read(reader, 100))
                os.close(reader)
                self.assertEqual((process.wait(PATIENCE), process.stderr.read()), (0, ""), arguments)

    def test_who_follows_ends_with_its_reader(self):
        reader, writer = os.pipe()
        with subprocess.Popen(self.vitrine("replay", "--follow"), stdout=writer, stderr=subprocess.PIPE, text=True) as process:
            os.close(writer)
            os.read(reader, 10)
            os.close(reader)
            self.assertEqual((process.wait(PATIENCE), process.stderr.read()), (0, ""))

    def test_a_file_that_may_not_grow_is_as_a_full_disk(self):
        self.api.create_offer()
        with open(self.folder / "small", "wb") as out:
            done = subprocess.run(self.vitrine("replay", "--json"), stdout=out, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)), check=False)  # fmt: skip
        self.assert_told(done)

    def test_an_export_that_is_not_read_to_its_end_is_not_complete(self):
        for _ in range(20):
            self.api.create_offer()
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        with subprocess.Popen(self.vitrine("replay", "export", "-"), stdout=writer, stderr=subprocess.PIPE, text=True) as process:
            os.close(writer)
            os.read(reader, 10)
            os.close(reader)
            self.assertEqual(process.wait(PATIENCE), 1)
            self.assertIn("standard output", process.stderr.read())

    def test_a_key_that_nobody_has_seen_does_not_work_and_the_command_can_be_repeated(self):
        for running in (True, False):
            if not running:
                self.server.stop()
            name = f"unseen-{running}".lower()
            command = ("tenant", "add", name, "--clubify-api-key", CLUBIFY_KEY, "--clubify-tenant-id", "0" * 24)
            for output in (full_disk, closed_pipe):
                self.assert_told(self.run_with(output, self.vitrine(*command)), "can be repeated")
                self.assertNotIn(name, self.server.cli("tenant", "list", check=0).stdout)
            self.assertEqual(json.loads(self.server.cli(*command, check=0).stdout)["tenant"], name)
            for _ in range(3):  # more than there may be of a role
                self.assert_told(self.run_with(full_disk, self.vitrine("key", "add", name)), "can be repeated")
            listed = [json.loads(line) for line in self.server.cli("key", "list", name, "--json", check=0).stdout.splitlines()]
            self.assertEqual([key["revoked"] for key in listed], [False, True, True, True])
            self.server.cli("key", "add", name, check=0)
            told = self.server.cli("replay", "--json", "--tenant", "_operator", check=0).stdout
            types = [event["type"] for event in map(json.loads, told.splitlines()) if event["data"].get("tenant") == name]
            self.assertEqual(types, ["TenantRegistered", "TenantWithdrawn"] * 2 + ["TenantRegistered"]
                             + ["KeyAdded", "KeyRevoked"] * 3 + ["KeyAdded"])  # fmt: skip

    def test_files_of_the_program_do_not_become_its_closed_output(self):
        before = self.server.cli("replay", check=0).stdout
        self.run_with(no_output, self.vitrine("tenant", "change", self.tenant, "--name", "x" * 200))
        self.server.stop()
        self.run_with(no_output, self.vitrine("tenant", "change", self.tenant, "--name", "y" * 200))
        self.server.cli("verify", check=0)
        self.assertTrue(self.server.cli("replay", check=0).stdout.startswith(before))


class Clock(WithoutOutput):
    server_flags = ("--test-clock",)

    def test_a_clock_that_is_moved_and_not_told_of_is_moved(self):
        for output in (full_disk, closed_pipe, no_output):
            before = self.server.cli("clock", check=0).stdout
            self.assert_told(self.run_with(output, self.vitrine("clock", "--advance", "1h")), "on the server")
            self.assertGreater(self.server.cli("clock", check=0).stdout, before)


class Terminal(EndToEnd):
    def assert_harmless(self, *arguments, code=0):
        done = self.server.cli(*arguments)
        self.assertEqual(done.returncode, code, done)
        self.assertEqual(harmful(done.stdout + done.stderr), [], done)
        return done

    def test_text_from_outside_moves_no_cursor_and_hides_nothing(self):
        name = "".join(c for c in HOSTILE if c >= " ")
        offer = self.api.create_offer(name=name)
        there = self.sandbox.platform(self.clubify_tenant_id)
        for kind, body in (("products", {"name": name, "price": 100}), ("offers", {"name": name})):
            there.post(f"/api/v1/{kind}", body)
        self.assert_harmless("replay")
        said = self.assert_harmless("replay", "--json", "--tenant", self.tenant)
        (created,) = [json.loads(line) for line in said.stdout.splitlines()]
        self.assertEqual(created["data"]["name"], name)
        state = self.assert_harmless("replay", "--state", f"offer-{offer['offer_id']}")
        self.assertEqual(json.loads(state.stdout)["name"], name)
        self.assert_harmless("replay", "export", "-")
        self.assert_harmless("reconcile", "--tenant", self.tenant, code=1)
        self.assertIn("\\u202e", self.assert_harmless("adopt", "--tenant", self.tenant, "--dry-run").stdout)
        adopted = self.assert_harmless("adopt", "--tenant", self.tenant, "--json")
        self.assertIn(name, [item["name"] for item in json.loads(adopted.stdout)["items"]])
        self.assert_harmless("audit")
        self.assertEqual(harmful(self.server.log.read_text()), [])

    def test_an_exported_log_is_the_same_whatever_the_names(self):
        self.api.create_offer(name="".join(c for c in HOSTILE if c >= " "))
        text = self.server.cli("replay", "export", "-", check=0).stdout
        done = subprocess.run([VITRINE, "replay", "import", "-", "--data", self.folder / "imported"], input=text, text=True,
                              capture_output=True, timeout=PATIENCE, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 0, done)
        again = subprocess.run([VITRINE, "verify", "--data", self.folder / "imported"], capture_output=True, timeout=PATIENCE)
        self.assertEqual(again.returncode, 0, again)

    def test_what_is_wrong_is_told_harmlessly_and_in_one_line(self):
        for arguments in ((HOSTILE,), ("replay", f"--{HOSTILE}"), ("replay", "--since", HOSTILE + "\nvitrine: fine"),
                          ("tenant", "show", HOSTILE), ("key", "add", HOSTILE), ("rebuild", HOSTILE),
                          ("replay", "--tenant", HOSTILE), ("verify", "--head", HOSTILE),
                          ("replay", "export", self.server.data / HOSTILE / "x")):  # fmt: skip
            with self.subTest(arguments):
                done = self.server.cli(*arguments)
                self.assertIn(done.returncode, (1, 2), done)
                self.assertEqual((done.stdout, harmful(done.stderr)), ("", []), done)
                self.assertEqual(len(done.stderr.splitlines()), 1, done)

    def test_a_table_keeps_its_columns_whatever_the_names(self):
        self.server.cli("key", "add", self.tenant, "--role", "reader", "--label", "Armazém 倉庫", check=0)
        self.server.cli("key", "add", self.tenant, "--role", "reader", "--label", "two", check=0)
        lines = self.server.cli("key", "list", self.tenant, check=0).stdout.splitlines()

        def column(line):
            before = line[: re.search(r"created_at|\d{4}-\d\d-\d\dT", line).start()]
            return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)

        self.assertEqual(len({column(line) for line in lines}), 1, lines)


if __name__ == "__main__":
    main()
