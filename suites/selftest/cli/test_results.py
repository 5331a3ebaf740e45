"""`referee compare`, `matrix` and `trend` on results of real runs, and on files that nobody should have written."""

import json
import os
import shutil
import unittest

from support import SANITIZED, Case, made_once, referee, serve

SELECT = ("--select", "oci-1.1/tags/*", "--spec", "main")
# Two checks notice it.
FAULT = "r.tags.last-ignored"
# Of what a comparison names, that which a proof counts as caught.
CAUGHT = ("new-failure", "new-warning", "observation")


def judge(folder, *options, select=SELECT):
    with serve(*options) as registry:
        return referee("check", registry.host, "--results", folder, "--seed", "1", *select)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def make_runs(folder):
    assert judge(os.path.join(folder, "clean")).code == 0
    assert judge(os.path.join(folder, "broken"), "--fault", FAULT).code == 1


class Results(Case):
    """Two runs of one registry, sound and with a fault."""

    @classmethod
    def setUpClass(cls):
        cls.shared = made_once("runs", make_runs)
        cls.clean = os.path.join(cls.shared, "clean")
        cls.broken = os.path.join(cls.shared, "broken")

    def compared(self, before, after):
        return json.loads(referee("compare", before, after, "--output", "json").stdout)

    def changed(self, name, change):
        """The sound run's results.json with something changed."""
        results = load(os.path.join(self.clean, "results.json"))
        change(results)
        return self.write(name, json.dumps(results))


class Compare(Results):
    @unittest.skipIf(SANITIZED, "a registry for every fault takes minutes there")
    def test_names_what_the_proof_says(self):
        """ci/test-compare does the same for all faults."""
        proof = json.loads(referee("prove", "--profile", "oci-1.1", "--faults-only", "--json", *SELECT[:2], timeout=280).stdout)
        self.assertGreater(len(proof["faults"]), 5)
        for row in proof["faults"]:
            folder = self.path(row["fault"])
            self.assertLessEqual(judge(folder, "--fault", row["fault"]).code, 1)
            changes = self.compared(self.clean, folder)["runs"][0]["changes"]
            named = {change["id"] for change in changes if change["kind"] in CAUGHT}
            # Prerequisites of other sections run along, and are no part of this proof.
            own = {id for id in named if id.startswith("oci-1.1/tags/")}
            self.assertEqual(own, {id for id in row["caught_by"] + row["extra"] if id.startswith("oci-1.1/tags/")},
                             row["fault"])

    def test_new_failures_are_exit_code_one(self):
        finished = referee("compare", self.clean, self.broken)
        self.assertEqual(finished.code, 1, finished)
        self.assertIn("New failures (", finished.stdout)
        self.assertIn("curl", finished.stdout)
        self.assertEqual(finished.stderr, "")
        back = referee("compare", self.broken, self.clean)
        self.assertEqual(back.code, 0, back)
        self.assertIn("Fixed (", back.stdout)
        same = referee("compare", self.clean, os.path.join(self.clean, "results.json"))
        self.assertEqual(same.code, 0, same)
        self.assertIn("no difference in", same.stdout)

    def test_formats(self):
        self.assertIn("| check | before | after | what |",
                      referee("compare", self.clean, self.broken, "--output", "markdown").stdout)
        page = referee("compare", self.clean, self.broken, "--output", "html").stdout
        self.assertTrue(page.endswith("</html>\n"))
        self.assertIn("default-src 'none'", page)

    def test_says_what_limits_it(self):
        def other(results):
            results["run"].update(seed="2", tool_version="0.0.9", complete=False)
            del results["checks"][0]
        finished = referee("compare", self.clean, self.changed("other.json", other))
        self.assertEqual(finished.code, 4, finished)
        for words in ("Versions of Referee differ", "Seeds differ", "second run is not complete: it came to",
                      "in the second, ", " are in both",
                      "Only in the first (1)"):
            self.assertIn(words, finished.stdout)

    def test_benchmarks_of_folders_count_too(self):
        folders = []
        for name, time in (("first", 10), ("second", 20)):
            folder = self.path(name)
            shutil.copytree(self.clean, folder)
            runs = [{"name": "a", "run_name": "a", "run_type": "iteration", "real_time": time + step / 100, "time_unit": "ms"}
                    for step in range(12)]
            with open(os.path.join(folder, "protocol.json"), "w", encoding="utf-8") as file:
                json.dump({"context": {}, "benchmarks": runs}, file)
            folders.append(folder)
        finished = referee("compare", *folders)
        self.assertEqual(finished.code, 1, finished)
        self.assertIn("slower", finished.stdout)
        self.assertEqual(len(self.compared(*folders)["benchmarks"]), 1)
        self.assertIn("protocol.json is in the first alone", referee("compare", folders[0], self.clean).stdout)

    def test_nothing_in_common_is_an_error(self):
        one = self.changed("one.json", lambda results: results.update(checks=results["checks"][:1]))
        two = self.changed("two.json", lambda results: results.update(checks=results["checks"][1:]))
        self.refused(referee("compare", one, two), 2, "nothing in common")
        samples = {"context": {}, "benchmarks": [
            {"name": "a", "run_type": "iteration", "real_time": 1, "time_unit": "ms"}] * 12}
        bench = self.write("bench.json", json.dumps(samples))
        self.refused(referee("compare", one, bench), 2, "nothing in common")
        self.refused(referee("compare", one, one, "--noise", bench, bench), 2, "--noise")
        samples["benchmarks"][0]["name"] = "b"
        other = self.write("other.json", json.dumps(samples).replace('"a"', '"c"'))
        self.refused(referee("compare", bench, bench, "--noise", bench, other), 2, "--noise", "in common")

    def test_wrong_files_are_one_line(self):
        good = os.path.join(self.clean, "results.json")
        self.refused(referee("compare", self.folder, good), 2, "holds no results")
        for name, text in (("empty", ""), ("list", "[]"), ("deep", "[" * 100000), ("cut", open(good).read()[:1000]),
                           ("null", "null"), ("binary", "\0\1\2")):
            self.refused(referee("compare", good, self.write(name + ".json", text)), 2)
        self.refused(referee("compare", good, "/dev/zero"), 2, "is no file")
        twice = self.changed("twice.json", lambda results: results["checks"].append(results["checks"][0]))
        self.refused(referee("compare", good, twice), 2, "twice")

    def test_nothing_in_a_file_moves_the_terminal(self):
        def hostile(results):
            for check in results["checks"]:
                check["verdict"] = "fail"
                check["title"] = check["reason"] = "\x1b[2J</script><script>alert(1)</script>"
            results["run"]["target"] = "\x1b]0;title\x07"
        finished = referee("compare", self.clean, self.changed("hostile.json", hostile))
        self.assertEqual(finished.code, 1)
        self.assertNotIn("\x1b", finished.stdout)
        page = referee("compare", self.clean, self.path("hostile.json"), "--output", "html").stdout
        self.assertNotIn("<script", page)


