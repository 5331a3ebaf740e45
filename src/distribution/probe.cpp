#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "prober.hpp"
#include "referee/distribution/may_write.hpp"

namespace referee::distribution {
namespace {

constexpr std::string_view kCredentialsHint =
    "set --username-file and --password-file, or REFEREE_USERNAME and REFEREE_PASSWORD, or log in with docker";

std::string_view hint(http::ErrorKind kind) {
  using http::ErrorKind;
  switch (kind) {
    case ErrorKind::kResolve:
      return "check the host's name";
    case ErrorKind::kConnect:
      return "is it running? is the port right?";
    case ErrorKind::kTls:
      return "use --ca-file for a private authority, http:// in the URL if it speaks no TLS, or --insecure";
    case ErrorKind::kTimeout:
      return "it does not answer in time: is it overloaded, or is a firewall in between?";
    case ErrorKind::kProtocol:
      return "does it speak HTTP on this port?";
    case ErrorKind::kAuth:
      return kCredentialsHint;
    case ErrorKind::kThrottled:
      return "it limits requests: try again later, or raise the limit for this run";
    case ErrorKind::kRedirect:
      return "name the address that it redirects to";
    case ErrorKind::kTooLarge:
      return "is this a registry?";
    case ErrorKind::kUsage:
    case ErrorKind::kAbandoned:
    case ErrorKind::kUnrecorded:
      return "check the URL";
  }
  return "check the URL";
}

/// The same registry over TLS; empty if it is spoken to over TLS already.
std::string over_tls(const std::string& base) {
  constexpr std::string_view kPlain = "http://";
  return base.starts_with(kPlain) ? "https://" + base.substr(kPlain.size()) : "";
}

Unjudgeable unreachable(const http::Error& error, const std::string& base) {
  if (error.kind == http::ErrorKind::kProtocol && error.spoke_http) {
    return {
        fmt::format("{}; its HTTP is broken: see the transcript, and what stands before the registry", error.message)};
  }
  const std::string secure = over_tls(base);
  if (error.kind == http::ErrorKind::kProtocol && !secure.empty()) {
    return {fmt::format("{}; {} If it speaks TLS, try {}", error.message, hint(error.kind), secure)};
  }
  return {fmt::format("{}; {}", error.message, hint(error.kind))};
}

/// Go's, nginx' and Apache's servers answer 400 to plain HTTP on their TLS port, in words of their own.
bool wants_tls(const http::Response& response) {
  if (response.status != 400) return false;
  std::string body = response.body.substr(0, 2000);
  std::ranges::transform(body, body.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return body.find("https") != std::string::npos || body.find("ssl-enabled") != std::string::npos;
}

// Answers that say "not you" or "not here", as opposed to a registry that tries and fails.
bool refuses_writing(int status) {
  return status == 401 || status == 403 || status == 404 || status == 405;
}

}  // namespace

tl::expected<void, Unjudgeable> Prober::knock() {
  const Result result = registry_.ping();
  if (!result) return tl::unexpected(unreachable(result.error(), registry_.base()));
  if (result->status == 200) return {};
  const std::string what = fmt::format("{}/v2/ answered {}", registry_.base(), result->status);
  if (result->status == 401 || result->status == 403) {
    return tl::unexpected(Unjudgeable{fmt::format("credentials were refused: {}; {}", what, kCredentialsHint)});
  }
  if (const auto secure = over_tls(registry_.base()); !secure.empty() && wants_tls(*result)) {
    return tl::unexpected(Unjudgeable{fmt::format("{}: it speaks TLS on this port; try {}", what, secure)});
  }
  return tl::unexpected(
      Unjudgeable{fmt::format("{} where a registry answers 200; is this the registry's address?", what)});
}

tl::expected<bool, Unjudgeable> Prober::writing(Answer step) {
  if (!step.result) return tl::unexpected(unreachable(step.result.error(), registry_.base()));
  if (refuses_writing(step.status())) {
    return tl::unexpected(Unjudgeable{fmt::format(
        "{} may not be written: {}; use credentials that may push ({}), or a repository that you may write ({})",
        options_.repository, step.text, kCredentialsHint, place_)});
  }
  image_answer_ = std::move(step);
  return image_answer_.succeeded();
}

Answer Prober::open_upload() {
  Answer started = answer(fmt::format("POST /v2/{}/blobs/uploads/", options_.repository),
                          registry_.start_upload(options_.repository));
  cancel(started);
  return started;
}

tl::expected<bool, Unjudgeable> Prober::push_image() {
  auto step = writing(open_upload());
  for (const oci::Content& blob : image_.blobs) {
    if (step && *step) step = writing(push(options_.repository, blob));
  }
  if (step && *step) step = writing(put(tag(""), image_.manifest));
  return step;
}

tl::expected<void, Unjudgeable> Prober::may_write() {
  place_ = "--namespace";
  if (auto answered = knock(); !answered) return answered;
  if (const auto opened = writing(open_upload()); !opened) return tl::unexpected(opened.error());
  return {};
}

tl::expected<Capabilities, Unjudgeable> Prober::run() {
  if (auto answered = knock(); !answered) return tl::unexpected(answered.error());
  const auto pushed = push_image();
  if (!pushed) return tl::unexpected(pushed.error());
  if (*pushed) {
    ask_about_uploads();
    ask_about_mounts();
    ask_about_blobs();
    ask_about_tags();
    ask_about_manifests();
    ask_about_referrers();
    ask_about_deletes();
    ask_about_proposals();
  } else {
    for (const Capability capability : all_capabilities()) not_asked(capability, image_answer_);
    for (const Capability capability : options_.proposals) not_asked(capability, image_answer_);
  }
  record(Capability::kFreshRepositories, options_.fresh_repositories, {&image_answer_},
         options_.fresh_repositories ? "in a new repository" : "in the repository that was named");
  return found_;
}

tl::expected<void, Unjudgeable> may_write(Registry& registry, const std::string& repository) {
  ProbeOptions options;
  options.repository = repository;
  return Prober(registry, options).may_write();
}

tl::expected<Capabilities, Unjudgeable> probe(Registry& registry, const ProbeOptions& options) {
  return Prober(registry, options).run();
}

}  // namespace referee::distribution
