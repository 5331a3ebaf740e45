#include "ground.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lists.hpp"
#include "push.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/builder.hpp"
#include "referee/signing/bundle.hpp"
#include "requests.hpp"

namespace referee::suites::load {
namespace {

namespace distribution = referee::distribution;
using distribution::Registry;
using Kinds = std::vector<std::unique_ptr<referee::load::Kind>>;

constexpr std::string_view kOtherType = "application/vnd.referee.load.v1";
constexpr unsigned kMostWeight = 1000;

/// An image with what is attached to it, all of which has been pushed.
struct Image {
  oci::Package package;
  std::string tag;
  oci::Package signature;
  std::string referrers;  ///< the body of the list
};

std::string refusal(const distribution::Result& answer, std::string_view wanted) {
  if (!answer) return answer.error().message;
  return fmt::format("{} was answered {} instead of {}", answer->url, answer->status, wanted);
}

bool asks_for(const std::vector<Share>& mix, std::string_view kind) {
  return std::ranges::any_of(mix, [&](const Share& share) { return share.kind == kind; });
}

/// Pushes images and makes operations of them.
class Ground {
 public:
  Ground(Registry& registry, const GroundOptions& options)
      : registry_(registry),
        options_(options),
        key_(signing::PrivateKey::from_seed(signing::KeyType::kEcdsaP256, options.seed, "load")) {}

  tl::expected<void, std::string> push_images(bool attach) {
    for (int number = 0; number < options_.images; ++number) {
      oci::Random random(options_.seed, fmt::format("load image {}", number));
      Image image{oci::image(random, options_.blob_size), fmt::format("n-{:06}", number), {oci::empty_blob(), {}}, ""};
      if (auto pushed = push(image.package, image.tag); !pushed) return pushed;
      for (int referrer = 0; attach && referrer < options_.referrers; ++referrer) {
        const auto package =
            referrer == 0 ? sign(image) : oci::referrer(random, image.package.descriptor(), kOtherType);
        if (referrer == 0) image.signature = package;
        if (auto pushed = push(package, ""); !pushed) return pushed;
      }
      images_.push_back(std::move(image));
    }
    return {};
  }

  /// Reads the lists that are compared with from now on.
  tl::expected<void, std::string> read_referrers() {
    for (auto& image : images_) {
      const auto digest = image.package.digest().str();
      auto list = registry_.referrers(options_.repository, digest);
      if (!list || list->status != 200) {
        return tl::unexpected(refusal(list, "200") + ": the mix needs the referrers API");
      }
      if (digests_in(list->body).size() != static_cast<std::size_t>(options_.referrers)) {
        return tl::unexpected(fmt::format("{} does not list the {} referrers that were pushed in one page", list->url,
                                          options_.referrers));
      }
      image.referrers = std::move(list->body);
    }
    return {};
  }

  /// What answers with the address of another server is not what would be loaded.
  tl::expected<void, std::string> try_blob() {
    distribution::Options options;
    options.follow_redirects = false;
    const auto blob =
        registry_.get_blob(options_.repository, images_.front().package.blobs.back().digest().str(), options);
    if (!blob || blob->status != 200) return tl::unexpected(refusal(blob, "200") + ": blobs cannot be pulled here");
    if (blob->body != images_.front().package.blobs.back().bytes()) {
      return tl::unexpected(fmt::format("{} is not the blob that was pushed", blob->url));
    }
    return {};
  }

  tl::expected<void, std::string> try_upload() {
    const auto started = registry_.start_upload(options_.repository);
    if (!started || started->status != 202) return tl::unexpected(refusal(started, "202"));
    const auto location = started->header("Location").value_or("");
    if (upload_path(registry_.base(), options_.repository, location).empty()) {
      return tl::unexpected(fmt::format("uploads do not go to {}: '{}'", registry_.base(), location));
    }
    (void)registry_.cancel_upload(http::resolve(started->url, location));
    return {};
  }

  tl::expected<std::unique_ptr<referee::load::Kind>, std::string> kind(const std::string& name) {
    if (name == "push") {
      return make_push(registry_, {options_.repository, options_.seed, options_.blob_size, options_.journal});
    }
    std::vector<std::vector<Get>> objects;
    if (name == "tags") {
      const auto path = fmt::format("/v2/{}/tags/list?n=1000", options_.repository);
      auto list = registry_.get(path);
      if (!list || list->status != 200) return tl::unexpected(refusal(list, "200"));
      if (tags_in(list->body).size() < images_.size()) {
        return tl::unexpected(fmt::format("{} does not list the {} tags that were pushed", list->url, images_.size()));
      }
      objects.push_back({{head(registry_.get_request(path)), list->body, same_list(list->body, tags_in)}});
    }
    for (const auto& image : images_) {
      if (name == "pull") objects.push_back(join({manifest(image)}, blobs(image)));
      if (name == "referrers") objects.push_back({list(image)});
      if (name == "verified-pull") objects.push_back(join(verification(image), blobs(image)));
    }
    return std::make_unique<Fetch>(name, std::move(objects));
  }

 private:
  tl::expected<void, std::string> push(const oci::Package& package, const std::string& reference) {
    const auto answer = distribution::push_package(registry_, options_.repository, package, reference);
    if (!answer || answer->status != 201) return tl::unexpected(refusal(answer, "201"));
    return {};
  }
  [[nodiscard]] oci::Package sign(const Image& image) const {
    const auto signature = signing::sign_bundle(key_, {image.package.digest()});
    oci::ManifestBuilder builder;
    builder.artifact_type(signature.artifact_type).subject(image.package.descriptor()).layer(signature.payload);
    for (const auto& [key, value] : signature.annotations) builder.annotation(key, value);
    return builder.build();
  }

