"""`referee load` and `referee merge` as their users meet them."""

import json
import os
import signal
import subprocess

from support import REFEREE, Background, Case, Listener, environment, lines, referee, serve, wait_until

SHORT = ("--duration", "1", "--warm-up", "0", "--no-calibration")


def null_server(*options):
    return Listener([REFEREE, "null-server", *map(str, options)])


class Load(Case):
    def load(self, target, *options, results="results", **more):
        return referee("load", target, *options, "--results", self.path(results), **more)

    def loaded(self, results="results"):
        with open(self.path(results, "load.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_every_kind_of_operation_is_measured_and_nothing_stays(self):
        mix = "pull=20,push=20,referrers=20,tags=20,verified-pull=20"
        with serve() as server:
            finished = self.load(server.host, "--mix", mix, "--rate", "50", "--seed", "7", "--json", *SHORT)
            self.assertIn(finished.code, (0, 4), finished)
            self.assertIn("removed", finished.stderr)
            self.assertEqual(lines(self.path("results", "journal.jsonl")), 0)
        result = json.loads(finished.stdout)
        self.assertEqual(self.loaded(), result)
        self.assertEqual([one["kind"] for one in result["operations"]],
                         ["pull", "push", "referrers", "tags", "verified-pull"])
        for one in result["operations"]:
            self.assertEqual((one["planned"], one["right"]), (10, 10), one)
            self.assertEqual(one["corrected"]["histogram"]["count"], 10)
        self.assertEqual(result["parts"][0]["seed"], "7")
        self.assertIsNone(result["client"]["calibration"])

    def test_a_table_says_whether_the_client_was_the_limit(self):
        finished = self.load("embedded:oci-1.1", "--rate", "50", "--duration", "1", "--warm-up", "0")
        self.assertIn(finished.code, (0, 4), finished)
        self.assertRegex(finished.stdout, r"(?m)^pull +planned +35\.0 ")
        self.assertRegex(finished.stdout, r"against a null server \d+ requests/s")
        self.assertRegex(finished.stdout, r"the client was (not )?the limit")
        self.assertIn("report.html has charts, load.json every histogram", finished.stdout)

    def test_mistakes_that_would_blame_the_registry_are_refused(self):
        self.refused(self.load("embedded:oci-1.1", "--blob-size", "0"), 2, "0 is no size")
        self.refused(self.load("registry.example"), 2, "--plain-http")

    def test_any_server_can_be_loaded_with_one_path(self):
        with null_server("--body", 1000) as server:
            finished = self.load(server.host, "--get", "/", "--rate", "max", "--json", *SHORT)
        self.assertIn(finished.code, (0, 4), finished)
        one = json.loads(finished.stdout)["operations"][0]
        self.assertEqual((one["kind"], one["planned"]), ("get", one["right"]))
        self.assertGreater(one["bytes_received"], one["right"] * 1000)

    def test_a_stall_shows_in_what_is_corrected(self):
        with null_server("--stall-every", 500, "--stall", 100) as server:
            finished = self.load(server.host, "--get", "/", "--rate", "1000", "--connections", "4", "--json",
                                 "--duration", "2", "--warm-up", "0", "--no-calibration")
        self.assertIn(finished.code, (0, 4), finished)
        everything = json.loads(finished.stdout)["all"]
        # A fifth is due in a stall, evenly; sent within it are four at a time.
        self.assertGreater(everything["corrected"]["p99_ms"], 90)
        self.assertGreater(everything["corrected"]["p90_ms"], 2 * everything["uncorrected"]["p90_ms"])

    def test_the_knee_is_found(self):
        # Four connections with 20 ms each: 200 a second.
        with serve("--delay", "20") as server:
            finished = self.load(server.host, "--mix", "tags", "--find-knee", "--rate", "100", "--connections", "4", *SHORT)
        self.assertIn(finished.code, (0, 4), finished)
        self.assertRegex(finished.stdout, r"the knee: \d+(\.\d)? operations/s are held, \d+ are not")
        knee = self.loaded()["knee"]
        self.assertLess(knee["rate"], 260)
        self.assertEqual(knee["steps"][0]["rate"], 100)

    def test_a_wrong_body_fails(self):
        # The list is right at first, and then it is not.
        script = ("import http.server\n"
                  "class Handler(http.server.BaseHTTPRequestHandler):\n"
                  "    protocol_version = 'HTTP/1.1'\n"
                  "    asked = 0\n"
                  "    def do_GET(self):\n"
                  "        Handler.asked += 1\n"
                  "        body = b'right' if Handler.asked < 20 else b'wrong'\n"
                  "        self.send_response(200)\n"
                  "        self.send_header('Content-Length', '5')\n"
                  "        self.end_headers()\n"
                  "        self.wfile.write(body)\n"
                  "    def log_message(self, *_):\n"
                  "        pass\n"
                  "server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)\n"
                  "print(f'listening on 127.0.0.1:{server.server_port}', flush=True)\n"
                  "server.serve_forever()\n")
        with Listener(["python3", "-c", script]) as server:
            finished = self.load(server.host, "--get", "/", "--rate", "50", *SHORT)
        self.assertEqual(finished.code, 1, finished)
        self.assertRegex(finished.stdout, r"errors of get: \d+ body")

    def test_an_interrupt_leaves_a_journal(self):
        with serve() as server:
            with Background("load", server.host, "--mix", "push", "--rate", "100", "--duration", "60",
                            "--results", self.path("results")) as run:
                journal = self.path("results", "journal.jsonl")
                self.assertTrue(wait_until(lambda: os.path.exists(journal) and lines(journal) > 100, 60))
                run.process.send_signal(signal.SIGINT)
                finished = run.end()
            self.assertEqual(finished.code, 130, finished)
            self.assertIn("referee cleanup", finished.stderr)
            self.assertEqual(referee("cleanup", journal, timeout=120).code, 0)

    def test_mistakes_are_one_line(self):
        for wrong in (("--mix", "pull=0"), ("--mix", "nonsense"), ("--rate", "0"), ("--rate", "-1"), ("--rate", "nan"),
                      ("--duration", "0"), ("--p99", "5"), ("--get", "x"), ("--get", "/", "--mix", "pull"),
                      ("--blob-size", "1GiB", "--connections", "32"), ("--connections", "0")):
            self.refused(referee("load", "embedded:oci-1.1", *wrong), 2)
        self.refused(referee("load", "https://registry.example"), 2, "plain HTTP")
        self.refused(referee("load", "embedded:nonsense"), 2)
        self.refused(self.load("127.0.0.1:1", *SHORT), 3)
        self.refused(self.load("embedded:oci-1.0", "--mix", "referrers", *SHORT), 3, "referrers API")


class Merge(Case):
    def setUp(self):
        super().setUp()
        self.files = []
        with null_server() as server:
            runs = []
            for number in (1, 2):
                folder = self.path(str(number))
                self.files.append(os.path.join(folder, "load.json"))
                runs.append(subprocess.Popen([REFEREE, "load", server.host, "--get", "/", "--rate", str(50 * number), "--duration", "2",
                                              "--warm-up", "0", "--no-calibration", "--results", folder], env=environment(),
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            for run in runs:
                self.assertIn(run.wait(timeout=60), (0, 4))

    def test_what_a_file_says_does_not_move_a_terminal(self):
        for path in self.files:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            target = json.loads(text)["target"]
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(json.dumps(target), '"\\u001b[31mred\\u009b\\nline"'))
        finished = referee("merge", *self.files)
        self.assertEqual(finished.code, 0, finished)
        self.assertIn("?[31mred??line: ", finished.stdout)

    def test_runs_at_once_add_up(self):
        finished = referee("merge", *self.files, "--json")
        self.assertEqual(finished.code, 0, finished)
        merged = json.loads(finished.stdout)
        parts = []
        for path in self.files:
            with open(path, encoding="utf-8") as file:
                parts.append(json.load(file))
        self.assertEqual(merged["plan"]["rate"], 150)
        self.assertEqual(merged["operations"][0]["planned"], 300)
        counts = {}
        for part in parts:
            for bucket, count in part["operations"][0]["corrected"]["histogram"]["counts"]:
                counts[bucket] = counts.get(bucket, 0) + count
        self.assertEqual(merged["operations"][0]["corrected"]["histogram"]["counts"], [list(one) for one in sorted(counts.items())])
        again = referee("merge", *reversed(self.files), "--json")
        self.assertEqual(again.stdout, finished.stdout)
        table = referee("merge", *self.files)
        self.assertRegex(table.stdout, r"on 64 connections, 2 runs")

    def test_what_does_not_belong_together_is_refused(self):
        self.refused(referee("merge", self.files[0], self.files[0]), 2, "is in both")
        with open(self.files[1], encoding="utf-8") as file:
            other = json.load(file)
        other["mix"][0]["kind"] = other["operations"][0]["kind"] = "tags"
        self.refused(referee("merge", self.files[0], self.write("other.json", json.dumps(other))), 2, "the mix differs")
        other["schema"] = "referee.load/2"
        self.refused(referee("merge", self.files[0], self.write("other.json", json.dumps(other))), 2, "schema")
        self.refused(referee("merge", self.files[0], self.write("broken.json", "{")), 2, "no load.json of ours")
        self.refused(referee("merge", self.files[0], self.path("absent.json")), 2, "cannot read", "no such file")
        self.refused(referee("merge", self.files[0], self.path("1")), 2, "it is a folder")
        self.refused(referee("merge", self.files[0]), 2)
