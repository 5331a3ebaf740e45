"""`referee bench` as its users meet it."""

import http.client
import http.server
import json
import os
import signal
import threading

from support import REFEREE, Background, Case, Listener, lines, referee, serve, wait_until


class BenchCase(Case):
    def interrupt(self, *arguments):
        """Ends a run once it has pushed something: what is left can be removed."""
        with serve() as server:
            with Background("bench", server.host, *arguments, "--results", self.path("results")) as run:
                journal = self.path("results", "journal.jsonl")
                self.assertTrue(wait_until(lambda: os.path.exists(journal) and os.path.getsize(journal) > 10_000, 60))
                run.process.send_signal(signal.SIGINT)
                finished = run.end()
            self.assertEqual(finished.code, 130, finished)
            self.assertIn("referee cleanup", finished.stderr)
            self.assertEqual(referee("cleanup", journal, timeout=120).code, 0)


class Growth(BenchCase):
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
        self.refused(referee("bench", "embedded:oci-1.1", "--scenario", "nonsense"), 2)
        self.refused(referee("bench", "embedded:nonsense", "--scenario", "growth"), 2)
        self.refused(self.bench("127.0.0.1:1"), 3)

    def test_an_interrupt_leaves_what_was_measured_and_a_journal(self):
        self.interrupt("--scenario", "growth", "--full")


