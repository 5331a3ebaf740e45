#include "recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "encoding.hpp"
#include "referee/oci/digest.hpp"

namespace referee::http {
namespace {

Headers redacted(const Headers& headers, const Redactor& redactor) {
  Headers clean;
  for (const auto& [name, value] : headers) clean.add(to_utf8(name), to_utf8(redactor.header(name, value)));
  return clean;
}

std::string describe_binary(std::string_view body, std::string_view visible) {
  constexpr std::size_t kShown = 32;
  return fmt::format("<{} bytes, binary, {}, begins {}>", body.size(), oci::Digest::of(body).str(),
                     hex(visible.substr(0, kShown)));
}

std::string excerpt(std::string_view body, const Redactor& redactor) {
  // Redact before the cut, or the cut would hide half a secret from the search.
  const auto window = body.substr(0, Exchange::kBodyExcerpt + redactor.longest());
  const std::string clean = redactor.text(window);
  const bool text = valid_utf8(clean, window.size() < body.size()) && clean.find('\0') == std::string::npos;
  return text ? std::string(utf8_prefix(clean, Exchange::kBodyExcerpt)) : describe_binary(body, clean);
}

std::string excerpt_of(std::string_view body, Purpose purpose, const Redactor& redactor) {
  if (body.empty()) return "";
  return purpose == Purpose::kToken ? std::string(Redactor::kMark) : excerpt(body, redactor);
}

}  // namespace

std::size_t Recorder::record(const WireRequest& request, const WireResult& result, Purpose purpose) {
  Exchange exchange;
  exchange.purpose = purpose;
  exchange.method = request.method;
  if (sink_) {
    exchange.url = to_utf8(redactor_.text(request.url));
    exchange.request_headers = redacted(result.request_headers, redactor_);
    exchange.request_body = excerpt_of(request.body, purpose, redactor_);
    exchange.request_size = request.body.size();
    exchange.request_bytes = result.request_bytes;
    exchange.status = result.response.status;
    exchange.version = result.response.version;
    exchange.response_headers = redacted(result.response.headers, redactor_);
    exchange.response_body = excerpt_of(result.response.body, purpose, redactor_);
    exchange.response_bytes = result.response.body_bytes;
    if (result.error) exchange.error = to_utf8(redactor_.text(result.error->message));
    exchange.started = result.started;
    exchange.connect_seconds = result.connect_seconds;
    exchange.first_byte_seconds = result.first_byte_seconds;
    exchange.total_seconds = result.total_seconds;
  }
  const std::lock_guard lock(mutex_);
  exchange.number = count_++;
  if (sink_) sink_(exchange);
  return exchange.number;
}

std::size_t Recorder::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace referee::http
