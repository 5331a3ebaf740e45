"""What the command-line tests share: running `referee`, serving the reference registry, reading results."""

import contextlib
import fcntl
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree

REFEREE = os.environ.get("REFEREE_BINARY", "build/release/bin/referee")
# Sanitizers make everything slower and larger; limits on memory say nothing about them.
SANITIZED = os.environ.get("REFEREE_SANITIZED", "") != ""
# One that sees threads takes minutes for what starts the same threads again and again.
THREADS_SEEN = os.environ.get("REFEREE_SANITIZED", "") == "thread"
PATIENCE = 4 if SANITIZED else 1

# None of these may ever reach a user.
CRASH = re.compile(r"terminate called|Aborted|Segmentation fault|core dumped|AddressSanitizer|ThreadSanitizer|"
                   r"runtime error:|LeakSanitizer|stack trace|what\(\):|nlohmann|json\.exception|CLI::|boost::|std::")


class Finished:
    """A command that has ended."""

    def __init__(self, code, stdout, stderr, peak_kib, seconds):
        self.code, self.stdout, self.stderr = code, stdout, stderr
        self.peak_kib, self.seconds = peak_kib, seconds

    def __repr__(self):
        return f"exit {self.code} after {self.seconds:.1f} s\nstdout: {self.stdout[-2000:]}\nstderr: {self.stderr[-2000:]}"


def environment(extra=None):
    """The caller's own credentials, proxies and authorities must not decide a test."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("REFEREE_") and not name.lower().endswith("_proxy")}
    kept["DOCKER_CONFIG"] = "/nonexistent"
    kept["NO_COLOR"] = "1"
    kept.update(extra or {})
    return kept


def referee(*arguments, timeout=60, env=None, stdin=None, cwd=None):
    """Runs `referee ARGUMENTS` to its end and returns what came of it; a hang is an error of the test."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.monotonic()
        process = subprocess.Popen([REFEREE, *map(str, arguments)], stdout=out, stderr=err, env=environment(env),
                                   stdin=subprocess.DEVNULL if stdin is None else stdin, cwd=cwd)
        limit = started + timeout * PATIENCE
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > limit:
                process.kill()
                os.wait4(process.pid, 0)
                raise AssertionError(f"referee {arguments} did not end within {timeout * PATIENCE} s")
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        return Finished(process.returncode, *texts, usage.ru_maxrss, time.monotonic() - started)


def made_once(name, make):
    """A folder that `make(folder)` fills once for all processes that test this build of `referee`; only to be read."""
    made = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(REFEREE))), "selftest-made")
    os.makedirs(made, exist_ok=True)
    folder = os.path.join(made, f"{name}-{os.stat(REFEREE).st_mtime_ns}")
    with open(os.path.join(made, name + ".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(folder):
            for entry in os.scandir(made):
                if entry.is_dir() and entry.name.startswith(name + "-"):
                    shutil.rmtree(entry.path)
            os.mkdir(folder + ".part")
            make(folder + ".part")
            os.rename(folder + ".part", folder)
    return folder


class Listener:
    """A program that prints `listening on HOST:PORT`, until the end of the with block."""

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
        ready, _, _ = select.select([self.process.stdout], [], [], 30 * PATIENCE)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.match(r"listening on (.*):(\d+)$", line.strip())
        if not match:
            self.process.kill()
            raise AssertionError(f"{self.command} said {line!r} instead of where it listens")
        self.host, self.port = f"{match[1]}:{match[2]}", int(match[2])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def serve(*options):
    return Listener([REFEREE, "serve", "--listen", "127.0.0.1:0", "--profile", "oci-1.1", *map(str, options)])


class Background:
    """A `referee` that a test interrupts."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([REFEREE, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment(), start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def workers(self):
        """Process ids of its children, now."""
        children = []
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{self.process.pid}/task"):
                with open(f"/proc/{self.process.pid}/task/{thread}/children", encoding="ascii") as file:
                    children += [int(pid) for pid in file.read().split()]
        return children

    def end(self, timeout=30):
        out, err = self.process.communicate(timeout=timeout * PATIENCE)
        return Finished(self.process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), 0, 0)


def running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def connected(pid):
    """Whether the process has a TCP connection."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        known = {f"socket:[{line.split()[9]}]" for line in file.readlines()[1:]}
    with contextlib.suppress(OSError):
        return any(os.readlink(f"/proc/{pid}/fd/{number}") in known for number in os.listdir(f"/proc/{pid}/fd"))
    return False


def wait_until(condition, seconds=20):
    limit = time.monotonic() + seconds * PATIENCE
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def lines(path):
    try:
        with open(path, "rb") as file:
            return file.read().count(b"\n")
    except OSError:
        return 0


class Case(unittest.TestCase):
    """A test with a folder of its own and the questions that all of them ask."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="referee-cli-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.results = os.path.join(self.folder, "results")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text, mode=0o600):
        path = self.path(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def no_crash(self, finished):
        self.assertIsNone(CRASH.search(finished.stderr), finished)
        self.assertGreaterEqual(finished.code, 0, finished)

    def refused(self, finished, code, *words):
        """One line on stderr that says what is wrong, nothing on stdout, the right exit code."""
        self.no_crash(finished)
        self.assertEqual(finished.code, code, finished)
        self.assertEqual(finished.stdout, "", finished)
        self.assertEqual(finished.stderr.count("\n"), 1, finished)
        self.assertTrue(finished.stderr.startswith("referee: "), finished)
        for word in words:
            self.assertIn(word.lower(), finished.stderr.lower(), finished)

    def check(self, target, *options, **more):
        """A second --seed or --results would be refused for that alone."""
        own = [word for flag, value in (("--results", self.results), ("--seed", "1")) if flag not in options
               for word in (flag, value)]
        return referee("check", target, *own, *options, **more)

    def run_of(self, folder=None):
        """results.json, which must parse."""
        with open(os.path.join(folder or self.results, "results.json"), encoding="utf-8") as file:
            return json.load(file)

    def verdicts(self, folder=None):
        return {check["id"]: check["verdict"] for check in self.run_of(folder)["checks"]}

    def reports_are_valid(self, folder=None, killed=False):
        """All reports, which must parse and agree; one killed between two of them leaves them a moment apart."""
        folder = folder or self.results
        run = self.run_of(folder)
        suite = xml.etree.ElementTree.parse(os.path.join(folder, "junit.xml")).getroot()
        if not killed:
            # A run that is not complete says so in a testcase of its own, since JUnit has no other place.
            self.assertEqual(len(list(suite.iter("testcase"))), len(run["checks"]) + (not run["run"]["complete"]))
        with open(os.path.join(folder, "report.html"), encoding="utf-8") as file:
            self.assertTrue(file.read().rstrip().endswith("</html>"))
        # A line that a kill has cut may only be the last one.
        with open(os.path.join(folder, "transcript.jsonl"), encoding="utf-8") as file:
            whole = file.read()
        for line in whole.split("\n")[:-1]:
            json.loads(line)
        return run
