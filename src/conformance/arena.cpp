#include "referee/conformance/arena.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "referee/conformance/matchers.hpp"
#include "referee/conformance/story.hpp"
#include "referee/http/url.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr int kMaxTreeDepth = 8;
constexpr std::size_t kPayload = 600;  ///< bytes: a small signature

struct Kind {
  std::string_view label;
  std::string_view type;
};
constexpr std::array<Kind, 3> kKinds{{{"sig", "application/vnd.referee.signature.v1+json"},
                                      {"sbom", "application/vnd.referee.sbom.v1+json"},
                                      {"att", "application/vnd.referee.attestation.v1+json"}}};

const Kind& kind_of(std::string_view label) {
  for (const auto& kind : kKinds) {
    if (kind.label == label) return kind;
  }
  return kKinds.front();
}

tl::unexpected<proposals::Failure> refused(std::string_view what, int status) {
  return tl::unexpected(
      proposals::Failure{proposals::FailureKind::kRefused, fmt::format("{} answered status {}", what, status), status});
}

/// A copy takes manifests of every kind, those that only a proposal knows too.
distribution::Options accept_all() {
  std::string kinds;
  for (const auto kind :
       {oci::media_type::kManifest, oci::media_type::kIndex, oci::media_type::kDockerManifest,
        oci::media_type::kDockerManifestList, oci::media_type::kArtifactManifest, oci::media_type::kNode}) {
    kinds += (kinds.empty() ? "" : ", ") + std::string(kind);
  }
  distribution::Options options;
  options.headers.set("Accept", kinds);
  return options;
}

/// Copies one manifest with what it names; `under` is the reference that it gets.
class TreeCopy {
 public:
  TreeCopy(const Site& from, const Site& to, Transfer transfer) : from_(from), to_(to), transfer_(transfer) {}

  proposals::Outcome<void> manifest(const std::string& digest, const std::string& under, int depth) {
    if (depth > kMaxTreeDepth) {
      return tl::unexpected(
          proposals::Failure{proposals::FailureKind::kLimit, "an index is nested too deeply to be copied", 0});
    }
    ++copied_.requests;
    const auto got = from_.registry().get_manifest(from_.repository(), digest, accept_all()).value();
    if (got.status != 200) return refused("GET of manifest " + digest, got.status);
    const auto json = parse_json(got.body);
    if (!json || !json->is_object()) {
      return tl::unexpected(
          proposals::Failure{proposals::FailureKind::kBroken, "manifest " + digest + " is no JSON object", 200});
    }
    for (const auto& child : list(*json, "manifests")) {
      const auto name = child.value("digest", std::string());
      if (auto done = manifest(name, name, depth + 1); !done) return done;
    }
    std::vector<nlohmann::json> blobs;
    // Layers, and what artifact manifests and nodes have in their place.
    for (const char* key : {"layers", "blobs", "objects"}) {
      for (auto& item : list(*json, key)) blobs.push_back(std::move(item));
    }
    if (json->contains("config")) blobs.push_back((*json)["config"]);
    for (const auto& item : blobs) {
      if (auto done = blob(item.value("digest", std::string())); !done) return done;
    }
    ++copied_.requests;
    copied_.uploaded += got.body.size();
    const oci::Content content(got.header("Content-Type").value_or(""), got.body);
    const auto put = to_.registry().put_manifest(to_.repository(), under, content).value();
    if (put.status != 201) return refused("PUT of manifest " + under, put.status);
    return {};
  }

  [[nodiscard]] const Copied& copied() const { return copied_; }

 private:
  static std::vector<nlohmann::json> list(const nlohmann::json& json, const char* key) {
    std::vector<nlohmann::json> items;
    if (!json.contains(key) || !json[key].is_array()) return items;
    for (const auto& item : json[key]) {
      if (item.is_object()) items.push_back(item);
    }
    return items;
  }

  proposals::Outcome<void> blob(const std::string& digest) {
    if (transfer_ == Transfer::kMount) {
      ++copied_.requests;
      const auto mounted = to_.registry().mount_blob(to_.repository(), digest, from_.repository()).value();
      if (mounted.status == 201) {
        ++copied_.mounted;
        return {};
      }
    }
    copied_.requests += 3;
    const auto got = from_.registry().get_blob(from_.repository(), digest).value();
    if (got.status != 200) return refused("GET of blob " + digest, got.status);
    const auto pushed = distribution::push_blob(to_.registry(), to_.repository(),
                                                {std::string(oci::media_type::kOctetStream), got.body})
                            .value();
    if (pushed.status != 201) return refused("push of blob " + digest, pushed.status);
    copied_.uploaded += got.body.size();
    return {};
  }

  const Site& from_;
  const Site& to_;
  Transfer transfer_;
  Copied copied_;
};

}  // namespace

