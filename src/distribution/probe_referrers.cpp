#include <fmt/format.h>

#include "prober.hpp"

namespace referee::distribution {
namespace {

// How a route that does not exist answers: the specification names 404, some routers say 405.
bool no_such_route(const Answer& answer) {
  return answer.status() == 404 || answer.status() == 405;
}

bool names_artifact_type(const http::Response& response) {
  for (const std::string& value : response.headers.all("OCI-Filters-Applied")) {
    if (value.find("artifactType") != std::string::npos) return true;
  }
  return false;
}

}  // namespace

void Prober::ask_about_referrers() {
  constexpr std::string_view kType = "application/vnd.referee.probe.a";
  const oci::Descriptor subject = image_.descriptor();
  const oci::Package first = oci::referrer(random_, subject, kType);
  const oci::Package second = oci::referrer(random_, subject, "application/vnd.referee.probe.b");
  for (const oci::Package* package : {&first, &second}) {
    for (const oci::Content& blob : package->blobs) push_blob(registry_, options_.repository, blob);
  }
  Answer pushed = put(first.digest().str(), first.manifest);
  const bool acknowledged = pushed.has("OCI-Subject");
  pushed.text += acknowledged ? " with OCI-Subject" : " without OCI-Subject";
  const Answer also_pushed = put(second.digest().str(), second.manifest);

  const std::string path = fmt::format("GET /v2/{}/referrers/", options_.repository);
  const Answer listed =
      answer(path + shortened(subject.digest), registry_.referrers(options_.repository, subject.digest));
  const std::string nobody = oci::Digest::of(random_.bytes(32)).str();
  const Answer empty = answer(path + shortened(nobody), registry_.referrers(options_.repository, nobody));

  const bool absent = !acknowledged && no_such_route(listed) && no_such_route(empty);
  record(Capability::kReferrers, !absent, {&pushed, &listed, &empty});
  if (absent) {
    record(Capability::kReferrersFilter, false, {&listed}, "(there is no referrers API)");
  } else if (!pushed.succeeded() || !also_pushed.succeeded()) {
    not_asked(Capability::kReferrersFilter, pushed.succeeded() ? also_pushed : pushed);
  } else {
    ask_about_filter(second, kType);
  }
}

void Prober::ask_about_filter(const oci::Package& other, std::string_view type) {
  const std::string subject = image_.digest().str();
  const Answer filtered =
      answer(fmt::format("GET /v2/{}/referrers/{}?artifactType=", options_.repository, shortened(subject)),
             registry_.referrers(options_.repository, subject, type));
  if (filtered.status() != 200) return record(Capability::kReferrersFilter, true, {&filtered});
  const bool claimed = names_artifact_type(*filtered.result);
  const bool whole = filtered.result->body.find(other.digest().str()) != std::string::npos;
  record(Capability::kReferrersFilter, claimed || !whole, {&filtered},
         claimed ? "with OCI-Filters-Applied"
         : whole ? "without OCI-Filters-Applied, with the whole list"
                 : "without OCI-Filters-Applied, though not with the whole list");
}

}  // namespace referee::distribution
