#include <fmt/format.h>

#include "client_judges.hpp"

/// Registries that want to be waited for, and connections that end.
namespace referee::suites::clients {
namespace {

using registry::AccessRecord;

/// Of the lie: what Retry-After says.
constexpr double kRetryAfter = 2;
/// Clocks and scheduling: nobody is judged by this much.
constexpr double kTolerance = 0.1;

bool is_manifest_path(const std::string& target) {
  return target.find("/manifests/") != std::string::npos;
}

Finding waits(const Evidence& seen) {
  const AccessRecord* throttled = nullptr;
  for (const auto& record : seen.traffic) {
    if (record.status == 429) {
      throttled = &record;
      continue;
    }
    const bool manifest = (record.method == "GET" || record.method == "HEAD") && is_manifest_path(record.target);
    if (throttled == nullptr || !manifest) continue;
    // Who turns to GET because HEAD was refused asks something else.
    if (record.method != throttled->method) return allowed("it asks in another way instead");
    const double waited = record.started - (throttled->started + throttled->seconds);
    if (waited + kTolerance < kRetryAfter) {
      return wrong(fmt::format("it asks again after {:.1f} s, where Retry-After says {}", waited, kRetryAfter));
    }
    return seen.succeeded() ? right() : failed("it waits, asks again, and fails");
  }
  if (throttled == nullptr) return unclear("it pulled no manifest");
  return seen.succeeded() ? unclear("it succeeded without asking again") : allowed("it gives up at the first 429");
}

bool is_layer_of(const Evidence& seen, const AccessRecord& record) {
  return record.method == "GET" && record.target.find("/blobs/") != std::string::npos &&
         reference_of(record) == seen.scenery.digest("image.layer");
}

/// How it went on after the connection had ended within the layer.
struct Resumption {
  bool again = false;       ///< it asked for the layer a second time
  bool ranged = false;      ///< and for the rest only
  std::uint64_t bytes = 0;  ///< that it got, all answers together
};
Resumption resumption(const Evidence& seen) {
  Resumption found;
  int count = 0;
  for (const auto& record : seen.traffic) {
    if (!is_layer_of(seen, record)) continue;
    found.bytes += record.response_bytes;
    if (++count == 1) continue;
    found.again = true;
    found.ranged = found.ranged || record.status == 206;
  }
  return found;
}

Finding resumes(const Evidence& seen) {
  const auto found = resumption(seen);
  if (!seen.succeeded()) return allowed(found.again ? "it asks again, and fails" : "it gives up");
  if (!found.again) return wrong("it reports success with half a layer");
  auto finding = must_succeed(seen);
  if (finding.standing == conformance::Standing::kRight) {
    finding.notes.emplace_back(found.ranged ? "it asks for the rest only" : "it asks for the whole again");
  }
  return finding;
}

/// The rest that comes is one byte short.
Finding verifies_the_rest(const Evidence& seen) {
  const auto found = resumption(seen);
  if (!seen.succeeded()) return right(found.ranged ? "refused" : "it gives up before it has a rest");
  if (!found.ranged) return right("it asks for no rest");
  const auto size = static_cast<std::uint64_t>(seen.scenery.part("image.layer").size());
  if (found.bytes >= size) return right("it goes on until it has all");
  return wrong(fmt::format("it reports success with {} of {} bytes", found.bytes, size));
}

}  // namespace

void add_patience_checks(Checks& to) {
  to.push_back({.id = "retry-after",
                .about = "The first read of a manifest is answered with 429 and Retry-After: 2.",
                .requirements = {"client.retry-after"},
                .expected = "waited",
                .content = one_image,
                .scene = {.deviations = {"l.manifest.429-once"}},
                .judge = waits});
  to.push_back({.id = "resume",
                .about = "The connection ends within a layer, once.",
                .requirements = {"client.range"},
                .expected = "pulled",
                .content = one_image,
                .scene = {.deviations = {"l.layer.cut-once"}},
                .judge = resumes});
  to.push_back({.id = "resume-verified",
                .about = "The connection ends within a layer, and the rest that is asked for lacks a byte.",
                .requirements = {"client.pull.digest-blob"},
                .expected = "refused",
                .content = one_image,
                .scene = {.deviations = {"l.layer.cut-once", "l.layer.rest-short"}},
                .judge = verifies_the_rest});
}

}  // namespace referee::suites::clients
