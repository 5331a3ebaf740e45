#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "referee/conformance/arena.hpp"
#include "referee/conformance/matchers.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr int kMaxTagPages = 20000;

}  // namespace

Site::Site(std::shared_ptr<distribution::Registry> registry, std::string repository,
           std::shared_ptr<EmbeddedServer> server, std::shared_ptr<distribution::Registry> control)
    : registry_(std::move(registry)),
      server_(std::move(server)),
      control_(std::move(control)),
      repository_(std::move(repository)) {}

Site Site::repository(std::string name) const {
  Site other = *this;
  other.repository_ = std::move(name);
  return other;
}

Session Site::open(const proposals::Variant& variant, proposals::Settings settings) const {
  Session session;
  session.wire = std::make_unique<proposals::Wire>(*registry_, repository_);
  session.proposal = variant.open(*session.wire, settings);
  auto support = session.proposal->prepare();
  if (support) {
    session.support = std::move(*support);
  } else if (support.error().kind == proposals::FailureKind::kTransport) {
    throw SetupFailed{support.error().message};
  } else {
    session.support = {false, support.error().message};
  }
  return session;
}

std::vector<std::string> Site::tags() const {
  const auto walk = distribution::walk_pages(*registry_, registry_->list_tags(repository_), {}, kMaxTagPages).value();
  std::vector<std::string> tags;
  for (const auto& page : walk.pages) {
    if (page.response.status == 404) continue;
    const auto json = parse_json(page.response.body);
    const bool list = page.response.status == 200 && json && json->is_object() && json->contains("tags");
    if (!list) throw SetupFailed{fmt::format("the tag list answered status {}", page.response.status)};
    const auto& names = (*json)["tags"];
    if (!names.is_array()) continue;  // null: no tags
    for (const auto& name : names) {
      if (name.is_string()) tags.push_back(name.get<std::string>());
    }
  }
  return tags;
}

bool Site::holds(std::string_view reference) const {
  return registry_->head_manifest(repository_, reference).value().status == 200;
}

std::string Site::digest_of(std::string_view tag) const {
  const auto answer = registry_->get_manifest(repository_, tag).value();
  return answer.status == 200 ? oci::Digest::of(answer.body).str() : "";
}

std::optional<Garbage> Site::collect_garbage() const {
  if (!control_) return std::nullopt;
  const auto answer = control_->request("POST", "/gc").value();
  const auto json = parse_json(answer.body);
  if (answer.status != 200 || !json || !json->contains("kept")) {
    throw SetupFailed{fmt::format("the control port answered POST /gc with status {}", answer.status)};
  }
  const auto& kept = (*json)["kept"];
  return Garbage{kept.value("manifests", std::uint64_t{0}), kept.value("blobs", std::uint64_t{0})};
}

bool Site::switch_profile(std::string_view profile) const {
  if (!control_) return false;
  distribution::Options options;
  options.query.emplace_back("name", std::string(profile));
  const auto answer = control_->request("POST", "/profile", {}, options).value();
  if (answer.status != 200) {
    throw SetupFailed{fmt::format("the control port answered POST /profile with status {}", answer.status)};
  }
  return true;
}

}  // namespace referee::conformance
