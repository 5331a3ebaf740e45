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
        self.assertIn("of 2 folders", both.stdout)
        page = self.page("both.html")
        self.assertIn("embedded:oci-1.1 (2)", page)
        self.assertIn("oci-1.1/referrers/empty-list", page)

    def test_mistakes_say_what_to_do(self):
        os.mkdir(self.path("empty"))
        self.refused(referee("report", self.path("nowhere")), 2, "no folder")
        self.refused(referee("report", self.path("empty")), 2, "holds no results")
        self.refused(referee("report"), 2)

    def test_a_damaged_file_is_named_and_the_others_are_shown(self):
        self.judged("good", "oci-1.1/tags*")
        shutil.copytree(self.path("good"), self.path("bad"))
        with open(self.path("bad", "results.json"), "w", encoding="utf-8") as file:
            file.write('{"schema": "referee.results/1", "checks": [<script>')
        finished = referee("report", self.path("good"), self.path("bad"), "--output", self.path("page.html"))
        self.assertEqual(finished.code, 2, finished)
        self.assertIn("bad/results.json: that is no results.json", finished.stderr)
        self.assertIn("Not in this report", self.page("page.html"))
        alone = referee("report", self.path("bad"), "--output", self.path("none.html"))
        self.assertEqual(alone.code, 2, alone)
        self.assertFalse(os.path.exists(self.path("none.html")))
