"""The suite of the proposals: which checks there are, what they catch, and what a target without an interface gets."""

import json
import os

from support import Case, referee, serve

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../fixtures")


def rows(*arguments):
    return json.loads(referee("list", *arguments, "--json").stdout)


class Proposals(Case):
    def test_every_mutant_is_a_fault_that_some_check_catches(self):
        with open(os.path.join(FIXTURES, "mutants.json"), encoding="utf-8") as file:
            mutants = json.load(file)
        known = {row["id"] for what in ("faults", "variants") for row in rows(what)}
        caught = {fault for check in rows() for fault in check["kills"]}
        self.assertGreater(len(mutants["faults"]), 100)
        self.assertEqual([name for name in mutants["faults"] if name not in known], [])
        self.assertEqual([name for name in mutants["faults"] if name not in caught], [])
        for name, entry in mutants["elsewhere"].items():
            self.assertNotIn(name, known)
            self.assertIn(entry["is"], known, name)
            self.assertTrue(entry["why"], name)

    def test_every_requirement_of_a_proposal_is_cited(self):
        cited = {requirement for check in rows() for requirement in check["requirements"]}
        ours = [row["id"] for row in rows("requirements") if row["id"][0].isupper() and row["actor"] == "registry"]
        self.assertGreater(len(ours), 100)
        self.assertEqual([name for name in ours if name not in cited], [])

    def test_the_default_is_the_adopted_specification(self):
        # Both suites have claims.
        self.assertEqual(self.check("embedded:oci-1.1", "--level", "claim").code, 0)
        run = self.run_of()
        self.assertEqual({check["id"].split("/")[0] for check in run["checks"]}, {"oci-1.1"})
        self.assertNotIn("proposal-a", run["run"]["capabilities"])

    def test_a_profile_passes_its_own_checks(self):
        for profile in ("a", "b", "c", "e"):
            with self.subTest(profile):
                finished = self.check(f"embedded:{profile}", "--select", f"proposals/{profile}/*", timeout=240)
                self.assertEqual(finished.code, 0, finished)

    def test_what_a_target_does_not_have_is_unsupported(self):
        with serve() as server:
            finished = self.check(server.host, "--suite", "proposals", timeout=240)
        self.assertEqual(finished.code, 0, finished)
        run = self.run_of()
        verdicts = {check["id"]: check["verdict"] for check in run["checks"]}
        self.assertEqual(verdicts["proposals/a/list/complete"], "unsupported")
        self.assertEqual(verdicts["proposals/e/gc/keep-untagged"], "unsupported")
        self.assertEqual(verdicts["proposals/d/gc/tagged-live"], "unsupported")
        self.assertEqual(verdicts["proposals/e/push/refers-accepted"], "pass")
        capabilities = run["run"]["capabilities"]
        for name in ("proposal-a", "proposal-b", "proposal-c"):
            self.assertIn("answered 404", capabilities[name]["evidence"])
        self.assertIn("as OCI 1.1 has it", capabilities["proposal-e"]["evidence"])
