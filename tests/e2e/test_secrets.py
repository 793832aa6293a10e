"""Recognisable secrets are planted; then every file, output, answer and all that the system tells of the process is
searched for them. That the search finds what is there is tested first."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import secrets
import subprocess
import time

from harness import CLUBIFY_KEY, PATIENCE, VITRINE, EndToEnd, Program, main, wait_until

OTHER_CLUBIFY_KEY = "clb_test_" + secrets.token_hex(16)
WEBHOOK_SECRET = "whsec_" + secrets.token_hex(16)
OTHER_WEBHOOK_SECRET = "whsec_" + secrets.token_hex(16)
PAYMENTS_KEY = "sk_test_" + secrets.token_hex(16)
PAYMENTS_HOOK = "hooks:" + secrets.token_hex(16)


def spellings(secret):
    """As it may come to stand somewhere: as it is, in base64, in hex."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    yield raw
    yield base64.b64encode(raw).rstrip(b"=")
    yield base64.urlsafe_b64encode(raw).rstrip(b"=")
    yield raw.hex().encode()
    yield raw.hex().upper().encode()


class Search:
    """For any spelling of any planted secret."""

    def __init__(self):
        self.names = {}

    def plant(self, name, secret):
        for spelling in spellings(secret):
            self.names[spelling] = name

    def found_in(self, data):
        data = data.encode() if isinstance(data, str) else data
        return sorted({name for spelling, name in self.names.items() if spelling in data})

    def found_below(self, folder, but=()):
        found = {}
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and path.name not in but:
                if names := self.found_in(path.read_bytes()):
                    found[str(path.relative_to(folder))] = names
        return found


def told_by_the_system(pid):
    """What anybody may read of a process, and what its owner may."""
    for name in ("cmdline", "comm", "environ", "status", "maps", "limits", "stat", "cgroup", "mountinfo"):
        yield name, pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            yield f"fd/{link.name}", os.readlink(link).encode()
        except FileNotFoundError:  # closed meanwhile
            continue
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        yield f"task/{task.name}/comm", (task / "comm").read_bytes()


class SelfCheck(EndToEnd):
    @classmethod
    def setUpClass(cls):
        """Needs no server."""

    def setUp(self):
        pass

    def test_the_search_finds_each_spelling_of_a_planted_secret(self):
        search = Search()
        search.plant("the key", WEBHOOK_SECRET)
        for spelling in spellings(WEBHOOK_SECRET):
            self.assertEqual(search.found_in(b"before" + spelling + b"after"), ["the key"])
        self.assertEqual(search.found_in("nothing"), [])

    def test_the_search_finds_a_secret_in_the_environment_and_arguments_of_a_process(self):
        search = Search()
        search.plant("the key", WEBHOOK_SECRET)
        for arguments, environment in ((["cat", "-", f"/{WEBHOOK_SECRET}"], {}), (["cat"], {"X": WEBHOOK_SECRET})):
            process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, env={**os.environ, **environment})  # fmt: skip
            self.addCleanup(process.stdout.close)
            self.addCleanup(process.wait)
            self.addCleanup(process.stdin.close)
            process.stdin.write(b"x")
            process.stdin.flush()
            self.assertEqual(process.stdout.read(1), b"x")  # before that its arguments may not be there yet
            found = {name for name, data in told_by_the_system(process.pid) if search.found_in(data)}
            self.assertEqual(found, {"environ"} if environment else {"cmdline"})


