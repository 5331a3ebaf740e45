"""`referee check` from start to end: the embedded registry, targets that cannot be judged, exit codes, reports."""

import json
import os
import socket
import ssl
import subprocess
import threading
import unittest

from support import PATIENCE, SANITIZED, THREADS_SEEN, Case, referee, serve


class Embedded(Case):
    def test_the_reference_registry_passes(self):
        some = ("--select", "oci-1.1/push-*", "--select", "oci-1.1/referrers*") if THREADS_SEEN else ()
        finished = self.check("embedded:oci-1.1", "--check-timeout", 60 * PATIENCE, *some, timeout=120)
        self.no_crash(finished)
        self.assertEqual(finished.code, 0, finished)
        run = self.reports_are_valid()
        self.assertTrue(run["run"]["complete"])
        self.assertGreaterEqual(len(run["checks"]), 60 if THREADS_SEEN else 100)
        self.assertEqual({"fail", "error", "inconclusive", "blocked"} & set(self.verdicts().values()), set())
        self.assertIn(self.results, finished.stdout)

    def test_nothing_is_left_running(self):
        self.check("embedded:oci-1.1", "--select", "oci-1.1/tags*")
        found = subprocess.run(["pgrep", "-P", str(os.getpid()), "referee"], capture_output=True, check=False)
        self.assertEqual(found.stdout, b"")

    def test_json_on_stdout_is_the_report(self):
        finished = self.check("embedded:oci-1.1", "--select", "oci-1.1/tags*", "--json")
        self.assertEqual(json.loads(finished.stdout)["checks"], self.run_of()["checks"])

    def test_junit_on_stdout(self):
        finished = self.check("embedded:oci-1.1", "--select", "oci-1.1/tags*", "--output", "junit")
        self.assertTrue(finished.stdout.startswith("<?xml"), finished)

    def test_selection(self):
        self.check("embedded:oci-1.1", "--select", "oci-1.1/tags*")
        chosen = set(self.verdicts())
        listed = {row["id"] for row in json.loads(referee("list", "--select", "oci-1.1/tags*", "--json").stdout)}
        self.assertTrue(listed)
        self.assertLessEqual(listed, chosen)

    @unittest.skipIf(SANITIZED, "a thousand attachments")
    def test_full_takes_the_large_sizes(self):
        for flags in (), ("--full",):
            self.check("embedded:oci-1.0", "--select", "seed/inline-bloats-pull/d-digest-tag", *flags)
            (found,) = self.run_of()["checks"]
            self.assertEqual(bool(flags), "by reference, 1000 signatures" in found["observations"])

    def test_default_results_folder(self):
        finished = referee("check", "embedded:oci-1.1", "--select", "oci-1.1/tags*", cwd=self.folder)
        self.assertEqual(finished.code, 0, finished)
        made = os.listdir(self.path("referee-results"))
        self.assertEqual(len(made), 1)
        self.assertIn("results.json", os.listdir(self.path("referee-results", made[0])))

    def test_seed_is_printed_and_decides_the_names(self):
        finished = referee("check", "embedded:oci-1.1", "--results", self.results, "--select", "oci-1.1/tags*")
        self.assertIn(self.run_of()["run"]["seed"], finished.stdout)

    def test_results_can_be_replaced(self):
        for _ in range(2):
            self.assertEqual(self.check("embedded:oci-1.1", "--select", "oci-1.1/tags*").code, 0)
        self.reports_are_valid()

    def test_configuration_file(self):
        config = self.write("referee.toml", 'jobs = 2\nselect = ["oci-1.1/tags*"]\n')
        self.assertEqual(self.check("embedded:oci-1.1", "--config", config).code, 0)
        self.assertEqual(self.run_of()["run"]["jobs"], 2)


