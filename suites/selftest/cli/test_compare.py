"""`referee compare` and `referee bench --compare` as their users meet them."""

import json
import re

from support import Case, referee, serve


def google(**benchmarks):
    runs = [{"name": name + "/manual_time", "run_name": name, "run_type": "iteration", "real_time": time, "time_unit": "ms"}
            for name, times in benchmarks.items() for time in times]
    return json.dumps({"context": {"num_cpus": 2}, "benchmarks": runs})


def around(median, count=12):
    return [median * (1 + 0.002 * step) for step in range(count)]


class Compare(Case):
    def files(self, before, after):
        return self.write("before.json", before), self.write("after.json", after)

    def test_a_regression_is_exit_code_one(self):
        files = self.files(google(a=around(10), b=around(3)), google(a=around(13), b=around(3)))
        finished = referee("compare", *files)
        self.assertEqual(finished.code, 1, finished)
        self.assertRegex(finished.stdout, r"^a +10\.11 ms +13\.14 ms +\+30\.0 % .* slower\n")
        self.assertRegex(finished.stdout, r"\nb .* no difference\n")
        self.assertEqual(referee("compare", files[1], files[0]).code, 0)
        self.assertEqual(referee("compare", *files, "--threshold", "40").code, 0)

    def test_noise_raises_the_threshold(self):
        files = self.files(google(a=around(10)), google(a=around(12)))
        self.assertEqual(referee("compare", *files).code, 1)
        noise = self.write("n1.json", google(x=around(10))), self.write("n2.json", google(x=around(12.5)))
        finished = referee("compare", *files, "--noise", *noise)
        self.assertEqual(finished.code, 0, finished)
        self.assertIn("two runs of the same differ by up to 25.0 %", finished.stdout)

    def test_formats(self):
        files = self.files(google(a=around(10)), google(a=around(13)))
        result = json.loads(referee("compare", *files, "--output", "json").stdout)
        self.assertEqual(result["schema"], "referee.comparison/1")
        self.assertTrue(result["regressed"])
        self.assertIn("| a | 10.11 ms | 13.14 ms |", referee("compare", *files, "--output", "markdown").stdout)

    def test_too_little_is_inconclusive(self):
        files = self.files(google(a=around(10, 5)), google(a=around(20, 5)))
        finished = referee("compare", *files)
        self.assertEqual(finished.code, 4, finished)
        self.assertIn("too few repetitions", finished.stdout)

    def test_mistakes_are_one_line(self):
        good, other = self.files(google(a=around(10)), google(b=around(10)))
        self.refused(referee("compare", good), 2)
        self.refused(referee("compare", good, "/nonexistent"), 2)
        self.refused(referee("compare", good, self.write("broken.json", "{")), 2)
        self.refused(referee("compare", good, other), 2)
        self.refused(referee("compare", good, good, "--level", "2"), 2)
        self.refused(referee("bench", "embedded:all", "--threshold", "5"), 2)

    def test_two_targets_take_turns(self):
        with serve() as first, serve("--delay", "30") as second:
            finished = referee("bench", first.host, "--compare", second.host, "--select",
                               "discover/oci-1.1/*/n:0/*", "--results", self.path("results"), timeout=240)
        self.assertEqual(finished.code, 1, finished)
        self.assertEqual(len(re.findall(r"slower", finished.stdout)), 3, finished)
        self.assertEqual(finished.stderr.count("cleaned up"), 2, finished)
        with open(self.path("results", "comparison.json"), encoding="utf-8") as file:
            comparison = json.load(file)
        self.assertEqual([one["difference"] for one in comparison["compared"]], ["slower", "slower"])
        with open(self.path("results", "protocol.json"), encoding="utf-8") as file:
            protocol = json.load(file)
        self.assertEqual(protocol["context"]["second_target"], second.host)
        sides = [run["name"][0] for run in protocol["benchmarks"] if run["run_type"] == "iteration"]
        self.assertEqual((sides.count("A"), sides.count("B")), (20, 20))
