"""Runs that are cut short: Ctrl-C, a terminated parent, `kill -9`. Reports stay valid and the journal is enough to clean up.

REFEREE_TARGET=URL runs the kill test against a registry of its own instead of `referee serve`.
"""

import contextlib
import json
import os
import signal
import socket
import time

from support import Background, Case, connected, lines, referee, running, serve, wait_until

DELAY = 20


@contextlib.contextmanager
def target():
    external = os.environ.get("REFEREE_TARGET")
    if external:
        yield external
    else:
        with serve("--delay", DELAY) as server:
            yield f"http://{server.host}"


class Interruption(Case):
    def started(self, url, *options):
        """A run that has pushed something and written its first reports."""
        run = Background("check", url, "--results", self.results, "--seed", "1", *options)
        journal, last = os.path.join(self.results, "journal.jsonl"), os.path.join(self.results, "report.html")
        # The first reports are there before a check has begun.
        far = wait_until(lambda: run.process.poll() is not None or
                         (lines(journal) >= 30 and os.path.exists(last) and len(run.workers()) > 0), 60)
        self.assertTrue(far and run.process.poll() is None, "the run ended before it could be interrupted")
        return run

    def cut(self, send, code):
        with serve("--delay", DELAY) as server, self.started(f"http://{server.host}") as run:
            workers = run.workers()
            self.assertGreater(len(workers), 0)
            send(run.process.pid)
            finished = run.end()
            self.no_crash(finished)
            self.assertEqual(finished.code, code, finished)
            self.assertTrue(wait_until(lambda: not any(map(running, workers))), "workers outlived their run")
            self.partial_and_cleanable()
        return finished

    def partial_and_cleanable(self, killed=False, refused_is_fine=False):
        run = self.reports_are_valid(killed=killed)
        self.assertFalse(run["run"]["complete"])
        journal = os.path.join(self.results, "journal.jsonl")
        self.assertGreater(lines(journal), 0)
        finished = referee("cleanup", journal)
        self.no_crash(finished)
        if refused_is_fine and finished.code == 1:
            # What a registry will not delete stays in the journal and is listed.
            with open(journal, encoding="utf-8") as file:
                left = [json.loads(line) for line in file]
            self.assertGreater(len(left), 0)
            self.assertIn(left[0]["reference"], finished.stdout)
        else:
            self.assertEqual(finished.code, 0, finished)
            self.assertEqual(os.path.getsize(journal), 0)
        return finished

    def test_control_c(self):
        """A terminal sends SIGINT to the whole group."""
        finished = self.cut(lambda pid: os.killpg(pid, signal.SIGINT), 130)
        self.assertIn("cleanup", finished.stderr)

    def test_interrupt_of_the_parent_alone(self):
        self.cut(lambda pid: os.kill(pid, signal.SIGINT), 130)

    def test_terminate(self):
        self.cut(lambda pid: os.kill(pid, signal.SIGTERM), 130)

    def test_a_closed_terminal(self):
        self.cut(lambda pid: os.kill(pid, signal.SIGHUP), 130)

    def test_a_closed_terminal_under_nohup(self):
        """There the signal is ignored, and stays so."""
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            run = Background("check", "embedded:oci-1.1", "--results", self.results, "--select", "oci-1.1/t*")
        finally:
            signal.signal(signal.SIGHUP, before)
        with run:
            self.assertTrue(wait_until(lambda: run.workers()))
            os.kill(run.process.pid, signal.SIGHUP)
            self.assertEqual(run.end(timeout=120).code, 0)

    def test_while_the_target_is_probed(self):
        """A target that accepts and never answers; without its own look at signals the probe would end in exit 3."""
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), socket.create_server(("127.0.0.1", 0)) as silent:
                silent.settimeout(60)
                with Background("check", f"127.0.0.1:{silent.getsockname()[1]}", "--results", self.results) as run:
                    accepted, _ = silent.accept()
                    with accepted:
                        accepted.recv(1)
                        run.process.send_signal(number)
                        finished = run.end()
                self.no_crash(finished)
                self.assertEqual(finished.code, 130, finished)
                self.assertIn("interrupted", finished.stderr)
                self.assertFalse(self.reports_are_valid()["run"]["complete"])

    def test_kill(self):
        # One worker: a fast registry must not end the run before it can be killed.
        with target() as url, self.started(url, "--jobs", "1") as run:
            workers = run.workers()
            os.kill(run.process.pid, signal.SIGKILL)
            run.end()
            self.assertTrue(wait_until(lambda: not any(map(running, workers))), "workers outlived their run")
            finished = self.partial_and_cleanable(killed=True, refused_is_fine="REFEREE_TARGET" in os.environ)
        print(finished.stdout)

    def test_the_next_run_keeps_the_journal_and_no_old_report(self):
        with serve("--delay", DELAY) as server, self.started(f"http://{server.host}") as run:
            workers = run.workers()
            run.process.kill()
            run.process.wait(timeout=20)
            # Until then one of them may end a line of the journal.
            self.assertTrue(wait_until(lambda: not any(map(running, workers))), "workers outlived their run")
            left = lines(os.path.join(self.results, "journal.jsonl"))
            self.assertTrue(left)
            self.assertEqual(self.check("127.0.0.1:1").code, 3)
            self.assertEqual(lines(os.path.join(self.results, "journal-1.jsonl")), left)
            for name in ("results.json", "junit.xml", "report.html"):
                self.assertFalse(os.path.exists(os.path.join(self.results, name)), name)
            cleaned = referee("cleanup", os.path.join(self.results, "journal-1.jsonl"))
            self.assertEqual(cleaned.code, 0, cleaned)

    def test_a_killed_worker_costs_one_check(self):
        with serve("--delay", DELAY) as server, self.started(f"http://{server.host}", "--jobs", "2", "--select", "oci-1.1/push*") as run:
            # While the server stands still, no worker gets from one check to the next; between two it would cost nothing,
            # and so would one that has not reached the server yet or has ended.
            server.process.send_signal(signal.SIGSTOP)
            self.assertTrue(wait_until(lambda: any(map(connected, run.workers()))), "no worker talks to the server")
            time.sleep(1)
            os.kill(next(filter(connected, run.workers())), signal.SIGKILL)
            server.process.send_signal(signal.SIGCONT)
            finished = run.end(timeout=120)
            verdicts = list(self.verdicts().values())
            self.assertTrue(self.run_of()["run"]["complete"])
            self.assertEqual(finished.code, 70, finished)
            self.assertEqual(verdicts.count("error"), 1, finished)

    def test_the_target_dies(self):
        with serve("--delay", DELAY) as server, self.started(f"http://{server.host}") as run:
            server.process.kill()
            finished = run.end(timeout=300)
            self.no_crash(finished)
            self.assertIn(finished.code, (1, 4), finished)
            self.assertNotIn("error", self.verdicts().values())
            self.assertIn("inconclusive", self.verdicts().values())

    def test_embedded_server_dies_with_its_parent(self):
        with Background("check", "embedded:oci-1.1", "--results", self.results) as run:
            self.assertTrue(wait_until(lambda: len(run.workers()) >= 2))
            children = run.workers()
            os.kill(run.process.pid, signal.SIGKILL)
            self.assertTrue(wait_until(lambda: not any(map(running, children))), "children outlived their parent")

    def test_serve_ends_on_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with serve() as server:
                server.process.send_signal(number)
                self.assertEqual(server.process.wait(timeout=20), 0)
