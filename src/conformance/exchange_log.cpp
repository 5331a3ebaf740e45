#include "exchange_log.hpp"

#include <iterator>
#include <string>
#include <utility>

#include "text.hpp"

namespace referee::conformance {
namespace {

constexpr std::size_t kMaxPinned = 50;
constexpr std::size_t kMaxHeaders = 60;
constexpr std::size_t kMaxHeaderValue = 2048;

/// Evidence needs no ten thousand headers.
http::Headers bounded(const http::Headers& headers) {
  http::Headers kept;
  std::size_t count = 0;
  for (const auto& [name, value] : headers) {
    if (count++ == kMaxHeaders) {
      kept.add("...", std::to_string(headers.size() - kMaxHeaders) + " more");
      break;
    }
    kept.add(printable(name), printable(value, kMaxHeaderValue));
  }
  return kept;
}

}  // namespace

void ExchangeLog::begin(std::size_t base) {
  const std::lock_guard lock(mutex_);
  base_ = base;
  requests_ = 0;
  kept_.clear();
  pinned_.clear();
}

void ExchangeLog::add(http::Exchange exchange) {
  const std::lock_guard lock(mutex_);
  if (exchange.purpose == http::Purpose::kRequest) ++requests_;
  if (exchange.number < base_) return;
  exchange.number -= base_;
  exchange.request_headers = keep_ ? bounded(exchange.request_headers) : http::Headers();
  exchange.response_headers = keep_ ? bounded(exchange.response_headers) : http::Headers();
  if (!keep_) {
    exchange.request_body.clear();
    exchange.response_body.clear();
  }
  kept_.insert_or_assign(exchange.number, std::move(exchange));
  if (kept_.size() <= kFirst + kLast + pinned_.size()) return;
  for (auto oldest = kept_.lower_bound(kFirst); oldest != kept_.end(); ++oldest) {
    if (pinned_.contains(oldest->first)) continue;
    kept_.erase(oldest);
    return;
  }
}

std::optional<std::size_t> ExchangeLog::pin(std::optional<std::size_t> number) {
  const std::lock_guard lock(mutex_);
  if (kept_.empty()) return std::nullopt;
  const std::size_t local = !number ? kept_.rbegin()->first : *number - base_;
  if (!kept_.contains(local)) return std::nullopt;
  if (local >= kFirst && pinned_.size() < kMaxPinned) pinned_.insert(local);
  return local;
}

std::optional<http::Exchange> ExchangeLog::find(std::optional<std::size_t> number) const {
  const std::lock_guard lock(mutex_);
  if (!number) return std::nullopt;
  const auto found = kept_.find(*number);
  return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t ExchangeLog::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<http::Exchange> ExchangeLog::kept() const {
  const std::lock_guard lock(mutex_);
  std::vector<http::Exchange> exchanges;
  if (!keep_) return exchanges;
  exchanges.reserve(kept_.size());
  for (const auto& [number, exchange] : kept_) exchanges.push_back(exchange);
  return exchanges;
}

}  // namespace referee::conformance
