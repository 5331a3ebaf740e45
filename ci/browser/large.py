"""A results folder with 1,000 checks and 10 MB of transcripts: large.py DIR"""

import json
import os
import random
import sys

CHECKS, EXCHANGES = 1000, 4


def exchange(check, number, noise):
    return {
        "schema": "referee.transcript/1", "check": check, "number": number, "purpose": "request", "method": "GET",
        "url": f"http://127.0.0.1:5000/v2/referee/large/manifests/{number}",
        "request": {"headers": [["Accept", "application/vnd.oci.image.index.v1+json"]], "body": "", "bytes": 0},
        "response": {"status": 200, "version": "1.1",
                     "headers": [["Content-Type", "application/json"], ["Docker-Content-Digest", "sha256:" + "0" * 64]],
                     "body": noise.choice("abcdef") * 1650 + "\n</script>", "bytes": 1660},
        "error": None,
        "timing": {"started": "2026-01-01T00:00:00.000Z", "connect_seconds": 0.001, "first_byte_seconds": 0.002,
                   "total_seconds": 0.003}}


def check(number):
    verdict = "fail" if number % 20 == 0 else "warn" if number % 20 == 1 else "pass"
    failures = [] if verdict == "pass" else [
        {"what": "status", "expected": "status 200", "actual": "status 500", "exchange":
         {"number": 1, "method": "GET", "url": "http://127.0.0.1:5000/v2/", "status": 500, "curl": "curl"}}]
    return {
        "id": f"large/section-{number // 20}/check-{number}", "verdict": verdict,
        "level": "SHOULD" if verdict == "warn" else "MUST", "title": f"The sentence that check {number} tests",
        "requirements": [{"id": f"large.{number // 20}", "level": "MUST", "section": f"Section {number // 20}",
                          "text": "What the specification says, in a sentence of some length.",
                          "link": f"https://example.org/spec.md#section-{number // 20}"}],
        "reason": None, "blocked_by": None, "failures": failures, "failures_omitted": 0, "observations": {},
        "requests": EXCHANGES, "timing": {"started": "2026-01-01T00:00:00.000Z", "seconds": 0.01}}


def main(folder):
    os.makedirs(folder, exist_ok=True)
    noise = random.Random(1)
    checks = [check(number) for number in range(CHECKS)]
    run = {"tool": "referee", "tool_version": "0", "commit": "", "suite": "", "target": "http://127.0.0.1:5000",
           "url": "http://127.0.0.1:5000",
           "namespace": "referee", "spec": "1.1", "strict": False, "seed": "1", "jobs": 4, "complete": True,
           "selected": CHECKS, "requests": CHECKS * EXCHANGES, "capabilities": {},
           "timing": {"started": "2026-01-01T00:00:00.000Z", "seconds": 60}}
    with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as file:
        json.dump({"schema": "referee.results/1", "run": run, "summary": {}, "checks": checks}, file)
    with open(os.path.join(folder, "transcript.jsonl"), "w", encoding="utf-8") as file:
        for one in checks:
            for number in range(EXCHANGES):
                file.write(json.dumps(exchange(one["id"], number, noise)) + "\n")


main(sys.argv[1])
