#include "referee/http/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "authenticator.hpp"
#include "origin.hpp"
#include "recorder.hpp"
#include "redactor.hpp"
#include "redirect.hpp"
#include "referee/http/url.hpp"
#include "request_check.hpp"
#include "throttle.hpp"
#include "wire.hpp"

namespace referee::http {

using std::chrono::steady_clock;

struct Client::Impl {
  /// What one call of send() may still spend.
  struct Budget {
    bool retry = true;
    int retries = 0;
  };

  explicit Impl(ClientOptions given)
      : options(std::move(given)),
        clock(options.clock ? *options.clock : system_clock()),
        recorder(options.sink, redactor),
        authenticator(options.credentials, clock, redactor),
        wire(options) {}

  Result send(const Request& request);
  Result authenticated(WireRequest& request, const Request& original, const Origin* origin, Purpose purpose,
                       Budget& budget);
  Result patient(WireRequest& request, Purpose purpose, Budget& budget);
  Result exchange(WireRequest& request, Purpose purpose);
  void pause(std::chrono::milliseconds delay);
  Result token(WireRequest request);

  [[nodiscard]] bool cancelled() const { return options.cancelled && options.cancelled(); }

  std::optional<steady_clock::time_point> limit() {
    const std::lock_guard lock(deadline_mutex);
    return deadline;
  }

  ClientOptions options;
  Clock& clock;
  Redactor redactor;
  Recorder recorder;
  Authenticator authenticator;
  Wire wire;
  std::mutex deadline_mutex;
  std::optional<steady_clock::time_point> deadline;
};

Result Client::Impl::exchange(WireRequest& request, Purpose purpose) {
  request.deadline = limit();
  if (request.deadline && steady_clock::now() >= *request.deadline) {
    return tl::unexpected(Error{ErrorKind::kTimeout, "the deadline of the check has passed: nothing was sent"});
  }
  if (cancelled()) return tl::unexpected(Error{ErrorKind::kTimeout, "cancelled: nothing was sent"});
  WireResult result = wire.perform(request);
  if (result.error) result.error->message = redactor.text(result.error->message);
  result.response.exchange = recorder.record(request, result, purpose);
  if (result.error) return tl::unexpected(std::move(*result.error));
  return std::move(result.response);
}

void Client::Impl::pause(std::chrono::milliseconds delay) {
  constexpr std::chrono::milliseconds kSlice{100};
  for (; options.cancelled && delay > kSlice; delay -= kSlice) {
    if (cancelled()) return;
    clock.sleep(kSlice);
  }
  clock.sleep(delay);
}

Result Client::Impl::patient(WireRequest& request, Purpose purpose, Budget& budget) {
  while (true) {
    Result result = exchange(request, purpose);
    if (!result || !budget.retry || !throttled(*result)) return result;
    const auto host = authority(request.url);
    const auto delay = retry_delay(*result, budget.retries, clock);
    if (budget.retries >= options.max_retries || delay > options.max_retry_after) {
      return tl::unexpected(
          Error{ErrorKind::kThrottled, fmt::format("{} answered {} after {} retries, the next one allowed in {} ms",
                                                   host, result->status, budget.retries, delay.count())});
    }
    const auto end = limit();
    if (end && steady_clock::now() + delay >= *end) {
      return tl::unexpected(Error{ErrorKind::kTimeout, fmt::format("{} answered {} and the deadline of the check comes "
                                                                   "before the next retry",
                                                                   host, result->status)});
    }
    pause(delay);
    ++budget.retries;
    if (purpose != Purpose::kToken) purpose = Purpose::kRetry;
  }
}

Result Client::Impl::token(WireRequest request) {
  Budget budget;
  for (int redirects = 0;; ++redirects) {
    Result result = patient(request, Purpose::kToken, budget);
    // A POST carries the refresh token in its body: that goes nowhere else.
    if (!result || !is_redirect(*result) || request.method != "GET") return result;
    if (redirects >= options.max_redirects) {
      return tl::unexpected(Error{ErrorKind::kRedirect, "the token server redirects too often"});
    }
    auto next = follow(request, *result);
    if (!next) return tl::unexpected(next.error());
    request = std::move(*next);
  }
}

Result Client::Impl::authenticated(WireRequest& request, const Request& original, const Origin* origin, Purpose purpose,
                                   Budget& budget) {
  if (origin == nullptr) return patient(request, purpose, budget);
  std::string sent = authenticator.known(*origin, original.scopes).value_or("");
  if (!sent.empty()) request.headers.set("Authorization", sent);
  bool final = false;
  // At most: a cached token, another cached token that the challenge asks for, a fresh one.
  for (int attempt = 0;; ++attempt) {
    constexpr int kLast = 3;
    Result result = patient(request, purpose, budget);
    if (!result || result->status != 401 || final || attempt >= kLast) return result;
    const auto grant = authenticator.answer(*origin, result->headers, original.scopes, sent,
                                            [this](const WireRequest& token_request) { return token(token_request); });
    if (!grant) return tl::unexpected(grant.error());
    const auto& better = *grant;
    if (!better) return result;
    sent = better->authorization;
    final = better->fresh;
    request.headers.set("Authorization", sent);
    purpose = Purpose::kRetry;
  }
}

Result Client::Impl::send(const Request& request) {
  if (auto wrong = check_request(request)) return tl::unexpected(std::move(*wrong));
  WireRequest wire_request{request.method,
                           request.url,
                           request.headers,
                           request.body,
                           request.has_body || !request.body.empty(),
                           request.chunked,
                           request.claimed_length,
                           request.max_body.value_or(options.max_body_bytes),
                           std::nullopt};
  // A caller's own Authorization stands alone; credentials never follow a redirect to another origin.
  const auto first = parse_origin(request.url).value_or(Origin{});
  const Origin* trusted = request.authenticate && !request.headers.has("Authorization") ? &first : nullptr;
  Budget budget{request.retry, 0};
  Purpose purpose = Purpose::kRequest;
  for (int redirects = 0;; ++redirects) {
    Result result = authenticated(wire_request, request, trusted, purpose, budget);
    if (!result || !request.follow_redirects || !is_redirect(*result)) return result;
    if (redirects >= options.max_redirects) {
      return tl::unexpected(Error{ErrorKind::kRedirect, fmt::format("{} redirects more than {} times",
                                                                    first.authority(), options.max_redirects)});
    }
    auto next = follow(wire_request, *result);
    if (!next) return tl::unexpected(next.error());
    if (!first.same(parse_origin(next->url).value_or(Origin{}))) trusted = nullptr;
    wire_request = std::move(*next);
    purpose = Purpose::kRedirect;
  }
}

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Client::~Client() = default;

Result Client::send(const Request& request) {
  return impl_->send(request);
}

void Client::set_deadline(std::optional<steady_clock::time_point> deadline) {
  const std::lock_guard lock(impl_->deadline_mutex);
  impl_->deadline = deadline;
}

std::size_t Client::exchanges() const {
  return impl_->recorder.count();
}

}  // namespace referee::http
