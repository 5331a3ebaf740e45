"""`referee bench` as its users meet it."""

import json
import os
import signal

from support import Background, Case, lines, referee, serve, wait_until


class Growth(Case):
    def bench(self, *arguments):
        return referee("bench", *arguments, "--scenario", "growth", "--seed", "7", "--repetitions", "3", "--most", "316",
                       "--results", self.path("results"), timeout=240)

    def test_every_request_is_measured_and_nothing_stays(self):
        with serve() as server:
            finished = self.bench(server.host, "--json")
            self.assertEqual(finished.code, 0, finished)
            self.assertIn("removed", finished.stderr)
            self.assertEqual(lines(self.path("results", "journal.jsonl")), 0)
        growth = json.loads(finished.stdout)
        with open(self.path("results", "growth.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), growth)
        self.assertEqual(growth["repository"], "referee/growth-00000007")
        self.assertEqual(len(growth["endpoints"]), 13)
        for endpoint in growth["endpoints"]:
            self.assertEqual(endpoint["unmeasured"], "", endpoint)
            self.assertEqual([times["count"] for times in endpoint["times"]], [10, 32, 100, 316])

    def test_what_a_registry_does_not_have_is_unmeasured(self):
        finished = self.bench("embedded:oci-1.0")
        self.assertEqual(finished.code, 4, finished)
        self.assertRegex(finished.stdout, r"referrers of another image +unmeasured: answered 404 instead of 200")

    def test_mistakes_are_one_line(self):
        self.refused(referee("bench", "embedded:oci-1.1"), 2)
        self.refused(referee("bench", "embedded:oci-1.1", "--scenario", "nonsense"), 2)
        self.refused(referee("bench", "embedded:nonsense", "--scenario", "growth"), 2)
        self.refused(self.bench("127.0.0.1:1"), 3)

    def test_an_interrupt_leaves_what_was_measured_and_a_journal(self):
        with serve() as server:
            with Background("bench", server.host, "--scenario", "growth", "--full", "--results",
                            self.path("results")) as run:
                journal = self.path("results", "journal.jsonl")
                self.assertTrue(wait_until(lambda: os.path.exists(journal) and os.path.getsize(journal) > 10_000, 60))
                run.process.send_signal(signal.SIGINT)
                finished = run.end()
            self.assertEqual(finished.code, 130, finished)
            self.assertIn("referee cleanup", finished.stderr)
            self.assertEqual(referee("cleanup", journal, timeout=120).code, 0)
