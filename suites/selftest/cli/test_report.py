"""`referee report`: one page of several folders."""

import os
import shutil

from support import Case, referee


class Report(Case):
    def judged(self, name, *select):
        arguments = [part for pattern in select for part in ("--select", pattern)]
        finished = referee("check", "embedded:oci-1.1", "--seed", "1", "--results", self.path(name), *arguments)
        self.assertEqual(finished.code, 0, finished)

    def page(self, *names):
        with open(self.path(*names), encoding="utf-8") as file:
            return file.read()

    def test_a_folder_alone_and_folders_together(self):
        self.judged("r/a", "oci-1.1/tags*")
        self.judged("r/b", "oci-1.1/referrers*")
        one = referee("report", self.path("r", "a"), "--output", self.path("one.html"))
        self.assertEqual(one.code, 0, one)
        self.assertIn("No requirement found broken.", one.stdout)
        # What a folder holds is what its own page was made of.
        self.assertEqual(self.page("one.html"), self.page("r", "a", "report.html"))
        both = referee("report", self.path("r"), "--output", self.path("both.html"))
        self.assertEqual(both.code, 0, both)
        self.assertIn(os.path.realpath(self.path("both.html")) + " of 2 folders", both.stdout)
        page = self.page("both.html")
        self.assertIn("embedded:oci-1.1 (2)", page)
        self.assertIn("oci-1.1/referrers/empty-list", page)

    def test_a_comparison_in_the_folder_is_a_part_of_it(self):
        self.judged("old", "oci-1.1/tags*")
        self.judged("new", "oci-1.1/tags*")
        compared = referee("compare", self.path("old"), self.path("new"), "--output", "json")
        with open(self.path("new", "comparison.json"), "w", encoding="utf-8") as file:
            file.write(compared.stdout)
        done = referee("report", self.path("new"), "--output", self.path("page.html"))
        self.assertEqual(done.code, 0, done)
        self.assertIn('id="comparison1"', self.page("page.html"))
        self.assertIn("no difference in", self.page("page.html"))
        with open(self.path("new", "comparison.json"), "a", encoding="utf-8") as file:
            file.write("x")
        done = referee("report", self.path("new"), "--output", self.path("page.html"))
        self.assertEqual(done.code, 2, done)
        self.assertIn("comparison.json: it is no JSON", done.stderr)

    def test_mistakes_say_what_to_do(self):
        os.mkdir(self.path("empty"))
        self.refused(referee("report", self.path("nowhere")), 2, "no folder")
        self.refused(referee("report", self.path("empty")), 2, "holds no results")
        self.refused(referee("report"), 2)
        self.judged("r/a", "oci-1.1/tags/complete")
        self.refused(referee("report", self.path("r"), self.path("r") + "/"), 2, "given twice")
        self.refused(referee("report", self.path("r"), self.path("r", "a")), 2, "r/a", "given twice")

    def test_a_damaged_file_is_named_and_the_others_are_shown(self):
        self.judged("good", "oci-1.1/tags*")
        shutil.copytree(self.path("good"), self.path("bad"))
        with open(self.path("bad", "results.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": "referee.results/1", "checks": [<script>')
        finished = referee("report", self.path("good"), self.path("bad"), "--output", self.path("page.html"))
        self.assertEqual(finished.code, 2, finished)
        self.assertIn("bad/results.json: it is no JSON", finished.stderr)
        self.assertIn("Not in this report", self.page("page.html"))
        # What is beside it is shown, whatever is wrong with it.
        shutil.copytree(self.path("good"), self.path("torn"))
        with open(self.path("torn", "transcript.jsonl"), "a", encoding="utf-8") as file:
            file.write("{}\n")
        torn = referee("report", self.path("torn"), "--output", self.path("torn.html"))
        self.assertEqual(torn.code, 2, torn)
        self.assertRegex(torn.stderr, r"torn/transcript.jsonl: line \d+: `check` is missing")
        self.assertIn("oci-1.1/tags/complete", self.page("torn.html"))
        alone = referee("report", self.path("bad"), "--output", self.path("none.html"))
        self.assertEqual(alone.code, 2, alone)
        self.assertFalse(os.path.exists(self.path("none.html")))
