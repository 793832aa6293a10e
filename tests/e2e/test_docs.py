"""The page of the interface: every line of curl on it works as it stands, twice."""

import csv
import datetime
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess

from browser import Browser, Page
from harness import PATIENCE, EndToEnd, main

AXE = pathlib.Path(__file__).parent / "vendor" / "axe.min.js"
SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "online-retail"
SECRET = "whsec_0123456789abcdef0123456789abcdef"


class Lines(html.parser.HTMLParser):
    """By the id of its article: the lines, and the status they are shown with."""

    def __init__(self, page):
        super().__init__()
        self.lines, self.article, self.status, self.ids, self.targets = {}, None, None, set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if "id" in known:
            assert known["id"] not in self.ids, known["id"]
            self.ids.add(known["id"])
        if tag == "a" and known.get("href", "").startswith("#"):
            self.targets.add(known["href"][1:])
        if tag == "article":
            self.article = known["id"]
        if tag == "pre" and known.get("class") == "curl":
            self.status = int(known["data-status"])
            self.lines[self.article] = ("", self.status)

    def handle_endtag(self, tag):
        if tag == "pre":
            self.status = None

    def handle_data(self, data):
        if self.status is not None:
            text, status = self.lines[self.article]
            self.lines[self.article] = (text + data, status)


# Notes the status of each answer, and behaves as curl does otherwise.
CURL = """#!/bin/sh
body=$(mktemp)
"{curl}" -o "$body" -w '%{{http_code}} %{{url_effective}}\\n' "$@" >>"{log}"
cat "$body"
rm -f "$body"
"""


class Docs(EndToEnd):
    def page(self):
        answer = self.api.must(200, "GET", "/docs")
        self.assertNotIn("unsafe", answer.headers["Content-Security-Policy"])
        return Lines(answer.raw.decode())

    def statuses(self, lines):
        """Of every request that the lines send, in order."""
        log = self.folder / "statuses"
        log.write_text("")
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        (tools / "curl").write_text(CURL.format(curl=shutil.which("curl"), log=log))
        (tools / "curl").chmod(0o755)
        environment = {
            **os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "K": self.api.api_key,
            "U": f"http://127.0.0.1:{self.server.port}",
        }  # fmt: skip
        done = subprocess.run(
            ["sh", "-euc", lines], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return [int(line.split()[0]) for line in log.read_text().splitlines()]

    def test_every_line_works_as_it_stands_and_again(self):
        """The tenant stands for that of ./run, of which the page speaks."""
        self.api.create_active_offer()
        self.server.cli("tenant", "change", self.tenant, "--webhook-secret", "-", stdin=SECRET, check=0)
        (self.folder / ".vitrine").mkdir()
        (self.folder / ".vitrine" / "webhook-secret").write_text(SECRET + "\n")
        lines = self.page().lines
        document = self.api.must(200, "GET", "/openapi.json").json
        operations = {each["operationId"] for methods in document["paths"].values() for each in methods.values()}
        self.assertEqual(set(lines), operations)
        for name, (text, status) in lines.items():
            for time in ("first", "second"):
                with self.subTest(name, time=time):
                    text = text.replace("/clubify/demo", f"/clubify/{self.tenant}")
                    found = self.statuses(text)
                    self.assertEqual(found[-1], status, text)
                    self.assertTrue(all(each < 300 for each in found[:-1]), (found, text))

    def test_the_sample_sale_is_of_the_samples_days(self):
        """A later one would make the console show days without the sample's sales."""
        (body,) = re.findall(r"^BODY='(.*)'$", self.page().lines["ReceiveClubifyWebhook"][0], re.M)
        with open(SAMPLE / "orders.csv", newline="", encoding="utf-8") as orders:
            times = [order["time"] for order in csv.DictReader(orders)]
        sold = datetime.datetime.fromtimestamp(json.loads(body)["timestamp"], datetime.UTC)
        self.assertLess(min(times)[:10], sold.date().isoformat())
        self.assertLessEqual(sold.date().isoformat(), max(times)[:10])

    def test_it_reads_on_a_phone_and_a_wide_screen_and_is_searched_by_keyboard(self):
        browser = Browser(self.folder)
        self.addCleanup(browser.close)
        for width in (390, 1280):
            with self.subTest(width=width):
                page = Page(browser, width=width)
                page.go(f"http://127.0.0.1:{self.server.port}/docs")
                page.wait("!document.querySelector('.search').hidden")
                self.assertLessEqual(page.run("document.documentElement.scrollWidth"), width)
                self.assertEqual(page.run("document.querySelector('nav details').open"), width == 1280)
                page.press("/")
                page.wait("document.activeElement?.id === 'search'")
                page.type("slug-taken activate")
                shown = "[...document.querySelectorAll('article')].filter((each) => each.checkVisibility()).map((each) => each.id)"
                page.wait(f"{shown}.length === 1")
                self.assertEqual(page.run(shown), ["CreateOffer"])
                page.wait_text("#found", "1 entry")
                page.press("Escape")
                page.wait(f"{shown}.length > 30")
                self.assertEqual(page.problems, [])
                page.close()

    def test_it_passes_the_checks_of_axe_by_day_and_by_night(self):
        browser = Browser(self.folder)
        self.addCleanup(browser.close)
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                page = Page(browser, width=390)
                page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                page.go(f"http://127.0.0.1:{self.server.port}/docs")
                page.wait("!document.querySelector('.search').hidden")
                page.run(AXE.read_text())
                page.run("document.querySelector('#CreateOffer').querySelectorAll('details').forEach((d) => { d.open = true; })")
                found = page.run(
                    "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
                    patience=10 * PATIENCE,  # it looks at every route
                )
                self.assertEqual([(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found], [])
                page.close()

    def test_it_is_read_and_searched_in_portuguese(self):
        browser = Browser(self.folder)
        self.addCleanup(browser.close)
        page = Page(browser, language="pt-BR", width=390)
        page.go(f"http://127.0.0.1:{self.server.port}/docs")
        page.wait("!document.querySelector('.search').hidden")
        self.assertEqual(page.run("document.documentElement.lang"), "pt-BR")
        page.press("/")
        page.wait("document.activeElement?.id === 'search'")
        page.type("tira de venda uma oferta")
        page.wait_text("#found", "1 item")
        self.assertEqual(page.run("document.querySelector('article:not([hidden])').id"), "PauseOffer")
        page.run("document.querySelector('header a[lang=en]').click()")
        page.wait("document.documentElement?.lang === 'en'")
        self.assertEqual(page.problems, [])
        page.close()

    def test_the_page_is_whole(self):
        page = self.page()
        self.assertEqual(page.targets - page.ids, set())
        self.assertIn(b"/console/palette.css", self.api.must(200, "GET", "/docs").raw)
        for name, kind in (("docs.css", "text/css"), ("docs.js", "text/javascript")):
            answer = self.api.must(200, "GET", f"/docs/{name}")
            self.assertTrue(answer.headers["Content-Type"].startswith(kind), answer)
            source = pathlib.Path(__file__).resolve().parents[2] / "api" / "http" / "docs" / name
            self.assertEqual(answer.raw, source.read_bytes())
        self.assert_problem(self.api.request("GET", "/docs/nonsense"), 404, "not-found")


if __name__ == "__main__":
    main()
