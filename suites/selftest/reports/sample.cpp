#include "sample.hpp"

#include <stdexcept>
#include <utility>

namespace referee::selftest {

using conformance::CheckResult;
using conformance::Level;
using conformance::Outcome;
using conformance::Verdict;

const std::string kHostile =
    std::string(
        // NOLINTNEXTLINE(misc-misleading-bidirectional): what a report must not pass on
        "</script><script>window.hacked=1</script><!--<img src=x onerror=\"window.hacked=1\">]]>&amp;'\"{{data}}"
        "\x1b[2J\x1b]0;title\x07\x9b"
        "31m\r\n\ttab \xff\xfe\xc0\xaf \xed\xa0\x80 \xe2\x80\xae"
        "txt.exe \xef\xbf\xbf \xe2\x80\xa8line") +
    std::string(1, '\0') + "nul, \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \xf0\x9f\x98\x80 e\xcc\x81";

namespace {

constexpr double kStart = 1764007200.125;
constexpr const char* kLedger = R"({
  "source": {"name": "sample-spec", "links": {
    "1.0": "https://example.org/v1.0/spec.md", "1.1": "https://example.org/v1.1/spec.md", "main": "https://example.org/main/spec.md"}},
  "requirements": [
    {"id": "sample.pull.digest", "actor": "registry", "section": "Pulling manifests", "anchor": "pulling-manifests",
     "text": "A manifest is served under its digest.", "levels": {"1.0": "MUST", "1.1": "MUST", "main": "MUST"}},
    {"id": "sample.referrers.empty", "actor": "registry", "section": "Listing referrers", "anchor": "listing-referrers",
     "text": "Without referrers the list is empty & <valid>.", "levels": {"1.1": "MUST", "main": "MUST"}},
    {"id": "sample.errors.message", "actor": "registry", "section": "Error codes", "anchor": "error-codes",
     "text": "An error has a message for people.", "levels": {"1.0": "SHOULD", "1.1": "SHOULD", "main": "SHOULD"}},
    {"id": "sample.delete.tag", "actor": "registry", "section": "Deleting tags", "anchor": "deleting-tags",
     "text": "A deleted tag is gone.", "levels": {"1.0": "MUST", "1.1": "MUST", "main": "MUST"}},
    {"id": "sample.push.chunked", "actor": "registry", "section": "Pushing blobs", "anchor": "pushing-blobs",
     "text": "Chunks in order make the blob.", "levels": {"1.0": "MUST", "1.1": "MUST", "main": "MUST"}},
    {"id": "sample.push.sha512", "actor": "registry", "section": "Pushing blobs", "anchor": "pushing-blobs",
     "text": "A blob may be addressed by sha512.", "levels": {"1.1": "MAY", "main": "MAY"}},
    {"id": "sample.push.algorithm", "actor": "registry", "section": "Pushing blobs", "anchor": "pushing-blobs",
     "text": "A session may name its algorithm.", "levels": {"main": "MUST"}}
  ]})";

http::Exchange exchange(std::size_t number, std::string method, std::string path, int status, std::string body) {
  http::Exchange made;
  made.number = number;
  made.method = std::move(method);
  made.url = "http://127.0.0.1:5000" + std::move(path);
  made.request_headers = {{"Accept", "application/vnd.oci.image.index.v1+json"}};
  made.status = status;
  made.version = status == 0 ? "" : "1.1";
  if (status != 0)
    made.response_headers = {{"Content-Type", "application/json"}, {"Content-Length", std::to_string(body.size())}};
  made.response_bytes = body.size();
  made.response_body = std::move(body);
  made.started = kStart + static_cast<double>(number);
  made.connect_seconds = number == 0 ? 0.000250 : 0;
  made.first_byte_seconds = 0.001;
  made.total_seconds = 0.0015;
  return made;
}

CheckResult result(std::string id, Verdict verdict, std::optional<Level> level, std::string reason = "") {
  CheckResult made;
  made.raw.id = std::move(id);
  made.raw.requests = 1;
  made.raw.started = kStart;
  made.raw.seconds = 0.0625;
  made.verdict = verdict;
  made.level = level;
  made.reason = std::move(reason);
  return made;
}

CheckResult failing() {
  auto made = result("oci-1.1/referrers/empty-list", Verdict::kFail, Level::kMust);
  made.raw.outcome = Outcome::kBroken;
  made.raw.exchanges.push_back(exchange(0, "PUT", "/v2/referee/a/manifests/sha256:0123", 201, ""));
  made.raw.exchanges.push_back(exchange(1, "GET", "/v2/referee/a/referrers/sha256:0123?x=" + kHostile, 404, kHostile));
  made.raw.exchanges.back().response_headers.add("X-Hostile", kHostile);
  made.raw.failures.push_back(
      {"status of the list", "status 200", "status 404 (Content-Type application/json, 17 bytes)", 1});
  made.raw.failures.push_back({"body of the list", "an image index without manifests", kHostile, 1});
  made.raw.failures.push_back({"expression that held no matcher", "", "", std::nullopt});
  made.raw.failures.push_back({"an exchange that is not there", "0", "1", 99});
  made.raw.requests = 2;
  return made;
}

CheckResult passing() {
  auto made = result("oci-1.1/pull/by-digest", Verdict::kPass, Level::kMust);
  for (std::size_t number = 0; number < 12; ++number) {
    made.raw.exchanges.push_back(
        exchange(number, "GET", "/v2/referee/a/manifests/" + std::to_string(number), 200, "{}"));
  }
  made.raw.exchanges[3].purpose = http::Purpose::kRetry;
  made.raw.requests = 11;
  return made;
}

