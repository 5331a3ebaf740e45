"""`referee runtime` as its users meet it: a description of their own, what goes wrong with it, and what is left."""

import json
import os
import signal

from support import SANITIZED, Background, Case, referee, wait_until

TOY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "toy-runtime.sh")


class Runtime(Case):
    def description(self, file="toy.json", **changes):
        toy = {
            "name": "toy", "about": "takes the last match", "install": "write it",
            "programs": {"toy": [TOY]},
            "pull": ["${toy}", "${registry}", "${repository}", "${tag}${digest}", "${platform}", "${dir}/selected"],
            "selected": [{"command": ["/bin/cat", "${dir}/selected"], "match": "(sha256:.*)"}],
            "remove": [["/bin/rm", "-f", "${dir}/selected"]],
        }
        toy.update(changes)
        path = self.path(file)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({key: value for key, value in toy.items() if value is not None}, file)
        return path

    def matrix(self):
        with open(self.path("results", "matrix.json"), encoding="utf-8") as file:
            return json.load(file)

    def runtime(self, *arguments, **options):
        return referee("runtime", *arguments, "--results", self.path("results"), timeout=120, **options)

    def test_a_wrong_name_is_told_by_the_word_of_the_command(self):
        self.refused(referee("runtime", "nope"), 2, "there is no runtime 'nope'")
        self.refused(referee("client", "nope"), 2, "there is no client 'nope'")

    def test_a_toy_is_judged_and_its_defect_named(self):
        finished = self.runtime("--runtime", self.description(), "--content", "two-matching", "--content", "flat-*",
                                "--content", "foreign-only", "--content", "unknown-type-*")
        self.assertEqual(finished.code, 1, finished)
        self.assertIn("it reports success with second; expected: image", finished.stdout)
        self.assertIn("behaves as t.pick-last", finished.stdout)
        matrix = self.matrix()
        cells = {cell["row"]: cell for cell in matrix["cells"]}
        self.assertEqual(cells["two-matching"]["standing"], "wrong")
        self.assertEqual(cells["two-matching"]["verdict"], "fail")
        self.assertEqual(cells["flat-image-arm64-windows"]["standing"], "right")
        self.assertEqual(cells["foreign-only"]["outcome"], "right, nothing, exit 3")
        self.assertEqual(cells["foreign-only"]["words"], "error: no match for linux/amd64")
        self.assertEqual(cells["unknown-type-last"]["standing"], "wrong")
        for name in ("report.html", "matrix.md", "junit.xml", "results.json"):
            self.assertTrue(os.path.exists(self.path("results", name)), name)

    def test_two_runs_agree_and_a_baseline_marks_what_changed(self):
        toy = self.description()
        outcomes = []
        for _ in range(2):
            finished = self.runtime(toy, "--content", "flat-*", "--json")
            outcomes.append([(cell["row"], cell["outcome"]) for cell in json.loads(finished.stdout)["cells"]])
        self.assertEqual(outcomes[0], outcomes[1])
        os.rename(self.path("results", "matrix.json"), self.path("old.json"))
        same = self.runtime(toy, "--content", "flat-*", "--baseline", self.path("old.json"))
        self.assertIn("0 cells differ", same.stdout)
        slower = self.description(pull=["/bin/false", "${reference}"])
        other = self.runtime(slower, "--content", "flat-*", "--baseline", self.path("old.json"))
        self.assertIn("was: right, image, exit 0; now: failed, nothing, exit 1", other.stdout)

    def test_the_sound_imitation_is_right_everywhere(self):
        some = ("--content", "nested-*", "--content", "unknown-*") if SANITIZED else ()
        finished = self.runtime("sound", "--json", *some)
        self.assertEqual(finished.code, 0, finished)
        standings = {cell["standing"] for cell in json.loads(finished.stdout)["cells"]}
        self.assertEqual(standings, {"right", "allowed"})

    def test_a_pull_that_hangs_is_a_timeout_and_the_rest_goes_on(self):
        hanging = self.description(pull=["/bin/sh", "-c", "case ${reference} in *two*) sleep 300;; *) exec ${toy} "
                                         "${registry} ${repository} ${tag} ${platform} ${dir}/selected;; esac"])
        finished = self.runtime(hanging, "--content", "two-matching", "--content", "flat-many", "--pull-timeout", "5")
        self.assertEqual(finished.code, 4, finished)
        cells = {cell["row"]: cell["outcome"] for cell in self.matrix()["cells"]}
        self.assertEqual(cells, {"two-matching": "timeout", "flat-many": "right, image, exit 0"})

    def test_what_is_missing_is_named_with_the_way_to_get_it(self):
        missing = self.description(programs={"toy": ["/nonexistent/toy"]})
        finished = self.runtime(missing, "--content", "image")
        self.assertEqual(finished.code, 3, finished)
        self.assertIn("not installed: toy is missing; write it", finished.stdout)

    def test_a_wrong_description_is_one_line(self):
        for changes, words in (({"pul": ["x"]}, "`pul` is no field here"), ({"pull": None}, "`pull` is missing"),
                               ({"programs": {"toy": ["toy"]}}, "not absolute"),
                               ({"selected": []}, "`selected` is missing")):
            finished = self.runtime(self.description(**changes), "--content", "image")
            self.refused(finished, 2)
            self.assertIn(words, finished.stderr)
        self.refused(self.runtime("./nonexistent.json"), 2)
        self.refused(self.runtime("nobody"), 2)
        self.refused(self.runtime(), 2)
        self.refused(self.runtime("sound", "--content", "nonsense-*"), 5)
        self.refused(self.runtime("sound", "--baseline", self.description()), 2)
        self.refused(self.runtime("sound", "--platform", "linux"), 2)

    def test_a_daemon_that_does_not_come_up_costs_its_runtime_only(self):
        broken = self.description("broken.json", name="broken", daemons=[
            {"name": "toyd", "command": ["/bin/sh", "-c", "echo fatal: no disk; exit 1"], "ready": ["/bin/false"]}])
        finished = self.runtime(broken, self.description(), "--content", "flat-many")
        self.assertEqual(finished.code, 4, finished)
        self.assertIn("toyd ended while it started: fatal: no disk", finished.stdout)
        self.assertEqual({(cell["column"], cell["standing"]) for cell in self.matrix()["cells"]},
                         {("broken", "unclear"), ("toy", "right")})

    def test_an_interrupted_run_leaves_reports_and_nothing_else(self):
        marker = self.path("started")
        slow = self.description(pull=["/bin/sh", "-c", f"echo $$ >> {marker}; sleep 300"])
        with Background("runtime", slow, "--results", self.path("results"), "--content", "flat-*") as run:
            self.assertTrue(wait_until(lambda: os.path.exists(marker), 60))
            run.process.send_signal(signal.SIGINT)
            self.assertEqual(run.end().code, 130)
        self.assertFalse(self.matrix()["complete"])
        with open(marker, encoding="utf-8") as file:
            for pid in file.read().split():
                self.assertFalse(os.path.exists(f"/proc/{pid}"))