class ExitCodes(Case):
    def test_a_broken_must_is_1(self):
        with serve("--fault", "r.ref.null-list") as server:
            finished = self.check(server.host, "--select", "oci-1.1/referrers/empty-list")
        self.assertEqual(finished.code, 1, finished)
        self.assertIn("fail", self.verdicts().values())

    def test_the_same_registry_without_the_fault_is_0(self):
        with serve() as server:
            self.assertEqual(self.check(server.host, "--select", "oci-1.1/referrers/empty-list").code, 0)

    def test_a_url_and_host_port_mean_the_same(self):
        with serve() as server:
            self.assertEqual(self.check(server.host, "--select", "oci-1.1/tags*").code, 0)
            self.assertEqual(self.check(f"http://{server.host}", "--select", "oci-1.1/tags*").code, 0)
            self.assertEqual(self.check(f"http://{server.host}/", "--select", "oci-1.1/tags*").code, 0)

    def test_no_proxy_between_this_machine_and_itself(self):
        env = {"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"}
        with serve() as server:
            for target in ("embedded:oci-1.1", server.host):
                finished = self.check(target, "--select", "*api/ping", env=env)
                self.assertEqual(finished.code, 0, finished)

    def test_the_clean_run_leaves_nothing(self):
        with serve() as server:
            self.assertEqual(self.check(server.host, "--select", "oci-1.1/tags*").code, 0)
            self.assertEqual(os.path.getsize(os.path.join(self.results, "journal.jsonl")), 0)

    def test_keep_leaves_what_cleanup_removes(self):
        journal = os.path.join(self.results, "journal.jsonl")
        with serve() as server:
            self.assertEqual(self.check(server.host, "--select", "oci-1.1/tags*", "--keep").code, 0)
            self.assertGreater(os.path.getsize(journal), 0)
            self.assertEqual(referee("cleanup", journal).code, 0)
            self.assertEqual(os.path.getsize(journal), 0)
            again = referee("cleanup", journal)
            self.assertEqual(again.code, 0, again)


