"""Command lines that are wrong, and the help that prevents them."""

import json
import os
import re
import shutil
import subprocess
import unittest
import urllib.request

from support import REFEREE, SANITIZED, Case, referee

COMMANDS = ("check", "list", "explain", "serve", "prove", "cleanup", "version")


class Usage(Case):
    def test_no_command(self):
        self.refused(referee(), 2)

    def test_unknown_command(self):
        self.refused(referee("chekc", "127.0.0.1:5000"), 2, "there is no command 'chekc'; did you mean `check`?")
        self.assertNotIn("did you mean", referee("worke").stderr, "that command is not for people")

    def test_unknown_flag(self):
        self.refused(self.check("embedded:oci-1.1", "--no-such-flag"), 2, "--no-such-flag")

    def test_a_mistyped_option_is_told_with_the_one_that_was_meant(self):
        for words in (("--selct", "x"), ("--selct=x",)):
            self.refused(self.check("embedded:oci-1.1", *words), 2, "there is no option `--selct`; did you mean `--select`?")
        self.refused(referee("check", "embedded:oci-1.1", "first", "second"), 2, "`first second` is more than it takes")

    def test_unknown_flag_of_every_command(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.refused(referee(command, "--no-such-flag"), 2)

    def test_output_that_does_not_arrive_is_told(self):
        for command in ("list", "version", "explain oci-1.1/api/ping", "--help",
                        f"check embedded:oci-1.1 --select *api/ping --results {self.results}"):
            with self.subTest(command), open("/dev/full", "wb") as full:
                finished = subprocess.run([REFEREE, *command.split()], stdout=full, stderr=subprocess.PIPE, check=False,
                                          timeout=120)
                self.assertEqual(finished.returncode, 2, finished.stderr)
                self.assertIn(b"cannot write to standard output", finished.stderr)

    def test_a_reader_that_goes_away_is_no_error(self):
        process = subprocess.Popen([REFEREE, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 0)

    def test_missing_target(self):
        self.refused(referee("check"), 2, "target")

    def test_value_of_the_wrong_kind(self):
        for option, value in (("--jobs", "many"), ("--jobs", "0"), ("--jobs", "-1"), ("--jobs", "1000000"),
                              ("--seed", "abc"), ("--seed", "-1"), ("--seed", "9" * 23), ("--seed", ""), ("--seed", "0x1"),
                              ("--seed", "1.5"), ("--spec", "2.0"), ("--results", ""), ("--check-timeout", "nan"),
                              ("--level", "always"), ("--output", "pdf"), ("--http", "3")):
            with self.subTest(f"{option} {value}"):
                finished = self.check("embedded:oci-1.1", option, value)
                self.refused(finished, 2, option)
                self.assertLess(len(finished.stderr), 200)
        for value in ("-1", "9" * 23):
            self.refused(referee("prove", "--seed", value), 2, "--seed")

    def test_the_largest_seed(self):
        self.assertEqual(self.check("embedded:oci-1.1", "--seed", 2**64 - 1, "--select", "*api/ping").code, 0)
        self.assertEqual(self.run_of()["run"]["seed"], str(2**64 - 1))

    def test_level_in_either_case(self):
        self.assertEqual(referee("list", "--level", "MUST").stdout, referee("list", "--level", "must").stdout)

    def test_sizes(self):
        for value in ("1XB", "-1", "1.5GiB", "", "KiB", "9" * 23, "99999999999TiB"):
            with self.subTest(value):
                finished = referee("serve", "--listen", "127.0.0.1:x", "--memory", value)
                self.refused(finished, 2, "--memory")
                self.assertLess(len(finished.stderr), 200)
        for value in ("1000000", "64MiB", "64mb", "1 GiB", "2g", "900B"):
            with self.subTest(value):
                self.refused(referee("serve", "--listen", "127.0.0.1:x", "--memory", value), 2, "--listen")

    def test_options_that_contradict_each_other(self):
        for target, options, word in (("embedded:oci-1.1", ("--namespace", "a", "--repository", "b"), "--namespace"),
                                      ("embedded:oci-1.1", ("--repository", "a", "--repository", "a"), "--repository"),
                                      ("https://127.0.0.1:1", ("--plain-http",), "--plain-http")):
            with self.subTest(options):
                self.refused(self.check(target, *options), 2, word)
        config = self.write("referee.toml", 'namespace = "a"\n')
        self.refused(self.check("embedded:oci-1.1", "--config", config, "--repository", "b"), 2, "--namespace")

    def test_options_without_effect_on_a_list(self):
        for what, option, value in (("faults", "--select", "x"), ("requirements", "--level", "must"),
                                    ("profiles", "--suite", "oci-1.1"), ("variants", "--spec", "1.0")):
            with self.subTest(what):
                self.refused(referee("list", what, option, value), 2, option, what)
        self.assertEqual(referee("list", "requirements", "--spec", "1.0").code, 0)

    def test_a_variable_is_named_where_it_gave_the_value(self):
        for variable in ("REFEREE_CA_FILE", "REFEREE_CLIENT_CERT", "REFEREE_CLIENT_KEY"):
            finished = referee("check", "127.0.0.1:1", "--results", self.path("none"), env={variable: "/nonexistent"})
            self.refused(finished, 2, variable + ": ", "/nonexistent")
        finished = referee("check", "127.0.0.1:1", "--ca-file", "/nowhere", env={"REFEREE_CA_FILE": "/nonexistent"})
        self.refused(finished, 2, "referee: --ca-file: ", "/nowhere")
        finished = referee("check", "127.0.0.1:1", env={"REFEREE_CLIENT_CERT": "/etc/hostname"})
        self.refused(finished, 2, "REFEREE_CLIENT_CERT requires --client-key")

    def test_flag_without_its_value(self):
        self.refused(referee("check", "embedded:oci-1.1", "--results"), 2, "--results")

    def test_unknown_check_id(self):
        self.refused(self.check("embedded:oci-1.1", "--select", "oci-1.1/no/such-check"), 2, "oci-1.1/no/such-check")

    def test_glob_that_matches_nothing(self):
        self.refused(self.check("embedded:oci-1.1", "--select", "oci-1.1/no/such*"), 5)

    def test_everything_deselected(self):
        self.refused(self.check("embedded:oci-1.1", "--select", "!*"), 5)

    def test_every_command_tells_a_wrong_name_from_a_pattern_that_takes_nothing(self):
        for command in (("check", "embedded:oci-1.1"), ("list",), ("prove",)):
            self.refused(referee(*command, "--suite", "oci-9"), 2, "there is no suite `oci-9`")
            self.refused(referee(*command, "--suite", "nonsense"), 2, "choose from oci-1.1, ", "proposals")
            self.refused(referee(*command, "--select", "oci-1.1/no/such-check"), 2, "there is no check")
            self.refused(referee(*command, "--select", "oci-1.1/no/such*"), 5, "no check matches")
            self.refused(referee(*command, "--select", "@no-such-tag"), 5, "no check has the tag")
        self.refused(referee("prove", "--suite", "runtimes", "--suite", "clients"), 2, "takes runtimes or clients, alone")
        for suite in ("oci-1.1", "runtimes", "clients"):
            self.refused(referee("prove", "--suite", suite, "--fault", "r.no.such"), 2, "match")
            self.refused(referee("prove", "--suite", suite, "--fault", "r.no.such*"), 5, "match")
        self.refused(referee("bench", "embedded:all", "--select", "nonsense"), 2, "no benchmark matches")
        self.refused(referee("bench", "embedded:all", "--select", "nonsense/*"), 5, "no benchmark matches")
        for command, option in (("runtime", "--content"), ("client", "--check")):
            self.refused(referee(command, "sound", option, "nonsense"), 2, "nonsense")
            self.refused(referee(command, "sound", option, "nonsense-*"), 5, "nonsense")

    def test_unknown_profile(self):
        self.refused(self.check("embedded:oci-9"), 2, "oci-9")
        self.refused(referee("serve", "--profile", "oci-9", "--listen", "127.0.0.1:0"), 2, "oci-9")
        self.refused(referee("prove", "--profile", "oci-9"), 2, "unknown profile 'oci-9'")

    def test_unknown_fault(self):
        self.refused(referee("serve", "--fault", "r.no.such", "--listen", "127.0.0.1:0"), 2, "r.no.such", "list faults")
        self.refused(referee("serve", "--fault", "r.ref.nul-list", "--listen", "127.0.0.1:0"), 2,
                     "unknown fault 'r.ref.nul-list'; did you mean `r.ref.null-list`?")
        self.refused(referee("serve", "--profile", "oci-11", "--listen", "127.0.0.1:0"), 2, "did you mean `oci-1.1`?")

    def test_targets_that_are_none(self):
        for target in ("", "ftp://127.0.0.1", "http://", "127.0.0.1:99999", "127.0.0.1:port", "http://user:pw@127.0.0.1",
                       "http://127.0.0.1/some/path?x=1", "embedded:", "http://[::1", "a b"):
            with self.subTest(target):
                finished = self.check(target)
                self.refused(finished, 2)
                self.assertNotIn("pw", finished.stderr)

    def test_namespaces_that_are_none(self):
        for prefix in ("UPPER", "a//b", "/a", "a/", "..", "a" * 300):
            with self.subTest(prefix[:20]):
                self.refused(self.check("embedded:oci-1.1", "--namespace", prefix, "--select", "oci-1.1/tags/none"), 2,
                             "--namespace")

    def test_repository_that_is_none(self):
        self.refused(self.check("embedded:oci-1.1", "--repository", "Not/Valid", "--select",
                                "oci-1.1/tags/none"), 2, "--repository")

    def test_listen_address(self):
        for address in ("127.0.0.1", "127.0.0.1:", ":x", "127.0.0.1:70000", "256.0.0.1:0"):
            with self.subTest(address):
                self.refused(referee("serve", "--listen", address), 2)

    def test_port_in_use(self):
        from support import serve
        with serve() as server:
            self.refused(referee("serve", "--listen", server.host), 2, str(server.port))

    def test_store_that_is_not_ours(self):
        store = self.path("layout")
        os.makedirs(os.path.join(store, "blobs", "sha256"))
        digest = "0" * 64
        index = json.dumps({"schemaVersion": 2, "manifests": [
            {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": f"sha256:{digest}", "size": 2,
             "annotations": {"org.opencontainers.image.ref.name": "latest"}}]})
        self.write("layout/index.json", index)
        self.write(f"layout/blobs/sha256/{digest}", "{}")
        for version, word in (("1.0.0", "journal"), ("9", "version 9")):
            self.write("layout/oci-layout", json.dumps({"imageLayoutVersion": version}))
            before = sorted(os.walk(store))
            self.refused(referee("serve", "--store", store, "--listen", "127.0.0.1:0"), 2, word, "empty or new folder")
            self.assertEqual(sorted(os.walk(store)), before)
            with open(os.path.join(store, "index.json"), encoding="utf-8") as file:
                self.assertEqual(file.read(), index)

    def test_store_with_a_damaged_journal(self):
        from support import serve
        store = self.path("store")
        with serve("--store", store):
            pass
        journal = self.write("store/referee/journal.jsonl", "x\ny\n")
        self.refused(referee("serve", "--store", store, "--listen", "127.0.0.1:0"), 2, f"{journal} line 1")

    def test_control_port(self):
        from support import serve
        with serve("--control", "127.0.0.1:0") as server:
            said = re.match(r"control on (127\.0\.0\.1:\d+)$", server.process.stdout.readline().decode().strip())
            request = urllib.request.Request(f"http://{said[1]}/profile?name=e", method="POST")
            with urllib.request.urlopen(request, timeout=30) as answer:
                self.assertEqual(json.load(answer), {"profile": "e", "rescanned": 0})

    def test_control_is_for_the_loopback(self):
        for address in ("nonsense", "0.0.0.0:0", "192.0.2.1:0"):
            with self.subTest(address):
                self.refused(referee("serve", "--listen", "127.0.0.1:0", "--control", address), 2)

    def test_files_that_are_missing(self):
        missing = self.path("missing")
        there = self.write("there", "x\n")
        for options in (("--ca-file", missing), ("--docker-config", missing), ("--config", missing),
                        ("--client-cert", missing, "--client-key", there), ("--client-cert", there, "--client-key", missing),
                        ("--username-file", missing, "--password-file", there),
                        ("--username-file", there, "--password-file", missing)):
            with self.subTest(options):
                self.refused(self.check("127.0.0.1:1", *options), 2, missing)

    def test_user_name_and_password_go_together(self):
        there = self.write("there", "x\n")
        self.refused(self.check("127.0.0.1:1", "--username-file", there), 2, "--password-file")
        self.refused(self.check("127.0.0.1:1", "--password-file", there), 2, "--username-file")

    def test_client_certificate_needs_its_key(self):
        self.refused(self.check("127.0.0.1:1", "--client-cert", self.write("c.pem", "")), 2, "--client-key")

    def test_broken_docker_configuration(self):
        for text in ("{", "[]", '{"auths": 7}', '{"auths": {"127.0.0.1:1": {"auth": "%%%"}}}', "\0"):
            with self.subTest(repr(text)):
                self.refused(self.check("127.0.0.1:1", "--docker-config", self.write("config.json", text)), 2)

    def test_broken_configuration_file(self):
        for text in ("nonsense = 1\n", "jobs: 8\n", "jobs = many\n", "[", "\0\0"):
            with self.subTest(repr(text)):
                config = self.write("referee.toml", text)
                self.refused(self.check("embedded:oci-1.1", "--config", config, "--select", "oci-1.1/tags/none"), 2)

    def test_configuration_files_are_refused_by_line(self):
        for text, line in (("[[[\n", 1), ("jobs = 2\n\n[check]\nseed = 1\n", 3), ("# x\njobs = many\n", 2),
                           ("select = ['a',\n['b']\nnonsense = 1\n", 3)):
            with self.subTest(text):
                config = self.write("referee.toml", text)
                self.refused(self.check("embedded:oci-1.1", "--config", config), 2, f"{config}:{line}: ")

    def test_results_that_cannot_be_written(self):
        blocked = self.write("file", "")
        self.refused(referee("check", "embedded:oci-1.1", "--results", os.path.join(blocked, "results")), 2, "results")

    def test_explain_something_unknown(self):
        self.refused(referee("explain", "oci-1.1/no/such-check"), 2, "oci-1.1/no/such-check")

    def test_a_requirement_can_be_explained_by_its_other_names(self):
        finished = referee("explain", "O.ref.200")
        self.assertEqual(finished.code, 0, finished)
        self.assertIn("dist.referrers.status", finished.stdout)
        self.assertIn("also called O.ref.200", finished.stdout)
        self.assertIn("oci-1.1/referrers/list-200", finished.stdout)
        explained = json.loads(referee("explain", "O.ref.200", "--json").stdout)
        self.assertEqual((explained["id"], explained["also"]), ("dist.referrers.status", ["O.ref.200"]))
        listed = {row["id"]: row for row in json.loads(referee("list", "requirements", "--json").stdout)}
        self.assertEqual(listed["dist.referrers.status"]["also"], ["O.ref.200"])
        self.assertNotIn("also", listed["dist.api.ping"])

    def test_list_something_unknown(self):
        self.refused(referee("list", "everything"), 2)

    def test_cleanup_of_no_journal(self):
        self.refused(referee("cleanup", self.path("missing.jsonl")), 2, "missing.jsonl")
        self.refused(referee("cleanup", self.folder), 2)
        self.refused(referee("cleanup", self.write("notes.txt", "just text\n")), 2, "notes.txt")
        self.refused(referee("cleanup", "/dev/zero"), 2, "is no file")
        self.refused(referee("cleanup", self.write("long.jsonl", "{" * 100_000)), 2, "longer than")

    def test_control_characters_do_not_reach_the_terminal(self):
        finished = referee("check", "embedded:\x1b[31mred\nsecond line")
        self.refused(finished, 2)
        self.assertNotIn("\x1b", finished.stderr)

    def test_a_thousand_arguments(self):
        self.refused(referee("check", *["--select"] * 1000), 2)

    def test_an_argument_of_100_kilobytes(self):
        self.refused(self.check("embedded:oci-1.1", "--select", "x" * 100_000), 2)


class Help(Case):
    def test_every_command_has_help_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command):
                finished = referee(command, "--help")
                self.assertEqual((finished.code, finished.stderr), (0, ""), finished)
                if command != "version":
                    self.assertIn("Example", finished.stdout)
                    self.assertIn(f"referee {command}", finished.stdout)
                self.assertIn(f"Usage: referee {command} ", finished.stdout)

    def test_help_of_check_mentions_proxies(self):
        self.assertIn("no_proxy", referee("check", "--help").stdout)

    def test_help_of_the_program(self):
        finished = referee("--help")
        self.assertEqual(finished.code, 0)
        for command in COMMANDS:
            self.assertIn(command, finished.stdout)
        self.assertIn("Examples", finished.stdout)

    def test_help_names_the_exit_codes(self):
        text = referee("check", "--help").stdout
        for code in ("0", "1", "2", "3", "4", "5", "70", "130"):
            self.assertRegex(text, rf"\b{code}\b")

    def test_no_password_option(self):
        for flag in ("--password", "--username", "--token"):
            self.refused(self.check("127.0.0.1:1", flag, "secret"), 2)


class Answers(Case):
    def test_version(self):
        self.assertRegex(referee("version").stdout, r"^(referee )?\d+\.\d+\.\d+")
        self.assertIsInstance(json.loads(referee("version", "--json").stdout), dict)
        flag = referee("--version")
        self.assertEqual((flag.code, flag.stdout), (0, referee("version").stdout))

    def test_list_is_json_on_request(self):
        for what in ("checks", "requirements", "faults", "variants", "profiles"):
            with self.subTest(what):
                rows = json.loads(referee("list", what, "--json").stdout)
                self.assertGreater(len(rows), 0)
                self.assertEqual(len(rows), len({row["id"] for row in rows}))

    def test_list_obeys_the_selection(self):
        everything = json.loads(referee("list", "--json").stdout)
        some = json.loads(referee("list", "--select", "oci-1.1/tags*", "--json").stdout)
        self.assertTrue(0 < len(some) < len(everything))
        self.assertTrue(all(row["id"].startswith("oci-1.1/tags") for row in some))

    def test_every_check_and_fault_can_be_explained(self):
        # A sanitized process takes a second to start: there, a sample.
        step = 20 if SANITIZED else 1
        for what in ("checks", "faults"):
            rows = json.loads(referee("list", what, "--json").stdout)
            # The cells of one story differ in the variant's name alone.
            rows = [row for number, row in enumerate(rows) if row["id"].startswith(("oci-1.1/", "r.")) or number % 7 == 0]
            for row in rows[::step]:
                finished = referee("explain", row["id"])
                self.assertEqual(finished.code, 0, finished)
                self.assertIn(row["id"], finished.stdout)

    def test_explain_as_json(self):
        first = json.loads(referee("list", "--json").stdout)[0]["id"]
        self.assertEqual(json.loads(referee("explain", first, "--json").stdout)["id"], first)

    def test_output_to_a_closed_pipe(self):
        import subprocess
        from support import REFEREE, environment
        process = subprocess.Popen(f"{REFEREE} list requirements | head -n 1", shell=True, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate(timeout=60)
        self.assertEqual(out.count(b"\n"), 1)
        self.assertEqual(err, b"")


class Words(Case):
    def test_a_name_that_is_no_text_is_refused(self):
        for arguments in (("check", "embedded:oci-1.1", "--results", os.fsencode(self.folder) + b"/r\xff"),
                          ("replay", os.fsencode(self.folder) + b"/\xff")):
            done = subprocess.run([REFEREE, *arguments], capture_output=True, check=False)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(b"is no UTF-8", done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can be somebody else")
    def test_a_folder_that_cannot_be_read_is_named(self):
        """Results that nobody looked at would count as none."""
        os.chmod(self.folder, 0o755)
        inside = self.path("nightly", "one")
        os.makedirs(inside, 0o755)
        os.chmod(inside, 0)
        program = shutil.copy(REFEREE, self.folder)
        for command in (("trend", self.path("nightly")), ("report", self.path("nightly")), ("matrix", self.path("nightly")),
                        ("compare", inside, inside + "/.")):
            done = subprocess.run([program, *command], capture_output=True, check=False, user=65534, group=65534, extra_groups=[])
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(f"cannot read the folder {inside}: Permission denied".encode(), done.stderr, command)