CheckResult warning() {
  auto made = result("oci-1.1/errors/message", Verdict::kWarn, Level::kShould);
  made.raw.outcome = Outcome::kBroken;
  made.raw.exchanges.push_back(exchange(0, "GET", "/v2/referee/a/manifests/none", 404, R"({"errors":[{"code":"X"}]})"));
  made.raw.failures.push_back({"the error's message", "a text", "nothing", 0});
  return made;
}

CheckResult blocked(std::string id) {
  auto made = result(std::move(id), Verdict::kBlocked, Level::kMust, "oci-1.1/referrers/empty-list is fail");
  made.blocked_by = "oci-1.1/referrers/empty-list";
  made.raw.requests = 0;
  made.raw.started = 0;
  made.raw.seconds = 0;
  return made;
}

CheckResult inconclusive() {
  auto made =
      result("oci-1.1/push/chunked", Verdict::kInconclusive, Level::kMust, "no answer within 10 s from 127.0.0.1:5000");
  made.raw.outcome = Outcome::kInconclusive;
  made.raw.exchanges.push_back(exchange(0, "PATCH", "/v2/referee/a/blobs/uploads/1", 0, ""));
  made.raw.exchanges.back().error = "no answer within 10 s from 127.0.0.1:5000";
  made.raw.exchanges.back().request_body = "a\nb";
  made.raw.exchanges.back().request_size = 3;
  made.raw.exchanges.back().request_bytes = 2;
  return made;
}

}  // namespace

Sample::Sample() {
  if (const auto added = ledger_.add(kLedger, "sample"); !added) throw std::runtime_error(added.error());
  run_.info.tool_version = kSampleVersion;
  run_.info.target = "127.0.0.1:5000";
  run_.info.url = "http://127.0.0.1:5000";
  run_.info.name_space = "referee";
  run_.info.seed = 18446744073709551615U;
  run_.info.jobs = 4;
  run_.info.started = kStart;
  run_.info.seconds = 3.25;
  run_.info.complete = true;
  run_.info.selected = 10;
  run_.info.requests = 40;
  run_.info.capabilities = {
      {distribution::Capability::kReferrers, {true, "GET /v2/referee/p/referrers/sha256:0 answered 200", {4}}},
      {distribution::Capability::kTagDelete,
       {false, "DELETE /v2/referee/p/manifests/t answered 405 <b>" + kHostile, {7}}}};

  add(passing(), "A manifest is served under its digest", {"sample.pull.digest"});
  add(failing(), "A subject without referrers has an empty list", {"sample.referrers.empty", "sample.pull.digest"});
  add(blocked("oci-1.1/referrers/filter"), "The list can be filtered", {"sample.referrers.empty"});
  add(blocked("oci-1.1/referrers/pages"), "The list comes in pages", {"sample.referrers.empty"});
  add(warning(), "An error says to people what is wrong", {"sample.errors.message"});
  add(result("oci-1.1/delete/tag", Verdict::kUnsupported, Level::kMust,
             "tag-delete: DELETE /v2/referee/p/manifests/t answered 405"),
      "A deleted tag is gone", {"sample.delete.tag"});
  add(inconclusive(), "Chunks in order make the blob", {"sample.push.chunked"});
  add(result("oci-1.1/push/crash", Verdict::kError, Level::kMust, "worker ended by signal 11"), "A check that crashed",
      {"sample.push.chunked"});
  auto observed = result("oci-1.1/push/sha512", Verdict::kObserved, Level::kMay);
  observed.raw.observations = {{"sha512", "accepted"}, {"status", "201"}, {"status", "202"}, {kHostile, kHostile}};
  add(std::move(observed), "A blob addressed by sha512", {"sample.push.sha512"});
  add(result("oci-1.1/push/algorithm", Verdict::kObserved, std::nullopt, "from main"), "A session names its algorithm",
      {"sample.push.algorithm"});
}

CheckResult& Sample::check(std::string_view id) {
  for (auto& each : run_.checks) {
    if (each.raw.id == id) return each;
  }
  throw std::out_of_range("no such check in the sample");
}

void Sample::add(CheckResult made, std::string title, std::vector<std::string> requirements) {
  conformance::Check check;
  check.id = made.raw.id;
  check.title = std::move(title);
  check.requirements = std::move(requirements);
  catalogue_.add(std::move(check));
  run_.checks.push_back(std::move(made));
}

conformance::Run large_run(std::size_t checks, std::size_t exchanges, std::size_t body, char fill) {
  conformance::Run run;
  run.info.tool_version = kSampleVersion;
  run.info.target = run.info.url = "http://127.0.0.1:5000";
  run.info.complete = true;
  run.info.selected = checks;
  for (std::size_t number = 0; number < checks; ++number) {
    const bool fails = number % 5 == 0;
    auto made = result("large/section-" + std::to_string(number / 20) + "/check-" + std::to_string(number),
                       fails ? Verdict::kFail : Verdict::kPass, Level::kMust);
    for (std::size_t each = 0; each < exchanges; ++each) {
      made.raw.exchanges.push_back(
          exchange(each, "GET", "/v2/referee/a/manifests/latest", 200, std::string(body, fill)));
    }
    if (fails) made.raw.failures.push_back({"status", "status 200", "status 500", 0});
    run.checks.push_back(std::move(made));
  }
  return run;
}

}  // namespace referee::selftest