class Secrets(EndToEnd):
    server_flags = ("--log-level", "debug")

    def setUp(self):
        super().setUp()
        self.outputs = []
        self.search = Search()
        self.search.plant("the Clubify API key", CLUBIFY_KEY)
        self.search.plant("the other Clubify API key", OTHER_CLUBIFY_KEY)
        self.search.plant("the webhook secret", WEBHOOK_SECRET)
        self.search.plant("the other webhook secret", OTHER_WEBHOOK_SECRET)
        self.search.plant("the payments key", PAYMENTS_KEY)
        self.search.plant("the password of hooks", PAYMENTS_HOOK.split(":")[1])
        self.search.plant("the API key", self.api.api_key)
        self.search.plant("the secret part of the API key", self.api.api_key.split("_", 2)[2])
        self.search.plant("the master key", self.master_key())
        # Every access token of the platform begins so; no text of ours does.
        platform = self.sandbox.platform(self.clubify_tenant_id)
        self.addCleanup(platform.close)
        token = platform.headers["Authorization"].split()[1]
        self.search.plant("an access token", token.split(".")[0] + ".")

    def master_key(self):
        return (self.server.data / "master.key").read_bytes()

    def cli(self, *arguments, stdin=None):
        done = self.server.cli(*arguments, stdin=stdin)
        self.outputs += [(" ".join(map(str, arguments)), done.stdout + done.stderr)]
        return done

    def ask(self, method, target, body=None, headers=None):
        answer = self.api.request(method, target, body, headers=headers)
        self.outputs += [(f"{method} {target} {answer.status}", answer.raw.decode(errors="replace") + str(answer.headers))]
        return answer

    def deliver(self, secret, **headers):
        body = json.dumps({"id": f"evt_{secrets.token_hex(4)}", "event": "order.paid", "timestamp": int(time.time()),
                           "data": {"orderId": "o1", "total": 1}}).encode()  # fmt: skip
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return self.ask("POST", f"/v1/webhooks/clubify/{self.tenant}", body,
                        headers={"X-Clubify-Signature": signature, "X-Clubify-Timestamp": str(int(time.time())), **headers})  # fmt: skip

    def use_everything(self):
        """Whatever touches a secret, and every kind of fault."""
        self.cli("tenant", "change", self.tenant, "--webhook-secret", WEBHOOK_SECRET)
        self.cli("tenant", "change", self.tenant, "--payments", "pagarme", "--payments-key", PAYMENTS_KEY)
        self.cli("tenant", "change", self.tenant, "--payments-hook", PAYMENTS_HOOK)
        self.cli("tenant", "change", self.tenant, "--payments-key", "pk" + PAYMENTS_KEY, f"--payments-hook={PAYMENTS_HOOK[5:]}")
        for pair in (PAYMENTS_HOOK, PAYMENTS_KEY + ":"):
            header = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
            self.ask("POST", f"/v1/hooks/pagarme/{self.tenant}", {"id": "hook_1", "type": "charge.paid", "data": {}}, headers=header)
        product = self.ask("POST", "/v1/products", {"name": "Tea", "price_cents": 1}).json
        offer = self.ask("POST", "/v1/offers", {"name": "Tea", "products": [{"product_id": product["product_id"]}],
                                                "activate": True}).json  # fmt: skip
        for target in ("analytics", "checkout-url", "events"):
            self.ask("GET", f"/v1/offers/{offer['offer_id']}/{target}")
        self.assertEqual(self.deliver(WEBHOOK_SECRET).status, 200)
        self.assertEqual(self.deliver(OTHER_WEBHOOK_SECRET).status, 401)
        self.cli("tenant", "change", self.tenant, "--clubify-api-key", "-", stdin=OTHER_CLUBIFY_KEY + "\n")
        self.cli("tenant", "change", self.tenant, f"--webhook-secret={OTHER_WEBHOOK_SECRET}")
        self.ask("POST", "/v1/products", {"name": "Coffee", "price_cents": 1})
        self.assertEqual(self.deliver(OTHER_WEBHOOK_SECRET).status, 200)
        self.faults(offer["offer_id"])
        for arguments in (["tenant", "show", self.tenant], ["tenant", "list", "--json"], ["key", "list", self.tenant],
                          ["replay"], ["replay", "--json"], ["audit"], ["verify"], ["config"],
                          ["replay", "--state", f"tenant-{self.tenant}"], ["replay", "export", "-"],
                          ["money", "--tenant", self.tenant, "--check"],
                          ["reconcile", "--tenant", self.tenant], ["adopt", "--tenant", self.tenant, "--dry-run"],
                          ["tenant", "add", self.tenant, "--clubify-api-key", OTHER_CLUBIFY_KEY,
                           "--clubify-tenant-id", "0" * 24],
                          ["tenant", "change", self.tenant, f"--clubify-apikey={OTHER_CLUBIFY_KEY}"],
                          ["tenant", "change", self.tenant, "--clubify-api-key", OTHER_CLUBIFY_KEY + "x"],
                          ["backup", self.folder / f"backup-{secrets.token_hex(4)}"]):  # fmt: skip
            self.cli(*arguments)
        for target in ("/metrics", "/readyz", "/healthz", "/openapi.json", "/v1/activity", "/v1/events?from=1",
                       "/v1/projections"):  # fmt: skip
            self.ask("GET", target)

    def faults(self, offer):
        """The platform refuses, repeats what it was sent, breaks off; and requests are wrong in many ways."""
        echo = f"refused: {OTHER_CLUBIFY_KEY}"
        for action in ({"status": 401, "body": {"message": echo}}, {"status": 422, "body": {"message": echo}},
                       {"status": 403, "body": {"error": echo}}, {"garbage": True}):  # fmt: skip
            for path in ("/offers", "/auth"):
                self.sandbox.faults({"method": "POST", "path": path, "action": action, "times": 1})
                self.ask("POST", "/v1/offers", {"name": "Tea"})
                self.sandbox.no_faults()
        self.ask("PATCH", f"/v1/offers/{offer}", {"colour": 1})
        self.ask("POST", "/v1/offers", b"{")
        self.ask("GET", "/v1/nothing")
        self.ask("GET", f"/v1/offers?nonsense={offer}")
        for header in (f"Basic {self.api.api_key}", f"Bearer {self.api.api_key}x", self.api.api_key):
            self.ask("GET", "/v1/offers", headers={"Authorization": header})

    def assert_nowhere(self, server):
        for name, data in told_by_the_system(server.process.pid):
            self.assertEqual(self.search.found_in(data), [], f"/proc/<pid>/{name}")
        # The file that holds the master key is the one place of any of them.
        self.assertEqual(self.search.found_below(server.data, but=("master.key",)), {})
        for log in self.folder.glob("vitrine-*.log"):
            self.assertEqual(self.search.found_in(log.read_bytes()), [], log.name)
        for backup in self.folder.glob("backup-*"):
            self.assertEqual(self.search.found_below(backup), {}, backup.name)
        for what, said in self.outputs:
            self.assertEqual(self.search.found_in(said), [], what)

    def test_no_secret_is_anywhere_while_the_server_runs_and_after_it(self):
        self.use_everything()
        self.assertTrue(self.server.log.read_text(), "there is a log to be searched")
        self.assert_nowhere(self.server)
        self.server.kill()
        self.assertEqual(self.search.found_below(self.server.data, but=("master.key",)), {})
        self.assertEqual(self.search.found_in(self.server.log.read_bytes()), [])

    def test_the_search_would_find_a_secret_in_the_data_directory(self):
        planted = self.server.data / "planted"
        self.addCleanup(planted.unlink)
        planted.write_text(f"key = {OTHER_CLUBIFY_KEY}\n")
        with self.assertRaises(AssertionError):
            self.assert_nowhere(self.server)

    def test_secrets_in_arguments_are_gone_before_the_work_begins(self):
        """A command waits for the server's answer; meanwhile its arguments are looked at."""
        arguments = [VITRINE, "tenant", "change", self.tenant, "--webhook-secret", WEBHOOK_SECRET, "--clubify-api-key",
                     "-", "--data", str(self.server.data)]  # fmt: skip
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        cmdline = pathlib.Path(f"/proc/{process.pid}/cmdline")
        # It waits for its standard input. Before it has begun it is still the program that started it.
        wait_until(lambda: b"*****" in cmdline.read_bytes(), "the secret to be overwritten")
        self.assertEqual(self.search.found_in(cmdline.read_bytes()), [])
        process.stdin.write(OTHER_CLUBIFY_KEY.encode() + b"\n")
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE), 0)

    def test_a_master_key_given_by_the_environment_is_not_left_there(self):
        folder = self.folder / "environment"
        folder.mkdir()
        key = secrets.token_bytes(32)
        self.search.plant("the master key of the environment", key)
        data = folder / "data"
        server = Program([VITRINE, "serve", "--data", str(data), "--listen", "127.0.0.1:0"], folder,
                         {"VITRINE_MASTER_KEY": key.hex()})  # fmt: skip
        self.addCleanup(server.kill)
        server.start()
        for name, said in told_by_the_system(server.process.pid):
            self.assertEqual(self.search.found_in(said), [], f"/proc/<pid>/{name}")
        self.assertEqual(self.search.found_below(folder), {})
        self.assertFalse((data / "master.key").exists())


if __name__ == "__main__":
    main()
