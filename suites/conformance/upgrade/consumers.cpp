#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "conformance/upgrade/roles.hpp"
#include "referee/conformance/context.hpp"
#include "referee/conformance/matchers.hpp"
#include "referee/http/url.hpp"

namespace referee::suites::upgrade {

using conformance::Published;
using conformance::Site;

namespace {

constexpr int kMostPages = 100;

/// A value, or the check ends: without an answer nothing can be said.
template <typename T>
proposals::Outcome<T> answered(proposals::Outcome<T> outcome) {
  if (!outcome && outcome.error().kind == proposals::FailureKind::kTransport) {
    throw conformance::SetupFailed{outcome.error().message};
  }
  return outcome;
}

/// One consumer on its way from the list to the payloads.
class Reader {
 public:
  Reader(const Site& site, Consumer consumer) : wire_(site.registry(), site.repository()), consumer_(consumer) {}

  Seen look(const oci::Descriptor& subject) {
    if (consumer_ == Consumer::kRat) return {};
    for (const auto& entry : list(subject)) {
      seen_.listed.push_back(entry.digest);
      if (entry.media_type == oci::media_type::kArtifactManifest && consumer_ != Consumer::kBeaver) {
        ++seen_.unsupported;
      } else {
        read(entry);
      }
    }
    std::ranges::sort(seen_.listed);
    return std::move(seen_);
  }

 private:
  std::vector<oci::Descriptor> list(const oci::Descriptor& subject) {
    auto page = answered(wire_.request("GET", fmt::format("/v2/{}/referrers/{}", wire_.repository(), subject.digest),
                                       {}, {}, {200, 404}));
    if (page) seen_.asked.push_back(fmt::format("API {}", page->status));
    if (page && page->status == 404) {
      page = answered(wire_.get_manifest(oci::referrers_tag(subject.digest), {200, 404}));
      if (page) seen_.asked.push_back(fmt::format("tag {}", page->status));
    }
    std::vector<oci::Descriptor> all;
    for (int number = 0; number < kMostPages; ++number) {
      if (!page) seen_.troubles.push_back("the list: " + page.error().message);
      if (!page || page->status == 404) return all;
      const auto entries = conformance::index_entries(*page);
      if (!entries) {
        seen_.troubles.emplace_back("the list is no index");
        return all;
      }
      all.insert(all.end(), entries->begin(), entries->end());
      const auto link = page->header("Link");
      const auto next = link ? http::link_next(*link) : std::string();
      if (next.empty()) return all;
      page = answered(wire_.follow(http::resolve(page->url, next)));
    }
    return all;
  }

  void read(const oci::Descriptor& entry) {
    const auto answer = answered(wire_.get_manifest(entry.digest));
    const auto manifest = answer ? proposals::content_of(*answer, entry.digest)
                                 : proposals::Outcome<oci::Content>(tl::unexpected(answer.error()));
    if (!manifest) {
      seen_.troubles.push_back(manifest.error().message);
      return;
    }
    const auto json = conformance::parse_json(manifest->bytes());
    const bool is_artifact = manifest->media_type() == oci::media_type::kArtifactManifest;
    const char* key = is_artifact ? "blobs" : "layers";
    if (!json || !json->is_object() || !json->contains(key) || !(*json)[key].is_array() || (*json)[key].empty()) {
      seen_.troubles.push_back(fmt::format("{} has no `{}`", entry.digest, key));
      return;
    }
    const auto payload = oci::descriptor_from_json((*json)[key].front());
    const auto bytes = payload
                           ? answered(wire_.get_blob(payload->digest))
                           : tl::unexpected(proposals::Failure{proposals::FailureKind::kBroken, payload.error(), 0});
    if (!bytes) {
      seen_.troubles.push_back(bytes.error().message);
      return;
    }
    seen_.payloads.insert(oci::Digest::of(*bytes).str());
    if (std::ranges::find(seen_.forms, manifest->media_type()) == seen_.forms.end()) {
      seen_.forms.push_back(manifest->media_type());
    }
  }

  proposals::Wire wire_;
  Consumer consumer_;
  Seen seen_;
};

std::string pull_platform(proposals::Wire& wire, const oci::Package& platform) {
  const auto manifest = answered(wire.get_manifest(platform.digest().str()));
  if (!manifest) return manifest.error().message;
  if (manifest->body != platform.manifest.bytes()) return "the platform's manifest has other bytes";
  for (const auto& blob : platform.blobs) {
    const auto bytes = answered(wire.get_blob(blob.digest().str()));
    if (!bytes) return bytes.error().message;
  }
  return "";
}

}  // namespace

std::string_view name(Consumer consumer) {
  constexpr std::array<std::string_view, 3> kNames{"rat", "squirrel", "beaver"};
  return kNames.at(static_cast<std::size_t>(consumer));
}

Seen look(const Site& site, Consumer consumer, const oci::Descriptor& subject) {
  return Reader(site, consumer).look(subject);
}

std::string pull(const Site& site, const Published& image) {
  proposals::Wire wire(site.registry(), site.repository());
  const auto index = answered(wire.get_manifest(image.subject.tag));
  if (!index) return index.error().message;
  const auto digest = oci::Digest::of(index->body).str();
  if (digest != image.subject.descriptor.digest) return fmt::format("the tag leads to {}", digest);
  const auto entries = conformance::index_entries(*index);
  if (!entries || entries->empty()) return "the tag leads to no index";
  return entries->front().digest == image.platforms.front().digest().str()
             ? pull_platform(wire, image.platforms.front())
             : "the first platform is another one";
}

}  // namespace referee::suites::upgrade
