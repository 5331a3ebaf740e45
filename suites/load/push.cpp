#include "push.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "referee/distribution/journal.hpp"
#include "referee/http/url.hpp"
#include "referee/oci/random.hpp"
#include "requests.hpp"

namespace referee::suites::load {
namespace {

using referee::distribution::Pushed;
using referee::distribution::Registry;
using referee::load::After;
using referee::load::Answer;
using referee::load::Outgoing;

constexpr std::size_t kLongestUrl = 8192;

class Push : public referee::load::Kind {
 public:
  Push(Registry& registry, PushOptions options) : base_(registry.base()), options_(std::move(options)) {
    auto request = registry.get_request("/v2/" + options_.repository + "/blobs/uploads/");
    request.method = "POST";
    request.scopes = {"repository:" + options_.repository + ":pull,push"};
    start_ = head_of(registry.client(), request, 0);
    // The same with another line before it.
    end_ = start_.substr(start_.find("\r\n"));
    end_.erase(end_.find("Content-Length: "));
    end_ += fmt::format("Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n", options_.size);
  }

  [[nodiscard]] std::string name() const override { return "push"; }
  [[nodiscard]] std::unique_ptr<referee::load::Play> play() const override;
  [[nodiscard]] std::size_t largest_body() const override { return 0; }

  [[nodiscard]] const std::string& start() const { return start_; }
  /// The PUT's head; empty if the location cannot be where an upload of this registry is.
  [[nodiscard]] std::string put_head(std::string_view location, std::string_view digest) const {
    auto path = upload_path(base_, options_.repository, location);
    if (path.empty()) return {};
    path += path.find('?') == std::string::npos ? '?' : '&';
    return fmt::format("PUT {}digest={} HTTP/1.1{}", path, http::percent_encode(digest), end_);
  }
  /// Another one each time, whatever run it is for.
  [[nodiscard]] std::string blob() const {
    return oci::Random(options_.seed, fmt::format("load push {}", pushed_++)).bytes(options_.size);
  }
  void note(Pushed what, std::string reference) const {
    if (options_.journal != nullptr) options_.journal->add({what, base_, options_.repository, std::move(reference)});
  }

 private:
  std::string base_;
  PushOptions options_;
  std::string start_;
  std::string end_;
  mutable std::atomic<std::uint64_t> pushed_{0};
};

class PushPlay : public referee::load::Play {
 public:
  explicit PushPlay(const Push& kind) : kind_(kind) {}

  Outgoing begin(std::uint64_t /*number*/) override {
    head_.clear();
    location_.clear();
    return {kind_.start(), {}};
  }
  After answered(const Answer& answer, Outgoing& next) override {
    if (!head_.empty()) {
      location_.clear();
      return answer.status == 201 ? After::kDone : After::kStatus;
    }
    if (answer.status != 202) return After::kStatus;
    location_ = answer.location;
    body_ = kind_.blob();
    const auto digest = oci::Digest::of(body_).str();
    head_ = kind_.put_head(location_, digest);
    if (location_.empty() || head_.empty()) return After::kBody;
    kind_.note(Pushed::kBlob, digest);
    next = {head_, body_};
    return After::kSend;
  }
  void abandoned() override {
    if (!location_.empty() && !head_.empty()) kind_.note(Pushed::kUpload, location_);
    location_.clear();
  }

 private:
  const Push& kind_;
  std::string location_;
  std::string head_;  ///< of the PUT; empty until there is one
  std::string body_;
};

std::unique_ptr<referee::load::Play> Push::play() const {
  return std::make_unique<PushPlay>(*this);
}

}  // namespace

std::string upload_path(std::string_view base, std::string_view repository, std::string_view location) {
  const auto url = http::resolve(fmt::format("{}/v2/{}/blobs/uploads/", base, repository), location);
  if (location.empty() || url.size() > kLongestUrl || !url.starts_with(base)) return {};
  auto path = url.substr(base.size());
  const bool plain = std::ranges::all_of(path, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
  return plain && path.starts_with('/') ? path : std::string();
}

std::unique_ptr<referee::load::Kind> make_push(Registry& registry, PushOptions options) {
  return std::make_unique<Push>(registry, std::move(options));
}

}  // namespace referee::suites::load
