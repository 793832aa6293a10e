#!/usr/bin/env python3
"""How much the console's first load takes over the wire, and how long it is until it can be used.

Prints one JSON object: medians of the rounds, each in a browser context that has cached nothing. `form_ms`: from the
start of the navigation until the key can be typed; `list_ms`: from Enter until the offers are on the page.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "e2e"))
from browser import Browser, Page  # noqa: E402

WATCH = """
window.marks = {};
new MutationObserver(() => {
    if (document.activeElement?.id === "key") marks.form ??= performance.now();
    if (document.querySelector("main tbody tr")) marks.list ??= performance.now();
}).observe(document, { childList: true, subtree: true });
addEventListener("keydown", () => { marks.enter ??= performance.now(); }, true);
"""


def load(browser, url, key):
    page = Page(browser)
    page.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    page.go(f"{url}/console")
    page.wait("marks.form")
    page.type(key)
    page.press("Enter")
    page.wait("marks.list")
    marks, size = page.run("marks"), page.bytes
    page.close()
    return {"bytes": size, "form_ms": marks["form"], "list_ms": marks["list"] - marks["enter"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(pathlib.Path(folder))
        try:
            rounds = [load(browser, options.url, os.environ["API_KEY"]) for _ in range(options.rounds)]
        finally:
            browser.close()
    print(json.dumps({name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]}))


if __name__ == "__main__":
    main()