class Matrix(Results):
    def test_registries_and_requirements(self):
        tables = json.loads(referee("matrix", "sound=" + self.clean, "broken=" + self.broken, "--output", "json").stdout)
        table = tables["tables"][0]
        self.assertEqual([column["name"] for column in table["columns"]], ["sound", "broken"])
        self.assertTrue(all(len(row["cells"]) == 2 for row in table["rows"]))
        self.assertIn("fail", [row["cells"][1]["verdict"] for row in table["rows"]])
        self.assertIn("| requirement |", referee("matrix", self.clean, self.broken).stdout)

    def test_what_all_pass_and_yet_differ_is_called_out(self):
        def other(results):
            passed = next(check for check in results["checks"] if check["verdict"] == "pass")
            passed["observations"] = {"status": "418"}
        tables = referee("matrix", "a=" + self.clean, "b=" + self.changed("other.json", other)).stdout
        self.assertIn("### All pass, yet they differ", tables)
        self.assertIn("**418**: b", tables)

    def test_folder_gets_every_format(self):
        finished = referee("matrix", self.shared, "--results", self.path("all"))
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(sorted(os.listdir(self.path("all"))), ["tables.html", "tables.json", "tables.md"])
        names = [column["name"] for column in load(self.path("all", "tables.json"))["tables"][0]["columns"]]
        self.assertEqual(names, ["broken", "clean"], "of targets on this machine the folders' names say more")

    def test_mistakes_are_one_line(self):
        self.refused(referee("matrix"), 2)
        self.refused(referee("matrix", self.folder), 2, "holds no")
        self.refused(referee("matrix", "a=", self.clean), 2, "`a=`: a file or folder is missing after the =")
        self.refused(referee("charts", "a="), 2, "`a=`: a file or folder is missing after the =")
        self.refused(referee("matrix", "/dev/zero"), 2, "is no file")
        self.refused(referee("matrix", self.write("bench.json", '{"benchmarks":[]}')), 2, "no result of")
        self.refused(referee("matrix", self.clean, self.broken, self.clean + "/"), 2, self.clean, "given twice")
        self.refused(referee("matrix", "a=" + self.clean, "a=" + self.broken), 2, "the name a is given twice")
        self.refused(referee("matrix", self.shared, self.clean), 2, "given twice")
        for copy in range(21):
            shutil.copytree(self.clean, self.path("copies", str(copy)))
        self.refused(referee("matrix", self.path("copies")), 2, "20")
        self.refused(referee("matrix", self.clean, "--results", "/proc/nothing"), 2)