class Client(Case):
    def client(self, *arguments):
        return referee("client", *arguments, "--results", self.path("results"), "--json", timeout=240)

    def cells(self, finished):
        return {cell["row"]: cell for cell in json.loads(finished.stdout)["cells"]}

    def test_the_sound_client_is_right(self):
        finished = self.client("sound", "--check", "digest-*", "--check", "fallback-*", "--check", "redirect-auth*")
        self.assertEqual(finished.code, 0, finished)
        cells = self.cells(finished)
        self.assertGreater(len(cells), 10)
        self.assertEqual({cell["standing"] for cell in cells.values()} - {"allowed"}, {"right"})

    def test_a_defect_is_told(self):
        finished = self.client("c.no-digest-check", "c.blind-fallback-put", "--check", "digest-manifest",
                               "--check", "fallback-extended")
        self.assertEqual(finished.code, 1, finished)
        wrong = {(cell["column"], cell["row"]) for cell in json.loads(finished.stdout)["cells"]
                 if cell["standing"] == "wrong"}
        self.assertEqual(wrong, {("c.no-digest-check", "digest-manifest"), ("c.blind-fallback-put", "fallback-extended")})

    def test_what_is_not_selected_is_one_line(self):
        self.refused(referee("client", "sound", "--check", "nonsense-*"), 5)
        self.refused(referee("client", "nobody"), 2)
        self.refused(referee("client", "sound", "--full"), 2)


class Imitations(Case):
    def test_some_of_them_can_be_chosen(self):
        # All of them, and of the clients', are a stage of ci/test.
        if not SANITIZED:  # every content for one imitation: forty seconds there
            finished = referee("prove", "--suite", "runtimes", "--fault", "t.pick-*", "--json", timeout=120)
            self.assertEqual([row["fault"] for row in json.loads(finished.stdout)["faults"]], ["t.pick-last"])
        self.refused(referee("prove", "--suite", "runtimes", "--fault", "nonsense"), 2)
        finished = referee("prove", "--suite", "clients", "--fault", "c.dup-append", "--fault", "c.no-link")
        self.assertRegex(finished.stdout.splitlines()[-1], r"^proved: 2 imitations with a defect \(0 missed\)")

    def test_are_listed_and_refused_by_name(self):
        self.assertIn("t.no-nested", referee("list", "imitations").stdout)
        self.assertIn("nested-bomb", referee("list", "contents").stdout)
        self.assertIn("podman", referee("list", "runtimes").stdout)
        explained = referee("explain", "nested-1").stdout
        self.assertIn("Expected: image.", explained)
        self.assertIn("pull 127.0.0.1:5000/referee/nested-1:v1", explained)
        self.assertIn("client.pull.digest", referee("explain", "digest-manifest").stdout)
        self.assertIn("referee client c.no-link", referee("explain", "c.no-link").stdout)
        self.refused(referee("imitate", "t.nobody", "pull", "127.0.0.1:1/a:b", "--output", self.path("out")), 2)
        self.refused(referee("imitate", "sound", "pull", "nonsense", "--output", self.path("out")), 1)
        self.refused(referee("imitate", "sound", "pull", "127.0.0.1:1/a:b", "--output", self.path("out")), 1)
