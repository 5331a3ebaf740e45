#include "referee/conformance/context.hpp"

#include <fmt/format.h>

#include <utility>

#include "referee/oci/words.hpp"
#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::size_t kMaxSlug = 80;

/// The check's id without its suite, made of path components that the repository grammar allows.
std::string slug(std::string_view id) {
  if (const auto slash = id.find('/'); slash != std::string_view::npos) id.remove_prefix(slash + 1);
  std::string out;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      out += c;
    } else if (!out.empty() && out.back() != '-' && out.back() != '/') {
      out += c == '/' ? '/' : '-';
    } else if (c == '/' && !out.empty() && out.back() == '-') {
      out.back() = '/';
    }
  }
  while (!out.empty() && (out.back() == '-' || out.back() == '/')) out.pop_back();
  if (out.size() <= kMaxSlug && !out.empty()) return out;
  out.resize(std::min(out.size(), kMaxSlug - 9));
  while (!out.empty() && (out.back() == '-' || out.back() == '/')) out.pop_back();
  return out.empty() ? short_hash(id) : out + "-" + short_hash(id);
}

/// Ends the check as inconclusive unless the answer is 201.
void require_created(const http::Response& response, std::string_view what, std::string_view repository) {
  if (response.status == 201) return;
  throw SetupFailed{fmt::format("set-up: pushing {} to {} answered status {}{}", what, repository, response.status,
                                response.body.empty() ? "" : ": " + printable(response.body, 120))};
}

std::string describe(const oci::Content& content) {
  return fmt::format("{} ({})", content.digest().str(), oci::counted(content.size(), "byte"));
}

}  // namespace

std::optional<Scale> find_scale(std::string_view name) {
  if (name == "proof") return Scale{"proof", 6, 30, 8, 3};
  if (name == "default") return Scale{};
  if (name == "full") return Scale{"full", 1000, 10000, 128, 20};
  return std::nullopt;
}

std::shared_ptr<distribution::Registry> Context::open(const std::string& url) const {
  const std::shared_ptr<http::Client> own(&options_.registry->client(), [](http::Client*) {});
  return std::make_shared<distribution::Registry>(own, url);
}

std::string run_name(std::uint64_t seed) {
  return fmt::format("{:08x}", static_cast<std::uint32_t>(seed ^ (seed >> 32U)));
}

Context::Context(Options options)
    : options_(std::move(options)), random_(options_.seed, options_.check_id + options_.suffix) {
  if (options_.fixed_repositories.empty()) {
    repository_ = fmt::format("{}/{}/{}{}", options_.namespace_prefix, run_name(options_.seed), slug(options_.check_id),
                              options_.suffix);
    other_repository_ = repository_ + "-other";
  } else {
    repository_ = options_.fixed_repositories.front();
    other_repository_ = options_.fixed_repositories.size() > 1 ? options_.fixed_repositories[1] : repository_;
    tag_prefix_ = short_hash(fmt::format("{}/{}{}", run_name(options_.seed), options_.check_id, options_.suffix)) + "-";
  }
}

bool Context::has(distribution::Capability capability) const {
  if (options_.capabilities == nullptr) return true;
  const auto found = options_.capabilities->find(capability);
  return found == options_.capabilities->end() || found->second.present;
}

std::string Context::absent_repository() const {
  if (options_.fixed_repositories.empty()) return repository_ + "-absent";
  return fmt::format("{}-absent-{}", repository_, short_hash(tag_prefix_));
}

std::string Context::tag(std::string_view name) const {
  return tag_prefix_ + std::string(name);
}

void Context::push(const oci::Content& blob) {
  push_to(repository_, blob);
}

void Context::push_to(std::string_view repository, const oci::Content& blob) {
  require_created(distribution::push_blob(registry(), repository, blob).value(), "blob " + describe(blob), repository);
}

http::Response Context::push(const oci::Package& package, std::string_view tag) {
  return push_to(repository_, package, tag);
}

http::Response Context::push_to(std::string_view repository, const oci::Package& package, std::string_view tag) {
  return push_at(registry(), repository, package, tag);
}

http::Response Context::push_at(distribution::Registry& registry, std::string_view repository,
                                const oci::Package& package, std::string_view tag) {
  for (const auto& blob : package.blobs) {
    require_created(distribution::push_blob(registry, repository, blob).value(), "blob " + describe(blob), repository);
  }
  const std::string what = "manifest " + describe(package.manifest);
  http::Response response = registry.put_manifest(repository, package.digest().str(), package.manifest).value();
  require_created(response, what, repository);
  if (tag.empty()) return response;
  response = registry.put_manifest(repository, tag, package.manifest).value();
  require_created(response, what, repository);
  return response;
}

http::Response Context::push_manifest(const oci::Content& manifest, std::string_view reference) {
  const std::string digest = manifest.digest().str();
  http::Response response =
      registry().put_manifest(repository_, reference.empty() ? digest : reference, manifest).value();
  require_created(response, "manifest " + describe(manifest), repository_);
  return response;
}

oci::Package Context::pushed_image(std::string_view tag) {
  oci::Package image = oci::image(random_);
  push(image, tag);
  return image;
}

oci::Content Context::pushed_blob(std::size_t size) {
  oci::Content blob(std::string(oci::media_type::kOctetStream), random_.bytes(size));
  push(blob);
  return blob;
}

oci::Digest Context::absent_digest(oci::Algorithm algorithm) {
  return oci::Digest::of(random_.bytes(64), algorithm);
}

void Context::observe(std::string key, std::string value) {
  const std::lock_guard lock(mutex_);
  observations_.push_back({std::move(key), std::move(value)});
}

}  // namespace referee::conformance