class Grid(BenchCase):
    one = "verify/oci-1.1/api/n:10/policy:all/by:reference/rtt:0/parallel:8"

    def bench(self, *arguments):
        return referee("bench", *arguments, "--seed", "7", "--repetitions", "3", "--results", self.path("results"),
                       timeout=240)

    def test_json_is_google_benchmarks_and_nothing_stays(self):
        with serve() as server:
            finished = self.bench(server.host, "--select", "*/oci-1.1/api/n:10/*", "--json")
            self.assertEqual(finished.code, 0, finished)
            self.assertIn("removed", finished.stderr)
            self.assertEqual(lines(self.path("results", "journal.jsonl")), 0)
        result = json.loads(finished.stdout)
        with open(self.path("results", "protocol.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), result)
        self.assertEqual(result["context"]["executable"], "referee")
        runs = [run for run in result["benchmarks"]
                if run["name"] == self.one + "/manual_time" and run["run_type"] == "iteration"]
        self.assertEqual(len(runs), 3)
        for run in runs:
            self.assertEqual(run["requests"], 21)
            self.assertEqual(run["signatures"], 10)
            self.assertGreater(run["real_time"], 0)

    def test_tables_name_what_a_target_does_not_support(self):
        finished = self.bench("embedded:oci-1.0", "--select", "discover/*/n:0/*")
        self.assertEqual(finished.code, 0, finished)
        self.assertRegex(finished.stdout, r"oci-1.1/fallback +[0-9.]+ \(1\)")
        self.assertRegex(finished.stdout, r"  oci-1.1/api, n:0: GET /v2/\S+ answered 404")

    def test_each_variant_has_what_it_needs_with_embedded_all(self):
        finished = self.bench("embedded:all", "--select", "discover/*/n:0/*", "--variant", "A", "--variant", "C")
        self.assertEqual(finished.code, 0, finished)
        self.assertRegex(finished.stdout, r"\nA +[0-9.]+ \(1\)\nC +[0-9.]+ \(1\)\n")
        self.assertNotIn("not supported", finished.stdout)

    def test_what_does_not_count_is_said(self):
        with serve("--fault", "r.ref.no-annotations") as server:
            finished = self.bench(server.host, "--select", "verify/oci-1.1/api/n:100/policy:one/*")
        self.assertEqual(finished.code, 4, finished)
        self.assertIn("it took 102 requests, and the formula says 3", finished.stderr)

    def test_mistakes_are_one_line(self):
        self.refused(referee("bench", "embedded:all", "--select", "nonsense"), 2)
        self.refused(referee("bench", "embedded:all", "--variant", "nobody"), 2, "choose from A, B, C, D/index")
        self.refused(referee("bench", "embedded:all", "--results", ""), 2, "name is empty")
        self.refused(referee("bench", "embedded:all", "--scenario", "growth"), 2)
        self.refused(referee("bench", "embedded:all", "--scenario", "growth", "--select", "x"), 2)
        self.refused(self.bench("127.0.0.1:1", "--select", self.one), 3)

    def test_an_interrupt_leaves_a_journal(self):
        self.interrupt()

    def test_an_interrupt_before_the_first_number_leaves_no_file_without_one(self):
        # A second a request: the content is still being pushed.
        with serve("--delay", "1000") as server:
            with Background("bench", server.host, "--select", self.one, "--results", self.path("results")) as run:
                journal = self.path("results", "journal.jsonl")
                self.assertTrue(wait_until(lambda: os.path.exists(journal) and os.path.getsize(journal) > 0, 60))
                run.process.send_signal(signal.SIGINT)
                finished = run.end()
        self.assertEqual(finished.code, 130, finished)
        self.assertEqual(finished.stdout, "")
        self.assertRegex(finished.stderr, r"\Areferee: interrupted before anything was measured; .*\n\Z")
        self.assertEqual(os.listdir(self.path("results")), ["journal.jsonl"])


class OneBadAnswer(http.server.ThreadingHTTPServer):
    """Before a registry; answers the first GET of a blob with 500."""

    daemon_threads = True

    def __init__(self, host):
        outer = self
        self.left = 1

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.command == "GET" and "/blobs/" in self.path and outer.left:
                    outer.left -= 1
                    self.send_error(500)
                    return
                upstream = http.client.HTTPConnection(host)
                upstream.request(self.command, self.path, body, {k: v for k, v in self.headers.items() if k != "Host"})
                answer = upstream.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for key, value in answer.getheaders():
                    if key.lower() not in ("content-length", "connection", "date", "server", "transfer-encoding"):
                        self.send_header(key, value)
                self.send_header("Content-Length", answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)
                upstream.close()

            do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_any

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"


class Ends(Case):
    """What a run leaves behind, however it comes to its end."""

    def test_a_first_repetition_that_fails_ends_nothing_else(self):
        with serve() as server, OneBadAnswer(server.host) as proxy:
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            try:
                finished = referee("bench", proxy.host, "--select",
                                   "verify/oci-1.1/api/n:10/policy:all/by:reference/rtt:0/parallel:8", "--repetitions", "5",
                                   "--results", self.path("results"), timeout=120)
            finally:
                proxy.shutdown()
        self.assertEqual(finished.code, 4, finished)
        self.assertIn("nothing counts", finished.stderr)

    def test_what_came_to_nothing_is_removed(self):
        # This registry has no referrers API: the variant cannot be measured, after its subject was pushed.
        with Listener([REFEREE, "serve", "--listen", "127.0.0.1:0", "--profile", "oci-1.0"]) as server:
            for what in (("--select", "verify/oci-1.1/api/n:10/*"), ("--scenario", "admission")):
                finished = referee("bench", server.host, *what, "--variant", "oci-1.1/api", "--results", self.path("results"))
                self.assertEqual(finished.code, 3, finished)
                self.assertIn("nothing could be measured", finished.stderr)
                if "--select" in what:
                    self.assertIn("oci-1.1/api, n:10 is not supported: GET /v2/", finished.stderr)
                self.assertEqual(lines(self.path("results", "journal.jsonl")), 0, finished)

    def test_a_folder_belongs_to_one_run(self):
        with serve("--delay", "20") as server:
            options = (server.host, "--scenario", "growth", "--most", "316", "--results", self.path("results"))
            journal = self.path("results", "journal.jsonl")
            with Background("bench", *options) as run:
                self.assertTrue(wait_until(lambda: os.path.exists(journal) and os.path.getsize(journal) > 1000, 60))
                self.refused(referee("bench", *options), 2, "another run writes to")
                self.assertTrue(os.path.exists(journal), "the journal of the run was taken away")
                run.process.send_signal(signal.SIGINT)
                run.end()
            self.assertEqual(referee("cleanup", journal, timeout=120).code, 0)


    def test_commands_for_other_results_say_whose_these_are(self):
        finished = referee("bench", "embedded:all", "--select", "discover/oci-1.1/api/n:0/*", "--repetitions", "3",
                           "--results", self.path("results"), timeout=120)
        self.assertEqual(finished.code, 0, finished)
        for command in ("matrix", "trend"):
            self.refused(referee(command, "mine=" + self.path("results")), 2, "is a folder of `referee bench`", "charts", "compare")

    def test_nothing_to_clean_up_is_said_where_nothing_is_left(self):
        with Background("bench", "embedded:all", "--scenario", "rebuild", "--results", self.path("results")) as run:
            self.assertTrue(wait_until(lambda: os.path.exists(self.path("results", "journal.jsonl")) and run.workers(), 60))
            run.process.send_signal(signal.SIGINT)
            finished = run.end(timeout=60)
        self.assertEqual(finished.code, 130, finished)
        self.assertIn("nothing is left to clean up", finished.stderr)
        self.assertNotIn("referee cleanup", finished.stderr)


class Scenario(Case):
    def test_admission_says_what_a_decision_takes(self):
        with serve() as server:
            finished = referee("bench", server.host, "--scenario", "admission", "--variant", "oci-1.1/api", "--variant", "A",
                               "--seed", "7", "--repetitions", "3", "--json", "--results", self.path("results"), timeout=240)
            self.assertEqual(finished.code, 0, finished)
            self.assertEqual(lines(self.path("results", "journal.jsonl")), 0)
        result = json.loads(finished.stdout)
        with open(self.path("results", "admission.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), result)
        self.assertEqual((result["scenario"], result["target"], result["seed"]), ("admission", server.host, "7"))
        self.assertEqual(result["incomplete"], "")
        self.assertGreater(result["host"]["cpus"], 0)
        names = [samples["name"] for samples in result["samples"]]
        self.assertTrue(any(name.startswith("admission/oci-1.1/api/n:100/") for name in names), names)
        self.assertFalse(any(name.startswith("admission/A/") for name in names), names)

    def test_stability_on_fresh_registries(self):
        finished = referee("bench", "embedded:all", "--scenario", "stability", "--variant", "D/index", "--variant", "E/api",
                           "--seed", "7", "--results", self.path("results"), timeout=240)
        self.assertEqual(finished.code, 0, finished)
        self.assertRegex(finished.stdout, r"(?m)^E/api +\S+ ")
        self.assertIn("report.html has charts, stability.json every number", finished.stdout)

    def test_mistakes_are_one_line(self):
        self.refused(referee("bench", "embedded:all", "--scenario", "race", "--variant", "nobody"), 2)
        self.refused(referee("bench", "127.0.0.1:1", "--scenario", "race", "--results", self.path("results")), 3)

    def test_options_that_would_have_no_effect(self):
        for scenario, option, value in (("blob", "--variant", "A"), ("growth", "--variant", "A"),
                                        ("stability", "--repetitions", "5"), ("signed-fraction", "--repetitions", "5")):
            with self.subTest(f"{scenario} {option}"):
                self.refused(referee("bench", "embedded:all" if scenario != "growth" else "embedded:oci-1.1", "--scenario",
                                     scenario, option, value, "--results", self.path("results")),
                             2, option, "no effect", scenario)
                self.assertFalse(os.path.exists(self.path("results")))

    def test_race_runs_as_many_rounds_as_are_asked_for(self):
        finished = referee("bench", "embedded:all", "--scenario", "race", "--variant", "oci-1.1/api", "--repetitions", "5",
                           "--seed", "7", "--json", "--results", self.path("results"), timeout=240)
        self.assertEqual(finished.code, 0, finished)
        result = json.loads(finished.stdout)
        rounds = [samples["values"] for samples in result["samples"] if not samples["name"].endswith(("/lost", "/requests"))]
        self.assertGreater(len(rounds), 0)
        self.assertEqual({len(values) for values in rounds} - {5}, set())


class Charts(Case):
    """report.html beside each result, and `referee charts`, which joins several."""

    def bench(self, folder, target, *arguments):
        repetitions = () if "stability" in arguments else ("--repetitions", "3")
        finished = referee("bench", target, "--seed", "7", *repetitions, *arguments, "--results", self.path(folder), timeout=240)
        self.assertEqual(finished.code, 0, finished)
        self.assertIn("report.html has charts", finished.stdout)
        return self.read(folder, "report.html")

    def read(self, *names):
        with open(self.path(*names), encoding="utf-8") as file:
            return file.read()

    def test_each_run_has_a_page_and_several_are_joined(self):
        with serve() as server:
            grid = self.bench("r/grid", server.host, "--select", "discover/*/n:0/*", "--select", "discover/*/n:100/*",
                              "--variant", "oci-1.1/api", "--variant", "cosign/tag")
            self.bench("r/grid-2", "embedded:all", "--select", "discover/*/n:0/*", "--variant", "A")
            stability = self.bench("r/stability", server.host, "--scenario", "stability", "--variant", "cosign/tag")
        for page, title in ((grid, "discover: time"), (stability, "Bytes that a mirror fetches")):
            self.assertIn("<svg ", page)
            self.assertIn(title, page)
            self.assertIn("1 benchmark measured.", page)
        finished = referee("charts", self.path("r"), "--results", self.path("joined"))
        self.assertEqual(finished.code, 0, finished)
        self.assertEqual(finished.stdout, f"3 results in {self.path('joined')}: bench.html and bench.md\n")
        page = self.read("joined", "bench.html")
        self.assertRegex(page, f"<h1>(embedded:all, {server.host}|{server.host}, embedded:all)</h1>")
        self.assertIn("<span>embedded:all</span>", page)
        self.assertIn(f"<span>{server.host}</span>", page)
        named = referee("charts", "mine=" + self.path("r", "grid"), "fresh=" + self.path("r", "grid-2", "protocol.json"),
                        "--output", "markdown")
        self.assertEqual(named.code, 0, named)
        self.assertRegex(named.stdout, r"(?m)^\| by reference \| fresh \| A \| [0-9.]+ .s \|")
        self.assertNotIn(server.host, named.stdout)
        one = referee("charts", self.path("r", "grid", "protocol.json"), "--output", "markdown")
        self.assertEqual(one.code, 0, one)
        self.assertRegex(one.stdout, r"(?m)^\| by reference \| oci-1.1/api \| [0-9.]+ .s \| [0-9.]+ .s \|$")
        html = referee("charts", self.path("r", "grid", "protocol.json"))
        self.assertTrue(html.stdout.startswith("<!doctype html>"))
        only = referee("charts", self.path("r"), "--results", self.path("one"), "--output", "markdown")
        self.assertEqual(only.code, 0, only)
        self.assertEqual(os.listdir(self.path("one")), ["bench.md"])

    def test_growth_has_a_page(self):
        page = self.bench("g", "embedded:oci-1.1", "--scenario", "growth", "--most", "316")
        self.assertRegex(page, r"manifest by tag, n\^-?[0-9.]+")

    def test_nonsense_is_one_line(self):
        os.mkdir(self.path("empty"))
        os.mkdir(self.path("loop"))
        os.symlink(self.path("loop"), self.path("loop", "again"))
        os.mkfifo(self.path("pipe"))
        broken = self.write("growth.json", '{"schema":"referee.growth/1","endpoints":[1]}')
        for arguments in ((), ("/nonexistent",), (self.path("empty"),), (self.path("loop"),), (self.path("pipe"),),
                          (broken,), ("name=/nonexistent",), ("name=" + broken,), ("/dev/zero",), (self.write("no.json", "{"),), (broken, "--output", "pdf"),
                          (self.write("deep.json", "[" * 100_000),), (self.write("none.json", ""),)):
            self.refused(referee("charts", *arguments), 2)
        self.refused(referee("charts", os.path.dirname(broken)), 2)