Site start_site(Context& context, const std::string& profile, const std::vector<std::string>& deviations) {
  EmbeddedServer::Options options;
  options.executable = context.executable();
  options.profile = profile;
  options.deviations = deviations;
  auto started = EmbeddedServer::start(options);
  if (!started) throw SetupFailed{started.error()};
  const std::shared_ptr<EmbeddedServer> server = std::move(*started);
  // It is not the target: a replay starts it again.
  context.registry().client().leave_out(http::authority(server->url()));
  context.registry().client().leave_out(http::authority(server->facts().control_url));
  return {context.open(server->url()), "team/app", server, context.open(server->facts().control_url)};
}

Site& Arena::home() {
  if (home_) return *home_;
  if (context_.fresh_registries()) {
    home_ = peer();
  } else {
    const std::shared_ptr<distribution::Registry> target(&context_.registry(), [](distribution::Registry*) {});
    const auto* embedded = context_.embedded();
    home_ = Site(target, context_.repository(), nullptr,
                 embedded == nullptr ? nullptr : context_.open(embedded->control_url));
  }
  return *home_;
}

Site Arena::beside(std::string_view name) {
  return home().repository(fmt::format("{}-{}", home().repository(), name));
}

Site Arena::peer(const std::string& profile, const std::vector<std::string>& deviations) {
  return start_site(context_, profile, deviations);
}

Site Arena::twin(std::vector<std::string> deviations) {
  const auto* embedded = context_.fresh_registries() ? nullptr : context_.embedded();
  if (embedded == nullptr) return peer(variant_.profile, deviations);
  deviations.insert(deviations.end(), embedded->deviations.begin(), embedded->deviations.end());
  return peer(embedded->profile, deviations);
}

Site Arena::operated() {
  return home().controlled() && !context_.fresh_registries() ? twin({}) : home();
}

Session Arena::session(const Site& site, proposals::Settings settings) {
  auto session = site.open(variant_, settings);
  if (!session.support.present) {
    throw Halt{{.measured = Measured::kUnsupported, .why = session.support.evidence}};
  }
  return session;
}

Published Arena::build(const std::string& tag) {
  Published image;
  oci::IndexBuilder index;
  for (const auto* architecture : {"amd64", "arm64"}) {
    const oci::Platform platform{architecture, "linux", "", ""};
    image.platforms.push_back(oci::image(random(), 64, platform));
    auto entry = image.platforms.back().descriptor();
    entry.platform = platform;
    index.manifest(entry);
  }
  auto content = index.build();
  image.subject = {content.descriptor(), tag, std::move(content)};
  return image;
}

void Arena::push(const Site& site, const Published& image) {
  for (const auto& platform : image.platforms) context_.push_at(site.registry(), site.repository(), platform);
  if (!image.subject.root) return;
  const oci::Package index{*image.subject.root, {}};
  context_.push_at(site.registry(), site.repository(), index, image.subject.tag);
}

Published Arena::publish(const Site& site, const std::string& tag) {
  auto image = build(tag);
  push(site, image);
  return image;
}

std::vector<proposals::Attachment> Arena::attachments(std::size_t count, std::string_view label) const {
  const auto& kind = kind_of(label);
  std::vector<proposals::Attachment> all;
  for (std::size_t index = 0; index < count; ++index) {
    all.push_back(
        {std::string(kind.type),
         std::string(kind.label),
         {{"org.opencontainers.image.created", fmt::format("2026-01-01T00:{:02}:{:02}Z", index / 60 % 60, index % 60)}},
         {std::string(kind.type), random().bytes(kPayload)}});
  }
  return all;
}

proposals::Filter Arena::filter(std::string_view label) {
  const auto& kind = kind_of(label);
  return {std::string(kind.type), std::string(kind.label)};
}

proposals::Outcome<Copied> copy_tree(const Site& from, const proposals::Subject& subject, const Site& to,
                                     Transfer transfer) {
  TreeCopy copy(from, to, transfer);
  const auto& digest = subject.descriptor.digest;
  if (auto done = copy.manifest(digest, digest, 0); !done) return tl::unexpected(done.error());
  if (!subject.tag.empty()) {
    const auto root = subject.root ? subject.root->digest().str() : digest;
    if (auto done = copy.manifest(root, subject.tag, 0); !done) return tl::unexpected(done.error());
  }
  return copy.copied();
}

proposals::Subject pulled(const Site& site, const proposals::Subject& subject) {
  const auto answer = site.registry().get_manifest(site.repository(), subject.tag).value();
  proposals::Subject seen{subject.descriptor, subject.tag, std::nullopt};
  if (answer.status == 200) seen.root = oci::Content(answer.header("Content-Type").value_or(""), answer.body);
  return seen;
}

}  // namespace referee::conformance
