"""The matrix of stories and variants, as its readers get it."""

import json
import os
import signal

from support import Background, Case, lines, referee, serve, wait_until


class Rubric(Case):
    def cells(self, finished):
        self.assertEqual(finished.code, 0, finished)
        return {(cell["story"], cell["variant"]): cell for cell in json.loads(finished.stdout)}

    def rubric(self, *arguments):
        return referee("rubric", *arguments, "--seed", "2", "--results", self.path("results"), timeout=240)

    def test_nothing_else_is_selected(self):
        for pattern in ("upgrade/u.01", "proposals/o/*", "!stories/*"):
            finished = self.rubric("embedded:oci-1.1", "--select", pattern)
            self.refused(finished, 5)
            self.assertFalse(os.path.exists(self.path("results", "journal.jsonl")))

    def test_cells_that_share_a_repository_do_not_meet(self):
        shared = self.rubric("embedded:oci-1.0", "--repository", "my/repo", "--jobs", "4", "--json",
                             "--select", "stories/f.6/d-wrap", "--select", "stories/c.1/*")
        self.assertEqual(self.cells(shared)["F.6", "D/wrap"]["numbers"]["tags after two"], "2")

    def test_variants_stand_in_their_own_order(self):
        finished = self.rubric("embedded:all", "--select", "stories/c.1/d-index", "--select", "stories/f.1/a")
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(finished.stdout.split("\n")[0].split(), ["A", "D/index"])

    def test_what_could_not_be_tried_is_not_held_against_a_claim(self):
        # A stranger's registry has no control port: nobody can ask it to collect.
        with serve() as server:
            stranger = self.rubric(server.host, "--select", "stories/c.5/e-tag")
        ours = self.rubric("embedded:all", "--select", "stories/c.5/e-tag")
        for finished in (stranger, ours):
            self.assertEqual(finished.code, 0, finished)
        self.assertNotIn("otherwise", stranger.stdout)
        self.assertIn("otherwise", ours.stdout)

    def test_an_interrupted_run_leaves_its_cells(self):
        with Background("rubric", "embedded:all", "--jobs", "1", "--results", self.path("results")) as run:
            self.assertTrue(wait_until(lambda: lines(self.path("results", "transcript.jsonl")) > 0, 60))
            run.process.send_signal(signal.SIGINT)
            self.assertEqual(run.end().code, 130)
        with open(self.path("results", "rubric.json"), encoding="utf-8") as file:
            self.assertGreater(len(json.load(file)), 0)
        for name in ("rubric.md", "report.html"):
            self.assertTrue(os.path.exists(self.path("results", name)))
