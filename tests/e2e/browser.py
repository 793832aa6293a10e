"""Headless Chromium, driven by its DevTools protocol over a pair of pipes: no port, no driver program.

It ends when the pipes do, so none outlives its test.
"""

import base64
import contextlib
import fcntl
import itertools
import json
import os
import queue
import shutil
import subprocess
import threading

from harness import PATIENCE, wait_until

PROGRAMS = ("chromium-headless-shell", "chromium")
KEYS = {
    "Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, ""), " ": ("Space", 32, " "),
    "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowRight": ("ArrowRight", 39, ""),
    "Home": ("Home", 36, ""), "End": ("End", 35, ""), "/": ("Slash", 191, "/"),
}  # fmt: skip
SHIFT = 8


def pipe():
    """Its two ends, above the numbers that the browser's own have."""
    ends = os.pipe()
    try:
        return [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    finally:
        for end in ends:
            os.close(end)


class Browser:
    def __init__(self, folder):
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        if program is None:
            raise AssertionError(f"no browser: install one of {', '.join(PROGRAMS)}")
        commands, self.commands = pipe()
        self.messages, messages = pipe()
        flags = [
            "--headless", "--remote-debugging-pipe", f"--user-data-dir={folder}/browser", "--disable-gpu",
            "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
        ]  # fmt: skip
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # which root cannot have
        # The browser reads from 3 and writes to 4.
        with open(folder / "browser.log", "ab") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", 'exec "$@" 3<&"$COMMANDS"- 4>&"$MESSAGES"-', "-", program, *flags],
                pass_fds=(commands, messages),
                env={**os.environ, "COMMANDS": str(commands), "MESSAGES": str(messages)},
                stdout=log,
                stderr=log,
            )
        os.close(commands)
        os.close(messages)
        self.numbers = itertools.count(1)
        self.answers = {}
        self.listeners = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with open(self.messages, "rb") as stream:
            rest = b""
            while chunk := stream.read1(1 << 16):
                *whole, rest = (rest + chunk).split(b"\0")
                for text in whole:
                    message = json.loads(text)
                    if "id" in message:
                        self.answers.pop(message["id"]).put(message)
                    elif listener := self.listeners.get(message.get("sessionId")):
                        listener(message["method"], message["params"])
        for waiting in list(self.answers.values()):
            waiting.put({"error": {"message": "the browser has ended"}})

    def call(self, method, session=None, patience=PATIENCE, **parameters):
        number = next(self.numbers)
        self.answers[number] = answers = queue.Queue()
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        answer = answers.get(timeout=patience)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def close(self):
        os.close(self.commands)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Page:
    """A page of its own: nothing is shared with another, neither cache nor storage."""

    def __init__(self, browser, language="en-US", width=1280, height=800):
        self.browser = browser
        self.problems = []  # what the console would show in red: errors, exceptions, violations of the policy
        self.bytes = 0  # over the wire
        self.loads = 0
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.listeners[self.session] = self._hear
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        agent = browser.call("Browser.getVersion")["userAgent"]
        self.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        self.resize(width, height)

    def _hear(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.problems.append(json.dumps(parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.problems.append(parameters["entry"]["text"])
        elif method == "Network.loadingFinished":
            self.bytes += parameters["encodedDataLength"]
        elif method == "Page.loadEventFired":
            self.loads += 1

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def close(self):
        """Of a page that is closed already, nothing."""
        if self.browser.listeners.pop(self.session, None) is None:
            return
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)  # fmt: skip

    def go(self, url):
        loads = self.loads
        self.call("Page.navigate", url=url)
        wait_until(lambda: self.loads > loads, f"{url} to load")

    def reload(self):
        loads = self.loads
        self.call("Page.reload")
        wait_until(lambda: self.loads > loads, "the page to load again")

    def run(self, expression, patience=PATIENCE):
        """The expression's value; of a promise, what comes of it."""
        answer = self.call(
            "Runtime.evaluate", patience=patience, expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, expression, patience=PATIENCE):
        """The expression's first true value; of an element, that there is one."""
        wrapped = f"((value) => value instanceof Node || value)({expression})"

        def look():
            try:
                return self.run(wrapped)
            except AssertionError as refused:
                if "navigated" in str(refused):  # the page went in the middle of the question; the next one is asked
                    return None
                raise

        try:
            return wait_until(look, expression, patience)
        except AssertionError as vain:
            raise AssertionError(f"{vain}; the page has: {self.text('body')}; {self.problems}") from None

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def wait_text(self, selector, text):
        self.wait(f"document.querySelector({json.dumps(selector)})?.innerText.includes({json.dumps(text)})")

    def type(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key, shift=False):
        code, number, text = KEYS[key]
        common = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": SHIFT if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def click(self, selector):
        """A mouse's click at its middle."""
        x, y = self.wait(
            f"""(() => {{
                const found = document.querySelector({json.dumps(selector)});
                found?.scrollIntoView({{ block: "center", behavior: "instant" }});
                const box = found?.getBoundingClientRect();
                return box && box.width > 0 && [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def screenshot(self, file, whole=False):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(picture["data"]))
