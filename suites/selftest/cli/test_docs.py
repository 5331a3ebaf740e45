"""What people read: manual page, completions, the reference of all checks, examples for CI servers, links."""

import functools
import glob
import json
import os
import re
import shutil
import subprocess
import unittest

from support import REFEREE, Case, environment, referee, serve

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


def commands():
    """The subcommands that --help lists."""
    text = referee("--help").stdout
    return re.findall(r"^  ([a-z][a-z-]*)  ", text[text.index("Subcommands:"):text.index("Examples:")], re.MULTILINE)


def options(command):
    """What --help of a command lists: (names, what a value is called)."""
    found = []
    for line in referee(*command.split(), "--help").stdout.split("\n\nExample")[0].splitlines():
        match = re.match(r"  (-[\w?,-]+)(?: ([A-Z][^ ]*[^ :])(?= |$))?", line)
        if match:
            found.append((match[1].split(","), match[2] or ""))
    return found


class Manual(Case):
    def test_every_command_and_option_is_in_it(self):
        page = referee("man")
        self.assertEqual((page.code, page.stderr), (0, ""))
        plain = page.stdout.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "").replace("\\:", "")
        self.assertGreater(len(commands()), 10)
        for command in commands():
            with self.subTest(command):
                section = re.search(rf'^\.SS "referee {command}[ "].*?(?=^\.S[SH] )', plain, re.MULTILINE | re.DOTALL)
                self.assertIsNotNone(section)
                for names, value in options(command):
                    first = next(name for name in names if name.startswith("--"))
                    self.assertRegex(section[0], rf"(?m)^.*{re.escape(first)}\b.*$")
                    if value:
                        self.assertIn(re.split("[:=]", value)[0], section[0])

    def test_the_hidden_stay_hidden(self):
        self.assertNotIn("null\\-server", referee("man").stdout)
        self.assertNotIn("null-server", referee("completion", "bash").stdout)

    def test_it_has_every_exit_code(self):
        page = referee("man").stdout
        for code in (0, 1, 2, 3, 4, 5, 70, 130):
            self.assertIn(f"\n.B {code}\n", page)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_roff_has_nothing_to_complain_about(self):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-Wbreak", "-z"], input=referee("man").stdout.encode(),
                              capture_output=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_what_is_printed_can_be_copied(self):
        done = subprocess.run(["groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u"], input=referee("man").stdout.encode(),
                              capture_output=True, check=True, timeout=60)
        self.assertIn("referee check 127.0.0.1:5000 --results results/local --select 'oci-1.1/referrers*'",
                      done.stdout.decode())