class Trend(Results):
    def days(self):
        """Sound, broken, broken by another version, sound again."""
        for day, source in enumerate((self.clean, self.broken, self.broken, self.clean)):
            results = load(os.path.join(source, "results.json"))
            results["run"]["target"] = "registry.example"
            results["run"]["timing"]["started"] = f"2026-11-0{day + 1}T10:00:00.000Z"
            if day >= 2:
                results["run"]["tool_version"] = "9.9.9"
            os.makedirs(self.path("nightly", str(day)))
            self.write(os.path.join("nightly", str(day), "results.json"), json.dumps(results))
        return self.path("nightly")

    def test_says_when_what_broke(self):
        folder = self.days()
        trend = json.loads(referee("trend", folder, "--output", "json").stdout)
        self.assertEqual(len(trend["runs"]), 4)
        broke = set(trend["runs"][1]["broke"])
        self.assertTrue(broke)
        self.assertEqual(broke, set(trend["runs"][3]["fixed"]))
        self.assertIn("Referee 9.9.9 (was", " ".join(trend["runs"][2]["marks"]))
        shutil.rmtree(os.path.join(folder, "3"))
        trend = json.loads(referee("trend", folder, "--output", "json").stdout)
        failing = [check for check in trend["checks"] if check["failing"]]
        self.assertEqual({check["id"] for check in failing}, broke)
        self.assertEqual({(check["since"], check["last_good"]) for check in failing}, {(1, 0)})
        text = referee("trend", folder).stdout
        self.assertIn("since 2026-11-02T10:00Z, last good 2026-11-01T10:00Z", text)
        self.assertIn("| run | fail |", referee("trend", folder, "--output", "markdown").stdout)
        self.assertIn("<svg", referee("trend", folder, "--output", "html").stdout)

    def test_a_bad_file_below_a_folder_is_a_note(self):
        folder = self.days()
        for name, text in (("cut", '{"schema": "referee.results/1", "ru'), ("other", "{}")):
            os.mkdir(os.path.join(folder, name))
            self.write(os.path.join("nightly", name, "results.json"), text)
        finished = referee("trend", folder, "--output", "json")
        self.assertEqual(finished.code, 0, finished)
        trend = json.loads(finished.stdout)
        self.assertEqual(len(trend["runs"]), 4)
        self.assertEqual(len(trend["notes"]), 2)
        for words in ("cut/results.json: it is no JSON", "other/results.json is no result of"):
            self.assertIn(words, finished.stderr)
            self.assertIn(words, " ".join(trend["notes"]))
        for form in ("text", "markdown", "html"):
            self.assertIn("it is no JSON", referee("trend", folder, "--output", form).stdout)
        self.refused(referee("trend", self.write("bad.json", "{"), folder), 2, "bad.json")
        for day in range(4):
            shutil.rmtree(os.path.join(folder, str(day)))
        self.assertEqual(referee("trend", folder).code, 2)

    def test_a_registry_on_changing_ports_is_one_target(self):
        for day in range(4):
            path = os.path.join(self.days() if day == 0 else self.path("nightly"), str(day), "results.json")
            results = load(path)
            results["run"]["target"] = f"127.0.0.1:4000{day}"
            self.write(path, json.dumps(results))
        folder = self.path("nightly")
        self.refused(referee("trend", folder), 2, "NAME=DIR")
        trend = json.loads(referee("trend", "mine=" + folder, "--output", "json").stdout)
        self.assertEqual((trend["target"], len(trend["runs"])), ("mine", 4))
        self.assertTrue(trend["runs"][1]["broke"])
        self.assertIn("mine is what the command line calls 4 targets: 127.0.0.1:40000, ", trend["notes"][0])
        parts = ["mine=" + os.path.join(folder, str(day)) for day in (0, 1)] + ["other=" + os.path.join(folder, "2")]
        self.refused(referee("trend", *parts), 2, "2 targets", "mine, other")
        text = referee("trend", *parts, "--target", "mine").stdout
        self.assertTrue(text.startswith("mine: "), text)
        self.assertIn("as of the last of 2 runs", text)
        self.refused(referee("trend", "mine="), 2, "`mine=`: a file or folder is missing after the =")

    def test_a_url_and_host_port_are_one_target(self):
        for day, target in enumerate(("127.0.0.1:40000", "http://127.0.0.1:40000", "https://127.0.0.1:40000/")):
            path = os.path.join(self.days() if day == 0 else self.path("nightly"), str(day), "results.json")
            results = load(path)
            results["run"]["target"] = target
            self.write(path, json.dumps(results))
        parts = [os.path.join(self.path("nightly"), str(day)) for day in range(3)]
        for options in ((), ("--target", "http://127.0.0.1:40000"), ("--target", "127.0.0.1:40000")):
            trend = json.loads(referee("trend", *parts, *options, "--output", "json").stdout)
            self.assertEqual((trend["target"], len(trend["runs"])), ("127.0.0.1:40000", 3), options)

    def test_one_run(self):
        self.assertIn("as of the only run", referee("trend", self.clean).stdout)

    def test_mistakes_are_one_line(self):
        self.refused(referee("trend", self.clean, self.clean), 2, self.clean + " is given twice")
        self.refused(referee("trend", self.shared, os.path.join(self.clean, "results.json")), 2, "given twice")
        self.refused(referee("trend", self.folder), 2, "holds no results.json")
        self.refused(referee("trend", self.days(), self.clean), 2, "--target")
        self.refused(referee("trend", self.path("nightly"), "--target", "nobody"), 2, "no result is of nobody")
        self.refused(referee("trend", "/dev/zero"), 2)


if __name__ == "__main__":
    unittest.main()
