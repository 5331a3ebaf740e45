"""Headless Chromium over the pipe of its DevTools protocol: no port, no driver, nothing to install beside chromium."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
         "--disable-extensions", "--force-color-profile=srgb", "--remote-debugging-pipe"]


class Failure(Exception):
    """The browser refused or did not answer."""


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="report-browser-")
        to_browser, self.write_end = self._pipe()
        self.read_end, from_browser = self._pipe()
        command = ["chromium", *FLAGS, "--user-data-dir=" + self.profile, "about:blank"]
        # The protocol's ends are descriptors 3 and 4.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{from_browser}', "bash", *command],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self.profile})
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.answers = {}
        self.events = []

    @staticmethod
    def _pipe():
        # Out of the way of 3 and 4.
        ends = os.pipe()
        high = [fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in ends]
        for end in ends:
            os.close(end)
        return high

    def close(self):
        try:
            self.call("Browser.close", limit=5)
            self.process.wait(10)
        except (Failure, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def pump(self, limit):
        """Takes what arrives within `limit` seconds; False: nothing did."""
        if not select.select([self.read_end], [], [], limit)[0]:
            return False
        piece = os.read(self.read_end, 1 << 20)
        if not piece:
            raise Failure("the browser is gone")
        self.buffer += piece
        *messages, self.buffer = self.buffer.split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.events.append(message)
        return True

    def call(self, method, session=None, limit=30, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        end = time.monotonic() + limit
        while self.number not in self.answers:
            if time.monotonic() > end:
                raise Failure(f"{method}: no answer within {limit} s")
            self.pump(0.5)
        answer = self.answers.pop(self.number)
        if "error" in answer:
            raise Failure(f"{method}: {answer['error']['message']}")
        return answer["result"]


KEY_CODES = {"Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, "")}


class Page:
    """One tab, which remembers whatever it complained about and asked for."""

    def __init__(self, browser, prelude=""):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.call(domain + ".enable")
        if prelude:
            self.call("Page.addScriptToEvaluateOnNewDocument", source=prelude)
        self.size(1440, 900)

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def open(self, path, fragment=""):
        self.browser.events.clear()
        # A new document each time: a fragment alone would only scroll.
        self.call("Page.navigate", url="about:blank")
        self.until(lambda: self.js("location.href") == "about:blank", "the empty page")
        self.browser.events.clear()
        self.call("Page.navigate", url="file://" + path + fragment)
        self.until(lambda: self.js("location.protocol === 'file:' && document.readyState === 'complete'"), path)

    def until(self, holds, what, limit=30):
        end = time.monotonic() + limit
        while not holds():
            if time.monotonic() > end:
                raise Failure(f"{what}: not within {limit} s")
            time.sleep(0.02)

    def js(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise Failure(details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def theme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def key(self, name, shift=False):
        code, text = KEY_CODES.get(name, (ord(name.upper()) if len(name) == 1 else 0, name if len(name) == 1 else ""))
        common = {"key": name, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def click(self, selector):
        place = self.js(f"""(() => {{
          const node = document.querySelector({json.dumps(selector)});
          node.scrollIntoView({{block: 'center', behavior: 'instant'}});
          const box = node.getBoundingClientRect();
          return [box.left + Math.min(box.width / 2, 60), box.top + Math.min(box.height / 2, 12)];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self, path):
        data = self.call("Page.printToPDF", printBackground=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """Errors and warnings of the console, exceptions, and what the policy stopped."""
        self.browser.pump(0.05)
        found = []
        for event in self.browser.events:
            params = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(params["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                found.append(params["entry"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                found.append(str(params["args"])[:300])
        return found

    def requests(self):
        """Whatever it asked for beyond itself."""
        self.browser.pump(0.05)
        urls = [event["params"]["request"]["url"] for event in self.browser.events
                if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls[1:] if not url.startswith("data:")]