class Unjudgeable(Case):
    """Exit code 3, one line, at once."""

    def test_nobody_listens(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.refused(self.check(f"127.0.0.1:{probe.getsockname()[1]}"), 3)

    def test_host_that_does_not_resolve(self):
        self.refused(self.check("registry.invalid"), 3, "registry.invalid")

    def test_plain_http_where_tls_is_expected(self):
        with serve() as server:
            self.refused(self.check(f"https://{server.host}"), 3)

    def test_tls_where_plain_http_is_expected(self):
        with ReadOnly(tls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) as port:
            self.refused(self.check(f"127.0.0.1:{port}"), 3, f"try https://127.0.0.1:{port}")

    def test_http2_without_tls_where_it_is_not_spoken(self):
        with serve() as server:
            self.refused(self.check(server.host, "--http", "2"), 3, "clear-text HTTP/2 was demanded")

    def test_the_proxy_is_named_without_its_password(self):
        finished = self.check("http://registry.invalid", env={"http_proxy": "http://user:hunter2@127.0.0.1:1"})
        self.refused(finished, 3, "registry.invalid through the proxy http://127.0.0.1:1 (http_proxy)")
        self.assertNotIn("hunter2", finished.stderr)

    def test_journal_of_a_registry_that_is_gone(self):
        with serve() as server:
            self.check(server.host, "--select", "oci-1.1/tags*", "--keep")
        journal = os.path.join(self.results, "journal.jsonl")
        size = os.path.getsize(journal)
        finished = referee("cleanup", journal)
        self.refused(finished, 3)
        self.assertEqual(os.path.getsize(journal), size)

    def test_no_write_access(self):
        with ReadOnly() as port:
            self.refused(self.check(f"127.0.0.1:{port}"), 3)

    def test_credentials_are_demanded(self):
        with ReadOnly(status=401, header=("WWW-Authenticate", 'Basic realm="x"')) as port:
            self.refused(self.check(f"127.0.0.1:{port}"), 3)

    def test_credentials_are_wrong(self):
        secret = "hunter2-" + "z" * 20
        with ReadOnly(status=401, header=("WWW-Authenticate", 'Basic realm="x"')) as port:
            finished = self.check(f"127.0.0.1:{port}", "--username-file", self.write("u", "ci\n"), "--password-file",
                                  self.write("p", secret + "\n"))
        self.refused(finished, 3)
        self.assertNotIn(secret, finished.stderr)

    def test_token_realm_that_cannot_be_reached(self):
        with ReadOnly(status=401, header=("WWW-Authenticate", 'Bearer realm="http://127.0.0.1:1/t",service="s"')) as port:
            self.refused(self.check(f"127.0.0.1:{port}"), 3)


class Tls(Case):
    def setUp(self):
        super().setUp()
        self.certificate, self.key = self.path("cert.pem"), self.path("key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def test_an_unknown_authority(self):
        with ReadOnly(tls=self.context()) as port:
            self.refused(self.check(f"https://127.0.0.1:{port}"), 3, "certificate")

    def test_the_wrong_host_name(self):
        with ReadOnly(tls=self.context()) as port:
            self.refused(self.check(f"https://localhost:{port}", "--ca-file", self.certificate), 3)

    def test_ca_file_that_is_no_certificate(self):
        with ReadOnly(tls=self.context()) as port:
            finished = self.check(f"https://127.0.0.1:{port}", "--ca-file", self.write("ca.pem", "no certificate\n"))
            self.assertIn(finished.code, (2, 3), finished)
            self.refused(finished, finished.code)

    def test_trust_and_insecure_get_through_the_handshake(self):
        with ReadOnly(tls=self.context()) as port:
            for option in (("--ca-file", self.certificate), ("--insecure",)):
                finished = self.check(f"https://127.0.0.1:{port}", *option)
                self.refused(finished, 3)
                self.assertNotIn("certificate", finished.stderr)


class ReadOnly:
    """A registry that answers /v2/ and refuses every write; with 401 or 429 it refuses everything."""

    def __init__(self, status=403, header=("X-None", "x"), tls=None):
        self.status, self.header, self.tls = status, header, tls

    def __enter__(self):
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        status, header = self.status, self.header

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                writes = self.command not in ("GET", "HEAD")
                body = b'{"errors":[{"code":"DENIED","message":"no"}]}' if writes or status in (401, 429) else b"{}"
                self.send_response(status if writes or status in (401, 429) else 200 if self.path == "/v2/" else 404)
                self.send_header(*header)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self.server.server_address[1]

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class EveryCommandSaysTheSame(Case):
    """Whoever cannot get in is told what to do, whichever command met the door; and no empty folder is left."""

    COMMANDS = (("check",), ("bench", "--select", "attach/oci-1.1/fallback/*"), ("bench", "--scenario", "growth"),
                ("bench", "--scenario", "race"), ("load", "--no-calibration"))

    def each(self, target, code, *words):
        for number, (command, *options) in enumerate(self.COMMANDS):
            with self.subTest(f"{command} {options}"):
                folder = self.path(f"results-{number}")
                finished = referee(command, target, *options, "--results", folder)
                self.refused(finished, code, *words)
                self.assertFalse(os.path.exists(folder))

    def test_credentials_are_demanded(self):
        with ReadOnly(status=401, header=("WWW-Authenticate", 'Basic realm="x"')) as port:
            self.each(f"127.0.0.1:{port}", 3, "credentials were refused", "REFEREE_USERNAME")

    def test_nothing_may_be_written(self):
        with ReadOnly() as port:
            self.each(f"127.0.0.1:{port}", 3, "may not be written", "credentials that may push", "--namespace")

    def test_requests_are_limited(self):
        with ReadOnly(status=429, header=("Retry-After", "86400")) as port:
            self.each(f"127.0.0.1:{port}", 3, "try again later")

    def test_nobody_is_there(self):
        self.each("127.0.0.1:1", 3, "is it running?")

    def test_a_folder_that_was_there_stays(self):
        os.mkdir(self.results)
        self.refused(self.check("127.0.0.1:1"), 3)
        self.assertEqual(os.listdir(self.results), [])

    def test_the_default_folder_leaves_nothing_either(self):
        self.refused(referee("check", "127.0.0.1:1", cwd=self.folder), 3)
        self.assertEqual(os.listdir(self.folder), [])