  std::string head(const http::Request& request) { return head_of(registry_.client(), request); }
  Get manifest(const Image& image) {
    return {head(registry_.manifest_request(options_.repository, image.tag)), image.package.manifest.bytes(), {}};
  }
  Get blob(const oci::Content& content) {
    return {head(registry_.blob_request(options_.repository, content.digest().str())), content.bytes(), {}};
  }
  std::vector<Get> blobs(const Image& image) {
    std::vector<Get> made;
    for (const auto& content : image.package.blobs) made.push_back(blob(content));
    return made;
  }
  Get list(const Image& image) {
    auto request =
        registry_.get_request(fmt::format("/v2/{}/referrers/{}", options_.repository, image.package.digest().str()));
    request.headers.set("Accept", std::string(oci::media_type::kIndex));
    return {head(request), image.referrers, same_list(image.referrers, digests_in)};
  }
  /// Tag, referrers, the signature's manifest and bundle, each as it was pushed; and the signature is the key's.
  std::vector<Get> verification(const Image& image) {
    auto bundle = blob(image.signature.blobs.back());
    bundle.judge = [bytes = bundle.body, key = key_.public_key(),
                    subject = image.package.digest()](std::string_view got) {
      if (got != bytes) return false;
      const auto claim = signing::read_bundle(got);
      return claim && signing::check_claim(*claim, subject, key).has_value();
    };
    return {manifest(image),
            list(image),
            {head(registry_.manifest_request(options_.repository, image.signature.digest().str())),
             image.signature.manifest.bytes(),
             {}},
            std::move(bundle)};
  }
  static std::vector<Get> join(std::vector<Get> one, std::vector<Get> other) {
    std::ranges::move(other, std::back_inserter(one));
    return one;
  }

  Registry& registry_;
  const GroundOptions& options_;
  signing::PrivateKey key_;
  std::vector<Image> images_;
};

}  // namespace

const std::vector<std::pair<std::string, std::string>>& kinds() {
  static const std::vector<std::pair<std::string, std::string>> kKinds{
      {"pull", "the manifest behind a tag, its config and its layer"},
      {"push", "POST and PUT of a blob that nobody has pushed before and that does not compress"},
      {"referrers", "the referrers of an image"},
      {"tags", "the list of all tags"},
      {"verified-pull", "a pull that finds the image's signature among the referrers and checks it first"}};
  return kKinds;
}

tl::expected<std::vector<Share>, std::string> parse_mix(std::string_view text) {
  std::vector<Share> mix;
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    const auto part = text.substr(0, comma);
    const auto equals = std::min(part.find('='), part.size());
    Share share{std::string(part.substr(0, equals)), 1};
    if (!std::ranges::any_of(kinds(), [&](const auto& kind) { return kind.first == share.kind; })) {
      return tl::unexpected(fmt::format(
          "there is no kind of operation '{}': a mix is made of pull, push, referrers, tags and verified-pull",
          share.kind));
    }
    if (asks_for(mix, share.kind)) return tl::unexpected(fmt::format("the mix names {} twice", share.kind));
    if (equals < part.size()) {
      const auto digits = part.substr(equals + 1);
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), share.weight);
      if (error != std::errc() || end != digits.data() + digits.size() || share.weight < 1 ||
          share.weight > kMostWeight) {
        return tl::unexpected(fmt::format("the share of {} is not a number from 1 to {}", share.kind, kMostWeight));
      }
    }
    mix.push_back(std::move(share));
    if (comma == text.size()) return mix;
    text.remove_prefix(comma + 1);
  }
}

tl::expected<Kinds, std::string> prepare(Registry& registry, const GroundOptions& options,
                                         const std::vector<Share>& mix) {
  Ground ground(registry, options);
  const bool attached = asks_for(mix, "referrers") || asks_for(mix, "verified-pull");
  if (auto pushed = ground.push_images(attached); !pushed) return tl::unexpected(pushed.error());
  if (asks_for(mix, "pull") || asks_for(mix, "verified-pull")) {
    if (auto tried = ground.try_blob(); !tried) return tl::unexpected(tried.error());
  }
  if (asks_for(mix, "push")) {
    if (auto tried = ground.try_upload(); !tried) return tl::unexpected(tried.error());
  }
  if (attached) {
    if (auto read = ground.read_referrers(); !read) return tl::unexpected(read.error());
  }
  Kinds made;
  for (const auto& share : mix) {
    auto kind = ground.kind(share.kind);
    if (!kind) return tl::unexpected(kind.error());
    made.push_back(std::move(*kind));
  }
  return made;
}

tl::expected<Kinds, std::string> prepare_get(Registry& registry, const std::string& path) {
  auto answer = registry.request("GET", path);
  if (!answer || answer->status != 200) return tl::unexpected(refusal(answer, "200"));
  std::vector<std::vector<Get>> objects;
  objects.push_back({{head_of(registry.client(), registry.get_request(path)), answer->body, {}}});
  Kinds made;
  made.push_back(std::make_unique<Fetch>("get", std::move(objects)));
  return made;
}

}  // namespace referee::suites::load
