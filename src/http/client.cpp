#include <fmt/format.h>

#include <utility>

#include "client_impl.hpp"
#include "origin.hpp"
#include "redirect.hpp"
#include "request_check.hpp"
#include "throttle.hpp"

namespace referee::http {

using std::chrono::steady_clock;

Spent& spent_by_thread() {
  static thread_local Spent spent;
  return spent;
}

std::optional<Error> Client::Impl::too_late() {
  const auto end = limit();
  if (end && steady_clock::now() >= *end) {
    return Error{ErrorKind::kTimeout, "the deadline of the check has passed: nothing was sent"};
  }
  if (cancelled()) return Error{ErrorKind::kTimeout, "cancelled: nothing was sent"};
  return std::nullopt;
}

Result Client::Impl::exchange(WireRequest& request, Purpose purpose) {
  request.deadline = limit();
  if (auto late = too_late()) return tl::unexpected(std::move(*late));
  for (bool fresh = false;; fresh = true) {
    WireResult result = wire.perform(request, fresh);
    if (result.error) result.error->message = redactor.text(result.error->message);
    result.response.exchange = recorder.record(request, result, purpose);
    ++spent_by_thread().exchanges;
    spent_by_thread().status = result.response.status;
    if (!result.error) return std::move(result.response);
    // A kept connection may close just as it is used again. RFC 9110, 9.2.2: what is not safe is not sent again, since
    // nobody knows whether it was carried out.
    if (!result.lost || fresh || !is_safe(request.method)) return tl::unexpected(std::move(*result.error));
    if (purpose != Purpose::kToken) purpose = Purpose::kRetry;
  }
}

void Client::Impl::pause(std::chrono::milliseconds delay) {
  ++waits;
  constexpr std::chrono::milliseconds kSlice{100};
  for (; options.cancelled && delay > kSlice; delay -= kSlice) {
    if (cancelled()) return;
    clock.sleep(kSlice);
  }
  clock.sleep(delay);
}

std::optional<Error> Client::Impl::wait_out(const Response& refused, const std::string& host, Budget& budget) {
  const auto delay = retry_delay(refused, budget.retries, clock);
  if (budget.retries >= options.max_retries || delay > options.max_retry_after) {
    return Error{ErrorKind::kThrottled, fmt::format("{} answered {} after {} retries, the next one allowed in {} ms",
                                                    host, refused.status, budget.retries, delay.count())};
  }
  const auto end = limit();
  if (end && steady_clock::now() + delay >= *end) {
    return Error{
        ErrorKind::kTimeout,
        fmt::format("{} answered {} and the deadline of the check comes before the next retry", host, refused.status)};
  }
  pause(delay);
  ++budget.retries;
  return std::nullopt;
}

Result Client::Impl::patient(WireRequest& request, Purpose purpose, Budget& budget) {
  while (true) {
    Result result = exchange(request, purpose);
    if (!result || !budget.retry || !throttled(*result)) return result;
    if (auto error = wait_out(*result, authority(request.url), budget)) return tl::unexpected(std::move(*error));
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

WireRequest Client::Impl::on_wire(const Request& request) const {
  const auto most = request.max_body.value_or(options.max_body_bytes);
  return {request.method,
          request.url,
          request.headers,
          request.body,
          request.has_body || !request.body.empty(),
          request.chunked,
          request.claimed_length,
          request.into ? options.max_body_bytes : most,
          std::nullopt,
          request.more_time,
          request.into,
          most,
          request.room};
}

Result Client::Impl::played(const Request& request) {
  const auto question = question_of(request, redactor);
  auto found = options.replay->play(question, request.body);
  if (!found) return tl::unexpected(Error{ErrorKind::kUnrecorded, found.error()});
  const auto number = record_played(recorder, request, *found);
  auto result = result_of(std::move(*found), request);
  if (result) result->exchange = number;
  return result;
}

Result Client::Impl::taped(const Request& request) {
  if (!on_tape(request)) return send(request, Purpose::kRequest);
  if (options.replay) return played(request);
  Request observed = request;
  Take take(*options.record, redactor, observed);
  const auto before = spent_by_thread().exchanges;
  spent_by_thread().status = 0;
  auto result = send(observed, Purpose::kRequest);
  take.answered(result, spent_by_thread().exchanges - before, spent_by_thread().status);
  return result;
}

Result Client::Impl::send(const Request& request, Purpose purpose, int retries) {
  if (auto wrong = check_request(request)) return tl::unexpected(std::move(*wrong));
  auto wire_request = on_wire(request);
  // A caller's own Authorization stands alone; credentials never follow a redirect to another origin.
  const auto first = parse_origin(request.url).value_or(Origin{});
  const Origin* trusted = request.authenticate && !request.headers.has("Authorization") ? &first : nullptr;
  Budget budget{request.retry, retries};
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
  return request.room != nullptr ? impl_->flown(request) : impl_->taped(request);
}

void Client::leave_out(std::string_view authority) {
  const std::lock_guard lock(impl_->left_out_mutex);
  impl_->left_out.emplace(authority);
}

void Client::fly(std::size_t most, const std::function<std::optional<Flight>()>& next) {
  impl_->fly(most, next);
}

std::optional<std::string> Client::authorization(const Request& request) {
  const auto origin = parse_origin(request.url);
  if (!origin || !request.authenticate) return std::nullopt;
  return impl_->authenticator.known(*origin, request.scopes);
}

void Client::set_deadline(std::optional<steady_clock::time_point> deadline) {
  const std::lock_guard lock(impl_->deadline_mutex);
  impl_->deadline = deadline;
}

std::size_t Client::waits() const {
  return impl_->waits;
}

std::size_t Client::exchanges() const {
  return impl_->recorder.count();
}

}  // namespace referee::http
