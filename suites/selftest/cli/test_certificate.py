"""replay, certify and verify-certificate as their users meet them."""

import json
import os
import shutil
import tempfile
import unittest

from support import Background, made_once, referee, wait_until

SELECT = ("--select", "oci-1.1/api/*", "--select", "oci-1.1/tags/list*", "--select", "oci-1.1/pull-blobs/*")
P256 = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLqXlmozlBymgtPui
QVhs4mqgI0KvXpTXW37nbZbJSxuhRANCAATEL6kD1SjGobLxSTUGlay9by3qy7o+
AeTDvUkWK3EXj4JpUTCu0CPsnQuIpO6U/LglRgmoDutrmcuKyh7zhLjP
-----END PRIVATE KEY-----
"""
PUBLIC = """-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExC+pA9UoxqGy8Uk1BpWsvW8t6su6
PgHkw71JFitxF4+CaVEwrtAj7J0LiKTulPy4JUYJqA7ra5nLisoe84S4zw==
-----END PUBLIC KEY-----
"""


def make_run(folder):
    for name, text in (("key.pem", P256), ("key.pub", PUBLIC)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    run = referee("check", "embedded:oci-1.1", "--results", os.path.join(folder, "run"), "--seed", 1, *SELECT, timeout=120)
    assert run.code == 0, run


class Certificate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = made_once("certified", make_run)
        cls.folder = folder
        cls.results = os.path.join(folder, "run")
        cls.key = os.path.join(folder, "key.pem")
        cls.public = os.path.join(folder, "key.pub")

    def test_a_run_is_replayed_without_the_registry(self):
        done = referee("replay", self.results, timeout=120)
        self.assertEqual(done.code, 0, done)
        self.assertIn("all verdicts are those of results.json", done.stdout)
        done = referee("replay", self.results, "--check", "oci-1.1/api/ping")
        self.assertEqual(done.code, 0, done)
        self.assertIn(" 1 check replayed", done.stdout)
        self.assertEqual(referee("replay", self.results, "--check", "oci-1.1/api/pong").code, 2)
        self.assertEqual(referee("replay", self.results, "--check", "oci-1.1/pong/*").code, 5)

    def test_what_is_no_recording_is_told_from_one_that_was_cut(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(self.results, os.path.join(folder, "copy"))
            recording = os.path.join(copy, "recording.jsonl")
            with open(recording, "rb") as file:
                whole = file.read()
            for content, words in ((bytes(range(256)) * 2000, "is no recording"), (b"{}\n" + os.urandom(999), "is no recording"),
                                   (b"\xff" * 10_000_000, "is no recording"), (whole[:-5], "its last line is cut")):
                with open(recording, "wb") as file:
                    file.write(content)
                done = referee("replay", copy)
                self.assertEqual(done.code, 2, done)
                self.assertIn(words, done.stderr)

    def test_a_run_that_has_only_begun_is_told_so(self):
        with tempfile.TemporaryDirectory() as begun:
            with open(os.path.join(begun, "recording.jsonl"), "w", encoding="utf-8") as file:
                file.write("{}\n")
            for arguments in (("certify", begun, "--key", self.key), ("replay", begun), ("compare", begun, self.results),
                              ("trend", begun), ("matrix", begun), ("report", begun)):
                done = referee(*arguments)
                self.assertEqual(done.code, 2, (arguments, done))
                self.assertIn("has written no results yet", done.stderr)

    def test_a_run_that_is_killed_in_its_first_seconds_says_that_it_is_not_complete(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "results.json")
            with Background("check", "embedded:oci-1.1", "--results", folder, "--jobs", 1):
                self.assertTrue(wait_until(lambda: os.path.exists(path)))
            with open(path, encoding="utf-8") as file:
                self.assertFalse(json.load(file)["run"]["complete"])
            done = referee("certify", folder, "--key", self.key)
            self.assertEqual(done.code, 1, done)

    def test_exit_codes_are_told(self):
        for command in ("certify", "verify-certificate", "replay"):
            self.assertRegex(referee(command, "--help").stdout, r"Exit codes: 0 .*\b1 ")

    def test_edited_results_differ(self):
        with tempfile.TemporaryDirectory() as copy:
            shutil.copytree(self.results, copy, dirs_exist_ok=True)
            path = os.path.join(copy, "results.json")
            with open(path, encoding="utf-8") as file:
                results = json.load(file)
            results["checks"][0]["verdict"] = "fail"
            with open(path, "w", encoding="utf-8") as file:
                json.dump(results, file)
            done = referee("replay", copy, timeout=120)
            self.assertEqual(done.code, 1, done)
            self.assertIn(results["checks"][0]["id"] + ": results.json says fail, the recording gives pass", done.stdout)

    def test_files_of_somebody_else_are_left_alone(self):
        for name in ("README.md", "badge.svg"):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, name)
                with open(path, "w", encoding="utf-8") as file:
                    file.write("mine")
                done = referee("certify", self.results, "--key", self.key, "--output", folder)
                self.assertEqual(done.code, 2, done)
                self.assertIn("holds other things", done.stderr)

    def test_a_part_of_a_suite_is_not_certified(self):
        done = referee("certify", self.results, "--key", self.key, timeout=120)
        self.assertEqual(done.code, 1, done)
        commit = json.loads(referee("version", "--json").stdout)["commit"]
        dirty = commit == "unknown" or commit.endswith("+dirty")
        self.assertIn("nobody else can have it" if dirty else "a part of the suite oci-1.1", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.results, "submission")))

    def test_a_certificate_of_another_referee_is_left_undecided(self):
        # Signed in the self-tests of the room; its run names a Referee that never was.
        signed = os.path.join(os.path.dirname(os.path.abspath(__file__)), "another-referee")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.path.join(signed, "certificate.sigstore.json"), folder)
            files = {name: "x\n" for name in ("results.json", "report.html", "junit.xml", "PRODUCT.yaml", "README.md",
                                              "badge.svg", "badge.json")}
            files["recording.jsonl"] = json.dumps({"kind": "run", "tool_version": "0.0.9", "commit": "b" * 40,
                                                   "suite": "sha256:" + "0" * 64}, separators=(",", ":")) + "\n"
            for name, text in files.items():
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            verify = ("verify-certificate", folder, "--key", os.path.join(signed, "key.pub"), "--at")
            done = referee(*verify, "2026-06-01T00:00:00Z")
            self.assertEqual(done.code, 2, done)
            self.assertIn("not decided: the certificate is by version 0.0.9 of Referee", done.stderr)
            self.assertIn("verify with the Referee that judged, version 0.0.9, commit " + "b" * 40, done.stderr)
            self.assertEqual(referee(*verify, "2027-06-01T00:00:00Z").code, 1, "it expired")
            with open(os.path.join(folder, "junit.xml"), "a", encoding="utf-8") as file:
                file.write("x")
            done = referee(*verify, "2026-06-01T00:00:00Z")
            self.assertEqual(done.code, 1, done)
            self.assertIn("junit.xml was changed", done.stderr)

    def test_wrong_arguments_are_explained(self):
        for arguments, words in (
                (("certify", self.results, "--key", self.results), "File is actually a directory"),
                (("certify", self.results, "--key", os.path.join(self.results, "results.json")),
                 "is no PEM key: it is larger than 16384 bytes"),
                (("verify-certificate", self.results, "--key", os.path.join(self.results, "results.json")),
                 "is no PEM key: it is larger than 16384 bytes"),
                (("certify", self.results, "--key", self.key, "--profile", "all"), "there is no profile 'all'"),
                (("certify", self.folder, "--key", self.key), "holds no results"),
                (("certify", self.results, "--key", self.key, "--output", self.folder), "holds other things"),
                (("certify", self.results, "--key", self.key, "--expires", "0"), "1"),
                (("certify", self.results, "--key", self.key, "--website", "javascript:alert(1)"), "--website wants an address"),
                (("certify", self.results, "--key", self.key, "--vendor", "one\ntwo"), "--vendor wants one line"),
                (("verify-certificate", self.results, "--key", self.key), "is a private key"),
                (("verify-certificate", self.results, "--key", self.public), "holds no certificate"),
                (("replay", self.folder), "holds no results"),
                (("replay", "/nonexistent"), "/nonexistent"),
                (("replay", self.results, "--check", "oci-1.1/nothing"), "oci-1.1/nothing")):
            done = referee(*arguments)
            self.assertEqual(done.code, 2, (arguments, done))
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done)
            self.assertIn(words, done.stderr)


def make_runtime_run(folder):
    with open(os.path.join(folder, "key.pem"), "w", encoding="utf-8") as file:
        file.write(P256)
    run = referee("runtime", "sound", "--content", "image", "--content", "nested-*", "--results", os.path.join(folder, "run"),
                  timeout=120)
    assert run.code == 0, run


class Runtime(unittest.TestCase):
    def setUp(self):
        made = made_once("runtime", make_runtime_run)
        self.key = os.path.join(made, "key.pem")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = shutil.copytree(os.path.join(made, "run"), os.path.join(folder.name, "run"))

    def path(self, name):
        return os.path.join(self.results, name)

    def edit(self, name, before, after):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(before, text)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text.replace(before, after, 1))

    def test_pulls_are_judged_again_without_the_runtime(self):
        done = referee("replay", self.results)
        self.assertEqual(done.code, 0, done)
        self.assertIn("all reports say the same", done.stdout)
        self.edit("matrix.json", '"verdict": "pass"', '"verdict": "fail"')
        done = referee("replay", self.results)
        self.assertEqual(done.code, 1, done)
        self.assertIn("matrix.json, image with sound: `verdict` is fail, the run gives pass", done.stdout)

    def test_changed_pulls_are_refused(self):
        self.edit("pulls.jsonl", '"exit_code":0', '"exit_code":1')
        done = referee("replay", self.results)
        self.assertEqual(done.code, 2, done)
        self.assertIn("pulls.jsonl was changed", done.stderr)

    def test_a_part_of_the_contents_is_not_certified(self):
        done = referee("certify", self.results, "--key", self.key)
        self.assertEqual(done.code, 1, done)
        commit = json.loads(referee("version", "--json").stdout)["commit"]
        dirty = commit == "unknown" or commit.endswith("+dirty")
        self.assertIn("nobody else can have it" if dirty else "the run left out", done.stderr)

    def test_what_a_runtime_cannot_do_is_said(self):
        for arguments, words in ((("certify", self.results, "--key", self.key, "--attach"), "--attach: a runtime was judged"),
                                 (("replay", self.results, "--check", "oci-1.1/api/ping"), "--check")):
            done = referee(*arguments)
            self.assertEqual(done.code, 2, done)
            self.assertIn(words, done.stderr)

    def test_another_run_leaves_no_old_pulls(self):
        done = referee("runtime", "sound", "--content", "nothing-like-*", "--results", self.results)
        self.assertEqual(done.code, 5, done)
        self.assertTrue(os.path.exists(self.path("pulls.jsonl")), "nothing was run")
        done = referee("client", "sound", "--check", "digest-*", "--results", self.results, timeout=120)
        self.assertFalse(os.path.exists(self.path("pulls.jsonl")), done)
