#pragma once

#include "referee/conformance/matrix.hpp"

namespace referee::selftest {

/// Three runtimes, one of them absent, and four contents: right, wrong, failed, cut off, open.
inline conformance::Matrix sample_matrix() {
  using conformance::MatrixCell;
  using conformance::Standing;
  using conformance::Verdict;
  conformance::Matrix matrix;
  matrix.tool_version = "0.0.0";
  matrix.kind = "runtimes";
  matrix.platform = "linux/amd64";
  matrix.seed = 1;
  matrix.started = 1'795'000'000;
  matrix.seconds = 12.5;
  matrix.complete = true;
  matrix.rows = {
      {"image", "One image manifest.", {"runtime.manifest"}, "image"},
      {"two-matching", "Two images of the wanted platform.", {"runtime.first-match"}, "image"},
      {"nested-1", "The image is 1 index below the root.", {"runtime.nested"}, "image"},
      {"no-platform", "One image, without a platform.", {"runtime.platform-optional"}, "open: image or nothing"}};
  matrix.columns = {
      {"podman", "podman with storage of its own", "runtime", "4.3.1", "", "", {"t.pick-last (4 of 4)"}, {}, 4.5},
      {"docker", "dockerd", "runtime", "29.1.3", "20.10.24", "", {}, {"process 7 shim, ended"}, 8},
      {"regctl", "regctl", "copier", "", "", "not installed: regctl is missing; ci/lab install regctl", {}, {}, 0}};
  const auto cell = [&](const char* column, const char* row, Standing standing, Verdict verdict, const char* selected,
                        int exit_code, const char* why, const char* words) {
    MatrixCell made;
    made.column = column;
    made.row = row;
    made.standing = standing;
    made.verdict = verdict;
    made.selected = selected;
    made.exit_code = exit_code;
    made.why = why;
    made.words = words;
    made.requests = 5;
    made.bytes = 1234;
    made.seconds = 0.25;
    matrix.cells.push_back(made);
  };
  cell("podman", "image", Standing::kRight, Verdict::kPass, "image", 0, "", "");
  cell("podman", "two-matching", Standing::kWrong, Verdict::kFail, "second", 0,
       "it reports success with second; expected: image", "");
  cell("podman", "nested-1", Standing::kFailed, Verdict::kWarn, "", 125, "it failed; expected: image",
       "Error: a list | instead of a manifest");
  cell("podman", "no-platform", Standing::kAllowed, Verdict::kObserved, "", 125, "a refusal is one of what is open",
       "no");
  cell("docker", "image", Standing::kRight, Verdict::kPass, "image", 0, "", "");
  cell("docker", "two-matching", Standing::kRight, Verdict::kPass, "image", 0, "", "");
  cell("docker", "nested-1", Standing::kTimeout, Verdict::kInconclusive, "", -1, "it was cut off at the limit", "");
  cell("docker", "no-platform", Standing::kAllowed, Verdict::kObserved, "image", 0, "one of what is open", "");
  for (const char* row : {"image", "two-matching", "nested-1", "no-platform"}) {
    cell("regctl", row, Standing::kNotTried, Verdict::kUnsupported, "", 0, matrix.columns[2].absent.c_str(), "");
  }
  return matrix;
}

}  // namespace referee::selftest