class Completion(Case):
    def bash(self, line):
        """What bash offers after `line`, with the script loaded as a user loads it."""
        script = f"""
source <({REFEREE} completion bash) || exit 9
complete -p referee >/dev/null || exit 8
[[ $COMP_WORDBREAKS == *:* ]] || COMP_WORDBREAKS+=':='
COMP_LINE={json.dumps(line)}
COMP_POINT=${{#COMP_LINE}}
IFS=$' \\t\\n' read -r -a COMP_WORDS <<<"$COMP_LINE"
[[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
COMPREPLY=()
_referee referee "${{COMP_WORDS[COMP_CWORD]}}" ""
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        env = environment()
        env["PATH"] = os.path.dirname(os.path.abspath(REFEREE)) + ":" + env["PATH"]
        done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=False, env=env,
                              cwd=self.folder, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [word for word in done.stdout.split("\n") if word]

    def test_bash_offers_every_command(self):
        self.assertEqual(sorted(self.bash("referee ")), sorted(commands()))
        self.assertEqual(self.bash("referee ru"), ["rubric", "runtime"])

    def test_bash_offers_every_option(self):
        for command in commands():
            with self.subTest(command):
                wanted = sorted(name for names, _ in options(command) for name in names)
                self.assertEqual(sorted(self.bash(f"referee {command} -")), wanted)

    def test_bash_offers_values(self):
        self.assertEqual(self.bash("referee check --spec "), ["1.0", "1.1", "main"])
        self.assertEqual(self.bash("referee check --output=j"), ["json", "junit"])
        self.assertEqual(self.bash("referee check --jobs 2 --level sh"), ["should"])
        self.assertEqual(self.bash("referee completion "), ["bash", "zsh", "fish"])
        self.assertEqual(self.bash("referee list prof"), ["profiles"])
        self.assertIn("oci-1.1", self.bash("referee serve --profile "))
        self.assertEqual(self.bash("referee serve --fault r.ref.null-l"), ["r.ref.null-list"])
        self.assertEqual(self.bash("referee explain oci-1.1/referrers/empty-l"), ["oci-1.1/referrers/empty-list"])
        self.assertEqual(self.bash("referee check 127.0.0.1:5000 --select oci-1.1/api/pi"), ["oci-1.1/api/ping"])

    def test_bash_completes_behind_a_colon(self):
        # bash has taken the word apart there: only what follows is offered.
        self.assertEqual(self.bash("referee check embedded:oci-1.1"), ["oci-1.1"])
        self.assertIn("embedded:oci-1.1", self.bash("referee check emb"))

    def test_bash_offers_files_where_files_are_wanted(self):
        self.write("a b.json", "{}")
        self.assertEqual(self.bash("referee cleanup a"), ["a b.json"])
        self.assertEqual(self.bash("referee check --ca-file a"), ["a b.json"])
        self.assertEqual(self.bash("referee check --seed "), [])

    def test_offered_values_are_taken(self):
        """The words come from the help: whatever it lists must be what the parser knows."""
        for command, option in (("check", "--spec"), ("check", "--output"), ("check", "--level"), ("check", "--http"),
                                ("compare", "--output"), ("charts", "--output"), ("runtime", "--output")):
            for value in self.bash(f"referee {command} {option} "):
                with self.subTest(f"{command} {option} {value}"):
                    # What is wrong then is something else.
                    refused = referee(command, option, value, "--no-such-option")
                    self.assertNotIn(option + ":", refused.stderr)
        for what in self.bash("referee list "):
            self.assertEqual(referee("list", what).code, 0, what)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_reads_its_script(self):
        script = self.write("_referee", referee("completion", "zsh").stdout)
        done = subprocess.run(["zsh", "-f", "-c", f"autoload -Uz compinit && compinit -u -D && source {script} && "
                               "print -r -- $_comps[referee]"], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "_referee\n", ""))
        for command in commands():
            for names, _ in options(command):
                for name in names:
                    self.assertIn(f"{name}[", read_file(script))

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_offers_commands_options_and_values(self):
        script = self.write("referee.fish", referee("completion", "fish").stdout)

        def fish(line):
            env = dict(environment(), HOME=self.folder, XDG_CONFIG_HOME=self.folder, XDG_DATA_HOME=self.folder)
            env["PATH"] = os.path.dirname(os.path.abspath(REFEREE)) + ":" + env["PATH"]
            done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"],
                                  capture_output=True, text=True, check=False, env=env, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return [row.split("\t")[0] for row in done.stdout.splitlines()]
        self.assertEqual(sorted(fish("referee ")), sorted(commands()))
        self.assertEqual(sorted(fish("referee check --spec ")), ["1.0", "1.1", "main"])
        self.assertIn("oci-1.1/api/ping", fish("referee explain oci-1.1/api/"))
        for command in ("check", "serve", "load"):
            wanted = {name for names, _ in options(command) for name in names if name.startswith("--")}
            self.assertEqual(wanted - set(fish(f"referee {command} --")), set())

    def test_another_shell(self):
        self.refused(referee("completion", "tcsh"), 2, "tcsh")
        self.refused(referee("completion"), 2, "SHELL")


@functools.cache
def anchors(path):
    """What a link may name: those that are written, and headings as GitHub makes them."""
    text = read_file(path)
    lines = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", line.replace("`", "").lower()).replace(" ", "-") for line in lines}
    return made | set(re.findall(r'<a id="([^"]*)"></a>', text))


def read_file(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Reference(Case):
    def test_it_is_current(self):
        """REFEREE_UPDATE_GOLDEN=1 writes it anew."""
        kept = os.path.join(ROOT, "reports", "reference")
        if os.environ.get("REFEREE_UPDATE_GOLDEN"):
            for path in glob.glob(os.path.join(kept, "*.md")):
                if os.path.basename(path) != "terms.md":
                    os.remove(path)
            self.assertEqual(referee("reference", kept, timeout=240).code, 0)
        made = self.path("reference")
        self.assertEqual(referee("reference", made, timeout=240).code, 0)
        pages = sorted(os.listdir(made))
        self.assertEqual(pages, sorted(os.listdir(kept)), "and terms.md, to which the others lead")
        for page in pages:
            self.assertTrue(read_file(os.path.join(made, page)) == read_file(os.path.join(kept, page)),
                            f"{page} is out of date: referee reference reports/reference")

    def test_everything_is_in_it(self):
        there = set().union(*(anchors(path) for path in glob.glob(os.path.join(ROOT, "reports", "reference", "*.md"))))
        for what in ("checks", "requirements", "faults", "variants", "lies", "contents", "client-checks"):
            ids = {row["id"] for row in json.loads(referee("list", what, "--json").stdout)}
            self.assertEqual(ids - there, set(), what)

    def test_a_folder_that_cannot_be_written(self):
        self.refused(referee("reference", "/proc/nowhere"), 2, "/proc/nowhere")
        self.refused(referee("reference"), 2, "DIR")


class Documents(Case):
    def documents(self):
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "*.md"], capture_output=True, text=True, check=False)
        names = [name for name in listed.stdout.splitlines() if not name.startswith("fixtures/golden/")]
        if not names:
            self.skipTest("not a git checkout")
        return names

    def test_links_lead_somewhere(self):
        broken = []
        for name in self.documents():
            text = re.sub(r"```.*?```|`[^`\n]*`", "", read(name), flags=re.DOTALL)
            for target in re.findall(r"\]\(([^)\s]+)\)", text):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                file = os.path.normpath(os.path.join(ROOT, os.path.dirname(name), path)) if path else os.path.join(ROOT, name)
                if not os.path.exists(file):
                    broken.append(f"{name}: {target}")
                elif anchor and anchor not in anchors(file):
                    broken.append(f"{name}: {target}")
        self.assertEqual(broken, [])

    def test_the_diffs_of_contributing_apply(self):
        """ci/test-contributing also builds them and runs what the text says."""
        diffs = re.findall(r"^```diff\n(.*?)^```$", read("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)
        self.assertGreater(len(diffs), 5)
        for name in set(re.findall(r"^--- a/(.*)$", "".join(diffs), re.MULTILINE)):
            copy = self.path("tree", name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copy(os.path.join(ROOT, name), copy)
        for diff in diffs:
            done = subprocess.run(["git", "apply", "-"], input=diff, cwd=self.path("tree"), capture_output=True, text=True,
                                  check=False, env=dict(os.environ, GIT_CEILING_DIRECTORIES=self.folder))
            self.assertEqual(done.returncode, 0, done.stderr + diff)

    def test_what_is_expected_to_be_true_is_said(self):
        """A vendor would read `true` and `false`, and nothing else."""
        for path in glob.glob(os.path.join(ROOT, "suites", "conformance", "**", "*.cpp"), recursive=True):
            for statement in re.findall(r"(?:EXPECT|ASSERT)_(?:TRUE|FALSE)\(.*?;\n", read(path), re.DOTALL):
                self.assertRegex(statement, r'<< .*"', path)

    def test_every_schema_is_in_the_policy(self):
        table = read("reports", "schemas", "README.md")
        for path in sorted(glob.glob(os.path.join(ROOT, "reports", "schemas", "*.*"))):
            name = os.path.basename(path)
            if name == "README.md":
                continue
            row = next((line for line in table.splitlines() if line.startswith(f"| [{name}]({name})")), "")
            self.assertTrue(row, f"{name} has no row")
            version = re.search(r'"const": "(referee[^"]*/\d+)"', read_file(path))
            if version:
                self.assertIn(f"`{version[1]}`", row)
            else:
                self.assertTrue(row.endswith("| - |"), row)

    def test_the_changes_begin_with_this_version(self):
        version = json.loads(referee("version", "--json").stdout)["version"]
        first = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE)
        self.assertEqual(first[1], version)

    def test_a_result_says_which_version_wrote_it(self):
        self.assertEqual(self.check("embedded:oci-1.1", "--select", "oci-1.1/api/ping").code, 0)
        run = self.run_of()
        self.assertEqual(run["schema"], "referee.results/1")
        self.assertEqual(run["run"]["tool_version"], json.loads(referee("version", "--json").stdout)["version"])


class Examples(Case):
    """ci/examples: they parse, and the command in them judges a registry."""

    def judge(self, command, extra):
        with serve() as server:
            env = dict(environment(), REGISTRY=f"http://{server.host}", NAMESPACE="ci/referee", REFEREE_USERNAME="ci",
                       REFEREE_PASSWORD="secret", **extra)
            env["PATH"] = os.path.dirname(os.path.abspath(REFEREE)) + ":" + env["PATH"]
            done = subprocess.run(["bash", "-e", "-c", command], cwd=self.folder, env=env, capture_output=True, text=True,
                                  check=False, timeout=280)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.reports_are_valid(os.path.join(self.folder, "results"))

    def yaml(self, name):
        try:
            import yaml
        except ImportError:
            self.skipTest("python3-yaml is not installed")
        return yaml.safe_load(read("ci", "examples", name))

    def test_github_actions(self):
        job = self.yaml("github-actions.yml")["jobs"]["conformance"]
        steps = {step["name"]: step for step in job["steps"]}
        for step in steps.values():
            self.assertTrue("run" in step or "uses" in step)
        self.assertEqual(set(steps["Judge"]["env"]), {"REFEREE_USERNAME", "REFEREE_PASSWORD"})
        self.assertTrue(all(value.startswith("${{ secrets.") for value in steps["Judge"]["env"].values()))
        self.assertEqual(steps["Keep the reports"]["with"]["path"], "results/")
        self.judge(steps["Judge"]["run"], {"GITHUB_RUN_ID": "7"})

    def test_gitlab(self):
        job = self.yaml("gitlab-ci.yml")["referee"]
        self.assertEqual(job["artifacts"]["when"], "always")
        self.assertEqual(job["artifacts"]["reports"]["junit"], "results/junit.xml")
        self.judge("\n".join(job["script"]), {"CI_PIPELINE_ID": "7"})

    def test_jenkins(self):
        text = read("ci", "examples", "Jenkinsfile")
        for opening, closing in ("{}", "()", "[]"):
            self.assertEqual(text.count(opening), text.count(closing))
        self.assertEqual(text.count("'") % 2, 0)
        self.judge(re.search(r"sh '(referee check .*)'", text)[1], {"BUILD_NUMBER": "7"})

    def test_no_example_has_a_secret(self):
        for path in glob.glob(os.path.join(ROOT, "ci", "examples", "*")):
            self.assertIsNone(re.search(r"(PASSWORD|password)\s*[:=]\s*['\"]?[A-Za-z0-9]{4,}['\"]?\s*$", read_file(path), re.MULTILINE))
