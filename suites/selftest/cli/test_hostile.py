"""Registries that hang, flood, truncate and lie: each costs the checks it touches, in time, and nothing else."""

import os

from hostile import MISDEEDS, Hostile
from support import SANITIZED, Case, serve

# Where the misdeed strikes: one verb that a few checks use, so that others must come through unharmed.
STRUCK = r"^GET /v2/.*/tags/list"
# A sanitized run is ten times as slow: there, a few checks of each kind meet the same answers.
PATTERNS = (["tags/body", "tags/complete", "tags/n", "tags/last", "tags/walk-by-link", "pull-manifests/by-*",
             "pull-manifests/digest-header"] if SANITIZED else ["tags*", "pull*"])
SELECTED = [word for pattern in PATTERNS for word in ("--select", f"oci-1.1/{pattern}")]
PEAK_KIB = 300 * 1024


class Struck(Case):
    """A sound registry whose tag listing misbehaves."""

    def judge(self, misdeed):
        with serve() as backend, Hostile(backend.port, STRUCK, misdeed) as server:
            finished = self.check(server.host, *SELECTED, "--check-timeout", "4", timeout=100)
            struck = server.misdeeds
        self.no_crash(finished)
        self.assertGreater(struck, 0, "the misdeed was never met")
        self.assertIn(finished.code, (1, 4), finished)
        self.assertNotIn("\x1b", finished.stdout + finished.stderr)
        if not SANITIZED:
            self.assertLess(finished.peak_kib, PEAK_KIB, finished)
        run = self.reports_are_valid()
        self.assertTrue(run["run"]["complete"])
        verdicts = self.verdicts()
        touched = {verdict for name, verdict in verdicts.items() if name.startswith("oci-1.1/tags")}
        self.assertTrue(touched & {"fail", "inconclusive"}, verdicts)
        self.assertNotIn("error", verdicts.values(), [check for check in run["checks"] if check["verdict"] == "error"])
        pulls = [verdict for name, verdict in verdicts.items() if name.startswith("oci-1.1/pull")]
        self.assertGreater(pulls.count("pass"), len(pulls) // 2, verdicts)
        with open(os.path.join(self.results, "report.html"), encoding="utf-8") as file:
            self.assertNotIn("<script>alert(", file.read())


class FromTheStart(Case):
    """A server that never was a registry: it cannot be judged, and that is known soon."""

    def judge(self, misdeed):
        with Hostile(None, ".", misdeed) as server:
            finished = self.check(server.host, *SELECTED, "--check-timeout", "4", timeout=100)
        self.no_crash(finished)
        self.assertIn(finished.code, (1, 3, 4), finished)
        if finished.code == 3:
            self.refused(finished, 3)
        else:
            self.reports_are_valid()
        self.assertNotIn("\x1b", finished.stdout + finished.stderr)
        if not SANITIZED:
            self.assertLess(finished.peak_kib, PEAK_KIB, finished)


def add(case, misdeed):
    setattr(case, f"test_{misdeed}", lambda self: self.judge(misdeed))


for name in MISDEEDS:
    # Read leniently by every client: a body that is complete although the headers around it are strange.
    add(Struck, name)
    add(FromTheStart, name)
